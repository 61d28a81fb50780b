//! The devices one is signed in on. Nobody but their owner sees this page's content.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse as _, Response};

use super::super::{store, words};
use super::dress;
use crate::App;
use crate::page::Page;
use crate::platform::audit::Event;
use crate::platform::auth::{self, Via};
use crate::platform::error::{Error, Result};
use crate::platform::web::{self, Flash};

/// 登录的设备
#[derive(Debug, Template)]
#[template(path = "features/accounts/templates/sessions.html")]
pub struct SessionsBody {
    /// One line for each device.
    pub devices: Vec<Device>,
}

/// A device one is signed in on.
#[derive(Debug)]
pub struct Device {
    /// Id of the session.
    pub id: String,
    /// In a few words.
    pub label: String,
    /// Since when, in words.
    pub since: String,
    /// Last noted use, in words.
    pub seen: String,
    /// The one in one's hand.
    pub this: bool,
}

impl SessionsBody {
    /// Which page of one's own account is open.
    pub fn tab(&self) -> &'static str {
        "sessions"
    }

    /// Whether there are others than the one in one's hand.
    pub fn others(&self) -> bool {
        self.devices.iter().any(|device| !device.this)
    }
}

#[cfg(any(test, feature = "testing"))]
impl SessionsBody {
    /// For the template test.
    pub fn sample() -> Self {
        let device = |id: &str, label: &str, this| Device {
            id: id.to_owned(),
            label: label.to_owned(),
            since: "6月13日（周一）08:30".to_owned(),
            seen: "6月13日（周一）08:30".to_owned(),
            this,
        };
        Self {
            devices: vec![device("1", "安卓手机　微信", true), device("2", "Windows电脑　Edge浏览器", false)]
        }
    }
}

/// `GET /me/sessions`
pub async fn page(State(app): State<App>, page: Page) -> Result<Response> {
    let now = app.now();
    let actor = &page.actor;
    let sessions = store::sessions::open(app.db.reader(), &actor.jurisdiction, &actor.account_id, now).await?;
    let this = match &actor.via {
        Via::Session(id) => id.as_str(),
        _ => "",
    };
    let devices = sessions
        .into_iter()
        .map(|session| Device {
            this: session.session_id == this,
            id: session.session_id,
            label: session.device,
            since: words::moment(session.created_at, now),
            seen: words::moment(session.last_seen_at, now),
        })
        .collect();
    let frame = page.frame("登录的设备", "me");
    let body = SessionsBody { devices };
    Ok(Html(dress(&page, &body, frame)?).into_response())
}

/// `POST /me/sessions/{id}/end`
pub async fn end(State(app): State<App>, page: Page, Path(id): Path<String>) -> Result<Response> {
    let actor = &page.actor;
    let tx = app.db.begin(&actor.jurisdiction).await?;
    if !auth::end_session(&tx, &actor.account_id, &id, app.now()).await? {
        return Err(Error::NotFound);
    }
    tx.commit(Event::new(actor, "session.ended", "account", &actor.account_id, "退出自己在一台设备上的登录")).await?;
    Ok(web::see_other_with("/me/sessions", &Flash::success("那台设备上的登录已退出。")))
}

/// `POST /me/sessions/end-others`
pub async fn end_others(State(app): State<App>, page: Page) -> Result<Response> {
    let actor = &page.actor;
    let Via::Session(this) = &actor.via else { return Err(Error::SignInRequired) };
    let tx = app.db.begin(&actor.jurisdiction).await?;
    let ended = store::sessions::end_all(&tx, &actor.account_id, Some(this), app.now()).await?;
    tx.commit(Event::new(actor, "session.ended", "account", &actor.account_id, "退出自己在其他设备上的登录")).await?;
    Ok(web::see_other_with("/me/sessions", &Flash::success(format!("已退出其他{ended}台设备上的登录。"))))
}
