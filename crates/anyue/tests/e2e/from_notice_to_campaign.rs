//! J1: the clerk uploads the notice, sees what was understood beside the document, corrects two things, chooses
//! the receivers, sees the burden and publishes.

use super::browser::{Browser, Screen};
use super::site::Site;

const NOTICE: &str = include_str!("../../../notice/fixtures/founding.txt");

async fn journey(screen: Screen) {
    let site = Site::start();
    let browser = Browser::open(screen).await;
    browser.go(&site.url).await;
    browser.check_manners(&site).await;
    browser.picture("front").await;
    browser.sign_in(&site, site.account("office")).await;

    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("通知 “最终版”(2).txt");
    std::fs::write(&file, NOTICE).expect("a file");
    browser.go(&format!("{}/campaigns/import", site.url)).await;
    browser.check_manners(&site).await;
    browser.choose_file("file", &file).await;
    browser.press("读取通知").await;

    browser.find("#claims").await;
    browser.expect("开展“安全生产月”启动日活动").await;
    browser.check_manners(&site).await;
    browser.picture("confirm").await;
    let page = browser.run("return document.documentElement.outerHTML").await;
    let text = page.as_str().unwrap_or_default();
    for words in ["遵守安全生产法 当好第一责任人", "王某某", "附件1"] {
        assert!(text.contains(words), "“{words}” is missing");
    }
    assert_eq!(browser.count("#activities .claim:not(.claim-add)").await, 10);

    // Two corrections: this year's theme, and a date.
    browser.press_path("//button[starts-with(normalize-space(.), '改为')]").await;
    browser.expect_value("theme", "遵守安全生产法 当好第一责任人").await;
    browser.fill("contact", "镇平安建设办公室 0475-0000000").await;
    browser.run("document.activeElement.blur()").await;
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    let confirm = browser.address().await;
    browser.go(&confirm).await;
    browser.expect_value("contact", "镇平安建设办公室 0475-0000000").await;
    browser.expect_value("theme", "遵守安全生产法 当好第一责任人").await;

    browser.expect("分钟").await;
    browser.press_path("//*[(self::a or self::button) and starts-with(normalize-space(.), '发布')]").await;
    browser.check_manners(&site).await;
    browser.picture("publish").await;
    browser.press_path("//main//button[starts-with(normalize-space(.), '发布')] | //*[contains(@class,'action-bar')]//button[starts-with(normalize-space(.), '发布')]").await;
    browser.press_path("//dialog//button[normalize-space(.)='发布']").await;
    browser.expect("已发布").await;
    browser.check_manners(&site).await;
    browser.picture("campaign").await;

    browser.go(&format!("{}/campaigns", site.url)).await;
    browser.expect("青龙山镇").await;
    browser.check_manners(&site).await;
    browser.picture("campaigns").await;
    browser.go(&format!("{}/duties", site.url)).await;
    browser.check_manners(&site).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clerk_turns_a_notice_into_a_campaign_on_a_desktop() {
    journey(Screen::Desktop).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clerk_turns_a_notice_into_a_campaign_on_a_phone() {
    journey(Screen::Phone).await;
}
