//! Figures added up, and the feed of changes: for other areas.

use sea_orm::{ConnectionTrait, FromQueryResult};

use super::records::{COLUMNS, Row, with_hosts};
use crate::features::records::api::{Sum, SumsOf};
use crate::features::records::model::{Record, RecordId, State};
use crate::platform::db::{placeholders, sql};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{JurisdictionId, UnitId};

/// Adds up the figures of what was held in a period, by host, kind, facet, measure and state. Reads one index.
pub async fn sums(db: &impl ConnectionTrait, town: &JurisdictionId, of: &SumsOf) -> Result<Vec<Sum>> {
    #[derive(FromQueryResult)]
    struct Found {
        unit_id: String,
        kind: String,
        facet: String,
        measure: String,
        state: String,
        total: i64,
    }
    let rows: Vec<Found> = sql(format!(
        "SELECT unit_id, kind, facet, measure, state, CAST(SUM(amount) AS BIGINT) AS total FROM record_values \
         WHERE jurisdiction_id = $1 AND held_on >= $2 AND held_on <= $3 AND state IN ({}) \
         GROUP BY unit_id, kind, facet, measure, state ORDER BY unit_id, kind, facet, measure, state",
        placeholders(4, of.states.len())
    ))
    .bind(town)
    .bind(of.from.to_string())
    .bind(of.until.to_string())
    .bind_all(of.states.iter().map(|state| state.code()))
    .all(db)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Sum {
                unit_id: UnitId(row.unit_id),
                kind: row.kind,
                facet: row.facet,
                measure: row.measure,
                state: State::parse(&row.state).ok_or_else(|| Error::internal("a figure in an unknown state"))?,
                total: row.total,
            })
        })
        .collect()
}

/// Records changed after a point of the feed, in the order of their changes.
pub async fn changed_after(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    seq: i64,
    id: &RecordId,
    limit: i64,
) -> Result<Vec<Record>> {
    let rows: Vec<Row> = sql(format!(
        "SELECT {COLUMNS} FROM records r WHERE r.jurisdiction_id = $1 AND (r.seq, r.record_id) > ($2, $3) \
         ORDER BY r.seq, r.record_id LIMIT $4"
    ))
    .bind(town)
    .bind(seq)
    .bind(id)
    .bind(limit)
    .all(db)
    .await?;
    with_hosts(db, town, rows).await
}
