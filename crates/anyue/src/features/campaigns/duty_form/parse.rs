//! Reading the form of a duty: typed values, or messages by field.

use calendar::{ByDay, Due, Freq, Moment, Relative, Rule, RuleParts};
use jiff::civil::Time;

use super::{DAYS, DutyForm, WEEKDAYS};
use crate::features::campaigns::by_hand::day;
use crate::features::campaigns::edit::DutyFields;
use crate::features::duties::api::{DutyKind, EvidenceDemand, Part, Schedule};
use crate::platform::FieldErrors;
use crate::platform::web::form::{at_most, required};

/// Most dates of a duty: every one of them is asked of every unit.
const DATES_LIMIT: usize = 60;

impl DutyForm {
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
                    Schedule::Once(
                        time.map_or_else(|| Moment::day(date), |time| Moment::minute(date.to_datetime(time))),
                    )
                })
            }
            "dates" => {
                let texts =
                    self.dates.split(['、', ',', '，', ' ', '\n', '\r', ';', '；']).filter(|text| !text.is_empty());
                let moments: Result<Vec<Moment>, _> = texts.map(str::parse).collect();
                match moments {
                    Ok(moments) if moments.len() > DATES_LIMIT => {
                        errors.add("dates", format!("最多{DATES_LIMIT}个日期；更多的请选按周、按月。"));
                        None
                    }
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
    use crate::features::campaigns::draft::draft;
    use crate::features::campaigns::plan::Plan;
    use crate::features::campaigns::tests::draft::{FOUNDING, FOUNDING_PLAN};

    #[test]
    fn a_duty_goes_through_its_form_unchanged() {
        let lines: Vec<String> = FOUNDING.lines().map(str::to_owned).collect();
        let draft = draft(&Plan::from_json(FOUNDING_PLAN), &lines);
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
            (
                DutyForm { when: "monthly".to_owned(), month_days: "四十".to_owned(), ..DutyForm::default() },
                "month_days",
            ),
            (DutyForm { when: "relative".to_owned(), relative: "x".to_owned(), ..DutyForm::default() }, "relative"),
            (DutyForm { when: "dates".to_owned(), dates: "2022-06-20、".repeat(61), ..DutyForm::default() }, "dates"),
            (DutyForm { minutes: "很久".to_owned(), ..DutyForm::default() }, "minutes"),
            (DutyForm::default(), "title"),
        ];
        for (form, field) in table {
            let errors = form.parse().expect_err("cannot be understood");
            assert!(!errors.get(field).is_empty(), "{field}: {errors:?}");
        }
    }
}
