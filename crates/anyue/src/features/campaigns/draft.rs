//! From a notice as read to the content of a draft. Pure: values in, values out.
//!
//! What this file adds to the notice is marked as ours:
//! * the duty to acknowledge (签收), due two working days after publication;
//! * the expected minutes of each part ([`minutes_of`]);
//! * purpose and time kept of demanded evidence, where the notice does not say them ([`PURPOSE`], [`KEEP`]);
//! * a zero report for reports with a rhythm, so that a unit without activities can be done with one press.

use std::collections::BTreeSet;

use calendar::{Moment, Relative, Rule};
use jiff::civil::Date;

use super::addressed::{propose_receivers, receivers};
use super::clauses::Clauses;
use super::model::{Activity, ActivityId, Head};
use super::plan::{Contact, Deadline, Evidence, Plan, PlannedActivity, Recurring, Text};
use crate::features::duties::api::{CampaignId, Duty, DutyId, DutyKind, EvidenceDemand, Part, Schedule};
use crate::features::units::api::Selector;

/// What demanded evidence is for, unless the clerk says otherwise.
pub const PURPOSE: &str = "印证工作开展情况";
/// How long evidence is kept, unless the clerk says otherwise: a proposal of ours, not of the notice.
pub const KEEP: &str = "活动结束后3年";

/// What a plan proposes.
#[derive(Clone, Debug)]
pub struct Draft {
    /// 基本信息
    pub head: Head,
    /// Who receives it.
    pub receivers: Selector,
    /// 活动内容
    pub activities: Vec<Activity>,
    /// 任务
    pub duties: Vec<Duty>,
}

/// Minutes a unit is expected to spend on a part. Ours, to be corrected by the clerk.
pub fn minutes_of(part: Part) -> i64 {
    match part {
        Part::Acknowledgement => 1,
        Part::LiaisonForm | Part::Text | Part::Files => 5,
        Part::UnitPlan => 10,
    }
}

/// Minutes for a whole duty: that something was done or attended is told in a sentence.
fn expected(kind: DutyKind, parts: &[Part]) -> i64 {
    match kind {
        DutyKind::Do | DutyKind::Event => 2,
        _ => parts.iter().copied().map(minutes_of).sum(),
    }
}

/// The proposal for a plan. Ids are empty: the use case gives them.
pub fn draft(plan: &Plan, lines: &[String]) -> Draft {
    let clauses = Clauses::new(plan, lines);
    let mut duties = vec![acknowledge()];
    for group in grouped(&plan.deadlines) {
        duties.push(of_deadline(&group, plan, &clauses, lines));
    }
    for recurring in &plan.recurring {
        duties.push(of_recurring(recurring, plan, &clauses));
    }
    propose_receivers(&mut duties);
    for (duty, ordinal) in duties.iter_mut().zip(1..) {
        duty.ordinal = ordinal;
    }
    Draft {
        head: head(plan),
        receivers: receivers(plan.addressees.as_ref()),
        activities: plan.activities.iter().zip(1..).map(|(activity, ordinal)| of_activity(activity, ordinal)).collect(),
        duties,
    }
}

fn head(plan: &Plan) -> Head {
    let text = |value: &Option<Text>| value.as_ref().map(|text| text.value.clone()).unwrap_or_default();
    let day = |value: &Option<Text>| value.as_ref().and_then(|text| text.value.parse::<Date>().ok());
    Head {
        title: text(&plan.title),
        doc_number: text(&plan.doc_number),
        issuer: text(&plan.issuer),
        issued_on: day(&plan.date),
        theme: text(&plan.theme),
        period_start: day(&plan.period_start),
        period_end: day(&plan.period_end),
        contact: plan.contacts.iter().map(Contact::in_words).collect::<Vec<_>>().join("；"),
        remarks: String::new(),
    }
}

fn of_activity(activity: &PlannedActivity, ordinal: i64) -> Activity {
    let day = |text: &Option<String>| text.as_ref().and_then(|text| text.parse().ok());
    Activity {
        id: ActivityId::from(""),
        ordinal,
        number: activity.number.clone().unwrap_or_default(),
        clause: activity.clause.clone().unwrap_or_default(),
        title: activity.title.clone(),
        kinds: activity.kinds.clone(),
        who: activity.who.clone().unwrap_or_default(),
        starts_on: day(&activity.start),
        ends_on: day(&activity.end),
        lines: Some(activity.lines),
        dropped: false,
        version: 1,
    }
}

/// A duty of this kind with nothing in it yet.
pub fn blank(kind: DutyKind) -> Duty {
    Duty {
        id: DutyId::from(""),
        campaign_id: CampaignId::from(""),
        ordinal: 0,
        kind,
        title: String::new(),
        detail: String::new(),
        clause: String::new(),
        source_text: String::new(),
        lines: None,
        who: String::new(),
        hand_in_to: String::new(),
        schedule: Schedule::Undated,
        starts_on: None,
        repeat_from: None,
        repeat_until: None,
        quota: None,
        zero_report: false,
        parts: vec![Part::Text],
        evidence: Vec::new(),
        receivers: Selector::default(),
        minutes: 5,
        dropped: false,
        version: 1,
    }
}

/// 签收: due two working days after publication. Ours: notices seldom say it, and offices wait for it.
pub fn acknowledge() -> Duty {
    Duty {
        title: "签收通知".to_owned(),
        detail: "请阅读通知全文后签收。".to_owned(),
        schedule: "received+2WD".parse::<Relative>().map_or(Schedule::Undated, Schedule::Relative),
        parts: vec![Part::Acknowledgement],
        minutes: minutes_of(Part::Acknowledgement),
        ..blank(DutyKind::Acknowledge)
    }
}

/// 活动总结: offered when a notice asks for reports but for no summary.
pub fn summary(period_end: Option<Date>, hand_in_to: &str) -> Duty {
    let due = period_end.and(Some("campaign_end+5WD")).and_then(|text| text.parse::<Relative>().ok());
    Duty {
        title: "报送活动总结".to_owned(),
        detail: "简要写明开展了哪些活动、取得的成效和好的做法。".to_owned(),
        schedule: due.map_or(Schedule::Undated, Schedule::Relative),
        hand_in_to: hand_in_to.to_owned(),
        parts: vec![Part::Text, Part::Files],
        minutes: minutes_of(Part::Text) + minutes_of(Part::Files),
        ..blank(DutyKind::Submit)
    }
}

/// Several dates of one and the same thing are one duty.
fn grouped(deadlines: &[Deadline]) -> Vec<Vec<&Deadline>> {
    let mut groups: Vec<Vec<&Deadline>> = Vec::new();
    let plain = |d: &Deadline| d.due.is_some() && d.start.is_none() && d.quota.is_none();
    for deadline in deadlines {
        let same = groups.iter_mut().find(|group| {
            let first = group[0];
            plain(first)
                && plain(deadline)
                && (&first.what, &first.kind, &first.who, &first.to, first.lines)
                    == (&deadline.what, &deadline.kind, &deadline.who, &deadline.to, deadline.lines)
        });
        match same {
            Some(group) => group.push(deadline),
            None => groups.push(vec![deadline]),
        }
    }
    groups
}

fn of_deadline(group: &[&Deadline], plan: &Plan, clauses: &Clauses<'_>, lines: &[String]) -> Duty {
    let first = group[0];
    let what = if plan_goes_with(first, lines) {
        format!("活动方案，连同{}", bare(&first.what))
    } else {
        first.what.clone()
    };
    let kind = match first.kind.as_str() {
        "submit" => DutyKind::Submit,
        "event" => DutyKind::Event,
        _ => DutyKind::Do,
    };
    let moments: Vec<Moment> = group.iter().filter_map(|d| d.due.as_deref().and_then(|due| due.parse().ok())).collect();
    let relative = || first.relative.as_deref().and_then(|text| text.parse::<Relative>().ok());
    let schedule = match moments.as_slice() {
        [] => relative().map_or(Schedule::Undated, Schedule::Relative),
        [one] => Schedule::Once(*one),
        many => Schedule::Dates(many.to_vec()),
    };
    let parts = if kind == DutyKind::Submit { parts_of(&what) } else { vec![Part::Text] };
    let clause = clauses.of(first.lines);
    let mut texts: Vec<&str> = group.iter().map(|deadline| deadline.text.as_str()).collect();
    texts.dedup();
    Duty {
        title: title_of(kind, &what, &parts),
        source_text: texts.join("、"),
        lines: Some(first.lines),
        who: first.who.clone().unwrap_or_default(),
        hand_in_to: first.to.clone().unwrap_or_default(),
        schedule,
        starts_on: first.start.as_deref().and_then(|text| text.parse::<Moment>().ok()).map(Moment::date),
        quota: first.quota.clone().map(|quota| (quota.min, quota.unit)),
        evidence: if kind == DutyKind::Submit { demands(plan, first.lines, &first.what, &clause) } else { Vec::new() },
        detail: what,
        minutes: expected(kind, &parts),
        parts,
        clause,
        ..blank(kind)
    }
}

/// What is handed in, without the words around it: 连同…报送镇平安建设办公室.
fn bare(what: &str) -> &str {
    let what = ["连同", "随同", "一并", "一同"].iter().fold(what, |what, word| what.trim_start_matches(word));
    match what.find("报送") {
        Some(cut) if cut > 0 => &what[..cut],
        _ => what,
    }
}

/// 制定具体活动方案，于6月20日前连同…反馈表报送: the plan stands before the date and goes with what stands after.
pub(super) fn plan_goes_with(deadline: &Deadline, lines: &[String]) -> bool {
    let first = usize::try_from(deadline.lines.0 - 1).unwrap_or(usize::MAX);
    let count = usize::try_from(deadline.lines.1 - deadline.lines.0 + 1).unwrap_or(1);
    let text: String = lines.iter().skip(first).take(count).map(String::as_str).collect();
    let Some((before, after)) = text.split_once(&deadline.text) else { return false };
    let sentence = before.rsplit(['。', '；']).next().unwrap_or_default();
    let next = after.split(['，', '。', '；']).next().unwrap_or_default();
    deadline.kind == "submit"
        && !deadline.what.contains("方案")
        && sentence.contains("方案")
        && ["连同", "随同", "一并", "一同"].iter().any(|word| next.contains(word))
}

fn of_recurring(recurring: &Recurring, plan: &Plan, clauses: &Clauses<'_>) -> Duty {
    let submit = recurring.kind == "submit";
    let rule = recurring.rule.parse::<Rule>().ok();
    let (kind, schedule) = match (rule, submit) {
        (Some(Rule::AdHoc), true) => (DutyKind::AdHocReport, Schedule::AdHoc),
        (Some(Rule::AdHoc), false) | (None, false) => (DutyKind::Do, Schedule::Undated),
        (Some(rule), true) => (DutyKind::WeeklyReport, Schedule::Repeating(rule)),
        (Some(rule), false) => (DutyKind::Do, Schedule::Repeating(rule)),
        (None, true) => (DutyKind::Submit, Schedule::Undated),
    };
    let day = |text: &Option<String>| text.as_ref().and_then(|text| text.parse().ok());
    let parts = if submit { parts_of(&recurring.what) } else { vec![Part::Text] };
    let clause = clauses.of(recurring.lines);
    Duty {
        title: match activity_around(plan, recurring.lines).filter(|_| kind == DutyKind::Do) {
            Some(activity) => short(&activity.title),
            None => title_of(kind, &recurring.what, &parts),
        },
        detail: recurring.what.clone(),
        source_text: recurring.text.clone(),
        lines: Some(recurring.lines),
        who: recurring.who.clone().unwrap_or_default(),
        hand_in_to: recurring.to.clone().unwrap_or_default(),
        schedule,
        repeat_from: day(&recurring.from),
        repeat_until: day(&recurring.until),
        quota: recurring.quota.clone().map(|quota| (quota.min, quota.unit)),
        zero_report: kind == DutyKind::WeeklyReport,
        // Reports at any time are offered, not demanded: so is what goes with them.
        evidence: if submit && kind != DutyKind::AdHocReport {
            demands(plan, recurring.lines, &recurring.what, &clause)
        } else {
            Vec::new()
        },
        minutes: expected(kind, &parts),
        parts,
        clause,
        ..blank(kind)
    }
}

/// The activity in whose text these lines stand.
fn activity_around(plan: &Plan, lines: (i64, i64)) -> Option<&PlannedActivity> {
    plan.activities.iter().find(|activity| activity.lines.0 <= lines.0 && lines.1 <= activity.lines.1)
}

/// The parts of a submission that these words ask for.
fn parts_of(what: &str) -> Vec<Part> {
    let form = what.contains("联络员") || what.contains("联系人登记") || what.contains("联络人");
    let plan = ["方案", "计划"].iter().any(|word| what.contains(word)) && !what.contains("预案");
    let mut parts = Vec::new();
    if form {
        parts.push(Part::LiaisonForm);
    }
    if plan {
        parts.push(Part::UnitPlan);
    }
    let more = ["总结", "统计表", "进展", "图像", "图片", "照片", "视频", "台账", "信息"];
    if parts.is_empty() || more.iter().any(|word| what.contains(word)) {
        parts.extend([Part::Text, Part::Files]);
    }
    parts
}

fn title_of(kind: DutyKind, what: &str, parts: &[Part]) -> String {
    let forms = match (parts.contains(&Part::LiaisonForm), parts.contains(&Part::UnitPlan)) {
        (true, true) => Some("报送联络员反馈表和活动方案"),
        (true, false) => Some("报送联络员反馈表"),
        (false, true) if parts.len() == 1 => Some("报送活动方案"),
        _ => None,
    };
    if let Some(title) = forms {
        return title.to_owned();
    }
    let words = short(what.trim_start_matches("举办"));
    match kind {
        DutyKind::WeeklyReport => "报送活动开展情况和印证资料".to_owned(),
        DutyKind::AdHocReport if !words.contains('报') => format!("随时报送{words}"),
        DutyKind::Submit if !words.starts_with('报') && !words.starts_with('上') => format!("报送{words}"),
        _ => words,
    }
}

/// At most 26 characters, cut where the sentence allows it.
fn short(what: &str) -> String {
    let plain = what.trim().trim_matches(['“', '”', '"']);
    let plain = if plain.contains(['“', '”']) && plain.matches('“').count() != plain.matches('”').count() {
        what.trim()
    } else {
        plain
    };
    if plain.chars().count() <= 26 {
        return plain.to_owned();
    }
    let head: String = plain.chars().take(26).collect();
    match head.rfind(['，', '；', '。', '、', '：']) {
        Some(cut) if head[..cut].chars().count() >= 8 => head[..cut].to_owned(),
        _ => format!("{}…", head.chars().take(25).collect::<String>()),
    }
}

/// The evidence that the notice demands with this duty: what stands on the same lines and belongs to its words.
fn demands(plan: &Plan, lines: (i64, i64), what: &str, clause: &str) -> Vec<EvidenceDemand> {
    let touching = |evidence: &&Evidence| evidence.lines.0 <= lines.1 && evidence.lines.1 >= lines.0;
    let is_proof = |evidence: &&Evidence| {
        evidence.types.iter().any(|kind| matches!(kind.as_str(), "photo" | "video" | "audio" | "sign_in" | "roster"))
    };
    plan.evidence
        .iter()
        .filter(touching)
        .filter(is_proof)
        .filter(|evidence| overlap(&evidence.text, what) >= 0.5)
        .map(|evidence| EvidenceDemand {
            what: evidence.text.clone(),
            types: evidence.types.clone(),
            clause: clause.to_owned(),
            purpose: PURPOSE.to_owned(),
            keep: KEEP.to_owned(),
        })
        .collect()
}

/// How much of the shorter text's pairs of characters the other one has.
fn overlap(a: &str, b: &str) -> f64 {
    let pairs = |text: &str| -> BTreeSet<(char, char)> {
        let chars: Vec<char> = text.chars().collect();
        chars.windows(2).map(|pair| (pair[0], pair[1])).collect()
    };
    let (a, b) = (pairs(a), pairs(b));
    let shorter = a.len().min(b.len());
    if shorter == 0 { 0.0 } else { a.intersection(&b).count() as f64 / shorter as f64 }
}
