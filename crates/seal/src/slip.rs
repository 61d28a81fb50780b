//! The short form of a receipt: what is stated, the hash of the list of parts, the signature. It fits a QR code.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::{KeyId, Problem, PublicKey, Statement};

/// How a code begins.
pub(crate) const PREFIX: &str = "AY1.";
/// What is signed begins so, and no other document does.
const HEADING: &str = "anyue receipt 1";

/// A receipt without its list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slip {
    /// What it states.
    pub statement: Statement,
    /// How many parts there are.
    pub count: u16,
    /// SHA-256 of the list of parts.
    pub digest: [u8; 32],
    /// Which key has signed it.
    pub key: KeyId,
    /// The signature.
    pub signature: [u8; 64],
}

impl Slip {
    /// What is signed.
    pub(crate) fn message(&self) -> Vec<u8> {
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

    /// Whether it was signed with one of these keys.
    ///
    /// # Errors
    /// [`Problem::UnknownKey`] or [`Problem::Signature`].
    pub fn verify(&self, keys: &[PublicKey]) -> Result<(), Problem> {
        let key = keys.iter().find(|key| key.id() == self.key).ok_or(Problem::UnknownKey(self.key))?;
        key.verify(&self.message(), &self.signature)
    }
}

impl fmt::Display for Slip {
    /// The code: letters, digits, `-`, `_` and one dot, safe in an address.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = Vec::new();
        for text in [self.statement.issuer(), self.statement.about(), self.statement.number()] {
            bytes.push(u8::try_from(text.len()).unwrap_or(u8::MAX));
            bytes.extend_from_slice(text.as_bytes());
        }
        bytes.extend_from_slice(&self.statement.received_at().to_be_bytes());
        bytes.extend_from_slice(&self.count.to_be_bytes());
        bytes.extend_from_slice(&self.digest);
        bytes.extend_from_slice(&self.key.0);
        bytes.extend_from_slice(&self.signature);
        write!(f, "{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes))
    }
}

/// Bytes, taken from the front.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], Problem> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(Problem::Truncated)?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Problem> {
        Ok(self.take(N)?.try_into().expect("so many bytes were taken"))
    }

    fn text(&mut self) -> Result<&'a str, Problem> {
        let [length] = self.array()?;
        std::str::from_utf8(self.take(usize::from(length))?).map_err(|_| Problem::NotAReceipt)
    }
}

/// Reads a code that begins with [`PREFIX`].
pub(crate) fn parse(text: &str) -> Result<Slip, Problem> {
    let code = text.strip_prefix(PREFIX).ok_or(Problem::NotAReceipt)?;
    // A code that was cut off may end within a group of four characters.
    let bytes = URL_SAFE_NO_PAD.decode(code).map_err(|_| {
        let safe = code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        if safe { Problem::Truncated } else { Problem::NotAReceipt }
    })?;
    let mut bytes = Bytes(&bytes);
    let (issuer, about, number) = (bytes.text()?, bytes.text()?, bytes.text()?);
    let at = i64::from_be_bytes(bytes.array()?);
    let statement = Statement::read(issuer, about, number, at).ok_or(Problem::NotAReceipt)?;
    let slip = Slip {
        statement,
        count: u16::from_be_bytes(bytes.array()?),
        digest: bytes.array()?,
        key: KeyId(bytes.array()?),
        signature: bytes.array()?,
    };
    if bytes.0.is_empty() { Ok(slip) } else { Err(Problem::NotAReceipt) }
}
