//! How an [`Error`] looks: a page for people, a fragment for htmx, a problem (RFC 9457) for programs.
//!
//! Handlers return the error; [`render`] sees it on the way out and dresses it by who asked. Every page says
//! what happened, that nothing was lost, and what to do.

use askama::Template;
use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Redirect, Response};

use super::frame::Frame;
use super::is_htmx;
use crate::App;
use crate::platform::error::{Error, FieldErrors};

/// An error as it is shown.
#[derive(Clone, Debug, Template)]
#[template(path = "platform/web/templates/error.html")]
pub struct ErrorPage {
    /// Around it.
    pub frame: Frame,
    /// HTTP status.
    pub status: u16,
    /// In a few words, what happened.
    pub heading: String,
    /// What happened and what to do.
    pub message: String,
    /// Where to go from here: label and address.
    pub links: Vec<(&'static str, &'static str)>,
}

#[derive(Clone)]
struct Carried {
    status: StatusCode,
    heading: &'static str,
    message: String,
    fields: Option<FieldErrors>,
}

impl Error {
    fn carried(self) -> Carried {
        let (status, heading, message, fields) = match self {
            Self::NotFound => (
                StatusCode::NOT_FOUND,
                "没有找到这个页面",
                "地址可能写错了，或者内容已被移走。您填写过的内容不受影响。".to_owned(),
                None,
            ),
            Self::SignInRequired => (
                StatusCode::UNAUTHORIZED,
                "请先登录",
                "您还没有登录，或者登录已过期。已保存的草稿都在，登录后可以继续。".to_owned(),
                None,
            ),
            Self::Forbidden(message) => (StatusCode::FORBIDDEN, "没有权限", message, None),
            Self::Invalid(fields) => {
                let message = fields.iter().map(|(_, message)| message).collect::<Vec<_>>().join(" ");
                (StatusCode::UNPROCESSABLE_ENTITY, "填写的内容有误", message, Some(fields))
            }
            Self::Refused(message) => (StatusCode::CONFLICT, "现在不能这样操作", message, None),
            Self::Changed => (
                StatusCode::CONFLICT,
                "内容已被他人修改",
                "在您填写期间，另一位同事修改了同一内容。请返回上一页，核对最新内容后再提交；您填写的内容没有覆盖对方的修改。".to_owned(),
                None,
            ),
            Self::Duplicate => (
                StatusCode::CONFLICT,
                "已经有相同的内容",
                "同样的内容已经存在，没有重复保存。请刷新页面查看。".to_owned(),
                None,
            ),
            Self::Gone(message) => (StatusCode::GONE, "链接已失效", message, None),
            Self::Malformed(message) => (StatusCode::BAD_REQUEST, "请求的格式不对", message, None),
            Self::TooLarge(message) => (StatusCode::PAYLOAD_TOO_LARGE, "文件或内容太大", message, None),
            Self::TooMany(message) => (StatusCode::TOO_MANY_REQUESTS, "操作太频繁", message, None),
            Self::Internal(text) => {
                tracing::error!(error = %text, "a request failed");
                (
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "系统出了问题",
                    "刚才的操作没有完成，已经保存的内容没有丢失。请稍后再试；如果一直这样，请告诉系统管理员。".to_owned(),
                    None,
                )
            }
        };
        Carried { status, heading, message, fields }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let carried = self.carried();
        let mut response = (carried.status, carried.message.clone()).into_response();
        response.extensions_mut().insert(carried);
        response
    }
}

/// RFC 9457.
#[derive(Debug, serde::Serialize, utoipa::ToSchema)]
pub struct Problem {
    /// Kind of the problem; `about:blank` when the status says it all.
    #[serde(rename = "type")]
    pub kind: String,
    /// In a few words.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// What happened and what to do.
    pub detail: String,
    /// Messages by field.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<std::collections::BTreeMap<String, String>>)]
    pub fields: Option<FieldErrors>,
}

/// Dresses errors by who asked. Sits outside all routes.
pub async fn render(State(app): State<App>, request: Request, next: Next) -> Response {
    let uri = request.uri().clone();
    let api = uri.path().starts_with("/api/");
    let is_get = request.method() == axum::http::Method::GET;
    let headers = request.headers().clone();
    let mut response = next.run(request).await;
    let carried = match response.extensions_mut().remove::<Carried>() {
        Some(carried) => carried,
        None if response.status() == StatusCode::NOT_FOUND
            && response.headers().get(header::CONTENT_TYPE).is_none() =>
        {
            Error::NotFound.carried()
        }
        None if response.status() == StatusCode::METHOD_NOT_ALLOWED => Carried {
            status: StatusCode::METHOD_NOT_ALLOWED,
            heading: "不支持这样访问",
            message: "请从页面上的按钮进入。".to_owned(),
            fields: None,
        },
        // What the framework itself refuses (an address or body of a wrong shape) is English text for programmers.
        None if response.status().is_client_error() && is_plain_text(response.headers()) => {
            let status = response.status();
            let message = if api {
                let text = axum::body::to_bytes(response.into_body(), 4096).await.unwrap_or_default();
                format!("请求的格式不对：{}", String::from_utf8_lossy(&text))
            } else {
                "这个地址或者提交的内容不完整，没有处理。请返回上一页，从页面上的按钮重新进入。".to_owned()
            };
            Carried { status, heading: "地址或内容不对", message, fields: None }
        }
        None => return response,
    };
    if api {
        let problem = Problem {
            kind: "about:blank".to_owned(),
            title: carried.heading.to_owned(),
            status: carried.status.as_u16(),
            detail: carried.message,
            fields: carried.fields,
        };
        let mut answer = (carried.status, Json(problem)).into_response();
        answer.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/problem+json"));
        return answer;
    }
    if carried.status == StatusCode::UNAUTHORIZED && is_get && !is_htmx(&headers) {
        return Redirect::to(&format!("/signin?next={}", encode(&uri))).into_response();
    }
    if carried.status == StatusCode::UNAUTHORIZED && is_typed_form(&headers) && !is_htmx(&headers) {
        return Redirect::temporary(&format!("/signin/unsent?next={}", encode(&uri))).into_response();
    }
    if is_htmx(&headers) {
        return (carried.status, carried.message).into_response();
    }
    let page = ErrorPage {
        frame: app.plain_frame(carried.heading, &headers),
        status: carried.status.as_u16(),
        heading: carried.heading.to_owned(),
        message: carried.message,
        links: if carried.status == StatusCode::UNAUTHORIZED {
            vec![("登录", "/signin"), ("回到首页", "/")]
        } else {
            vec![("回到首页", "/")]
        },
    };
    match page.render() {
        Ok(html) => (carried.status, Html(html)).into_response(),
        Err(_) => carried.status.into_response(),
    }
}

/// Whether a form without files was sent: a 307 sends it again to the page that keeps it through the sign-in.
fn is_typed_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.starts_with("application/x-www-form-urlencoded")
}

fn is_plain_text(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.starts_with("text/plain")
}

fn encode(uri: &Uri) -> String {
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    url::form_urlencoded::byte_serialize(path.as_bytes()).collect()
}
