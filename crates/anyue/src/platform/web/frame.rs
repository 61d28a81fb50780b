//! What surrounds the content of every page.

use axum::http::HeaderMap;
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

const FLASH: &str = "anyue_flash";

/// What a page shows around its content: head, navigation, footer, what has just happened.
#[derive(Clone, Debug)]
pub struct Frame {
    /// Title of the page.
    pub title: String,
    /// Name of the site: the town and what it is about.
    pub site_name: String,
    /// Who runs the installation (主办单位); empty until it is set.
    pub sponsor_unit: String,
    /// Filing number (备案号); empty until it is set.
    pub filing_no: String,
    /// Who is signed in.
    pub user: Option<FrameUser>,
    /// Key of the navigation entry the page belongs to.
    pub active: &'static str,
    /// Large type is on.
    pub large_type: bool,
    /// Unread messages.
    pub unread: u32,
    /// What has just happened.
    pub flash: Option<Flash>,
    /// Today, in words.
    pub today: String,
    /// The time shown instead of the real one, in words.
    pub demo_clock: Option<String>,
}

/// Who is signed in, as the frame shows it.
#[derive(Clone, Debug, Default)]
pub struct FrameUser {
    /// Their name.
    pub name: String,
    /// Their first unit.
    pub unit_name: String,
    /// Their roles in words.
    pub role_label: String,
    /// Shows the office's entries.
    pub can_office: bool,
    /// Shows activity records.
    pub can_records: bool,
    /// Statistics.
    pub can_statistics: bool,
    /// Official documents.
    pub can_documents: bool,
    /// Shows accounts.
    pub can_accounts: bool,
    /// Shows settings and background work.
    pub can_admin: bool,
    /// Shows the trail.
    pub can_audit: bool,
    /// Shows how long things are kept.
    pub can_retention: bool,
    /// Works in the unit workspace.
    pub is_liaison: bool,
}

impl Default for Frame {
    /// A frame with nothing in it but names, so that no page is ever without a title.
    fn default() -> Self {
        Self {
            title: "页面".to_owned(),
            site_name: "安全生产".to_owned(),
            sponsor_unit: String::new(),
            filing_no: String::new(),
            user: None,
            active: "",
            large_type: false,
            unread: 0,
            flash: None,
            today: String::new(),
            demo_clock: None,
        }
    }
}

impl Frame {
    /// The name of the person's unit; the site's when there is none.
    pub fn unit_or_site(&self) -> &str {
        let unit = self.user.as_ref().map_or("", |user| user.unit_name.as_str());
        if unit.is_empty() { &self.site_name } else { unit }
    }

    /// The address of an asset, with its content's hash.
    pub fn asset(&self, name: &str) -> String {
        super::asset_url(name)
    }
}

/// What has just happened, shown once at the head of the next page.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Flash {
    /// `success`, `warning`, `danger` or `info`.
    pub kind: String,
    /// A sentence.
    pub text: String,
    /// Where a POST undoes it.
    pub undo_url: Option<String>,
}

impl Flash {
    /// Something was done.
    pub fn success(text: impl Into<String>) -> Self {
        Self { kind: "success".to_owned(), text: text.into(), undo_url: None }
    }

    /// Something needs attention.
    pub fn warning(text: impl Into<String>) -> Self {
        Self { kind: "warning".to_owned(), text: text.into(), undo_url: None }
    }

    /// Offers to undo it by a POST to this address.
    #[must_use]
    pub fn undo(mut self, url: impl Into<String>) -> Self {
        self.undo_url = Some(url.into());
        self
    }

    /// The message left by the request before.
    pub fn take(headers: &HeaderMap) -> Option<Self> {
        let cookie = CookieJar::from_headers(headers).get(FLASH)?.value().to_owned();
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(cookie).ok()?).ok()
    }
}

/// Carries a message to the next page.
pub(super) fn flash_cookie(flash: &Flash) -> CookieJar {
    let text = serde_json::to_vec(flash).unwrap_or_default();
    let mut cookie = Cookie::new(FLASH, URL_SAFE_NO_PAD.encode(text));
    cookie.set_path("/");
    cookie.set_http_only(true);
    cookie.set_same_site(SameSite::Lax);
    // Lives until the next page is shown; the browser forgets it when it is closed.
    CookieJar::new().add(cookie)
}

/// Takes the message away once it has been shown.
pub(super) fn clear_flash() -> CookieJar {
    let mut cookie = Cookie::new(FLASH, "");
    cookie.set_path("/");
    cookie.make_removal();
    CookieJar::new().add(cookie)
}
