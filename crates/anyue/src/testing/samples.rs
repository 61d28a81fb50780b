//! Every page with invented content, for `tests/templates.rs`: a page struct without a line here fails a test.

use askama::Template;

use crate::features::{overview, publishing, workspace};
use crate::platform::web::Frame;
use crate::platform::web::errors::ErrorPage;

/// Name and rendered HTML of every page.
pub fn samples() -> Vec<(&'static str, String)> {
    vec![
        ("platform/error", html(&error_page())),
        ("publishing/front", html(&publishing::FrontPage::sample())),
        ("publishing/complaints", html(&publishing::ComplaintsPage::sample())),
        ("overview/console", html(&overview::ConsolePage::sample())),
        ("workspace/todo", html(&workspace::TodoPage::sample())),
        ("workspace/notice", html(&workspace::NoticePage::sample())),
        ("workspace/fill", html(&workspace::FillPage::sample())),
        ("workspace/handed_in", html(&workspace::HandedInPage::sample())),
        ("workspace/reports", html(&workspace::ReportsPage::sample())),
    ]
}

fn html(page: &impl Template) -> String {
    page.render().expect("a sample renders")
}

fn error_page() -> ErrorPage {
    ErrorPage {
        frame: Frame { title: "没有找到这个页面".to_owned(), site_name: "青龙山镇安全生产".to_owned(), ..Frame::default() },
        status: 404,
        heading: "没有找到这个页面".to_owned(),
        message: "地址可能写错了，或者内容已被移走。您填写过的内容不受影响。".to_owned(),
        links: vec![("回到首页", "/")],
    }
}
