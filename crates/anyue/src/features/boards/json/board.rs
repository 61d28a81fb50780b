//! The not-yet board for other programs.

use std::collections::HashMap;

use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::filter::Filter;
use super::super::load::{self, remembered, visible};
use super::super::model::Board;
use crate::App;
use crate::app::Answer;
use crate::features::duties::api::{BoardState, CampaignId, DutyId, DutyKind, Tally};
use crate::features::units::api as units;
use crate::platform::auth::{Actor, Permission};
use crate::platform::error::Result;
use crate::platform::ids::UnitId;

/// The not-yet board.
#[derive(Debug, Serialize, ToSchema)]
pub struct BoardJson {
    campaign_id: CampaignId,
    title: String,
    /// Milliseconds since 1970.
    as_of: i64,
    /// The four words over all cells.
    tally: Tally,
    /// Not handed in and over time, on whatever date.
    overdue: i64,
    duties: Vec<BoardDutyJson>,
    units: Vec<BoardUnitJson>,
}

/// A column of the board.
#[derive(Debug, Serialize, ToSchema)]
pub struct BoardDutyJson {
    id: DutyId,
    title: String,
    kind: DutyKind,
    /// Milliseconds since 1970.
    due_at: Option<i64>,
}

/// A row of the board.
#[derive(Debug, Serialize, ToSchema)]
pub struct BoardUnitJson {
    id: UnitId,
    name: String,
    kind: units::UnitKind,
    /// One for each duty: `received`, `returned`, `not_yet`, `not_applicable`; null where nothing is owed.
    cells: Vec<Option<BoardState>>,
    /// Positions of cells that are over time.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    overdue: Vec<usize>,
}

fn board_json(campaign_id: CampaignId, title: String, as_of: i64, board: Board) -> BoardJson {
    BoardJson {
        campaign_id,
        title,
        as_of,
        tally: board.tally,
        overdue: board.overdue,
        duties: board
            .columns
            .into_iter()
            .map(|column| BoardDutyJson {
                id: column.id,
                title: column.title,
                kind: column.kind,
                due_at: column.due_at,
            })
            .collect(),
        units: board
            .rows
            .into_iter()
            .map(|row| BoardUnitJson {
                overdue: (0..row.marks.len()).filter(|n| row.marks[*n].overdue).collect(),
                cells: row.marks.iter().map(|mark| mark.word).collect(),
                id: row.unit.id,
                name: row.unit.name,
                kind: row.unit.kind,
            })
            .collect(),
    }
}

/// Who has handed in and who has not: units by duties. Takes the same questions as the page: `state`, `kind`,
/// `duty`, `owing`, `q`, `on`.
#[utoipa::path(get, path = "/api/v1/campaigns/{id}/board", tag = "duties", summary = "报送一览", params(("id" = String, Path)), responses((status = 200, body = BoardJson), (status = 404)))]
pub async fn board(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<CampaignId>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Result<Response> {
    actor.require_token_scope("duties:read")?;
    let filter = Filter::parse(&query);
    // The scope decides what is seen; it changes only with a write, which makes every answer stale.
    let scope = actor.scope(Permission::DutyView);
    let key = format!("board.json:{id}:{scope:?}:{}", filter.to_query());
    let answer = remembered(&app, &actor, key, async || {
        let visible = visible(&app, &actor, &id).await?;
        let board = load::board(&app, &actor, &visible, filter.on).await?.filtered(&filter);
        let json = board_json(id.clone(), visible.campaign.title, app.now(), board);
        Answer::new("application/json", serde_json::to_vec(&json)?)
    })
    .await?;
    Ok(answer.for_client(&headers))
}
