//! J3 without network: a liaison writes down what was held where there is no signal, closes the phone, and a day later
//! everything arrives once. And the queue moves to another phone in a sealed file.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use super::browser::{Browser, Screen};
use super::link::Link;
use super::site::Site;

/// A small picture that no other one equals.
fn photo(folder: &Path, name: &str, seed: u64) -> std::path::PathBuf {
    let head = [0xff, 0xd8, 0xff, 0xe0];
    let body = (seed..).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8);
    let path = folder.join(name);
    std::fs::write(&path, head.into_iter().chain(body).take(300_000).collect::<Vec<u8>>()).expect("a file");
    path
}

/// Waits until the phone keeps the shell and knows what is owed.
async fn ready(browser: &Browser) {
    browser.until("the worker looks after the page", "return !!navigator.serviceWorker.controller").await;
    let kit = "const open = indexedDB.open('anyue-kit'); \
               const db = await new Promise(done => { open.onsuccess = () => done(open.result) }); \
               const found = db.objectStoreNames.length && await new Promise(done => { \
                 const kit = db.transaction('kit').objectStore('kit').get('kit'); kit.onsuccess = () => done(!!kit.result) }); \
               db.close(); return !!found";
    for _ in 0..100 {
        if browser.run_async(kit).await == true {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the phone does not learn what is owed");
}

/// A large file that no other one equals.
fn large(folder: &Path, name: &str, seed: u64) -> std::path::PathBuf {
    let body = (seed..).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8);
    let path = folder.join(name);
    std::fs::write(&path, b"\0\0\0\x18ftypmp42".iter().copied().chain(body).take(6_000_000).collect::<Vec<u8>>())
        .expect("a file");
    path
}

/// Where the bytes of the files that wait stand on the server, the whole ones first.
const WHERE: &str = "const open = indexedDB.open('anyue-queue'); \
    const db = await new Promise(done => { open.onsuccess = () => done(open.result) }); \
    const items = await new Promise(done => { const get = db.transaction('items').objectStore('items').getAll(); get.onsuccess = () => done(get.result) }); \
    db.close(); \
    return items.filter(item => item.state !== 'received').flatMap(item => item.files).sort((a, b) => b.sent - a.sent).map(file => [file.sent, file.url])";

async fn write_record(browser: &Browser, kind: &str, place: &str, photo: &Path) {
    browser.press("记一项活动").await;
    choose(browser, "kind", kind).await;
    browser.fill("place", place).await;
    browser.fill("m_participants", "36").await;
    browser.fill("text", &format!("在{place}组织，效果好。")).await;
    browser.choose_file_at("input[data-pick='record'][multiple]", photo).await;
    browser.expect("已存在本机").await;
    browser.expect(photo.file_name().and_then(|name| name.to_str()).expect("a name")).await;
}

/// Chooses the first option whose words contain these.
async fn choose(browser: &Browser, name: &str, words: &str) {
    let script = format!(
        "const select = document.querySelector(\"select[name='{name}']\"); \
         if (select.value || !select.getClientRects().length) return false; \
         const option = [...select.options].find(one => one.text.includes('{words}')); \
         if (!option) return false; select.value = option.value; \
         select.dispatchEvent(new Event('change', {{ bubbles: true }})); return true"
    );
    browser.until(words, &script).await;
}

/// What the program holds of the person's unit: records and reports, each with the number of its files.
async fn held(browser: &Browser) -> Value {
    let script = "const get = path => fetch(path).then(answer => answer.json()); \
                  const kit = await get('/api/v1/work/kit'); \
                  const records = (await get('/api/v1/records?from=2022-06-13')).items; \
                  const reports = (await get('/api/v1/submissions?unit=' + kit.units[0].id)).items; \
                  const drafts = (await get('/api/v1/work/drafts')).items; \
                  for (const one of reports) one.count = (await get('/api/v1/submissions/' + one.id)).files.length; \
                  return { records: records.map(one => [one.place, one.state]).sort(), reports: reports.map(one => [one.payload.text, one.count]), drafts: drafts.length }";
    browser.run_async(script).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_written_without_network_arrives_once_a_day_later() {
    let mut site = Site::start();
    let link = Link::to(&site);
    let folder = tempfile::tempdir().expect("a folder");
    let profile = folder.path().join("phone");
    let browser = Browser::open_with(Screen::Phone, Some(&profile)).await;
    browser.sign_in_at(&link.url, site.account("liaison")).await;
    ready(&browser).await;
    let before = held(&browser).await;

    link.cut();
    browser.go(&format!("{}/work", link.url)).await;
    browser.expect("现在没有网络").await;
    browser.expect("要打开的页面需要网络").await;
    browser.picture("offline").await;

    write_record(&browser, "应急演练", "村委会", &photo(folder.path(), "演练.jpg", 1)).await;
    browser.picture("offline-record").await;
    browser.press("放进待发送").await;
    browser.expect("待发送1件").await;
    // What else there is to warn of, storage above all, does not take the place of this.
    browser.expect("要打开的页面需要网络").await;
    write_record(&browser, "培训", "小学", &photo(folder.path(), "培训.jpg", 900_000)).await;
    browser.press("放进待发送").await;
    browser.expect("待发送2件").await;

    browser.press("写一份报送").await;
    choose(&browser, "occurrence", "6月16日（周四）12:00").await;
    browser.fill("report_text", "本周开展演练和培训各一场。").await;
    browser.run("document.querySelectorAll('[name=belongs]').forEach(box => box.click())").await;
    browser.choose_file_at("input[data-pick='report'][multiple]", &photo(folder.path(), "横幅.jpg", 1_800_000)).await;
    browser.expect("横幅.jpg").await;
    browser.press("放进待发送").await;
    browser.expect("待发送3件").await;
    browser.expect("等它的活动记录先收到").await;
    browser.expect("已收到　0件").await;
    browser.picture("offline-queue").await;
    // Looking into it does not take it out of the queue.
    browser.press_path("(//button[normalize-space(.)='打开'])[1]").await;
    browser.expect_value("place", "村委会").await;
    browser.run("history.back()").await;
    browser.expect("待发送3件").await;
    browser.close().await;

    // A night passes: the phone was off, the program was restarted.
    site.restart_at("2022-06-14T09:30:00+08:00");
    let browser = Browser::open_with(Screen::Phone, Some(&profile)).await;
    browser.go(&format!("{}/work", link.url)).await;
    browser.expect("待发送3件").await;
    browser.expect("等着发送的3件在本机").await;

    link.mend();
    browser.until("all is received", "return document.body.innerText.includes('已收到　3件')").await;
    browser.expect("没有等着发送的").await;
    let after = held(&browser).await;
    assert_eq!(after["records"], json!([["小学", "reported"], ["村委会", "reported"]]), "before: {before}");
    let added = |what: &str| {
        let [before, after] = [&before, &after].map(|held| held[what].as_array().expect("a list").clone());
        after.into_iter().filter(|one| !before.contains(one)).collect::<Vec<_>>()
    };
    assert_eq!(added("reports"), [json!(["本周开展演练和培训各一场。", 1])]);
    assert_eq!(after["drafts"], 0);
    browser.go(&format!("{}/work/offline", link.url)).await;
    browser.expect("已收到　3件").await;
    browser.press_path("//summary[contains(., '已收到')]").await;
    browser.expect("回执号").await;
    browser.picture("offline-received").await;
    // Sent again by hand, nothing doubles: the queue is empty and stays so.
    assert_eq!(held(&browser).await, after);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_queue_moves_to_another_phone_in_a_sealed_file_and_never_doubles() {
    let site = Site::start();
    let link = Link::to(&site);
    let folder = tempfile::tempdir().expect("a folder");
    let first = Browser::open(Screen::Phone).await;
    first.sign_in_at(&link.url, site.account("liaison")).await;
    ready(&first).await;

    // Sealing and opening, with sizes around the borders of its pieces; every changed or missing byte is noticed.
    let module = |name: &str| {
        format!(
            "const script = [...document.scripts].find(one => one.src.includes('/offline/')); \
             const {{ {name} }} = await import(new URL('./{}.js', script.src));",
            if name.starts_with("seal") { "sealed" } else { "transfer" }
        )
    };
    let borders = format!(
        "{} const random = size => {{ const bytes = new Uint8Array(size); \
           for (let at = 0; at < size; at += 65536) crypto.getRandomValues(bytes.subarray(at, at + 65536)); return bytes }}; \
         const failures = []; \
         for (const sizes of [[], [0], [1], [1048575, 1], [1048576], [1048577, 0, 5], [2097152 - 60], [3000000, 17]]) {{ \
           const contents = sizes.map(random); \
           const file = await seal('口令口令口令口令', {{ note: '甲' }}, contents.map(one => new Blob([one])), 1000); \
           const {{ manifest, blobs }} = await open('口令口令口令口令', file); \
           if (manifest.note !== '甲' || blobs.length !== sizes.length) failures.push(['manifest', sizes]); \
           for (let n = 0; n < sizes.length; n++) {{ \
             const bytes = new Uint8Array(await blobs[n].arrayBuffer()); \
             if (bytes.length !== sizes[n] || bytes.some((byte, at) => byte !== contents[n][at])) failures.push(['content', sizes]) }} \
           const wrong = async (why, file, passphrase) => {{ \
             try {{ await open(passphrase || '口令口令口令口令', file); failures.push([why, sizes]) }} \
             catch (error) {{ if (!(error instanceof Wrong)) failures.push([why, String(error)]) }} }}; \
           await wrong('passphrase', file, '别的口令别的口令'); \
           await wrong('cut', file.slice(0, file.size - 1)); \
           await wrong('short', file.slice(0, 20)); \
           if (file.size > 1048626) await wrong('a piece less', file.slice(0, 34 + 1048592)); \
           for (const at of [0, 6, 12, 30, 40, file.size - 1, Math.floor(Math.random() * file.size)]) {{ \
             const bytes = new Uint8Array(await file.arrayBuffer()); bytes[at] ^= 1; await wrong('byte ' + at, new Blob([bytes])) }} \
         }} return failures",
        module("seal, open, Wrong")
    );
    assert_eq!(first.run_async(&borders).await, json!([]));

    link.cut();
    first.go(&format!("{}/work/offline", link.url)).await;
    first.expect("现在没有网络").await;
    write_record(&first, "应急演练", "北沟", &photo(folder.path(), "北沟.jpg", 7)).await;
    first.press("放进待发送").await;
    first.expect("待发送1件").await;
    let pack = format!(
        "{} const open = indexedDB.open('anyue-kit'); \
         const db = await new Promise(done => {{ open.onsuccess = () => done(open.result) }}); \
         const kit = await new Promise(done => {{ const get = db.transaction('kit').objectStore('kit').get('kit'); get.onsuccess = () => done(get.result) }}); \
         const {{ count, file }} = await pack('口令口令口令口令', kit.account.id, null, 1000); \
         const bytes = new Uint8Array(await file.arrayBuffer()); \
         let text = ''; for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192)); \
         return [count, btoa(text)]",
        module("pack")
    );
    let packed = first.run_async(&pack).await;
    assert_eq!(packed[0], 1, "{packed}");
    let sealed = folder.path().join("待发送.anyue");
    let bytes = base64_decoded(packed[1].as_str().expect("a file"));
    assert!(bytes.len() > 300_000 && !bytes.windows(6).any(|part| part == "北沟".as_bytes()));
    std::fs::write(&sealed, bytes).expect("a file");

    link.mend();
    let second = Browser::open(Screen::Phone).await;
    second.sign_in_at(&link.url, site.account("liaison")).await;
    ready(&second).await;
    link.cut();
    second.go(&format!("{}/work/offline", link.url)).await;
    for (passphrase, words) in
        [("不是这个口令", "口令不对"), ("口令口令口令口令", "取回1件"), ("口令口令口令口令", "1件本机已有")]
    {
        let open = "document.querySelector('[data-transfer]').open = true";
        second.run(open).await;
        second.choose_file("sealed", &sealed).await;
        second.fill("opening", passphrase).await;
        second.press("取回到本机").await;
        second.expect(words).await;
    }
    second.expect("待发送1件").await;
    second.expect("1个文件").await;
    second.picture("offline-import").await;

    // Both phones find the network again and send the same item.
    link.mend();
    let received = "return document.body.innerText.includes('已收到　1件')";
    second.until("received", received).await;
    first.until("received", received).await;
    let after = held(&second).await;
    assert_eq!(after["records"], json!([["北沟", "reported"]]));
}

fn base64_decoded(text: &str) -> Vec<u8> {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.decode(text).expect("base64")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_cannot_be_sent_goes_into_the_queue_with_its_files() {
    let site = Site::start();
    let link = Link::to(&site);
    let folder = tempfile::tempdir().expect("a folder");
    let browser = Browser::open(Screen::Phone).await;
    browser.sign_in_at(&link.url, site.account("liaison")).await;
    ready(&browser).await;
    browser.go(&format!("{}/work/records/new?kind=drill", link.url)).await;
    browser.fill("place", "西沟").await;
    link.cut();
    browser.fill("text", "断网时写的。").await;
    browser.choose_file_at("#f-album", &photo(folder.path(), "西沟.jpg", 3)).await;
    browser.press_path("//button[@form='record'][normalize-space(.)='报送']").await;
    browser.expect("没有网络，没有送出").await;
    browser.picture("offline-offer").await;
    browser.press("存到本机待发送").await;
    browser.expect("待发送1件").await;
    browser.expect("应急演练").await;
    browser.expect("1个文件").await;

    link.mend();
    browser.until("received", "return document.body.innerText.includes('已收到　1件')").await;
    assert_eq!(held(&browser).await["records"], json!([["西沟", "reported"]]));

    // Signing out takes away what the phone knew and the page it kept.
    browser.go(&format!("{}/me", link.url)).await;
    browser.press("退出登录").await;
    browser.expect("已退出登录").await;
    let left = "const names = (await indexedDB.databases()).map(one => one.name); \
                return [await caches.keys(), names]";
    assert_eq!(browser.run_async(left).await, json!([[], ["anyue-queue"]]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_comes_back_on_a_new_phone_and_two_edits_of_it_are_both_shown() {
    let site = Site::start();
    let link = Link::to(&site);
    let open = |browser: Browser| async {
        browser.sign_in_at(&link.url, site.account("liaison")).await;
        ready(&browser).await;
        browser.go(&format!("{}/work/offline", link.url)).await;
        browser.expect("已连上网络").await;
        browser
    };
    let first = open(Browser::open(Screen::Phone).await).await;
    first.press("记一项活动").await;
    choose(&first, "kind", "应急演练").await;
    first.fill("place", "东头").await;
    first.press("先存着，以后再发").await;
    first.expect("服务器上也存了一份").await;

    let second = open(Browser::open(Screen::Phone).await).await;
    second.expect("东头").await;
    second.press("打开").await;
    second.expect_value("place", "东头").await;
    second.fill("place", "西头").await;
    second.press("先存着，以后再发").await;
    second.expect("服务器上也存了一份").await;

    first.press("打开").await;
    first.expect_value("place", "东头").await;
    first.fill("place", "南头").await;
    first.press("先存着，以后再发").await;
    first.expect("另一处也改过").await;
    first.press("打开").await;
    first.expect("这份草稿在").await;
    first.expect("西头").await;
    first.expect_value("place", "南头").await;
    first.picture("offline-both").await;
    first.press("各留一份").await;
    first.press("先存着，以后再发").await;
    first.expect("草稿\n2件").await;
    let text = first.text().await;
    assert!(text.contains("南头") && text.contains("西头"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_had_gone_up_of_a_deleted_item_is_forgotten_by_the_server_too() {
    let site = Site::start();
    let link = Link::with_rest(&site, Duration::from_millis(40));
    let folder = tempfile::tempdir().expect("a folder");
    let browser = Browser::open(Screen::Phone).await;
    browser.sign_in_at(&link.url, site.account("liaison")).await;
    ready(&browser).await;
    browser.go(&format!("{}/work/offline", link.url)).await;
    browser.expect("已连上网络").await;
    // One file has come whole and another one in part when the network goes away.
    let begin = async |kind: &str, place: &str, seed: u64| {
        write_record(&browser, kind, place, &photo(folder.path(), &format!("{place}.jpg"), seed)).await;
        let film = large(folder.path(), &format!("{place}.mp4"), seed + 1);
        browser.choose_file_at("input[data-pick='record'][multiple]", &film).await;
        browser.expect(&format!("{place}.mp4")).await;
        browser.press("放进待发送").await;
        for _ in 0..300 {
            let stand = browser.run_async(WHERE).await;
            if stand[0][0] == true && stand[1][1].as_str().is_some_and(|url| !url.is_empty()) {
                link.cut();
                return [0, 1].map(|at| stand[at][1].as_str().expect("an address").to_owned());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("nothing goes up:\n{}", browser.text().await);
    };
    let stands = async |url: &str| {
        let ask = format!(
            "return (await fetch('{url}', {{ method: 'HEAD', headers: {{ 'tus-resumable': '1.0.0' }} }})).status"
        );
        browser.run_async(&ask).await
    };

    let urls = begin("应急演练", "村委会", 11).await;
    browser.expect("现在没有网络").await;
    browser.press("删除").await;
    browser.press_path("//dialog//button[normalize-space(.)='删除']").await;
    browser.expect("没有等着发送的").await;
    link.mend();
    for url in &urls {
        assert_eq!(stands(url).await, 200, "the server does not know yet");
    }
    browser.go(&format!("{}/work/offline", link.url)).await;
    for url in &urls {
        for attempt in 0.. {
            if stands(url).await == 410 {
                break;
            }
            assert!(attempt < 100, "{url} is still there");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    // A file that is taken out of an item after it has gone up is not handed in with the rest.
    browser.expect("已连上网络").await;
    begin("培训", "小学", 13).await;
    browser.expect("现在没有网络").await;
    browser.press("打开").await;
    browser.press_path("//button[@aria-label='移除小学.jpg']").await;
    browser.expect_gone("小学.jpg").await;
    browser.press("放进待发送").await;
    browser.expect("待发送1件").await;
    link.mend();
    browser.go(&format!("{}/work/offline", link.url)).await;
    browser.until("it is received", "return document.body.innerText.includes('已收到　1件')").await;
    let held = "const records = (await (await fetch('/api/v1/records?from=2022-06-13')).json()).items; \
                const page = await (await fetch('/work/records/' + records[0].id)).text(); \
                return [records.length, page.includes('小学.mp4'), page.includes('小学.jpg')]";
    assert_eq!(browser.run_async(held).await, json!([1, true, false]));
}
