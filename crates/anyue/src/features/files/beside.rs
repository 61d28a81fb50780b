//! A photo beside an earlier one that looks the same.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::sight;
use crate::App;
use crate::features::evidence::api::{self as evidence, Shown, Sight};
use crate::features::records::api as records;
use crate::page::Page;
use crate::platform::error::{Error, Result};
use crate::platform::ids::FileId;
use crate::platform::web::{self, Frame};

/// 照片对照
#[derive(Debug, Template)]
#[template(path = "features/files/templates/beside.html")]
pub struct BesidePage {
    /// Around it.
    pub frame: Frame,
    /// This photo.
    pub this: Side,
    /// The earlier one.
    pub earlier: Side,
    /// Their very bytes are the same.
    pub is_same: bool,
}

/// A photo with what it belongs to.
#[derive(Clone, Debug)]
pub struct Side {
    /// The photo.
    pub file: Shown,
    /// The unit.
    pub unit: String,
    /// The day, in words.
    pub day: String,
    /// The activity or duty.
    pub title: String,
    /// Where the office looks at it.
    pub link: String,
}

/// `GET /files/{id}/beside/{other}`: for the person who reviews the first and may see the second.
pub async fn page(State(app): State<App>, page: Page, Path((id, other)): Path<(FileId, FileId)>) -> Result<Response> {
    let (db, town) = (app.db.reader(), &page.actor.jurisdiction);
    let (this, sight_of_this) = sight::find(&app, &page.actor, &id).await?;
    let (earlier, sight_of_earlier) = sight::find(&app, &page.actor, &other).await?;
    let told = records::owners_told(&app, &page.actor, &[this.clone(), earlier.clone()]).await?;
    let is_same = this.sha256 == earlier.sha256;
    let mut sides = Vec::new();
    for (file, sight) in [(this, sight_of_this), (earlier, sight_of_earlier)] {
        let owner = told.get(&(file.owner_kind.clone(), file.owner_id.clone())).filter(|owner| owner.may_see);
        let owner = owner.cloned().ok_or(Error::NotFound)?;
        let content = evidence::content(db, town, &file.sha256).await?;
        let said = content.filter(|_| sight == Sight::Originals).map(|content| content.facts.labelled());
        let mut shown = Shown::read(db, town, vec![file], sight).await?;
        let mut file = shown.pop().ok_or(Error::NotFound)?;
        file.said = said.unwrap_or_default();
        sides.push(Side { file, unit: owner.unit, day: owner.day, title: owner.title, link: owner.link });
    }
    let earlier = sides.pop().ok_or(Error::NotFound)?;
    let this = sides.pop().ok_or(Error::NotFound)?;
    web::page(&BesidePage { frame: page.frame("照片对照", "duties"), this, earlier, is_same })
}

impl BesidePage {
    /// What is to be seen.
    pub fn words(&self) -> &'static str {
        if self.is_same { "两个文件的内容完全相同。" } else { "两张照片看起来几乎相同。" }
    }

    #[cfg(any(test, feature = "testing"))]
    /// Two photos that are nearly the same.
    pub fn sample() -> Self {
        let side = |unit: &str, day: &str| Side {
            file: Shown::samples().remove(0),
            unit: unit.to_owned(),
            day: day.to_owned(),
            title: "防汛疏散演练".to_owned(),
            link: "/records/1".to_owned(),
        };
        Self {
            frame: Frame::default(),
            this: side("东沟村", "2022年6月13日"),
            earlier: side("西沟村", "2021年6月10日"),
            is_same: false,
        }
    }
}
