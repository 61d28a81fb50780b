//! What an amendment changed, in sentences for the receivers.

use jiff::civil::Date;

use super::content::Content;
use super::model::{Activity, period_in_words};
use crate::features::duties::api::Duty;

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
