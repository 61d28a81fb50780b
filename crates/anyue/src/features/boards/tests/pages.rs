use askama::Template as _;

use crate::features::duties::api::*;
use crate::features::duties::tests::{Situation, good_form};
use crate::features::units::api::UnitKind;
use crate::platform::auth::Role;
use crate::platform::db::sql;

/// A situation with every word on the board: one received, one returned, one excused, the rest open.
pub(super) async fn mixed() -> Situation {
    let s = Situation::new().await;
    let app = &s.test.app;
    for unit in [0, 1] {
        let item = s.thursday(unit).await;
        let liaison = s.liaison(unit).await;
        s.send(&liaison, &item, "本周宣讲两场").await;
    }
    let id = s.thursday(1).await.submission_id.unwrap();
    let cmd =
        SendBack {
            submission_id: id, comment: "请写明人数".to_owned(), parts: Default::default(), others: Vec::new()
        };
    send_back(app, &s.office.actor, cmd).await.unwrap();
    let cmd = Excuse { occurrence_id: s.thursday(3).await.id, reason: "停产".to_owned() };
    excuse(app, &s.office.actor, cmd).await.unwrap();
    s
}

#[tokio::test]
async fn the_board_is_for_the_office_that_runs_the_campaign() {
    let s = mixed().await;
    let board = format!("/campaigns/{}/board", s.campaign);
    s.test.anonymous().get(&board).await.assert_leads_to("/signin");
    s.test.liaison_of(&s.units[0]).await.get(&board).await.assert_status(403);
    s.office.get(&board).await.assert_ok().assert_contains("东沟村").assert_contains("每个单位");
    s.office.get("/campaigns/none/board").await.assert_status(404);
    let village = s.test.actor_at(Role::Office, &s.units[0]).await;
    village.get(&board).await.assert_ok().assert_contains("东沟村").assert_lacks("西沟村");
}

#[tokio::test]
async fn a_draft_campaign_has_no_board() {
    let s = mixed().await;
    let tx = s.test.app.db.begin(&s.test.town).await.unwrap();
    sql("UPDATE campaigns SET state = 'draft'").execute(&*tx).await.unwrap();
    tx.commit_unaudited("test").await.unwrap();
    s.office.get(&format!("/campaigns/{}/board", s.campaign)).await.assert_status(404);
}

#[tokio::test]
async fn the_four_words_equal_a_recount_of_the_rows_after_every_step() {
    let s = mixed().await;
    let app = &s.test.app;
    let address = format!("/api/v1/campaigns/{}/board", s.campaign);
    for step in 0..4 {
        match step {
            1 => {
                let id = s.thursday(0).await.submission_id.unwrap();
                accept(app, &s.office.actor, Accept { submission_id: id }).await.unwrap();
            }
            2 => drop(s.send(&s.liaison(1).await, &s.thursday(1).await, "两场86人").await),
            3 => s.test.set_clock("2022-06-17T08:30:00+08:00"),
            _ => {}
        }
        let json = s.office.get(&address).await.json();
        let mut shown = [0i64; 4];
        for row in json["units"].as_array().unwrap() {
            for cell in row["cells"].as_array().unwrap() {
                match cell.as_str() {
                    Some("received") => shown[0] += 1,
                    Some("returned") => shown[1] += 1,
                    Some("not_yet") => shown[2] += 1,
                    Some("not_applicable") => shown[3] += 1,
                    _ => {}
                }
            }
        }
        let tally = &json["tally"];
        let told = ["received", "returned", "not_yet", "not_applicable"].map(|word| tally[word].as_i64().unwrap());
        assert_eq!(shown, told, "step {step}");
        // The rows of the dates shown: 16 June, then 23 June for the weekly report.
        let weekly = json["duties"][2]["due_at"].as_i64().unwrap();
        let mut counted = [0i64; 4];
        for (n, states) in [("'submitted', 'accepted'", 0), ("'returned'", 1), ("'open'", 2), ("'not_applicable'", 3)]
            .map(|(a, b)| (b, a))
        {
            counted[n] = sql(format!(
                "SELECT COUNT(*) FROM occurrences WHERE duty_id IN ('d1', 'd2', 'd3') AND state IN ({states}) \
                   AND (duty_id <> 'd3' OR due_at = $1)"
            ))
            .bind(weekly)
            .scalar(app.db.reader())
            .await
            .unwrap()
            .unwrap();
        }
        assert_eq!(told, counted, "step {step}");
    }
}

#[tokio::test]
async fn filters_live_in_the_address_and_narrow_the_rows() {
    let s = mixed().await;
    let board = |query: &str| format!("/campaigns/{}/board?{query}", s.campaign);
    s.office.get(&board("state=returned")).await.assert_contains("西沟村").assert_lacks("东沟村");
    s.office.get(&board("kind=mine")).await.assert_contains("云岭铁矿").assert_lacks("东沟村");
    s.office.get(&board("q=%E5%8C%97")).await.assert_contains("北山村").assert_lacks("东沟村");
    s.office.get(&board("duty=d3&owing=1")).await.assert_contains("北山村").assert_lacks("云岭铁矿");
    s.office.get(&board("q=nobody")).await.assert_contains("没有符合条件的单位");
    s.office.get(&board("on=2022-06-20")).await.assert_contains("6月23日这一期").assert_contains("上一期");
    s.office.get(&board("on=2022-06-01")).await.assert_contains("6月2日这一期").assert_lacks("上一期");
    s.office.get(&board("state=%00&kind=x&on=never&duty=none")).await.assert_ok();
}

#[tokio::test]
async fn overdue_is_said_in_words() {
    let s = mixed().await;
    s.test.set_clock("2022-06-16T12:00:01+08:00");
    let board = format!("/campaigns/{}/board?on=2022-06-16", s.campaign);
    s.office.get(&board).await.assert_contains("未报·逾期").assert_contains("退回·逾期");
}

#[tokio::test]
async fn what_is_overdue_on_an_earlier_date_is_still_found() {
    let s = mixed().await;
    s.test.set_clock("2022-06-17T08:30:00+08:00");
    let board = |query: &str| format!("/campaigns/{}/board{query}", s.campaign);
    // The week shown is that of 23 June; two units owe that of 16 June, and four the acknowledgement.
    let first = s.office.get(&board("")).await;
    first.assert_contains("6月23日这一期").assert_contains("逾期 6").assert_contains("全部期次合计：已报 ");
    let overdue = s.office.get(&board("?state=overdue&duty=d3")).await;
    overdue.assert_contains("6月16日 退回·逾期").assert_contains("北山村").assert_contains("各期逾期的");
    overdue.assert_lacks(">东沟村<").assert_lacks("云岭铁矿");
}

#[tokio::test]
async fn what_waits_for_review_is_found_on_any_date() {
    let s = mixed().await;
    s.test.set_clock("2022-06-17T08:30:00+08:00");
    let board = |query: &str| format!("/campaigns/{}/board{query}", s.campaign);
    s.office.get(&board("")).await.assert_contains("待审核 1");
    let waiting = s.office.get(&board("?state=to_review")).await;
    waiting.assert_contains(">东沟村<").assert_contains("6月16日 待审核").assert_lacks(">西沟村<");
    let console = s.office.get("/console").await;
    console.assert_contains("state=to_review").assert_contains("待审核　1件");
}

#[tokio::test]
async fn a_duty_with_one_date_has_none_before_or_after() {
    let s = mixed().await;
    s.office.get("/duties/d3").await.assert_contains("上一期").assert_contains("下一期");
    s.office.get("/duties/d2").await.assert_ok().assert_lacks("上一期").assert_lacks("下一期");
}

#[tokio::test]
async fn a_write_is_seen_at_once_on_the_next_board() {
    let s = mixed().await;
    let board = format!("/campaigns/{}/board", s.campaign);
    let before = s.office.get(&board).await.text();
    assert_eq!(before, s.office.get(&board).await.text());
    s.send(&s.liaison(2).await, &s.thursday(2).await, "宣讲").await;
    assert_ne!(before, s.office.get(&board).await.text());
}

#[tokio::test]
async fn the_board_is_saved_as_xlsx_and_csv() {
    let s = mixed().await;
    let csv = s.office.get(&format!("/campaigns/{}/board/csv", s.campaign)).await;
    csv.assert_ok().assert_contains("嘎查村,东沟村,未报,未报,已报");
    assert!(csv.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
    let xlsx = s.office.get(&format!("/campaigns/{}/board/xlsx?state=returned", s.campaign)).await;
    let table = official_doc::table::read(&xlsx.bytes, None).unwrap();
    assert_eq!(table.rows.len(), 2);
    s.office.get(&format!("/campaigns/{}/board/exe", s.campaign)).await.assert_status(404);
}

#[tokio::test]
async fn reminding_shows_the_message_and_the_units_before_anything_is_sent() {
    let s = mixed().await;
    let page = s.office.get(&format!("/campaigns/{}/remind?duty=d3", s.campaign)).await;
    page.assert_ok().assert_contains("已退回，请修改后再次报送").assert_contains("还没有收到");
    assert_eq!(s.messages(&s.units[2].id, "reminder").await, 0);
    let unit = s.units[2].id.as_str();
    let fields = [("duty", "d3"), ("unit", unit)];
    let sent = s.office.post(&format!("/campaigns/{}/remind", s.campaign), &fields).await;
    sent.assert_leads_to("/duties/d3");
    s.test.work_off().await;
    assert!(s.messages(&s.units[2].id, "reminder").await > 0);
    assert_eq!(s.messages(&s.units[1].id, "reminder").await, 0, "was not asked for");
    s.office.post(&format!("/campaigns/{}/remind", s.campaign), &[("duty", "d3")]).await.assert_status(409);
}

#[tokio::test]
async fn a_units_page_shows_its_duties_of_the_campaign() {
    let s = mixed().await;
    let page = s.office.get(&format!("/campaigns/{}/units/{}", s.campaign, s.units[1].id)).await;
    page.assert_ok().assert_contains("退回").assert_contains("未签收").assert_contains("下发时已过期");
}

#[tokio::test]
async fn the_summary_has_a_row_for_every_unit_also_for_those_without_an_answer() {
    let s = mixed().await;
    let item = s.item(0, "d2").await;
    let mut cmd = s.command(&item, "方案");
    cmd.payload.liaison_form = Some(good_form());
    submit(&s.test.app, &s.liaison(0).await, cmd).await.unwrap();
    let address = format!("/campaigns/{}/liaisons", s.campaign);
    let page = s.office.get(&address).await;
    page.assert_contains("李桂兰").assert_contains("北山村").assert_contains("4 个单位，已报 1，未报 3");
    let table = official_doc::table::read(&s.office.get(&format!("{address}/xlsx")).await.bytes, None).unwrap();
    let names = |row: &official_doc::table::Row| row.cell(1).to_owned();
    let units: Vec<String> = table.rows.iter().map(names).filter(|name| name.ends_with('村')).collect();
    assert!(units.len() >= 2 && table.rows.iter().any(|row| row.cell(0).contains("已报1个，未报3个")), "{table:?}");
    let paper = s.office.get(&format!("{address}/docx")).await.assert_ok().bytes.clone();
    let text = official_doc::read(&paper, Some("a.docx")).unwrap().lines.join("\n");
    assert!(text.contains("联络员名单汇总") && text.contains("李桂兰") && text.contains("未报"), "{text}");
    s.office.get(&format!("{address}/csv")).await.assert_contains("李桂兰");
    s.office.get(&format!("{address}/odt")).await.assert_status(404);
    let sent = s.item(0, "d2").await.submission_id.unwrap();
    let form = s.office.get(&format!("/submissions/{sent}/form/docx")).await.assert_ok().bytes.clone();
    let text = official_doc::read(&form, Some("a.docx")).unwrap().lines.join("\n");
    assert!(text.contains("附件1") && text.contains("填报单位（盖章）：东沟村") && text.contains("李桂兰"), "{text}");
    let leader = s.test.actor_at(Role::Leader, &s.units[1]).await;
    leader.get(&format!("/submissions/{sent}/form/docx")).await.assert_status(404);
    s.office.get(&format!("/units/{}", s.units[0].id)).await.assert_contains("李桂兰");
    let elsewhere = s.test.unit("南山村", UnitKind::Village).await;
    let other = s.test.actor_at(Role::Office, &elsewhere).await;
    other.get(&address).await.assert_lacks("李桂兰");
}

#[tokio::test]
async fn the_list_of_acknowledgements_names_who_and_when() {
    let s = mixed().await;
    let cmd = Acknowledge { campaign_id: s.campaign.clone(), unit_id: s.units[0].id.clone(), edition: 1 };
    acknowledge(&s.test.app, &s.liaison(0).await, cmd).await.unwrap();
    let address = format!("/campaigns/{}/acknowledgements", s.campaign);
    s.office.get(&address).await.assert_contains("已签收 1").assert_contains("6月13日 08:30");
    s.office.get(&format!("{address}?only=no")).await.assert_lacks("东沟村").assert_contains("西沟村");
    s.office.get(&format!("{address}/csv")).await.assert_contains("东沟村,已签收,测试联络员");
}

#[tokio::test]
async fn with_one_campaign_the_chooser_leads_straight_to_its_board() {
    let s = mixed().await;
    s.office.get("/duties").await.assert_leads_to(&format!("/campaigns/{}/board", s.campaign));
}

#[test]
fn every_page_renders() {
    use super::super::*;
    let pages = [
        ("board", board::BoardPage::sample().render().unwrap()),
        ("chooser", chooser::ChooserPage::sample().render().unwrap()),
        ("duty", duty::DutyPage::sample().render().unwrap()),
        ("remind", remind::RemindPage::sample().render().unwrap()),
        ("liaisons", liaisons::LiaisonsPage::sample().render().unwrap()),
        ("acknowledgements", acknowledgements::AcknowledgementsPage::sample().render().unwrap()),
        ("submission", submission::SubmissionPage::sample().render().unwrap()),
        ("unit", unit::UnitPage::sample().render().unwrap()),
        ("decide", decide::DecidePage::sample().render().unwrap()),
    ];
    for (name, html) in pages {
        assert!(!html.contains("style=\""), "{name}");
        if let Ok(folder) = std::env::var("ANYUE_LOOK") {
            std::fs::write(format!("{folder}/{name}.html"), html).unwrap();
        }
    }
}

#[tokio::test]
async fn the_office_of_a_unit_that_receives_nothing_does_not_see_the_campaign() {
    let s = mixed().await;
    let elsewhere = s.test.unit("南山村", UnitKind::Village).await;
    let other = s.test.actor_at(Role::Office, &elsewhere).await;
    for path in ["board", "board/csv", "acknowledgements", "liaisons", "remind"] {
        other.get(&format!("/campaigns/{}/{path}", s.campaign)).await.assert_status(404);
    }
    other.get("/duties/d2").await.assert_status(404);
    let own = s.test.actor_at(Role::Office, &s.units[0]).await;
    own.get(&format!("/campaigns/{}/board", s.campaign)).await.assert_ok().assert_contains("东沟村");
}

#[tokio::test]
async fn an_extension_to_the_year_9999_is_a_slip_of_the_pen() {
    let s = mixed().await;
    let item = s.item(3, "d2").await;
    let form = [("until", "9999-12-31"), ("reason", "汛期")];
    let answer = s.office.post(&format!("/occurrences/{}/extend", item.id), &form).await;
    answer.assert_status(422).assert_contains("最多延期一年").assert_contains("汛期");
}
