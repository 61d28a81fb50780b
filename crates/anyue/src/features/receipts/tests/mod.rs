//! `/verify`, through the router.

use super::api::{self, Item, ItemKind};
use crate::testing::TestApp;

async fn issued(test: &TestApp) -> api::Issued {
    let keys = api::keys(&test.app).unwrap();
    let tx = test.app.db.begin(&test.town).await.unwrap();
    let items = vec![Item::of(ItemKind::Text, "开展学习".as_bytes())];
    let id = "0190-4f6a0c1d2e3b";
    let receipt = api::issue(&test.app, &tx, &keys, id, "定期报送", items, test.app.now()).await.unwrap();
    tx.commit_unaudited("a test's receipt").await.unwrap();
    receipt
}

#[tokio::test]
async fn anybody_can_verify_a_receipt_by_its_code_its_text_and_its_file() {
    let test = TestApp::new().await;
    let receipt = issued(&test).await;
    let public = test.anonymous();
    public.get("/verify").await.assert_ok().assert_contains("指纹").assert_lacks("核验结果");
    let address = receipt.address(&test.app);
    let path = address.strip_prefix(&test.app.config.server.public_url).unwrap();
    let scanned = public.get(path).await;
    scanned.assert_ok().assert_contains("这张回执是真的").assert_contains("4F6A0C1D2E3B").assert_contains("青龙山镇");
    let text = receipt.text();
    let pasted = public.post_files_unaudited("/verify", &[("text", &text)], &[]).await;
    pasted.assert_ok().assert_contains("这张回执是真的").assert_contains(&receipt.receipt.items[0].hex());
    let file = public.post_files_unaudited("/verify", &[("text", "")], &[("file", "回执.txt", text.as_bytes())]).await;
    file.assert_ok().assert_contains("这张回执是真的").assert_contains("2022-06-13 08:30:00");
}

#[tokio::test]
async fn what_is_forged_altered_or_cut_off_is_told_in_words_and_stays_in_the_box() {
    let test = TestApp::new().await;
    let text = issued(&test).await.text();
    let public = test.anonymous();
    let later = text.replace("08:30", "07:30");
    let cut: String = text.lines().take(5).collect::<Vec<_>>().join("\n");
    for (presented, words) in
        [(later.as_str(), "签名不符"), (&cut, "后面缺了一部分"), ("已收到", "这不是回执"), ("", "请粘贴回执的内容")]
    {
        let answer = public.post_files_unaudited("/verify", &[("text", presented)], &[]).await;
        answer.assert_ok().assert_contains("不能确认").assert_contains(words).assert_lacks("这张回执是真的");
    }
    let answer = public.post_files_unaudited("/verify", &[("text", &later)], &[]).await;
    answer.assert_contains("辖区：青龙山镇");
    public.get("/verify?c=AY1.AAAA").await.assert_ok().assert_contains("不能确认");
    let other = TestApp::new().await;
    other.anonymous().post_files_unaudited("/verify", &[("text", &text)], &[]).await.assert_contains("不是本站发出的");
}

#[tokio::test]
async fn a_receipt_outlives_the_key_it_was_signed_with() {
    let test = TestApp::new().await;
    let text = issued(&test).await.text();
    test.app.keyring.rotate(&test.app.ids).unwrap();
    let answer = test.anonymous().post_files_unaudited("/verify", &[("text", &text)], &[]).await;
    answer.assert_contains("这张回执是真的").assert_contains("以前的公钥");
}

#[tokio::test]
async fn verifying_is_bounded_for_each_address() {
    let test = TestApp::new().await;
    let public = test.anonymous();
    for _ in 0..300 {
        assert!(test.app.crowd.allow("verify ", test.app.now()));
    }
    public.get("/verify?c=AY1.AAAA").await.assert_status(429).assert_contains("过一分钟再试");
    public.get("/verify").await.assert_ok();
}
