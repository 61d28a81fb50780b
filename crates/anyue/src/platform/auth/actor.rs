//! Actors, roles, permissions.

use crate::coded;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{AccountId, JurisdictionId, UnitId};

coded!(
    /// What somebody does in a town (product's table of people; `domain` glossary 1.1).
    Role {
        /// 经办人员: the office that runs the campaign (平安建设办公室).
        Office = "office" "经办人员",
        /// 分管领导
        Leader = "leader" "分管领导",
        /// 联络员
        Liaison = "liaison" "联络员",
        /// 检查员
        Inspector = "inspector" "检查员",
        /// 举报受理员
        Custodian = "custodian" "举报受理员",
        /// 系统管理员
        Sysadmin = "sysadmin" "系统管理员",
        /// 安全管理员
        Secadmin = "secadmin" "安全管理员",
        /// 审计管理员
        Auditor = "auditor" "审计管理员",
    }
);

impl Role {
    /// Whether one account must not hold both: the three administrators watch one another, and none of them
    /// does the town's daily work (等保 2.0, separation of system, security and audit administration).
    pub fn excludes(self, other: Self) -> bool {
        let admin = |role| matches!(role, Self::Sysadmin | Self::Secadmin | Self::Auditor);
        self != other && (admin(self) || admin(other))
    }

    /// What each role may do, below its unit.
    pub fn allows(self, permission: Permission) -> bool {
        use Permission as P;
        match self {
            Self::Office => matches!(
                permission,
                P::ConsoleView
                    | P::UnitView
                    | P::UnitEdit
                    | P::CampaignView
                    | P::CampaignEdit
                    | P::DutyView
                    | P::DutyReview
                    | P::RecordView
                    | P::RecordReview
                    | P::RecordKindEdit
                    | P::StatisticsView
                    | P::StatisticsEdit
                    | P::DocumentView
                    | P::DocumentEdit
                    | P::LiaisonView
                    | P::AccountView
                    | P::AccountInvite
            ),
            Self::Leader => {
                matches!(
                    permission,
                    P::ConsoleView
                        | P::UnitView
                        | P::CampaignView
                        | P::DutyView
                        | P::RecordView
                        | P::StatisticsView
                        | P::DocumentView
                        | P::DocumentApprove
                        | P::LiaisonView
                )
            }
            Self::Liaison => matches!(permission, P::WorkOwn | P::CampaignPassOn),
            Self::Inspector => matches!(permission, P::ConsoleView | P::UnitView | P::CampaignView),
            Self::Custodian => matches!(permission, P::ConsoleView | P::CampaignView),
            Self::Sysadmin => matches!(
                permission,
                P::ConsoleView
                    | P::UnitView
                    | P::AccountView
                    | P::AccountInvite
                    | P::AccountManage
                    | P::SettingsEdit
                    | P::JobView
                    | P::RetentionView
                    | P::RetentionEdit
            ),
            Self::Secadmin => {
                matches!(permission, P::ConsoleView | P::UnitView | P::AccountView | P::RoleGrant | P::TokenManage)
            }
            Self::Auditor => matches!(permission, P::ConsoleView | P::AuditView | P::RetentionView),
        }
    }
}

/// Something that not everybody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Permission {
    /// See the console's frame and overview.
    ConsoleView,
    /// See the units.
    UnitView,
    /// Add, change, import, move, merge, close units.
    UnitEdit,
    /// See campaigns and their notices in the console.
    CampaignView,
    /// Import a notice, edit, publish, amend, close a campaign.
    CampaignEdit,
    /// Pass a received campaign on to one's own children.
    CampaignPassOn,
    /// See boards and submissions.
    DutyView,
    /// Accept, return, extend, excuse, remind.
    DutyReview,
    /// See activity records.
    RecordView,
    /// Accept and return activity records.
    RecordReview,
    /// Change the town's catalogue of kinds of records.
    RecordKindEdit,
    /// See the statistics forms.
    StatisticsView,
    /// Correct figures, freeze forms, change the form itself.
    StatisticsEdit,
    /// See official documents.
    DocumentView,
    /// Draft documents, number and issue them, change templates.
    DocumentEdit,
    /// Approve documents (审签).
    DocumentApprove,
    /// See liaisons' names and numbers.
    LiaisonView,
    /// Acknowledge and hand in for one's own unit.
    WorkOwn,
    /// See accounts.
    AccountView,
    /// Invite people of one's own subtree to the roles that give no power over others.
    AccountInvite,
    /// Create, disable, unlock accounts, end their sessions.
    AccountManage,
    /// Grant and take roles.
    RoleGrant,
    /// Make and take back API tokens of others.
    TokenManage,
    /// Change the town's settings.
    SettingsEdit,
    /// See background work and its failures.
    JobView,
    /// Read the trail.
    AuditView,
    /// See how long things are kept, what is due, and what went.
    RetentionView,
    /// Set terms, hold back, remove what is due.
    RetentionEdit,
}

/// A role below a unit.
#[derive(Clone, Debug)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// The unit at the top of what the role covers.
    pub unit_id: UnitId,
    /// Its path: a unit is covered when its path begins with this.
    pub unit_path: String,
    /// Its name.
    pub unit_name: String,
}

/// How the actor came in.
#[derive(Clone, Debug)]
pub enum Via {
    /// A browser session; its id.
    Session(String),
    /// An API token; the scopes it was given (`units:read` …).
    Token(Vec<String>),
    /// The program itself: jobs, command line, set-up.
    System,
}

/// The units that a permission covers: all, or those below any of these paths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everything of the town.
    All,
    /// Units whose path begins with one of these.
    Below(Vec<String>),
}

impl Scope {
    /// Whether it covers the whole town: everything, or the unit at its top.
    pub fn is_whole_town(&self) -> bool {
        match self {
            Self::All => true,
            Self::Below(paths) => paths.iter().any(|path| path.matches('/').count() == 1),
        }
    }

    /// Whether a unit's path is covered.
    pub fn covers(&self, unit_path: &str) -> bool {
        match self {
            Self::All => true,
            Self::Below(paths) => paths.iter().any(|path| unit_path.starts_with(path.as_str())),
        }
    }
}

/// Somebody who does something.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The town they act in.
    pub jurisdiction: JurisdictionId,
    /// Their account; `system` for the program itself.
    pub account_id: AccountId,
    /// What they type to sign in.
    pub login: String,
    /// How pages and the trail call them.
    pub name: String,
    /// What they may do, and where.
    pub grants: Vec<Grant>,
    /// How they came in.
    pub via: Via,
}

impl Actor {
    /// The program itself, allowed everything in this town.
    pub fn system(jurisdiction: &JurisdictionId) -> Self {
        Self {
            jurisdiction: jurisdiction.clone(),
            account_id: AccountId::from("system"),
            login: String::new(),
            name: "系统".to_owned(),
            grants: Vec::new(),
            via: Via::System,
        }
    }

    /// Whether any grant allows it anywhere.
    pub fn can(&self, permission: Permission) -> bool {
        matches!(self.via, Via::System) || self.grants.iter().any(|grant| grant.role.allows(permission))
    }

    /// The units that a permission covers.
    pub fn scope(&self, permission: Permission) -> Scope {
        if matches!(self.via, Via::System) {
            return Scope::All;
        }
        let granted = self.grants.iter().filter(|grant| grant.role.allows(permission));
        Scope::Below(granted.map(|grant| grant.unit_path.clone()).collect())
    }

    /// Refuses unless the permission covers the unit with this path.
    ///
    /// # Errors
    /// [`Error::Forbidden`]
    pub fn require(&self, permission: Permission, unit_path: &str) -> Result<()> {
        if self.scope(permission).covers(unit_path) { Ok(()) } else { Err(Self::forbidden()) }
    }

    /// Refuses unless the permission is held anywhere: for lists, which then show what the scope covers.
    ///
    /// # Errors
    /// [`Error::Forbidden`]
    pub fn require_anywhere(&self, permission: Permission) -> Result<()> {
        if self.can(permission) { Ok(()) } else { Err(Self::forbidden()) }
    }

    /// Refuses an API token that was not given this scope. Browsers and the system pass.
    ///
    /// # Errors
    /// [`Error::Forbidden`]
    pub fn require_token_scope(&self, scope: &str) -> Result<()> {
        match &self.via {
            Via::Token(scopes) if !scopes.iter().any(|held| held == scope) => {
                Err(Error::Forbidden(format!("这个接口令牌没有“{scope}”权限，请让安全管理员另发一个。")))
            }
            _ => Ok(()),
        }
    }

    /// The units this actor is liaison of.
    pub fn own_units(&self) -> impl Iterator<Item = &Grant> {
        self.grants.iter().filter(|grant| grant.role == Role::Liaison)
    }

    /// The first unit of the actor's grants: shown beside their name.
    pub fn home(&self) -> Option<&Grant> {
        self.grants.first()
    }

    fn forbidden() -> Error {
        Error::Forbidden("您的账号没有这项权限。如确需办理，请联系本单位经办人员或安全管理员。".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_administrators_exclude_each_other_and_daily_work() {
        assert!(Role::Sysadmin.excludes(Role::Auditor));
        assert!(Role::Office.excludes(Role::Secadmin));
        assert!(!Role::Office.excludes(Role::Leader));
        assert!(!Role::Auditor.excludes(Role::Auditor));
    }

    #[test]
    fn a_scope_is_a_subtree() {
        let scope = Scope::Below(vec!["town/a/".to_owned()]);
        assert!(scope.covers("town/a/"));
        assert!(scope.covers("town/a/b/"));
        assert!(!scope.covers("town/ab/"));
        assert!(!scope.covers("town/"));
    }
}
