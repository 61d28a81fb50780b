//! The first thing about a new record: its kind. The six most used as chips, all others by search.

use askama::Template;

use super::kinds::Kind;
use super::new::Begin;
use super::store;
use crate::App;
use crate::page::Page;
use crate::platform::error::Result;
use crate::platform::ids::UnitId;
use crate::platform::text_key::text_key;
use crate::platform::web::Frame;

/// So many are offered at once.
const CHIPS: usize = 6;

/// Offered while a unit has no habits yet.
const USUAL: [&str; CHIPS] = ["study", "hazard_check", "drill", "five_in", "warning_edu", "consult_day"];

/// 选择活动种类
#[derive(Debug, Template)]
#[template(path = "features/records/templates/choose.html")]
pub struct ChoosePage {
    /// Around it.
    pub frame: Frame,
    /// Words looked for.
    pub q: String,
    /// The most used.
    pub chips: Vec<Kind>,
    /// What goes along to the form: `&unit=…&back=…`.
    pub along: String,
    /// All that fit the words.
    pub kinds: Vec<Kind>,
    /// Something was typed before and is kept.
    pub has_draft: bool,
}

impl ChoosePage {
    /// Reads what these units use.
    pub async fn read(app: &App, page: &Page, units: &[UnitId], begin: &Begin, has_draft: bool) -> Result<Self> {
        use jiff::ToSpan as _;
        let (db, town, today) = (app.db.reader(), &page.actor.jurisdiction, app.clock.today());
        let mut kinds = store::kinds::all(db, town).await?;
        kinds.retain(|kind| kind.in_use);
        let since = today.checked_sub(366.days()).unwrap_or(today);
        let mut codes = store::list::kinds_used(db, town, units, since).await?;
        codes.extend(USUAL.iter().map(|code| (*code).to_owned()));
        let mut chips: Vec<Kind> = Vec::new();
        for code in codes {
            let known = chips.iter().any(|chip| chip.code == code);
            if let Some(kind) = kinds.iter().find(|kind| kind.code == code && !known && chips.len() < CHIPS) {
                chips.push(kind.clone());
            }
        }
        let q = begin.words().to_owned();
        if !text_key(&q).is_empty() {
            kinds.retain(|kind| kind.has_words(&q));
        }
        Ok(Self { frame: page.frame("加一项活动", "records"), q, chips, along: begin.along(), kinds, has_draft })
    }

    #[cfg(any(test, feature = "testing"))]
    /// An example.
    pub fn sample() -> Self {
        let kinds = super::kinds::built_in();
        Self {
            frame: Frame::default(),
            q: "讲".to_owned(),
            chips: kinds[..6].to_vec(),
            along: String::new(),
            kinds,
            has_draft: true,
        }
    }
}
