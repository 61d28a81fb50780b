//! One's own API tokens.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Response};

use super::super::tokens::{self, TokenForm, TokenLine};
use super::super::{model, store};
use super::dress;
use crate::App;
use crate::page::Page;
use crate::platform::FieldErrors;
use crate::platform::error::{Error, Result};
use crate::platform::web::form::Form;
use crate::platform::web::{self, Flash, Frame};

/// 接口令牌
#[derive(Debug, Template)]
#[template(path = "features/accounts/templates/own_tokens.html")]
pub struct TokensBody {
    /// Around it.
    pub frame: Frame,
    /// One's tokens.
    pub tokens: Vec<TokenLine>,
    /// Scopes one can give: code and words.
    pub scopes: Vec<(&'static str, &'static str)>,
    /// What was typed.
    pub form: TokenForm,
    /// Messages by field.
    pub errors: FieldErrors,
    /// A secret that has just been made; shown once.
    pub secret: String,
    /// Where tokens are made and taken back.
    pub action: String,
}

impl TokensBody {
    /// Which page of one's own account is open.
    pub fn tab(&self) -> &'static str {
        "tokens"
    }

    /// Whether a scope is ticked.
    pub fn ticked(&self, code: &str) -> bool {
        self.form.scopes.iter().any(|ticked| ticked == code)
    }
}

#[cfg(any(test, feature = "testing"))]
impl TokensBody {
    /// For the template test.
    pub fn sample() -> Self {
        Self {
            frame: Frame { title: "接口令牌".to_owned(), ..Frame::default() },
            tokens: vec![TokenLine::sample()],
            scopes: model::SCOPES.iter().map(|(code, words, _)| (*code, *words)).collect(),
            form: TokenForm::default(),
            errors: FieldErrors::one("name", "请写明这个令牌给哪个系统用。"),
            secret: "0123456789".to_owned(),
            action: "/me/tokens".to_owned(),
        }
    }
}

/// `GET /me/tokens`
pub async fn page(State(app): State<App>, page: Page) -> Result<Response> {
    let form = TokenForm::suggested(app.now());
    show(&app, &page, StatusCode::OK, form, FieldErrors::new(), String::new()).await
}

/// `POST /me/tokens`
pub async fn make(State(app): State<App>, page: Page, Form(form): Form<TokenForm>) -> Result<Response> {
    let made = match form.parse(&page.actor.account_id) {
        Ok(new) => tokens::create_token(&app, &page.actor, new).await,
        Err(errors) => Err(Error::Invalid(errors)),
    };
    match made {
        Ok(secret) => {
            let form = TokenForm::suggested(app.now());
            show(&app, &page, StatusCode::OK, form, FieldErrors::new(), secret.reveal().to_owned()).await
        }
        Err(Error::Invalid(errors)) => {
            show(&app, &page, StatusCode::UNPROCESSABLE_ENTITY, form, errors, String::new()).await
        }
        Err(error) => Err(error),
    }
}

/// `POST /me/tokens/{id}/revoke`
pub async fn revoke(State(app): State<App>, page: Page, Path(id): Path<String>) -> Result<Response> {
    tokens::revoke_token(&app, &page.actor, &page.actor.account_id, &id).await?;
    Ok(web::see_other_with("/me/tokens", &Flash::success("令牌已收回，使用它的程序不能再访问。")))
}

async fn show(
    app: &App,
    page: &Page,
    status: StatusCode,
    form: TokenForm,
    errors: FieldErrors,
    secret: String,
) -> Result<Response> {
    let now = app.now();
    let actor = &page.actor;
    let tokens = store::tokens::of_account(app.db.reader(), &actor.jurisdiction, &actor.account_id).await?;
    let frame = page.frame("接口令牌", "me");
    let body = TokensBody {
        frame: frame.clone(),
        tokens: tokens.iter().map(|token| TokenLine::new(token, now)).collect(),
        scopes: model::scopes_within(&actor.grants),
        form,
        errors,
        secret,
        action: "/me/tokens".to_owned(),
    };
    Ok((status, Html(dress(page, &body, frame)?)).into_response())
}
