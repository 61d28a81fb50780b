//! Days counted from an event: 活动结束后5个工作日内, 提前3天, 收到后24小时内.
//!
//! Printed as the notice schema has it: `anchor±duration`, for example `activity_end+5WD`,
//! `activity_start-P3D`, `received+PT24H`, `issued+P1W`, `campaign_end+P1M`.

use std::{fmt, str::FromStr};

use jiff::{
    SignedDuration, ToSpan,
    civil::{Date, DateTime, Time},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{HolidayCalendar, Moment, holidays::Counted};

/// The largest number of days, hours … that is believed.
const MAX_AMOUNT: u16 = 9999;

/// A span of time before or after an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Relative {
    anchor: Anchor,
    before: bool,
    span: Span,
}

/// The event that is counted from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Anchor {
    /// `issued`: the signing date of the notice (自发文之日起).
    Issued,
    /// `received`: when the unit received it (收到本通知后).
    Received,
    /// `activity_start`: the activity begins (提前3天).
    ActivityStart,
    /// `activity_end`: the activity is over (活动结束后).
    ActivityEnd,
    /// `campaign_start`: first day of the campaign.
    CampaignStart,
    /// `campaign_end`: last day of the campaign.
    CampaignEnd,
}

/// How long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Span {
    /// `PT24H`
    Hours(u16),
    /// `P3D`, calendar days
    Days(u16),
    /// `P1W`
    Weeks(u16),
    /// `P1M`
    Months(u16),
    /// `5WD`, working days
    WorkingDays(u16),
}

/// The events that are known so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Anchors {
    /// Signing date of the notice.
    pub issued: Option<Moment>,
    /// When the unit received it.
    pub received: Option<Moment>,
    /// The activity begins.
    pub activity_start: Option<Moment>,
    /// The activity is over.
    pub activity_end: Option<Moment>,
    /// First day of the campaign.
    pub campaign_start: Option<Moment>,
    /// Last day of the campaign.
    pub campaign_end: Option<Moment>,
}

/// What a [`Relative`] comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// The day; a minute only for hours. [`Moment::due`] is the due time.
    pub due: Moment,
    /// False when working days were counted in a year whose holidays are not entered: tell the person.
    pub known: bool,
}

impl Relative {
    /// `span` after the anchor.
    pub fn after(anchor: Anchor, span: Span) -> Result<Relative, RelativeError> {
        Relative::new(anchor, false, span)
    }

    /// `span` before the anchor.
    pub fn before(anchor: Anchor, span: Span) -> Result<Relative, RelativeError> {
        Relative::new(anchor, true, span)
    }

    fn new(anchor: Anchor, before: bool, span: Span) -> Result<Relative, RelativeError> {
        let amount = span.amount();
        if amount > MAX_AMOUNT {
            return Err(RelativeError::TooLong);
        }

        // "0 days before" and "0 days after" are one thing and print alike
        Ok(Relative {
            anchor,
            before: before && amount > 0,
            span,
        })
    }

    /// The event that is counted from.
    pub fn anchor(self) -> Anchor {
        self.anchor
    }

    /// Whether it is counted backwards.
    pub fn is_before(self) -> bool {
        self.before
    }

    /// How long.
    pub fn span(self) -> Span {
        self.span
    }

    /// The due moment; `None` while the event is unknown (or the result lies outside the calendar).
    ///
    /// The anchor's own day does not count, the last day counts whole, and a month ends on the day of the same
    /// number or else on the month's last (民法典 arts 201, 202). Days, weeks, months and working days give a
    /// day even when the event has a clock time. Hours give a minute; from a whole day they run from its end
    /// forwards and from its beginning backwards, and midnight is told as the day that ends there.
    /// A last day that is a holiday is not moved (art. 203 speaks of civil periods); the caller may.
    pub fn resolve(self, anchors: &Anchors, calendar: &HolidayCalendar) -> Option<Resolved> {
        let anchor = anchors.get(self.anchor)?;
        let sign = if self.before { -1 } else { 1 };
        let days = |days: i32| anchor.date().checked_add((sign * days).days()).ok();

        let date = match self.span {
            Span::Hours(n) => return self.resolve_hours(anchor, sign * i32::from(n)),
            Span::Days(n) => days(i32::from(n))?,
            Span::Weeks(n) => days(7 * i32::from(n))?,
            Span::Months(n) => anchor.date().checked_add((sign * i32::from(n)).months()).ok()?,
            Span::WorkingDays(n) => {
                let Counted { date, known } =
                    calendar.add_working_days(anchor.date(), sign * i32::from(n))?;
                return Some(Resolved {
                    due: Moment::day(date),
                    known,
                });
            }
        };

        Some(Resolved {
            due: Moment::day(date),
            known: true,
        })
    }

    fn resolve_hours(self, anchor: Moment, hours: i32) -> Option<Resolved> {
        let whole_day = anchor.time().is_none();
        let base = match (whole_day, self.before) {
            (true, false) => midnight_after(anchor.date())?,
            _ => anchor.start(),
        };
        let at = base.checked_add(SignedDuration::from_hours(hours.into())).ok()?;

        let due = if whole_day && at.time() == Time::midnight() {
            Moment::day(at.date().yesterday().ok()?)
        } else {
            Moment::minute(at)
        };
        Some(Resolved { due, known: true })
    }
}

impl Anchors {
    /// The moment of one event.
    pub fn get(&self, anchor: Anchor) -> Option<Moment> {
        match anchor {
            Anchor::Issued => self.issued,
            Anchor::Received => self.received,
            Anchor::ActivityStart => self.activity_start,
            Anchor::ActivityEnd => self.activity_end,
            Anchor::CampaignStart => self.campaign_start,
            Anchor::CampaignEnd => self.campaign_end,
        }
    }
}

impl Anchor {
    /// Every anchor, in the order of the schema.
    pub const ALL: [Anchor; 6] = [
        Anchor::Issued,
        Anchor::Received,
        Anchor::ActivityStart,
        Anchor::ActivityEnd,
        Anchor::CampaignStart,
        Anchor::CampaignEnd,
    ];

    /// As printed in the schema: `activity_start`.
    pub fn code(self) -> &'static str {
        match self {
            Anchor::Issued => "issued",
            Anchor::Received => "received",
            Anchor::ActivityStart => "activity_start",
            Anchor::ActivityEnd => "activity_end",
            Anchor::CampaignStart => "campaign_start",
            Anchor::CampaignEnd => "campaign_end",
        }
    }

    /// For people: `活动开始`.
    pub fn phrase(self) -> &'static str {
        match self {
            Anchor::Issued => "发文",
            Anchor::Received => "收到",
            Anchor::ActivityStart => "活动开始",
            Anchor::ActivityEnd => "活动结束",
            Anchor::CampaignStart => "活动期开始",
            Anchor::CampaignEnd => "活动期结束",
        }
    }
}

impl Span {
    /// The bare number.
    pub fn amount(self) -> u16 {
        let (Span::Hours(n) | Span::Days(n) | Span::Weeks(n) | Span::Months(n) | Span::WorkingDays(n)) = self;

        n
    }
}

impl Relative {
    /// For people: `活动结束后5个工作日内`, `活动开始前3天`.
    pub fn phrase(self) -> String {
        let span = match self.span {
            Span::Hours(n) => format!("{n}小时"),
            Span::Days(n) => format!("{n}天"),
            Span::Weeks(n) => format!("{n}周"),
            Span::Months(n) => format!("{n}个月"),
            Span::WorkingDays(n) => format!("{n}个工作日"),
        };
        let anchor = self.anchor.phrase();

        match (self.span.amount(), self.before) {
            (0, _) => format!("{anchor}当天"),
            (_, true) => format!("{anchor}前{span}"),
            (_, false) => format!("{anchor}后{span}内"),
        }
    }
}

/// Why a text is no [`Relative`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RelativeError {
    /// No `+` or `-`.
    #[error("no + or - between event and duration")]
    Sign,
    /// The event is none of [`Anchor::ALL`].
    #[error("unknown event before the sign")]
    Anchor,
    /// The duration is none of `PT24H`, `P3D`, `P1W`, `P1M`, `5WD`.
    #[error("the duration must be like PT24H, P3D, P1W, P1M or 5WD")]
    Span,
    /// More than 9999.
    #[error("the duration is too long")]
    TooLong,
}

impl RelativeError {
    /// The message for the person at the screen.
    pub fn zh(self) -> &'static str {
        match self {
            RelativeError::Sign => "缺少“+”（之后）或“-”（之前）",
            RelativeError::Anchor => "起算事件无法识别",
            RelativeError::Span => "时长应写成PT24H（小时）、P3D（天）、P1W（周）、P1M（月）或5WD（工作日）",
            RelativeError::TooLong => "时长过长，最多9999",
        }
    }
}

impl FromStr for Relative {
    type Err = RelativeError;

    fn from_str(text: &str) -> Result<Relative, RelativeError> {
        let sign = text.find(['+', '-']).ok_or(RelativeError::Sign)?;
        let (event, rest) = text.split_at(sign);
        let anchor = Anchor::ALL
            .into_iter()
            .find(|anchor| anchor.code() == event)
            .ok_or(RelativeError::Anchor)?;

        Relative::new(anchor, rest.starts_with('-'), parse_span(&rest[1..])?)
    }
}

impl fmt::Display for Relative {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.before { '-' } else { '+' };
        write!(f, "{}{sign}", self.anchor.code())?;

        match self.span {
            Span::Hours(n) => write!(f, "PT{n}H"),
            Span::Days(n) => write!(f, "P{n}D"),
            Span::Weeks(n) => write!(f, "P{n}W"),
            Span::Months(n) => write!(f, "P{n}M"),
            Span::WorkingDays(n) => write!(f, "{n}WD"),
        }
    }
}

impl Serialize for Relative {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Relative {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Relative, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}

fn parse_span(text: &str) -> Result<Span, RelativeError> {
    let between = |prefix, suffix| {
        text.strip_prefix(prefix)
            .and_then(|rest: &str| rest.strip_suffix(suffix))
    };
    let forms: [(_, fn(u16) -> Span); 5] = [
        (between("PT", "H"), Span::Hours),
        (between("P", "D"), Span::Days),
        (between("P", "W"), Span::Weeks),
        (between("P", "M"), Span::Months),
        (between("", "WD"), Span::WorkingDays),
    ];
    let (digits, span) = forms
        .into_iter()
        .find_map(|(digits, span)| {
            let digits = digits?;
            (!digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())).then_some((digits, span))
        })
        .ok_or(RelativeError::Span)?;

    Ok(span(digits.parse().map_err(|_| RelativeError::TooLong)?))
}

fn midnight_after(date: Date) -> Option<DateTime> {
    Some(date.tomorrow().ok()?.to_datetime(Time::midnight()))
}
