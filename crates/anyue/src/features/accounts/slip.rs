//! A link on paper or on screen: who it is for, the QR code, the link, until when.

use super::model::Invitation;
use super::words;
use crate::platform::web::qr;

/// One slip. Shown once: the secret in it is not kept.
#[derive(Clone, Debug)]
pub struct Slip {
    /// The person, as far as known.
    pub name: String,
    /// What they will type to sign in.
    pub login: String,
    /// Their unit.
    pub unit: String,
    /// Their role.
    pub role: String,
    /// The link.
    pub url: String,
    /// The link as a QR code, SVG.
    pub code: String,
    /// Until when it is good, in words.
    pub until: String,
}

impl Slip {
    /// The slip of a link.
    pub fn new(name: &str, login: &str, unit: &str, role: &str, invitation: &Invitation, now: i64) -> Self {
        Self {
            name: name.to_owned(),
            login: login.to_owned(),
            unit: unit.to_owned(),
            role: role.to_owned(),
            url: invitation.url.clone(),
            code: qr::svg(&invitation.url, "登录链接的二维码"),
            until: words::moment(invitation.expires_at, now),
        }
    }

    /// What to paste into a message to the person.
    pub fn message(&self) -> String {
        format!(
            "{}：请在{}前点开链接，设置密码后登录（账号：{}）。链接只能用一次，请勿转发。{}",
            self.name, self.until, self.login, self.url
        )
    }

    /// For template tests.
    #[cfg(any(test, feature = "testing"))]
    pub fn sample() -> Self {
        let url = "http://127.0.0.1:8080/join/0123456789012345678901234567890123456789012".to_owned();
        Self::new("李桂兰", "东沟村", "东沟村", "联络员", &Invitation { url, expires_at: 7 * 86_400_000 }, 0)
    }
}
