use super::*;

#[tokio::test]
async fn a_date_already_past_at_dispatch_is_shown_as_past_and_never_late() {
    let s = Situation::new().await;
    let weekly = s.items(0, "d3").await;
    let past: Vec<bool> = weekly.values().map(|item| item.born_past).collect();
    assert_eq!(past, [true, true, false, false, false], "2, 9, 16, 23 and 30 June; it is 13 June");
    let first = weekly.values().next().unwrap();
    assert!(!first.is_overdue(s.test.app.now()));
    let liaison = s.liaison(0).await;
    assert!(!s.send(&liaison, first, "补报").await.late);
}

#[tokio::test]
async fn dispatching_again_changes_nothing_and_tells_nobody_twice() {
    let s = Situation::new().await;
    assert_eq!(s.dispatch(1, &s.units).await, Dispatched::default());
    assert_eq!(s.messages(&s.units[0].id, "dispatched").await, 1);
}

#[tokio::test]
async fn an_amendment_moves_open_dates_withdraws_dropped_ones_and_leaves_what_was_handed_in() {
    let s = Situation::new().await;
    let liaison = s.liaison(0).await;
    let sent = s.thursday(0).await;
    s.send(&liaison, &sent, "本周开展宣讲一次").await;
    s.change("d2", |duty| duty.schedule = Schedule::from_json(r#"{"once":"2022-06-24"}"#).unwrap()).await;
    s.change("d3", |duty| duty.dropped = true).await;

    let done = s.dispatch(2, &s.units[..3]).await;

    assert_eq!(done.rescheduled, 3);
    assert_eq!(s.thursday(0).await.state, State::Submitted);
    assert_eq!(s.items(0, "d3").await.len(), 1);
    assert!(s.items(3, "d2").await.is_empty(), "the mine no longer receives");
    assert_eq!(s.messages(&s.units[0].id, "amended").await, 1);
    assert_eq!(calendar::to_local(s.item(0, "d2").await.due_at.unwrap()).unwrap().day(), 24);

    s.change("d3", |duty| duty.dropped = false).await;
    s.dispatch(3, &s.units).await;
    assert_eq!(s.items(0, "d3").await.len(), 5, "taken up again");
    assert_eq!(s.items(3, "d2").await.len(), 1);
}

#[tokio::test]
async fn a_new_rhythm_asks_for_no_past_day_and_for_no_week_already_reported() {
    let s = Situation::new().await;
    s.test.set_clock("2022-06-16T09:00:00+08:00");
    let liaison = s.liaison(0).await;
    s.send(&liaison, &s.thursday(0).await, "本周开展宣讲一次").await;
    let friday = r#"{"rule":"FREQ=WEEKLY;BYDAY=FR;TIME=12:00"}"#;
    s.change("d3", |duty| duty.schedule = Schedule::from_json(friday).unwrap()).await;

    s.dispatch(2, &s.units).await;

    let days = |items: BTreeMap<String, WorkItem>| {
        items.values().map(|item| calendar::to_local(item.due_at.unwrap()).unwrap().day()).collect::<Vec<_>>()
    };
    assert_eq!(days(s.items(0, "d3").await), [16, 24], "reported for its week already");
    assert_eq!(days(s.items(1, "d3").await), [17, 24]);
}

#[tokio::test]
async fn two_editors_of_a_duty_do_not_overwrite_each_other() {
    let s = Situation::new().await;
    let town = &s.test.town;
    let read = super::super::api::duty(s.test.app.db.reader(), town, &"d2".into()).await.unwrap().unwrap();
    s.change("d2", |duty| duty.title = "先改的".to_owned()).await;
    let tx = s.test.app.db.begin(town).await.unwrap();
    let late = update(&tx, &Duty { title: "后改的".to_owned(), ..read }).await;
    assert!(matches!(late, Err(crate::platform::error::Error::Changed)));
}

#[tokio::test]
async fn two_thousand_units_with_eight_duties_are_dispatched_in_seconds() {
    let s = Situation::new().await;
    let app = &s.test.app;
    let tx = app.db.begin(&s.test.town).await.unwrap();
    for n in 0..5 {
        insert(&tx, &duty(&s.campaign, &format!("x{n}"), "报送", r#"{"once":"2022-06-20"}"#, &[Part::Text]))
            .await
            .unwrap();
    }
    let mut values: Vec<sea_orm::Value> = Vec::new();
    let mut many = Vec::new();
    for n in 0..2000 {
        let unit = UnitRef { id: format!("u{n}").as_str().into(), name: format!("单位{n}"), ..s.units[0].clone() };
        let row: [sea_orm::Value; 9] = [
            (&s.test.town).into(),
            (&unit.id).into(),
            format!("{}u{n}/", s.test.root.path).into(),
            "village".into(),
            unit.name.clone().into(),
            unit.name.clone().into(),
            "active".into(),
            0i64.into(),
            0i64.into(),
        ];
        values.extend(row);
        many.push(unit);
    }
    let into = "units (jurisdiction_id, unit_id, path, kind, name, name_key, state, created_at, updated_at)";
    crate::platform::db::insert_rows(&*tx, into, 9, values).await.unwrap();
    tx.commit_unaudited("a test's units").await.unwrap();

    let started = std::time::Instant::now();
    let done = s.dispatch(2, &many).await;
    let seconds = started.elapsed().as_secs_f64();

    assert_eq!(done.created, 2000 * (3 + 5 + 5));
    assert!(seconds < 15.0, "{seconds} s in a development build");
}
