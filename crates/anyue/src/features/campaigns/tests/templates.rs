//! Every template renders.

use askama::Template as _;

use crate::features::campaigns::by_hand::NewPage;
use crate::features::campaigns::close::ClosePage;
use crate::features::campaigns::confirm::ConfirmPage;
use crate::features::campaigns::import::ImportPage;
use crate::features::campaigns::list::ListPage;
use crate::features::campaigns::publish::PublishPage;
use crate::features::campaigns::receivers::ReceiversPage;
use crate::features::campaigns::show::ShowPage;

#[test]
fn every_page_renders_without_inline_scripts_and_styles() {
    let pages = [
        NewPage::sample().render(),
        ClosePage::sample().render(),
        ConfirmPage::sample().render(),
        ImportPage::sample().render(),
        ListPage::sample().render(),
        PublishPage::sample().render(),
        ReceiversPage::sample().render(),
        ShowPage::sample().render(),
    ];
    for page in pages {
        let html = page.expect("a page");
        assert!(!html.contains("style=\""), "an inline style");
        assert!(!html.contains(" onclick"), "an inline handler");
    }
}
