//! What holds for every rule, relative date, moment and count.

use std::collections::HashSet;

use calendar::{
    Anchor, ByDay, Due, Freq, HolidayCalendar, Moment, Relative, Rule, RuleParts, Span, from_local_ms, time_left,
    to_local,
};
use jiff::{
    ToSpan,
    civil::{Date, Time, Weekday, date},
};
use proptest::{collection::vec, option, prelude::*};

proptest! {
    #[test]
    fn a_rule_reads_back_as_printed(rule in rule()) {
        let printed = rule.to_string();

        prop_assert_eq!(printed.parse::<Rule>(), Ok(rule.clone()));
        prop_assert_eq!(serde_json::from_str::<Rule>(&serde_json::to_string(&rule).unwrap()).unwrap(), rule);
    }

    #[test]
    fn every_rule_has_a_phrase(rule in rule()) {
        let phrase = rule.phrase();

        prop_assert!(!phrase.is_empty() && !phrase.contains(|c: char| c.is_ascii_alphabetic()), "{}", phrase);
    }

    #[test]
    fn occurrences_are_ordered_inside_the_window_and_their_periods_join(
        rule in rule(), from in day(), length in 0i64..900,
    ) {
        let until = from + length.days();
        let found = rule.occurrences(from, until).unwrap();

        let mut next_start = from;
        for occurrence in &found {
            prop_assert!(from <= occurrence.date && occurrence.date <= until);
            prop_assert_eq!(occurrence.due.date(), occurrence.date);
            prop_assert_eq!(occurrence.period_start, next_start);
            prop_assert_eq!(occurrence.period_end, occurrence.date);
            prop_assert!(occurrence.period_start <= occurrence.period_end);
            next_start = occurrence.date + 1.day();
        }
        let keys: HashSet<_> = found.iter().map(|occurrence| &occurrence.key).collect();
        prop_assert_eq!(keys.len(), found.len());
    }

    #[test]
    fn a_longer_window_keeps_the_due_dates_of_the_shorter_one_but_its_cut_off_end(
        rule in rule(), from in day(), length in 0i64..400, more in 0i64..400,
    ) {
        let until = from + length.days();
        let short = rule.occurrences(from, until).unwrap();
        let long = rule.occurrences(from, until + more.days()).unwrap();

        let settled = short.iter().take_while(|occurrence| occurrence.date < until).count();
        prop_assert!(long.len() >= settled);
        prop_assert_eq!(&short[..settled], &long[..settled]);
    }

    #[test]
    fn a_relative_date_reads_back_as_printed(relative in relative()) {
        prop_assert_eq!(relative.to_string().parse::<Relative>(), Ok(relative));
    }

    #[test]
    fn a_moment_reads_back_as_printed(date in day(), clock in option::of((0i8..24, 0i8..60))) {
        let moment = match clock {
            None => Moment::day(date),
            Some((hour, minute)) => Moment::minute(date.at(hour, minute, 0, 0)),
        };

        prop_assert_eq!(moment.to_string().parse::<Moment>(), Ok(moment));
        prop_assert_eq!(to_local(moment.due_ms()), Some(moment.due()));
    }

    #[test]
    fn an_instant_comes_back_from_local_time(ms in 694_195_200_000i64..7_000_000_000_000) {
        prop_assert_eq!(from_local_ms(to_local(ms).unwrap()), ms);
    }

    #[test]
    fn counting_between_undoes_adding(start in day(), days in -400i32..400) {
        let calendar = HolidayCalendar::bundled();
        let reached = calendar.add_working_days(start, days).unwrap().date;

        prop_assert_eq!(calendar.working_days_between(start, reached).days, days);
        prop_assert!(days == 0 || calendar.is_working_day(reached).working);
    }

    #[test]
    fn going_back_undoes_going_forth_from_a_working_day(start in day(), days in -400i32..400) {
        let calendar = HolidayCalendar::bundled();
        let start = calendar.add_working_days(start, 1).unwrap().date;
        let reached = calendar.add_working_days(start, days).unwrap().date;

        prop_assert_eq!(calendar.add_working_days(reached, -days).unwrap().date, start);
    }

    #[test]
    fn counting_between_is_the_sum_of_its_days(start in day(), length in 0i64..2000) {
        let calendar = HolidayCalendar::bundled();
        let end = start + length.days();
        let days = || start.series(1.day()).skip(1).take_while(|date| *date <= end).map(|d| calendar.is_working_day(d));
        let counted = calendar.working_days_between(start, end);

        prop_assert_eq!(counted.days as usize, days().filter(|day| day.working).count());
        prop_assert!(length == 0 || counted.known == days().all(|day| day.known));
    }

    #[test]
    fn time_left_is_overdue_exactly_when_it_is_late(due in day(), now in day(), hour in 0i8..24, minute in 0i8..60) {
        let (due, now) = (Moment::day(due).due(), now.at(hour, minute, 0, 0));

        prop_assert_eq!(time_left(due, now).starts_with("已逾期"), now > due);
    }

    #[test]
    fn no_text_makes_a_parser_panic(text in any::<String>(), mixed in "(FREQ|BYDAY|P|T|W|D|=|;|,|-|[0-9]|issued)*") {
        for text in [&text, &mixed] {
            let _ = (text.parse::<Rule>(), text.parse::<Relative>(), text.parse::<Moment>());
            let _ = HolidayCalendar::parse(text);
        }
    }
}

fn day() -> impl Strategy<Value = Date> {
    (0i64..4000).prop_map(|n| date(2019, 1, 1) + n.days())
}

/// Parts that contradict each other are drawn again.
fn rule() -> impl Strategy<Value = Rule> {
    let freq = prop_oneof![Just(Freq::Daily), Just(Freq::Weekly), Just(Freq::Monthly), Just(Freq::Yearly)];
    let interval = prop_oneof![3 => Just(1u16), 2 => 2u16..13, 1 => 13u16..=366];
    let by_month = prop_oneof![Just(Vec::new()), vec(1i8..=12, 0..4)];
    let by_month_day = prop_oneof![2 => Just(Vec::new()), 1 => vec(prop_oneof![1i8..=31, -28i8..=-1], 0..4)];
    let ordinal = prop_oneof![Just(None), (1i8..=5).prop_map(Some), (-5i8..=-1).prop_map(Some)];
    let weekday = (0i8..7).prop_map(|n| Weekday::Monday.wrapping_add(n));
    let named = (ordinal, weekday).prop_map(|(ordinal, weekday)| ByDay { ordinal, weekday });
    let by_day = prop_oneof![2 => Just(Vec::new()), 1 => vec(named, 0..4)];
    let due = prop_oneof![
        Just(Due::EndOfDay),
        Just(Due::Morning),
        Just(Due::Afternoon),
        (0i8..24, 0i8..60).prop_map(|(hour, minute)| Due::At(Time::constant(hour, minute, 0, 0))),
    ];

    let repeating = (freq, interval, by_month, by_month_day, by_day, due).prop_filter_map(
        "parts that contradict each other",
        |(freq, interval, by_month, by_month_day, by_day, due)| {
            Rule::repeating(RuleParts { freq, interval, by_month, by_month_day, by_day, due }).ok()
        },
    );
    prop_oneof![1 => Just(Rule::AdHoc), 30 => repeating]
}

fn relative() -> impl Strategy<Value = Relative> {
    let span = (0usize..5, 0u16..=9999)
        .prop_map(|(kind, n)| [Span::Hours, Span::Days, Span::Weeks, Span::Months, Span::WorkingDays][kind](n));

    (0usize..6, any::<bool>(), span).prop_map(|(anchor, before, span)| {
        let anchor = Anchor::ALL[anchor];
        let relative = if before { Relative::before(anchor, span) } else { Relative::after(anchor, span) };
        relative.expect("no amount is too large")
    })
}
