//! `anyue verify archive`: what was done to an archive afterwards is told.

use std::io::{Seek as _, SeekFrom, Write as _};

use seal::SigningKey;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::*;

/// A made archive, and how it is written anew with a file changed, left out or added.
struct Altered {
    all: Situation,
    path: PathBuf,
}

impl Altered {
    async fn new() -> Self {
        let all = Situation::full().await;
        let (_, path) = all.made(copies()).await;
        Self { all, path }
    }

    fn problem(&self, path: &Path) -> String {
        check(path, &self.all.keys()).expect_err("it is not what was signed")
    }

    /// The archive once more, each file as `change` says: its content, or none to leave it out.
    fn again(
        &self,
        method: CompressionMethod,
        change: impl Fn(&str, Vec<u8>) -> Option<Vec<u8>>,
        more: &[(&str, &[u8])],
    ) -> PathBuf {
        let path = self.path.with_extension("again");
        let mut zip = ZipWriter::new(File::create(&path).unwrap());
        let options = SimpleFileOptions::default().compression_method(method);
        for name in names(&self.path) {
            if let Some(bytes) = change(&name, read(&self.path, &name)) {
                zip.start_file(name, options).unwrap();
                zip.write_all(&bytes).unwrap();
            }
        }
        for (name, bytes) in more {
            zip.start_file(*name, options).unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap();
        path
    }
}

#[tokio::test]
async fn what_was_done_to_an_archive_is_told() {
    let made = Altered::new().await;
    let keys = made.all.keys();
    assert!(check(&made.path, &keys).is_ok());
    let same = made.again(CompressionMethod::Stored, |_, bytes| Some(bytes), &[]);
    assert!(check(&same, &keys).is_ok(), "written anew with the same content it is the same archive");

    let wanted = "各单位/东沟村/第3周（6月10日至6月16日）/0613 防汛疏散演练/记录.txt";
    let stored = CompressionMethod::Stored;
    let changed = made.again(
        stored,
        |name, mut bytes| {
            if name == wanted {
                *bytes.last_mut().unwrap() ^= 1;
            }
            Some(bytes)
        },
        &[],
    );
    assert_eq!(made.problem(&changed), format!("“{wanted}”的内容和清单不一样，被改动过。"));
    let longer =
        made.again(stored, |name, bytes| Some(if name == wanted { [bytes, vec![b'x']].concat() } else { bytes }), &[]);
    assert_eq!(made.problem(&longer), format!("“{wanted}”的大小和清单不一样，被改动过。"));
    let removed = made.again(stored, |name, bytes| (name != wanted).then_some(bytes), &[]);
    assert_eq!(made.problem(&removed), format!("缺少“{wanted}”。"));
    let added = made.again(stored, |_, bytes| Some(bytes), &[("多余.txt", b"x"), ("../../etc/passwd", b"x")]);
    assert_eq!(made.problem(&added), "多出了“多余.txt”，清单里没有它。\n多出了“../../etc/passwd”，清单里没有它。");
    for (name, words) in [("清单.json", "被改动过"), ("签名.txt", "被改动过")] {
        let without = made.again(stored, |other, bytes| (other != name).then_some(bytes), &[]);
        assert!(made.problem(&without).contains(&format!("缺少“{name}”")), "{}", made.problem(&without));
        let altered = made.again(
            stored,
            |other, bytes| {
                Some(if other == name {
                    String::from_utf8(bytes).unwrap().replace("安全", "平安").into()
                } else {
                    bytes
                })
            },
            &[],
        );
        assert!(made.problem(&altered).contains(words), "{}", made.problem(&altered));
    }
}

#[tokio::test]
async fn a_cut_or_stuffed_file_and_another_key_are_told() {
    let made = Altered::new().await;
    let whole = std::fs::read(&made.path).unwrap();
    let path = made.path.with_extension("cut");
    for end in [0, 10, whole.len() / 2, whole.len() - 1] {
        std::fs::write(&path, &whole[..end]).unwrap();
        assert!(made.problem(&path).contains("后面缺了一部分"), "{}", made.problem(&path));
    }
    // Bytes before the first file, after the last, or at the end.
    std::fs::write(&path, [b"x".as_slice(), &whole].concat()).unwrap();
    assert!(!made.problem(&path).is_empty());
    std::fs::write(&path, [&whole, b"x".as_slice()].concat()).unwrap();
    assert!(made.problem(&path).contains("后面缺了一部分"));

    let other = SigningKey::from_seed(&[9; 32]).public();
    let problem = check(&made.path, &[other]).unwrap_err();
    assert!(problem.contains("给出的公钥里没有它"), "{problem}");
    assert!(check(Path::new("/nowhere/档案.zip"), &[other]).unwrap_err().contains("没有这个文件"));
    std::fs::write(&path, "不是档案包".repeat(100)).unwrap();
    assert!(made.problem(&path).contains("不是档案包"));
}

#[tokio::test]
async fn a_changed_byte_anywhere_is_noticed() {
    let made = Altered::new().await;
    let length = std::fs::metadata(&made.path).unwrap().len();
    let keys = made.all.keys();
    let mut missed = Vec::new();
    for at in (0..length).step_by(usize::try_from(length / 150).unwrap().max(1)) {
        let path = made.path.with_extension("byte");
        std::fs::copy(&made.path, &path).unwrap();
        let mut bytes = std::fs::read(&path).unwrap();
        let at = usize::try_from(at).unwrap();
        bytes[at] ^= 0x41;
        let mut file = File::options().write(true).open(&path).unwrap();
        file.seek(SeekFrom::Start(0)).unwrap();
        file.write_all(&bytes).unwrap();
        if check(&path, &keys).is_ok() {
            missed.push(at);
        }
    }
    // Times and system flags in headers are nobody's content: the signed list does not speak of them.
    assert!(missed.len() <= 12, "{} of 150 went unnoticed: {missed:?}", missed.len());
}
