//! J4: on Thursday the office opens the statistics form, looks behind a number, corrects one, freezes the week and takes
//! the files; what changes afterwards stands beside what was frozen. And a unit sees its own form.

use serde_json::{Value, json};
use sha2::Digest as _;

use super::browser::{Browser, Screen};
use super::site::Site;

/// Opens the form of a week, counted from the beginning of the campaign; 3 has been frozen, 4 is this week.
async fn open_form(browser: &Browser, site: &Site, week: u8, more: &str) {
    browser.go(&format!("{}/statistics?week={week}{more}", site.url)).await;
    browser.expect("统计时段").await;
    browser.check_manners(site).await;
}

/// What stands in a blank of the form that is open, as printed.
async fn printed(browser: &Browser, slot: &str) -> String {
    let script = format!(
        "const blank = [...document.querySelectorAll('a.number')].find(a => a.href.includes('slot={slot}&')); \
         return blank ? blank.innerText : 'no blank'"
    );
    browser.run(&script).await.as_str().unwrap_or_default().to_owned()
}

/// The cell around a blank: with what waits, and what it would be now.
async fn cell(browser: &Browser, slot: &str) -> String {
    let script = format!(
        "const blank = [...document.querySelectorAll('a.number')].find(a => a.href.includes('slot={slot}&')); \
         return blank.parentElement.innerText"
    );
    browser.run(&script).await.as_str().unwrap_or_default().to_owned()
}

/// Clicks a number of the form: its page comes in a drawer beside it.
async fn click(browser: &Browser, slot: &str) {
    browser.press_path(&format!("//main//a[contains(@class,'number')][contains(@href,'slot={slot}&')]")).await;
    browser.expect("已通过的记录").await;
    assert_eq!(browser.count("dialog.drawer[open]").await, 1);
}

/// Closes the drawer; the focus is back on the number.
async fn close(browser: &Browser, slot: &str) {
    browser.press("关闭").await;
    assert_eq!(browser.count("dialog").await, 0);
    let script = format!("return document.activeElement.href.includes('slot={slot}&')");
    assert_eq!(browser.run(&script).await, json!(true));
}

/// The accepted records that a number's drawer or page lists: what they add, added up here, and what its foot and head say.
async fn added_up(browser: &Browser) -> [i64; 3] {
    let script = "const number = node => Number(node.innerText.replace(/[^0-9-]/g, '')); \
                  const page = document.querySelector('.drawer') || document.querySelector('main'); \
                  const list = page.querySelector('table'); \
                  const rows = [...list.querySelectorAll('tbody tr')].map(row => row.querySelector('td.num:last-child')); \
                  return [rows.reduce((sum, cell) => sum + number(cell), 0), \
                    number(list.querySelector('tfoot strong')), number(page.querySelector('#printed'))]";
    let found = browser.run(script).await;
    [0, 1, 2].map(|at| found[at].as_f64().expect("a number") as i64)
}

/// Every number on the form of a unit that is open.
async fn all_printed(browser: &Browser) -> Vec<String> {
    let script = "return [...document.querySelectorAll('.paper-table td.right .num')].map(node => node.innerText)";
    serde_json::from_value(browser.run(script).await).expect("words")
}

/// The link on the page whose address has this in it.
async fn link(browser: &Browser, part: &str) -> String {
    let script =
        format!("return [...document.querySelectorAll('main a')].map(a => a.href).find(h => h.includes('{part}'))");
    browser.run(&script).await.as_str().unwrap_or_else(|| panic!("no link to {part}")).to_owned()
}

fn sha256(bytes: &[u8]) -> String {
    hex::encode(sha2::Sha256::digest(bytes))
}

/// The files of the frozen form that is open: the document, the workbook, the CSV and the list of both.
async fn files(browser: &Browser) -> [Vec<u8>; 4] {
    let mut all = [const { Vec::new() }; 4];
    for (place, part) in ["/statistics/frozen/", "/export/xlsx", "/export/csv", "/export/manifest"].iter().enumerate() {
        all[place] = browser.download(&link(browser, part).await).await.1;
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn the_office_fills_corrects_freezes_and_takes_the_form_of_the_week() {
    let site = Site::two_weeks_on();
    let phone = Browser::open(Screen::Phone).await;
    phone.sign_in(&site, site.account("office")).await;
    phone.press("菜单").await;
    phone.press("统计").await;
    phone.expect("第4周（6月17日至6月23日）").await;
    phone.check_manners(&site).await;
    assert!(!phone.text().await.contains("次冻结"), "this week is not frozen");

    // A number opens its records; they add up to it, and what waits for review stands apart.
    assert_eq!(cell(&phone, "handout_n").await.split_whitespace().collect::<Vec<_>>(), ["1,620", "待审", "380", "份"]);
    click(&phone, "handout_n").await;
    assert_eq!(added_up(&phone).await, [1_620; 3]);
    phone.expect("已报待审").await;
    phone.check_manners(&site).await;
    phone.picture("behind").await;
    close(&phone, "handout_n").await;

    // The week before was frozen, and what came later stands beside.
    phone.go(&format!("{}/statistics", site.url)).await;
    phone.run("const weeks = document.querySelector('select[name=week]'); weeks.value = '3'; weeks.dispatchEvent(new Event('change', { bubbles: true }))").await;
    phone.expect("第1次冻结").await;
    phone.check_manners(&site).await;
    assert!(cell(&phone, "handout_n").await.contains("现为 1,360"));
    phone.press("查看变动").await;
    phone.expect("随报送一起通过").await;
    phone.check_manners(&site).await;
    assert!(phone.text().await.contains("三道梁村"));
    assert!(phone.text().await.contains("孟经办"));

    // 0 was stated by a zero report; nobody has stated anything for the unit that has not reported.
    for (unit, expected) in [("沙窝子村", "0"), ("南湾村", "—")] {
        let script = format!(
            "return [...document.querySelectorAll('select[name=unit] option')].find(one => one.text === '{unit}').value"
        );
        open_form(&phone, &site, 3, "").await;
        let id = phone.run(&script).await;
        open_form(&phone, &site, 3, &format!("&unit={}", id.as_str().expect("a unit"))).await;
        let numbers = all_printed(&phone).await;
        let ratio = numbers.iter().filter(|number| *number == "—").count();
        assert!(
            numbers.len() > 30 && numbers.iter().all(|number| number == expected || ratio == 1),
            "{unit}: {numbers:?}"
        );
    }

    // A correction wants a reason, and keeps both numbers.
    open_form(&phone, &site, 4, "").await;
    click(&phone, "asked_p").await;
    assert_eq!(added_up(&phone).await, [130; 3]);
    phone.press("更正这个数").await;
    phone.fill("amount", "138").await;
    phone.press("更正").await;
    phone.expect("原因").await;
    phone.expect_value("amount", "138").await;
    phone.fill("reason", "6号咨询台的登记表漏记8人").await;
    phone.press("更正").await;
    phone.expect("130 → 138").await;
    let text = phone.text().await;
    assert!(text.contains("6号咨询台的登记表漏记8人") && text.contains("记录得出的数"), "{text}");
    assert_eq!(added_up(&phone).await, [130, 130, 138]);
    phone.check_manners(&site).await;
    phone.picture("corrected").await;
    drop(phone);

    the_form_is_frozen_and_stays(&site).await;
    a_unit_sees_its_own_form(&site).await;
}

/// At the desk: freezing, the files, and what changes afterwards.
async fn the_form_is_frozen_and_stays(site: &Site) {
    let desk = Browser::open(Screen::Desktop).await;
    desk.sign_in(site, site.account("office")).await;
    open_form(&desk, site, 4, "").await;
    assert_eq!(printed(&desk, "asked_p").await, "138");
    assert_eq!(desk.count("a.number.corrected").await, 1);
    desk.press("冻结这一周的统计表").await;
    desk.press("冻结").await;
    desk.expect("冻结以后数字没有变化").await;
    desk.check_manners(site).await;
    let form = desk.address().await;
    let [document, workbook, csv, manifest] = files(&desk).await;
    assert!(desk.text().await.contains(&sha256(&document)), "the page tells the document's sum");

    // The list of what the files hold agrees with them; the CSV opens as UTF-8 everywhere, the workbook is one.
    let manifest_read: Value = serde_json::from_slice(&manifest).expect("JSON");
    assert!(csv.starts_with(b"\xef\xbb\xbf"));
    assert_eq!(manifest_read["csv"]["sha256"], json!(sha256(&csv)));
    assert_eq!(manifest_read["csv"]["bytes"], json!(csv.len()));
    assert_eq!(manifest_read["xlsx"]["sha256"], json!(sha256(&workbook)));
    assert_eq!(manifest_read["xlsx"]["bytes"], json!(workbook.len()));
    let table = official_doc::table::read(&csv, Some("form.csv")).expect("a table");
    assert_eq!(manifest_read["csv"]["rows"], json!(table.rows.len() - 1), "without the headings");
    let cell_of = |code: &str| {
        let row = table.rows.iter().find(|row| row.cell(0) == "青龙山镇" && row.cell(4) == code).expect("a row");
        [row.cell(7).to_owned(), row.cell(8).to_owned(), row.cell(11).to_owned()]
    };
    assert_eq!(cell_of("asked_p"), ["", "138", "是"].map(str::to_owned));
    assert_eq!(cell_of("handout_n")[1], "1620");
    assert!(workbook.starts_with(b"PK\x03\x04"));
    let sheet = official_doc::table::read(&workbook, Some("form.xlsx")).expect("a workbook");
    assert!(!sheet.rows.is_empty());

    // A report that waited is accepted, and an accepted record is sent back.
    click(&desk, "handout_n").await;
    desk.press_path("//section[.//h2='已报待审']//a[normalize-space(.)='安全宣传进农村']").await;
    desk.press("通过").await;
    desk.expect("“安全宣传进农村”已通过").await;
    desk.go(&form).await;
    click(&desk, "handout_n").await;
    desk.press("安全宣传进家庭").await;
    desk.fill("comment", "照片看不出地点，请补充。").await;
    desk.press_path("//form[@id='return-form']//button[normalize-space(.)='退回']").await;
    desk.expect("“安全宣传进家庭”已退回，单位会收到消息").await;

    // The form says what was frozen and what it would be now; the files are what they were.
    desk.go(&form).await;
    assert!(cell(&desk, "handout_n").await.contains("现为 1,710"), "{}", cell(&desk, "handout_n").await);
    assert_eq!(printed(&desk, "handout_n").await, "1,620");
    assert_eq!(
        files(&desk).await.map(|file| sha256(&file)),
        [document, workbook, csv, manifest].map(|file| sha256(&file))
    );
    desk.check_manners(site).await;
    desk.picture("frozen").await;
    click(&desk, "handout_n").await;
    desk.expect("冻结以后变为").await;
    assert_eq!(added_up(&desk).await, [1_710, 1_710, 1_620]);
    desk.go(&form).await;
    desk.press("查看变动").await;
    desk.expect("冻结后的变动").await;
    let told = desk.text().await;
    for words in ["安全宣传进农村", "安全宣传进家庭", "原因：照片看不出地点，请补充。", "孟经办", "1,620", "1,710"]
    {
        assert!(told.contains(words), "“{words}” is missing:\n{told}");
    }
    desk.check_manners(site).await;
    desk.picture("changes").await;
}

/// On a phone: the unit's own numbers, and the records behind one of them.
async fn a_unit_sees_its_own_form(site: &Site) {
    let phone = Browser::open(Screen::Phone).await;
    phone.sign_in(site, site.liaison_of("双泉村")).await;
    phone.go(&format!("{}/work/statistics?week=3", site.url)).await;
    phone.expect("本单位统计表").await;
    phone.expect("第1次冻结").await;
    phone.check_manners(site).await;
    assert_eq!(printed(&phone, "handout_n").await, "260");
    click(&phone, "handout_n").await;
    assert_eq!(added_up(&phone).await, [260; 3]);
    phone.check_manners(site).await;
    phone.press("安全宣传进农村").await;
    phone.expect("双泉村集市").await;
    assert!(phone.address().await.contains("/work/records/"));
}
