//! What a campaign is, what may be missing before it can be published, and how a change is told.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::features::duties::api::{
    Burden, CampaignDates, CampaignId, Duty, DutyId, DutyKind, EvidenceDemand, Part, Schedule,
};
use crate::features::units::api::Selector;
use crate::id_type;
use crate::platform::clock::Clock;
use crate::platform::ids::UnitId;

id_type!(
    /// An activity of a campaign (活动项目).
    ActivityId
);

/// How a campaign stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CampaignState {
    /// Being written; nobody has received anything.
    Draft,
    /// Sent to its receivers.
    Published,
    /// Over: nothing more is handed in.
    Closed,
}

impl CampaignState {
    /// As stored and as in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published => "published",
            Self::Closed => "closed",
        }
    }

    /// As on screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Draft => "草稿",
            Self::Published => "进行中",
            Self::Closed => "已结束",
        }
    }

    /// The state of a code.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Draft, Self::Published, Self::Closed].into_iter().find(|state| state.code() == code)
    }
}

/// The facts of a campaign that other areas and lists show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct CampaignHeader {
    /// Its id.
    pub id: CampaignId,
    /// Title of the notice.
    pub title: String,
    /// 发文字号; empty when none.
    pub doc_number: String,
    /// 发文机关, as printed.
    pub issuer: String,
    /// The unit that runs it.
    pub issuer_unit_id: UnitId,
    /// Path of that unit.
    pub issuer_unit_path: String,
    /// 活动主题
    pub theme: String,
    /// 成文日期
    #[schema(value_type = Option<String>)]
    pub issued_on: Option<Date>,
    /// First day.
    #[schema(value_type = Option<String>)]
    pub period_start: Option<Date>,
    /// Last day.
    #[schema(value_type = Option<String>)]
    pub period_end: Option<Date>,
    /// How it stands.
    pub state: CampaignState,
    /// Counts published editions; 0 before publication.
    pub edition: i64,
    /// Whom to ask.
    pub contact: String,
    /// What the issuing unit adds in its own words.
    pub remarks: String,
    /// When it was published, milliseconds.
    pub published_at: Option<i64>,
    /// The campaign that was passed on.
    pub derived_from: Option<CampaignId>,
}

impl CampaignHeader {
    /// What dates of duties are counted from; `today` stands for the day of publication before there is one.
    pub fn dates(&self, today: Date) -> CampaignDates {
        CampaignDates {
            issued_on: self.issued_on,
            received_on: Some(self.published_on().unwrap_or(today)),
            period_start: self.period_start,
            period_end: self.period_end,
        }
    }

    /// The day of publication.
    pub fn published_on(&self) -> Option<Date> {
        self.published_at.and_then(calendar::to_local).map(|at| at.date())
    }

    /// `6月1日（周三）至6月30日（周四）`; empty when the period is not known.
    pub fn period_in_words(&self, today: Date) -> String {
        period_in_words(self.period_start, self.period_end, today)
    }
}

/// A period in words.
pub fn period_in_words(start: Option<Date>, end: Option<Date>, today: Date) -> String {
    let day = |date: Date| {
        let year = if date.year() == today.year() { String::new() } else { format!("{}年", date.year()) };
        format!("{year}{}月{}日", date.month(), date.day())
    };
    match (start, end) {
        (Some(start), Some(end)) if start == end => day(start),
        (Some(start), Some(end)) => format!("{}至{}", day(start), day(end)),
        (Some(start), None) => format!("{}起", day(start)),
        (None, Some(end)) => format!("至{}", day(end)),
        (None, None) => String::new(),
    }
}

/// A campaign as stored.
#[derive(Clone, Debug)]
pub struct Campaign {
    /// What is shown of it.
    pub header: CampaignHeader,
    /// Who receives it, among the units below the issuer.
    pub receivers: Selector,
    /// The campaign it was copied from.
    pub copied_from: Option<CampaignId>,
    /// The document, line by line.
    pub notice_text: String,
    /// The plan as the compiler read it, JSON of `anyue/notice/1`; empty for a campaign by hand.
    pub notice_plan: String,
    /// What the document was read from.
    pub notice_format: String,
    /// Warnings dealt with: index → `kept` or `changed`.
    pub decisions: BTreeMap<String, String>,
    /// An amendment being written: JSON of [`Content`]; empty when there is none.
    pub amendment: String,
    /// The sentence with which it was closed.
    pub closing_note: String,
    /// Grows with each change.
    pub version: i64,
    /// When it was made, milliseconds.
    pub created_at: i64,
}

impl Campaign {
    /// The lines of the notice.
    pub fn lines(&self) -> Vec<String> {
        self.notice_text.lines().map(str::to_owned).collect()
    }

    /// Whether its content can be edited now: a draft, or an amendment that has been begun.
    pub fn is_being_written(&self) -> bool {
        match self.header.state {
            CampaignState::Draft => true,
            CampaignState::Published => !self.amendment.is_empty(),
            CampaignState::Closed => false,
        }
    }
}

/// 活动项目: a heading of the notice that names something to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Activity {
    /// Its id.
    pub id: ActivityId,
    /// Its place in the campaign.
    pub ordinal: i64,
    /// As printed: （五）.
    pub number: String,
    /// Path from the top: 四/（五）.
    pub clause: String,
    /// What it is called.
    pub title: String,
    /// Codes of the catalogue of activity kinds, the main one first.
    pub kinds: Vec<String>,
    /// Who holds it, as printed.
    pub who: String,
    /// First day of its own.
    #[schema(value_type = Option<String>)]
    pub starts_on: Option<Date>,
    /// Last day of its own.
    #[schema(value_type = Option<String>)]
    pub ends_on: Option<Date>,
    /// The lines of the notice it comes from.
    pub lines: Option<(i64, i64)>,
    /// Taken out of the campaign.
    pub dropped: bool,
    /// Grows with each change.
    pub version: i64,
}

/// The part of a campaign that the clerk edits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Head {
    /// Title of the notice.
    pub title: String,
    /// 发文字号
    pub doc_number: String,
    /// 发文机关
    pub issuer: String,
    /// 成文日期
    pub issued_on: Option<Date>,
    /// 活动主题
    pub theme: String,
    /// First day.
    pub period_start: Option<Date>,
    /// Last day.
    pub period_end: Option<Date>,
    /// Whom to ask.
    pub contact: String,
    /// What the issuing unit adds in its own words.
    pub remarks: String,
}

impl Head {
    /// Of a stored campaign.
    pub fn of(header: &CampaignHeader) -> Self {
        Self {
            title: header.title.clone(),
            doc_number: header.doc_number.clone(),
            issuer: header.issuer.clone(),
            issued_on: header.issued_on,
            theme: header.theme.clone(),
            period_start: header.period_start,
            period_end: header.period_end,
            contact: header.contact.clone(),
            remarks: header.remarks.clone(),
        }
    }

    /// Field, label and value in words, in the order of the page.
    pub fn labelled(&self) -> [(&'static str, &'static str, String); 9] {
        let day = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
        [
            ("doc_number", "文号", self.doc_number.clone()),
            ("title", "标题", self.title.clone()),
            ("issuer", "发文机关", self.issuer.clone()),
            ("issued_on", "成文日期", day(self.issued_on)),
            ("theme", "活动主题", self.theme.clone()),
            ("period_start", "开始日期", day(self.period_start)),
            ("period_end", "结束日期", day(self.period_end)),
            ("contact", "联系人", self.contact.clone()),
            ("remarks", "补充说明", self.remarks.clone()),
        ]
    }

    /// What dates of duties are counted from.
    pub fn dates(&self, received_on: Date) -> CampaignDates {
        CampaignDates {
            issued_on: self.issued_on,
            received_on: Some(received_on),
            period_start: self.period_start,
            period_end: self.period_end,
        }
    }
}

/// Everything of a campaign that can be edited: rows of a draft, or an amendment kept as JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// 基本信息
    pub head: Head,
    /// Who receives it.
    pub receivers: Selector,
    /// 活动内容
    pub activities: Vec<Activity>,
    /// 任务
    pub duties: Vec<Duty>,
    /// Grows with each change of head or receivers.
    pub version: i64,
}

#[derive(Serialize, Deserialize)]
struct ContentText {
    head: Head,
    receivers: Selector,
    activities: Vec<Activity>,
    duties: Vec<DutyText>,
    version: i64,
}

#[derive(Serialize, Deserialize)]
struct DutyText {
    id: DutyId,
    campaign_id: CampaignId,
    ordinal: i64,
    kind: DutyKind,
    title: String,
    detail: String,
    clause: String,
    source_text: String,
    lines: Option<(i64, i64)>,
    who: String,
    hand_in_to: String,
    schedule: String,
    starts_on: Option<Date>,
    repeat_from: Option<Date>,
    repeat_until: Option<Date>,
    quota: Option<(i64, String)>,
    zero_report: bool,
    parts: Vec<Part>,
    evidence: Vec<EvidenceDemand>,
    receivers: Selector,
    minutes: i64,
    dropped: bool,
    version: i64,
}

impl Content {
    /// As kept for an amendment.
    pub fn to_json(&self) -> String {
        let duties = self.duties.iter().cloned().map(|d| DutyText {
            schedule: d.schedule.to_json(),
            id: d.id,
            campaign_id: d.campaign_id,
            ordinal: d.ordinal,
            kind: d.kind,
            title: d.title,
            detail: d.detail,
            clause: d.clause,
            source_text: d.source_text,
            lines: d.lines,
            who: d.who,
            hand_in_to: d.hand_in_to,
            starts_on: d.starts_on,
            repeat_from: d.repeat_from,
            repeat_until: d.repeat_until,
            quota: d.quota,
            zero_report: d.zero_report,
            parts: d.parts,
            evidence: d.evidence,
            receivers: d.receivers,
            minutes: d.minutes,
            dropped: d.dropped,
            version: d.version,
        });
        let text = ContentText {
            head: self.head.clone(),
            receivers: self.receivers.clone(),
            activities: self.activities.clone(),
            duties: duties.collect(),
            version: self.version,
        };
        serde_json::to_string(&text).unwrap_or_default()
    }

    /// From what was kept.
    ///
    /// # Errors
    /// A sentence for the log.
    pub fn from_json(json: &str) -> Result<Self, String> {
        let text: ContentText = serde_json::from_str(json).map_err(|error| error.to_string())?;
        let duties = text.duties.into_iter().map(|d| {
            Ok(Duty {
                schedule: Schedule::from_json(&d.schedule)?,
                id: d.id,
                campaign_id: d.campaign_id,
                ordinal: d.ordinal,
                kind: d.kind,
                title: d.title,
                detail: d.detail,
                clause: d.clause,
                source_text: d.source_text,
                lines: d.lines,
                who: d.who,
                hand_in_to: d.hand_in_to,
                starts_on: d.starts_on,
                repeat_from: d.repeat_from,
                repeat_until: d.repeat_until,
                quota: d.quota,
                zero_report: d.zero_report,
                parts: d.parts,
                evidence: d.evidence,
                receivers: d.receivers,
                minutes: d.minutes,
                dropped: d.dropped,
                version: d.version,
            })
        });
        Ok(Self {
            head: text.head,
            receivers: text.receivers,
            activities: text.activities,
            duties: duties.collect::<Result<_, String>>()?,
            version: text.version,
        })
    }

    /// The duty of an id.
    pub fn duty(&self, id: &DutyId) -> Option<&Duty> {
        self.duties.iter().find(|duty| duty.id == *id)
    }

    /// The activity of an id.
    pub fn activity(&self, id: &ActivityId) -> Option<&Activity> {
        self.activities.iter().find(|activity| activity.id == *id)
    }

    /// What stands in the way of publication, in the order of the page; empty when nothing does.
    pub fn missing(&self, receivers: i64, clock: &Clock, holidays: &calendar::HolidayCalendar) -> Vec<Missing> {
        let mut missing = Vec::new();
        let mut add = |place: &str, sentence: String| missing.push(Missing { place: place.to_owned(), sentence });
        if self.head.title.trim().is_empty() {
            add("f-title", "请填写标题。".to_owned());
        }
        if let (Some(start), Some(end)) = (self.head.period_start, self.head.period_end)
            && end < start
        {
            add("f-period_end", "结束日期早于开始日期，请核对。".to_owned());
        }
        if receivers == 0 {
            add("receivers", "还没有接收单位，请先选择。".to_owned());
        }
        let duties: Vec<&Duty> = self.duties.iter().filter(|duty| !duty.dropped).collect();
        if duties.is_empty() {
            add("duties", "还没有任何任务，至少保留“签收通知”。".to_owned());
        }
        let dates = self.head.dates(clock.today());
        for duty in duties {
            let place = format!("duty-{}", duty.id);
            if let Err(sentence) = duty.planned(&dates, holidays) {
                add(&place, sentence);
            }
            for demand in duty.evidence.iter().filter(|demand| !demand.is_complete()) {
                add(
                    &place,
                    format!(
                        "“{}”要求的“{}”没有写明依据条款、用途和保存期限，不能要求基层上传。",
                        duty.title, demand.what
                    ),
                );
            }
        }
        missing
    }
}

/// Something that must be there before a campaign can be published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// Id of the place on the page.
    pub place: String,
    /// What to do.
    pub sentence: String,
}

/// What receivers are told about an amendment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Change {
    /// The edition it made.
    pub edition: i64,
    /// When, milliseconds.
    pub at: i64,
    /// Who.
    pub actor_name: String,
    /// Why, in the issuer's words.
    pub note: String,
    /// One sentence for each thing that changed.
    pub changes: Vec<String>,
}

/// Sentences on what differs between two contents, as the receivers are told. `count` tells how many units
/// received it before and receive it now.
pub fn difference(before: &Content, after: &Content, count: (i64, i64), today: Date) -> Vec<String> {
    let mut sentences = Vec::new();
    let (old, new) = (before.head.labelled(), after.head.labelled());
    for ((_, label, was), (_, _, is)) in old.iter().zip(new.iter()).filter(|(old, new)| old.2 != new.2) {
        sentences.push(match (was.is_empty(), is.is_empty()) {
            (true, _) => format!("{label}：新增“{is}”。"),
            (_, true) => format!("{label}：删去“{was}”。"),
            _ => format!("{label}由“{was}”改为“{is}”。"),
        });
    }
    if count.0 != count.1 {
        sentences.push(format!("接收单位由{}个改为{}个。", count.0, count.1));
    } else if before.receivers != after.receivers {
        sentences.push("接收单位有调整。".to_owned());
    }
    for activity in &after.activities {
        match before.activity(&activity.id) {
            None if !activity.dropped => sentences.push(format!("新增活动“{}”。", activity.title)),
            Some(was) if was.dropped != activity.dropped => sentences.push(if activity.dropped {
                format!("取消活动“{}”。", was.title)
            } else {
                format!("恢复活动“{}”。", activity.title)
            }),
            Some(was) if !activity.dropped && !same_activity(was, activity) => {
                sentences.push(changed_activity(was, activity, today));
            }
            _ => {}
        }
    }
    for duty in &after.duties {
        match before.duty(&duty.id) {
            None if !duty.dropped => {
                sentences.push(format!("新增任务“{}”，{}。", duty.title, duty.schedule_in_words(today)));
            }
            Some(was) if was.dropped != duty.dropped => sentences.push(if duty.dropped {
                format!("取消任务“{}”。", was.title)
            } else {
                format!("恢复任务“{}”，{}。", duty.title, duty.schedule_in_words(today))
            }),
            Some(was) if !duty.dropped => sentences.extend(changed_duty(was, duty, today)),
            _ => {}
        }
    }
    sentences
}

fn same_activity(was: &Activity, is: &Activity) -> bool {
    (&was.title, &was.who, was.starts_on, was.ends_on) == (&is.title, &is.who, is.starts_on, is.ends_on)
}

fn changed_activity(was: &Activity, is: &Activity, today: Date) -> String {
    let mut parts = Vec::new();
    if was.title != is.title {
        parts.push(format!("名称改为“{}”", is.title));
    }
    if (was.starts_on, was.ends_on) != (is.starts_on, is.ends_on) {
        let words = period_in_words(is.starts_on, is.ends_on, today);
        parts.push(if words.is_empty() { "时间另定".to_owned() } else { format!("时间改为{words}") });
    }
    if was.who != is.who {
        parts.push(format!("参加单位改为“{}”", is.who));
    }
    format!("活动“{}”{}。", was.title, parts.join("，"))
}

fn changed_duty(was: &Duty, is: &Duty, today: Date) -> Option<String> {
    let mut parts = Vec::new();
    if was.title != is.title {
        parts.push(format!("名称改为“{}”", is.title));
    }
    if was.schedule != is.schedule || (was.repeat_from, was.repeat_until) != (is.repeat_from, is.repeat_until) {
        parts.push(format!("时限由{}改为{}", was.schedule_in_words(today), is.schedule_in_words(today)));
    }
    if was.parts != is.parts {
        let parts_now: Vec<&str> = is.parts.iter().map(|part| part.label()).collect();
        parts.push(format!("报送内容改为{}", parts_now.join("、")));
    }
    if was.evidence != is.evidence {
        parts.push("印证资料要求有调整".to_owned());
    }
    if was.receivers != is.receivers {
        parts.push("接收单位有调整".to_owned());
    }
    if (&was.detail, &was.hand_in_to, &was.quota, was.zero_report)
        != (&is.detail, &is.hand_in_to, &is.quota, is.zero_report)
    {
        parts.push("要求有修改".to_owned());
    }
    (!parts.is_empty()).then(|| format!("任务“{}”{}。", was.title, parts.join("，")))
}

/// The burden in words: `约 36 个单位 × 25 分钟 = 15 小时`.
pub fn burden_in_words(burden: &Burden) -> String {
    if burden.units == 0 {
        return "还没有接收单位".to_owned();
    }
    let each = (burden.minutes + burden.units - 1) / burden.units;
    format!("约 {} 个单位 × {} = {}", burden.units, duration_in_words(each), duration_in_words(burden.minutes))
}

/// `25 分钟`, `15 小时`, `1 小时 30 分钟`.
pub fn duration_in_words(minutes: i64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} 分钟"),
        (hours, _) if hours >= 10 => format!("{} 小时", (minutes + 30) / 60),
        (hours, 0) => format!("{hours} 小时"),
        (hours, minutes) => format!("{hours} 小时 {minutes} 分钟"),
    }
}

/// The same day a year later; 29 February becomes the 28th.
pub fn a_year_later(date: Date) -> Date {
    date.checked_add(jiff::Span::new().years(1)).unwrap_or(date)
}

/// A schedule a year later: days move, rhythms by weekday stay.
pub fn schedule_a_year_later(schedule: &Schedule) -> Schedule {
    let later = |moment: &calendar::Moment| match moment.time() {
        Some(time) => calendar::Moment::minute(a_year_later(moment.date()).to_datetime(time)),
        None => calendar::Moment::day(a_year_later(moment.date())),
    };
    match schedule {
        Schedule::Once(moment) => Schedule::Once(later(moment)),
        Schedule::Dates(moments) => Schedule::Dates(moments.iter().map(later).collect()),
        other => other.clone(),
    }
}

/// A text with this year put in place of the year before: 2022年 → 2023年.
pub fn text_a_year_later(text: &str, year: i16) -> String {
    text.replace(&format!("{year}年"), &format!("{}年", year + 1))
}
