//! Everything of a campaign that can be edited, as one value: for a draft it is its rows, for an amendment JSON.

use serde::{Deserialize, Serialize};

use super::model::{Activity, ActivityId, Head};
use crate::features::duties::api::{Duty, DutyId};
use crate::features::units::api::Selector;
use crate::platform::clock::Clock;

/// Everything of a campaign that can be edited: rows of a draft, or an amendment kept as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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

impl Content {
    /// As kept for an amendment.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// From what was kept.
    ///
    /// # Errors
    /// A sentence for the log.
    pub fn from_json(json: &str) -> Result<Self, String> {
        serde_json::from_str(json).map_err(|error| error.to_string())
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
