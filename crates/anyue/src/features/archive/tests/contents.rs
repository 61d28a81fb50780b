//! What is in an archive, what is not, and what happens when it cannot be made.

use official_doc::table::read_sheet;
use sha2::{Digest as _, Sha256};

use super::*;

const FOLDER: &str = "各单位/东沟村/第3周（6月10日至6月16日）/0613 防汛疏散演练";

fn sheet(path: &Path, name: &str) -> Vec<Vec<String>> {
    let table = read_sheet(&read(path, "索引.xlsx"), Some("索引.xlsx"), name).unwrap();
    table.rows.into_iter().map(|row| row.cells).collect()
}

#[tokio::test]
async fn everything_of_a_campaign_is_in_its_archive() {
    let all = Situation::full().await;
    let (id, path) = all.made(both()).await;
    let names = names(&path);
    for wanted in [
        "说明.txt",
        "通知/通知原文.txt",
        "通知/活动和任务.txt",
        "通知/founding.txt",
        "各单位/东沟村/第3周（6月10日至6月16日）/0613 防汛疏散演练/记录.txt",
        "各单位/东沟村/第3周（6月10日至6月16日）/0613 防汛疏散演练/照片/现场照片.jpg",
        "各单位/东沟村/第3周（6月10日至6月16日）/0613 防汛疏散演练/照片/现场照片（2）.jpg",
        "各单位/东沟村/第3周（6月10日至6月16日）/0613 防汛疏散演练/原件/现场照片.jpg",
        "各单位/东沟村/第3周（6月10日至6月16日）/0613 防汛疏散演练/原件/现场照片（2）.JPG",
        "各单位/东沟村/第3周（6月10日至6月16日）/0613 防汛疏散演练/文件/签到表.pdf",
        "各单位/北山铁矿/第2周（6月3日至6月9日）/0606 井口： 安全？宣讲/记录.txt",
        "统计表/统计表 2022-06-16 第1次冻结.json",
        "统计表/统计表 2022-06-16 第1次冻结.xlsx",
        "索引.xlsx",
        "清单.json",
        "签名.txt",
    ] {
        assert!(names.iter().any(|name| name == wanted), "no {wanted} in {names:#?}");
    }
    assert!(names.iter().all(|name| seal::is_plain_path(name)));

    // Records, copies, originals.
    let record = text(&path, &format!("{FOLDER}/记录.txt"));
    assert!(
        record.contains("标题：防汛疏散演练\r\n日期：2022年6月13日") && record.contains("组织群众转移。"),
        "{record}"
    );
    assert_eq!(read(&path, &format!("{FOLDER}/原件/现场照片.jpg")), photo(1));
    assert_eq!(read(&path, &format!("{FOLDER}/文件/签到表.pdf")), b"%PDF-1.4 paper");
    let copy = read(&path, &format!("{FOLDER}/照片/现场照片.jpg"));
    assert!(copy.starts_with(b"\xff\xd8") && !copy.windows(11).any(|bytes| bytes == b"SECRET-MARK"));

    // What was handed in: the receipt is that of the unit, and verifies; the texts are what its sums are of.
    let handed_in = names.iter().find(|name| name.ends_with("/回执.txt")).unwrap();
    let folder = handed_in.trim_end_matches("/回执.txt");
    let receipt: seal::Presented = text(&path, handed_in).parse().unwrap();
    receipt.verify(&all.keys()).unwrap();
    let sums: Vec<String> = receipt.items().unwrap().iter().map(seal::Item::hex).collect();
    for name in ["原文/文字说明.txt", "原文/活动记录1.json"] {
        let sum = hex::encode(Sha256::digest(read(&path, &format!("{folder}/{name}"))));
        assert!(sums.contains(&sum), "{name}");
    }
    assert!(sums.contains(&hex::encode(Sha256::digest(photo(1)))));

    // The frozen form is what was frozen.
    let frozen =
        statistics::freezes(all.town.test.app.db.reader(), &all.town.test.town, &all.town.campaign).await.unwrap();
    let bytes = read(&path, "统计表/统计表 2022-06-16 第1次冻结.json");
    assert_eq!(hex::encode(Sha256::digest(bytes)), frozen[0].sha256);

    // The index.
    let files = sheet(&path, "文件");
    let row = files.iter().find(|row| row[0] == format!("{FOLDER}/原件/现场照片.jpg")).unwrap();
    assert_eq!(
        (row[1].as_str(), &row[2]),
        (photo(1).len().to_string().as_str(), &hex::encode(Sha256::digest(photo(1))))
    );
    assert!(sheet(&path, "任务").iter().any(|row| row[3] == "东沟村" && row[6] == "已报" && !row[7].is_empty()));
    assert!(sheet(&path, "任务").iter().any(|row| row[3] == "北山铁矿" && row[6] == "未报"));
    assert!(sheet(&path, "活动记录").iter().any(|row| row[4] == "防汛疏散演练" && row[7] == "60"));
    assert!(sheet(&path, "报送件").iter().any(|row| row[0] == "东沟村" && !row[7].is_empty()));
    assert!(sheet(&path, "单位").iter().any(|row| row[0] == "东沟村" && row[3] == "1" && row[5] == "3"));
    assert_eq!(sheet(&path, "统计表")[1][7], frozen[0].sha256);

    // It is genuine, and its page says so much of it.
    let checked = check(&path, &all.keys()).unwrap();
    assert_eq!(checked.manifest.campaign, "关于印发《青龙山镇开展2022年全镇“安全生产月”活动实施方案》的通知");
    assert_eq!(checked.manifest.counts["活动记录"], 2);
    assert_eq!(checked.seal.count as usize, names.len() - 2);
    let archive = all.archive(&id).await;
    let bytes = std::fs::read(&path).unwrap();
    assert_eq!(
        (archive.size, archive.sha256.as_str()),
        (bytes.len() as i64, hex::encode(Sha256::digest(&bytes)).as_str())
    );
    let page = all.town.office.get(&all.path).await;
    page.assert_ok().assert_contains("可以下载").assert_contains(&archive.sha256).assert_contains("6月27日");
    page.assert_contains("网页副本和原件").assert_contains("保存期限：14天").assert_lacks("hx-trigger=\"every");
}

#[tokio::test]
async fn only_what_was_chosen_is_in_an_archive() {
    let all = Situation::full().await;
    let (_, path) = all.made(Wish { units: vec![all.town.mine.id.clone()], ..copies() }).await;
    let found = names(&path);
    assert!(found.iter().any(|name| name.starts_with("各单位/北山铁矿/")));
    assert!(!found.iter().any(|name| name.contains("东沟村")), "{found:#?}");
    let (_, path) = all.made(Wish { from: Some(3), until: Some(3), ..copies() }).await;
    let found = names(&path);
    assert!(found.iter().any(|name| name.starts_with("各单位/东沟村/第3周")));
    assert!(!found.iter().any(|name| name.contains("北山铁矿") || name.contains("/原件/")), "{found:#?}");
    assert!(found.iter().any(|name| name.starts_with("统计表/")));
    let (_, path) = all.made(Wish { originals: true, until: Some(2), ..Wish::default() }).await;
    let found = names(&path);
    assert!(!found.iter().any(|name| name.starts_with("统计表/") || name.contains("/照片/")), "{found:#?}");
    let opening = text(&path, "说明.txt");
    assert!(opening.contains("至第2周　原件") && opening.contains("请不要外传"), "{opening}");
}

#[tokio::test]
async fn what_the_office_has_not_seen_is_not_in_it() {
    let all = Situation::new().await;
    all.record(&all.village, &all.town.village, TODAY, "还没有报送的活动").await;
    let (_, path) = all.made(both()).await;
    assert!(!names(&path).iter().any(|name| name.contains("还没有报送的活动")));
    assert!(check(&path, &all.keys()).is_ok());
}

#[tokio::test]
async fn a_record_that_was_handed_in_is_in_it_although_it_names_no_campaign() {
    let all = Situation::new().await;
    let facts = Facts { title: "零散活动".to_owned(), ..Facts::new("study", TODAY) };
    let idempotency_key = all.town.test.app.ids.id();
    let new = New { unit_id: all.town.village.id.clone(), facts, idempotency_key, report: false, draft: None };
    let record = records::create(&all.town.test.app, &all.village.actor, new).await.unwrap();
    all.file(&all.village, &record, "现场.jpg", &photo(5)).await;
    all.hand_in().await;
    all.town.test.work_off().await;
    let (_, path) = all.made(both()).await;
    let found = names(&path);
    let own =
        |ending: &str| found.iter().filter(|name| name.contains("/0613 零散活动/") && name.ends_with(ending)).count();
    assert_eq!((own("/记录.txt"), own("/原件/现场.jpg")), (1, 1), "{found:#?}");
}

#[tokio::test]
async fn a_content_that_is_gone_or_damaged_makes_a_failure_in_words_and_no_file() {
    let all = Situation::full().await;
    let folder = all.town.test.app.config.data.folder.join("files").join(all.town.test.town.as_str());
    let sha256 = hex::encode(Sha256::digest(photo(2)));
    let stored = folder.join(&sha256[..2]).join(&sha256);
    for (change, words) in [("damage", "和收到时不一样了"), ("remove", "在服务器上找不到了")] {
        match change {
            "damage" => std::fs::write(&stored, b"other bytes").unwrap(),
            _ => std::fs::remove_file(&stored).unwrap(),
        }
        let id = all.ask(both()).await;
        all.town.test.work_off().await;
        let archive = all.archive(&id).await;
        assert_eq!(archive.state, State::Failed);
        assert!(archive.reason.contains("“现场照片.JPG”（东沟村　防汛疏散演练）") && archive.reason.contains(words));
        all.town.office.get(&all.path).await.assert_contains("没有生成").assert_contains(words);
        all.town.office.get(&format!("{}/{id}", all.path)).await.assert_status(409);
    }
    let left = std::fs::read_dir(all.town.test.app.config.data.folder.join("archives")).unwrap().count();
    assert_eq!(left, 0, "something was left behind");
    // Without originals it is not needed.
    all.made(copies()).await;
}

#[tokio::test]
async fn asking_again_for_what_is_being_made_gives_the_same_archive() {
    let all = Situation::full().await;
    let first = all.ask(copies()).await;
    assert_eq!(all.ask(copies()).await, first);
    let other = all.ask(both()).await;
    assert_ne!(other, first);
    let page = all.town.office.get(&format!("{}/list", all.path)).await;
    page.assert_ok().assert_contains("正在生成").assert_contains("hx-trigger=\"every 2s\"");
    all.town.test.work_off().await;
    assert_eq!((all.state(&first).await, all.state(&other).await), (State::Ready, State::Ready));
    assert_ne!(all.ask(copies()).await, first);
}

#[tokio::test]
async fn a_video_is_there_with_its_original_and_in_clean_copies_only_as_a_line_of_the_index() {
    let all = Situation::new().await;
    let record = all.record(&all.village, &all.town.village, TODAY, "录像").await;
    let video =
        [b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom".as_slice(), b"\0\0\0\x10mdat12345678", &[0, 0, 0, 8], b"moov"].concat();
    all.file(&all.village, &record, "演练.mp4", &video).await;
    all.report(&all.village, &record).await;
    all.town.test.work_off().await;
    let (_, path) = all.made(copies()).await;
    assert!(!names(&path).iter().any(|name| name.ends_with(".mp4")));
    assert!(sheet(&path, "文件").iter().any(|row| row[6] == "演练.mp4" && row[8].contains("原件保存在系统里")));
    let (_, path) = all.made(both()).await;
    let name = names(&path).into_iter().find(|name| name.ends_with("/原件/演练.mp4")).unwrap();
    assert_eq!(read(&path, &name), video);
}

#[tokio::test]
async fn a_unit_that_was_closed_and_units_of_one_name_keep_their_own_folders() {
    let all = Situation::new().await;
    let twin =
        all.town.test.unit_below(&all.town.mine, "东沟村", crate::features::units::api::UnitKind::Village, "").await;
    let liaison = all.town.test.liaison_of(&twin).await;
    let tx = all.town.test.app.db.begin(&all.town.test.town).await.unwrap();
    sql("INSERT INTO campaign_receivers (jurisdiction_id, campaign_id, unit_id, added_at) VALUES ($1, $2, $3, 1)")
        .bind(&all.town.test.town)
        .bind(&all.town.campaign)
        .bind(&twin.id)
        .execute(&*tx)
        .await
        .unwrap();
    tx.commit_unaudited("a test's receiver").await.unwrap();
    for (by, unit) in [(&all.village, &all.town.village), (&liaison, &twin)] {
        let record = all.record(by, unit, TODAY, "演练").await;
        all.report(by, &record).await;
    }
    let tx = all.town.test.app.db.begin(&all.town.test.town).await.unwrap();
    sql("UPDATE units SET state = 'closed' WHERE unit_id = $1").bind(&twin.id).execute(&*tx).await.unwrap();
    tx.commit_unaudited("a test's unit").await.unwrap();
    let (_, path) = all.made(copies()).await;
    let found = names(&path);
    assert!(found.iter().any(|name| name.starts_with("各单位/东沟村/")));
    assert!(found.iter().any(|name| name.starts_with("各单位/东沟村（2）/")), "{found:#?}");
}
