//! What a notice as read becomes.

use crate::features::campaigns::draft::{Draft, PURPOSE, draft, plan_goes_with};
use crate::features::campaigns::plan::{Deadline, Plan, Recurring};
use crate::features::duties::api::{Duty, DutyKind, Part, Schedule};
use crate::features::units::api::UnitKind;

/// The founding notice and what the compiler reads from it.
pub(in crate::features::campaigns) const FOUNDING: &str = include_str!("founding.txt");
pub(in crate::features::campaigns) const FOUNDING_PLAN: &str = include_str!("founding.plan.json");

fn founding() -> Draft {
    let lines: Vec<String> = FOUNDING.lines().map(str::to_owned).collect();
    draft(&Plan::from_json(FOUNDING_PLAN), &lines)
}

fn duty<'a>(draft: &'a Draft, title: &str) -> &'a Duty {
    draft.duties.iter().find(|duty| duty.title == title).unwrap_or_else(|| {
        panic!("no duty “{title}” among {:?}", draft.duties.iter().map(|d| &d.title).collect::<Vec<_>>())
    })
}

#[test]
fn the_founding_notice_becomes_ten_activities_and_eight_duties() {
    let draft = founding();
    assert_eq!(draft.activities.len(), 10);
    let kinds: Vec<DutyKind> = draft.duties.iter().map(|duty| duty.kind).collect();
    use DutyKind as K;
    assert_eq!(
        kinds,
        [K::Acknowledge, K::Event, K::Event, K::Event, K::Submit, K::WeeklyReport, K::Do, K::AdHocReport]
    );
    assert_eq!(draft.head.doc_number, "青政发﹝2022﹞121号");
    assert_eq!(draft.head.contact, "王某某　0475-4473241、13800000000");
    assert_eq!(draft.head.period_end.map(|day| day.to_string()).as_deref(), Some("2022-06-30"));
}

#[test]
fn form_1_and_the_plan_are_one_duty_of_two_parts_by_20_june() {
    let draft = founding();
    let duty = duty(&draft, "报送联络员反馈表和活动方案");
    assert_eq!(duty.parts, [Part::LiaisonForm, Part::UnitPlan]);
    assert_eq!(duty.schedule.to_json(), r#"{"once":"2022-06-20"}"#);
    assert_eq!(duty.clause, "五/（四）");
    assert_eq!(duty.hand_in_to, "镇平安建设办公室");
    assert!(duty.evidence.is_empty(), "the form and the plan are the parts themselves");
    assert_eq!(duty.minutes, 15);
}

#[test]
fn the_weekly_report_demands_evidence_with_clause_purpose_and_time_kept() {
    let draft = founding();
    let duty = duty(&draft, "报送活动开展情况和印证资料");
    assert_eq!(duty.schedule_in_words(jiff::civil::date(2022, 6, 13)), "每周四上午");
    assert!(duty.zero_report);
    assert_eq!(duty.evidence.len(), 1);
    let demand = &duty.evidence[0];
    assert!(demand.is_complete());
    assert_eq!((demand.clause.as_str(), demand.purpose.as_str()), ("五/（四）", PURPOSE));
    assert_eq!(demand.types, ["text", "photo", "video"]);
}

#[test]
fn what_may_be_reported_at_any_time_demands_nothing() {
    let draft = founding();
    let duty = draft.duties.last().expect("the last duty");
    assert_eq!(duty.schedule, Schedule::AdHoc);
    assert!(duty.evidence.is_empty());
}

#[test]
fn a_launch_that_is_over_is_kept_with_its_window() {
    let draft = founding();
    let launch = &draft.duties[1];
    assert_eq!(launch.clause, "四/（四）");
    assert_eq!(launch.starts_on.map(|day| day.to_string()).as_deref(), Some("2022-06-01"));
    assert_eq!(launch.schedule.to_json(), r#"{"once":"2022-06-10"}"#);
}

#[test]
fn receivers_are_the_kinds_that_the_words_name() {
    use UnitKind as K;
    let draft = founding();
    assert_eq!(draft.receivers.kinds, [K::Village, K::Enterprise, K::Mine, K::Department, K::School, K::Other]);
    // One notice to all: 各企业、各相关部门 does not tell groups apart.
    assert!(duty(&draft, "报送联络员反馈表和活动方案").receivers.is_any());
    // 每周组织镇内重点企业负责人: nobody is named, the words tell.
    assert_eq!(draft.duties[6].receivers.kinds, [K::Enterprise, K::Mine]);
    assert_eq!(draft.duties[6].title, "开展企业负责人谈安全系列活动", "named by the activity it stands in");
}

#[test]
fn groups_that_the_notice_tells_apart_get_their_own_duties() {
    let deadline = |who: &str, due: &str| Deadline {
        who: Some(who.to_owned()),
        due: Some(due.to_owned()),
        what: "活动方案".to_owned(),
        kind: "submit".to_owned(),
        ..Deadline::default()
    };
    let plan = Plan {
        deadlines: vec![deadline("各苏木镇", "2022-06-05"), deadline("各学校", "2022-06-08")],
        ..Plan::default()
    };
    let draft = draft(&plan, &[]);
    assert_eq!(draft.duties[1].receivers.kinds, [UnitKind::Township]);
    assert_eq!(draft.duties[2].receivers.kinds, [UnitKind::School]);
}

#[test]
fn several_dates_of_one_thing_are_one_duty() {
    let deadline = |due: &str| Deadline {
        due: Some(due.to_owned()),
        what: "进展情况统计表".to_owned(),
        kind: "submit".to_owned(),
        lines: (7, 7),
        ..Deadline::default()
    };
    let plan = Plan { deadlines: vec![deadline("2026-06-12"), deadline("2026-06-19T12:00")], ..Plan::default() };
    let draft = draft(&plan, &[]);
    assert_eq!(draft.duties.len(), 2);
    assert_eq!(draft.duties[1].schedule.to_json(), r#"{"dates":["2026-06-12","2026-06-19T12:00"]}"#);
}

#[test]
fn a_plan_named_before_the_date_goes_with_the_form_named_after_it() {
    let deadline = |text: &str| Deadline {
        text: text.to_owned(),
        kind: "submit".to_owned(),
        what: "联络员反馈表（附件1）".to_owned(),
        lines: (1, 1),
        ..Deadline::default()
    };
    let lines = ["各单位要制定活动方案，于6月20日前连同联络员反馈表（附件1）报送。".to_owned()];
    assert!(plan_goes_with(&deadline("于6月20日前"), &lines));
    let lines = ["要细化方案。请于6月20日前将联络员反馈表（附件1）报送。".to_owned()];
    assert!(!plan_goes_with(&deadline("于6月20日前"), &lines));
}

#[test]
fn an_unreadable_rule_or_date_is_left_open_not_guessed() {
    let recurring = Recurring {
        rule: "FREQ=MOONLY".to_owned(),
        kind: "submit".to_owned(),
        what: "进展".to_owned(),
        ..Recurring::default()
    };
    let deadline = Deadline { due: Some("2022-06-31".to_owned()), kind: "do".to_owned(), ..Deadline::default() };
    let plan = Plan { recurring: vec![recurring], deadlines: vec![deadline], ..Plan::default() };
    let draft = draft(&plan, &[]);
    assert!(draft.duties[1..].iter().all(|duty| duty.schedule == Schedule::Undated));
}
