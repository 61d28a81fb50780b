//! Every page with invented content, for `tests/templates.rs`: each area has a `samples` file that lists its own.

use askama::Template;

use crate::features::{
    accounts, archive, boards, campaigns, documents, files, notifications, offline, overview, publishing, receipts,
    records, retention, statistics, units, workspace,
};
use crate::platform::web::Frame;
use crate::platform::web::errors::ErrorPage;

/// Name and rendered HTML of every page, and of every part that is sent by itself.
pub fn samples() -> Vec<(&'static str, String)> {
    let mut all = vec![("platform/error", html(&error_page()))];
    all.extend(publishing::samples::all());
    all.extend(receipts::samples::all());
    all.extend(accounts::samples::all());
    all.extend(overview::samples::all());
    all.extend(units::samples::all());
    all.extend(campaigns::samples::all());
    all.extend(archive::samples::all());
    all.extend(boards::samples::all());
    all.extend(records::samples::all());
    all.extend(files::samples::all());
    all.extend(statistics::samples::all());
    all.extend(documents::samples::all());
    all.extend(retention::samples::all());
    all.extend(workspace::samples::all());
    all.extend(offline::samples::all());
    all.extend(notifications::samples::all());
    all
}

/// A page as HTML.
pub fn html(page: &impl Template) -> String {
    page.render().expect("a sample renders")
}

fn error_page() -> ErrorPage {
    ErrorPage {
        frame: Frame {
            title: "没有找到这个页面".to_owned(),
            site_name: "青龙山镇安全生产".to_owned(),
            ..Frame::default()
        },
        status: 404,
        heading: "没有找到这个页面".to_owned(),
        message: "地址可能写错了，或者内容已被移走。您填写过的内容不受影响。".to_owned(),
        links: vec![("回到首页", "/")],
    }
}
