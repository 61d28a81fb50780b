//! What a report leaves open.

use super::*;

#[tokio::test]
async fn a_reviewer_is_told_of_a_record_that_says_nothing_about_people_and_the_unit_is_not() {
    let s = Situation::new().await;
    s.held("学习一").await;
    let counted = Facts { measures: [("participants".to_owned(), 0)].into(), ..study("学习二") };
    let counted = s.add(&s.liaison, &s.town.village, counted).await;
    s.photo(&s.liaison, &counted).await;
    s.send("key-00000001").await.assert_leads_to(&s.path);
    let id = s.sent().await.remove(0).id;
    let page = s.town.office.get(&format!("/submissions/{id}")).await.text();
    assert_eq!(page.matches("没有填参加人数。").count(), 1, "nobody came is an answer");
    assert!(!s.liaison.get(&s.path).await.text().contains("没有填参加人数。"));
}
