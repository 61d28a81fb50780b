//! The forms of the confirm page: text fields in, typed values out, and back for showing.

use calendar::{ByDay, Due, Freq, Moment, Relative, Rule, RuleParts};
use jiff::civil::{Date, Time, Weekday};
use serde::Deserialize;

use super::by_hand::day;
use super::edit::{ActivityFields, DutyFields};
use super::model::{Activity, Head};
use crate::features::duties::api::{Duty, DutyKind, EvidenceDemand, Part, Schedule};
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
    /// For showing.
    pub fn of(head: &Head, version: i64) -> Self {
        let day = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
        Self {
            version: version.to_string(),
            title: head.title.clone(),
            doc_number: head.doc_number.clone(),
            issuer: head.issuer.clone(),
            issued_on: day(head.issued_on),
            theme: head.theme.clone(),
            period_start: day(head.period_start),
            period_end: day(head.period_end),
            contact: head.contact.clone(),
            remarks: head.remarks.clone(),
        }
    }

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
        errors.is_empty().then(|| ActivityFields { title, who: self.who.trim().to_owned(), starts_on, ends_on }).ok_or(errors)
    }
}

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

    /// Typed values, or messages by field.
    ///
    /// # Errors
    /// Messages by field.
    pub fn parse(&self) -> Result<DutyFields, FieldErrors> {
        let mut errors = FieldErrors::new();
        let title = required(&self.title, "title", "请填写任务名称。", &mut errors).to_owned();
        at_most(&self.title, 100, "title", &mut errors);
        at_most(&self.detail, 2000, "detail", &mut errors);
        at_most(&self.clause, 60, "clause", &mut errors);
        at_most(&self.hand_in_to, 100, "hand_in_to", &mut errors);
        let kind = DutyKind::parse(&self.kind);
        if kind.is_none() {
            errors.add("kind", "请选择任务类型。");
        }
        let schedule = self.schedule(&mut errors);
        let repeat_from = day(&self.repeat_from, "repeat_from", &mut errors);
        let repeat_until = day(&self.repeat_until, "repeat_until", &mut errors);
        if repeat_from.zip(repeat_until).is_some_and(|(from, until)| until < from) {
            errors.add("repeat_until", "截止日期早于起始日期，请核对。");
        }
        let mut parts: Vec<Part> = self.parts.iter().filter_map(|code| Part::parse(code)).collect();
        if kind == Some(DutyKind::Acknowledge) {
            parts = vec![Part::Acknowledgement];
        }
        if parts.is_empty() {
            errors.add("parts", "请至少选择一项报送内容。");
        }
        let minutes = self.minutes.trim().parse::<i64>().ok().filter(|minutes| (0..=10_000).contains(minutes));
        if minutes.is_none() {
            errors.add("minutes", "请填写预计用时，整数分钟。");
        }
        let quota = self.quota(&mut errors);
        match (kind, schedule, minutes) {
            (Some(kind), Some(schedule), Some(minutes)) if errors.is_empty() => Ok(DutyFields {
                kind,
                title,
                detail: self.detail.trim().to_owned(),
                clause: self.clause.trim().to_owned(),
                hand_in_to: self.hand_in_to.trim().to_owned(),
                schedule,
                repeat_from,
                repeat_until,
                quota,
                zero_report: self.zero_report == "yes",
                parts,
                evidence: self.evidence(),
                minutes,
            }),
            _ => Err(errors),
        }
    }

    fn quota(&self, errors: &mut FieldErrors) -> Option<(i64, String)> {
        let min = self.quota_min.trim();
        if min.is_empty() {
            return None;
        }
        match min.parse::<i64>() {
            Ok(min) if min > 0 => Some((min, self.quota_unit.trim().to_owned())),
            _ => {
                errors.add("quota_min", "请填写正整数，或者留空。");
                None
            }
        }
    }

    fn evidence(&self) -> Vec<EvidenceDemand> {
        self.evidence_rows()
            .into_iter()
            .filter(|row| !row[0].trim().is_empty())
            .map(|[what, clause, purpose, keep]| EvidenceDemand {
                types: types_named(&what),
                what: what.trim().to_owned(),
                clause: clause.trim().to_owned(),
                purpose: purpose.trim().to_owned(),
                keep: keep.trim().to_owned(),
            })
            .collect()
    }

    fn schedule(&self, errors: &mut FieldErrors) -> Option<Schedule> {
        match self.when.as_str() {
            "once" => {
                let date = day(&self.due_date, "due_date", errors);
                if date.is_none() {
                    errors.add("due_date", "请填写截止日期。");
                }
                let time = time(&self.due_time, "due_time", errors);
                date.map(|date| {
                    Schedule::Once(time.map_or_else(|| Moment::day(date), |time| Moment::minute(date.to_datetime(time))))
                })
            }
            "dates" => {
                let texts = self.dates.split(['、', ',', '，', ' ', '\n', '\r', ';', '；']).filter(|text| !text.is_empty());
                let moments: Result<Vec<Moment>, _> = texts.map(str::parse).collect();
                match moments {
                    Ok(moments) if !moments.is_empty() => Some(Schedule::Dates(moments)),
                    Ok(_) => {
                        errors.add("dates", "请填写各次的日期，用顿号隔开。");
                        None
                    }
                    Err(error) => {
                        errors.add("dates", format!("{}。", error.zh()));
                        None
                    }
                }
            }
            "weekly" => {
                let by_day: Vec<ByDay> = WEEKDAYS
                    .iter()
                    .zip(DAYS)
                    .filter(|((code, _), _)| self.on_weekday(code))
                    .map(|(_, weekday)| ByDay { ordinal: None, weekday })
                    .collect();
                let due = self.due(errors)?;
                self.repeating(RuleParts { by_day, due, ..RuleParts::every(Freq::Weekly) }, "weekdays", errors)
            }
            "monthly" => {
                let texts = self.month_days.split(['、', ',', '，', ' ']).filter(|text| !text.is_empty());
                let days: Result<Vec<i8>, _> = texts.map(|text| text.trim_end_matches('日').parse::<i8>()).collect();
                let Ok(days) = days else {
                    errors.add("month_days", "请填写几日，用顿号隔开，例如10、20、31。");
                    return None;
                };
                let by_month_day = days.into_iter().map(|day| if day == 31 { -1 } else { day }).collect();
                let due = self.due(errors)?;
                self.repeating(RuleParts { by_month_day, due, ..RuleParts::every(Freq::Monthly) }, "month_days", errors)
            }
            "rule" => match self.rule.parse::<Rule>() {
                Ok(rule) => Some(Schedule::Repeating(rule)),
                Err(error) => {
                    errors.add("when", error.zh());
                    None
                }
            },
            "relative" => match self.relative.parse::<Relative>() {
                Ok(relative) => Some(Schedule::Relative(relative)),
                Err(_) => {
                    errors.add("relative", "请选择从哪一天算起。");
                    None
                }
            },
            "ad_hoc" => Some(Schedule::AdHoc),
            "undated" => Some(Schedule::Undated),
            _ => {
                errors.add("when", "请选择时限。");
                None
            }
        }
    }

    fn due(&self, errors: &mut FieldErrors) -> Option<Due> {
        if self.rule_time.trim().is_empty() {
            return Some(Due::EndOfDay);
        }
        time(&self.rule_time, "rule_time", errors).map(|time| match self.rule.parse::<Rule>() {
            // 上午 stays 上午 in the words of the rule.
            Ok(rule) if due_of(&rule) == Some(Due::Morning) && time == calendar::MORNING_ENDS => Due::Morning,
            Ok(rule) if due_of(&rule) == Some(Due::Afternoon) && time == calendar::AFTERNOON_ENDS => Due::Afternoon,
            _ => Due::At(time),
        })
    }

    fn repeating(&self, parts: RuleParts, field: &str, errors: &mut FieldErrors) -> Option<Schedule> {
        match Rule::repeating(parts) {
            Ok(rule) => Some(Schedule::Repeating(rule)),
            Err(error) => {
                errors.add(field, error.zh());
                None
            }
        }
    }
}

fn due_of(rule: &Rule) -> Option<Due> {
    match rule {
        Rule::Repeating(rhythm) => Some(rhythm.parts().due),
        Rule::AdHoc => None,
    }
}

/// The parts of a rule that the form's own fields can say.
fn simple(rule: &Rule) -> Option<(Freq, &RuleParts)> {
    let Rule::Repeating(rhythm) = rule else { return None };
    let parts = rhythm.parts();
    let plain = parts.interval == 1 && parts.by_month.is_empty();
    let weekly = parts.freq == Freq::Weekly && parts.by_day.iter().all(|day| day.ordinal.is_none());
    let monthly = parts.freq == Freq::Monthly && parts.by_day.is_empty() && parts.by_month_day.iter().all(|day| *day >= -1);
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

/// A time field, `12:00`; empty is the end of the day.
fn time(text: &str, field: &str, errors: &mut FieldErrors) -> Option<Time> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let parsed = text.split_once([':', '：']).and_then(|(hour, minute)| {
        Time::new(hour.parse().ok()?, minute.get(..2).unwrap_or(minute).parse().ok()?, 0, 0).ok()
    });
    if parsed.is_none() {
        errors.add(field, "请按“12:00”的样子填写时间。");
    }
    parsed
}

/// The sorts of material that words name.
fn types_named(what: &str) -> Vec<String> {
    const WORDS: [(&str, &str); 12] = [
        ("书面", "text"),
        ("文字", "text"),
        ("图像", "photo"),
        ("图片", "photo"),
        ("照片", "photo"),
        ("视频", "video"),
        ("影像", "video"),
        ("录音", "audio"),
        ("签到", "sign_in"),
        ("名单", "roster"),
        ("总结", "summary"),
        ("台账", "ledger"),
    ];
    let mut types: Vec<String> = Vec::new();
    for (_, code) in WORDS.iter().filter(|(word, _)| what.contains(word)) {
        if !types.iter().any(|known| known == code) {
            types.push((*code).to_owned());
        }
    }
    if types.is_empty() {
        types.push("other".to_owned());
    }
    types
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::campaigns::plan;

    #[test]
    fn a_duty_goes_through_its_form_unchanged() {
        let lines: Vec<String> = plan::tests::FOUNDING.lines().map(str::to_owned).collect();
        let draft = plan::draft(&plan::Plan::from_json(plan::tests::FOUNDING_PLAN), &lines);
        for duty in draft.duties {
            let fields = DutyForm::of(&duty).parse().unwrap_or_else(|errors| panic!("{}: {errors:?}", duty.title));
            assert_eq!(fields.schedule, duty.schedule, "{}", duty.title);
            assert_eq!(fields.parts, duty.parts);
            assert_eq!(fields.quota, duty.quota);
            assert_eq!((fields.repeat_from, fields.repeat_until), (duty.repeat_from, duty.repeat_until));
            assert_eq!(fields.evidence.len(), duty.evidence.len());
        }
    }

    #[test]
    fn what_cannot_be_understood_is_said_at_its_field() {
        let table = [
            (DutyForm { when: "once".to_owned(), ..DutyForm::default() }, "due_date"),
            (DutyForm { when: "once".to_owned(), due_date: "6月20日".to_owned(), ..DutyForm::default() }, "due_date"),
            (DutyForm { when: "dates".to_owned(), dates: "2022-06-31".to_owned(), ..DutyForm::default() }, "dates"),
            (DutyForm { when: "monthly".to_owned(), month_days: "四十".to_owned(), ..DutyForm::default() }, "month_days"),
            (DutyForm { when: "relative".to_owned(), relative: "x".to_owned(), ..DutyForm::default() }, "relative"),
            (DutyForm { minutes: "很久".to_owned(), ..DutyForm::default() }, "minutes"),
            (DutyForm::default(), "title"),
        ];
        for (form, field) in table {
            let errors = form.parse().expect_err("cannot be understood");
            assert!(!errors.get(field).is_empty(), "{field}: {errors:?}");
        }
    }
}
