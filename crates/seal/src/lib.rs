//! Signed receipts (回执): what an office has received and when, provable later by anybody, also without network.
//!
//! [`Receipt::sign`] makes one, its `Display` is the file that a person keeps, [`Receipt::slip`] the short form for a
//! QR code. [`Presented`] reads either as people paste it; [`Presented::verify`] says whether it is genuine, or a
//! [`Problem`] in plain words.
//!
//! [`Manifest`] is the list of an archive (档案): path, size and SHA-256 of each file; [`ArchiveSeal`] signs it.
//!
//! Pure: bytes and values in, values and problems out.

mod archive;
mod key;
mod manifest;
mod problem;
mod receipt;
mod slip;
mod statement;

pub use archive::ArchiveSeal;
pub use key::{KeyId, PublicKey, SigningKey};
pub use manifest::{Manifest, ManifestEntry, ManifestProblem, is_plain_path};
pub use problem::Problem;
pub use receipt::{Item, ItemKind, Receipt};
pub use slip::Slip;
pub use statement::Statement;

/// The longest text that is read: a receipt of some thousand parts.
pub const LONGEST: usize = 400_000;

/// What somebody presents: the whole receipt or its short form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Presented {
    /// With the list of its parts.
    Receipt(Receipt),
    /// The short form of a QR code.
    Slip(Slip),
}

impl Presented {
    /// What it states.
    pub fn statement(&self) -> &Statement {
        match self {
            Self::Receipt(receipt) => &receipt.statement,
            Self::Slip(slip) => &slip.statement,
        }
    }

    /// Which key it says it was signed with.
    pub fn key(&self) -> KeyId {
        match self {
            Self::Receipt(receipt) => receipt.key,
            Self::Slip(slip) => slip.key,
        }
    }

    /// The list of its parts; `None` in the short form, which leaves it out.
    pub fn items(&self) -> Option<&[Item]> {
        match self {
            Self::Receipt(receipt) => Some(&receipt.items),
            Self::Slip(_) => None,
        }
    }

    /// How many parts were received.
    pub fn count(&self) -> usize {
        match self {
            Self::Receipt(receipt) => receipt.items.len(),
            Self::Slip(slip) => usize::from(slip.count),
        }
    }

    /// Whether it was signed with one of these keys, as it stands.
    ///
    /// # Errors
    /// [`Problem::UnknownKey`] or [`Problem::Signature`].
    pub fn verify(&self, keys: &[PublicKey]) -> Result<(), Problem> {
        match self {
            Self::Receipt(receipt) => receipt.slip().verify(keys),
            Self::Slip(slip) => slip.verify(keys),
        }
    }
}

impl std::str::FromStr for Presented {
    type Err = Problem;

    /// Reads what was pasted, scanned or loaded: the text of a receipt, a code, or an address that carries a code.
    fn from_str(text: &str) -> Result<Self, Problem> {
        if text.len() > LONGEST {
            return Err(Problem::TooLong);
        }
        let text = text.trim_start_matches('\u{feff}').trim();
        if text.is_empty() {
            return Err(Problem::Empty);
        }
        if text.starts_with(receipt::TITLE) {
            return receipt::parse(text).map(Self::Receipt);
        }
        match text.rfind(slip::PREFIX) {
            Some(at) => slip::parse(&text[at..]).map(Self::Slip),
            None => Err(Problem::NotAReceipt),
        }
    }
}
