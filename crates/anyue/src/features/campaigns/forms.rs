//! The forms of head and activity on the confirm page: text fields in, typed values out, and back for showing.

use jiff::civil::Date;
use serde::Deserialize;

use super::by_hand::day;
use super::edit::ActivityFields;
use super::model::{Activity, Head};
use crate::platform::FieldErrors;
use crate::platform::web::form::{at_most, required};

/// The head as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[allow(missing_docs)]
pub struct HeadForm {
    pub version: String,
    pub title: String,
    pub doc_number: String,
    pub issuer: String,
    pub issued_on: String,
    pub theme: String,
    pub period_start: String,
    pub period_end: String,
    pub contact: String,
    pub remarks: String,
}

impl HeadForm {
    /// Typed values, or messages by field.
    ///
    /// # Errors
    /// Messages by field.
    pub fn parse(&self) -> Result<(Head, i64), FieldErrors> {
        let mut errors = FieldErrors::new();
        let title = required(&self.title, "title", "请填写标题。", &mut errors).to_owned();
        at_most(&self.title, 300, "title", &mut errors);
        at_most(&self.doc_number, 60, "doc_number", &mut errors);
        at_most(&self.issuer, 100, "issuer", &mut errors);
        at_most(&self.theme, 200, "theme", &mut errors);
        at_most(&self.contact, 500, "contact", &mut errors);
        at_most(&self.remarks, 2000, "remarks", &mut errors);
        let issued_on = day(&self.issued_on, "issued_on", &mut errors);
        let period_start = day(&self.period_start, "period_start", &mut errors);
        let period_end = day(&self.period_end, "period_end", &mut errors);
        if period_start.zip(period_end).is_some_and(|(start, end)| end < start) {
            errors.add("period_end", "结束日期早于开始日期，请核对。");
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let text = |text: &str| text.trim().to_owned();
        let head = Head {
            title,
            doc_number: text(&self.doc_number),
            issuer: text(&self.issuer),
            issued_on,
            theme: text(&self.theme),
            period_start,
            period_end,
            contact: text(&self.contact),
            remarks: text(&self.remarks),
        };
        Ok((head, self.version.parse().unwrap_or_default()))
    }
}

/// An activity as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[allow(missing_docs)]
pub struct ActivityForm {
    pub version: String,
    pub title: String,
    pub who: String,
    pub starts_on: String,
    pub ends_on: String,
}

impl ActivityForm {
    /// For showing.
    pub fn of(activity: &Activity) -> Self {
        let day = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
        Self {
            version: activity.version.to_string(),
            title: activity.title.clone(),
            who: activity.who.clone(),
            starts_on: day(activity.starts_on),
            ends_on: day(activity.ends_on),
        }
    }

    /// Typed values, or messages by field.
    ///
    /// # Errors
    /// Messages by field.
    pub fn parse(&self) -> Result<ActivityFields, FieldErrors> {
        let mut errors = FieldErrors::new();
        let title = required(&self.title, "title", "请填写活动名称。", &mut errors).to_owned();
        at_most(&self.title, 200, "title", &mut errors);
        at_most(&self.who, 200, "who", &mut errors);
        let starts_on = day(&self.starts_on, "starts_on", &mut errors);
        let ends_on = day(&self.ends_on, "ends_on", &mut errors);
        if starts_on.zip(ends_on).is_some_and(|(start, end)| end < start) {
            errors.add("ends_on", "结束日期早于开始日期，请核对。");
        }
        errors
            .is_empty()
            .then(|| ActivityFields { title, who: self.who.trim().to_owned(), starts_on, ends_on })
            .ok_or(errors)
    }
}
