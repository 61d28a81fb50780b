//! One unit: what is known about it, who speaks for it, what is below it, what happened to it.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::facts::{Unit, UnitState};
use super::history::Change;
use super::liaison::Liaison;
use super::list::grouped;
use super::model::UnitRef;
use super::{api, store, words};
use crate::App;
use crate::page::Page;
use crate::platform::auth::Permission;
use crate::platform::error::{Error, Result};
use crate::platform::ids::UnitId;
use crate::platform::web::{self, Frame};

/// 单位
#[derive(Debug, Template)]
#[template(path = "features/units/templates/show.html")]
pub struct ShowPage {
    /// Around it.
    pub frame: Frame,
    /// The unit.
    pub unit: Unit,
    /// Units above it that may be seen, from the top down.
    pub above: Vec<UnitRef>,
    /// Units directly below, each with the number of units below it.
    pub children: Vec<(UnitRef, i64)>,
    /// The unit it was merged into.
    pub merged_into: Option<UnitRef>,
    /// The present liaison.
    pub liaison: Option<Liaison>,
    /// Those before.
    pub former: Vec<Liaison>,
    /// Whether liaisons may be seen.
    pub sees_liaison: bool,
    /// What happened to it, the latest first.
    pub history: Vec<Change>,
    /// Whether it may be changed.
    pub can_edit: bool,
    /// Whether accounts may be seen.
    pub sees_accounts: bool,
}

impl ShowPage {
    /// Facts in words, without the name; those not known are left out.
    pub fn facts(&self) -> Vec<(&'static str, String)> {
        let mut facts = self.unit.facts.in_words().to_vec();
        facts.retain(|(label, value)| !matches!(*label, "单位名称" | "序号") && !value.is_empty());
        if let Some(count) = self.unit.facts.headcount
            && let Some(fact) = facts.iter_mut().find(|(label, _)| *label == "从业人数")
        {
            fact.1 = format!("{} 人", grouped(count));
        }
        facts
    }

    /// Names of the facts that are not known; empty when all are.
    pub fn unknown(&self) -> String {
        let facts = self.unit.facts.in_words();
        let unknown = facts.iter().filter(|(label, value)| value.is_empty() && !matches!(*label, "备注" | "序号"));
        unknown.map(|(label, _)| *label).collect::<Vec<_>>().join("、")
    }

    /// One sentence under the name.
    pub fn lead(&self) -> String {
        let kind = self.unit.facts.kind.label();
        match self.above.last() {
            Some(parent) => format!("{kind}　上级：{}", parent.name),
            None => kind.to_owned(),
        }
    }

    /// Whether it is in use.
    pub fn is_active(&self) -> bool {
        self.unit.is_active()
    }

    /// Whether it is closed, and may be opened again.
    pub fn is_closed(&self) -> bool {
        self.unit.state == UnitState::Closed
    }

    /// From when to when.
    pub fn span(&self, liaison: &Liaison) -> String {
        let from = words::day(liaison.valid_from);
        match liaison.valid_to {
            Some(to) => format!("{from}至{}", words::day(to)),
            None => format!("自{from}起"),
        }
    }

    /// A moment in words.
    pub fn moment(&self, ms: &i64) -> String {
        words::moment(*ms)
    }
}

/// `GET /units/{id}`
pub async fn page(State(app): State<App>, page: Page, Path(id): Path<UnitId>) -> Result<Response> {
    let (db, town, actor) = (app.db.reader(), &page.actor.jurisdiction, &page.actor);
    let unit = store::units::find(db, town, &id).await?.ok_or(Error::NotFound)?;
    let scope = actor.scope(Permission::UnitView);
    if !scope.covers(&unit.path) {
        return Err(Error::NotFound);
    }
    let ids: Vec<UnitId> =
        unit.path.split('/').filter(|id| !id.is_empty() && *id != unit.id.0).map(UnitId::from).collect();
    let known: HashMap<UnitId, UnitRef> = api::get_all(db, town, &ids).await?;
    let above = ids.iter().filter_map(|id| known.get(id)).filter(|unit| scope.covers(&unit.path)).cloned().collect();
    let children = store::children(db, town, &id).await?;
    let child_ids: Vec<UnitId> = children.iter().map(|unit| unit.id.clone()).collect();
    let counts = store::list::count_children(db, town, &child_ids).await?;
    let sees_liaison = actor.scope(Permission::LiaisonView).covers(&unit.path);
    let liaisons = if sees_liaison { api::liaison_history(db, town, &id).await? } else { Vec::new() };
    let (present, former): (Vec<_>, Vec<_>) = liaisons.into_iter().partition(|liaison| liaison.valid_to.is_none());
    web::page(&ShowPage {
        frame: page.frame(unit.facts.name.clone(), "units"),
        above,
        children: children
            .into_iter()
            .map(|unit| {
                let count = counts.get(&unit.id).copied().unwrap_or_default();
                (unit, count)
            })
            .collect(),
        merged_into: match &unit.merged_into {
            Some(into) => store::find_ref(db, town, into).await?.filter(|into| scope.covers(&into.path)),
            None => None,
        },
        liaison: present.into_iter().next(),
        former,
        sees_liaison,
        history: store::changes::of_unit(db, town, &id).await?,
        can_edit: actor.scope(Permission::UnitEdit).covers(&unit.path),
        sees_accounts: actor.scope(Permission::AccountView).covers(&unit.path),
        unit,
    })
}

#[cfg(any(test, feature = "testing"))]
impl ShowPage {
    /// An example.
    pub fn sample() -> Self {
        use super::facts::Difference;
        use super::history::ChangeKind;
        use super::liaison::LiaisonFacts;
        let unit = super::list::sample_unit();
        let liaison = Liaison {
            unit_id: unit.id.clone(),
            facts: LiaisonFacts {
                name: "张海".to_owned(),
                mobile: "13900000000".to_owned(),
                ..LiaisonFacts::default()
            },
            submission_id: None,
            valid_from: 1_655_080_200_000,
            valid_to: None,
        };
        let differences = vec![Difference { label: "电话".into(), then: String::new(), now: "0470-6701234".into() }];
        Self {
            frame: Frame::default(),
            above: vec![unit.to_ref()],
            children: vec![(unit.to_ref(), 2)],
            merged_into: None,
            former: vec![Liaison { valid_to: Some(1_655_090_200_000), ..liaison.clone() }],
            liaison: Some(liaison),
            sees_liaison: true,
            history: vec![
                Change::edited(&unit.id, 1_655_080_200_000, differences),
                Change::new(&unit.id, ChangeKind::Created, 1_655_080_200_000, ""),
            ],
            can_edit: true,
            sees_accounts: true,
            unit,
        }
    }
}
