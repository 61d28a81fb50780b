use super::*;
use crate::features::evidence::api::FILES_LIMIT;
use crate::platform::error::Error;

fn fields(error: Error) -> Vec<String> {
    match error {
        Error::Invalid(errors) => errors.iter().map(|(field, _)| field.to_owned()).collect(),
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn somebody_elses_duty_does_not_exist() {
    let s = Situation::new().await;
    let stranger = s.liaison(1).await;
    let item = s.thursday(0).await;
    let refused = submit(&s.test.app, &stranger, s.command(&item, "冒名")).await.unwrap_err();
    assert!(matches!(refused, Error::NotFound));
    let draft = SaveDraft { occurrence_id: item.id, payload: Payload::default(), version: 0 };
    assert!(matches!(save_draft(&s.test.app, &stranger, draft).await, Err(Error::NotFound)));
}

#[tokio::test]
async fn each_missing_part_is_named_and_nothing_is_written() {
    let s = Situation::new().await;
    let liaison = s.liaison(0).await;
    let item = s.item(0, "d2").await;
    let before = s.test.trail_length().await;
    let refused = submit(&s.test.app, &liaison, s.command(&item, "")).await.unwrap_err();
    assert_eq!(fields(refused), ["liaison_form", "unit_plan"]);
    let mut wrong = s.command(&item, "方案");
    wrong.payload.liaison_form = Some(LiaisonForm { mobile: "12345".to_owned(), ..good_form() });
    assert_eq!(fields(submit(&s.test.app, &liaison, wrong).await.unwrap_err()), ["mobile"]);
    assert_eq!(s.test.trail_length().await, before);
    assert_eq!(s.item(0, "d2").await.state, State::Open);
}

#[tokio::test]
async fn a_zero_report_is_taken_only_where_the_notice_asks_for_one() {
    let s = Situation::new().await;
    let liaison = s.liaison(0).await;
    let zero = |item: &WorkItem| Submit { zero_report: true, ..s.command(item, "") };
    let form = s.item(0, "d2").await;
    assert_eq!(fields(submit(&s.test.app, &liaison, zero(&form)).await.unwrap_err()), ["zero_report"]);
    let weekly = s.thursday(0).await;
    assert!(submit(&s.test.app, &liaison, zero(&weekly)).await.unwrap().submission.zero_report);
}

#[tokio::test]
async fn files_may_be_offered_and_are_demanded_only_with_clause_purpose_and_time_kept() {
    let s = Situation::new().await;
    let liaison = s.liaison(0).await;
    let item = s.thursday(0).await;
    let demand =
        EvidenceDemand {
            what: "图像印证资料".to_owned(), clause: "五/（四）".to_owned(), ..Default::default()
        };
    s.change("d3", |duty| duty.evidence = vec![demand.clone()]).await;
    let payload = Payload { text: "宣讲一次".to_owned(), ..Payload::default() };
    let weekly = super::super::api::duty(s.test.app.db.reader(), &s.test.town, &"d3".into()).await.unwrap().unwrap();
    assert!(payload.check(&weekly, false, 0, Along::default()).is_empty(), "purpose and time kept are not given");
    s.change("d3", |duty| {
        duty.evidence = vec![EvidenceDemand { purpose: "核实".to_owned(), keep: "一年".to_owned(), ..demand }];
    })
    .await;
    assert_eq!(fields(submit(&s.test.app, &liaison, s.command(&item, "宣讲")).await.unwrap_err()), ["files"]);

    let blob = s.test.app.blobs.put(&s.test.town, b"\xff\xd8\xff\xe0photo".to_vec()).await.unwrap();
    for name in ["现场 “一”\n🔥.jpg", "../../etc/现场.jpg"] {
        let cmd = AddFile { occurrence_id: item.id.clone(), name: name.to_owned(), blob: blob.clone() };
        add_file(&s.test.app, &liaison, cmd).await.unwrap();
    }
    let sent = s.send(&liaison, &item, "宣讲").await;
    let town = &s.test.town;
    let owner = sent.submission.id.as_str();
    let files = crate::platform::blobs::files_of(s.test.app.db.reader(), town, "submission", owner).await.unwrap();
    let mut names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["现场 “一”🔥.jpg", "现场.jpg"], "two equal photos in one report are both kept");
    assert_eq!(files[0].media_type, "image/jpeg");
}

#[tokio::test]
async fn a_program_an_empty_file_and_one_file_too_many_are_refused() {
    let s = Situation::new().await;
    let liaison = s.liaison(0).await;
    let item = s.thursday(0).await;
    for content in [&b"MZ\x90\0"[..], b""] {
        let blob = s.test.app.blobs.put(&s.test.town, content.to_vec()).await.unwrap();
        let cmd = AddFile { occurrence_id: item.id.clone(), name: "照片.jpg".to_owned(), blob };
        assert!(matches!(add_file(&s.test.app, &liaison, cmd).await, Err(Error::Refused(_))));
    }
    let blob = s.test.app.blobs.put(&s.test.town, b"text".to_vec()).await.unwrap();
    let cmd = AddFile { occurrence_id: item.id, name: "a.txt".to_owned(), blob };
    for _ in 0..FILES_LIMIT {
        add_file(&s.test.app, &liaison, cmd.clone()).await.unwrap();
    }
    assert!(matches!(add_file(&s.test.app, &liaison, cmd).await, Err(Error::Refused(_))));
}

#[tokio::test]
async fn the_same_report_sent_five_times_at_once_is_one_report() {
    let s = Situation::new().await;
    let liaison = s.liaison(0).await;
    let item = s.thursday(0).await;
    let cmd = s.command(&item, "本周宣讲两场");
    let before = s.test.trail_length().await;
    let all = (0..5).map(|_| submit(&s.test.app, &liaison, cmd.clone()));
    let sent: Vec<Submitted> = futures_util::future::try_join_all(all).await.unwrap();
    assert_eq!(sent.iter().filter(|one| !one.again).count(), 1);
    assert!(sent.iter().all(|one| one.submission.id == sent[0].submission.id));
    let stored = submissions_of(s.test.app.db.reader(), &s.test.town, &item.id).await.unwrap();
    assert_eq!(stored.len(), 1);
    assert_eq!(s.test.trail_length().await, before + 1);
}

#[tokio::test]
async fn a_key_of_another_report_is_not_taken_for_this_one() {
    let s = Situation::new().await;
    let (first, second) = (s.liaison(0).await, s.liaison(1).await);
    let cmd = s.command(&s.thursday(0).await, "宣讲");
    submit(&s.test.app, &first, cmd.clone()).await.unwrap();
    let other = Submit { occurrence_id: s.thursday(1).await.id, ..cmd };
    assert!(matches!(submit(&s.test.app, &second, other).await, Err(Error::Refused(_))));
}

#[tokio::test]
async fn a_draft_comes_back_and_two_people_typing_do_not_overwrite_each_other() {
    let s = Situation::new().await;
    let liaison = s.liaison(0).await;
    let item = s.thursday(0).await;
    let typed = |text: &str, version| SaveDraft {
        occurrence_id: item.id.clone(),
        payload: Payload { text: text.to_owned(), ..Payload::default() },
        version,
    };
    let first = save_draft(&s.test.app, &liaison, typed("一", 0)).await.unwrap();
    let second = save_draft(&s.test.app, &liaison, typed("一二", first.version)).await.unwrap();
    assert!(matches!(save_draft(&s.test.app, &liaison, typed("三", first.version)).await, Err(Error::Changed)));
    let kept = draft(s.test.app.db.reader(), &s.test.town, &item.id).await.unwrap().unwrap();
    assert_eq!((kept.payload.text.as_str(), kept.version), ("一二", second.version));

    let sent = s.send(&liaison, &item, "一二三").await;
    assert_eq!(sent.submission.id, kept.id, "the draft became the report");
    assert!(draft(s.test.app.db.reader(), &s.test.town, &item.id).await.unwrap().is_none());
}

#[tokio::test]
async fn a_report_after_its_time_is_late_and_stays_so_however_often_it_is_corrected() {
    let s = Situation::new().await;
    let liaison = s.liaison(0).await;
    let item = s.thursday(0).await;
    s.test.set_clock("2022-06-16T12:00:00+08:00");
    assert!(!s.send(&liaison, &item, "准时").await.late);
    let other = s.liaison(1).await;
    let item = s.thursday(1).await;
    s.test.set_clock("2022-06-16T12:00:01+08:00");
    assert!(item.is_overdue(s.test.app.now()));
    assert!(s.send(&other, &item, "迟了一秒").await.late);
    assert!(s.send(&other, &item, "更正").await.late);
    let revisions = submissions_of(s.test.app.db.reader(), &s.test.town, &item.id).await.unwrap();
    let states: Vec<_> = revisions.iter().map(|one| one.state).collect();
    assert_eq!(states, [SubmissionState::Submitted, SubmissionState::Superseded]);
}

#[tokio::test]
async fn after_the_campaign_is_closed_nothing_more_is_taken_and_everything_stays_visible() {
    let s = Situation::new().await;
    let liaison = s.liaison(0).await;
    let tx = s.test.app.db.begin(&s.test.town).await.unwrap();
    close_campaign(&tx, &s.campaign, s.test.app.now()).await.unwrap();
    tx.commit_unaudited("test").await.unwrap();
    let item = s.thursday(0).await;
    assert!(item.closed && !item.is_owing());
    assert!(matches!(submit(&s.test.app, &liaison, s.command(&item, "迟")).await, Err(Error::Refused(_))));
}

#[tokio::test]
async fn an_acknowledgement_is_of_one_edition_and_is_written_once() {
    let s = Situation::new().await;
    let liaison = s.liaison(0).await;
    let cmd = |edition| Acknowledge { campaign_id: s.campaign.clone(), unit_id: s.units[0].id.clone(), edition };
    assert!(acknowledge(&s.test.app, &liaison, cmd(1)).await.unwrap());
    assert!(!acknowledge(&s.test.app, &liaison, cmd(1)).await.unwrap());
    let stranger = s.liaison(1).await;
    assert!(matches!(acknowledge(&s.test.app, &stranger, cmd(1)).await, Err(Error::Forbidden(_))));
    assert_eq!(s.item(0, "d1").await.state, State::Accepted);
    assert!(acknowledge(&s.test.app, &liaison, cmd(2)).await.unwrap());
    let list = acknowledgements(s.test.app.db.reader(), &s.test.town, &s.campaign).await.unwrap();
    let editions: Vec<i64> = list.iter().map(|one| one.edition).collect();
    assert_eq!(editions, [2, 1]);
}

#[tokio::test]
async fn a_large_event_is_reported_at_any_time_as_often_as_it_happens() {
    let s = Situation::new().await;
    let liaison = s.liaison(0).await;
    let standing = s.item(0, "d4").await;
    assert!(standing.is_standing() && !standing.is_owing());
    assert!(matches!(submit(&s.test.app, &liaison, s.command(&standing, "x")).await, Err(Error::Refused(_))));
    let duty_id = standing.duty.id.clone();
    for n in 1..=2 {
        let id = new_ad_hoc(&s.test.app, &liaison, &duty_id, &s.units[0].id).await.unwrap();
        let item = occurrence(s.test.app.db.reader(), &s.test.town, &id).await.unwrap().unwrap();
        assert_eq!(item.period_key, format!("ad_hoc:{n}"));
        assert_eq!(item.on_board(), None);
        s.send(&liaison, &item, "应急演练").await;
    }
    let tally = progress(s.test.app.db.reader(), &s.test.town, std::slice::from_ref(&s.campaign)).await.unwrap();
    assert_eq!(tally[&s.campaign].received, 2);
    let begun = new_ad_hoc(&s.test.app, &liaison, &duty_id, &s.units[0].id).await.unwrap();
    assert_eq!(new_ad_hoc(&s.test.app, &liaison, &duty_id, &s.units[0].id).await.unwrap(), begun, "taken up again");
}

#[tokio::test]
async fn a_unit_that_does_not_receive_the_campaign_has_nothing_to_acknowledge() {
    let s = Situation::new().await;
    let elsewhere = s.test.unit("南山村", UnitKind::Village).await;
    let liaison = s.test.liaison_of(&elsewhere).await.actor;
    let cmd = |unit: &UnitRef| Acknowledge { campaign_id: s.campaign.clone(), unit_id: unit.id.clone(), edition: 1 };
    assert!(matches!(acknowledge(&s.test.app, &liaison, cmd(&elsewhere)).await, Err(Error::NotFound)));
    let tx = s.test.app.db.begin(&s.test.town).await.unwrap();
    sql("UPDATE campaigns SET state = 'closed'").execute(&*tx).await.unwrap();
    tx.commit_unaudited("test").await.unwrap();
    let closed = acknowledge(&s.test.app, &s.liaison(0).await, cmd(&s.units[0])).await;
    assert!(matches!(closed, Err(Error::Refused(_))));
    assert!(acknowledgements(s.test.app.db.reader(), &s.test.town, &s.campaign).await.unwrap().is_empty());
}
