//! What is wrong with something that is presented as a receipt.

use crate::KeyId;

/// Why it is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// There is nothing.
    #[error("nothing was presented")]
    Empty,
    /// Longer than any receipt.
    #[error("too long to be a receipt")]
    TooLong,
    /// Something else.
    #[error("this is no receipt")]
    NotAReceipt,
    /// A receipt of a later kind.
    #[error("a receipt of a version that this program does not know")]
    Version,
    /// The end is missing.
    #[error("the receipt breaks off")]
    Truncated,
    /// A line that is not as it should be, counted from 1.
    #[error("line {0} is not as it should be")]
    Line(usize),
    /// The list of parts is not the one that was signed.
    #[error("the list of parts was altered")]
    List,
    /// Signed with a key that the verifier does not have.
    #[error("signed with the unknown key {0}")]
    UnknownKey(KeyId),
    /// The signature does not belong to what is stated.
    #[error("the signature does not fit: altered or forged")]
    Signature,
    /// No public key.
    #[error("this is no public key")]
    Key,
}

impl Problem {
    /// For the person who asks: what is wrong and what to do.
    pub fn zh(&self) -> String {
        match self {
            Self::Empty => "请粘贴回执的内容，或者选择回执文件。".to_owned(),
            Self::TooLong => "内容太长，不是一张回执。请只粘贴回执本身。".to_owned(),
            Self::NotAReceipt => "这不是回执。请粘贴以“安月回执”开头的全部内容，或者二维码里的整个网址。".to_owned(),
            Self::Version => "这张回执的格式比本站的程序新，请到发出回执的网站核验。".to_owned(),
            Self::Truncated => "回执不完整，后面缺了一部分。请重新下载或重新扫码，核验完整的回执。".to_owned(),
            Self::Line(line) => format!("第{line}行与回执的格式不符，可能被改动过。请核验下载时的原文件。"),
            Self::List => "内容清单与签名时不一致，这张回执被改动过。".to_owned(),
            Self::UnknownKey(id) => {
                format!("这张回执不是本站发出的：本站没有编号为{id}的公钥。请到发出回执的网站核验。")
            }
            Self::Signature => "签名不符。这张回执被改动过，或者是伪造的。".to_owned(),
            Self::Key => "这不是公钥。公钥是43个字符，可以从核验页面复制。".to_owned(),
        }
    }
}
