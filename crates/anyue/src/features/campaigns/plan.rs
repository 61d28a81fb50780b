//! From a notice as read (`anyue/notice/1`) to the content of a draft. Pure: values in, values out.
//!
//! The plan is kept as JSON beside the campaign and read back here for the confirm page, so that every value
//! can show its lines and every warning its place. What this file adds to the notice is marked as ours:
//! * the duty to acknowledge (签收), due two working days after publication;
//! * the expected minutes of each part ([`minutes_of`]);
//! * purpose and time kept of demanded evidence, where the notice does not say them ([`PURPOSE`], [`KEEP`]);
//! * a zero report for reports with a rhythm, so that a unit without activities can be done with one press.

use std::collections::BTreeSet;

use calendar::{Moment, Relative, Rule};
use jiff::civil::Date;
use serde::Deserialize;

use super::model::{Activity, ActivityId, Head};
use crate::features::duties::api::{CampaignId, Duty, DutyId, DutyKind, EvidenceDemand, Part, Schedule};
use crate::features::units::api::{Selector, UnitKind};

/// What demanded evidence is for, unless the clerk says otherwise.
pub const PURPOSE: &str = "印证工作开展情况";
/// How long evidence is kept, unless the clerk says otherwise: a proposal of ours, not of the notice.
pub const KEEP: &str = "活动结束后3年";

/// A text and where it stands.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Text {
    /// As printed.
    pub value: String,
    /// First and last line.
    pub lines: (i64, i64),
}

/// The 主送 line.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Addressees {
    /// As printed.
    pub value: String,
    /// First and last line.
    pub lines: (i64, i64),
    /// Its parts.
    pub items: Vec<Addressee>,
}

/// A part of the 主送 line.
#[derive(Clone, Debug, Deserialize)]
pub struct Addressee {
    /// As printed.
    pub text: String,
    /// Kinds of unit.
    pub unit_kinds: Vec<String>,
}

/// Something to do, named by a heading.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct PlannedActivity {
    number: Option<String>,
    clause: Option<String>,
    title: String,
    kinds: Vec<String>,
    who: Option<String>,
    start: Option<String>,
    end: Option<String>,
    lines: (i64, i64),
}

/// A count to reach.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Quota {
    min: i64,
    unit: String,
}

/// A duty with a date.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Deadline {
    text: String,
    due: Option<String>,
    start: Option<String>,
    what: String,
    kind: String,
    who: Option<String>,
    to: Option<String>,
    quota: Option<Quota>,
    relative: Option<String>,
    lines: (i64, i64),
}

/// A duty with a rhythm.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Recurring {
    text: String,
    what: String,
    rule: String,
    from: Option<String>,
    until: Option<String>,
    kind: String,
    who: Option<String>,
    to: Option<String>,
    quota: Option<Quota>,
    lines: (i64, i64),
}

/// What is to be handed in as proof.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Evidence {
    /// As printed.
    pub text: String,
    /// Codes of sorts of material.
    pub types: Vec<String>,
    /// First and last line.
    pub lines: (i64, i64),
}

/// A person or post to ask.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Contact {
    name: Option<String>,
    org: Option<String>,
    phones: Vec<String>,
    fax: Option<String>,
    email: Option<String>,
    /// First and last line.
    pub lines: (i64, i64),
}

impl Contact {
    /// `王某某　0475-4473241、13800000000`
    pub fn in_words(&self) -> String {
        let mut words: Vec<String> = [&self.org, &self.name].into_iter().flatten().cloned().collect();
        if !self.phones.is_empty() {
            words.push(self.phones.join("、"));
        }
        words.extend(self.fax.iter().map(|fax| format!("传真{fax}")));
        words.extend(self.email.iter().cloned());
        words.join("　")
    }
}

/// An attachment.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Attachment {
    /// 附件1
    pub label: String,
    /// What it is.
    pub title: Option<String>,
    /// First and last line.
    pub lines: (i64, i64),
}

/// Something the clerk should look at.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Warning {
    /// What kind of thing.
    pub code: String,
    /// A sentence.
    pub message: String,
    /// The line in question.
    pub line: Option<i64>,
}

/// A notice as read.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Plan {
    /// False for a news report, a form, a law.
    pub is_notice: bool,
    /// 发文字号
    pub doc_number: Option<Text>,
    /// 标题
    pub title: Option<Text>,
    /// 发文机关
    pub issuer: Option<Text>,
    /// 成文日期
    pub date: Option<Text>,
    /// 主送
    pub addressees: Option<Addressees>,
    /// 主题
    pub theme: Option<Text>,
    /// First day.
    pub period_start: Option<Text>,
    /// Last day.
    pub period_end: Option<Text>,
    /// 活动内容
    pub activities: Vec<PlannedActivity>,
    /// 要求与时限
    pub deadlines: Vec<Deadline>,
    /// 定期与随时
    pub recurring: Vec<Recurring>,
    /// 印证资料
    pub evidence: Vec<Evidence>,
    /// 联系人
    pub contacts: Vec<Contact>,
    /// 附件
    pub attachments: Vec<Attachment>,
    /// 提示
    pub warnings: Vec<Warning>,
}

impl Plan {
    /// From the JSON kept with a campaign; an empty plan for a campaign by hand.
    pub fn from_json(json: &str) -> Self {
        serde_json::from_str(json).unwrap_or_default()
    }

    /// Every line that carries something.
    pub fn carrying_lines(&self) -> BTreeSet<i64> {
        let texts = [&self.doc_number, &self.title, &self.issuer, &self.date, &self.theme, &self.period_start];
        let mut spans: Vec<(i64, i64)> = texts.into_iter().flatten().map(|text| text.lines).collect();
        spans.extend(self.period_end.iter().map(|text| text.lines));
        spans.extend(self.addressees.iter().map(|addressees| addressees.lines));
        spans.extend(self.activities.iter().map(|activity| activity.lines));
        spans.extend(self.deadlines.iter().map(|deadline| deadline.lines));
        spans.extend(self.recurring.iter().map(|recurring| recurring.lines));
        spans.extend(self.evidence.iter().map(|evidence| evidence.lines));
        spans.extend(self.contacts.iter().map(|contact| contact.lines));
        spans.extend(self.attachments.iter().map(|attachment| attachment.lines));
        spans.into_iter().flat_map(|(first, last)| first..=last.min(first + 200)).collect()
    }
}

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

/// The proposal for a plan. Ids are empty: the use case gives them.
pub fn draft(plan: &Plan, lines: &[String]) -> Draft {
    let clauses = Clauses::new(plan, lines);
    let mut duties = vec![acknowledge()];
    for group in grouped(&plan.deadlines) {
        duties.push(of_deadline(&group, plan, &clauses));
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

fn of_deadline(group: &[&Deadline], plan: &Plan, clauses: &Clauses<'_>) -> Duty {
    let first = group[0];
    let kind = match first.kind.as_str() {
        "submit" => DutyKind::Submit,
        "event" => DutyKind::Event,
        _ => DutyKind::Do,
    };
    let moments: Vec<Moment> =
        group.iter().filter_map(|d| d.due.as_deref().and_then(|due| due.parse().ok())).collect();
    let relative = || first.relative.as_deref().and_then(|text| text.parse::<Relative>().ok());
    let schedule = match moments.as_slice() {
        [] => relative().map_or(Schedule::Undated, Schedule::Relative),
        [one] => Schedule::Once(*one),
        many => Schedule::Dates(many.to_vec()),
    };
    let parts = if kind == DutyKind::Submit { parts_of(&first.what) } else { vec![Part::Text] };
    let clause = clauses.of(first.lines);
    let mut texts: Vec<&str> = group.iter().map(|deadline| deadline.text.as_str()).collect();
    texts.dedup();
    Duty {
        title: title_of(kind, &first.what, &parts),
        detail: first.what.clone(),
        source_text: texts.join("、"),
        lines: Some(first.lines),
        who: first.who.clone().unwrap_or_default(),
        hand_in_to: first.to.clone().unwrap_or_default(),
        schedule,
        starts_on: first.start.as_deref().and_then(|text| text.parse::<Moment>().ok()).map(Moment::date),
        quota: first.quota.clone().map(|quota| (quota.min, quota.unit)),
        evidence: if kind == DutyKind::Submit {
            demands(plan, first.lines, &first.what, &clause)
        } else {
            Vec::new()
        },
        minutes: parts.iter().copied().map(minutes_of).sum(),
        parts,
        clause,
        ..blank(kind)
    }
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
        title: title_of(kind, &recurring.what, &parts),
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
        minutes: parts.iter().copied().map(minutes_of).sum(),
        parts,
        clause,
        ..blank(kind)
    }
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
    let words = short(what);
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

// ----- receivers -----

/// Who receives a campaign by its 主送 line: the kinds that the words name. 相关单位 names none; departments,
/// schools and others are proposed for it, and the page says so.
pub fn receivers(addressees: Option<&Addressees>) -> Selector {
    let mut kinds: BTreeSet<UnitKind> = BTreeSet::new();
    for item in addressees.iter().flat_map(|addressees| &addressees.items) {
        let named: Vec<UnitKind> = item.unit_kinds.iter().filter_map(|code| UnitKind::parse(code)).collect();
        if named == [UnitKind::Other] && is_general(&item.text) {
            kinds.extend([UnitKind::Department, UnitKind::School, UnitKind::Other]);
        }
        kinds.extend(named);
    }
    Selector { kinds: kinds.into_iter().collect(), ..Selector::default() }
}

/// Whether words name no kind of unit: 相关单位, 有关单位, 各单位.
pub fn is_general(text: &str) -> bool {
    ["相关单位", "有关单位", "各单位", "各有关"].iter().any(|words| text.contains(words))
}

/// The kinds of unit that words name; empty when they name none, or all.
pub fn kinds_named(who: &str) -> BTreeSet<UnitKind> {
    use UnitKind as K;
    const WORDS: [(&str, &[UnitKind]); 22] = [
        ("嘎查", &[K::Village]),
        ("村", &[K::Village]),
        ("社区", &[K::Community]),
        ("居委会", &[K::Community]),
        ("企业", &[K::Enterprise, K::Mine]),
        ("厂矿", &[K::Enterprise, K::Mine]),
        ("矿山", &[K::Mine]),
        ("公司", &[K::Enterprise]),
        ("学校", &[K::School]),
        ("幼儿园", &[K::School]),
        ("中小学", &[K::School]),
        ("部门", &[K::Department]),
        ("成员单位", &[K::Department]),
        ("站所", &[K::Department]),
        ("镇直", &[K::Department]),
        ("乡镇", &[K::Township]),
        ("苏木", &[K::Township]),
        ("街道", &[K::Township]),
        ("车间", &[K::Subunit]),
        ("班组", &[K::Subunit]),
        ("班级", &[K::Subunit]),
        ("科室", &[K::Subunit]),
    ];
    if ["各单位", "各级", "所有单位"].iter().any(|word| who.contains(word)) {
        return BTreeSet::new();
    }
    WORDS.iter().filter(|(word, _)| who.contains(word)).flat_map(|(_, kinds)| kinds.iter().copied()).collect()
}

/// Gives a duty to fewer than all receivers only where the notice itself tells groups apart: when another duty
/// is for kinds of unit that this one does not name. Otherwise 各企业、各相关部门 is a manner of speaking of a
/// notice addressed to all, and the page offers to narrow it with one press.
fn propose_receivers(duties: &mut [Duty]) {
    let named: Vec<BTreeSet<UnitKind>> = duties
        .iter()
        .map(|duty| match (duty.who.is_empty(), duty.kind) {
            (false, _) => kinds_named(&duty.who),
            // Nobody is named, but the words tell: 每周组织镇内重点企业负责人…
            (true, DutyKind::Do | DutyKind::Event) => {
                let own = kinds_named(&format!("{}{}", duty.source_text, duty.detail));
                if own.len() <= 2 { own } else { BTreeSet::new() }
            }
            _ => BTreeSet::new(),
        })
        .collect();
    for (index, duty) in duties.iter_mut().enumerate() {
        let own = &named[index];
        let told_apart = named.iter().any(|other| !other.is_empty() && other.is_disjoint(own));
        if !own.is_empty() && (told_apart || duty.who.is_empty()) {
            duty.receivers = Selector { kinds: own.iter().copied().collect(), ..Selector::default() };
        }
    }
}

// ----- clauses -----

/// The headings of a document, by line.
struct Clauses<'a> {
    plan: &'a Plan,
    /// Line and the path that begins there.
    paths: Vec<(i64, String)>,
}

impl<'a> Clauses<'a> {
    fn new(plan: &'a Plan, lines: &[String]) -> Self {
        let lost: BTreeSet<i64> =
            plan.warnings.iter().filter(|w| w.code == "heading_number_lost").filter_map(|w| w.line).collect();
        let (mut path, mut paths): (Vec<String>, Vec<(i64, String)>) = (Vec::new(), Vec::new());
        let mut count = 0;
        for (line, number) in lines.iter().zip(1..) {
            let (level, label) = if lost.contains(&number) {
                (0, numeral(count + 1))
            } else {
                match heading(line) {
                    Some(found) => found,
                    None => continue,
                }
            };
            if level == 0 {
                count = (1..=30).find(|n| numeral(*n) == label).unwrap_or(count + 1);
            }
            path.truncate(level);
            path.push(label);
            paths.push((number, path.join("/")));
        }
        Self { plan, paths }
    }

    /// The clause in which lines stand: the activity's own when there is one, else the last heading before.
    fn of(&self, lines: (i64, i64)) -> String {
        let within = |activity: &&PlannedActivity| activity.lines.0 <= lines.0 && lines.1 <= activity.lines.1;
        let activity = self.plan.activities.iter().filter(within).min_by_key(|a| a.lines.1 - a.lines.0);
        if let Some(clause) = activity.and_then(|activity| activity.clause.clone()) {
            return clause;
        }
        self.paths.iter().rev().find(|(line, _)| *line <= lines.0).map(|(_, path)| path.clone()).unwrap_or_default()
    }
}

/// Level and label of a numbered heading: `四、` 0, `（五）` 1, `3.` 2.
fn heading(line: &str) -> Option<(usize, String)> {
    const NUMERALS: &str = "一二三四五六七八九十";
    let text = line.trim_start_matches([' ', '\u{3000}', '\t']);
    let numerals: String = text.chars().take_while(|c| NUMERALS.contains(*c)).collect();
    if !numerals.is_empty() {
        let rest = &text[numerals.len()..];
        return rest.starts_with(['、', '．', '.']).then_some((0, numerals));
    }
    if let Some(inside) = text.strip_prefix(['（', '(']) {
        let numerals: String = inside.chars().take_while(|c| NUMERALS.contains(*c)).collect();
        let closed = inside[numerals.len()..].starts_with(['）', ')']);
        return (!numerals.is_empty() && closed).then(|| (1, format!("（{numerals}）")));
    }
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    let rest = &text[digits.len()..];
    let next_is_digit = rest.chars().nth(1).is_some_and(|c| c.is_ascii_digit());
    ((1..=2).contains(&digits.len()) && rest.starts_with(['.', '．', '、']) && !next_is_digit).then_some((2, digits))
}

fn numeral(n: usize) -> String {
    const DIGITS: [&str; 11] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];
    match n {
        0..=10 => DIGITS[n].to_owned(),
        11..=19 => format!("十{}", DIGITS[n - 10]),
        _ => format!("{}十{}", DIGITS[(n / 10).min(10)], DIGITS[n % 10]),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// The founding notice and what the compiler reads from it.
    pub(crate) const FOUNDING: &str = include_str!("tests/founding.txt");
    pub(crate) const FOUNDING_PLAN: &str = include_str!("tests/founding.plan.json");

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
        assert_eq!(
            draft.receivers.kinds,
            [K::Village, K::Enterprise, K::Mine, K::Department, K::School, K::Other]
        );
        // One notice to all: 各企业、各相关部门 does not tell groups apart.
        assert!(duty(&draft, "报送联络员反馈表和活动方案").receivers.is_any());
        // 每周组织镇内重点企业负责人: nobody is named, the words tell.
        assert_eq!(draft.duties[6].receivers.kinds, [K::Enterprise, K::Mine]);
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
        let plan =
            Plan { deadlines: vec![deadline("2026-06-12"), deadline("2026-06-19T12:00")], ..Plan::default() };
        let draft = draft(&plan, &[]);
        assert_eq!(draft.duties.len(), 2);
        assert_eq!(draft.duties[1].schedule.to_json(), r#"{"dates":["2026-06-12","2026-06-19T12:00"]}"#);
    }

    #[test]
    fn headings_are_told_from_numbers_in_the_text() {
        let table = [
            ("四、活动内容", Some((0, "四"))),
            ("　　（十二）其他", Some((1, "（十二）"))),
            ("3.发放资料", Some((2, "3"))),
            ("2022.6.1起", None),
            ("6.16咨询日", None),
            ("一批典型", None),
            ("（见附件）", None),
        ];
        for (line, expected) in table {
            assert_eq!(heading(line), expected.map(|(level, label)| (level, label.to_owned())), "{line}");
        }
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
}
