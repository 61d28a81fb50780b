//! Any text: a relative date or a refusal. A relative date prints, reads back and resolves.
#![no_main]

use std::sync::LazyLock;

use calendar::{Anchors, HolidayCalendar, Moment, Relative};
use jiff::civil::date;
use libfuzzer_sys::fuzz_target;

static CALENDAR: LazyLock<HolidayCalendar> = LazyLock::new(HolidayCalendar::bundled);

fuzz_target!(|text: &str| {
    let _ = text
        .parse::<Moment>()
        .map(|moment| assert_eq!(moment.to_string(), text));

    let Ok(relative) = text.parse::<Relative>() else {
        return;
    };
    assert_eq!(relative.to_string().parse(), Ok(relative));
    assert!(!relative.phrase().is_empty());
    for moment in [
        Moment::day(date(2024, 2, 29)),
        Moment::minute(date(2024, 2, 29).at(9, 30, 0, 0)),
    ] {
        let anchors = Anchors {
            issued: Some(moment),
            received: Some(moment),
            activity_start: Some(moment),
            activity_end: Some(moment),
            campaign_start: Some(moment),
            campaign_end: Some(moment),
        };
        let due = relative
            .resolve(&anchors, &CALENDAR)
            .expect("833 years at most")
            .due;
        assert!(relative.is_before() != (due.due() >= moment.start()) || relative.span().amount() == 0);
    }
});
