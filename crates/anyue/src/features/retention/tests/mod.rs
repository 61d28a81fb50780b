//! Terms, holds, runs and the log, through the router.

use super::{classes, run, store};
use crate::features::campaigns::api::{self as campaigns, Close};
use crate::features::duties::api::{self as duties, Payload, SaveDraft};
use crate::platform::auth::{Actor, Role};
use crate::platform::db::sql;
use crate::platform::ids::{AccountId, JurisdictionId};
use crate::platform::retention::{self, Class, Sum};
use crate::testing::{Client, PublishedTown, TestApp};

/// A town with messages, one of each of these days, and its system administrator.
struct Situation {
    test: TestApp,
    sysadmin: Client,
}

const MESSAGES: &str = "/retention/classes/messages";

impl Situation {
    async fn new(days: &[&str]) -> Self {
        let test = TestApp::new().await;
        let sysadmin = test.actor(Role::Sysadmin).await;
        for day in days {
            message(&test, &test.town, test.root.id.as_str(), day).await;
        }
        Self { test, sysadmin }
    }

    async fn set(&self, days: &str, reason: &str) {
        let form = [("term", "days"), ("days", days), ("reason", reason)];
        self.sysadmin.post(MESSAGES, &form).await.assert_leads_to(MESSAGES);
    }

    async fn messages(&self) -> Vec<String> {
        let town = &self.test.town;
        let text = "SELECT title FROM messages WHERE jurisdiction_id = $1 ORDER BY created_at";
        sql(text).bind(town).scalars(self.test.app.db.reader()).await.unwrap()
    }

    async fn log(&self) -> Vec<store::Removal> {
        let filter = store::LogFilter::default();
        store::removals(self.test.app.db.reader(), &self.test.town, &filter, None, 100).await.unwrap()
    }

    async fn due(&self, class: &Class) -> Sum {
        let (app, town) = (&self.test.app, &self.test.town);
        let days = retention::days(app.db.reader(), town, class, app.now()).await.unwrap().unwrap();
        retention::sum(app.db.reader(), town, class, retention::cut(app.now(), days)).await.unwrap()
    }

    /// The coming night's run.
    async fn night(&self, at: &str) {
        run::plan_all(&self.test.app).await.unwrap();
        self.test.set_clock(at);
        self.test.work_off().await;
    }
}

async fn message(test: &TestApp, town: &JurisdictionId, unit: &str, at: &str) {
    let tx = test.app.db.begin(town).await.unwrap();
    sql("INSERT INTO messages (jurisdiction_id, message_id, unit_id, kind, title, body, dedup_key, created_at) \
         VALUES ($1, $2, $3, 'other', $4, '内容', $2, $5)")
    .bind(town)
    .bind(test.app.ids.id::<String>())
    .bind(unit)
    .bind(at)
    .bind(at.parse::<jiff::Timestamp>().unwrap().as_millisecond())
    .execute(&*tx)
    .await
    .unwrap();
    tx.commit_unaudited("a test's message").await.unwrap();
}

async fn trail(test: &TestApp, kind: &str) -> i64 {
    let text = "SELECT COUNT(*) FROM audit_events WHERE jurisdiction_id = $1 AND kind = $2";
    sql(text).bind(&test.town).bind(kind).scalar(test.app.db.reader()).await.unwrap().unwrap_or_default()
}

const OLD: &str = "2021-06-12T10:00:00+08:00";
/// With a term of 366 days kept through 13 June 2022, the day of the tests.
const LAST_KEPT: &str = "2021-06-12T00:00:00+08:00";
const DUE: &str = "2021-06-11T23:59:59+08:00";

#[tokio::test]
async fn terms_are_set_for_the_whole_town_by_its_system_administrator_only() {
    let s = Situation::new(&[]).await;
    let form = [("term", "days"), ("days", "400"), ("reason", "旗里要求")];
    s.test.actor(Role::Office).await.get("/retention").await.assert_status(403);
    let auditor = s.test.actor(Role::Auditor).await;
    auditor.get("/retention").await.assert_ok().assert_contains("永久保存").assert_contains("操作记录");
    auditor.get(MESSAGES).await.assert_ok().assert_lacks("修改期限");
    auditor.post(MESSAGES, &form).await.assert_status(403);
    let village = s.test.unit("东沟村", crate::features::units::api::UnitKind::Village).await;
    let below = s.test.actor_at(Role::Sysadmin, &village).await;
    below.get("/retention").await.assert_status(403).assert_contains("系统管理员");
    below.post(MESSAGES, &form).await.assert_status(403);
    s.sysadmin.get("/retention/classes/nothing").await.assert_status(404);
    let fixed = "/retention/classes/uploads_unfinished";
    s.sysadmin.get(fixed).await.assert_ok().assert_lacks("修改期限").assert_contains("不能修改");
    s.sysadmin.post(fixed, &form).await.assert_status(409).assert_contains("固定");
    let short = [("term", "days"), ("days", "29"), ("reason", "旗里要求")];
    s.sysadmin
        .post(MESSAGES, &short)
        .await
        .assert_status(422)
        .assert_contains("最短30天")
        .assert_contains("value=\"29\"");
    let same = [("term", "days"), ("days", "366"), ("reason", "旗里要求")];
    s.sysadmin.post(MESSAGES, &same).await.assert_status(409);
    s.sysadmin.post(&format!("{MESSAGES}/undo"), &[]).await.assert_status(409);
}

#[tokio::test]
async fn a_longer_term_counts_at_once_and_a_shorter_one_waits_for_seven_days() {
    let s = Situation::new(&[OLD, "2022-01-01T10:00:00+08:00"]).await;
    s.set("100", "省空间").await;
    let page = s.sysadmin.get(MESSAGES).await;
    page.assert_contains("6月20日（周一）起改为100天").assert_contains("撤销缩短");
    s.sysadmin.get("/retention").await.assert_contains("6月20日（周一）起改为100天");
    s.night("2022-06-14T03:00:00+08:00").await;
    assert_eq!(s.messages().await.len(), 1, "by the term of 366 days");
    s.night("2022-06-19T23:59:00+08:00").await;
    assert_eq!(s.messages().await.len(), 1, "the shorter one still waits");
    s.night("2022-06-20T03:00:00+08:00").await;
    assert!(s.messages().await.is_empty());
    let log = s.log().await;
    assert_eq!((log[0].days, log[0].rule_version, log[0].why.as_str()), (100, 1, "省空间"));
    assert_eq!((log[1].days, log[1].rule_version, log[1].why.as_str()), (366, 0, ""));
    s.set("500", "旗里要求").await;
    s.sysadmin.get(MESSAGES).await.assert_contains("500天").assert_lacks("撤销缩短").assert_contains("已被取代");
    let forever = [("term", "forever"), ("days", ""), ("reason", "长期保存")];
    s.sysadmin.post(MESSAGES, &forever).await.assert_leads_to(MESSAGES);
    s.sysadmin.get(MESSAGES).await.assert_contains("永久保存").assert_contains("没有到期的内容");
    assert_eq!(trail(&s.test, "retention.rule_set").await, 3);
}

#[tokio::test]
async fn a_shorter_term_that_was_taken_back_never_counts() {
    let s = Situation::new(&["2022-01-01T10:00:00+08:00"]).await;
    s.set("100", "省空间").await;
    s.sysadmin.post(&format!("{MESSAGES}/undo"), &[]).await.assert_leads_to(MESSAGES);
    s.sysadmin.get(MESSAGES).await.assert_contains("已撤销").assert_lacks("起改为");
    s.night("2022-06-30T03:00:00+08:00").await;
    assert_eq!(s.messages().await.len(), 1);
}

#[tokio::test]
async fn what_is_shown_beforehand_is_what_goes_and_nothing_else() {
    let s = Situation::new(&[LAST_KEPT, DUE, "2021-01-01T08:00:00+08:00"]).await;
    // Another town with the same.
    let other = JurisdictionId("other-town".to_owned());
    let tx = s.test.app.db.begin(&s.test.town).await.unwrap();
    sql("INSERT INTO jurisdictions (jurisdiction_id, name, created_at) VALUES ('other-town', '白音镇', 0)")
        .execute(&*tx)
        .await
        .unwrap();
    sql("INSERT INTO units (jurisdiction_id, unit_id, path, kind, name, name_key, state, created_at, updated_at) \
         VALUES ('other-town', 'other-unit', 'other-unit/', 'township', '白音镇', '白音镇', 'active', 0, 0)")
    .execute(&*tx)
    .await
    .unwrap();
    tx.commit_unaudited("another town").await.unwrap();
    message(&s.test, &other, "other-unit", "2020-01-01T08:00:00+08:00").await;

    let before = s.test.trail_length().await;
    let page = s.sysadmin.get(MESSAGES).await;
    page.assert_contains("2 项").assert_contains("清理 2 项").assert_contains(DUE).assert_lacks(LAST_KEPT);
    let csv = s.sysadmin.get(&format!("{MESSAGES}/due.csv")).await;
    assert_eq!(csv.assert_ok().text().lines().count(), 3);
    assert_eq!((s.messages().await.len(), s.test.trail_length().await), (3, before), "looking changes nothing");

    let run = format!("{MESSAGES}/run");
    s.sysadmin.post(&run, &[("seen", "3")]).await.assert_status(409).assert_contains("重新核对");
    s.sysadmin.post(&run, &[("seen", "2")]).await.assert_leads_to(MESSAGES);
    s.test.work_off().await;
    assert_eq!(s.messages().await, [LAST_KEPT]);
    s.sysadmin.post(&run, &[("seen", "0")]).await.assert_status(409).assert_contains("没有到期");
    let log = s.log().await;
    assert_eq!(
        (log.len(), log[0].items, log[0].asked_by.as_deref()),
        (1, 2, Some(s.sysadmin.actor.account_id.as_str()))
    );
    assert_eq!(log[0].list_hash.len(), 64);
    let page = s.sysadmin.get("/retention/log").await;
    page.assert_contains("站内消息")
        .assert_contains("2 项")
        .assert_contains("本系统默认")
        .assert_contains("测试系统管理员");
    s.sysadmin.get("/retention/log?class=sessions").await.assert_contains("没有清理记录");
    s.sysadmin.get("/retention/log?from=2022-06-14").await.assert_contains("没有清理记录");
    s.sysadmin.get("/retention/log?to=rubbish").await.assert_contains("日期不对");
    let csv = s.sysadmin.get("/retention/log.csv?class=messages&to=2022-06-13").await.assert_ok().text();
    assert!(csv.contains(&log[0].list_hash) && !csv.contains("内容\n"));
    let text = "SELECT COUNT(*) FROM messages WHERE jurisdiction_id = 'other-town'";
    let there: Option<i64> = sql(text).scalar(s.test.app.db.reader()).await.unwrap();
    assert_eq!(there, Some(1), "another town has its own nights");
    assert_eq!((trail(&s.test, "retention.asked").await, trail(&s.test, "retention.removed").await), (1, 1));
}

#[tokio::test]
async fn what_is_held_back_stays_by_night_and_by_hand_until_the_hold_ends() {
    let s = Situation::new(&[DUE]).await;
    let nothing = [("class", "rubbish"), ("reason", "")];
    let refused = s.sysadmin.post("/retention/holds", &nothing).await;
    refused.assert_status(422).assert_contains("请选择暂停哪些内容").assert_contains("为什么暂停");
    for target in ["messages", "all"] {
        let form = [("class", target), ("reason", "正在接受巡查")];
        s.sysadmin.post("/retention/holds", &form).await.assert_leads_to("/retention/holds");
        s.sysadmin.get("/retention").await.assert_contains("暂停清理").assert_contains("1 项");
        s.sysadmin.get(MESSAGES).await.assert_contains("正在接受巡查").assert_lacks("现在清理");
        let refused = s.sysadmin.post(&format!("{MESSAGES}/run"), &[("seen", "1")]).await;
        refused.assert_status(409).assert_contains("正在接受巡查");
        s.night("2022-06-14T03:00:00+08:00").await;
        assert_eq!((s.messages().await.len(), s.log().await.len()), (1, 0), "{target}");
        let hold = store::holds(s.test.app.db.reader(), &s.test.town).await.unwrap().remove(0).hold_id;
        let end = format!("/retention/holds/{hold}/end");
        s.sysadmin.post(&end, &[]).await.assert_leads_to("/retention/holds");
        s.sysadmin.post(&end, &[]).await.assert_status(409);
    }
    s.sysadmin.get("/retention/holds").await.assert_contains("恢复");
    s.night("2022-06-15T03:00:00+08:00").await;
    assert!(s.messages().await.is_empty());
}

#[tokio::test]
async fn a_run_that_was_stopped_between_two_portions_goes_on_where_it_was() {
    let s = Situation::new(&[]).await;
    let many = run::PORTION * 2 + 50;
    let tx = s.test.app.db.begin(&s.test.town).await.unwrap();
    sql("INSERT INTO jobs (jurisdiction_id, job_id, kind, payload, state, run_at, created_at, finished_at) \
         WITH RECURSIVE n(no) AS (SELECT 1 UNION ALL SELECT no + 1 FROM n WHERE no < $2) \
         SELECT $1, 'old-' || no, 'x', '{}', 'done', 1, 1, 1000 + no FROM n")
    .bind(&s.test.town)
    .bind(many)
    .execute(&*tx)
    .await
    .unwrap();
    tx.commit_unaudited("test").await.unwrap();
    let class = classes::find("jobs_done").unwrap();
    assert_eq!(s.due(class).await.items, many);
    let (app, town) = (&s.test.app, &s.test.town);
    let first = run::portion(app, town, class, None).await.unwrap().unwrap();
    assert_eq!(first.items, run::PORTION);
    // Here the program stops; what is committed is in the log, the rest is still due.
    assert_eq!(s.due(class).await.items, many - run::PORTION);
    s.night("2022-06-14T03:00:00+08:00").await;
    assert_eq!(s.due(class).await, Sum::default());
    let log = s.log().await;
    assert_eq!(log.iter().map(|line| line.items).sum::<i64>(), many);
    assert_eq!((log.len(), trail(&s.test, "retention.removed").await), (3, 3));
    let hashes: std::collections::HashSet<&str> = log.iter().map(|line| line.list_hash.as_str()).collect();
    assert_eq!(hashes.len(), 3, "nothing went twice");
}

#[tokio::test]
async fn every_town_has_one_night_to_come_and_a_night_plans_the_next() {
    let s = Situation::new(&[]).await;
    let nights = async || {
        let text = "SELECT COUNT(*) FROM jobs WHERE kind = 'retention.night' AND state = 'waiting'";
        sql(text).scalar::<i64>(s.test.app.db.reader()).await.unwrap()
    };
    run::plan_all(&s.test.app).await.unwrap();
    run::plan_all(&s.test.app).await.unwrap();
    assert_eq!(nights().await, Some(1));
    s.test.set_clock("2022-06-14T03:00:00+08:00");
    s.test.work_off().await;
    assert_eq!(nights().await, Some(1));
    s.sysadmin.get("/jobs").await.assert_contains("按保存期限清理");
    s.sysadmin.get("/retention").await.assert_contains("6月15日（周三）03:00");
}

#[tokio::test]
async fn a_session_in_use_stays_and_one_that_is_over_goes_after_half_a_year() {
    let s = Situation::new(&[]).await;
    let gone = s.test.account(&[(Role::Leader, &s.test.root)]).await;
    s.test.signed_in(&gone).await;
    s.test.set_clock("2022-07-30T08:30:00+08:00");
    s.test.signed_in(&gone).await;
    let class = classes::find("sessions").unwrap();
    // The sessions of June ran out on 13 July, 184 days before 13 January.
    s.test.set_clock("2023-01-13T08:30:00+08:00");
    assert_eq!(s.due(class).await.items, 0);
    s.test.set_clock("2023-01-14T00:00:00+08:00");
    assert_eq!(s.due(class).await.items, 2);
    s.night("2023-01-14T03:00:00+08:00").await;
    let text = "SELECT COUNT(*) FROM sessions";
    assert_eq!(sql(text).scalar::<i64>(s.test.app.db.reader()).await.unwrap(), Some(1));
}

#[tokio::test]
async fn a_draft_of_a_report_goes_after_its_campaign_unless_that_is_held() {
    let town = PublishedTown::new().await;
    let village = town.test.liaison_of(&town.village).await;
    let sysadmin = town.test.actor(Role::Sysadmin).await;
    let app = &town.test.app;
    let save = SaveDraft {
        occurrence_id: town.weekly().await.id,
        payload: Payload { text: "写了一半".to_owned(), ..Payload::default() },
        version: 0,
    };
    duties::save_draft(app, &village.actor, save).await.unwrap();
    let drafts = async || {
        let text = "SELECT COUNT(*) FROM submissions WHERE state = 'draft'";
        sql(text).scalar::<i64>(app.db.reader()).await.unwrap().unwrap_or_default()
    };
    let night = async |at: &str| {
        run::plan_all(app).await.unwrap();
        town.test.set_clock(at);
        town.test.work_off().await;
    };
    night("2024-01-01T03:00:00+08:00").await;
    assert_eq!(drafts().await, 1, "the campaign is not over");
    let close = Close { campaign_id: town.campaign.clone(), note: "活动结束。".to_owned() };
    campaigns::close(app, &town.office.actor, close).await.unwrap();
    let target = format!("campaign:{}", town.campaign);
    let form = [("class", target.as_str()), ("reason", "有争议")];
    let sysadmin = town.test.signed_in(&sysadmin.actor.account_id).await;
    sysadmin.post("/retention/holds", &form).await.assert_leads_to("/retention/holds");
    night("2024-12-01T03:00:00+08:00").await;
    assert_eq!(drafts().await, 1, "its campaign is held");
    let hold = store::holds(app.db.reader(), &town.test.town).await.unwrap().remove(0);
    assert_eq!(hold.campaign_id.as_deref(), Some(town.campaign.as_str()));
    let sysadmin = town.test.signed_in(&sysadmin.actor.account_id).await;
    sysadmin.post(&format!("/retention/holds/{}/end", hold.hold_id), &[]).await.assert_status(303);
    night("2024-12-02T03:00:00+08:00").await;
    assert_eq!(drafts().await, 0);
}

#[tokio::test]
async fn a_draft_of_a_form_goes_sixty_days_after_it_was_last_kept() {
    let s = Situation::new(&[]).await;
    let owner = s.test.actor(Role::Office).await;
    let keep = async |key: &str| {
        let tx = s.test.app.db.begin(&s.test.town).await.unwrap();
        crate::platform::drafts::save(&tx, &owner.actor, key, "{}", s.test.app.now()).await.unwrap();
        tx.commit_unaudited("test").await.unwrap();
    };
    keep("unit-new").await;
    s.test.set_clock("2022-06-14T08:30:00+08:00");
    keep("phone:abcdefgh").await;
    let class = classes::find("form_drafts").unwrap();
    s.night("2022-08-12T03:00:00+08:00").await;
    assert!(s.log().await.iter().all(|line| line.class != "form_drafts"));
    s.night("2022-08-13T03:00:00+08:00").await;
    let log = s.log().await;
    assert_eq!(log.iter().filter(|line| line.class == "form_drafts").map(|line| line.items).sum::<i64>(), 1);
    s.test.set_clock("2022-08-14T03:00:00+08:00");
    assert_eq!(s.due(class).await.items, 1);
}

#[tokio::test]
async fn every_class_can_be_asked_what_is_due_in_an_empty_town() {
    let s = Situation::new(&[]).await;
    for class in classes::ALL {
        assert_eq!(s.due(class).await.items, 0, "{}", class.code);
        s.sysadmin.get(&format!("/retention/classes/{}", class.code)).await.assert_ok();
        let gone = run::clear(&s.test.app, &s.test.town, class, None, None).await.unwrap();
        assert_eq!(gone, Sum::default());
    }
    assert_eq!(Actor::system(&s.test.town).account_id, AccountId::from("system"));
}
