//! What has happened to a unit.

use super::facts::{Difference, Facts};
use crate::platform::ids::UnitId;

/// What was done to a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// 新增
    Created,
    /// 修改
    Edited,
    /// 移动
    Moved,
    /// 合并
    Merged,
    /// 关闭
    Closed,
    /// 重新启用
    Reopened,
}

impl ChangeKind {
    const ALL: [Self; 6] = [Self::Created, Self::Edited, Self::Moved, Self::Merged, Self::Closed, Self::Reopened];

    /// As stored and as in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Edited => "edited",
            Self::Moved => "moved",
            Self::Merged => "merged",
            Self::Closed => "closed",
            Self::Reopened => "reopened",
        }
    }

    /// As on screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Created => "新增",
            Self::Edited => "修改",
            Self::Moved => "移动",
            Self::Merged => "合并",
            Self::Closed => "关闭",
            Self::Reopened => "重新启用",
        }
    }

    /// The kind of a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// What a change was about, as kept in the history.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct ChangeDetail {
    /// A sentence, when there is more to say than what differs.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub words: String,
    /// Facts that were changed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub differences: Vec<Difference>,
    /// The facts before, kept for taking an import back.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(ignore)]
    pub before: Option<Box<Facts>>,
}

/// One entry of a unit's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Of which unit.
    pub unit_id: UnitId,
    /// When, in milliseconds.
    pub at: i64,
    /// By whom, as they were called then.
    pub actor_name: String,
    /// What.
    pub kind: ChangeKind,
    /// About what.
    pub detail: ChangeDetail,
}

impl Change {
    /// A change told in a sentence (which may be empty); who did it is added when it is stored.
    pub fn new(unit: &UnitId, kind: ChangeKind, at: i64, words: impl Into<String>) -> Self {
        let detail = ChangeDetail { words: words.into(), ..ChangeDetail::default() };
        Self { unit_id: unit.clone(), at, actor_name: String::new(), kind, detail }
    }

    /// An edit.
    pub fn edited(unit: &UnitId, at: i64, differences: Vec<Difference>) -> Self {
        let mut change = Self::new(unit, ChangeKind::Edited, at, "");
        change.detail.differences = differences;
        change
    }
}
