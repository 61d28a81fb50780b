//! An archive goes when the office says so; it can be made again.

use axum::extract::{Path, State as Shared};
use axum::response::Response;

use super::build::{file_of, part_of};
use super::model::{Archive, ArchiveId, State, may_request};
use super::{show, store};
use crate::App;
use crate::features::duties::api::CampaignId;
use crate::page::Page;
use crate::platform::audit::Event;
use crate::platform::auth::Actor;
use crate::platform::error::{Error, Result};
use crate::platform::web::{self, Flash};

/// Takes an archive off, first from the page and then from the disk; false when it was not offered.
async fn remove(app: &App, actor: &Actor, archive: &Archive, said: &str) -> Result<bool> {
    let tx = app.db.begin(&actor.jurisdiction).await?;
    let was_there = store::set_removed(&tx, &archive.id).await?;
    if was_there {
        let said = format!("{said}（编号{}）", archive.number());
        tx.commit(Event::new(actor, "archive.removed", "archive", &archive.id, said)).await?;
    }
    if archive.state != State::Making {
        remove_files(app, &archive.id).await?;
    }
    Ok(was_there)
}

/// The files of an archive go from the disk; what is gone already is left alone.
pub(super) async fn remove_files(app: &App, id: &ArchiveId) -> Result<()> {
    for path in [file_of(app, id), part_of(app, id)] {
        match tokio::fs::remove_file(path).await {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    Ok(())
}

/// `POST /campaigns/{id}/archive/{archive_id}/remove`
pub async fn submit(
    Shared(app): Shared<App>,
    page: Page,
    Path((id, archive_id)): Path<(CampaignId, ArchiveId)>,
) -> Result<Response> {
    let campaign = show::visible(&app, &page.actor, &id).await?;
    if !may_request(&page.actor, &campaign) {
        return Err(Error::Forbidden("只有审核这项活动的经办人员可以清除档案。".to_owned()));
    }
    let archive = show::of_campaign(&app, &page.actor, &campaign, &archive_id).await?;
    if !remove(&app, &page.actor, &archive, &format!("清除“{}”的活动档案", campaign.title)).await? {
        return Err(Error::refused("这份档案已经清除，或者还没有生成。请刷新页面查看。"));
    }
    let said = Flash::success("已清除。需要时可以再生成一份。");
    Ok(web::see_other_with(&format!("/campaigns/{id}/archive"), &said))
}
