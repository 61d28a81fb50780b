//! A form that was sent after its sender's session had ended: it comes back with its values behind the sign-in
//! page, and is sent on with one press.
//!
//! The values travel in the page and nowhere else: nothing of somebody not signed in is stored here.

use askama::Template;
use axum::body::Bytes;
use axum::extract::Query;
use axum::extract::rejection::BytesRejection;
use axum::response::Response;

use super::signin::{Next, SigninPage, own_path};
use crate::page::PublicPage;
use crate::platform::FieldErrors;
use crate::platform::error::{Error, Result};
use crate::platform::web::{self, Frame};

/// So many bytes of a form are carried over; every page's own form is far smaller.
const LIMIT: usize = 256 * 1024;

/// 继续提交
#[derive(Debug, Template)]
#[template(path = "features/accounts/templates/unsent.html")]
pub struct UnsentPage {
    /// Around it.
    pub frame: Frame,
    /// Where the form goes: a path of this site.
    pub action: String,
    /// Its fields, in their order.
    pub fields: Vec<(String, String)>,
}

#[cfg(any(test, feature = "testing"))]
impl UnsentPage {
    /// An example.
    pub fn sample() -> Self {
        Self {
            frame: Frame { title: "继续提交".to_owned(), ..Frame::default() },
            action: "/units/new".to_owned(),
            fields: vec![("name".to_owned(), "东沟村".to_owned())],
        }
    }
}

impl UnsentPage {
    /// The page for a form's body as it came, when it is one of this site.
    pub(super) fn of(frame: Frame, action: &str, body: &str) -> Option<Self> {
        let action = own_path(action)?.to_owned();
        let fields = url::form_urlencoded::parse(body.as_bytes()).into_owned().collect();
        Some(Self { frame: Frame { title: "继续提交".to_owned(), ..frame }, action, fields })
    }
}

/// `POST /signin/unsent?next=…`: where a form is led whose sender is not signed in.
pub async fn page(
    page: PublicPage,
    Query(query): Query<Next>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response> {
    // Never "sign in first": that would lead here again, and again.
    let Some(next) = own_path(&query.next).map(str::to_owned) else { return Ok(web::see_other("/signin")) };
    let Some(body) = body.ok().filter(|body| body.len() <= LIMIT) else {
        return Err(Error::TooLarge(
            "登录已过期，填写的内容太长，不能随登录页面保留。请返回上一页复制后，登录再提交。".to_owned(),
        ));
    };
    let unsent = String::from_utf8_lossy(&body).into_owned();
    if page.actor.is_some() {
        let page = UnsentPage::of(page.frame("继续提交"), &next, &unsent).ok_or(Error::SignInRequired)?;
        return web::page(&page);
    }
    web::page(&SigninPage {
        frame: page.frame("登录"),
        login: String::new(),
        next,
        unsent,
        refusal: String::new(),
        errors: FieldErrors::new(),
    })
}
