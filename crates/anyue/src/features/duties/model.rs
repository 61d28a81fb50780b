//! What a duty is, when it falls due, and how an occurrence moves from open to done. No SQL, no web, no clock.

use std::collections::BTreeSet;

use calendar::{Anchors, HolidayCalendar, Moment, Relative, Rule};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::features::units::api::{Selector, UnitRef};
use crate::platform::ids::UnitId;
use crate::{coded, id_type};

id_type!(
    /// A campaign; declared here because a duty belongs to one.
    CampaignId
);
id_type!(
    /// A duty.
    DutyId
);
id_type!(
    /// One dated instance of a duty for one unit (一次应报).
    OccurrenceId
);
id_type!(
    /// What a unit hands in (报送件).
    SubmissionId
);

coded!(
    /// What sort of duty it is.
    DutyKind {
        /// 签收: take note of the notice.
        Acknowledge = "acknowledge" "签收",
        /// 报送: something is handed in.
        Submit = "submit" "报送",
        /// 落实: something is done by then.
        Do = "do" "落实",
        /// 参加: something takes place then.
        Event = "event" "参加活动",
        /// 周报: a report with a rhythm.
        WeeklyReport = "weekly_report" "定期报送",
        /// 随时报送: whenever there is something to report.
        AdHocReport = "ad_hoc_report" "随时报送",
    }
);

coded!(
    /// A part of a submission.
    Part {
        /// 签收: one press.
        Acknowledgement = "acknowledgement" "签收",
        /// 附件1 联络员反馈表
        LiaisonForm = "liaison_form" "联络员反馈表",
        /// 本单位活动方案: text or files.
        UnitPlan = "unit_plan" "活动方案",
        /// 文字说明
        Text = "text" "文字说明",
        /// 照片、视频、文件
        Files = "files" "照片、视频或文件",
    }
);

coded!(
    /// How an occurrence stands.
    State {
        /// Nothing handed in yet.
        Open = "open" "未报",
        /// Handed in, not yet looked at.
        Submitted = "submitted" "已报",
        /// Handed in and accepted.
        Accepted = "accepted" "已通过",
        /// Sent back for correction.
        Returned = "returned" "退回",
        /// The unit need not.
        NotApplicable = "not_applicable" "不适用",
        /// The duty was dropped, or the unit is no longer a receiver.
        Withdrawn = "withdrawn" "已取消",
    }
);

coded!(
    /// The four words of the board, in their order (ui: states).
    BoardState {
        /// 已报
        Received = "received" "已报",
        /// 退回
        Returned = "returned" "退回",
        /// 未报
        NotYet = "not_yet" "未报",
        /// 不适用
        NotApplicable = "not_applicable" "不适用",
    }
);

/// What happens to an occurrence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// 报送 or 再次报送
    Submit,
    /// 通过
    Accept,
    /// Undo 通过.
    UndoAccept,
    /// 退回
    SendBack,
    /// 不适用
    Excuse,
    /// Undo 不适用.
    Reinstate,
    /// 延期
    Extend,
    /// The duty is dropped or the unit taken off.
    Withdraw,
    /// The duty or unit is taken up again.
    Restore,
}

impl State {
    /// The state after a step; `None`: the step is not possible. This table is the rule.
    pub fn after(self, step: Step) -> Option<Self> {
        use State as S;
        match (self, step) {
            (S::Open | S::Returned | S::Submitted, Step::Submit) => Some(S::Submitted),
            (S::Submitted, Step::Accept) => Some(S::Accepted),
            (S::Accepted, Step::UndoAccept) => Some(S::Submitted),
            (S::Submitted | S::Accepted, Step::SendBack) => Some(S::Returned),
            (S::Open | S::Returned, Step::Excuse) => Some(S::NotApplicable),
            (S::NotApplicable, Step::Reinstate) => Some(S::Open),
            (S::Open | S::Returned, Step::Extend) => Some(self),
            (S::Open | S::NotApplicable, Step::Withdraw) => Some(S::Withdrawn),
            (S::Withdrawn, Step::Restore) => Some(S::Open),
            _ => None,
        }
    }

    /// The word of the board; `None` for what the board does not show.
    pub fn on_board(self) -> Option<BoardState> {
        match self {
            Self::Open => Some(BoardState::NotYet),
            Self::Submitted | Self::Accepted => Some(BoardState::Received),
            Self::Returned => Some(BoardState::Returned),
            Self::NotApplicable => Some(BoardState::NotApplicable),
            Self::Withdrawn => None,
        }
    }
}

/// When a duty falls due. JSON in `duties.schedule`, and a string of that JSON wherever it is a member of something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Schedule {
    /// On one day, or at one minute.
    Once(Moment),
    /// On several days: one occurrence each.
    Dates(Vec<Moment>),
    /// With a rhythm.
    Repeating(Rule),
    /// Counted from an event.
    Relative(Relative),
    /// Whenever there is something to report.
    AdHoc,
    /// Without a date: shown, never late.
    Undated,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ScheduleText {
    Once(String),
    Dates(Vec<String>),
    Rule(String),
    Relative(String),
    AdHoc(bool),
    Undated(bool),
}

impl Schedule {
    /// As stored.
    pub fn to_json(&self) -> String {
        let text = match self {
            Self::Once(moment) => ScheduleText::Once(moment.to_string()),
            Self::Dates(moments) => ScheduleText::Dates(moments.iter().map(ToString::to_string).collect()),
            Self::Repeating(rule) => ScheduleText::Rule(rule.to_string()),
            Self::Relative(relative) => ScheduleText::Relative(relative.to_string()),
            Self::AdHoc => ScheduleText::AdHoc(true),
            Self::Undated => ScheduleText::Undated(true),
        };
        serde_json::to_string(&text).unwrap_or_default()
    }

    /// From what is stored.
    ///
    /// # Errors
    /// A sentence that says what cannot be understood.
    pub fn from_json(json: &str) -> Result<Self, String> {
        let text: ScheduleText = serde_json::from_str(json).map_err(|error| error.to_string())?;
        let moment = |text: &str| text.parse::<Moment>().map_err(|error| error.zh());
        Ok(match text {
            ScheduleText::Once(text) => Self::Once(moment(&text)?),
            ScheduleText::Dates(texts) => Self::Dates(texts.iter().map(|text| moment(text)).collect::<Result<_, _>>()?),
            ScheduleText::Rule(text) => Self::Repeating(text.parse::<Rule>().map_err(|error| error.to_string())?),
            ScheduleText::Relative(text) => {
                Self::Relative(text.parse::<Relative>().map_err(|error| error.to_string())?)
            }
            ScheduleText::AdHoc(_) => Self::AdHoc,
            ScheduleText::Undated(_) => Self::Undated,
        })
    }
}

impl From<Schedule> for String {
    fn from(schedule: Schedule) -> Self {
        schedule.to_json()
    }
}

impl TryFrom<String> for Schedule {
    type Error = String;

    fn try_from(json: String) -> Result<Self, String> {
        Self::from_json(&json)
    }
}

/// Evidence that a duty demands. Nothing is demanded without clause, purpose and time kept (guard rail G6).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct EvidenceDemand {
    /// What, as the notice says it: 书面、图像、视频印证资料.
    pub what: String,
    /// Types of the notice schema: `text`, `photo`, `video` …
    pub types: Vec<String>,
    /// The clause that requires it.
    pub clause: String,
    /// What it is for.
    pub purpose: String,
    /// How long it is kept.
    pub keep: String,
}

impl EvidenceDemand {
    /// Whether it may be demanded.
    pub fn is_complete(&self) -> bool {
        ![&self.clause, &self.purpose, &self.keep].iter().any(|text| text.trim().is_empty())
    }
}

/// What somebody owes by a date because of a clause (任务).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duty {
    /// Its id.
    pub id: DutyId,
    /// The campaign it belongs to.
    pub campaign_id: CampaignId,
    /// Its place in the campaign.
    pub ordinal: i64,
    /// What sort.
    pub kind: DutyKind,
    /// A few words.
    pub title: String,
    /// More words; may be empty.
    pub detail: String,
    /// The clause of the notice, `五/（四）`; empty when made by hand.
    pub clause: String,
    /// The phrase of the notice that carries the date.
    pub source_text: String,
    /// The lines of the notice it comes from.
    pub lines: Option<(i64, i64)>,
    /// Who, as the notice says it.
    pub who: String,
    /// To whom it is handed in, as the notice says it.
    pub hand_in_to: String,
    /// When it falls due.
    pub schedule: Schedule,
    /// First day of a window.
    pub starts_on: Option<Date>,
    /// First day a rhythm counts from; the campaign's first day when not said.
    pub repeat_from: Option<Date>,
    /// Last day of a rhythm; the campaign's last day when not said.
    pub repeat_until: Option<Date>,
    /// At least so many of a unit: (2, 场次).
    pub quota: Option<(i64, String)>,
    /// Something is due even when nothing happened; the page offers 零报告.
    pub zero_report: bool,
    /// The parts of a submission, in order.
    pub parts: Vec<Part>,
    /// Evidence demanded.
    pub evidence: Vec<EvidenceDemand>,
    /// Who receives it, among the receivers of the campaign.
    pub receivers: Selector,
    /// Minutes one unit is expected to spend on one occurrence.
    pub minutes: i64,
    /// Taken out of the campaign.
    pub dropped: bool,
    /// Grows with each change.
    pub version: i64,
}

/// What the dates of duties are counted from.
#[derive(Clone, Debug, Default)]
pub struct CampaignDates {
    /// 成文日期
    pub issued_on: Option<Date>,
    /// The day the units receive it: the day of publication.
    pub received_on: Option<Date>,
    /// First day of the campaign.
    pub period_start: Option<Date>,
    /// Last day of the campaign.
    pub period_end: Option<Date>,
}

/// One occurrence of a duty, before it is given to units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Distinguishes the occurrences of a duty: the due date, `once`, or `ad_hoc`.
    pub period_key: String,
    /// First day of what is reported about.
    pub period_start: Option<Date>,
    /// Last day of what is reported about.
    pub period_end: Option<Date>,
    /// When it is due; `None`: whenever, never late.
    pub due_ms: Option<i64>,
}

impl Duty {
    /// Its occurrences within the campaign, in order.
    ///
    /// # Errors
    /// A sentence for the clerk: the rhythm has no first or last day, or gives more occurrences than can be.
    pub fn planned(&self, dates: &CampaignDates, holidays: &HolidayCalendar) -> Result<Vec<Planned>, String> {
        let once =
            |due_ms| Planned { period_key: "once".to_owned(), period_start: self.starts_on, period_end: None, due_ms };
        match &self.schedule {
            Schedule::Once(moment) => Ok(vec![once(Some(moment.due_ms()))]),
            Schedule::Dates(moments) => {
                let moments: BTreeSet<(i64, String)> = moments.iter().map(|m| (m.due_ms(), m.to_string())).collect();
                Ok(moments
                    .into_iter()
                    .map(|(due_ms, key)| Planned {
                        period_key: key,
                        period_start: None,
                        period_end: None,
                        due_ms: Some(due_ms),
                    })
                    .collect())
            }
            Schedule::Repeating(Rule::AdHoc) | Schedule::AdHoc => {
                Ok(vec![Planned { period_key: "ad_hoc".to_owned(), ..once(None) }])
            }
            Schedule::Repeating(rule) => {
                let missing = || format!("“{}”是定期任务，请先填写活动的起止日期。", self.title);
                let from = self.repeat_from.or(dates.period_start).ok_or_else(missing)?;
                let until = self.repeat_until.or(dates.period_end).ok_or_else(missing)?;
                let occurrences =
                    rule.occurrences(from, until).map_err(|error| format!("“{}”：{error}", self.title))?;
                Ok(occurrences
                    .into_iter()
                    .map(|occurrence| Planned {
                        period_key: occurrence.key,
                        period_start: Some(occurrence.period_start),
                        period_end: Some(occurrence.period_end),
                        due_ms: Some(calendar::from_local_ms(occurrence.due)),
                    })
                    .collect())
            }
            Schedule::Relative(relative) => {
                let day = |date: Option<Date>| date.map(Moment::day);
                let anchors = Anchors {
                    issued: day(dates.issued_on),
                    received: day(dates.received_on),
                    campaign_start: day(dates.period_start),
                    campaign_end: day(dates.period_end),
                    ..Anchors::default()
                };
                let due = relative.resolve(&anchors, holidays).map(|resolved| resolved.due.due_ms());
                Ok(vec![once(due)])
            }
            Schedule::Undated => Ok(vec![once(None)]),
        }
    }

    /// When it falls due, in words: `6月20日（周一）`, `每周四 12:00前`, `活动结束后5个工作日内`.
    pub fn schedule_in_words(&self, today: Date) -> String {
        let moment =
            |moment: &Moment| calendar::format_due(moment.due(), today.to_datetime(jiff::civil::Time::midnight()));
        match &self.schedule {
            Schedule::Once(due) => moment(due),
            Schedule::Dates(dates) => dates.iter().map(moment).collect::<Vec<_>>().join("、"),
            Schedule::Repeating(rule) => rule.phrase(),
            Schedule::Relative(relative) => relative.phrase(),
            Schedule::AdHoc => "随时".to_owned(),
            Schedule::Undated => "未定日期".to_owned(),
        }
    }
}

/// What a dispatch will cost all units together (guard rail F3: the office sees it before sending).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Burden {
    /// Units that receive anything.
    pub units: i64,
    /// Things to hand in, all units and dates together.
    pub occurrences: i64,
    /// Minutes of all units together.
    pub minutes: i64,
    /// Minutes of the unit that has most to do.
    pub most_minutes: i64,
}

/// The burden of these duties on these receivers. Undated duties count once; reports at any time are offered, not
/// demanded, and count nothing. What is due before today counts: it may still be handed in.
pub fn burden(duties: &[Duty], receivers: &[UnitRef], dates: &CampaignDates, holidays: &HolidayCalendar) -> Burden {
    let mut burden = Burden::default();
    let counted: Vec<(&Duty, i64)> = duties
        .iter()
        .filter(|duty| !duty.dropped && duty.kind != DutyKind::AdHocReport)
        .map(|duty| (duty, duty.planned(dates, holidays).map_or(0, |planned| planned.len() as i64)))
        .collect();
    let mut touched: BTreeSet<&UnitId> = BTreeSet::new();
    for unit in receivers {
        let mut minutes = 0;
        for (duty, count) in counted.iter().filter(|(duty, _)| duty.receivers.selects(unit)) {
            burden.occurrences += count;
            minutes += duty.minutes * count;
            touched.insert(&unit.id);
        }
        burden.minutes += minutes;
        burden.most_minutes = burden.most_minutes.max(minutes);
    }
    burden.units = touched.len() as i64;
    burden
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_table_is_this_and_nothing_else() {
        use State as S;
        let steps = [
            Step::Submit,
            Step::Accept,
            Step::UndoAccept,
            Step::SendBack,
            Step::Excuse,
            Step::Reinstate,
            Step::Extend,
            Step::Withdraw,
            Step::Restore,
        ];
        let table = [
            (S::Open, "submitted,-,-,-,not_applicable,-,open,withdrawn,-"),
            (S::Submitted, "submitted,accepted,-,returned,-,-,-,-,-"),
            (S::Accepted, "-,-,submitted,returned,-,-,-,-,-"),
            (S::Returned, "submitted,-,-,-,not_applicable,-,returned,-,-"),
            (S::NotApplicable, "-,-,-,-,-,open,-,withdrawn,-"),
            (S::Withdrawn, "-,-,-,-,-,-,-,-,open"),
        ];
        for (state, expected) in table {
            let row: Vec<&str> = steps.iter().map(|step| state.after(*step).map_or("-", State::code)).collect();
            assert_eq!(row.join(","), expected, "{state:?}");
        }
    }
}
