//! A rule in words.

use super::Rule;

pub(super) fn phrase(_rule: &Rule) -> String {
    unimplemented!()
}
