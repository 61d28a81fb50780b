//! `/complaints`: how to complain about the site itself, and what happens then.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use crate::App;
use crate::page::PublicPage;
use crate::platform::error::Result;
use crate::platform::web::{self, Frame};

/// 投诉建议
#[derive(Debug, Template)]
#[template(path = "features/publishing/templates/complaints.html")]
pub struct ComplaintsPage {
    /// Around it.
    pub frame: Frame,
    /// Who runs the site; empty until it is set.
    pub sponsor: String,
}

impl ComplaintsPage {
    #[cfg(any(test, feature = "testing"))]
    /// With a sponsor.
    pub fn sample() -> Self {
        let sponsor = "某旗应急管理局".to_owned();
        Self {
            frame: Frame {
                title: "投诉建议".to_owned(),
                site_name: "青龙山镇安全生产".to_owned(),
                sponsor_unit: sponsor.clone(),
                ..Frame::default()
            },
            sponsor,
        }
    }
}

/// `GET /complaints`
pub async fn page(State(app): State<App>, page: PublicPage) -> Result<Response> {
    web::page(&ComplaintsPage { frame: page.frame("投诉建议"), sponsor: app.config.site.sponsor_unit.clone() })
}
