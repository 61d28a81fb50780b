//! Cookies and the origin check.

use axum::http::{HeaderMap, Method, header};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};

use crate::platform::ids::Secret;

const COOKIE: &str = "anyue_session";

/// The secret a request carries, and whether it came as a bearer token.
pub fn session_token(headers: &HeaderMap) -> Option<(Secret, bool)> {
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        let token = value.to_str().ok()?.strip_prefix("Bearer ")?;
        return Some((Secret::presented(token.trim()), true));
    }
    let cookie = CookieJar::from_headers(headers).get(COOKIE)?.value().to_owned();
    Some((Secret::presented(&cookie), false))
}

/// The session cookie: for this site only, not readable by scripts. An empty secret takes it away.
pub fn session_cookie(secret: &str, secure: bool) -> Cookie<'static> {
    let mut cookie = Cookie::new(COOKIE, secret.to_owned());
    cookie.set_path("/");
    cookie.set_http_only(true);
    cookie.set_same_site(SameSite::Lax);
    cookie.set_secure(secure);
    if secret.is_empty() {
        cookie.make_removal();
    } else {
        cookie.make_permanent();
    }
    cookie
}

/// Whether a request that changes something comes from another site and must be refused.
///
/// Browsers say where a form came from (`Origin`, `Sec-Fetch-Site`); a bearer token cannot be sent by a
/// foreign page. Together with the same-site cookie this replaces tokens in forms.
pub fn refuse_foreign_origin(method: &Method, headers: &HeaderMap) -> bool {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) || headers.contains_key(header::AUTHORIZATION) {
        return false;
    }
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return !matches!(site, "same-origin" | "none");
    }
    let host = text("host").unwrap_or_default();
    let source = text("origin").or_else(|| text("referer"));
    match source.and_then(|source| source.split_once("://")) {
        Some((_, rest)) => rest.split('/').next() != Some(host),
        None => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn only_forms_of_this_site_change_anything() {
        let post = Method::POST;
        assert!(!refuse_foreign_origin(&post, &headers(&[("host", "a.cn"), ("origin", "https://a.cn")])));
        assert!(refuse_foreign_origin(&post, &headers(&[("host", "a.cn"), ("origin", "https://b.cn")])));
        assert!(refuse_foreign_origin(&post, &headers(&[("host", "a.cn"), ("origin", "null")])));
        assert!(refuse_foreign_origin(&post, &headers(&[("host", "a.cn"), ("sec-fetch-site", "cross-site")])));
        assert!(refuse_foreign_origin(&post, &headers(&[("host", "a.cn")])));
        assert!(!refuse_foreign_origin(&post, &headers(&[("host", "a.cn"), ("referer", "https://a.cn/x")])));
        assert!(!refuse_foreign_origin(&post, &headers(&[("host", "a.cn"), ("authorization", "Bearer x")])));
        assert!(!refuse_foreign_origin(&Method::GET, &headers(&[])));
    }
}
