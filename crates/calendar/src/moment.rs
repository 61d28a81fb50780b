//! A due date as the notice schema prints it, and local time ⇄ instant.
//!
//! All places served keep Beijing time. Asia/Shanghai has been a plain UTC+08:00 since the last summer time
//! ended on 15 September 1991 (IANA time zone database, `asia`), so the fixed offset is exact from 1992 on and
//! no zone data is needed.

use std::{fmt, str::FromStr};

use jiff::{
    Timestamp,
    civil::{Date, DateTime, Time},
    tz::{Offset, offset},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The last millisecond of a day: when a duty without a clock time is due. Instants are kept in milliseconds.
pub const END_OF_DAY: Time = Time::constant(23, 59, 59, 999_000_000);

/// The end of 上午: when a duty "on Thursday morning" is due.
pub const MORNING_ENDS: Time = Time::constant(12, 0, 0, 0);

/// The end of 下午 and 下班前. Offices close between 17:00 and 18:00; the later one is never too strict.
pub const AFTERNOON_ENDS: Time = Time::constant(18, 0, 0, 0);

const SHANGHAI: Offset = offset(8);

/// A day (`2023-05-29`) or a minute (`2023-05-29T12:00`), as printed in `due` and `start` of the notice schema.
///
/// A day sorts after every minute of it, as it is due at [`END_OF_DAY`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Moment {
    date: Date,
    time: Option<Time>,
}

impl Moment {
    /// A day without a clock time.
    pub fn day(date: Date) -> Moment {
        Moment { date, time: None }
    }

    /// A minute; seconds are dropped.
    pub fn minute(at: DateTime) -> Moment {
        let time = Time::constant(at.hour(), at.minute(), 0, 0);

        Moment { date: at.date(), time: Some(time) }
    }

    /// Its day.
    pub fn date(self) -> Date {
        self.date
    }

    /// Its clock time, if one is said.
    pub fn time(self) -> Option<Time> {
        self.time
    }

    /// When something due at this moment is due: the minute, or [`END_OF_DAY`].
    pub fn due(self) -> DateTime {
        self.date.to_datetime(self.time.unwrap_or(END_OF_DAY))
    }

    /// When something that begins at this moment begins: the minute, or midnight at the beginning of the day.
    pub fn start(self) -> DateTime {
        self.date.to_datetime(self.time.unwrap_or(Time::midnight()))
    }

    /// [`Moment::due`] as an instant; see [`from_local`].
    pub fn due_instant(self) -> Timestamp {
        from_local(self.due())
    }

    /// [`Moment::due`] in milliseconds since 1970 UTC, as the database keeps it.
    pub fn due_ms(self) -> i64 {
        from_local_ms(self.due())
    }
}

/// Beijing time to instant. Days that no instant can hold (the last of the year 9999) give the last instant.
pub fn from_local(local: DateTime) -> Timestamp {
    let last = if local.year() > 0 { Timestamp::MAX } else { Timestamp::MIN };

    SHANGHAI.to_timestamp(local).unwrap_or(last)
}

/// Beijing time to milliseconds since 1970 UTC, as the database keeps it.
pub fn from_local_ms(local: DateTime) -> i64 {
    from_local(local).as_millisecond()
}

/// Milliseconds since 1970 UTC to Beijing time; `None` when no calendar date is that far away.
pub fn to_local(ms: i64) -> Option<DateTime> {
    let instant = Timestamp::from_millisecond(ms).ok()?;

    Some(SHANGHAI.to_datetime(instant))
}

/// Why a text is no [`Moment`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MomentError {
    /// Neither `YYYY-MM-DD` nor `YYYY-MM-DDTHH:MM`.
    #[error("{0:?} is neither YYYY-MM-DD nor YYYY-MM-DDTHH:MM")]
    Form(String),
    /// 31 June, 25 o'clock.
    #[error("{0:?} does not exist in the calendar")]
    Impossible(String),
}

impl MomentError {
    /// The message for the person at the screen.
    pub fn zh(&self) -> String {
        match self {
            MomentError::Form(text) => format!("“{text}”应写成2023-05-29或2023-05-29T12:00"),
            MomentError::Impossible(text) => format!("“{text}”不存在，请核对日期和时间"),
        }
    }
}

impl FromStr for Moment {
    type Err = MomentError;

    fn from_str(text: &str) -> Result<Moment, MomentError> {
        let form = || MomentError::Form(text.to_owned());
        let impossible = || MomentError::Impossible(text.to_owned());

        let (day, clock) = match text.split_once('T') {
            Some((day, clock)) => (day, Some(clock)),
            None => (text, None),
        };
        if !looks_like(day, "0000-00-00") || !clock.is_none_or(|clock| looks_like(clock, "00:00")) {
            return Err(form());
        }

        let date = day.parse().map_err(|_| impossible())?;
        let time = clock.map(parse_clock).transpose().map_err(|()| impossible())?;

        Ok(Moment { date, time })
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.date)?;
        if let Some(time) = self.time {
            write!(f, "T{:02}:{:02}", time.hour(), time.minute())?;
        }

        Ok(())
    }
}

impl Ord for Moment {
    fn cmp(&self, other: &Moment) -> std::cmp::Ordering {
        self.due().cmp(&other.due())
    }
}

impl PartialOrd for Moment {
    fn partial_cmp(&self, other: &Moment) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Moment, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// `HH:MM`, already known to [look like](looks_like) one. 24:00 is refused: it is the day without a time.
pub(crate) fn parse_clock(clock: &str) -> Result<Time, ()> {
    let (hour, minute) = clock.split_once(':').ok_or(())?;

    Time::new(hour.parse().map_err(|_| ())?, minute.parse().map_err(|_| ())?, 0, 0).map_err(|_| ())
}

/// Same length, digits where the pattern has `0`, the same characters elsewhere.
pub(crate) fn looks_like(text: &str, pattern: &str) -> bool {
    text.len() == pattern.len()
        && text.bytes().zip(pattern.bytes()).all(|(t, p)| if p == b'0' { t.is_ascii_digit() } else { t == p })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn what_is_no_moment_is_refused_with_the_reason() {
        let form = ["", "2023-5-29", "2023-05-29 12:00", "2023-05-29T12", "2023-05-29T12:00:00", "２０２３-05-29"];
        let impossible = ["2023-06-31", "2023-02-29", "2023-13-01", "2023-05-29T24:00", "2023-05-29T12:60"];

        for text in form {
            assert_eq!(text.parse::<Moment>(), Err(MomentError::Form(text.into())), "{text}");
        }
        for text in impossible {
            assert_eq!(text.parse::<Moment>(), Err(MomentError::Impossible(text.into())), "{text}");
        }
    }

    #[test]
    fn a_day_is_due_in_its_last_millisecond_and_a_minute_at_once() {
        let day: Moment = "2022-06-16".parse().unwrap();
        let minute: Moment = "2022-06-16T12:00".parse().unwrap();

        assert_eq!(day.due_instant().to_string(), "2022-06-16T15:59:59.999Z");
        assert_eq!(minute.due_instant().to_string(), "2022-06-16T04:00:00Z");
        assert_eq!(minute.due_ms(), 1_655_352_000_000);
        assert_eq!(day.start(), date(2022, 6, 16).at(0, 0, 0, 0));
        assert!(minute < day);
    }

    #[test]
    fn local_time_comes_back_from_its_instant() {
        for local in [date(1992, 1, 1).at(0, 0, 0, 0), date(2022, 6, 16).at(23, 59, 59, 999_000_000)] {
            assert_eq!(to_local(from_local_ms(local)), Some(local));
        }
        assert_eq!(to_local(i64::MAX), None);
        assert_eq!(from_local(DateTime::MAX), Timestamp::MAX);
        assert_eq!(from_local(DateTime::MIN), Timestamp::MIN);
    }
}
