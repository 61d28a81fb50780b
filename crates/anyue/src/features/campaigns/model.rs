//! What a campaign is, what may be missing before it can be published, and how a change is told.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::features::duties::api::{Burden, CampaignDates, CampaignId, Schedule};
use crate::features::units::api::Selector;
use crate::id_type;
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
