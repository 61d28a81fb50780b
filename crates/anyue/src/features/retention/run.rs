//! What is due goes: every night, or when the system administrator says so.

use std::time::Duration;

use axum::extract::{Path, State as Shared};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::kept::Kept;
use super::store::{self, Removal};
use super::{classes, require};
use crate::App;
use crate::features::accounts::api as accounts;
use crate::features::{archive, uploads};
use crate::page::Page;
use crate::platform::audit::Event;
use crate::platform::auth::{Actor, Permission};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{AccountId, JurisdictionId};
use crate::platform::jobs::{self, Job};
use crate::platform::retention::{self, Class, Item, Sum};
use crate::platform::web::form::Form;
use crate::platform::web::{self, Flash};

pub use crate::platform::retention::NIGHT;
/// The job that removes what is due of one class now.
pub const RUN: &str = "retention.run";
/// So many items go in one transaction.
pub(super) const PORTION: i64 = 200;
/// Between two portions others have their turn.
const PAUSE: Duration = Duration::from_millis(20);
/// Contents stored by this process so lately are never taken off the disk.
const SAFE: Duration = Duration::from_secs(7 * 24 * 3600);

/// Of which class, and who said so.
#[derive(Debug, Serialize, Deserialize)]
struct Asked {
    class: String,
    account: AccountId,
}

/// Every town has a night to come.
pub async fn plan_all(app: &App) -> Result<()> {
    for town in store::towns(app.db.reader()).await? {
        if !store::is_planned(app.db.reader(), &town, NIGHT).await? {
            plan(app, &town).await?;
        }
    }
    Ok(())
}

async fn plan(app: &App, town: &JurisdictionId) -> Result<()> {
    let tx = app.db.begin(town).await?;
    retention::plan_night(&tx, &app.ids, app.now()).await?;
    tx.commit_unaudited("planning the coming night").await
}

/// The job of the night. Stopped in the middle it goes on when it is carried out again.
pub async fn carry_out_night(app: &App, job: &Job) -> Result<()> {
    let town = JurisdictionId(job.jurisdiction_id.clone());
    for class in classes::ALL {
        clear(app, &town, class, Some(job), None).await?;
    }
    off_the_disk(app, &town).await?;
    plan(app, &town).await
}

/// The job of the button.
pub async fn carry_out(app: &App, job: &Job) -> Result<()> {
    let town = JurisdictionId(job.jurisdiction_id.clone());
    let asked: Asked = serde_json::from_str(&job.payload)?;
    clear(app, &town, classes::find(&asked.class)?, Some(job), Some(&asked.account)).await?;
    off_the_disk(app, &town).await
}

async fn off_the_disk(app: &App, town: &JurisdictionId) -> Result<()> {
    let gone = app.blobs.sweep(&app.db, town, SAFE).await?;
    if gone > 0 {
        tracing::info!(gone, "stored contents that nothing points to were removed");
    }
    Ok(())
}

/// Removes what is due of a class, portion by portion; how much.
pub(super) async fn clear(
    app: &App,
    town: &JurisdictionId,
    class: &'static Class,
    job: Option<&Job>,
    asked_by: Option<&AccountId>,
) -> Result<Sum> {
    let mut gone = Sum::default();
    while let Some(removal) = portion(app, town, class, asked_by).await? {
        gone.items += removal.items;
        gone.bytes += removal.bytes;
        if removal.items < PORTION {
            break;
        }
        if let Some(job) = job {
            jobs::goes_on(&app.db, job, app.now()).await?;
        }
        tokio::time::sleep(PAUSE).await;
    }
    Ok(gone)
}

/// One portion in one transaction; none when nothing is due, or is held back.
pub(super) async fn portion(
    app: &App,
    town: &JurisdictionId,
    class: &'static Class,
    asked_by: Option<&AccountId>,
) -> Result<Option<Removal>> {
    let now = app.now();
    let tx = app.db.begin(town).await?;
    let kept = Kept::one(&*tx, town, class, now).await?;
    let (Some(before_at), Some(days)) = (kept.goes_before(), kept.standing.days) else { return Ok(None) };
    let items = retention::due(&*tx, town, class, before_at, None, PORTION).await?;
    let (Some(first), Some(last)) = (items.first(), items.last()) else { return Ok(None) };
    let removal = Removal {
        removal_id: app.ids.id(),
        class: class.code.to_owned(),
        days,
        rule_version: kept.standing.rule.as_ref().map_or(0, |rule| rule.version),
        why: String::new(),
        before_at,
        items: i64::try_from(items.len()).map_err(Error::internal)?,
        bytes: items.iter().map(|item| item.bytes).sum(),
        from_at: first.at,
        until_at: last.at,
        list_hash: retention::list_hash(&items),
        asked_by: asked_by.map(ToString::to_string),
        asked_by_name: String::new(),
        removed_at: now,
    };
    forget_bytes(app, class, &items).await?;
    retention::remove(&tx, class, &items).await?;
    if retention::due(&*tx, town, class, before_at, None, 1).await?.first().is_some_and(|next| next.id == first.id) {
        return Err(Error::internal(format!("what is due of {} does not go", class.code)));
    }
    store::insert_removal(&tx, &removal).await?;
    let actor = match asked_by {
        Some(account) => accounts::actor_of(app, town, account).await?.unwrap_or_else(|| Actor::system(town)),
        None => Actor::system(town),
    };
    let said = format!("按保存期限清理“{}”{}项", class.name, removal.items);
    let event = Event::new(&actor, "retention.removed", "retention", &removal.removal_id, said).detail(json!({
        "class": class.code, "items": removal.items, "bytes": removal.bytes, "days": days, "list_sha256": removal.list_hash,
    }));
    tx.commit(event).await?;
    Ok(Some(removal))
}

/// Bytes beside the database go first: what is left behind when the transaction fails is found again, a file that nobody
/// knows of would never be.
async fn forget_bytes(app: &App, class: &Class, items: &[Item]) -> Result<()> {
    let ids: Vec<String> = items.iter().map(|item| item.id.clone()).collect();
    if class.code == uploads::api::KEPT_UNFINISHED.code {
        uploads::api::forget_bytes(app, &ids).await
    } else if class.code == archive::api::KEPT.code {
        archive::api::forget_bytes(app, &ids).await
    } else {
        Ok(())
    }
}

/// What was confirmed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct RunForm {
    /// How many were shown as due.
    seen: String,
}

/// `POST /retention/classes/{code}/run`: what was shown goes now, in the background.
pub async fn ask(
    Shared(app): Shared<App>,
    page: Page,
    Path(code): Path<String>,
    Form(form): Form<RunForm>,
) -> Result<Response> {
    require(&page.actor, Permission::RetentionEdit)?;
    let class = classes::find(&code)?;
    let town = &page.actor.jurisdiction;

    let kept = Kept::one(app.db.reader(), town, class, app.now()).await?;
    if let Some(hold) = &kept.hold {
        return Err(Error::refused(format!("这一类正在暂停清理（{}），没有清理任何内容。", hold.reason)));
    }
    let due = kept.due(&app, town).await?;
    if due.items == 0 {
        return Err(Error::refused("现在没有到期的内容，不需要清理。"));
    }
    if form.seen.trim() != due.items.to_string() {
        return Err(Error::refused(format!(
            "到期的内容现在是{}项，和您核对时不同，没有清理。请返回重新核对。",
            due.items
        )));
    }
    let tx = app.db.begin(town).await?;
    let asked = Asked { class: code.clone(), account: page.actor.account_id.clone() };
    jobs::enqueue(&tx, &app.ids, RUN, &asked, Some(class.code), app.now()).await?;
    let said = format!("要求立即清理到期的“{}”{}项", class.name, due.items);
    tx.commit(Event::new(&page.actor, "retention.asked", "retention", class.code, said)).await?;
    app.work.notify_one();
    let flash = Flash::success("已开始清理，在后台分批进行。结果在清理记录里。");
    Ok(web::see_other_with(&format!("/retention/classes/{code}"), &flash))
}
