//! Drafts: made, written, lost to nobody, approved, sent back.

use super::*;

#[tokio::test]
async fn a_draft_is_written_submitted_and_approved_by_the_leader_alone() {
    let s = Situation::new().await;
    let id = s.submitted("关于开展检查的通知").await;
    assert_eq!(s.paper(&id).await.state, Stand::Submitted);
    let page = s.town.office.get(&format!("/documents/{id}")).await;
    page.assert_contains("登记审签").assert_contains("（未编号）").assert_contains("草稿");
    s.town.office.post(&format!("/documents/{id}/approve"), &[]).await.assert_status(409);
    s.leader.get(&format!("/documents/{id}")).await.assert_contains("审签同意");
    s.leader.post(&format!("/documents/{id}/approve"), &[]).await.assert_status(303);
    let paper = s.paper(&id).await;
    assert_eq!(paper.state, Stand::Approved);
    assert!(!paper.approved_by.contains("纸质"));
    s.town.office.post(&format!("/documents/{id}/edit"), &[("title", "改"), ("version", "4")]).await.assert_status(409);
}

#[tokio::test]
async fn approval_on_paper_is_noted_with_both_names() {
    let s = Situation::new().await;
    let id = s.submitted("关于开展检查的通知").await;
    s.town.office.post(&format!("/documents/{id}/approve"), &[("approver", "巴特尔")]).await.assert_status(303);
    let by = s.paper(&id).await.approved_by;
    assert!(by.starts_with("巴特尔（纸质审签，") && by.contains(&s.town.office.actor.name), "{by}");
}

#[tokio::test]
async fn what_is_incomplete_is_not_submitted_and_nothing_typed_is_lost() {
    let s = Situation::new().await;
    let id = s.blank("report").await;
    let fields = [
        ("title", "关于情况的报告"),
        ("body", "如下。"),
        ("signature", "测试镇"),
        ("version", "1"),
        ("action", "submit"),
    ];
    let answer = s.town.office.post(&format!("/documents/{id}/edit"), &fields).await;
    answer.assert_status(422).assert_contains("上行文要标明签发人。").assert_contains("如下。");
    assert_eq!(s.paper(&id).await.state, Stand::Draft);
}

#[tokio::test]
async fn who_saves_second_keeps_the_words_and_is_told() {
    let s = Situation::new().await;
    let id = s.written("关于开展检查的通知").await;
    let answer = s
        .town
        .office
        .post(&format!("/documents/{id}/edit"), &[("title", "另一个"), ("body", "我的话。"), ("version", "1")])
        .await;
    answer.assert_status(409).assert_contains("刚刚保存过这份草稿").assert_contains("我的话。");
    assert_eq!(s.paper(&id).await.content.title, "关于开展检查的通知");
}

#[tokio::test]
async fn a_document_sent_back_is_a_draft_again_with_the_reason() {
    let s = Situation::new().await;
    let id = s.approved("关于开展检查的通知").await;
    s.leader.post(&format!("/documents/{id}/return"), &[("comment", "")]).await.assert_status(409);
    s.leader.post(&format!("/documents/{id}/return"), &[("comment", "请写明时间。")]).await.assert_status(303);
    s.town.office.get(&format!("/documents/{id}/edit")).await.assert_contains("请写明时间。");
    assert_eq!(s.paper(&id).await.approved_at, None);
}

#[tokio::test]
async fn a_brief_is_filled_from_the_week_and_each_figure_leads_to_its_page() {
    let s = Situation::new().await;
    s.town.test.set_clock("2022-06-16T15:00:00+08:00");
    let about = format!("{}/2", s.town.campaign);
    s.town.office.get("/documents/new?template=brief").await.assert_contains(&about);
    let answer = s.town.office.post("/documents/new", &[("template", "brief"), ("about", &about)]).await;
    answer.assert_leads_to("/documents/");
    let found =
        store::page(s.town.test.app.db.reader(), &s.town.test.town, &store::Wanted::default(), 9).await.unwrap();
    let paper = &found[0];
    assert_eq!((paper.kind, paper.state), (Kind::Brief, Stand::Draft));
    for from in ["/campaigns/", "/statistics/records?", "/records?"] {
        assert!(paper.content.sources.iter().any(|link| link.starts_with(from)), "{from}: {paper:?}");
    }
    assert!(paper.content.body.contains("](1)") && !paper.content.body.contains("{{"), "{}", paper.content.body);
    let fields = [("title", "简报"), ("body", "已报[1](1)家。"), ("signature", "测试镇"), ("version", "1")];
    s.town.office.post(&format!("/documents/{}/edit", paper.id), &fields).await.assert_status(303);
    assert_eq!(s.paper(&paper.id).await.content.sources, paper.content.sources, "a rewritten draft keeps them");
    let shown = s.town.office.get(&format!("/documents/{}", paper.id)).await;
    shown.assert_contains("数字来源").assert_contains("class=\"official-figure\"");
}

#[tokio::test]
async fn every_built_in_template_makes_a_draft() {
    let s = Situation::new().await;
    s.town.test.set_clock("2022-06-16T15:00:00+08:00");
    let about = format!("{}/2", s.town.campaign);
    for code in ["brief", "summary", "reporting", "notice", "report", "request", "letter", "minutes"] {
        let form = new::NewForm { template: code.to_owned(), about: about.clone() };
        let id = new::draft(&s.town.test.app, &s.town.office.actor, &form).await.unwrap();
        s.town.office.get(&format!("/documents/{id}")).await.assert_ok();
        s.town.office.get(&format!("/documents/{id}/edit")).await.assert_ok();
    }
    s.town.office.get("/documents?q=简报").await.assert_contains("工作简报").assert_lacks("工作总结（");
    let none = new::NewForm { template: "brief".to_owned(), about: String::new() };
    assert!(new::draft(&s.town.test.app, &s.town.office.actor, &none).await.is_err());
}

#[tokio::test]
async fn an_office_below_sees_its_own_documents_only() {
    let s = Situation::new().await;
    let id = s.written("关于开展检查的通知").await;
    let below = s.town.test.actor_at(Role::Office, &s.town.village).await;
    below.get(&format!("/documents/{id}")).await.assert_status(404);
    below.get("/documents").await.assert_lacks("关于开展检查的通知");
    below.get("/documents/templates").await.assert_status(403);
}

#[tokio::test]
async fn content_is_kept_as_it_was_written() {
    let s = Situation::new().await;
    let id = s.written("关于“安全[一]”的通知").await;
    assert_eq!(
        s.paper(&id).await.content,
        Content {
            title: "关于“安全[一]”的通知".to_owned(),
            body: "请各单位落实。".to_owned(),
            signature: "测试镇人民政府".to_owned(),
            ..Content::default()
        }
    );
}

#[tokio::test]
async fn a_document_goes_out_as_a_word_file_that_reads_back() {
    let s = Situation::new().await;
    let id = s.approved("关于开展检查的通知").await;
    let draft = s.town.office.get(&format!("/documents/{id}/file/docx")).await;
    assert!(text_of(&draft.bytes).contains("未编号"));
    s.issue(&id, "测政发", "0").await.unwrap();
    let text = text_of(&s.town.office.get(&format!("/documents/{id}/file/docx")).await.bytes);
    for words in ["测政发〔2022〕1号", "关于开展检查的通知", "请各单位落实。", "测试镇人民政府", "2022年6月13日"]
    {
        assert!(text.contains(words), "{words}: {text}");
    }
    s.town.office.get(&format!("/documents/{id}/file/exe")).await.assert_status(404);
}

fn text_of(docx: &[u8]) -> String {
    official_doc::read(docx, Some("a.docx")).expect("a document").lines.join("\n")
}
