//! Templates as a town changes them.

use super::*;

#[tokio::test]
async fn a_town_changes_a_template_and_drafts_follow() {
    let s = Situation::new().await;
    let fields = [
        ("title", "{{ 单位.名称 }}关于检查的通知"),
        ("body", "今天是{{ 今天 }}。"),
        ("signature", "测试镇"),
        ("version", "0"),
    ];
    s.town.office.post("/documents/templates/notice", &fields).await.assert_status(303);
    let paper = s.paper(&s.blank("notice").await).await;
    assert_eq!(paper.content.body, "今天是2022年6月13日。");
    assert!(paper.content.title.ends_with("关于检查的通知") && !paper.content.title.contains('{'));
    s.town.office.post("/documents/templates/notice", &fields).await.assert_status(409);
    s.town
        .office
        .post("/documents/templates/notice", &[("action", "restore"), ("version", "1")])
        .await
        .assert_status(303);
    assert!(s.paper(&s.blank("notice").await).await.content.body.is_empty());
}

#[tokio::test]
async fn a_wrong_placeholder_is_refused_with_its_line_and_what_stood_stays() {
    let s = Situation::new().await;
    let fields = [("title", "通知"), ("body", "好\n{{ 单位.名字 }}"), ("signature", "测试镇"), ("version", "0")];
    let answer = s.town.office.post("/documents/templates/notice", &fields).await;
    answer.assert_status(422).assert_contains("第2行：“单位.名字”不在可用的内容里").assert_contains("{{ 单位.名字 }}");
    assert!(s.paper(&s.blank("notice").await).await.content.body.is_empty());
}

#[tokio::test]
async fn a_template_is_tried_with_the_newest_campaign_before_it_is_kept() {
    let s = Situation::new().await;
    s.town.test.set_clock("2022-06-16T15:00:00+08:00");
    let fields = [
        ("title", "简报"),
        ("body", "已报{{ 本周.已报 }}家。"),
        ("signature", "测试镇"),
        ("version", "0"),
        ("action", "preview"),
    ];
    let answer = s.town.office.post_unaudited("/documents/templates/brief", &fields).await;
    answer.assert_ok().assert_contains("class=\"official-figure\"").assert_contains("本周.应报");
    s.town.office.get("/documents/templates").await.assert_contains("内置");
}
