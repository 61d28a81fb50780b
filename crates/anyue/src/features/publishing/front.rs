//! The public front page.

use askama::Template;
use axum::response::Response;

use crate::page::PublicPage;
use crate::platform::error::Result;
use crate::platform::web::{self, Frame};

/// 首页
#[derive(Debug, Template)]
#[template(path = "features/publishing/templates/front.html")]
pub struct FrontPage {
    /// Around it.
    pub frame: Frame,
}

/// `GET /`
pub async fn page(page: PublicPage) -> Result<Response> {
    web::page(&FrontPage { frame: page.frame("首页") })
}
