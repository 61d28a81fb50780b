//! 发文登记簿: every number an office ever gave, void ones with their reason.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::model::number_in_words;
use super::store;
use crate::App;
use crate::features::records::api as records;
use crate::page::Page;
use crate::platform::auth::Permission;
use crate::platform::error::Result;
use crate::platform::web::{self, Frame};

/// 发文登记簿
#[derive(Debug, Template)]
#[template(path = "features/documents/templates/numbers.html")]
pub struct NumbersPage {
    /// Around it.
    pub frame: Frame,
    /// The office.
    pub unit: String,
    /// Its numbers, the newest first.
    pub rows: Vec<NumberRow>,
}

/// A number in the register.
#[derive(Clone, Debug)]
pub struct NumberRow {
    /// As printed.
    pub number: String,
    /// Title of the document.
    pub title: String,
    /// Id of the document.
    pub id: String,
    /// Who gave it and when.
    pub given: String,
    /// Why it is void; empty while it stands.
    pub void_reason: String,
}

/// `GET /documents/numbers`
pub async fn page(State(app): State<App>, page: Page) -> Result<Response> {
    let (db, town, now) = (app.db.reader(), &page.actor.jurisdiction, app.clock.local_now());
    let mut rows = Vec::new();
    let own = page.actor.grants.iter().find(|grant| grant.role.allows(Permission::DocumentView));
    if let Some(own) = own {
        for one in store::numbers(db, town, &own.unit_id).await? {
            rows.push(NumberRow {
                number: number_in_words(&one.word, one.year, one.serial),
                title: one.title,
                id: one.document_id,
                given: format!("{}　{}", one.given_by_name, records::moment(one.given_at, now)),
                void_reason: one.void_reason,
            });
        }
    }
    let unit = own.map(|own| own.unit_name.clone()).unwrap_or_default();
    web::page(&NumbersPage { frame: page.frame("发文登记簿", "documents"), unit, rows })
}

#[cfg(any(test, feature = "testing"))]
impl NumbersPage {
    /// An example.
    pub fn sample() -> Self {
        let row = |number: &str, void_reason: &str| NumberRow {
            number: number.to_owned(),
            title: "关于开展检查的通知".to_owned(),
            id: "1".to_owned(),
            given: "萨仁　6月16日 10:00".to_owned(),
            void_reason: void_reason.to_owned(),
        };
        Self {
            frame: Frame::default(),
            unit: "测试镇".to_owned(),
            rows: vec![row("测政发〔2022〕122号", ""), row("测政发〔2022〕121号", "内容有误")],
        }
    }
}
