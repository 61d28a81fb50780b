//! The table of routes.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::routing::{MethodRouter, on};

use crate::App;
use crate::platform::auth::Permission;

/// Who may come in. Handlers check further: the permission must cover the very unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everybody.
    Public,
    /// Whoever is signed in.
    SignedIn,
    /// Whoever holds the permission for some unit.
    Can(Permission),
    /// Whoever holds any of the permissions for some unit.
    CanAny(&'static [Permission]),
}

/// So many bytes are read of what anybody at all may send; those signed in may send files.
const PUBLIC_LIMIT: usize = 1 << 20;

/// One line of the table.
#[derive(Clone, Debug)]
pub struct RouteInfo {
    /// `GET` or `POST` …
    pub method: &'static str,
    /// As axum writes it: `/units/{id}`.
    pub path: &'static str,
    /// Who may come in.
    pub access: Access,
}

/// Routes being declared.
#[derive(Default)]
pub struct Routes {
    router: Router<App>,
    table: Vec<RouteInfo>,
}

impl Routes {
    /// An empty table.
    pub fn new() -> Self {
        Self::default()
    }

    /// A page or another answer that changes nothing.
    #[must_use]
    pub fn get<H, T>(self, path: &'static str, access: Access, handler: H) -> Self
    where
        H: axum::handler::Handler<T, App>,
        T: 'static,
    {
        self.add("GET", path, access, on(axum::routing::MethodFilter::GET, handler))
    }

    /// Something that changes.
    #[must_use]
    pub fn post<H, T>(self, path: &'static str, access: Access, handler: H) -> Self
    where
        H: axum::handler::Handler<T, App>,
        T: 'static,
    {
        self.add("POST", path, access, on(axum::routing::MethodFilter::POST, handler))
    }

    /// Any other method; for the JSON interface.
    #[must_use]
    pub fn add(mut self, method: &'static str, path: &'static str, access: Access, handler: MethodRouter<App>) -> Self {
        let handler = match access {
            Access::Public => handler.layer(DefaultBodyLimit::max(PUBLIC_LIMIT)),
            _ => handler,
        };
        let guarded =
            handler.layer(middleware::from_fn(move |request, next| super::guards::admit(access, request, next)));
        self.router = self.router.route(path, guarded);
        self.table.push(RouteInfo { method, path, access });
        self
    }

    /// Takes over the routes of an area.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.router = self.router.merge(other.router);
        self.table.extend(other.table);
        self
    }

    /// The router, and the table it was made from.
    pub fn into_parts(self) -> (Router<App>, Vec<RouteInfo>) {
        (self.router, self.table)
    }
}
