//! `anyue verify`: that nothing was changed afterwards.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use seal::{Presented, PublicKey};

use super::{Common, Outcome, say, start};
use crate::features::archive::api;
use crate::platform::audit;
use crate::platform::blobs::size_in_words;
use crate::platform::db::sql;
use crate::platform::ids::JurisdictionId;
use crate::platform::keyring::Keyring;

#[derive(Subcommand)]
pub(super) enum VerifyCommand {
    /// Recompute the chain of the trail, town by town.
    Trail,
    /// 核验回执，不用联网 (verify a receipt without network).
    ///
    /// 回执是真的，退出码为 0；不是真的，或者核验不了，退出码为 1，并说明原因。
    /// Exit code 0: genuine; 1: not genuine, or it could not be verified.
    Receipt {
        /// 回执文件，或者写有二维码内容（网址）的文件。
        #[arg(value_name = "回执文件")]
        file: PathBuf,
        /// 签发网站的公钥，网站的“核验回执”页面上有；可以写几个。不写就用数据文件夹里的公钥。
        #[arg(long, value_name = "公钥")]
        key: Vec<String>,
    },
    /// 核验活动档案，不用联网，也不用解压 (verify an archive without network).
    ///
    /// 清单里的文件一个不少、一个不多、内容没有改动、签名是真的，退出码为 0；否则退出码为 1，并逐条说明。
    /// Exit code 0: genuine and whole; 1: not, or it could not be verified.
    Archive {
        /// 下载的档案包（zip）。
        #[arg(value_name = "档案包")]
        file: PathBuf,
        /// 生成网站的公钥，网站的“核验回执”页面上有；可以写几个。不写就用数据文件夹里的公钥。
        #[arg(long, value_name = "公钥")]
        key: Vec<String>,
    },
}

pub(super) async fn run(common: &Common, command: &VerifyCommand) -> Outcome {
    match command {
        VerifyCommand::Trail => trail(common).await,
        VerifyCommand::Receipt { file, key } => receipt(common, file, key),
        VerifyCommand::Archive { file, key } => archive(common, file, key),
    }
}

async fn trail(common: &Common) -> Outcome {
    let app = start::open_unlocked(common.settings()?, common.clock()).await?;
    let text = |error: crate::platform::Error| error.to_string();
    let towns: Vec<String> = sql("SELECT jurisdiction_id FROM jurisdictions ORDER BY jurisdiction_id")
        .scalars(app.db.reader())
        .await
        .map_err(text)?;
    for town in towns {
        let town = JurisdictionId(town);
        let entries = audit::verify(app.db.reader(), &town).await.map_err(text)?;
        say(format!("{town}: {entries} entries, unbroken"));
    }
    Ok(())
}

/// What people of a township read: in Chinese, as on the page /verify.
fn receipt(common: &Common, file: &Path, keys: &[String]) -> Outcome {
    let text = std::fs::read_to_string(file).map_err(|error| unreadable(file, &error))?;
    let keys = public_keys(common, keys)?;
    for line in verdict(&text, &keys)? {
        say(line);
    }
    Ok(())
}

/// The keys that were given, else those of the data folder.
fn public_keys(common: &Common, keys: &[String]) -> Result<Vec<PublicKey>, String> {
    let keys = match keys {
        [] => Keyring::new(&common.settings()?.data.folder).public().map_err(|error| error.to_string())?,
        given => given.iter().map(|key| parse_key(key)).collect::<Result<_, _>>()?,
    };
    if keys.is_empty() {
        return Err(
            "没有公钥，不能核验。请用 --key 写上签发网站的公钥，或者用 --data 指明本站的数据文件夹。".to_owned()
        );
    }
    Ok(keys)
}

/// What is said of an archive, as of a receipt.
fn archive(common: &Common, file: &Path, keys: &[String]) -> Outcome {
    let keys = public_keys(common, keys)?;
    let checked = api::check(file, &keys).map_err(|why| format!("不能确认这个档案包：{why}"))?;
    let (seal, statement) = (&checked.seal, &checked.seal.statement);
    say("这个档案包是真的：清单里的文件一个不少、一个不多，内容没有改动过。");
    say(format!("生成的单位：{}", statement.issuer()));
    say(format!("活动：{}", checked.manifest.campaign));
    say(format!("范围：{}", checked.manifest.contents));
    say(format!("编号：{}", statement.number()));
    say(format!("生成时间：{}（北京时间）", statement.time()));
    say(format!("文件：{}个，{}", seal.count, size_in_words(i64::try_from(checked.bytes).unwrap_or(i64::MAX))));
    say(format!("签名公钥：{}", seal.key));
    Ok(())
}

fn unreadable(file: &Path, error: &std::io::Error) -> String {
    let why = match error.kind() {
        std::io::ErrorKind::NotFound => "没有这个文件".to_owned(),
        std::io::ErrorKind::PermissionDenied => "没有读取的权限".to_owned(),
        std::io::ErrorKind::InvalidData => "不是文字文件，回执文件的扩展名是 txt".to_owned(),
        _ => error.to_string(),
    };
    format!("读不了“{}”：{why}。", file.display())
}

fn parse_key(key: &str) -> Result<PublicKey, String> {
    key.parse().map_err(|problem: seal::Problem| format!("公钥“{key}”：{}", problem.zh()))
}

/// What a genuine receipt says, line by line; else why it is not genuine.
fn verdict(text: &str, keys: &[PublicKey]) -> Result<Vec<String>, String> {
    let not_genuine = |problem: seal::Problem| format!("不能确认这张回执：{}", problem.zh());
    let presented: Presented = text.parse().map_err(not_genuine)?;
    presented.verify(keys).map_err(not_genuine)?;
    let statement = presented.statement();
    let mut lines = vec![
        "这张回执是真的，签发之后没有改动过。".to_owned(),
        format!("收到的单位：{}", statement.issuer()),
        format!("事项：{}", statement.about()),
        format!("回执编号：{}", statement.number()),
        format!("收到时间：{}（北京时间）", statement.time()),
        format!("签名公钥：{}", presented.key()),
        format!("内容：{}项", presented.count()),
    ];
    for (number, item) in (1..).zip(presented.items().unwrap_or_default()) {
        lines.push(format!("{number} {} {}", item.kind.label(), item.hex()));
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use seal::{Item, ItemKind, Receipt, SigningKey, Statement};

    use super::{parse_key, receipt, verdict};

    #[test]
    fn a_receipt_is_verified_from_its_file_alone() {
        let key = SigningKey::from_seed(&[1; 32]);
        let items = vec![Item::of(ItemKind::File, b"photo")];
        let statement = Statement::new("青龙山镇", "定期报送", "4F6A", 1_655_350_923);
        let text = Receipt::sign(&key, statement, items).unwrap().to_string();
        let said = verdict(&text, &[key.public()]).unwrap();
        assert!(said[0].starts_with("这张回执是真的") && said[4].contains("2022-06-16 11:42:03") && said.len() == 8);
        let altered = verdict(&text.replace("11:42", "09:42"), &[key.public()]).unwrap_err();
        assert!(altered.starts_with("不能确认这张回执：签名不符"), "{altered}");
        assert!(verdict(&text, &[SigningKey::from_seed(&[2; 32]).public()]).is_err());
    }

    #[test]
    fn a_file_that_is_not_there_and_a_key_that_is_none_are_told_in_words() {
        let common = crate::cli::Common { config: None, data: None, at: None };
        let missing = receipt(&common, Path::new("/nowhere/回执.txt"), &[]).unwrap_err();
        assert_eq!(missing, "读不了“/nowhere/回执.txt”：没有这个文件。");
        assert!(parse_key("不是公钥").unwrap_err().starts_with("公钥“不是公钥”："));
    }
}
