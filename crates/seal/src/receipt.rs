//! The whole receipt: what is stated, the list of parts, the signature; as a text that is the only one of its kind.

use std::fmt::{self, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use crate::statement::instant;
use crate::{KeyId, Problem, SigningKey, Slip, Statement};

/// How the text begins, whatever its version.
pub(crate) const TITLE: &str = "安月回执";
const FIRST_LINE: &str = "安月回执 1";
const ZONE: &str = "（北京时间）";

/// What sort of part it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ItemKind {
    /// What was typed, forms included.
    Text,
    /// An activity record as it was reported.
    Record,
    /// A file, byte by byte.
    File,
}

impl ItemKind {
    const ALL: [Self; 3] = [Self::Text, Self::Record, Self::File];

    /// As on the receipt.
    pub fn label(self) -> &'static str {
        match self {
            Self::Text => "文字",
            Self::Record => "活动记录",
            Self::File => "文件",
        }
    }
}

/// One part of what was received, by its SHA-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// What sort of part.
    pub kind: ItemKind,
    /// SHA-256 of its content.
    pub sha256: [u8; 32],
}

impl Item {
    /// The part with this content.
    pub fn of(kind: ItemKind, content: &[u8]) -> Self {
        Self { kind, sha256: Sha256::digest(content).into() }
    }

    /// The part with this SHA-256 in hexadecimal; `None` when it is none.
    pub fn of_hex(kind: ItemKind, sha256: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(sha256, &mut bytes).ok()?;
        Some(Self { kind, sha256: bytes })
    }

    /// Its SHA-256 in hexadecimal.
    pub fn hex(&self) -> String {
        hex::encode(self.sha256)
    }
}

/// A receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// What it states.
    pub statement: Statement,
    /// The parts that were received, in order.
    pub items: Vec<Item>,
    /// Which key has signed it.
    pub key: KeyId,
    /// The signature.
    pub signature: [u8; 64],
}

impl Receipt {
    /// Most parts of one receipt.
    pub const MOST: usize = 4_000;

    /// A receipt for these parts. More than [`MOST`](Self::MOST) are refused.
    ///
    /// # Errors
    /// [`Problem::TooLong`]
    pub fn sign(key: &SigningKey, statement: Statement, items: Vec<Item>) -> Result<Self, Problem> {
        if items.len() > Self::MOST {
            return Err(Problem::TooLong);
        }
        let mut receipt = Self { statement, items, key: key.public().id(), signature: [0; 64] };
        receipt.signature = key.sign(&receipt.slip().message());
        Ok(receipt)
    }

    /// The short form: without the list, whose hash it has.
    pub fn slip(&self) -> Slip {
        Slip {
            statement: self.statement.clone(),
            count: u16::try_from(self.items.len()).unwrap_or(u16::MAX),
            digest: Sha256::digest(self.list()).into(),
            key: self.key,
            signature: self.signature,
        }
    }

    fn list(&self) -> String {
        let mut list = String::new();
        for (at, item) in self.items.iter().enumerate() {
            let _ = writeln!(list, "{} {} {}", at + 1, item.kind.label(), item.hex());
        }
        list
    }
}

impl fmt::Display for Receipt {
    /// The text that a person keeps.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let slip = self.slip();
        writeln!(f, "{FIRST_LINE}")?;
        writeln!(f, "辖区：{}", self.statement.issuer())?;
        writeln!(f, "事项：{}", self.statement.about())?;
        writeln!(f, "编号：{}", self.statement.number())?;
        writeln!(f, "收到：{}{ZONE}", self.statement.time())?;
        writeln!(f, "内容：{}项", self.items.len())?;
        f.write_str(&self.list())?;
        writeln!(f, "摘要：{}", hex::encode(slip.digest))?;
        writeln!(f, "公钥：{}", self.key)?;
        writeln!(f, "签名：{}", URL_SAFE_NO_PAD.encode(self.signature))
    }
}

/// The lines of a text, one after the other, each known by its number.
struct Lines<'a> {
    lines: Vec<&'a str>,
    at: usize,
}

impl<'a> Lines<'a> {
    fn next(&mut self) -> Result<&'a str, Problem> {
        let line = self.lines.get(self.at).copied().ok_or(Problem::Truncated)?;
        self.at += 1;
        Ok(line)
    }

    /// What stands after a label.
    fn field(&mut self, label: &str) -> Result<&'a str, Problem> {
        let line = self.next()?;
        let value = line.strip_prefix(label).and_then(|rest| rest.strip_prefix('：'));
        value.ok_or_else(|| self.problem(line, label))
    }

    /// The last line may have been cut off within; any other is wrong.
    fn problem(&self, line: &str, wanted: &str) -> Problem {
        let cut = self.at == self.lines.len() && wanted.starts_with(line);
        if cut { Problem::Truncated } else { Problem::Line(self.at) }
    }

    /// For a value that cannot be read.
    fn wrong(&self) -> Problem {
        if self.at == self.lines.len() { Problem::Truncated } else { Problem::Line(self.at) }
    }
}

/// Reads the text of a receipt; blank lines and spaces at the ends of lines do not count.
pub(crate) fn parse(text: &str) -> Result<Receipt, Problem> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let mut lines = Lines { lines, at: 0 };
    if lines.next()? != FIRST_LINE {
        return Err(if lines.lines.len() == 1 { Problem::Truncated } else { Problem::Version });
    }
    let issuer = lines.field("辖区")?;
    let about = lines.field("事项")?;
    let number = lines.field("编号")?;
    let time = lines.field("收到")?;
    let at = time.strip_suffix(ZONE).and_then(instant).ok_or_else(|| lines.wrong())?;
    let count: usize = lines
        .field("内容")?
        .strip_suffix('项')
        .and_then(|count| count.parse().ok())
        .filter(|count| *count <= Receipt::MOST)
        .ok_or_else(|| lines.wrong())?;
    let mut items = Vec::new();
    for place in 1..=count {
        items.push(item(lines.next()?, place).ok_or_else(|| lines.wrong())?);
    }
    let mut digest = [0; 32];
    hex::decode_to_slice(lines.field("摘要")?, &mut digest).map_err(|_| lines.wrong())?;
    let mut key = [0; 8];
    hex::decode_to_slice(lines.field("公钥")?, &mut key).map_err(|_| lines.wrong())?;
    let signature = lines.field("签名")?;
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| lines.wrong())?;
    let signature = signature.try_into().map_err(|_| lines.wrong())?;
    if lines.at < lines.lines.len() {
        return Err(Problem::Line(lines.at + 1));
    }
    let statement = Statement::read(issuer, about, number, at).ok_or(Problem::Line(2))?;
    let receipt = Receipt { statement, items, key: KeyId(key), signature };
    if receipt.slip().digest != digest {
        return Err(Problem::List);
    }
    let written = receipt.to_string();
    match written.lines().zip(&lines.lines).position(|(one, other)| one != *other) {
        Some(at) => Err(Problem::Line(at + 1)),
        None => Ok(receipt),
    }
}

fn item(line: &str, place: usize) -> Option<Item> {
    let mut words = line.split(' ');
    let (number, kind, sha256) = (words.next()?, words.next()?, words.next()?);
    if words.next().is_some() || number.parse() != Ok(place) {
        return None;
    }
    let kind = ItemKind::ALL.into_iter().find(|known| known.label() == kind)?;
    Item::of_hex(kind, sha256)
}
