//! A rule as a string: `FREQ=MONTHLY;BYMONTHDAY=10,20,-1;PART=AM`.
//!
//! Keys are read in any order and printed in the schema's; lists are printed sorted (days from the month's end
//! last, Monday first), `INTERVAL=1` is left out. So two rules that mean the same by the same keys print alike.

use std::{fmt, str::FromStr};

use jiff::civil::Weekday;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{ByDay, Due, Freq, Rhythm, Rule, RuleError, RuleParts};
use crate::moment::{looks_like, parse_clock};

const KEYS: [&str; 7] = ["FREQ", "INTERVAL", "BYMONTH", "BYMONTHDAY", "BYDAY", "TIME", "PART"];

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("MO", Weekday::Monday),
    ("TU", Weekday::Tuesday),
    ("WE", Weekday::Wednesday),
    ("TH", Weekday::Thursday),
    ("FR", Weekday::Friday),
    ("SA", Weekday::Saturday),
    ("SU", Weekday::Sunday),
];

impl FromStr for Rule {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Rule, RuleError> {
        if text == "ADHOC" {
            return Ok(Rule::AdHoc);
        }

        let mut values: [Option<&str>; KEYS.len()] = [None; KEYS.len()];
        for part in text.split(';') {
            let unknown = || {
                if text.contains("FREQ=") { RuleError::Part(part.to_owned()) } else { RuleError::Freq }
            };
            let (key, value) = part.split_once('=').ok_or_else(unknown)?;
            let index = KEYS.iter().position(|known| *known == key).ok_or_else(unknown)?;
            if values[index].replace(value).is_some() {
                return Err(RuleError::Twice(KEYS[index]));
            }
        }
        let [freq, interval, by_month, by_month_day, by_day, time, part] = values;

        Rule::repeating(RuleParts {
            freq: freq.and_then(freq_named).ok_or(RuleError::Freq)?,
            interval: interval.map_or(Ok(1), |value| number("INTERVAL", value))?,
            by_month: list(by_month, |item| number("BYMONTH", item))?,
            by_month_day: list(by_month_day, |item| number("BYMONTHDAY", item))?,
            by_day: list(by_day, weekday)?,
            due: due(time, part)?,
        })
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Rule::AdHoc => f.write_str("ADHOC"),
            Rule::Repeating(rhythm) => rhythm.fmt(f),
        }
    }
}

impl fmt::Display for Rhythm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = self.parts();
        let freq = match parts.freq {
            Freq::Daily => "DAILY",
            Freq::Weekly => "WEEKLY",
            Freq::Monthly => "MONTHLY",
            Freq::Yearly => "YEARLY",
        };

        write!(f, "FREQ={freq}")?;
        if parts.interval != 1 {
            write!(f, ";INTERVAL={}", parts.interval)?;
        }
        write_list(f, "BYMONTH", &parts.by_month)?;
        write_list(f, "BYMONTHDAY", &parts.by_month_day)?;
        write_list(f, "BYDAY", &parts.by_day)?;
        match parts.due {
            Due::EndOfDay => Ok(()),
            Due::Morning => f.write_str(";PART=AM"),
            Due::Afternoon => f.write_str(";PART=PM"),
            Due::At(time) => write!(f, ";TIME={:02}:{:02}", time.hour(), time.minute()),
        }
    }
}

impl fmt::Display for ByDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(ordinal) = self.ordinal {
            write!(f, "{ordinal}")?;
        }

        f.write_str(WEEKDAYS[self.weekday.to_monday_zero_offset() as usize].0)
    }
}

impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Rule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Rule, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

fn freq_named(value: &str) -> Option<Freq> {
    match value {
        "DAILY" => Some(Freq::Daily),
        "WEEKLY" => Some(Freq::Weekly),
        "MONTHLY" => Some(Freq::Monthly),
        "YEARLY" => Some(Freq::Yearly),
        _ => None,
    }
}

fn number<T: FromStr>(key: &'static str, value: &str) -> Result<T, RuleError> {
    value.parse().map_err(|_| RuleError::Value { key, value: value.to_owned() })
}

fn list<T>(value: Option<&str>, item: impl Fn(&str) -> Result<T, RuleError>) -> Result<Vec<T>, RuleError> {
    value.map_or(Ok(Vec::new()), |value| value.split(',').map(item).collect())
}

fn weekday(item: &str) -> Result<ByDay, RuleError> {
    let (ordinal, weekday) = WEEKDAYS
        .iter()
        .find_map(|(code, weekday)| Some((item.strip_suffix(code)?, *weekday)))
        .ok_or_else(|| RuleError::Value { key: "BYDAY", value: item.to_owned() })?;
    let ordinal = if ordinal.is_empty() { None } else { Some(number("BYDAY", ordinal)?) };

    Ok(ByDay { ordinal, weekday })
}

fn due(time: Option<&str>, part: Option<&str>) -> Result<Due, RuleError> {
    match (time, part) {
        (Some(_), Some(_)) => Err(RuleError::NotTogether("TIME", "PART")),
        (None, None) => Ok(Due::EndOfDay),
        (None, Some("AM")) => Ok(Due::Morning),
        (None, Some("PM")) => Ok(Due::Afternoon),
        (None, Some(value)) => Err(RuleError::Value { key: "PART", value: value.to_owned() }),
        (Some(value), None) => Some(value)
            .filter(|value| looks_like(value, "00:00"))
            .and_then(|value| parse_clock(value).ok())
            .map(Due::At)
            .ok_or_else(|| RuleError::Value { key: "TIME", value: value.to_owned() }),
    }
}

fn write_list<T: fmt::Display>(f: &mut fmt::Formatter<'_>, key: &str, items: &[T]) -> fmt::Result {
    for (index, item) in items.iter().enumerate() {
        match index {
            0 => write!(f, ";{key}={item}")?,
            _ => write!(f, ",{item}")?,
        }
    }

    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_makes_no_sense_is_refused_with_the_reason() {
        let value = |key, value: &str| RuleError::Value { key, value: value.to_owned() };
        #[rustfmt::skip]
        let cases = [
            ("", RuleError::Freq),
            ("adhoc", RuleError::Freq),
            ("随时", RuleError::Freq),
            ("BYDAY=TH", RuleError::Freq),
            ("FREQ=HOURLY", RuleError::Freq),
            ("ADHOC;TIME=12:00", RuleError::Freq),
            ("FREQ=DAILY;", RuleError::Part("".into())),
            ("FREQ=DAILY;COUNT=3", RuleError::Part("COUNT=3".into())),
            ("FREQ=DAILY; TIME=12:00", RuleError::Part(" TIME=12:00".into())),
            ("FREQ=DAILY;FREQ=WEEKLY", RuleError::Twice("FREQ")),
            ("FREQ=DAILY;INTERVAL=0", value("INTERVAL", "0")),
            ("FREQ=DAILY;INTERVAL=367", value("INTERVAL", "367")),
            ("FREQ=DAILY;INTERVAL=-1", value("INTERVAL", "-1")),
            ("FREQ=MONTHLY;BYMONTH=13", value("BYMONTH", "13")),
            ("FREQ=MONTHLY;BYMONTHDAY=", value("BYMONTHDAY", "")),
            ("FREQ=MONTHLY;BYMONTHDAY=0", value("BYMONTHDAY", "0")),
            ("FREQ=MONTHLY;BYMONTHDAY=10,32", value("BYMONTHDAY", "32")),
            ("FREQ=MONTHLY;BYMONTHDAY=-29", value("BYMONTHDAY", "-29")),
            ("FREQ=WEEKLY;BYDAY=周四", value("BYDAY", "周四")),
            ("FREQ=MONTHLY;BYDAY=6SU", value("BYDAY", "6SU")),
            ("FREQ=MONTHLY;BYDAY=xSU", value("BYDAY", "x")),
            ("FREQ=DAILY;TIME=24:00", value("TIME", "24:00")),
            ("FREQ=DAILY;TIME=9:00", value("TIME", "9:00")),
            ("FREQ=DAILY;PART=NIGHT", value("PART", "NIGHT")),
            ("FREQ=DAILY;TIME=12:00;PART=AM", RuleError::NotTogether("TIME", "PART")),
            ("FREQ=DAILY;BYMONTHDAY=3", RuleError::NotTogether("FREQ=DAILY", "BYMONTHDAY")),
            ("FREQ=WEEKLY;BYMONTHDAY=3", RuleError::NotTogether("FREQ=WEEKLY", "BYMONTHDAY")),
            ("FREQ=WEEKLY;BYDAY=2SU", RuleError::NotTogether("FREQ=WEEKLY", "BYDAY=2SU")),
            ("FREQ=DAILY;INTERVAL=2;BYDAY=MO", RuleError::NotTogether("INTERVAL", "BYDAY")),
            ("FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR", RuleError::NotTogether("BYMONTHDAY", "BYDAY")),
            ("FREQ=YEARLY;BYMONTHDAY=20", RuleError::MonthMissing),
            ("FREQ=YEARLY;BYDAY=2SU", RuleError::MonthMissing),
        ];

        for (text, expected) in cases {
            let error = text.parse::<Rule>().unwrap_err();
            assert_eq!(error, expected, "{text}");
            assert!(!error.zh().is_empty() && !error.zh().contains("BY"), "{}", error.zh());
        }
    }

    #[test]
    fn rules_print_in_one_form() {
        #[rustfmt::skip]
        let cases = [
            ("ADHOC", "ADHOC"),
            ("FREQ=WEEKLY;BYDAY=TH;TIME=12:00", "FREQ=WEEKLY;BYDAY=TH;TIME=12:00"),
            ("PART=PM;BYDAY=FR,WE,FR;FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=WE,FR;PART=PM"),
            ("FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=-1,20,10", "FREQ=MONTHLY;BYMONTHDAY=10,20,-1"),
            ("FREQ=MONTHLY;BYDAY=-1FR,SU,+2SU,1MO", "FREQ=MONTHLY;BYDAY=SU,1MO,2SU,-1FR"),
            ("FREQ=YEARLY;BYMONTHDAY=05;BYMONTH=12,3,6,9", "FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=5"),
        ];

        for (text, expected) in cases {
            let rule: Rule = text.parse().unwrap();
            assert_eq!(rule.to_string(), expected);
            assert_eq!(serde_json::to_string(&rule).unwrap(), format!("{expected:?}"));
            assert_eq!(serde_json::from_str::<Rule>(&format!("{text:?}")).unwrap(), rule);
        }
    }
}
