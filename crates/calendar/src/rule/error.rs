//! Why a rule is refused.

use super::MAX_OCCURRENCES;

/// Why a text or its parts are no [`Rule`](super::Rule), or why its due dates are not listed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// Neither `ADHOC` nor a rule with one of the four frequencies.
    #[error("a rule is ADHOC or has FREQ=DAILY, WEEKLY, MONTHLY or YEARLY")]
    Freq,
    /// A part that is not `KEY=VALUE` with a known key.
    #[error("{0:?} is no part of a rule")]
    Part(String),
    /// A key that comes twice.
    #[error("{0} is said twice")]
    Twice(&'static str),
    /// A value that the key cannot have.
    #[error("{key}={value} is not possible")]
    Value {
        /// The key.
        key: &'static str,
        /// The value, or the item of its list, as written.
        value: String,
    },
    /// Two parts that contradict each other or whose meaning together nobody agrees on.
    #[error("{0} and {1} do not go together")]
    NotTogether(&'static str, &'static str),
    /// A yearly rule that names days but no month.
    #[error("a yearly rule with days needs BYMONTH")]
    MonthMissing,
    /// More than [`MAX_OCCURRENCES`] due dates.
    #[error("more than {MAX_OCCURRENCES} due dates between these days")]
    TooMany,
}

impl RuleError {
    /// The message for the person at the screen.
    pub fn zh(&self) -> String {
        match self {
            RuleError::Freq => "须写明频率：每天、每周、每月、每年或随时".to_owned(),
            RuleError::Part(part) => format!("“{part}”无法识别"),
            RuleError::Twice(key) => format!("{}重复", key_zh(key)),
            RuleError::Value { key, value } => format!("{}不能是“{value}”", key_zh(key)),
            RuleError::NotTogether(a, b) => format!("{}与{}不能同时使用", key_zh(a), key_zh(b)),
            RuleError::MonthMissing => "按年报送并写明日期的，须写明月份".to_owned(),
            RuleError::TooMany => format!("报送次数超过{MAX_OCCURRENCES}次，请缩短起止时间"),
        }
    }
}

fn key_zh(key: &str) -> &str {
    match key {
        "FREQ" => "频率",
        "FREQ=DAILY" => "每天",
        "FREQ=WEEKLY" => "每周",
        "INTERVAL" => "间隔",
        "BYMONTH" => "月份",
        "BYMONTHDAY" => "日期",
        "BYDAY" => "星期",
        "BYDAY=2SU" => "第几个星期几",
        "TIME" => "时间",
        "PART" => "上午或下午",
        other => other,
    }
}
