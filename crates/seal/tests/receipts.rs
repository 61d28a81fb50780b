//! Receipts as people handle them: kept, pasted, cut off, altered, forged.

use proptest::prelude::*;
use seal::{Item, ItemKind, Presented, Problem, Receipt, SigningKey, Statement};

fn key() -> SigningKey {
    SigningKey::from_seed(&[7; 32])
}

fn example() -> Receipt {
    let items = vec![
        Item::of(ItemKind::Record, b"record"),
        Item::of(ItemKind::Text, "6月13日开展".as_bytes()),
        Item::of(ItemKind::File, b"file"),
    ];
    Receipt::sign(&key(), Statement::new("青龙山镇", "定期报送", "4F6A0C1D2E3B", 1_655_350_923), items)
        .expect("few parts")
}

#[test]
fn a_genuine_receipt_is_known_by_its_text_its_code_and_the_address_with_the_code() {
    let receipt = example();
    let code = receipt.slip().to_string();
    assert!(code.len() < 260, "{}", code.len());
    for text in [receipt.to_string(), code.clone(), format!("https://anyue.example.gov.cn/verify?c={code}")] {
        let presented: Presented = text.parse().unwrap();
        assert_eq!(presented.verify(&[key().public()]), Ok(()));
        assert_eq!((presented.count(), presented.statement().number()), (3, "4F6A0C1D2E3B"));
    }
}

#[test]
fn the_text_reads_as_a_person_expects() {
    let text = example().to_string();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[..5],
        [
            "安月回执 1",
            "辖区：青龙山镇",
            "事项：定期报送",
            "编号：4F6A0C1D2E3B",
            "收到：2022-06-16 11:42:03（北京时间）"
        ]
    );
    assert!(lines[6].starts_with("1 活动记录 ") && lines[7].starts_with("2 文字 ") && lines[8].starts_with("3 文件 "));
}

#[test]
fn what_pasting_does_to_a_text_does_no_harm() {
    let pasted = format!("\u{feff}  {}\r\n\r\n", example().to_string().replace('\n', "  \r\n\r\n"));
    assert_eq!(pasted.parse::<Presented>().unwrap().verify(&[key().public()]), Ok(()));
}

#[test]
fn what_is_no_receipt_is_told_apart() {
    let text = example().to_string();
    let other = SigningKey::from_seed(&[8; 32]);
    let presented: Presented = text.parse().unwrap();
    assert_eq!(presented.verify(&[other.public()]), Err(Problem::UnknownKey(key().public().id())));
    assert_eq!("".parse::<Presented>(), Err(Problem::Empty));
    assert_eq!("报告已收到".parse::<Presented>(), Err(Problem::NotAReceipt));
    assert_eq!("安月回执 9\n某种".parse::<Presented>(), Err(Problem::Version));
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[..6].join("\n").parse::<Presented>(), Err(Problem::Truncated));
    assert_eq!(text.replace("文字", "文件").parse::<Presented>(), Err(Problem::List));
    assert_eq!(format!("{text}再加一行").parse::<Presented>(), Err(Problem::Line(13)));
    let later = text.replace("11:42", "11:41").parse::<Presented>().unwrap();
    assert_eq!(later.verify(&[key().public()]), Err(Problem::Signature));
}

#[test]
fn a_forger_without_the_key_cannot_use_its_name() {
    let forged = Receipt {
        key: key().public().id(),
        ..Receipt::sign(&SigningKey::from_seed(&[9; 32]), example().statement, example().items).unwrap()
    };
    let presented: Presented = forged.to_string().parse().unwrap();
    assert_eq!(presented.verify(&[key().public()]), Err(Problem::Signature));
}

fn any_receipt() -> impl Strategy<Value = Receipt> {
    let item = (0_usize..3, any::<[u8; 32]>())
        .prop_map(|(kind, sha256)| Item { kind: [ItemKind::Text, ItemKind::Record, ItemKind::File][kind], sha256 });
    ("\\PC{0,50}", "\\PC{0,50}", "[0-9A-Z-]{0,20}", any::<i64>(), prop::collection::vec(item, 0..9)).prop_map(
        |(issuer, about, number, at, items)| {
            Receipt::sign(&key(), Statement::new(&issuer, &about, &number, at), items).expect("few parts")
        },
    )
}

proptest! {
    #[test]
    fn every_receipt_survives_its_two_forms(receipt in any_receipt()) {
        prop_assert_eq!(receipt.to_string().parse(), Ok(Presented::Receipt(receipt.clone())));
        prop_assert_eq!(receipt.slip().to_string().parse(), Ok(Presented::Slip(receipt.slip())));
        prop_assert_eq!(receipt.slip().verify(&[key().public()]), Ok(()));
    }

    #[test]
    fn no_character_can_be_changed(receipt in any_receipt(), at in any::<prop::sample::Index>(), to in "[0-9a-zA-Z一丁：]", code in any::<bool>()) {
        let text = if code { receipt.slip().to_string() } else { receipt.to_string() };
        let mut characters: Vec<String> = text.trim_end().chars().map(String::from).collect();
        let at = at.index(characters.len());
        prop_assume!(characters[at] != to);
        characters[at] = to;
        let genuine = characters.concat().parse::<Presented>().is_ok_and(|one| one.verify(&[key().public()]).is_ok());
        prop_assert!(!genuine);
    }

    #[test]
    fn nothing_can_be_cut_off(receipt in any_receipt(), at in any::<prop::sample::Index>(), code in any::<bool>()) {
        let text = if code { receipt.slip().to_string() } else { receipt.to_string() };
        let characters: Vec<char> = text.trim_end().chars().collect();
        let cut: String = characters[..at.index(characters.len())].iter().collect();
        let genuine = cut.parse::<Presented>().is_ok_and(|one| one.verify(&[key().public()]).is_ok());
        prop_assert!(!genuine);
    }

    #[test]
    fn whatever_is_presented_is_read_or_refused_in_words(text in "(安月回执 1\n|AY1\\.)?\\PC{0,200}") {
        match text.parse::<Presented>() {
            Ok(presented) => prop_assert!(presented.verify(&[key().public()]).is_err()),
            Err(problem) => prop_assert!(problem.zh().ends_with('。')),
        }
    }
}
