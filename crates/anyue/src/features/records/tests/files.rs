//! Photos and files of a record: on its form before it is written down, on itself while it may be changed.

use super::*;
use crate::features::records::files as record_files;
use crate::platform::blobs::FileRow;

const PHOTO: &[u8] = b"\xff\xd8\xff\xe0 photo";
const KEY: &str = "key-00000001";

fn fields<'a>(town: &'a Town, action: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("unit", town.village.id.as_str()),
        ("key", KEY),
        ("kind", "study"),
        ("held_on", "2022-06-13"),
        ("place", "村委会"),
        ("action", action),
    ]
}

async fn files(town: &Town, id: &RecordId) -> Vec<FileRow> {
    record_files::of_record(town.test.app.db.reader(), &town.test.town, id).await.unwrap()
}

fn led_to(answer: &crate::testing::Answer) -> RecordId {
    RecordId(answer.location().rsplit('/').next().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn a_record_is_reported_with_its_photos_in_one_go() {
    let town = Town::new().await;
    let sent = [("files", "现场 “一”.jpg", PHOTO), ("files", "签到.pdf", b"%PDF-1.4".as_slice())];
    let answer = town.liaison.post_files("/work/records/new", &fields(&town, "report"), &sent).await;
    let id = led_to(answer.assert_leads_to("/work/records/"));
    assert_eq!(town.state(&id).await, "reported");
    assert_eq!(files(&town, &id).await.len(), 2);
    let page = town.office.get(&format!("/records/{id}")).await;
    page.assert_contains("现场 “一”.jpg");
    let file = &files(&town, &id).await[0];
    let address = format!("/files/{}", file.file_id);
    town.office.get(&address).await.assert_ok();
    town.liaison.get(&address).await.assert_ok();
    town.test.liaison_of(&town.mine).await.get(&address).await.assert_status(404);
}

#[tokio::test]
async fn what_is_put_on_a_form_waits_there_for_its_writer_only() {
    let town = Town::new().await;
    let form = "/work/records/new?kind=study";
    let sent = [("files", "现场.jpg", PHOTO)];
    town.liaison.post_files_unaudited("/work/records/new", &fields(&town, "attach"), &sent).await.assert_leads_to(form);
    let page = town.liaison.get(form).await;
    page.assert_contains("现场.jpg").assert_contains(KEY).assert_contains("村委会");
    let part = format!("/work/records/files?record={KEY}");
    town.liaison.get(&part).await.assert_contains("现场.jpg");
    let colleague = town.test.liaison_of(&town.village).await;
    colleague.get(&part).await.assert_ok().assert_lacks("现场.jpg");
    let text = page.text();
    let file = text.split("value=\"remove:").nth(1).unwrap().split('"').next().unwrap().to_owned();
    colleague.get(&format!("/files/{file}")).await.assert_status(404);
    town.office.get(&format!("/files/{file}")).await.assert_status(404);
    let remove = format!("remove:{file}");
    colleague.post("/work/records/new", &fields(&town, &remove)).await.assert_status(404);

    town.liaison.post_files_unaudited("/work/records/new", &fields(&town, &remove), &[]).await.assert_leads_to(form);
    town.liaison.get(&part).await.assert_lacks("现场.jpg");
    town.liaison.post_files_unaudited("/work/records/new", &fields(&town, "attach"), &sent).await;
    let id = led_to(&town.liaison.post("/work/records/new", &fields(&town, "save")).await);
    assert_eq!(files(&town, &id).await.len(), 1);
    assert_eq!(town.state(&id).await, "held");
}

#[tokio::test]
async fn a_cleared_form_keeps_no_file() {
    let town = Town::new().await;
    let sent = [("files", "现场.jpg", PHOTO)];
    town.liaison.post_files_unaudited("/work/records/new", &fields(&town, "attach"), &sent).await;
    town.liaison.post_unaudited("/work/records/draft", &fields(&town, "drop")).await.assert_leads_to("/work/records");
    town.liaison.get(&format!("/work/records/files?record={KEY}")).await.assert_lacks("现场.jpg");
}

#[tokio::test]
async fn files_are_added_and_removed_while_the_unit_may_change_the_record() {
    let town = Town::new().await;
    let id = town.add(study(3), false).await;
    let edit = format!("/work/records/{id}/edit");
    let sent = [("files", "现场.jpg", PHOTO), ("files", "照片.jpg", PHOTO)];
    let change = |action: &str, version: &str| {
        let mut all: Vec<(String, String)> =
            fields(&town, action).into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        all.push(("version".to_owned(), version.to_owned()));
        all
    };
    fn pairs(all: &[(String, String)]) -> Vec<(&str, &str)> {
        all.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }
    town.liaison.post_files_unaudited(&edit, &pairs(&change("attach", "1")), &sent).await.assert_leads_to(&edit);
    let present = files(&town, &id).await;
    assert_eq!(present.len(), 2);
    let remove = format!("remove:{}", present[0].file_id);
    town.liaison.post_files_unaudited(&edit, &pairs(&change(&remove, "1")), &[]).await.assert_leads_to(&edit);
    town.liaison.get(&edit).await.assert_contains(&present[1].name).assert_lacks(&present[0].name);
    town.liaison.post_files(&edit, &pairs(&change("report", "1")), &[]).await.assert_leads_to("/work/records/");
    assert_eq!(town.state(&id).await, "reported");

    let late = town.liaison.post_files(&edit, &pairs(&change("attach", "2")), &sent).await;
    late.assert_status(422).assert_contains("先撤回");
    assert_eq!(files(&town, &id).await.len(), 1, "what was reported is changed by nobody");
    town.office.post(&format!("/records/{id}/accept"), &[("version", "2")]).await;
    let remove = format!("remove:{}", present[1].file_id);
    town.liaison.post_files(&edit, &pairs(&change(&remove, "3")), &[]).await.assert_status(409);
    assert_eq!(files(&town, &id).await.len(), 1);
}

#[tokio::test]
async fn a_refused_file_is_named_and_nothing_typed_is_lost() {
    let town = Town::new().await;
    let sent =
        [("files", "空.jpg", b"".as_slice()), ("files", "程序.exe", b"MZ".as_slice()), ("files", "现场.jpg", PHOTO)];
    let page = town.liaison.post_files("/work/records/new", &fields(&town, "report"), &sent).await;
    page.assert_status(422)
        .assert_contains("“空.jpg”是空文件")
        .assert_contains("“程序.exe”是程序文件")
        .assert_contains("现场.jpg")
        .assert_contains("村委会");
}

#[tokio::test]
async fn a_record_that_is_thrown_away_leaves_no_file() {
    let town = Town::new().await;
    let sent = [("files", "现场.jpg", PHOTO)];
    let id = led_to(&town.liaison.post_files("/work/records/new", &fields(&town, "save"), &sent).await);
    town.liaison.post(&format!("/work/records/{id}/discard"), &[]).await.assert_leads_to("/work/records");
    assert!(files(&town, &id).await.is_empty());
}
