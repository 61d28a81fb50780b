//! Backup and restore: every row and file comes back, also across engines; damage is found.

use std::collections::BTreeMap;

use crate::features::units::api::UnitKind;
use crate::platform::audit::Event;
use crate::platform::backup;
use crate::platform::blobs::{self, Blobs};
use crate::platform::clock::Clock;
use crate::platform::db::{DatabaseUrl, Db, dump};
use crate::platform::ids::AccountId;
use crate::platform::keyring::Keyring;
use crate::testing::TestApp;

async fn a_town_with_rows_and_files() -> TestApp {
    let test = TestApp::new().await;
    for n in 0..1_200 {
        if n < 3 {
            test.unit(&format!("第{n}村 “引号”\n换行 😀"), UnitKind::Village).await;
        }
        let tx = test.app.db.begin(&test.town).await.unwrap();
        tx.commit(Event::new(&test.system(), "test.done", "test", n, "测试")).await.unwrap();
        if n > 60 {
            break;
        }
    }
    for content in ["印证资料", ""] {
        let blob = test.app.blobs.put(&test.town, content.as_bytes().to_vec()).await.unwrap();
        let tx = test.app.db.begin(&test.town).await.unwrap();
        let by = AccountId::from("system");
        blobs::link(&tx, &test.app.ids, &blob, "照片 1.jpg", "image/jpeg", "campaign", "c", &by, 1).await.unwrap();
        tx.commit_unaudited("test").await.unwrap();
    }
    test
}

async fn every_row(db: &Db) -> BTreeMap<String, String> {
    let snapshot = dump::snapshot(db).await.unwrap();
    let mut rows = BTreeMap::new();
    for table in dump::tables(&snapshot).await.unwrap() {
        let mut text = Vec::new();
        table.write_rows(&snapshot, &mut text).await.unwrap();
        rows.insert(table.name, String::from_utf8(text).unwrap());
    }
    rows
}

/// An empty installation on SQLite, whatever engine the suite runs on: so the PostgreSQL run restores across.
async fn an_empty_installation(folder: &std::path::Path) -> (Db, Blobs) {
    let clock = Clock::system();
    let db = Db::open(&DatabaseUrl::Sqlite(folder.join("anyue.db")), clock).await.unwrap();
    let files = opendal::services::Fs::default().root(folder.join("files").to_str().unwrap());
    (db, Blobs::new(opendal::Operator::new(files).unwrap(), &folder.join("spool")).unwrap())
}

#[tokio::test]
async fn every_row_and_every_file_comes_back() {
    let test = a_town_with_rows_and_files().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("anyue.backup");
    let key = test.app.keyring.open(&test.app.ids).unwrap().present();
    let written =
        backup::backup(&test.app.db, &test.app.blobs, &test.app.keyring, &test.app.clock, &file).await.unwrap();
    assert_eq!(written.files, 2);

    let (db, blobs) = an_empty_installation(folder.path()).await;
    backup::restore(&db, &blobs, &Keyring::new(folder.path()), &file, &folder.path().join("spool")).await.unwrap();

    let (before, after) = (every_row(&test.app.db).await, every_row(&db).await);
    assert!(before["units"].lines().count() == 4 && before["audit_events"].lines().count() > 50);
    assert_eq!(before, after);
    let files = blobs::files_of(db.reader(), &test.town, "campaign", "c").await.unwrap();
    let mut contents = Vec::new();
    for file in files {
        contents.push(String::from_utf8(blobs.read(&test.town, &file.sha256).await.unwrap()).unwrap());
    }
    contents.sort();
    assert_eq!(contents, ["", "印证资料"]);
    assert_eq!(Keyring::new(folder.path()).open(&test.app.ids).unwrap().present(), key);
}

#[tokio::test]
async fn a_backup_taken_while_others_write_is_one_instant() {
    let test = a_town_with_rows_and_files().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("anyue.backup");
    let writing = async {
        for n in 0..40 {
            let tx = test.app.db.begin(&test.town).await.unwrap();
            tx.commit(Event::new(&test.system(), "test.done", "test", n, "同时")).await.unwrap();
        }
    };
    let (written, ()) =
        tokio::join!(backup::backup(&test.app.db, &test.app.blobs, &test.app.keyring, &test.app.clock, &file), writing);
    written.unwrap();
    let (db, blobs) = an_empty_installation(folder.path()).await;
    backup::restore(&db, &blobs, &Keyring::new(folder.path()), &file, &folder.path().join("spool")).await.unwrap();
    crate::platform::audit::verify(db.reader(), &test.town).await.unwrap();
}

#[tokio::test]
async fn a_damaged_backup_is_refused_and_leaves_no_row() {
    let test = a_town_with_rows_and_files().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("anyue.backup");
    backup::backup(&test.app.db, &test.app.blobs, &test.app.keyring, &test.app.clock, &file).await.unwrap();
    let whole = std::fs::read(&file).unwrap();
    for cut in [whole.len() / 3, whole.len() - 20] {
        let damaged = folder.path().join(format!("cut-{cut}"));
        std::fs::write(&damaged, &whole[..cut]).unwrap();
        let installation = folder.path().join(format!("into-{cut}"));
        std::fs::create_dir(&installation).unwrap();
        let (db, blobs) = an_empty_installation(&installation).await;
        backup::restore(&db, &blobs, &Keyring::new(folder.path()), &damaged, &installation.join("spool"))
            .await
            .unwrap_err();
        assert!(every_row(&db).await.values().all(String::is_empty));
    }
}

#[tokio::test]
async fn a_backup_is_not_restored_over_anything() {
    let test = a_town_with_rows_and_files().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("anyue.backup");
    backup::backup(&test.app.db, &test.app.blobs, &test.app.keyring, &test.app.clock, &file).await.unwrap();
    let refused =
        backup::restore(&test.app.db, &test.app.blobs, &test.app.keyring, &file, folder.path()).await.unwrap_err();
    assert!(refused.to_string().contains("not empty"), "{refused}");
}

#[tokio::test]
async fn an_archive_that_leads_out_of_the_store_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("evil.backup");
    let mut archive = tar::Builder::new(zstd::Encoder::new(std::fs::File::create(&file).unwrap(), 3).unwrap());
    let mut header = tar::Header::new_gnu();
    let name = format!("files/../{}", "0".repeat(64));
    header.as_gnu_mut().unwrap().name[..name.len()].copy_from_slice(name.as_bytes());
    header.set_size(4);
    header.set_mode(0o600);
    header.set_cksum();
    archive.append(&header, b"evil".as_slice()).unwrap();
    archive.into_inner().unwrap().finish().unwrap();
    let (db, blobs) = an_empty_installation(folder.path()).await;
    let before = std::fs::read_dir(folder.path()).unwrap().count();
    let refused = backup::restore(&db, &blobs, &Keyring::new(folder.path()), &file, &folder.path().join("spool")).await;
    assert!(refused.is_err_and(|error| error.to_string().contains("no id")));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), before);
}
