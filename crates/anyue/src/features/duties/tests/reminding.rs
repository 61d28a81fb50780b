use super::*;
use crate::platform::error::Error;

fn cmd(s: &Situation, about: RemindAbout) -> Remind {
    Remind { about, unit_ids: s.units.iter().map(|unit| unit.id.clone()).collect() }
}

#[tokio::test]
async fn only_those_who_still_owe_it_when_the_job_runs_are_reminded_and_once_a_day() {
    let s = Situation::new().await;
    let about = RemindAbout::Duty("d3".into());
    let count = remind(&s.test.app, &s.office.actor, cmd(&s, about.clone())).await.unwrap();
    assert_eq!(count, 4);
    s.send(&s.liaison(0).await, &s.thursday(0).await, "赶在提醒之前").await;
    s.test.work_off().await;
    let unit = |n: usize| &s.units[n].id;
    assert_eq!(s.messages(unit(0), "reminder").await, 2, "the two weeks already past at dispatch");
    assert_eq!(s.messages(unit(1), "reminder").await, 3, "and this Thursday, not the weeks after");
    remind(&s.test.app, &s.office.actor, cmd(&s, about.clone())).await.unwrap();
    s.test.work_off().await;
    assert_eq!(s.messages(unit(1), "reminder").await, 3);
    s.test.set_clock("2022-06-14T08:30:00+08:00");
    remind(&s.test.app, &s.office.actor, cmd(&s, about)).await.unwrap();
    s.test.work_off().await;
    assert_eq!(s.messages(unit(1), "reminder").await, 6);
}

#[tokio::test]
async fn nobody_reminds_units_of_others() {
    let s = Situation::new().await;
    let about = RemindAbout::Campaign(s.campaign.clone());
    let liaison = s.liaison(0).await;
    assert!(matches!(remind(&s.test.app, &liaison, cmd(&s, about.clone())).await, Err(Error::Forbidden(_))));
    let elsewhere = s.test.unit("南山村", UnitKind::Village).await;
    let office = s.test.actor_at(Role::Office, &elsewhere).await.actor;
    assert!(matches!(remind(&s.test.app, &office, cmd(&s, about)).await, Err(Error::Refused(_))));
}

#[tokio::test]
async fn a_reminder_about_a_campaign_leaves_out_what_is_due_much_later() {
    let s = Situation::new().await;
    s.test.set_clock("2022-05-20T08:30:00+08:00");
    let about = RemindAbout::Campaign(s.campaign.clone());
    let all = |about: RemindAbout| {
        let units: Vec<_> = s.units.iter().map(|unit| unit.id.clone()).collect();
        let (db, town, now) = (s.test.app.db.reader(), &s.test.town, s.test.app.now());
        async move { reminders(db, town, &about, &units, now).await.unwrap() }
    };
    let soon = s.test.app.now() + 14 * 24 * 3_600_000;
    let told = all(about).await;
    assert!(told.iter().all(|one| one.item.due().is_none_or(|due| due <= soon)));
    assert!(!all(RemindAbout::Duty("d2".into())).await.is_empty(), "asked for by name, it is told whenever it is due");
}
