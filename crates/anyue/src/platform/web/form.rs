//! Reading forms: the body of a POST as a struct, where a wrong shape is an answer in words.

use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum_extra::extract::Form as RawForm;
use serde::de::DeserializeOwned;

use crate::platform::error::{Error, Result};

/// A form's fields as a struct of text fields. Repeated fields become a `Vec`; handlers parse the texts.
pub struct Form<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Form<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self> {
        match RawForm::<T>::from_request(request, state).await {
            Ok(RawForm(form)) => Ok(Self(form)),
            Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => Err(Error::TooLarge(
                "提交的内容太大，没有收下。请返回上一页精简后再提交；您填写的内容仍在页面上。".to_owned(),
            )),
            Err(rejection) => {
                tracing::debug!(%rejection, "a form could not be read");
                Err(Error::refused("页面提交的内容不完整，请返回上一页重新提交；您填写的内容仍在页面上。"))
            }
        }
    }
}

/// The trimmed text; the message for the field when it is empty.
pub fn required<'a>(text: &'a str, field: &str, message: &str, errors: &mut crate::platform::FieldErrors) -> &'a str {
    let text = text.trim();
    if text.is_empty() {
        errors.add(field, message);
    }
    text
}

/// At most so many characters; the message for the field when there are more.
pub fn at_most(text: &str, limit: usize, field: &str, errors: &mut crate::platform::FieldErrors) {
    let length = text.chars().count();
    if length > limit {
        errors.add(field, format!("最多{limit}个字，现在是{length}个字。"));
    }
}
