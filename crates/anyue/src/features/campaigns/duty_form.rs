//! The form of a duty: its fields, and how a duty is shown in them. Reading them back is `duty_form/parse.rs`.

mod parse;

use calendar::{Due, Freq, Relative, Rule, RuleParts};
use jiff::civil::{Date, Time, Weekday};
use serde::Deserialize;

use crate::features::duties::api::{Duty, EvidenceDemand, Schedule};

/// A duty as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[allow(missing_docs)]
pub struct DutyForm {
    pub version: String,
    pub kind: String,
    pub title: String,
    pub detail: String,
    pub clause: String,
    pub hand_in_to: String,
    /// `once`, `dates`, `weekly`, `monthly`, `relative`, `rule` (as it was), `ad_hoc`, `undated`.
    pub when: String,
    pub due_date: String,
    pub due_time: String,
    /// Several dates, separated by anything.
    pub dates: String,
    /// `MO` … `SU`
    pub weekdays: Vec<String>,
    /// Days of the month, separated by anything; 31 is the last.
    pub month_days: String,
    pub rule_time: String,
    /// The rule as it was, for what the fields above cannot say.
    pub rule: String,
    /// The relative date as it was.
    pub relative: String,
    pub repeat_from: String,
    pub repeat_until: String,
    pub quota_min: String,
    pub quota_unit: String,
    pub zero_report: String,
    pub parts: Vec<String>,
    pub evidence_what: Vec<String>,
    pub evidence_clause: Vec<String>,
    pub evidence_purpose: Vec<String>,
    pub evidence_keep: Vec<String>,
    pub minutes: String,
}

/// Weekday codes and names, for the form.
pub const WEEKDAYS: [(&str, &str); 7] =
    [("MO", "周一"), ("TU", "周二"), ("WE", "周三"), ("TH", "周四"), ("FR", "周五"), ("SA", "周六"), ("SU", "周日")];

/// Relative dates on offer.
pub const RELATIVES: [(&str, &str); 7] = [
    ("received+PT24H", "收到后24小时内"),
    ("received+2WD", "收到后2个工作日内"),
    ("received+5WD", "收到后5个工作日内"),
    ("campaign_start-P3D", "活动开始前3天"),
    ("campaign_end+P7D", "活动结束后7天内"),
    ("campaign_end+5WD", "活动结束后5个工作日内"),
    ("campaign_end+10WD", "活动结束后10个工作日内"),
];

const DAYS: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

impl DutyForm {
    /// For showing.
    pub fn of(duty: &Duty) -> Self {
        let day = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
        let each = |get: fn(&EvidenceDemand) -> &String| duty.evidence.iter().map(get).cloned().collect();
        let mut form = Self {
            version: duty.version.to_string(),
            kind: duty.kind.code().to_owned(),
            title: duty.title.clone(),
            detail: duty.detail.clone(),
            clause: duty.clause.clone(),
            hand_in_to: duty.hand_in_to.clone(),
            repeat_from: day(duty.repeat_from),
            repeat_until: day(duty.repeat_until),
            quota_min: duty.quota.as_ref().map(|quota| quota.0.to_string()).unwrap_or_default(),
            quota_unit: duty.quota.as_ref().map(|quota| quota.1.clone()).unwrap_or_default(),
            zero_report: if duty.zero_report { "yes".to_owned() } else { String::new() },
            parts: duty.parts.iter().map(|part| part.code().to_owned()).collect(),
            evidence_what: each(|demand| &demand.what),
            evidence_clause: each(|demand| &demand.clause),
            evidence_purpose: each(|demand| &demand.purpose),
            evidence_keep: each(|demand| &demand.keep),
            minutes: duty.minutes.to_string(),
            ..Self::default()
        };
        form.show_schedule(&duty.schedule);
        form
    }

    fn show_schedule(&mut self, schedule: &Schedule) {
        match schedule {
            Schedule::Once(moment) => {
                self.when = "once".to_owned();
                self.due_date = moment.date().to_string();
                self.due_time = moment.time().map(clock).unwrap_or_default();
            }
            Schedule::Dates(moments) => {
                self.when = "dates".to_owned();
                self.dates = moments.iter().map(ToString::to_string).collect::<Vec<_>>().join("、");
            }
            Schedule::Repeating(rule) => {
                self.rule = rule.to_string();
                self.when = match simple(rule) {
                    Some((Freq::Weekly, parts)) => {
                        self.weekdays = parts.by_day.iter().map(|day| weekday_code(day.weekday).to_owned()).collect();
                        self.rule_time = due_time(parts.due);
                        "weekly"
                    }
                    Some((Freq::Monthly, parts)) => {
                        let days: Vec<String> =
                            parts.by_month_day.iter().map(|day| if *day < 0 { 31 } else { *day }.to_string()).collect();
                        self.month_days = days.join("、");
                        self.rule_time = due_time(parts.due);
                        "monthly"
                    }
                    _ => "rule",
                }
                .to_owned();
            }
            Schedule::Relative(relative) => {
                self.when = "relative".to_owned();
                self.relative = relative.to_string();
            }
            Schedule::AdHoc => self.when = "ad_hoc".to_owned(),
            Schedule::Undated => self.when = "undated".to_owned(),
        }
    }

    /// Relative dates on offer, the present one among them.
    pub fn relatives(&self) -> Vec<(String, String)> {
        let mut offers: Vec<(String, String)> =
            RELATIVES.iter().map(|(code, words)| ((*code).to_owned(), (*words).to_owned())).collect();
        if !self.relative.is_empty()
            && !offers.iter().any(|offer| offer.0 == self.relative)
            && let Ok(relative) = self.relative.parse::<Relative>()
        {
            offers.push((self.relative.clone(), relative.phrase()));
        }
        offers
    }

    /// The rule as it was, in words; empty when the fields can say it.
    pub fn rule_words(&self) -> String {
        self.rule.parse::<Rule>().map(|rule| rule.phrase()).unwrap_or_default()
    }

    /// Whether it is of this kind.
    pub fn is_kind(&self, code: &str) -> bool {
        self.kind == code
    }

    /// Whether a weekday is ticked.
    pub fn on_weekday(&self, code: &str) -> bool {
        self.weekdays.iter().any(|day| day == code)
    }

    /// Whether a part is ticked.
    pub fn has_part(&self, code: &str) -> bool {
        self.parts.iter().any(|part| part == code)
    }

    /// Demanded evidence, with one empty line to add to.
    pub fn evidence_rows(&self) -> Vec<[String; 4]> {
        let text = |list: &[String], index: usize| list.get(index).cloned().unwrap_or_default();
        let count = self.evidence_what.iter().filter(|what| !what.trim().is_empty()).count();
        (0..=count)
            .map(|index| {
                [
                    text(&self.evidence_what, index),
                    text(&self.evidence_clause, index),
                    text(&self.evidence_purpose, index),
                    text(&self.evidence_keep, index),
                ]
            })
            .collect()
    }
}

/// The parts of a rule that the form's own fields can say.
fn simple(rule: &Rule) -> Option<(Freq, &RuleParts)> {
    let Rule::Repeating(rhythm) = rule else { return None };
    let parts = rhythm.parts();
    let plain = parts.interval == 1 && parts.by_month.is_empty();
    let weekly = parts.freq == Freq::Weekly && parts.by_day.iter().all(|day| day.ordinal.is_none());
    let monthly =
        parts.freq == Freq::Monthly && parts.by_day.is_empty() && parts.by_month_day.iter().all(|day| *day >= -1);
    (plain && (weekly || monthly)).then_some((parts.freq, parts))
}

fn weekday_code(weekday: Weekday) -> &'static str {
    WEEKDAYS.iter().zip(DAYS).find(|(_, day)| *day == weekday).map_or("", |((code, _), _)| code)
}

fn clock(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

fn due_time(due: Due) -> String {
    match due {
        Due::EndOfDay => String::new(),
        Due::Morning => clock(calendar::MORNING_ENDS),
        Due::Afternoon => clock(calendar::AFTERNOON_ENDS),
        Due::At(time) => clock(time),
    }
}
