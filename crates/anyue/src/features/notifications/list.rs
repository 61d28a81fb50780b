//! `/messages`: what the office has told one's unit.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;

use super::api::{list_for_units, mark_read};
use super::store::{self, MessageRow};
use crate::App;
use crate::page::Page;
use crate::platform::auth::Actor;
use crate::platform::error::{Error, Result};
use crate::platform::ids::UnitId;
use crate::platform::web::{self, Flash, Frame};

const ON_A_PAGE: usize = 50;

/// 消息
#[derive(Debug, Template)]
#[template(path = "features/notifications/templates/list.html")]
pub struct MessagesPage {
    /// Around it.
    pub frame: Frame,
    /// The messages, newest first.
    pub messages: Vec<MessageRow>,
    /// Only unread ones are shown.
    pub unread_only: bool,
    /// Address of the next page; empty on the last one.
    pub next: String,
    /// The names of the actor's units, when there are several.
    pub units: HashMap<String, String>,
    /// Whether the actor speaks for any unit.
    pub has_units: bool,
    /// The present.
    pub now: i64,
}

impl MessagesPage {
    /// `今天 08:30`, `6月13日 08:30`
    pub fn at(&self, message: &MessageRow) -> String {
        let (Some(at), Some(now)) = (calendar::to_local(message.created_at), calendar::to_local(self.now)) else {
            return String::new();
        };
        let time = format!("{:02}:{:02}", at.hour(), at.minute());
        if at.date() == now.date() {
            format!("今天 {time}")
        } else {
            format!("{}月{}日 {time}", at.month(), at.day())
        }
    }

    /// Sort of the message in words.
    pub fn kind(&self, message: &MessageRow) -> &'static str {
        match message.kind.as_str() {
            "dispatched" => "通知",
            "amended" => "调整",
            "reminder" => "提醒",
            "returned" => "退回",
            "accepted" => "通过",
            "extended" => "延期",
            "closed" => "结束",
            _ => "消息",
        }
    }

    /// To which of the actor's units, and from whom.
    pub fn about(&self, message: &MessageRow) -> String {
        let unit = self.units.get(&message.unit_id).cloned().unwrap_or_default();
        [self.at(message), message.sent_by_name.clone(), unit]
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join("　")
    }
}

fn own(actor: &Actor) -> Vec<UnitId> {
    actor.own_units().map(|grant| grant.unit_id.clone()).collect()
}

/// `GET /messages`
pub async fn page(
    State(app): State<App>,
    page: Page,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let unread_only = query.get("only").is_some_and(|only| only == "unread");
    let before = query.get("before").and_then(|key| key.split_once('.'));
    let before = before.and_then(|(at, id)| Some((at.parse::<i64>().ok()?, id)));
    let units = own(&page.actor);
    let town = &page.actor.jurisdiction;
    let limit = ON_A_PAGE as i64 + 1;
    let mut messages = list_for_units(app.db.reader(), town, &units, unread_only, before, limit).await?;
    let more = messages.len() > ON_A_PAGE;
    messages.truncate(ON_A_PAGE);
    let next = messages.last().filter(|_| more).map(|last| {
        let only = if unread_only { "&only=unread" } else { "" };
        format!("/messages?before={}.{}{only}", last.created_at, last.message_id)
    });
    let names = page.actor.own_units().map(|grant| (grant.unit_id.to_string(), grant.unit_name.clone()));
    web::page(&MessagesPage {
        frame: page.frame("消息", "messages"),
        messages,
        unread_only,
        next: next.unwrap_or_default(),
        units: if units.len() > 1 { names.collect() } else { HashMap::new() },
        has_units: !units.is_empty(),
        now: app.now(),
    })
}

/// `POST /messages/{id}/open`: marks it as read and goes where it leads.
pub async fn open(State(app): State<App>, page: Page, Path(id): Path<String>) -> Result<Response> {
    let units = own(&page.actor);
    let message = store::find(app.db.reader(), &page.actor.jurisdiction, &id).await?.ok_or(Error::NotFound)?;
    if !units.iter().any(|unit| unit.as_str() == message.unit_id) {
        return Err(Error::NotFound);
    }
    mark_read(&app, &page.actor, &units, Some(&id)).await?;
    // Our own addresses only, whatever was written into the row.
    let ours = message.link.starts_with('/') && !message.link.starts_with("//");
    Ok(web::see_other(if ours { &message.link } else { "/messages" }))
}

/// `POST /messages/read`: marks all as read.
pub async fn read_all(State(app): State<App>, page: Page) -> Result<Response> {
    let count = mark_read(&app, &page.actor, &own(&page.actor), None).await?;
    let said =
        if count > 0 { format!("{count}条消息已标为已读。") } else { "没有未读消息。".to_owned() };
    Ok(web::see_other_with("/messages", &Flash::success(said)))
}

#[cfg(any(test, feature = "testing"))]
impl MessagesPage {
    /// A page to look at.
    pub fn sample() -> Self {
        let message = |n: i64, kind: &str, title: &str, body: &str| MessageRow {
            message_id: n.to_string(),
            unit_id: "u1".to_owned(),
            kind: kind.to_owned(),
            title: title.to_owned(),
            body: body.to_owned(),
            link: "/work".to_owned(),
            sent_by_name: "镇平安建设办公室".to_owned(),
            created_at: 1_655_080_200_000 - n * 40_000_000,
            read_at: (n > 1).then_some(1),
        };
        Self {
            frame: Frame { title: "消息".to_owned(), ..Frame::default() },
            messages: vec![
                message(
                    0,
                    "reminder",
                    "提醒：报送反馈表和方案",
                    "“报送反馈表和方案”还没有收到。截止时间：6月20日（周一）（还有7天）。请点开本消息办理。",
                ),
                message(1, "returned", "请修改后再报：周报", "文字说明：请写明参加人数。"),
                message(2, "dispatched", "收到通知：2022年“安全生产月”活动", "请签收通知，查看本单位的任务。"),
            ],
            unread_only: false,
            next: "/messages?before=1.2".to_owned(),
            units: HashMap::new(),
            has_units: true,
            now: 1_655_080_200_000,
        }
    }
}
