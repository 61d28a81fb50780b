//! The one who speaks for a unit (联络员), and since when.

use sea_orm::ConnectionTrait;

use super::store;
use crate::platform::db::WriteTx;
use crate::platform::error::Result;
use crate::platform::ids::{Ids, JurisdictionId, UnitId};

/// The leader in charge (分管领导), as form 1 names them.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct LiaisonLeader {
    /// Name.
    pub name: String,
    /// Post.
    pub post: String,
    /// Telephone.
    pub phone: String,
}

impl LiaisonLeader {
    /// Whether nobody is named.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What form 1 (附件1 联络员反馈表) says about a unit's liaison.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct LiaisonFacts {
    /// Name.
    pub name: String,
    /// 部门及职务
    pub post: String,
    /// 办公电话
    pub office_phone: String,
    /// 手机
    pub mobile: String,
    /// 传真
    pub fax: String,
    /// 电子邮箱、微信
    pub email_wechat: String,
    /// 分管领导
    pub leader: LiaisonLeader,
    /// 备注
    pub note: String,
}

/// The liaison of a unit from one moment to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Liaison {
    /// Of which unit.
    pub unit_id: UnitId,
    /// Who.
    pub facts: LiaisonFacts,
    /// The submission that named them.
    pub submission_id: Option<String>,
    /// Since when, in milliseconds.
    pub valid_from: i64,
    /// Until when; `None` for the present one.
    pub valid_to: Option<i64>,
}

/// Makes somebody the liaison of a unit from now on. The one before stays in the history; saying the same
/// again changes nothing. True when something changed.
pub async fn set_liaison(
    tx: &WriteTx,
    ids: &Ids,
    unit: &UnitId,
    facts: &LiaisonFacts,
    submission_id: Option<&str>,
    now: i64,
) -> Result<bool> {
    let present = store::liaisons::current(&**tx, tx.jurisdiction(), unit).await?;
    if present.is_some_and(|present| present.facts == *facts) {
        return Ok(false);
    }
    store::liaisons::end(tx, unit, now).await?;
    store::liaisons::insert(tx, ids, unit, facts, submission_id, now).await?;
    Ok(true)
}

/// The present liaison of a unit.
pub async fn liaison(db: &impl ConnectionTrait, town: &JurisdictionId, unit: &UnitId) -> Result<Option<Liaison>> {
    store::liaisons::current(db, town, unit).await
}

/// Every liaison a unit has had, the latest first.
pub async fn liaison_history(db: &impl ConnectionTrait, town: &JurisdictionId, unit: &UnitId) -> Result<Vec<Liaison>> {
    store::liaisons::history(db, town, unit).await
}
