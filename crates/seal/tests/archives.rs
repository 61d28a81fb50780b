//! Lists of archives and their signatures: genuine, altered, made up.

use proptest::prelude::*;
use seal::{ArchiveSeal, Manifest, ManifestEntry, ManifestProblem, Problem, SigningKey, Statement, is_plain_path};

fn manifest(paths: &[&str]) -> Manifest {
    Manifest {
        format: Manifest::format(),
        program: "anyue 0.1.0".to_owned(),
        made_at: "2022-06-30T17:00:00+08:00".to_owned(),
        town: "青龙山镇".to_owned(),
        campaign: "安全生产月".to_owned(),
        number: "4F6A".to_owned(),
        contents: "全部单位".to_owned(),
        counts: [("文件".to_owned(), paths.len() as u64)].into(),
        files: paths
            .iter()
            .map(|path| ManifestEntry { path: (*path).to_owned(), size: 5, sha256: "0".repeat(64) })
            .collect(),
    }
}

fn sealed() -> (ArchiveSeal, Vec<u8>, SigningKey) {
    let key = SigningKey::from_seed(&[3; 32]);
    let list = manifest(&["说明.txt"]).to_bytes();
    let statement = Statement::new("青龙山镇", "安全生产月", "4F6A", 1_656_579_600);
    (ArchiveSeal::sign(&key, statement, 1, &list), list, key)
}

#[test]
fn a_signed_list_is_known_by_its_text() {
    let (seal, list, key) = sealed();
    let text = seal.to_string();
    assert!(text.starts_with(
        "安月档案 1\n辖区：青龙山镇\n活动：安全生产月\n编号：4F6A\n生成：2022-06-30 17:00:00（北京时间）\n文件：1个\n"
    ));
    for text in [text.clone(), text.replace('\n', "\r\n"), format!("\u{feff}{text}\n\n")] {
        let read: ArchiveSeal = text.parse().unwrap();
        assert_eq!(read, seal);
        assert_eq!(read.verify(&[key.public()]), Ok(()));
        assert!(read.is_of(&list) && !read.is_of(b"{}"));
    }
}

#[test]
fn what_was_altered_or_signed_by_others_is_told_apart() {
    let (seal, _, key) = sealed();
    let other = SigningKey::from_seed(&[4; 32]).public();
    assert_eq!(seal.verify(&[other]), Err(Problem::UnknownKey(key.public().id())));
    let text = seal.to_string();
    let altered: ArchiveSeal = text.replace("文件：1个", "文件：2个").parse().unwrap();
    assert_eq!(altered.verify(&[key.public()]), Err(Problem::Signature));
    assert_eq!("".parse::<ArchiveSeal>(), Err(Problem::Empty));
    assert_eq!(text.replace("安月档案 1", "安月档案 2").parse::<ArchiveSeal>(), Err(Problem::Version));
    assert_eq!(text.replace("文件：1个", "文件：01个").parse::<ArchiveSeal>(), Err(Problem::Line(6)));
    assert_eq!(format!("{text}又一行").parse::<ArchiveSeal>(), Err(Problem::Line(10)));
    for end in text.char_indices().map(|(at, _)| at).filter(|at| at + 1 < text.len()) {
        assert!(text[..end].parse::<ArchiveSeal>().is_err(), "{}", &text[..end]);
    }
    // A receipt is no signature of an archive.
    let receipt = seal::Receipt::sign(&key, seal.statement.clone(), Vec::new()).unwrap().to_string();
    assert!(receipt.parse::<ArchiveSeal>().is_err());
}

#[test]
fn a_list_is_refused_that_leads_out_or_says_a_thing_twice() {
    let read = |paths: &[&str]| Manifest::read(&manifest(paths).to_bytes());
    assert!(read(&["各单位/东沟村/照片 1.jpg", "说明.txt"]).is_ok());
    for path in [
        "../a",
        "/a",
        "a//b",
        "a/",
        "",
        "a/./b",
        "C:/a",
        "a\\b",
        "a\nb",
        "a.",
        "a ",
        " a",
        "NUL",
        "aux.txt",
        "com1.jpg",
        "a?",
        "a\u{202e}gpj.exe",
    ] {
        assert_eq!(read(&[path]), Err(ManifestProblem::Path(path.to_owned())), "{path:?}");
    }
    assert!(matches!(read(&[&"长".repeat(181)]), Err(ManifestProblem::Path(_))));
    assert_eq!(read(&["照片/A.jpg", "照片/a.JPG"]), Err(ManifestProblem::Twice("照片/a.JPG".to_owned())));
    let mut wrong = manifest(&["a"]);
    wrong.files[0].sha256 = "0".repeat(63);
    assert_eq!(Manifest::read(&wrong.to_bytes()), Err(ManifestProblem::Hash("a".to_owned())));
    wrong.format = "anyue/archive/9".to_owned();
    assert_eq!(Manifest::read(&wrong.to_bytes()), Err(ManifestProblem::Version("anyue/archive/9".to_owned())));
    for problem in [wrong].iter().filter_map(|wrong| Manifest::read(&wrong.to_bytes()).err()) {
        assert!(problem.zh().contains("档案包"));
    }
    let more = String::from_utf8(manifest(&[]).to_bytes()).unwrap().replacen('{', "{\"more\": 1,", 1);
    assert!(matches!(Manifest::read(more.as_bytes()), Err(ManifestProblem::Unreadable(_))));
}

proptest! {
    #[test]
    fn anything_is_read_or_refused_in_words(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        if let Err(problem) = Manifest::read(&bytes) {
            prop_assert!(!problem.zh().is_empty());
        }
        let _ = String::from_utf8_lossy(&bytes).parse::<ArchiveSeal>();
    }

    #[test]
    fn a_plain_path_stays_below_its_folder(path in "[a-z./\\\\:~ 东]{0,20}") {
        if is_plain_path(&path) {
            let inside = std::path::Path::new(&path).components().all(|part| matches!(part, std::path::Component::Normal(_)));
            prop_assert!(inside, "{path}");
        }
    }

    #[test]
    fn a_list_that_is_written_is_read_the_same(names in prop::collection::hash_set("[a-z0-9东西沟村照片]{1,12}", 0..8)) {
        let names: Vec<String> = names.into_iter().filter(|name| is_plain_path(name)).collect();
        let list = manifest(&names.iter().map(String::as_str).collect::<Vec<_>>());
        prop_assert_eq!(Manifest::read(&list.to_bytes()), Ok(list));
    }
}
