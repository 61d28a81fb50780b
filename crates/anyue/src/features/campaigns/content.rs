//! Everything of a campaign that can be edited, as one value: for a draft it is its rows, for an amendment JSON.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::model::{Activity, ActivityId, Head};
use crate::features::duties::api::{CampaignId, Duty, DutyId, DutyKind, EvidenceDemand, Part, Schedule};
use crate::features::units::api::Selector;
use crate::platform::clock::Clock;

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
