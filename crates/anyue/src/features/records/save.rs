//! Writing a record down and changing it, with or without reporting it at once.

use std::collections::BTreeMap;

use sea_orm::ConnectionTrait;

use super::kinds::{self, Kind};
use super::model::{Facts, Record, RecordId, Review, State, Step};
use super::{files, serves, store};
use crate::App;
use crate::features::units::api as units;
use crate::platform::audit::Event;
use crate::platform::auth::{Actor, Permission};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{JurisdictionId, UnitId};
use crate::platform::{FieldErrors, drafts};

/// A record to be written down.
#[derive(Clone, Debug)]
pub struct New {
    /// The host.
    pub unit_id: UnitId,
    /// What it says.
    pub facts: Facts,
    /// Made when the form was opened: the same form sent twice is one record.
    pub idempotency_key: String,
    /// Report it at once.
    pub report: bool,
    /// The draft that it came from.
    pub draft: Option<&'static str>,
}

/// Writes a record down: held, or planned when its day is still to come; reported when asked for.
///
/// # Errors
/// [`Error::Invalid`] with messages by field.
pub async fn create(app: &App, actor: &Actor, new: New) -> Result<RecordId> {
    let (town, db, today) = (&actor.jurisdiction, app.db.reader(), app.clock.today());
    let unit = units::get(db, town, &new.unit_id).await.map_err(|_| no_unit())?;
    actor.require(Permission::WorkOwn, &unit.path)?;
    if !(8..=100).contains(&new.idempotency_key.len()) {
        return Err(Error::refused("页面缺少防重复的编号，请刷新页面重新填写。"));
    }
    let (facts, kind) = checked(db, town, &unit.id, new.facts, &BTreeMap::new(), new.report.then_some(today)).await?;
    if !kind.in_use {
        return Err(Error::Invalid(FieldErrors::one("kind", format!("“{}”已停用，请另选种类。", kind.name))));
    }

    let now = app.now();
    let tx = app.db.begin(town).await?;
    if let Some(known) = store::records::find_by_key(&*tx, town, &new.idempotency_key).await? {
        return if known.created_by == actor.account_id.as_str() { Ok(known.id) } else { Err(Error::Duplicate) };
    }
    let state = match new.report {
        true => State::Reported,
        false if facts.held_on > today => State::Planned,
        false => State::Held,
    };
    let record = Record {
        id: app.ids.id(),
        unit_id: unit.id.clone(),
        facts,
        state,
        review: Review::default(),
        idempotency_key: new.idempotency_key,
        created_by: actor.account_id.to_string(),
        created_by_name: actor.name.clone(),
        created_at: now,
        reported_at: new.report.then_some(now),
        updated_at: now,
        seq: store::records::next_seq(&tx).await?,
        version: 1,
    };
    store::records::insert(&tx, &record).await?;
    files::hand_over(&tx, actor, &record).await?;
    if let Some(draft) = new.draft {
        drafts::drop(&tx, actor, draft).await?;
    }
    let done = match state {
        State::Planned => "计划活动",
        State::Reported => "新增并报送活动记录",
        _ => "新增活动记录",
    };
    let said = format!("{}{done}“{}”", unit.name, record.facts.title);
    tx.commit(Event::new(actor, "record.created", "record", &record.id, said).unit(&unit.id)).await?;

    Ok(record.id)
}

/// A change of a record.
#[derive(Clone, Debug)]
pub struct Edit {
    /// Which.
    pub record_id: RecordId,
    /// The version that was changed.
    pub version: i64,
    /// What it shall say.
    pub facts: Facts,
    /// Report it at once.
    pub report: bool,
}

/// Changes a record that has not been reported, or that was returned.
///
/// # Errors
/// [`Error::Changed`] when somebody else was first; [`Error::Invalid`] with messages by field.
pub async fn edit(app: &App, actor: &Actor, cmd: Edit) -> Result<()> {
    let (town, today, now) = (&actor.jurisdiction, app.clock.today(), app.now());
    let (record, _) = own(app.db.reader(), actor, &cmd.record_id).await?;
    let (facts, _) =
        checked(app.db.reader(), town, &record.unit_id, cmd.facts, &record.facts.measures, cmd.report.then_some(today))
            .await?;

    let tx = app.db.begin(town).await?;
    let (mut record, unit) = own(&*tx, actor, &cmd.record_id).await?;
    if record.version != cmd.version {
        return Err(Error::Changed);
    }
    if !record.state.is_open() {
        return Err(Error::refused(not_open(&record)));
    }
    if record.state == State::Held && facts.held_on > today {
        record.state = State::Planned;
    }
    if cmd.report {
        record.state = record.state.after(Step::Report).ok_or_else(|| Error::refused(not_open(&record)))?;
        record.reported_at = Some(now);
    }
    record.facts = facts;
    written(&tx, &mut record, now).await?;
    drafts::drop(&tx, actor, &super::draft::key_of(record.id.as_str())).await?;
    let (kind, done) = if cmd.report { ("record.reported", "修改并报送") } else { ("record.edited", "修改") };
    let said = format!("{unit}{done}活动记录“{}”", record.facts.title);
    tx.commit(Event::new(actor, kind, "record", &record.id, said).unit(&record.unit_id)).await
}

/// Writes a changed record: one version and one place in the feed further.
pub(super) async fn written(tx: &crate::platform::db::WriteTx, record: &mut Record, now: i64) -> Result<()> {
    record.version += 1;
    record.updated_at = now;
    record.seq = store::records::next_seq(tx).await?;
    store::records::update(tx, record).await
}

/// A record of the actor's own unit, and the unit's name; for others it is not there.
pub(super) async fn own(db: &impl ConnectionTrait, actor: &Actor, id: &RecordId) -> Result<(Record, String)> {
    let record = store::records::find(db, &actor.jurisdiction, id).await?.ok_or(Error::NotFound)?;
    let unit = units::get(db, &actor.jurisdiction, &record.unit_id).await?;
    actor.require(Permission::WorkOwn, &unit.path).map_err(|_| Error::NotFound)?;
    Ok((record, unit.name))
}

/// Why it cannot be changed as it stands.
pub(super) fn not_open(record: &Record) -> String {
    match record.state {
        State::Reported => "这条记录已经报送，正在等待审核。要修改请先撤回。".to_owned(),
        State::Accepted => "这条记录已经审核通过，不能再改。确需更正，请联系镇经办人员退回。".to_owned(),
        state => format!("这条记录现在是“{}”，不能这样办理。请刷新页面查看最新状态。", state.label()),
    }
}

/// The facts in order, or messages; `stated` are the measures that it had before, `report_on` is today when it is to be
/// reported.
pub(super) async fn checked(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    host: &UnitId,
    facts: Facts,
    stated: &BTreeMap<String, i64>,
    report_on: Option<jiff::civil::Date>,
) -> Result<(Facts, Kind)> {
    let all = store::kinds::all(db, town).await?;
    let Some(kind) = kinds::find(&all, &facts.kind) else {
        return Err(Error::Invalid(FieldErrors::one("kind", "请选择活动种类。")));
    };
    let kind = kind.clone().with_stated(stated.keys());
    let facts = facts.tidy(&kind, host);
    let mut errors = FieldErrors::new();
    facts.check(&kind, &mut errors);
    if let Some(today) = report_on {
        facts.check_report(today, &mut errors);
    }
    serves::check(db, town, host, &facts, &mut errors).await?;
    if units::get_all(db, town, &facts.co_hosts).await?.len() != facts.co_hosts.len() {
        errors.add("co_hosts", "有一个联合主办单位没有找到，请重新选择。");
    }
    errors.into_result()?;
    Ok((facts, kind))
}

fn no_unit() -> Error {
    Error::Invalid(FieldErrors::one("unit", "请选择主办单位。"))
}
