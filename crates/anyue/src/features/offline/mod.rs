//! Working without network (离线报送): the shell that a phone keeps, what it has to know to write reports down, and
//! drafts that come back on another phone.
//!
//! Words: queue 待发送, draft 草稿, shell (the page `/work/offline` with its scripts), kit (what the phone knows without
//! asking: duties, kinds, units).
//! Tables owned: none; drafts of phones are form drafts ([`drafts`](crate::platform::drafts)) of the account.
//!
//! Invariants
//! * The shell holds nobody's data: page, scripts and worker are the same for everybody.
//! * A phone's draft is its account's own. Two edits of one draft are both kept: the second is refused, and its phone
//!   shows both.
//! * Nothing is received because it was mirrored here: a draft becomes a record or a report through their own
//!   endpoints, under the key that the phone made.

mod drafts;
mod kit;
mod page;
mod received;
#[cfg(any(test, feature = "testing"))]
pub mod samples;
#[cfg(test)]
mod tests;
mod worker;

use utoipa::OpenApi;

use crate::platform::auth::Permission;
use crate::platform::web::{Access, Routes};

/// The description of these endpoints.
#[derive(OpenApi)]
#[openapi(
    paths(kit::kit, received::received, drafts::list, drafts::keep, drafts::discard),
    components(schemas(
        kit::KitJson,
        kit::AccountJson,
        kit::NamedJson,
        kit::DutyJson,
        kit::KindJson,
        kit::MeasureJson,
        kit::ServesJson,
        received::ReceivedJson,
        drafts::DraftJson,
        drafts::DraftsJson,
        drafts::KeepJson,
        drafts::KeptJson
    ))
)]
pub struct OfflineApi;

/// The routes of this area.
pub fn routes() -> Routes {
    let own = Access::Can(Permission::WorkOwn);
    Routes::new()
        .get("/work/offline", Access::Public, page::page)
        .get("/service-worker.js", Access::Public, worker::script)
        .get("/api/v1/work/kit", own, kit::kit)
        .get("/api/v1/work/received/{key}", own, received::received)
        .get("/api/v1/work/drafts", own, drafts::list)
        .add("PUT", "/api/v1/work/drafts/{id}", own, axum::routing::put(drafts::keep))
        .add("DELETE", "/api/v1/work/drafts/{id}", own, axum::routing::delete(drafts::discard))
}
