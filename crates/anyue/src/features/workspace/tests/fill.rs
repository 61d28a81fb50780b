//! 填报: drafts, refusals, handing in, coming back.

use super::{Town, complete, value};
use crate::features::campaigns::api as campaigns;
use crate::features::duties::api::{self as duties, SendBack};

#[tokio::test]
async fn somebody_elses_occurrence_is_not_there() {
    let town = Town::new().await;
    let item = town.form_1().await;
    let mine = town.test.liaison_of(&town.mine).await;
    mine.get(&format!("/work/do/{}", item.id)).await.assert_status(404);
    mine.get("/work/do/no-such-thing").await.assert_status(404);
    mine.post(&format!("/work/do/{}/draft", item.id), &[("text", "x")]).await.assert_status(404);
}

#[tokio::test]
async fn form_1_comes_filled_in_with_what_is_known() {
    let town = Town::new().await;
    let item = town.form_1().await;
    let liaison = town.test.liaison_of(&town.village).await;
    let page = liaison.get(&format!("/work/do/{}", item.id)).await;
    page.assert_ok().assert_contains("东沟村").assert_contains("已按系统里的资料填好").assert_contains("32 MB");
    assert_eq!(value(&page.text(), "name"), "测试联络员");
    assert_eq!(value(&page.text(), "filled_on"), "2022-06-13");
}

#[tokio::test]
async fn a_wrong_number_is_named_and_nothing_typed_is_lost() {
    let town = Town::new().await;
    let path = format!("/work/do/{}", town.form_1().await.id);
    let liaison = town.test.liaison_of(&town.village).await;
    let mut fields = complete("0", "key-00000001");
    fields[5].1 = "139";
    fields[8].1 = "成立<小组>，逐户排查。";
    let answer = liaison.post_files(&path, &fields, &[]).await;
    answer.assert_status(422).assert_contains("11位手机号码").assert_contains("成立&#60;小组&#62;，逐户排查。");
    assert_eq!(value(&answer.text(), "mobile"), "139");
    assert_eq!(value(&answer.text(), "key"), "key-00000001");
}

#[tokio::test]
async fn form_1_can_be_printed_before_and_after_it_is_handed_in_by_its_unit_alone() {
    let town = Town::new().await;
    let item = town.form_1().await;
    let (path, paper) = (format!("/work/do/{}", item.id), format!("/work/do/{}/form/docx", item.id));
    let liaison = town.test.liaison_of(&town.village).await;
    let lines = |bytes: &[u8]| official_doc::read(bytes, Some("a.docx")).unwrap().lines.join("\n");
    let before = lines(&liaison.get(&paper).await.assert_ok().bytes);
    assert!(before.contains("填报单位（盖章）：东沟村") && before.contains("测试联络员"), "{before}");
    liaison.post_files(&path, &complete("0", "key-00000001"), &[]).await.assert_leads_to(&path);
    liaison.get(&path).await.assert_contains("附件1 docx");
    assert!(lines(&liaison.get(&paper).await.assert_ok().bytes).contains("13900000000"));
    liaison.get(&paper.replace("docx", "xlsx")).await.assert_ok();
    liaison.get(&paper.replace("docx", "pdf")).await.assert_status(404);
    liaison.get(&format!("/work/do/{}/form/docx", town.weekly().await.id)).await.assert_status(404);
    town.test.liaison_of(&town.mine).await.get(&paper).await.assert_status(404);
}

#[tokio::test]
async fn what_is_typed_is_kept_and_comes_back_after_signing_in_again() {
    let town = Town::new().await;
    let path = format!("/work/do/{}", town.form_1().await.id);
    let liaison = town.test.liaison_of(&town.village).await;
    let draft = [("version", "0"), ("has_liaison_form", "1"), ("name", "李桂兰"), ("unit_plan", "先写一半")];
    liaison.post_unaudited(&format!("{path}/draft"), &draft).await.assert_status(204);
    // The same page saves again although it still knows the first version only.
    liaison.post_unaudited(&format!("{path}/draft"), &draft).await.assert_status(204);
    let again = town.test.liaison_of(&town.village).await;
    let page = again.get(&path).await;
    page.assert_contains("先写一半").assert_contains("已保存草稿").assert_contains("李桂兰");
}

#[tokio::test]
async fn handing_in_gives_a_receipt_and_says_what_comes_next() {
    let town = Town::new().await;
    let item = town.form_1().await;
    let path = format!("/work/do/{}", item.id);
    let liaison = town.test.liaison_of(&town.village).await;
    liaison.post_files(&path, &complete("0", "key-00000001"), &[]).await.assert_leads_to(&path);
    let page = liaison.get(&path).await;
    page.assert_contains("已收到")
        .assert_contains("回执编号")
        .assert_contains("6月13日 08:30")
        .assert_contains("下一件");
    page.assert_contains("成立小组，逐户排查。").assert_contains("修改后重新报送");
    let known = crate::features::units::api::liaison(town.test.app.db.reader(), &town.test.town, &town.village.id);
    assert_eq!(known.await.unwrap().unwrap().facts.mobile, "13900000000");
}

#[tokio::test]
async fn the_same_sending_twice_is_one_and_shows_the_receipt() {
    let town = Town::new().await;
    let item = town.form_1().await;
    let path = format!("/work/do/{}", item.id);
    let liaison = town.test.liaison_of(&town.village).await;
    let fields = complete("0", "key-00000001");
    liaison.post_files(&path, &fields, &[]).await.assert_leads_to(&path);
    let before = town.test.trail_length().await;
    liaison.post_files_unaudited(&path, &fields, &[]).await.assert_leads_to(&path);
    assert_eq!(town.test.trail_length().await, before);
    let all = duties::submissions_of(town.test.app.db.reader(), &town.test.town, &item.id).await.unwrap();
    assert_eq!(all.len(), 1);
}

#[tokio::test]
async fn nothing_happened_this_week_is_a_report() {
    let town = Town::new().await;
    let path = format!("/work/do/{}", town.weekly().await.id);
    let liaison = town.test.liaison_of(&town.village).await;
    liaison.get(&path).await.assert_contains("本周无活动");
    let fields = [("version", "0"), ("key", "key-00000002"), ("action", "zero")];
    liaison.post_files(&path, &fields, &[]).await.assert_leads_to(&path);
    liaison.get(&path).await.assert_contains("已收到零报告");
}

#[tokio::test]
async fn form_1_cannot_be_a_zero_report() {
    let town = Town::new().await;
    let path = format!("/work/do/{}", town.form_1().await.id);
    let liaison = town.test.liaison_of(&town.village).await;
    liaison.get(&path).await.assert_lacks("本周无活动");
    let fields = [("version", "0"), ("key", "key-00000002"), ("action", "zero"), ("unit_plan", "留着")];
    liaison.post_files(&path, &fields, &[]).await.assert_status(422).assert_contains("留着");
}

#[tokio::test]
async fn what_was_sent_back_shows_the_comment_at_its_part() {
    let town = Town::new().await;
    let item = town.form_1().await;
    let path = format!("/work/do/{}", item.id);
    let liaison = town.test.liaison_of(&town.village).await;
    liaison
        .post_files(&path, &complete("0", "key-00000001"), &[("files", "方案.txt", b"plan")])
        .await
        .assert_status(303);
    let sent = duties::submissions_of(town.test.app.db.reader(), &town.test.town, &item.id).await.unwrap();
    let cmd = SendBack {
        submission_id: sent[0].id.clone(),
        comment: "请补正".to_owned(),
        parts: [(duties::Part::UnitPlan, "方案没有写负责人".to_owned())].into(),
        others: Vec::new(),
    };
    duties::send_back(&town.test.app, &town.office.actor, cmd).await.unwrap();
    liaison.get("/work").await.assert_contains("退回").assert_contains("请补正").assert_contains("去修改");
    let page = liaison.get(&path).await;
    page.assert_contains("方案没有写负责人")
        .assert_contains("成立小组")
        .assert_contains("方案.txt")
        .assert_contains("重新报送");
    let version = value(&page.text(), "version");
    let key = format!("{}-2", value(&page.text(), "key"));
    liaison.post_files(&path, &complete(&version, &key), &[]).await.assert_leads_to(&path);
    liaison.get(&path).await.assert_contains("报送记录").assert_contains("方案.txt");
}

#[tokio::test]
async fn two_colleagues_at_once_are_shown_both_versions() {
    let town = Town::new().await;
    let path = format!("/work/do/{}", town.form_1().await.id);
    let first = town.test.liaison_of(&town.village).await;
    let second = town.test.liaison_named(&town.village, "李桂兰").await;
    first.get(&path).await.assert_ok();
    let theirs = [("version", "0"), ("has_liaison_form", "1"), ("name", "李桂兰"), ("unit_plan", "李桂兰写的方案")];
    second.post_unaudited(&format!("{path}/draft"), &theirs).await.assert_status(204);
    let draft = [("version", "0"), ("has_liaison_form", "1"), ("name", "王二柱"), ("unit_plan", "我写的方案")];
    first.post_unaudited(&format!("{path}/draft"), &draft).await.assert_status(409);
    let both = first.post_files(&path, &complete("0", "key-00000001"), &[]).await;
    both.assert_status(409).assert_contains("李桂兰写的方案").assert_contains("成立小组，逐户排查。");
    let version = value(&both.text(), "version");
    first.post_files(&path, &complete(&version, "key-00000001"), &[]).await.assert_leads_to(&path);
}

#[tokio::test]
async fn a_closed_campaign_answers_in_words_and_leads_on() {
    let town = Town::new().await;
    let item = town.form_1().await;
    let path = format!("/work/do/{}", item.id);
    let close = campaigns::Close { campaign_id: town.campaign.clone(), note: "活动圆满结束。".to_owned() };
    campaigns::close(&town.test.app, &town.office.actor, close).await.unwrap();
    let liaison = town.test.liaison_of(&town.village).await;
    liaison.get(&path).await.assert_ok().assert_contains("不再接收报送").assert_contains("回到待办");
    let late = liaison.post_files(&path, &complete("0", "key-00000001"), &[]).await;
    late.assert_status(409).assert_contains("刚才的内容没有报送").assert_contains("回到待办");
}

#[tokio::test]
async fn a_button_pressed_twice_at_once_is_one_submission_with_one_copy_of_each_file() {
    let town = Town::new().await;
    let item = town.form_1().await;
    let path = format!("/work/do/{}", item.id);
    let liaison = town.test.liaison_of(&town.village).await;
    let (fields, photo) = (complete("0", "key-00000001"), [("files", "现场.jpg", b"\xff\xd8\xff\xe0".as_slice())]);
    let send = || liaison.post_files_unaudited(&path, &fields, &photo);
    let draft = "version=0&key=key-00000001&unit_plan=x";
    let (keep, kind) = (format!("{path}/draft"), Some("application/x-www-form-urlencoded"));
    let (one, two, three, four) = tokio::join!(send(), send(), send(), liaison.send("POST", &keep, kind, draft));
    for answer in [one, two, three] {
        answer.assert_leads_to(&path);
    }
    four.assert_status(204);
    let db = town.test.app.db.reader();
    let all = duties::submissions_of(db, &town.test.town, &item.id).await.unwrap();
    assert_eq!(all.iter().map(|one| one.state.code()).collect::<Vec<_>>(), ["submitted"]);
    let files = crate::platform::blobs::files_of(db, &town.test.town, "submission", all[0].id.as_str()).await.unwrap();
    assert_eq!(files.len(), 1);
    liaison.get(&path).await.assert_contains("回执编号");
}

#[tokio::test]
async fn a_form_with_a_thousand_files_keeps_what_a_submission_may_hold() {
    let town = Town::new().await;
    let path = format!("/work/do/{}", town.form_1().await.id);
    let liaison = town.test.liaison_of(&town.village).await;
    let files = vec![("files", "现场.jpg", b"\xff\xd8\xff\xe0".as_slice()); 1000];
    let answer = liaison.post_files_unaudited(&path, &complete("0", "key-00000001"), &files).await;
    answer.assert_status(422).assert_contains("最多报送30个文件");
}
