//! J2: a liaison opens the invitation, sets a password, sees the notice, acknowledges, fills form 1, uploads the
//! plan, and learns what comes next.

use super::browser::{Browser, Screen};
use super::site::Site;

async fn journey(screen: Screen) {
    let site = Site::start();
    let browser = Browser::open(screen).await;
    let invited = site.invited();

    browser.go(invited.invitation.as_deref().expect("a link")).await;
    browser.expect(&invited.unit).await;
    browser.check_manners(&site).await;
    browser.picture("join").await;
    // A first try that is refused loses nothing that was typed.
    browser.fill("phone", "13800000106").await;
    browser.fill("password", "123").await;
    browser.fill("again", "123").await;
    browser.press("启用并登录").await;
    browser.expect("至少需要10个字符").await;
    browser.fill("password", "nanwan-anquan-2022").await;
    browser.fill("again", "nanwan-anquan-2022").await;
    browser.press("启用并登录").await;

    browser.expect("现在要做的").await;
    browser.check_manners(&site).await;
    browser.picture("work").await;
    let notice = browser.run("return [...document.querySelectorAll('main a')].map(a => a.href).find(h => h.includes('/work/campaigns/'))").await;
    browser.go(notice.as_str().expect("a link to the notice")).await;
    browser.expect("我单位要做的").await;
    browser.check_manners(&site).await;
    browser.picture("notice").await;
    browser.press("签收").await;
    browser.expect("已签收").await;

    // Form 1 and the plan, one submission of two parts; typed text survives an interruption.
    browser.press_path("//main//a[.//*[contains(text(),'联络员反馈表')] or contains(., '联络员反馈表') or contains(., '活动方案')]").await;
    browser.expect("联络员反馈表").await;
    browser.check_manners(&site).await;
    browser.fill("post", "村委会委员").await;
    browser.fill("mobile", "13800000106").await;
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    browser.expect("已保存").await;
    let form = browser.address().await;
    browser.go(&site.url).await;
    browser.go(&form).await;
    let kept = browser.run("return document.querySelector('[name=post]').value").await;
    assert_eq!(kept, "村委会委员");
    browser.picture("form1").await;

    let folder = tempfile::tempdir().expect("a folder");
    let plan = folder.path().join("南湾村 活动方案 😀 (1).txt");
    std::fs::write(&plan, "南湾村安全生产月活动方案\n一、6月16日参加咨询日。\n").expect("a file");
    browser.choose_file("files", &plan).await;
    browser.press_path("//*[contains(@class,'action-bar') or self::main]//button[starts-with(normalize-space(.), '报送') and not(contains(@class,'visually-hidden'))]").await;
    browser.expect("下一件").await;
    browser.check_manners(&site).await;
    browser.picture("handed-in").await;
    assert!(browser.text().await.contains("6月16日"), "what comes next is the 16th: {}", browser.text().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_liaison_answers_the_notice_on_a_phone() {
    journey(Screen::Phone).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_liaison_answers_the_notice_on_a_desktop() {
    journey(Screen::Desktop).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_used_link_says_so_and_leads_on() {
    let site = Site::start();
    let browser = Browser::open(Screen::Phone).await;
    browser.go(&format!("{}/join/not-a-link-of-ours", site.url)).await;
    browser.expect("链接").await;
    browser.check_manners(&site).await;
}
