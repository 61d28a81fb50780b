//! `/work/offline`: writing records and reports down without network. The page is the same for everybody; what it
//! shows comes from the phone's own store.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use crate::App;
use crate::features::records::api::{PeopleGroup, Target};
use crate::platform::error::Result;
use crate::platform::web::{self, Frame};

/// 离线报送
#[derive(Debug, Template)]
#[template(path = "features/offline/templates/offline.html")]
pub struct OfflinePage {
    /// Around it; nobody is in it.
    pub frame: Frame,
}

impl OfflinePage {
    /// Groups of people: field and label.
    pub fn groups(&self) -> Vec<(String, &'static str)> {
        PeopleGroup::ALL.iter().map(|group| (format!("p_{}", group.code()), group.label())).collect()
    }

    /// Targets of visits.
    pub fn targets(&self) -> Vec<(&'static str, &'static str)> {
        Target::ALL.iter().map(|target| (target.code(), target.label())).collect()
    }

    #[cfg(any(test, feature = "testing"))]
    /// As every phone gets it.
    pub fn sample() -> Self {
        Self { frame: Frame { title: TITLE.to_owned(), active: "work", ..Frame::default() } }
    }
}

const TITLE: &str = "离线报送";

/// The page without anybody and without a date: it is kept for as long as the program stays the same.
pub fn shell(app: &App) -> OfflinePage {
    let site = &app.config.site;
    OfflinePage {
        frame: Frame {
            title: TITLE.to_owned(),
            site_name: site.name.clone(),
            sponsor_unit: site.sponsor_unit.clone(),
            filing_no: site.filing_no.clone(),
            active: "work",
            ..Frame::default()
        },
    }
}

/// `GET /work/offline`
pub async fn page(State(app): State<App>) -> Result<Response> {
    web::page(&shell(&app))
}
