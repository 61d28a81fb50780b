//! Days counted from an event: 活动结束后5个工作日内, 提前3天, 收到后24小时内.
//!
//! Printed as the notice schema has it: `anchor±duration`, for example `activity_end+5WD`,
//! `activity_start-P3D`, `received+PT24H`, `issued+P1W`, `campaign_end+P1M`.

mod text;

use jiff::{
    SignedDuration, ToSpan,
    civil::{Date, DateTime, Time},
};
pub use text::RelativeError;

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
        Ok(Relative { anchor, before: before && amount > 0, span })
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
                let Counted { date, known } = calendar.add_working_days(anchor.date(), sign * i32::from(n))?;
                return Some(Resolved { due: Moment::day(date), known });
            }
        };

        Some(Resolved { due: Moment::day(date), known: true })
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

fn midnight_after(date: Date) -> Option<DateTime> {
    Some(date.tomorrow().ok()?.to_datetime(Time::midnight()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_dates_resolve_from_days_and_from_minutes() {
        #[rustfmt::skip]
        let cases = [
            ("issued+P3D", "2022-06-12", "2022-06-15", "发文后3天内"),
            ("activity_start-P3D", "2022-06-16T09:00", "2022-06-13", "活动开始前3天"),
            ("activity_end+P1W", "2022-06-16", "2022-06-23", "活动结束后1周内"),
            ("activity_end+P1M", "2022-01-31", "2022-02-28", "活动结束后1个月内"),
            ("activity_end+5WD", "2022-06-12", "2022-06-17", "活动结束后5个工作日内"),
            ("activity_start-2WD", "2022-06-06", "2022-06-01", "活动开始前2个工作日"),
            ("received+PT24H", "2022-06-16T09:30", "2022-06-17T09:30", "收到后24小时内"),
            ("received+PT24H", "2022-06-16T00:00", "2022-06-17T00:00", "收到后24小时内"),
            ("received+PT24H", "2022-06-16", "2022-06-17", "收到后24小时内"),
            ("received+PT2H", "2022-06-16", "2022-06-17T02:00", "收到后2小时内"),
            ("activity_start-PT24H", "2022-06-16", "2022-06-14", "活动开始前24小时"),
            ("activity_start-PT2H", "2022-06-16", "2022-06-15T22:00", "活动开始前2小时"),
            ("campaign_end+P0D", "2022-06-30", "2022-06-30", "活动期结束当天"),
        ];

        for (text, anchor, due, phrase) in cases {
            let relative: Relative = text.parse().unwrap();
            let moment = Some(anchor.parse().unwrap());
            let anchors = Anchors {
                issued: moment,
                received: moment,
                activity_start: moment,
                activity_end: moment,
                campaign_start: moment,
                campaign_end: moment,
            };

            let resolved = relative.resolve(&anchors, &HolidayCalendar::bundled());
            assert_eq!(resolved, Some(Resolved { due: due.parse().unwrap(), known: true }), "{text} of {anchor}");
            assert_eq!(relative.phrase(), phrase);
            assert_eq!(relative.to_string(), text);
        }
    }

    #[test]
    fn an_unknown_event_has_no_due_date_and_an_unknown_year_is_told() {
        let relative: Relative = "activity_end+5WD".parse().unwrap();
        let calendar = HolidayCalendar::bundled();
        let ends = |date: &str| Anchors { activity_end: Some(date.parse().unwrap()), ..Anchors::default() };

        assert_eq!(relative.resolve(&Anchors::default(), &calendar), None);
        assert!(!relative.resolve(&ends("2026-12-30"), &calendar).unwrap().known);
        assert_eq!(relative.resolve(&ends("9999-12-31"), &calendar), None);
    }
}
