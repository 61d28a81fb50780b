use super::pages::mixed;
use crate::features::duties::api::*;
use crate::platform::auth::Role;

#[tokio::test]
async fn a_submission_is_looked_at_and_accepted_and_the_next_one_follows() {
    let s = mixed().await;
    let first = s.thursday(0).await.submission_id.unwrap();
    s.test.set_clock("2022-06-13T09:00:00+08:00");
    let second = s.send(&s.liaison(2).await, &s.thursday(2).await, "宣讲三场").await.submission.id;
    let page = s.office.get(&format!("/submissions/{first}")).await;
    page.assert_ok().assert_contains("本周宣讲两场").assert_contains("依据：五/（四）").assert_contains("还有 1 件");
    let done = s.office.post(&format!("/submissions/{first}/accept"), &[]).await;
    done.assert_leads_to(&format!("/submissions/{second}"));
    let done = s.office.post(&format!("/submissions/{second}/accept"), &[]).await;
    done.assert_leads_to("/duties/d3");
    s.office.post(&format!("/submissions/{second}/undo-accept"), &[]).await.assert_leads_to("/submissions/");
    assert_eq!(s.thursday(2).await.state, State::Submitted);
    s.office.post(&format!("/submissions/{first}/accept"), &[]).await.assert_status(409);
}

#[tokio::test]
async fn a_return_without_a_word_is_refused_and_what_was_typed_stays() {
    let s = mixed().await;
    let id = s.thursday(0).await.submission_id.unwrap();
    let address = format!("/submissions/{id}/return");
    s.office.post(&address, &[("comment", "  ")]).await.assert_status(422).assert_contains("请写明退回的原因");
    let long = "字".repeat(1001);
    s.office.post(&address, &[("text", &long)]).await.assert_status(422).assert_contains(&long);
    s.office.post(&address, &[("text", "请补充人数"), ("comment", "")]).await.assert_status(303);
    assert_eq!(s.thursday(0).await.returned.unwrap().of_part(Part::Text), "请补充人数");
    s.office.get(&format!("/submissions/{id}")).await.assert_contains("请补充人数");
}

#[tokio::test]
async fn several_are_accepted_with_ticks_and_one_press_takes_it_back() {
    let s = mixed().await;
    s.send(&s.liaison(2).await, &s.thursday(2).await, "宣讲三场").await;
    let page = s.office.get("/duties/d3").await;
    page.assert_ok().assert_contains("全选待审核的").assert_contains("通知原文第40至41行");
    s.office.post("/duties/d3/accept", &[]).await.assert_status(409).assert_contains("请先勾选");
    let ids = [s.thursday(0).await.submission_id.unwrap(), s.thursday(2).await.submission_id.unwrap()];
    let ticks = [("submission", ids[0].as_str()), ("submission", ids[1].as_str())];
    s.office.post("/duties/d3/accept", &ticks).await.assert_leads_to("/duties/d3");
    let at = s.test.app.now();
    s.office.post(&format!("/duties/d3/undo-accept?at={at}"), &[]).await.assert_leads_to("/duties/d3");
    assert_eq!(s.thursday(0).await.state, State::Submitted);
}

#[tokio::test]
async fn more_time_needs_a_later_date_and_a_reason() {
    let s = mixed().await;
    let id = s.thursday(2).await.id;
    s.office.get(&format!("/occurrences/{id}")).await.assert_ok().assert_contains("延期");
    let address = format!("/occurrences/{id}/extend");
    let bad = s.office.post(&address, &[("until", "2022-06-10"), ("reason", "断网三天")]).await;
    bad.assert_status(422).assert_contains("断网三天").assert_contains("现在之后");
    s.office.post(&address, &[("until", "soon"), ("time", "99:99"), ("reason", "x")]).await.assert_status(422);
    let fields = [("until", "2022-06-18"), ("time", ""), ("reason", "断网三天")];
    s.office.post(&address, &fields).await.assert_leads_to(&format!("/occurrences/{id}"));
    s.office.get(&format!("/occurrences/{id}")).await.assert_contains("6月18日（周六）");
    s.office.get(&format!("/campaigns/{}/board", s.campaign)).await.assert_contains("延至6月18日");
}

#[tokio::test]
async fn not_applicable_is_given_with_a_reason_and_taken_back() {
    let s = mixed().await;
    let id = s.thursday(2).await.id;
    s.office.post(&format!("/occurrences/{id}/excuse"), &[("excuse_reason", "")]).await.assert_status(422);
    let done = s.office.post(&format!("/occurrences/{id}/excuse"), &[("excuse_reason", "整村搬迁")]).await;
    done.assert_status(303);
    s.office.get(&format!("/occurrences/{id}")).await.assert_contains("整村搬迁").assert_contains("恢复为未报");
    s.office.post(&format!("/occurrences/{id}/reinstate"), &[]).await.assert_status(303);
}

#[tokio::test]
async fn what_is_not_ones_own_is_not_there() {
    let s = mixed().await;
    let other = s.test.actor_at(Role::Office, &s.units[1]).await;
    let item = s.thursday(0).await;
    let id = item.submission_id.unwrap();
    other.get(&format!("/submissions/{id}")).await.assert_status(404);
    other.get(&format!("/occurrences/{}", item.id)).await.assert_status(404);
    other.post(&format!("/submissions/{id}/accept"), &[]).await.assert_status(404);
    let reason = [("excuse_reason", "x")];
    other.post(&format!("/occurrences/{}/excuse", item.id), &reason).await.assert_status(404);
    let leader = s.test.actor(Role::Leader).await;
    leader.get(&format!("/submissions/{id}")).await.assert_ok().assert_lacks("退回修改");
    leader.post(&format!("/submissions/{id}/accept"), &[]).await.assert_status(403);
}

#[tokio::test]
async fn a_file_is_saved_by_its_name_and_only_by_those_who_may_read_the_report() {
    let s = mixed().await;
    let liaison = s.test.liaison_of(&s.units[2]).await;
    let item = s.thursday(2).await;
    let content = b"<script>alert(1)</script>".to_vec();
    let blob = s.test.app.blobs.put(&s.test.town, content.clone()).await.unwrap();
    let name = "现场 “一”\n🔥.html".to_owned();
    let cmd = AddFile { occurrence_id: item.id.clone(), name, blob };
    let file = add_file(&s.test.app, &liaison.actor, cmd).await.unwrap();
    let address = format!("/files/{file}");
    s.office.get(&address).await.assert_status(404);
    liaison.get(&address).await.assert_ok();
    s.send(&liaison.actor, &item, "宣讲").await;
    let answer = s.office.get(&address).await;
    assert_eq!(answer.assert_ok().bytes, content);
    let header = |name: &str| answer.headers[name].to_str().unwrap().to_owned();
    assert!(header("content-disposition").starts_with("attachment; filename*=UTF-8''"));
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(header("content-type"), "text/plain; charset=utf-8");
    s.test.liaison_of(&s.units[0]).await.get(&address).await.assert_status(404);
    s.test.anonymous().get(&address).await.assert_leads_to("/signin");
    let by_program = s.office.get(&format!("/api/v1/files/{file}")).await;
    assert_eq!(by_program.bytes, s.office.get(&address).await.bytes);
    s.office.get("/files/none").await.assert_status(404);
}
