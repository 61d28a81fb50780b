use super::*;
use crate::platform::error::Error;

async fn sent(s: &Situation, unit: usize) -> (WorkItem, SubmissionId) {
    let item = s.thursday(unit).await;
    let sent = s.send(&s.liaison(unit).await, &item, "本周宣讲两场").await;
    (item, sent.submission.id)
}

#[tokio::test]
async fn only_the_office_above_a_unit_reviews_it() {
    let s = Situation::new().await;
    let (_, id) = sent(&s, 0).await;
    let cmd = Accept { submission_id: id.clone() };
    assert!(matches!(accept(&s.test.app, &s.liaison(0).await, cmd.clone()).await, Err(Error::Forbidden(_))));
    let elsewhere = s.test.actor_at(Role::Office, &s.units[1]).await.actor;
    assert!(matches!(accept(&s.test.app, &elsewhere, cmd.clone()).await, Err(Error::NotFound)));
    accept(&s.test.app, &s.office.actor, cmd).await.unwrap();
    assert_eq!(s.thursday(0).await.state, State::Accepted);
}

#[tokio::test]
async fn a_return_says_why_part_by_part_and_the_unit_sends_a_new_revision() {
    let s = Situation::new().await;
    let (item, id) = sent(&s, 0).await;
    let wordless =
        SendBack { submission_id: id.clone(), comment: " ".to_owned(), parts: BTreeMap::new(), others: Vec::new() };
    assert!(matches!(send_back(&s.test.app, &s.office.actor, wordless).await, Err(Error::Invalid(_))));
    let parts = BTreeMap::from([(Part::Text, "请写明参加人数".to_owned())]);
    let cmd = SendBack { submission_id: id.clone(), comment: String::new(), parts, others: Vec::new() };
    send_back(&s.test.app, &s.office.actor, cmd).await.unwrap();

    let returned = s.thursday(0).await;
    assert_eq!(returned.returned.as_ref().unwrap().of_part(Part::Text), "请写明参加人数");
    assert_eq!(s.messages(&s.units[0].id, "returned").await, 1);
    let again = s.send(&s.liaison(0).await, &item, "本周宣讲两场，86人").await;
    assert_eq!(again.submission.revision, 2);
    let old = submission(s.test.app.db.reader(), &s.test.town, &id).await.unwrap().unwrap();
    assert_eq!((old.state, old.payload.text.as_str()), (SubmissionState::Returned, "本周宣讲两场"));
}

#[tokio::test]
async fn a_decision_on_a_revision_that_has_been_replaced_is_refused() {
    let s = Situation::new().await;
    let (item, old) = sent(&s, 0).await;
    s.send(&s.liaison(0).await, &item, "更正").await;
    let late = accept(&s.test.app, &s.office.actor, Accept { submission_id: old }).await;
    assert!(matches!(late, Err(Error::Changed)));
}

#[tokio::test]
async fn many_are_accepted_at_once_and_it_can_be_undone() {
    let s = Situation::new().await;
    let (_, a) = sent(&s, 0).await;
    let (_, b) = sent(&s, 1).await;
    let office = &s.office.actor;
    accept(&s.test.app, office, Accept { submission_id: a.clone() }).await.unwrap();
    s.test.set_clock("2022-06-13T08:31:00+08:00");
    let cmd = AcceptMany { submission_ids: vec![a, b.clone()] };
    let done = accept_many(&s.test.app, office, cmd.clone()).await.unwrap();
    assert_eq!(done.submission_ids, std::slice::from_ref(&b), "the other one had been accepted before");
    assert!(matches!(accept_many(&s.test.app, office, cmd).await, Err(Error::Refused(_))));
    let accepted = accepted_at(&s.test.app, office, &"d3".into(), done.at).await.unwrap();
    undo_accept(&s.test.app, office, &accepted).await.unwrap();
    assert_eq!(s.thursday(1).await.state, State::Submitted);
    assert_eq!(s.thursday(0).await.state, State::Accepted);
}

#[tokio::test]
async fn an_extension_has_a_later_date_and_a_reason_and_counts_for_being_late() {
    let s = Situation::new().await;
    s.test.set_clock("2022-06-17T08:30:00+08:00");
    let item = s.thursday(0).await;
    let office = &s.office.actor;
    let day = |day: i8| calendar::from_local_ms(jiff::civil::date(2022, 6, day).at(18, 0, 0, 0));
    let cmd = |until, reason: &str| Extend { occurrence_id: item.id.clone(), until, reason: reason.to_owned() };
    for bad in [cmd(day(16), "断网"), cmd(day(20), " ")] {
        assert!(matches!(extend(&s.test.app, office, bad).await, Err(Error::Invalid(_))));
    }
    extend(&s.test.app, office, cmd(day(20), "道路塌方断网")).await.unwrap();
    assert!(!s.thursday(0).await.is_overdue(s.test.app.now()));
    assert!(!s.send(&s.liaison(0).await, &item, "补报").await.late);
    assert_eq!(s.messages(&s.units[0].id, "extended").await, 1);
}

#[tokio::test]
async fn what_does_not_apply_has_a_reason_and_can_be_taken_back() {
    let s = Situation::new().await;
    let item = s.thursday(3).await;
    let office = &s.office.actor;
    let cmd = Excuse { occurrence_id: item.id.clone(), reason: "本月停产检修".to_owned() };
    excuse(&s.test.app, office, cmd.clone()).await.unwrap();
    let liaison = s.liaison(3).await;
    assert!(matches!(submit(&s.test.app, &liaison, s.command(&item, "x")).await, Err(Error::Refused(_))));
    assert!(matches!(excuse(&s.test.app, office, cmd).await, Err(Error::Refused(_))));
    reinstate(&s.test.app, office, Reinstate { occurrence_id: item.id }).await.unwrap();
    let back = s.thursday(3).await;
    assert_eq!((back.state, back.decided_reason.as_str()), (State::Open, ""));
}
