//! The signature of an archive: who made it, of what, when, of how many files, and the hash of their list.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use crate::statement::instant;
use crate::{KeyId, Problem, PublicKey, SigningKey, Statement};

const FIRST_LINE: &str = "安月档案 1";
const ZONE: &str = "（北京时间）";
/// What is signed begins so, and no other document does.
const HEADING: &str = "anyue archive 1";

/// The signature of an archive. Its `Display` is the file that lies in the archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchiveSeal {
    /// Who made it, of what campaign, its number, when.
    pub statement: Statement,
    /// How many files the list names.
    pub count: u64,
    /// SHA-256 of the list.
    pub digest: [u8; 32],
    /// Which key has signed it.
    pub key: KeyId,
    /// The signature.
    pub signature: [u8; 64],
}

impl ArchiveSeal {
    /// Signs the list of an archive: its bytes, and how many files it names.
    pub fn sign(key: &SigningKey, statement: Statement, count: u64, list: &[u8]) -> Self {
        let digest = Sha256::digest(list).into();
        let mut seal = Self { statement, count, digest, key: key.public().id(), signature: [0; 64] };
        seal.signature = key.sign(&seal.message());
        seal
    }

    /// Whether this is the list that was signed.
    pub fn is_of(&self, list: &[u8]) -> bool {
        <[u8; 32]>::from(Sha256::digest(list)) == self.digest
    }

    /// Whether it was signed with one of these keys, as it stands.
    ///
    /// # Errors
    /// [`Problem::UnknownKey`] or [`Problem::Signature`].
    pub fn verify(&self, keys: &[PublicKey]) -> Result<(), Problem> {
        let key = keys.iter().find(|key| key.id() == self.key).ok_or(Problem::UnknownKey(self.key))?;
        key.verify(&self.message(), &self.signature)
    }

    fn message(&self) -> Vec<u8> {
        let statement = &self.statement;
        format!(
            "{HEADING}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n",
            statement.issuer(),
            statement.about(),
            statement.number(),
            statement.received_at(),
            self.count,
            hex::encode(self.digest),
            self.key
        )
        .into_bytes()
    }
}

impl fmt::Display for ArchiveSeal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{FIRST_LINE}")?;
        writeln!(f, "辖区：{}", self.statement.issuer())?;
        writeln!(f, "活动：{}", self.statement.about())?;
        writeln!(f, "编号：{}", self.statement.number())?;
        writeln!(f, "生成：{}{ZONE}", self.statement.time())?;
        writeln!(f, "文件：{}个", self.count)?;
        writeln!(f, "清单：{}", hex::encode(self.digest))?;
        writeln!(f, "公钥：{}", self.key)?;
        writeln!(f, "签名：{}", URL_SAFE_NO_PAD.encode(self.signature))
    }
}

impl FromStr for ArchiveSeal {
    type Err = Problem;

    /// Reads the file of a signature: just as it was written, ends of lines apart.
    fn from_str(text: &str) -> Result<Self, Problem> {
        const LABELS: [&str; 8] = ["辖区", "活动", "编号", "生成", "文件", "清单", "公钥", "签名"];
        if text.len() > 4_000 {
            return Err(Problem::TooLong);
        }
        let mut lines = text.trim_start_matches('\u{feff}').lines();
        match lines.next() {
            Some(FIRST_LINE) => {}
            None | Some("") => return Err(Problem::Empty),
            Some(_) => return Err(Problem::Version),
        }
        let mut values = [""; 8];
        for (at, (label, value)) in LABELS.iter().zip(&mut values).enumerate() {
            let line = lines.next().ok_or(Problem::Truncated)?;
            let rest = line.strip_prefix(label).and_then(|rest| rest.strip_prefix('：'));
            *value = rest.ok_or(Problem::Line(at + 2))?;
        }
        let [issuer, about, number, time, count, list, key, signature] = values;
        let at = time.strip_suffix(ZONE).and_then(instant).ok_or(Problem::Line(5))?;
        let count = count.strip_suffix('个').and_then(|count| count.parse().ok()).ok_or(Problem::Line(6))?;
        let (mut digest, mut id) = ([0; 32], [0; 8]);
        hex::decode_to_slice(list, &mut digest).map_err(|_| Problem::Line(7))?;
        hex::decode_to_slice(key, &mut id).map_err(|_| Problem::Line(8))?;
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| Problem::Line(9))?;
        let signature = signature.try_into().map_err(|_| Problem::Truncated)?;
        let statement = Statement::read(issuer, about, number, at).ok_or(Problem::Line(2))?;
        let seal = Self { statement, count, digest, key: KeyId(id), signature };
        let written = seal.to_string();
        let read = text.trim_start_matches('\u{feff}').lines();
        match written.lines().zip(read).position(|(one, other)| one != other) {
            Some(at) => Err(Problem::Line(at + 1)),
            None if lines.any(|line| !line.trim().is_empty()) => Err(Problem::Line(10)),
            None => Ok(seal),
        }
    }
}
