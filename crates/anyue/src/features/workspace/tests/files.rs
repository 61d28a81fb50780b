//! Files of a report: odd names, several at once, removed again, refused by name.

use super::{Town, complete};

const PHOTO: &[u8] = b"\xff\xd8\xff\xe0 photo";

#[tokio::test]
async fn files_with_odd_names_are_kept_and_can_be_removed() {
    let town = Town::new().await;
    let path = format!("/work/do/{}", town.form_1().await.id);
    let liaison = town.test.liaison_of(&town.village).await;
    let mut fields = complete("0", "key-00000001");
    fields[9].1 = "save";
    let files = [
        ("files", "照片 “一”🙂.jpg", PHOTO),
        ("files", "../../etc/passwd", b"text".as_slice()),
        ("files", "照片 “一”🙂.jpg", PHOTO),
    ];
    liaison.post_files_unaudited(&path, &fields, &files).await.assert_leads_to(&path);
    let page = liaison.get(&path).await;
    page.assert_contains("照片 “一”🙂.jpg").assert_contains("passwd").assert_lacks("etc/passwd").assert_contains("3个");
    let text = page.text();
    let remove = text.split("value=\"remove:").nth(1).unwrap().split('"').next().unwrap();
    let action = format!("remove:{remove}");
    fields[9].1 = &action;
    liaison.post_files_unaudited(&path, &fields, &[]).await.assert_leads_to(&path);
    liaison.get(&path).await.assert_contains("2个").assert_contains("成立小组");
}

#[tokio::test]
async fn a_refused_file_is_named_and_the_others_stay() {
    let town = Town::new().await;
    let path = format!("/work/do/{}", town.form_1().await.id);
    let liaison = town.test.liaison_of(&town.village).await;
    let files =
        [("files", "现场.jpg", PHOTO), ("files", "空.jpg", b"".as_slice()), ("files", "程序.exe", b"MZ".as_slice())];
    let answer = liaison.post_files(&path, &complete("0", "key-00000001"), &files).await;
    answer
        .assert_status(422)
        .assert_contains("空.jpg")
        .assert_contains("程序.exe")
        .assert_contains("现场.jpg")
        .assert_contains("成立小组");
}

#[tokio::test]
async fn a_file_over_the_limit_is_named_with_the_limit() {
    let town = Town::new().await;
    let path = format!("/work/do/{}", town.form_1().await.id);
    let liaison = town.test.liaison_of(&town.village).await;
    let large = vec![1u8; 33 * 1024 * 1024];
    let answer = liaison.post_files(&path, &complete("0", "key-00000001"), &[("files", "录像.mp4", &large)]).await;
    answer.assert_status(422).assert_contains("录像.mp4").assert_contains("32MB").assert_contains("成立小组");
}

#[tokio::test]
async fn the_plan_may_be_a_photo_instead_of_text() {
    let town = Town::new().await;
    let path = format!("/work/do/{}", town.form_1().await.id);
    let liaison = town.test.liaison_of(&town.village).await;
    let mut fields = complete("0", "key-00000001");
    fields[8].1 = "";
    liaison.post_files(&path, &fields, &[]).await.assert_status(422).assert_contains("上传方案文件");
    liaison.post_files(&path, &fields, &[("files", "方案.jpg", PHOTO)]).await.assert_leads_to(&path);
    liaison.get(&path).await.assert_contains("方案.jpg");
}
