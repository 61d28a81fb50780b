//! Dates as Chinese public offices count them: working days with make-up days, recurring duties, days counted
//! from an event, and the words for all of these.
//!
//! Pure: values in, values out. No clock (the caller passes `today` or `now`), no file, no global.
//!
//! ```
//! use calendar::{HolidayCalendar, Rule, format_due};
//! use jiff::civil::date;
//!
//! // How many working days until the answer is due?
//! let calendar = HolidayCalendar::bundled();
//! assert_eq!(calendar.add_working_days(date(2022, 6, 2), 1).unwrap().date, date(2022, 6, 6));
//!
//! // "每周四12:00前", from 1 to 30 June
//! let rule: Rule = "FREQ=WEEKLY;BYDAY=TH;TIME=12:00".parse().unwrap();
//! let weekly = rule.occurrences(date(2022, 6, 1), date(2022, 6, 30)).unwrap();
//! assert_eq!(weekly.len(), 5);
//! assert_eq!(format_due(weekly[0].due, date(2022, 6, 1).at(9, 0, 0, 0)), "6月2日（周四）12:00");
//! ```
//!
//! | module | what is in it |
//! | --- | --- |
//! | [`holidays`] | [`HolidayCalendar`]: State Council holiday notices, working days |
//! | [`rule`] | [`Rule`]: `FREQ=WEEKLY;BYDAY=TH;TIME=12:00`, its phrase and its [`Occurrence`]s |
//! | [`relative`] | [`Relative`]: `activity_end+5WD` |
//! | [`moment`] | [`Moment`]: a day or a minute; local time and instants |
//! | [`wording`] | `6月16日（周四）12:00`, `还有3天` |
//!
//! **What "by a day" means.** A duty due on a day without a clock time is due at its last millisecond,
//! [`END_OF_DAY`], so that a due instant always lies on the day that the page shows. Something is late when
//! `now > due`.

pub mod holidays;
pub mod moment;
pub mod relative;
pub mod rule;
pub mod wording;

pub use holidays::{Counted, Holiday, HolidayCalendar, HolidayError, WorkingDay, WorkingDays, YearNotice};
pub use moment::{AFTERNOON_ENDS, END_OF_DAY, MORNING_ENDS, Moment, MomentError, from_local, from_local_ms, to_local};
pub use relative::{Anchor, Anchors, Relative, RelativeError, Resolved, Span};
pub use rule::{ByDay, Due, Freq, MAX_OCCURRENCES, Occurrence, Rhythm, Rule, RuleError, RuleParts};
pub use wording::{format_day, format_due, time_left, weekday_name};
