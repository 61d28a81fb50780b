//! What every request passes on its way in and out.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::routes::Access;
use crate::App;
use crate::platform::auth::{self, Actor, Via};
use crate::platform::error::{Error, Result};

/// The actor of a request, when somebody is signed in: put there by [`identify`].
#[derive(Clone)]
pub struct Current(pub Option<Actor>);

/// Finds out who asks, and refuses forms that come from other sites.
pub async fn identify(State(app): State<App>, mut request: Request, next: Next) -> Response {
    if auth::refuse_foreign_origin(request.method(), request.headers()) {
        return Error::Forbidden("请求不是从本站页面发出的，已拒绝。请回到本站页面重新操作。".to_owned())
            .into_response();
    }
    match app.recognise(request.headers()).await {
        Ok(Some(Actor { via: Via::Token(_), .. })) if !request.uri().path().starts_with("/api/") => {
            Error::Forbidden("接口令牌只能用于 /api/ 下的地址。".to_owned()).into_response()
        }
        Ok(actor) => {
            request.extensions_mut().insert(Current(actor));
            next.run(request).await
        }
        Err(error) => error.into_response(),
    }
}

/// Lets in who may come in, by the route's line in the table.
pub(super) async fn admit(access: Access, request: Request, next: Next) -> Response {
    let actor = request.extensions().get::<Current>().and_then(|current| current.0.as_ref());
    match check(access, actor) {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}

fn check(access: Access, actor: Option<&Actor>) -> Result<()> {
    let signed_in = || actor.ok_or(Error::SignInRequired);
    match access {
        Access::Public => Ok(()),
        Access::SignedIn => signed_in().map(|_| ()),
        Access::Can(permission) => signed_in()?.require_anywhere(permission),
        Access::CanAny(permissions) => {
            let actor = signed_in()?;
            match permissions.iter().find(|permission| actor.can(**permission)) {
                Some(_) => Ok(()),
                None => permissions.first().map_or(Ok(()), |first| actor.require_anywhere(*first)),
            }
        }
    }
}

/// Headers that every answer carries: own origin only, no sniffing, no framing, no referrer to others.
pub async fn security_headers(request: Request, next: Next) -> Response {
    let is_asset = request.uri().path().starts_with("/assets/");
    let shows_flash = request.method() == axum::http::Method::GET
        && !super::is_htmx(request.headers())
        && super::Flash::take(request.headers()).is_some();
    let mut response = next.run(request).await;
    if shows_flash && response.status().is_success() && !is_asset {
        let (parts, body) = response.into_parts();
        response = (super::frame::clear_flash(), Response::from_parts(parts, body)).into_response();
    }
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; object-src 'none'; \
             worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
        ),
    );
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert("permissions-policy", HeaderValue::from_static("geolocation=(self), camera=(self), microphone=()"));
    if !is_asset && !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    }
    response
}

/// The address a request came from, for limits on attempts; held in memory only and never logged.
pub fn client_address(
    app: &App,
    request_headers: &axum::http::HeaderMap,
    peer: Option<&ConnectInfo<SocketAddr>>,
) -> String {
    if app.config.server.behind_proxy
        && let Some(last) =
            request_headers.get("x-forwarded-for").and_then(|v| v.to_str().ok()).and_then(|v| v.rsplit(',').next())
    {
        return last.trim().to_owned();
    }
    peer.map(|peer| peer.0.ip().to_string()).unwrap_or_default()
}

/// One line for each answered request: method, the route (never the address with its ids and queries),
/// status, time. Nothing about who asked.
pub async fn log_request(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let started = std::time::Instant::now();
    let first = request.uri().path().split('/').nth(1).unwrap_or_default().to_owned();
    let response = next.run(request).await;
    tracing::info!(
        %method,
        area = %first,
        status = response.status().as_u16(),
        ms = started.elapsed().as_millis() as u64,
        "answered"
    );
    response
}
