//! The weeks of a campaign: as its weekly duty says, else from Thursday to Wednesday.

use calendar::HolidayCalendar;
use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

use crate::features::duties::api::{CampaignDates, Duty, DutyKind};

/// A week that is reported about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Week {
    /// Counted from 1.
    pub no: usize,
    /// First day.
    pub from: Date,
    /// Last day.
    pub until: Date,
    /// First day of what is counted as 累计.
    pub total_from: Date,
}

impl Week {
    /// A period of one's own, without weeks before it.
    pub fn free(from: Date, until: Date) -> Self {
        Self { no: 0, from, until, total_from: from }
    }

    /// Whether it is a week of a campaign.
    pub fn is_of_campaign(&self) -> bool {
        self.no > 0
    }
}

/// No campaign has more weeks.
const MOST: usize = 120;

/// The weeks of a campaign in order. The first begins with the campaign, the last ends with it: what lies outside
/// of the weekly duty is nobody's week, but it counts.
pub fn weeks(duties: &[Duty], dates: &CampaignDates, holidays: &HolidayCalendar) -> Vec<Week> {
    let weekly = duties.iter().filter(|duty| duty.kind == DutyKind::WeeklyReport && !duty.dropped);
    let mut spans: Vec<(Date, Date)> = weekly
        .filter_map(|duty| duty.planned(dates, holidays).ok())
        .map(|planned| planned.iter().filter_map(|one| one.period_start.zip(one.period_end)).collect::<Vec<_>>())
        .find(|spans| !spans.is_empty())
        .unwrap_or_default();
    let start = dates.period_start.or(spans.first().map(|span| span.0)).or(dates.received_on);
    let Some(start) = start else { return Vec::new() };
    if spans.is_empty() {
        let end = dates.period_end.unwrap_or_else(|| start.saturating_add(30.days())).max(start);
        spans = from_thursday(start, end);
    }
    if let Some(first) = spans.first_mut() {
        first.0 = first.0.min(start);
    }
    if let (Some(end), Some(last)) = (dates.period_end, spans.last().map(|span| span.1))
        && end > last
    {
        spans.push((last.saturating_add(1.day()), end));
    }
    let total_from = spans.first().map_or(start, |span| span.0);
    spans.into_iter().take(MOST).zip(1..).map(|((from, until), no)| Week { no, from, until, total_from }).collect()
}

/// Weeks from Thursday to Wednesday; the first and the last may be shorter.
fn from_thursday(start: Date, end: Date) -> Vec<(Date, Date)> {
    let mut spans = Vec::new();
    let mut from = start;
    while from <= end && spans.len() < MOST {
        let to_wednesday = (i64::from(Weekday::Wednesday.to_monday_zero_offset())
            - i64::from(from.weekday().to_monday_zero_offset()))
        .rem_euclid(7);
        let until = from.saturating_add(to_wednesday.days()).min(end);
        spans.push((from, until));
        from = until.saturating_add(1.day());
    }
    spans
}

/// The week that is being reported on a day: the one it lies in, or the nearest.
pub fn current(weeks: &[Week], today: Date) -> Option<&Week> {
    weeks.iter().find(|week| today <= week.until).or(weeks.last())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn dates(start: Option<Date>, end: Option<Date>) -> CampaignDates {
        CampaignDates { period_start: start, period_end: end, ..CampaignDates::default() }
    }

    #[test]
    fn without_a_weekly_duty_weeks_are_from_thursday_to_wednesday() {
        let june = dates(Some(date(2022, 6, 1)), Some(date(2022, 6, 30)));
        let weeks = weeks(&[], &june, &HolidayCalendar::bundled());
        let spans: Vec<(i8, i8)> = weeks.iter().map(|week| (week.from.day(), week.until.day())).collect();
        assert_eq!(spans, [(1, 1), (2, 8), (9, 15), (16, 22), (23, 29), (30, 30)]);
        assert!(weeks.iter().all(|week| week.total_from == date(2022, 6, 1)));
        assert_eq!(current(&weeks, date(2022, 6, 13)).unwrap().no, 3);
        assert_eq!(current(&weeks, date(2023, 6, 13)).unwrap().no, 6);
        assert_eq!(current(&weeks, date(2021, 6, 13)).unwrap().no, 1);
    }

    #[test]
    fn weeks_follow_one_another_without_a_gap() {
        for start in 1..=14 {
            for length in 0..40 {
                let from = date(2022, 6, start);
                let until = from.saturating_add(length.days());
                let weeks = weeks(&[], &dates(Some(from), Some(until)), &HolidayCalendar::bundled());
                assert_eq!((weeks[0].from, weeks[weeks.len() - 1].until), (from, until));
                for pair in weeks.windows(2) {
                    assert_eq!(pair[0].until.tomorrow().unwrap(), pair[1].from);
                }
            }
        }
    }

    #[test]
    fn a_campaign_without_any_date_has_no_weeks() {
        assert!(weeks(&[], &dates(None, None), &HolidayCalendar::bundled()).is_empty());
    }
}
