//! Numbers: one after the other, none twice, none without approval.

use super::*;

#[tokio::test]
async fn numbers_follow_what_was_given_on_paper_without_a_gap() {
    let s = Situation::new().await;
    let (one, two, three) = (s.approved("甲").await, s.approved("乙").await, s.approved("丙").await);
    assert!(s.issue(&one, "测政发", "很多").await.is_err());
    assert_eq!(s.issue(&one, "测政发", "120").await.unwrap(), "测政发〔2022〕121号");
    assert_eq!(s.issue(&two, "测政发", "500").await.unwrap(), "测政发〔2022〕122号", "it is known by then");
    assert_eq!(s.issue(&three, "测安办", "").await.unwrap(), "测安办〔2022〕1号", "another word has its own numbers");
    s.town.office.get("/documents/numbers").await.assert_contains("测政发〔2022〕122号").assert_contains("乙");
    assert_eq!(s.paper(&one).await.dated.unwrap().to_string(), "2022-06-13");
}

#[tokio::test]
async fn nothing_is_numbered_before_it_is_approved() {
    let s = Situation::new().await;
    let id = s.submitted("甲").await;
    assert!(s.issue(&id, "测政发", "0").await.is_err());
    assert!(s.paper(&id).await.number.is_empty());
}

#[tokio::test]
async fn a_void_number_stays_in_the_register_and_is_never_given_again() {
    let s = Situation::new().await;
    let (one, two) = (s.approved("甲").await, s.approved("乙").await);
    s.issue(&one, "测政发", "0").await.unwrap();
    s.town.office.post(&format!("/documents/{one}/void"), &[("reason", "")]).await.assert_status(409);
    s.town.office.post(&format!("/documents/{one}/void"), &[("reason", "内容有误")]).await.assert_status(303);
    assert_eq!(s.issue(&two, "测政发", "0").await.unwrap(), "测政发〔2022〕2号");
    s.town
        .office
        .get("/documents/numbers")
        .await
        .assert_contains("作废：内容有误")
        .assert_contains("测政发〔2022〕1号");
    assert_eq!(s.paper(&one).await.state, Stand::Void);
}

#[tokio::test]
async fn ten_documents_numbered_at_once_have_ten_numbers() {
    let s = Situation::new().await;
    let mut ids = Vec::new();
    for n in 0..10 {
        ids.push(s.approved(&format!("第{n}份")).await);
    }
    let all = futures_util::future::join_all(ids.iter().map(|id| s.issue(id, "测政发", "0"))).await;
    let mut numbers: Vec<String> = all.into_iter().map(Result::unwrap).collect();
    numbers.sort_by_key(|number| (number.len(), number.clone()));
    let wanted: Vec<String> = (1..=10).map(|n| format!("测政发〔2022〕{n}号")).collect();
    assert_eq!(numbers, wanted);
}

#[tokio::test]
async fn the_same_document_is_numbered_once() {
    let s = Situation::new().await;
    let id = s.approved("甲").await;
    let both = futures_util::join!(s.issue(&id, "测政发", "0"), s.issue(&id, "测政发", "0"));
    assert_eq!([&both.0, &both.1].iter().filter(|one| one.is_ok()).count(), 1);
    assert_eq!(
        store::numbers(s.town.test.app.db.reader(), &s.town.test.town, &s.paper(&id).await.unit_id)
            .await
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn an_issued_document_is_copied_into_a_draft_without_number() {
    let s = Situation::new().await;
    let id = s.approved("甲").await;
    s.issue(&id, "测政发", "0").await.unwrap();
    let answer = s.town.office.post(&format!("/documents/{id}/copy"), &[]).await;
    answer.assert_leads_to("/documents/");
    s.town.office.post(&format!("/documents/{id}/delete"), &[]).await.assert_status(409);
    let found =
        store::page(s.town.test.app.db.reader(), &s.town.test.town, &store::Wanted::default(), 9).await.unwrap();
    assert_eq!(found.iter().filter(|paper| paper.state == Stand::Draft && paper.number.is_empty()).count(), 1);
}
