//! Who may ask, who may fetch, downloads that break, and the end of an archive.

use super::*;
use crate::platform::auth::Role;

async fn trail(all: &Situation, kind: &str) -> i64 {
    sql("SELECT COUNT(*) FROM audit_events WHERE kind = $1")
        .bind(kind)
        .scalar(all.town.test.app.db.reader())
        .await
        .unwrap()
        .unwrap_or_default()
}

#[tokio::test]
async fn wrong_wishes_are_told_beside_their_fields_and_nothing_is_made() {
    let all = Situation::new().await;
    let office = &all.town.office;
    office.post(&all.path, &[("scope", "all")]).await.assert_status(422).assert_contains("请至少选一项");
    let none = [("scope", "some"), ("copies", "yes")];
    office.post(&all.path, &none).await.assert_status(422).assert_contains("请选择单位");
    let foreign = [("scope", "some"), ("units", "no-such-unit"), ("copies", "yes")];
    office.post(&all.path, &foreign).await.assert_status(422).assert_contains("不在这项活动的范围内");
    for week in ["99", "x"] {
        let fields = [("scope", "all"), ("copies", "yes"), ("from", week)];
        office.post(&all.path, &fields).await.assert_status(422).assert_contains("没有这一周");
    }
    assert!(
        store::of_campaign(all.town.test.app.db.reader(), &all.town.test.town, &all.town.campaign)
            .await
            .unwrap()
            .is_empty()
    );
    office.get(&all.path).await.assert_contains("还没有生成过档案").assert_contains("请不要外传");
}

#[tokio::test]
async fn the_office_of_the_campaign_asks_and_whoever_only_looks_gets_no_originals() {
    let all = Situation::full().await;
    let fields = [("scope", "all"), ("copies", "yes"), ("originals", "yes")];
    let leader = all.town.test.actor(Role::Leader).await;
    leader.post(&all.path, &fields).await.assert_status(403);
    let below = all.town.test.actor_at(Role::Office, &all.town.mine).await;
    below.post(&all.path, &fields).await.assert_status(404);
    below.get(&all.path).await.assert_status(404);
    all.village.get(&all.path).await.assert_status(403);

    all.town.office.post(&all.path, &fields).await.assert_leads_to(&all.path);
    all.town.test.work_off().await;
    let (plain, _) = all.made(copies()).await;
    let list =
        store::of_campaign(all.town.test.app.db.reader(), &all.town.test.town, &all.town.campaign).await.unwrap();
    let sealed = &list.iter().find(|one| one.wish.originals).unwrap().id;
    leader.get(&all.path).await.assert_ok().assert_contains("含原件，由审核人员下载").assert_lacks("生成档案</button>");
    leader.get(&format!("{}/{sealed}", all.path)).await.assert_status(403).assert_contains("网页副本");
    leader.get(&format!("{}/{plain}", all.path)).await.assert_ok();
    all.town.office.get(&format!("{}/{sealed}", all.path)).await.assert_ok();
    below.get(&format!("{}/{plain}", all.path)).await.assert_status(404);
    assert_eq!((trail(&all, "archive.requested").await, trail(&all, "archive.made").await), (2, 2));
    assert_eq!(trail(&all, "archive.downloaded").await, 2);
}

#[tokio::test]
async fn a_download_that_broke_goes_on_and_gives_the_same_bytes() {
    let all = Situation::full().await;
    let (id, path) = all.made(both()).await;
    let (office, address) = (&all.town.office, format!("{}/{id}", all.path));
    let whole = std::fs::read(&path).unwrap();
    let answer = office.get(&address).await;
    answer.assert_ok();
    assert_eq!(answer.bytes, whole);
    let header = |answer: &crate::testing::Answer, name: &str| answer.headers[name].to_str().unwrap().to_owned();
    assert_eq!(header(&answer, "accept-ranges"), "bytes");
    assert_eq!(header(&answer, "content-length"), whole.len().to_string());
    assert!(header(&answer, "content-disposition").starts_with("attachment; filename*=UTF-8''"));
    let tag = header(&answer, "etag");

    let middle = whole.len() / 2;
    let range = format!("bytes={middle}-");
    let ask = |headers: Vec<(&'static str, String)>| {
        let address = address.clone();
        async move {
            let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
            office.send_raw("GET", &address, &headers, Vec::new()).await
        }
    };
    let rest = ask(vec![("range", range.clone()), ("if-range", tag.clone())]).await;
    rest.assert_status(206);
    assert_eq!(header(&rest, "content-range"), format!("bytes {middle}-{}/{}", whole.len() - 1, whole.len()));
    assert_eq!([&whole[..middle], &rest.bytes].concat(), whole);
    let other = ask(vec![("range", range), ("if-range", "\"another\"".to_owned())]).await;
    other.assert_ok();
    assert_eq!(other.bytes.len(), whole.len());
    ask(vec![("range", format!("bytes={}-", whole.len()))]).await.assert_status(416);
    let head = office.send("HEAD", &address, None, Vec::new()).await;
    assert_eq!((head.status.as_u16(), header(&head, "content-length")), (200, whole.len().to_string()));
    // Begun twice; going on and asking for the head are no downloads.
    assert_eq!(trail(&all, "archive.downloaded").await, 2);
    let colleague = all.town.test.actor(Role::Office).await;
    colleague.send_raw("GET", &address, &[("range", "bytes=5-")], Vec::new()).await.assert_status(206);
    assert_eq!(trail(&all, "archive.downloaded").await, 3);
}

#[tokio::test]
async fn an_archive_goes_when_its_days_are_over_and_can_be_made_again() {
    let all = Situation::full().await;
    let (id, path) = all.made(copies()).await;
    all.town.test.set_clock("2022-06-27T23:59:00+08:00");
    all.town.test.work_off().await;
    assert!(path.exists());
    all.town.test.set_clock("2022-06-28T03:00:00+08:00");
    all.town.test.work_off().await;
    assert!(!path.exists());
    assert_eq!((all.state(&id).await, trail(&all, "retention.removed").await), (State::Removed, 1));
    let answer = all.town.office.get(&format!("{}/{id}", all.path)).await;
    answer.assert_status(410).assert_contains("再生成一份");
    all.town.office.get(&all.path).await.assert_contains("已清除");
    all.made(copies()).await;
}

#[tokio::test]
async fn the_office_removes_an_archive_before_its_time() {
    let all = Situation::full().await;
    let (id, path) = all.made(copies()).await;
    let address = format!("{}/{id}/remove", all.path);
    all.town.test.actor(Role::Leader).await.post(&address, &[]).await.assert_status(403);
    all.town.office.post(&address, &[]).await.assert_leads_to(&all.path);
    assert!(!path.exists());
    all.town.office.post(&address, &[]).await.assert_status(409);
    // The nightly run finds nothing to do.
    all.town.test.set_clock("2022-06-28T08:30:00+08:00");
    all.town.test.work_off().await;
    assert_eq!(trail(&all, "archive.removed").await, 1);
}

#[tokio::test]
async fn a_file_that_is_not_there_after_a_restore_is_said_so() {
    let all = Situation::full().await;
    let (id, path) = all.made(copies()).await;
    let address = format!("{}/{id}", all.path);
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, &whole[..100]).unwrap();
    all.town.office.get(&address).await.assert_status(410).assert_contains("不完整");
    std::fs::remove_file(&path).unwrap();
    all.town.office.get(&address).await.assert_status(410).assert_contains("不在服务器上了");
}
