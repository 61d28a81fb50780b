//! What a handler of a page asks for: who is there, and the frame around the page.
//!
//! ```ignore
//! async fn list(State(app): State<App>, page: Page) -> Result<Response> {
//!     let frame = page.frame("单位", "units");
//! ```
//! [`Page`] needs somebody signed in; [`PublicPage`] does not.

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum_extra::extract::cookie::CookieJar;

use crate::App;
use crate::features::notifications;
use crate::platform::auth::{Actor, Permission, Role};
use crate::platform::clock::Clock;
use crate::platform::error::{Error, Result};
use crate::platform::web::guards::Current;
use crate::platform::web::{Flash, Frame, FrameUser};

/// A request to a page by somebody signed in.
pub struct Page {
    /// Who.
    pub actor: Actor,
    base: Frame,
}

impl Page {
    /// The frame of the page with this title, under this navigation entry.
    pub fn frame(&self, title: impl Into<String>, active: &'static str) -> Frame {
        Frame { title: title.into(), active, ..self.base.clone() }
    }
}

/// A request to a page by anybody.
pub struct PublicPage {
    /// Who, if signed in.
    pub actor: Option<Actor>,
    base: Frame,
}

impl PublicPage {
    /// The frame of the page with this title.
    pub fn frame(&self, title: impl Into<String>) -> Frame {
        Frame { title: title.into(), ..self.base.clone() }
    }
}

impl FromRequestParts<App> for Page {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let page = PublicPage::from_request_parts(parts, app).await?;
        Ok(Self { actor: page.actor.ok_or(Error::SignInRequired)?, base: page.base })
    }
}

impl FromRequestParts<App> for PublicPage {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let actor = parts.extensions.get::<Current>().and_then(|current| current.0.clone());
        let mut base = app.plain_frame("", &parts.headers);
        base.flash = Flash::take(&parts.headers);
        if let Some(actor) = &actor {
            base.unread = notifications::api::unread(app, actor).await?;
            base.user = Some(frame_user(actor));
        }
        Ok(Self { actor, base })
    }
}

/// The actor of a request to the JSON interface.
impl FromRequestParts<App> for Actor {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self> {
        parts.extensions.get::<Current>().and_then(|current| current.0.clone()).ok_or(Error::SignInRequired)
    }
}

fn frame_user(actor: &Actor) -> FrameUser {
    let mut roles: Vec<&str> = Vec::new();
    for grant in &actor.grants {
        if !roles.contains(&grant.role.label()) {
            roles.push(grant.role.label());
        }
    }
    FrameUser {
        name: actor.name.clone(),
        unit_name: actor.home().map(|grant| grant.unit_name.clone()).unwrap_or_default(),
        role_label: roles.join("、"),
        can_office: actor.can(Permission::CampaignView),
        can_records: actor.can(Permission::RecordView),
        can_statistics: actor.can(Permission::StatisticsView),
        can_documents: actor.can(Permission::DocumentView),
        can_accounts: actor.can(Permission::AccountView),
        can_admin: actor.can(Permission::SettingsEdit),
        can_audit: actor.can(Permission::AuditView),
        can_retention: actor.can(Permission::RetentionView),
        is_liaison: actor.grants.iter().any(|grant| grant.role == Role::Liaison),
    }
}

/// Whether large type was asked for (cookie, set by the page's own button).
pub fn large_type(headers: &HeaderMap) -> bool {
    CookieJar::from_headers(headers).get("large_type").is_some_and(|cookie| cookie.value() == "1")
}

/// `2022年6月13日（周一）`
pub fn today_in_words(clock: &Clock) -> String {
    let today = clock.today();
    format!("{}年{}月{}日（{}）", today.year(), today.month(), today.day(), calendar::weekday_name(today.weekday()))
}

/// The clock's time in words when it is not the computer's.
pub fn shifted_clock_in_words(clock: &Clock) -> Option<String> {
    let now = clock.is_shifted().then(|| clock.local_now())?;
    Some(format!("演示时间 {}月{}日 {:02}:{:02}", now.month(), now.day(), now.hour(), now.minute()))
}
