//! A rule as a string.

use std::{fmt, str::FromStr};

use super::{Rule, RuleError};

impl FromStr for Rule {
    type Err = RuleError;

    fn from_str(_text: &str) -> Result<Rule, RuleError> {
        unimplemented!()
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, _f: &mut fmt::Formatter<'_>) -> fmt::Result {
        unimplemented!()
    }
}
