//! J3: a unit's clerk reports on Thursday morning from a phone, over a network that goes away and comes back; the office
//! looks at each item, sends one back; the clerk corrects that one, and the office accepts.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::browser::{Browser, Screen};
use super::link::Link;
use super::site::Site;

const VIDEO: u64 = 90 * 1024 * 1024;
const COMMENT: &str = "第三张照片是双泉村的，请换成本次演练的照片。";

/// A photo of nothing, as no other is: light and dark fields.
fn photo(folder: &Path, name: &str, seed: u32) -> PathBuf {
    let mut state = seed.wrapping_mul(0x9e37_79b1) | 1;
    let fields: Vec<u8> = std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        (state >> 24) as u8
    })
    .take(12 * 16)
    .collect();
    let pixels: Vec<u8> = (0..480 * 640).flat_map(|at| [fields[at / 640 / 40 * 16 + at % 640 / 40]; 3]).collect();
    let mut bytes = Vec::new();
    let encoder = jpeg_encoder::Encoder::new(&mut bytes, 85);
    encoder.encode(&pixels, 640, 480, jpeg_encoder::ColorType::Rgb).expect("a photo");
    let path = folder.join(name);
    std::fs::write(&path, bytes).expect("a file");
    path
}

fn video(folder: &Path) -> PathBuf {
    let head = b"\0\0\0\x18ftypmp42".iter().copied();
    let body = (0..).map(|n: u64| (n.wrapping_mul(2_654_435_761) >> 24) as u8);
    let path = folder.join("演练全程 (1).mp4");
    std::fs::write(&path, head.chain(body).take(VIDEO as usize).collect::<Vec<u8>>()).expect("a file");
    path
}

/// The photo of another unit's activity of the week before, as a chat program sends it on.
async fn photo_of_another_unit(office: &Browser, site: &Site, folder: &Path) -> PathBuf {
    office.go(&format!("{}/records?q=双泉村集市", site.url)).await;
    office.press("安全宣传进农村").await;
    office.expect("双泉村集市").await;
    let picture = office.find(".gallery img").await.attr("src").await.expect("a page").expect("a picture");
    let clean = format!("{}{}", site.url, picture.replace("/thumb", "/clean"));
    let path = folder.join("mmexport1655947.jpg");
    std::fs::write(&path, office.download(&clean).await.1).expect("a file");
    path
}

/// How the unit stands on the board of the weekly report, and how many have reported.
async fn on_the_board(office: &Browser, site: &Site) -> String {
    office.go(&format!("{}/duties", site.url)).await;
    let board = "return [...document.querySelectorAll('main a')].map(a => a.href).find(h => h.includes('/board')) || location.href";
    let board = office.run(board).await;
    office.go(board.as_str().expect("an address")).await;
    let script = "const heads = [...document.querySelectorAll('.board thead th')]; \
                  const column = heads.findIndex(head => head.innerText.includes('印证资料')); \
                  const row = [...document.querySelectorAll('.board tbody tr')].find(row => row.cells[0].innerText === '东沟村'); \
                  return row.cells[column].innerText";
    office.run(script).await.as_str().expect("a cell").to_owned()
}

/// Opens what the unit handed in for its weekly report, from the board.
async fn open_submission(office: &Browser) {
    let script = "const heads = [...document.querySelectorAll('.board thead th')]; \
                  const column = heads.findIndex(head => head.innerText.includes('印证资料')); \
                  const row = [...document.querySelectorAll('.board tbody tr')].find(row => row.cells[0].innerText === '东沟村'); \
                  return row.cells[column].querySelector('a').href";
    let cell = office.run(script).await;
    office.go(cell.as_str().expect("an address")).await;
    office.expect("活动记录").await;
}

/// The names of the files that have arrived on the form that is open.
async fn arrived(browser: &Browser) -> String {
    let script =
        "return [...document.querySelectorAll('[data-files] .gallery-name')].map(name => name.innerText).join()";
    browser.run(script).await.as_str().unwrap_or_default().to_owned()
}

async fn wait_for_file(browser: &Browser, name: &str) {
    let until = Instant::now() + Duration::from_secs(120);
    while !arrived(browser).await.contains(name) {
        assert!(Instant::now() < until, "{name} does not arrive:\n{}", browser.text().await);
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_with_a_large_video_over_a_broken_network_is_reviewed_corrected_and_accepted() {
    let site = Site::two_weeks_on();
    let folder = tempfile::tempdir().expect("a folder");
    let office = Browser::open(Screen::Phone).await;
    office.sign_in(&site, site.account("office")).await;
    assert!(on_the_board(&office, &site).await.starts_with("未报"));
    let used = photo_of_another_unit(&office, &site, folder.path()).await;

    // The report gathers what was held in its week; one thing more is added from here.
    let link = Link::with_rest(&site, Duration::from_millis(3));
    let clerk = Browser::open(Screen::Phone).await;
    clerk.sign_in_at(&link.url, site.liaison_of("东沟村")).await;
    let report = "//main//a[starts-with(@aria-label,'去填报：报送活动开展情况')]";
    clerk.press_path(report).await;
    clerk.expect("本期活动").await;
    clerk.expect("村民大讲堂").await;
    clerk.expect("自建房排查").await;
    let report = clerk.address().await;
    clerk.press("加一项活动").await;
    clerk.press_path("(//main//a[normalize-space(.)='应急演练'])[1]").await;
    clerk.fill("place", "村小学").await;
    clerk.fill("m_participants", "86").await;
    clerk.fill("text", "组织师生和村民开展防汛转移演练。").await;
    for path in [photo(folder.path(), "集合.jpg", 1), photo(folder.path(), "转移.jpg", 2), used] {
        clerk.choose_file_at("#f-album", &path).await;
        wait_for_file(&clerk, path.file_name().and_then(|name| name.to_str()).expect("a name")).await;
    }

    // In the middle of the video the network goes away.
    let before = link.sent();
    clerk.choose_file_at("#f-album", &video(folder.path())).await;
    let until = Instant::now() + Duration::from_secs(60);
    while link.sent() - before < VIDEO / 4 {
        assert!(Instant::now() < until, "the video does not begin:\n{}", clerk.text().await);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    link.cut();
    clerk.expect("网络不稳，正在重新连接").await;
    clerk.picture("morning-cut").await;
    assert!(!arrived(&clerk).await.contains("演练全程"), "half a video is no video");
    link.mend();
    clerk.expect_gone("正在重新连接").await;
    // Worse: the connection dies and nobody says so. Somebody who waits in vain tries another one.
    clerk.run("window.anyue.uploads.patience = 1500").await;
    link.silence();
    clerk.expect("网络不稳，正在重新连接").await;
    link.mend();
    wait_for_file(&clerk, "演练全程 (1).mp4").await;
    let sent = link.sent() - before;
    assert!(sent < VIDEO + VIDEO / 20, "{sent} bytes were sent for {VIDEO}");
    assert_eq!(clerk.count("[data-files] li").await, 4);
    clerk.check_manners_at(&link.url).await;
    clerk.press("保存，回到报送").await;

    // Handed in, there is a receipt, and anybody can ask whether it is genuine.
    clerk.expect("本期活动").await;
    clerk.expect("3项").await;
    clerk.expect("3张照片　1个视频").await;
    clerk.fill("text", "本周开展宣讲、排查和防汛演练各一次。").await;
    clerk.check_manners_at(&link.url).await;
    clerk.picture("morning-report").await;
    clerk.press_path("//*[contains(@class,'action-bar')]//button[normalize-space(.)='报送']").await;
    clerk.expect("扫码可以核验真伪").await;
    clerk.check_manners_at(&link.url).await;
    clerk.picture("morning-receipt").await;
    assert_eq!(clerk.count(".receipt svg[viewBox], .receipt svg path").await.min(1), 1, "a code to scan");
    let first = receipt(&clerk).await;
    assert!(first.contains("事项：定期报送") && first.contains("收到：2022-06-23 10:3"), "{first}");
    assert_genuine(&site, &first, true).await;
    assert_genuine(&site, &first.replace("收到：2022-06-23 10:3", "收到：2022-06-23 09:3"), false).await;

    // The office sees it on the board and looks at each item; one photo has been seen before.
    assert_eq!(on_the_board(&office, &site).await, "已报");
    open_submission(&office).await;
    for words in ["村民大讲堂", "自建房排查", "应急演练", "本周开展宣讲、排查和防汛演练各一次。"]
    {
        office.expect(words).await;
    }
    office.check_manners(&site).await;
    let submission = office.address().await;
    office.press_path("//main//ul[contains(@class,'rows')]//a[contains(.,'应急演练')]").await;
    office.expect("与双泉村2022年6月14日“安全宣传进农村”的照片几乎相同").await;
    office.check_manners(&site).await;
    // It is the photo that another unit has used before as well: each earlier one is named.
    assert_eq!(office.count(".gallery li:has(.gallery-question a)").await, 1, "one photo of three");
    assert_eq!(office.count(".gallery-question a").await, 2);
    office.press_path("//*[contains(@class,'gallery-question')][contains(.,'双泉村')]//a[contains(.,'对照看')]").await;
    office.expect("此前的一张").await;
    office.until("both are seen", "return [...document.querySelectorAll('.beside img')].filter(img => img.complete && img.naturalWidth > 100).length === 2").await;
    let text = office.text().await;
    assert!(text.contains("东沟村") && text.contains("双泉村") && text.contains("mmexport1655947.jpg"), "{text}");
    office.check_manners(&site).await;
    office.picture("beside").await;

    // One is sent back with a comment, the others are accepted.
    office.go(&submission).await;
    let field = "return [...document.querySelectorAll('#return-form textarea')].map(field => field.name) \
                 .find(name => name.startsWith('record:') && document.querySelector(`label[for='f-${name}']`).innerText.includes('应急演练'))";
    let field = office.run(field).await;
    office.fill(field.as_str().expect("a field"), COMMENT).await;
    office.press_path("//form[@id='return-form']//button[normalize-space(.)='退回']").await;
    office.expect("已退回").await;
    office.check_manners(&site).await;
    assert_eq!(on_the_board(&office, &site).await, "退回");

    // The clerk reads the comment and corrects that one; the others stay as they are.
    clerk.go(&format!("{}/work", link.url)).await;
    clerk.expect("退回意见").await;
    clerk.expect(COMMENT).await;
    clerk.go(&report).await;
    clerk.expect(COMMENT).await;
    clerk.check_manners_at(&link.url).await;
    clerk.picture("morning-returned").await;
    let states =
        "return [...document.querySelectorAll('.report-cards .row-end')].map(node => node.innerText).sort().join()";
    let states = clerk.run(states).await;
    assert_eq!(states.as_str(), Some("已退回,已通过,已通过"));
    clerk.press_path("//ul[contains(@class,'report-cards')]//a[contains(.,'应急演练')]").await;
    clerk.expect(COMMENT).await;
    clerk.press_path("//button[@aria-label='移除mmexport1655947.jpg']").await;
    clerk.expect("移除").await;
    clerk.until("it is gone", "return document.querySelectorAll('[data-files] li').length === 3").await;
    clerk.choose_file_at("#f-album", &photo(folder.path(), "清点.jpg", 3)).await;
    wait_for_file(&clerk, "清点.jpg").await;
    clerk.press("保存，回到报送").await;
    clerk.expect("本期活动").await;
    clerk.press_path("//*[contains(@class,'action-bar')]//button[normalize-space(.)='重新报送']").await;
    clerk.expect("扫码可以核验真伪").await;
    let second = receipt(&clerk).await;
    assert_ne!(first, second);
    assert_genuine(&site, &second, true).await;

    // The office accepts: nothing is asked about the photos any more.
    assert_eq!(on_the_board(&office, &site).await, "已报");
    open_submission(&office).await;
    office.press_path("//main//ul[contains(@class,'rows')]//a[contains(.,'应急演练')]").await;
    office.expect("清点.jpg").await;
    assert_eq!(office.count(".gallery-question a").await, 0);
    open_board_and_submission(&office, &site).await;
    office.press_path("//*[contains(@class,'action-bar')]//button[starts-with(normalize-space(.),'通过')]").await;
    office.expect("已通过东沟村的报送").await;
    clerk.go(&report).await;
    clerk.expect("已通过").await;
    let states = "return [...document.querySelectorAll('.rows .row-end')].map(node => node.innerText).filter(word => word === '已通过').length >= 3";
    clerk.until("every activity is accepted", states).await;
}

async fn open_board_and_submission(office: &Browser, site: &Site) {
    on_the_board(office, site).await;
    open_submission(office).await;
}

/// The text of the receipt on the page that is open.
async fn receipt(browser: &Browser) -> String {
    let href = browser.find("a[href$='/receipt.txt']").await.attr("href").await.expect("a page").expect("an address");
    let address = browser.address().await;
    let site = address.split("/work/").next().expect("an address");
    String::from_utf8(browser.download(&format!("{site}{href}")).await.1).expect("text")
}

/// Asks the public page about a receipt, as somebody who has no account.
async fn assert_genuine(site: &Site, receipt: &str, genuine: bool) {
    let stranger = Browser::open(Screen::Phone).await;
    stranger.go(&format!("{}/verify", site.url)).await;
    stranger.paste("text", receipt).await;
    stranger.press("核验").await;
    stranger.expect(if genuine { "这张回执是真的" } else { "不能确认这张回执" }).await;
    stranger.check_manners(site).await;
}
