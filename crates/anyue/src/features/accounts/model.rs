//! What an account is: texts parsed, roles weighed, links and tokens judged.

use crate::coded;
use crate::platform::FieldErrors;
use crate::platform::auth::{Actor, Grant, Permission, Role};
use crate::platform::ids::{AccountId, UnitId};

/// How long an invitation is good: 7 days; a link for a forgotten password: 1 day.
pub const INVITE_MS: i64 = 7 * DAY_MS;
/// See [`INVITE_MS`].
pub const RESET_MS: i64 = DAY_MS;
/// A day in milliseconds.
pub const DAY_MS: i64 = 24 * 3_600_000;
/// An API token is good for a year at most.
pub const TOKEN_MAX_MS: i64 = 366 * DAY_MS;

/// Roles that give no power over other people: the office may invite to them.
pub const INVITABLE: [Role; 3] = [Role::Liaison, Role::Inspector, Role::Leader];

/// The administrators who watch the others: a link to their password is made by a security administrator.
pub const WATCHING: [Role; 2] = [Role::Secadmin, Role::Auditor];

/// The three administrators (三员): one of each must always be there.
pub const ADMINISTRATORS: [Role; 3] = [Role::Sysadmin, Role::Secadmin, Role::Auditor];

coded!(
    /// Whether an account can sign in.
    AccountState {
        /// In use.
        Active = "active" "正常",
        /// No password yet.
        Invited = "invited" "待启用",
        /// Put out of use by an administrator.
        Disabled = "disabled" "已停用",
    }
);

/// An account.
#[derive(Clone, Debug)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// What its holder types to sign in.
    pub login: String,
    /// How pages and the trail call its holder.
    pub name: String,
    /// Their telephone; empty when unknown.
    pub phone: String,
    /// argon2id; none before the invitation was used.
    pub password_hash: Option<String>,
    /// Whether it can sign in.
    pub state: AccountState,
    /// Wrong passwords in a row.
    pub failed_count: i64,
    /// Until when it is locked, after too many of them.
    pub locked_until: Option<i64>,
    /// Counts changes.
    pub version: i64,
}

impl Account {
    /// Whether it is locked at this moment.
    pub fn locked(&self, now: i64) -> bool {
        self.locked_until.is_some_and(|until| until > now)
    }
}

/// A role of an account below a unit, with its time.
#[derive(Clone, Debug)]
pub struct HeldRole {
    /// Its id.
    pub id: String,
    /// Whose.
    pub account_id: AccountId,
    /// Which.
    pub role: Role,
    /// Below which unit.
    pub unit_id: UnitId,
    /// The unit's name.
    pub unit_name: String,
    /// The unit's path.
    pub unit_path: String,
    /// From when.
    pub valid_from: i64,
    /// Until when; none: until it is taken.
    pub valid_to: Option<i64>,
}

impl HeldRole {
    /// Whether it holds at this moment.
    pub fn holds(&self, now: i64) -> bool {
        self.valid_from <= now && !self.ended(now)
    }

    /// Whether it is over.
    pub fn ended(&self, now: i64) -> bool {
        self.valid_to.is_some_and(|to| to <= now)
    }
}

/// Somebody with a role at a unit.
#[derive(Clone, Debug)]
pub struct Person {
    /// Their account.
    pub account_id: AccountId,
    /// What they type to sign in.
    pub login: String,
    /// Their name.
    pub name: String,
    /// Their telephone.
    pub phone: String,
    /// Their role there.
    pub role: Role,
    /// Whether they can sign in.
    pub state: AccountState,
}

/// An account to be made.
#[derive(Clone, Debug, Default)]
pub struct NewAccount {
    /// What its holder will type to sign in.
    pub login: String,
    /// Their name.
    pub name: String,
    /// Their telephone; may be empty.
    pub phone: String,
    /// Roles, each below a unit.
    pub roles: Vec<(Role, UnitId)>,
}

impl NewAccount {
    /// The same with texts trimmed, when they are acceptable.
    ///
    /// # Errors
    /// Messages by field.
    pub fn checked(&self) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::new();
        let new = Self {
            login: check_login(&self.login, "login", &mut errors),
            name: check_name(&self.name, "name", &mut errors),
            phone: check_phone(&self.phone, "phone", &mut errors),
            roles: self.roles.clone(),
        };
        if let Some((one, other)) = excluding(new.roles.iter().map(|(role, _)| *role)) {
            errors.add("role", excluded_words(one, other));
        }
        if errors.is_empty() { Ok(new) } else { Err(errors) }
    }
}

/// A one-time link that has just been made; its secret is shown now and never again.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// The link.
    pub url: String,
    /// Until when it is good.
    pub expires_at: i64,
}

/// An API token to be made.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// On whose behalf it acts.
    pub account_id: AccountId,
    /// What it is for.
    pub name: String,
    /// What it may do: codes of [`SCOPES`].
    pub scopes: Vec<String>,
    /// Until when it is good, in milliseconds.
    pub expires_at: i64,
}

/// What an API token can be allowed: code, words, and the permissions any of which its account must hold.
pub const SCOPES: [(&str, &str, &[Permission]); 11] = [
    ("units:read", "读取单位", &[Permission::UnitView]),
    ("units:write", "新增、修改单位", &[Permission::UnitEdit]),
    ("campaigns:read", "读取活动", &[Permission::CampaignView, Permission::WorkOwn]),
    ("campaigns:write", "导入、修改、发布活动", &[Permission::CampaignEdit]),
    ("duties:read", "读取任务", &[Permission::DutyView, Permission::WorkOwn]),
    ("duties:write", "延期、免报、提醒", &[Permission::DutyReview]),
    ("submissions:read", "读取报送", &[Permission::DutyView, Permission::WorkOwn]),
    ("submissions:write", "报送、核对、退回", &[Permission::DutyReview, Permission::WorkOwn]),
    ("records:read", "读取活动记录", &[Permission::RecordView, Permission::WorkOwn]),
    ("records:write", "新增活动记录", &[Permission::WorkOwn]),
    ("statistics:read", "读取统计表", &[Permission::StatisticsView, Permission::WorkOwn]),
];

/// The scopes that an account with these grants can give to a token.
pub fn scopes_within(grants: &[Grant]) -> Vec<(&'static str, &'static str)> {
    let allowed = |permissions: &[Permission]| {
        permissions.iter().any(|permission| grants.iter().any(|grant| grant.role.allows(*permission)))
    };
    SCOPES.iter().filter(|(_, _, permissions)| allowed(permissions)).map(|(code, words, _)| (*code, *words)).collect()
}

/// The words of a scope.
pub fn scope_words(code: &str) -> &str {
    SCOPES.iter().find(|(known, _, _)| *known == code).map_or(code, |(_, words, _)| words)
}

/// Whether the actor may give this role below the unit with this path.
///
/// # Errors
/// [`Error::Forbidden`](crate::platform::Error::Forbidden)
pub fn may_give(actor: &Actor, role: Role, unit_path: &str) -> crate::platform::Result<()> {
    if INVITABLE.contains(&role) && actor.can(Permission::AccountInvite) {
        actor.require(Permission::AccountInvite, unit_path)
    } else {
        actor.require(Permission::RoleGrant, unit_path)
    }
}

/// Two of these roles that one account must not hold together.
pub fn excluding(roles: impl IntoIterator<Item = Role>) -> Option<(Role, Role)> {
    let roles: Vec<Role> = roles.into_iter().collect();
    roles.iter().enumerate().find_map(|(index, one)| {
        roles[index + 1..].iter().find(|other| one.excludes(**other)).map(|other| (*one, *other))
    })
}

/// Why two roles do not go together.
pub fn excluded_words(one: Role, other: Role) -> String {
    format!("“{}”与“{}”不能由同一个账号担任：三类管理员须相互独立，也不参与日常业务。", one.label(), other.label())
}

/// What somebody types to sign in: 2 to 40 letters (Chinese ones too), digits and `. - _ @`.
pub fn check_login(text: &str, field: &str, errors: &mut FieldErrors) -> String {
    let login = text.trim();
    let length = login.chars().count();
    if length == 0 {
        errors.add(field, "请填写登录账号。");
    } else if !(2..=40).contains(&length) {
        errors.add(field, "登录账号为2至40个字符。");
    } else if !login
        .chars()
        .all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '@' | '（' | '）' | '(' | ')'))
    {
        errors.add(field, "登录账号只能用汉字、字母、数字和 . - _ @，不能有空格。");
    }
    login.to_owned()
}

/// A person's name.
pub fn check_name(text: &str, field: &str, errors: &mut FieldErrors) -> String {
    let name = text.trim();
    if name.is_empty() {
        errors.add(field, "请填写姓名。");
    } else if name.chars().count() > 40 {
        errors.add(field, "姓名最多40个字。");
    } else if name.chars().any(char::is_control) {
        errors.add(field, "姓名里有不能显示的字符，请重新输入。");
    }
    name.to_owned()
}

/// A telephone number, or nothing.
pub fn check_phone(text: &str, field: &str, errors: &mut FieldErrors) -> String {
    let phone: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let digits = phone.chars().filter(char::is_ascii_digit).count();
    let fits = phone.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '+' | '(' | ')' | '（' | '）' | '转'));
    if !phone.is_empty() && (!fits || !(5..=20).contains(&digits)) {
        errors.add(field, "电话号码不对，请填写手机号或带区号的固定电话，例如 0477-1234567。");
    }
    phone
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(check: impl Fn(&mut FieldErrors) -> String) -> bool {
        let mut errors = FieldErrors::new();
        check(&mut errors);
        !errors.is_empty()
    }

    #[test]
    fn logins_may_be_chinese_and_have_no_spaces() {
        for good in ["东沟村", "li-guilan", "office@qls", "13800000000", "青龙煤矿（北井）"] {
            assert!(!message(|errors| check_login(good, "login", errors)), "{good}");
        }
        for bad in ["", "a", "东 沟", "a/b", "a\u{7}b", &"长".repeat(41)] {
            assert!(message(|errors| check_login(bad, "login", errors)), "{bad}");
        }
    }

    #[test]
    fn telephone_numbers_are_plain_or_empty() {
        for good in ["", "13800000000", "0477-1234567", "0477-1234567转8", " 138 0000 0000 "] {
            assert!(!message(|errors| check_phone(good, "phone", errors)), "{good}");
        }
        for bad in ["138", "电话", "1380000000000000000000000"] {
            assert!(message(|errors| check_phone(bad, "phone", errors)), "{bad}");
        }
    }

    #[test]
    fn an_administrator_holds_no_second_role() {
        assert_eq!(excluding([Role::Office, Role::Leader]), None);
        assert_eq!(excluding([Role::Liaison, Role::Liaison]), None);
        assert_eq!(excluding([Role::Office, Role::Auditor]), Some((Role::Office, Role::Auditor)));
    }

    #[test]
    fn a_token_is_given_no_more_than_its_account_may_do() {
        let grant = |role| Grant { role, unit_id: "u".into(), unit_path: "u/".to_owned(), unit_name: String::new() };
        let of = |role| scopes_within(&[grant(role)]).into_iter().map(|(code, _)| code).collect::<Vec<_>>();
        assert_eq!(of(Role::Auditor), Vec::<&str>::new());
        assert_eq!(
            of(Role::Liaison),
            [
                "campaigns:read",
                "duties:read",
                "submissions:read",
                "submissions:write",
                "records:read",
                "records:write",
                "statistics:read"
            ]
        );
        assert_eq!(of(Role::Office).len(), 10);
    }
}
