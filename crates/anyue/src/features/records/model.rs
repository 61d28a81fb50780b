//! What a record is, how it may change, and what is refused.

use std::collections::BTreeMap;

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::kinds::{Kind, measure};
use crate::features::campaigns::api::ActivityId;
use crate::features::duties::api::CampaignId;
use crate::platform::FieldErrors;
use crate::platform::ids::UnitId;
use crate::platform::text_key::text_key;
use crate::platform::web::form::at_most;
use crate::{coded, id_type};

id_type!(
    /// A record.
    RecordId
);

coded!(
    /// How a record stands.
    State {
        /// Not held yet.
        Planned = "planned" "计划中",
        /// Held, and not reported yet.
        Held = "held" "未报送",
        /// Reported; waits for review.
        Reported = "reported" "待审核",
        /// Accepted.
        Accepted = "accepted" "已通过",
        /// Sent back with a reason.
        Returned = "returned" "已退回",
    }
);

/// What is done to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// 已开展
    Hold,
    /// 报送
    Report,
    /// 撤回
    Withdraw,
    /// 通过
    Accept,
    /// 撤销通过
    UndoAccept,
    /// 退回
    SendBack,
}

impl Step {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Hold, Self::Report, Self::Withdraw, Self::Accept, Self::UndoAccept, Self::SendBack];
}

impl State {
    /// The state a step leads to; `None` when it is not possible now.
    pub fn after(self, step: Step) -> Option<Self> {
        Some(match (self, step) {
            (Self::Planned, Step::Hold) => Self::Held,
            (Self::Planned | Self::Held | Self::Returned, Step::Report) => Self::Reported,
            (Self::Reported, Step::Withdraw) => Self::Held,
            (Self::Reported, Step::Accept) => Self::Accepted,
            (Self::Accepted, Step::UndoAccept) => Self::Reported,
            (Self::Reported | Self::Accepted, Step::SendBack) => Self::Returned,
            _ => return None,
        })
    }

    /// Whether the unit may change what the record says.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Planned | Self::Held | Self::Returned)
    }

    /// Class of its label.
    pub fn class(self) -> &'static str {
        match self {
            Self::Planned => "quiet",
            Self::Held => "not-yet",
            Self::Reported => "waiting",
            Self::Accepted => "received",
            Self::Returned => "returned",
        }
    }
}

coded!(
    /// Whom participants are counted as; each person-time in one group.
    PeopleGroup {
        /// Staff of the town, village committees, departments.
        Cadres = "cadres" "干部",
        /// Employees.
        Workers = "workers" "企业职工",
        /// Residents.
        Residents = "residents" "群众",
        /// Pupils, students and teachers.
        Students = "students" "师生",
        /// Others.
        Others = "others" "其他",
    }
);

coded!(
    /// Whom a visit of the five entries (五进) reached.
    Target {
        /// 进企业
        Enterprise = "enterprise" "进企业",
        /// 进农村
        Village = "village" "进农村",
        /// 进社区
        Community = "community" "进社区",
        /// 进学校
        School = "school" "进学校",
        /// 进家庭
        Home = "home" "进家庭",
    }
);

/// The kind of the five entries: the only one with a target.
pub const FIVE_ENTRIES: &str = "five_in";

/// What the unit says about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Code of its kind.
    pub kind: String,
    /// Title; the kind's name when left empty.
    pub title: String,
    /// The campaign it serves.
    pub campaign_id: Option<CampaignId>,
    /// The activity of that campaign.
    pub activity_id: Option<ActivityId>,
    /// The day, or the first of several.
    pub held_on: Date,
    /// The last of several days.
    pub ends_on: Option<Date>,
    /// At what time, in words.
    pub time: String,
    /// Where.
    pub place: String,
    /// In which village.
    pub village: String,
    /// What was done.
    pub text: String,
    /// Measures by code; absent means not stated.
    pub measures: BTreeMap<String, i64>,
    /// Participants by group.
    pub people: BTreeMap<PeopleGroup, i64>,
    /// Whom a visit reached.
    pub target: Option<Target>,
    /// Leaders took part.
    pub leader_present: bool,
    /// How many.
    pub leader_count: Option<i64>,
    /// Who; need not be said.
    pub leader_names: String,
    /// Of a special kind, to be told to others (特色亮点).
    pub highlight: bool,
    /// Units that held it together with the host.
    pub co_hosts: Vec<UnitId>,
}

/// No figure is larger.
const MOST: i64 = 1_000_000_000;

impl Facts {
    /// Nothing said yet but kind and day.
    pub fn new(kind: &str, held_on: Date) -> Self {
        Self {
            kind: kind.to_owned(),
            title: String::new(),
            campaign_id: None,
            activity_id: None,
            held_on,
            ends_on: None,
            time: String::new(),
            place: String::new(),
            village: String::new(),
            text: String::new(),
            measures: BTreeMap::new(),
            people: BTreeMap::new(),
            target: None,
            leader_present: false,
            leader_count: None,
            leader_names: String::new(),
            highlight: false,
            co_hosts: Vec::new(),
        }
    }

    /// In one form: no white space at the ends, the kind's name as title, each co-host once and never the host,
    /// leaders present when they are counted or named.
    #[must_use]
    pub fn tidy(mut self, kind: &Kind, host: &UnitId) -> Self {
        for text in [
            &mut self.title,
            &mut self.time,
            &mut self.place,
            &mut self.village,
            &mut self.text,
            &mut self.leader_names,
        ] {
            *text = text.trim().replace("\r\n", "\n");
        }
        if self.title.is_empty() {
            self.title.clone_from(&kind.name);
        }
        if self.ends_on == Some(self.held_on) {
            self.ends_on = None;
        }
        if self.kind != FIVE_ENTRIES {
            self.target = None;
        }
        if self.campaign_id.is_none() {
            self.activity_id = None;
        }
        self.co_hosts.sort();
        self.co_hosts.dedup();
        self.co_hosts.retain(|unit| unit != host);
        let counted =
            self.leader_count.unwrap_or_default() > 0 || self.measures.get("leaders").copied().unwrap_or_default() > 0;
        self.leader_present |= counted || !self.leader_names.is_empty();
        self
    }

    /// Messages for what is wrong, by field.
    pub fn check(&self, kind: &Kind, errors: &mut FieldErrors) {
        for (text, most, field) in [
            (&self.title, 60, "title"),
            (&self.time, 30, "time"),
            (&self.place, 100, "place"),
            (&self.village, 60, "village"),
            (&self.text, 5000, "text"),
            (&self.leader_names, 200, "leader_names"),
        ] {
            at_most(text, most, field, errors);
        }
        if !(2000..=2100).contains(&self.held_on.year()) {
            errors.add("held_on", "请核对日期的年份。");
        }
        if let Some(last) = self.ends_on {
            let most = self.held_on.checked_add(366.days()).unwrap_or(Date::MAX);
            if last < self.held_on {
                errors.add("ends_on", "结束日期不能早于开始日期。");
            } else if last > most {
                errors.add("ends_on", "一条记录最多跨一年，请分开填写。");
            }
        }
        self.check_figures(kind, errors);
        if self.co_hosts.len() > 50 {
            errors.add("co_hosts", "联合主办单位最多50个。");
        }
    }

    fn check_figures(&self, kind: &Kind, errors: &mut FieldErrors) {
        for (code, value) in &self.measures {
            let field = format!("m_{code}");
            let Some(measure) = measure(code).filter(|_| kind.measures.contains(code)) else {
                errors.add(field, format!("“{}”不填这项指标，请刷新页面重新填写。", kind.name));
                continue;
            };
            if !(0..=MOST).contains(value) {
                errors.add(field, format!("“{}”请填0至10亿之间的整数。", measure.label));
            }
        }
        for (part, whole, words) in
            [("fixed", "found", "已整改的不能多于发现的。"), ("verified", "reports", "查实的不能多于举报的。")]
        {
            if let (Some(part_value), Some(whole)) = (self.measures.get(part), self.measures.get(whole))
                && part_value > whole
            {
                errors.add(format!("m_{part}"), words);
            }
        }
        for (group, value) in &self.people {
            if !(0..=MOST).contains(value) {
                errors.add(format!("p_{}", group.code()), "请填0至10亿之间的整数。");
            }
        }
        let grouped: i64 = self.people.values().fold(0, |sum, value| sum.saturating_add(*value));
        if let Some(all) = self.measures.get("participants")
            && grouped > *all
        {
            errors.add("m_participants", format!("各类人员合计{grouped}，多于参与人次{all}，请核对。"));
        }
        if self.leader_count.is_some_and(|count| !(0..=999).contains(&count)) {
            errors.add("leader_count", "请填0至999之间的整数。");
        }
    }

    /// Messages for what is missing before it can be reported.
    pub fn check_report(&self, today: Date, errors: &mut FieldErrors) {
        if self.held_on > today {
            errors.add("held_on", "还没有到活动日期，可以先存为计划，开展之后再报送。");
        }
        if self.kind == FIVE_ENTRIES && self.target.is_none() {
            errors.add("target", "请选择进到哪里，统计表按它分列。");
        }
    }

    /// The figures that statistics add up: measures, and 1 for the record itself and what it is marked with.
    pub fn figures(&self) -> BTreeMap<String, i64> {
        let mut figures = self.measures.clone();
        figures.insert("count".to_owned(), 1);
        if self.leader_present {
            figures.insert("leader_present".to_owned(), 1);
        }
        if self.highlight {
            figures.insert("highlight".to_owned(), 1);
        }
        figures
    }

    /// By what figures of one kind are told apart: the target of a visit, or `live` for a broadcast.
    pub fn facet(&self) -> &'static str {
        match self.target {
            Some(target) => target.code(),
            None if self.measures.get("live").copied().unwrap_or_default() > 0 => "live",
            None => "",
        }
    }

    /// What words are looked for in.
    pub fn search_key(&self) -> String {
        search_words(&format!("{}{}{}", self.title, self.place, self.village))
    }
}

/// Words in the form in which they are looked for; without the signs that stand for any text in a pattern.
pub fn search_words(text: &str) -> String {
    text_key(text).replace(['%', '_', '\\'], "")
}

/// What the reviewer said last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Review {
    /// Why it was sent back; empty when it was accepted.
    pub comment: String,
    /// Who.
    pub by: String,
    /// When.
    pub at: Option<i64>,
}

/// A record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its id.
    pub id: RecordId,
    /// The host.
    pub unit_id: UnitId,
    /// What the unit says.
    pub facts: Facts,
    /// How it stands.
    pub state: State,
    /// What the reviewer said last.
    pub review: Review,
    /// Made by the page when the form was opened.
    pub idempotency_key: String,
    /// Who wrote it: account.
    pub created_by: String,
    /// Who wrote it: name.
    pub created_by_name: String,
    /// When it was written.
    pub created_at: i64,
    /// When it was last reported.
    pub reported_at: Option<i64>,
    /// When it was last changed.
    pub updated_at: i64,
    /// The town's write number of the last change.
    pub seq: i64,
    /// Grows with each change.
    pub version: i64,
}

impl Record {
    /// Whether it may be thrown away: nobody but the unit has seen it.
    pub fn may_be_discarded(&self) -> bool {
        matches!(self.state, State::Planned | State::Held) && self.reported_at.is_none()
    }

    /// All units it is shown at: the host first.
    pub fn units(&self) -> impl Iterator<Item = &UnitId> {
        std::iter::once(&self.unit_id).chain(&self.facts.co_hosts)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;
    use crate::features::records::kinds::{built_in, find};

    fn kind(code: &str) -> Kind {
        find(&built_in(), code).unwrap().clone()
    }

    #[test]
    fn the_table_of_states() {
        use State as S;
        use Step as T;
        let leads = [
            (S::Planned, T::Hold, S::Held),
            (S::Planned, T::Report, S::Reported),
            (S::Held, T::Report, S::Reported),
            (S::Returned, T::Report, S::Reported),
            (S::Reported, T::Withdraw, S::Held),
            (S::Reported, T::Accept, S::Accepted),
            (S::Accepted, T::UndoAccept, S::Reported),
            (S::Reported, T::SendBack, S::Returned),
            (S::Accepted, T::SendBack, S::Returned),
        ];
        for state in S::ALL {
            for step in T::ALL {
                let wanted = leads.iter().find(|(from, by, _)| from == state && *by == step).map(|(_, _, to)| *to);
                assert_eq!(state.after(step), wanted, "{state:?} {step:?}");
            }
        }
    }

    #[test]
    fn what_contradicts_itself_is_refused_at_its_field() {
        let base = Facts::new("hazard_check", date(2022, 6, 13));
        let with = |pairs: &[(&str, i64)]| Facts {
            measures: pairs.iter().map(|(code, value)| ((*code).to_owned(), *value)).collect(),
            ..base.clone()
        };
        let cases = [
            (with(&[("found", 3), ("fixed", 4)]), "m_fixed"),
            (with(&[("found", -1)]), "m_found"),
            (with(&[("views", 1)]), "m_views"),
            (with(&[("nonsense", 1)]), "m_nonsense"),
            (Facts { people: [(PeopleGroup::Workers, 3)].into(), ..with(&[("participants", 2)]) }, "m_participants"),
            (Facts { ends_on: Some(date(2022, 6, 12)), ..base.clone() }, "ends_on"),
            (Facts { held_on: date(1022, 6, 12), ..base.clone() }, "held_on"),
            (Facts { text: "长".repeat(5001), ..base.clone() }, "text"),
        ];
        for (facts, field) in cases {
            let mut errors = FieldErrors::new();
            facts.check(&kind("hazard_check"), &mut errors);
            assert_eq!(errors.iter().map(|(name, _)| name).collect::<Vec<_>>(), [field]);
        }
    }

    #[test]
    fn a_report_is_of_something_that_has_been() {
        let mut errors = FieldErrors::new();
        let facts = Facts::new(FIVE_ENTRIES, date(2022, 6, 14));
        facts.check_report(date(2022, 6, 13), &mut errors);
        assert!(!errors.get("held_on").is_empty() && !errors.get("target").is_empty());
        let mut errors = FieldErrors::new();
        Facts { target: Some(Target::Home), ..facts }.check_report(date(2022, 6, 14), &mut errors);
        assert!(errors.is_empty());
    }

    #[test]
    fn zero_is_a_figure_and_nothing_said_is_none() {
        let mut facts = Facts::new("study", date(2022, 6, 13));
        assert_eq!(facts.figures(), BTreeMap::from([("count".to_owned(), 1)]));
        facts.measures.insert("participants".to_owned(), 0);
        facts.leader_names = "巴图".to_owned();
        let facts = facts.tidy(&kind("study"), &"v".into());
        assert_eq!(facts.figures().get("participants"), Some(&0));
        assert_eq!(facts.figures().get("leader_present"), Some(&1));
        assert_eq!(facts.title, "专题学习");
    }

    proptest! {
        #[test]
        fn no_way_leads_to_accepted_but_by_a_reviewer(steps in prop::collection::vec(0_usize..6, 0..20)) {
            let mut state = State::Planned;
            for step in steps.into_iter().map(|at| Step::ALL[at]) {
                if let Some(next) = state.after(step) {
                    prop_assert!(next != State::Accepted || (state == State::Reported && step == Step::Accept));
                    prop_assert!(state != State::Accepted || matches!(step, Step::UndoAccept | Step::SendBack));
                    state = next;
                }
            }
        }

        #[test]
        fn whatever_passes_has_only_figures_of_its_kind_within_bounds(
            code in prop::sample::select(built_in().into_iter().map(|kind| kind.code).collect::<Vec<_>>()),
            values in prop::collection::btree_map("participants|found|fixed|reports|verified|live|x", any::<i64>(), 0..5),
        ) {
            let facts = Facts { measures: values, ..Facts::new(&code, date(2022, 6, 13)) };
            let kind = kind(&code);
            let mut errors = FieldErrors::new();
            facts.check(&kind, &mut errors);
            if errors.is_empty() {
                for (code, value) in &facts.measures {
                    prop_assert!(kind.measures.contains(code) && (0..=MOST).contains(value));
                }
                let figure = |code: &str| facts.measures.get(code).copied();
                prop_assert!(figure("fixed").zip(figure("found")).is_none_or(|(part, whole)| part <= whole));
            }
        }

        #[test]
        fn tidying_twice_is_tidying_once(title in "\\PC{0,20}", host in "[a-c]", others in prop::collection::vec("[a-c]", 0..5)) {
            let kind = kind("study");
            let host = UnitId(host);
            let facts = Facts {
                title,
                co_hosts: others.into_iter().map(UnitId).collect(),
                ..Facts::new("study", date(2022, 6, 13))
            };
            let once = facts.tidy(&kind, &host);
            prop_assert!(!once.title.is_empty() && !once.co_hosts.contains(&host));
            prop_assert_eq!(once.clone().tidy(&kind, &host), once);
        }
    }
}
