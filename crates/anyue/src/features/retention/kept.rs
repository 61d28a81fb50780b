//! How a class stands today: its term, what waits, what holds it, how much is due.

use sea_orm::ConnectionTrait;

use super::store::{self, Hold};
use crate::App;
use crate::platform::error::Result;
use crate::platform::ids::JurisdictionId;
use crate::platform::retention::{self, Class, Rule, Standing, Sum};

/// How a class stands.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The class.
    pub class: &'static Class,
    /// Its term.
    pub standing: Standing,
    /// All rules that were ever set for it, the oldest first.
    pub rules: Vec<Rule>,
    /// What keeps it as a whole.
    pub hold: Option<Hold>,
    /// What is older is due; none when it is kept for ever.
    pub cut: Option<i64>,
}

impl Kept {
    /// How some classes stand.
    pub async fn of(
        db: &impl ConnectionTrait,
        town: &JurisdictionId,
        classes: &[&'static Class],
        now: i64,
    ) -> Result<Vec<Self>> {
        let mut rules = retention::rules(db, town).await?;
        let holds = store::holds(db, town).await?;
        let kept = |class: &&'static Class| {
            let rules = rules.remove(class.code).unwrap_or_default();
            let standing = retention::standing(class, &rules, now);
            Self {
                class,
                hold: holds.iter().find(|hold| hold.keeps(class)).cloned(),
                cut: standing.days.map(|days| retention::cut(now, days)),
                standing,
                rules,
            }
        };
        Ok(classes.iter().map(kept).collect())
    }

    /// How one class stands.
    pub async fn one(
        db: &impl ConnectionTrait,
        town: &JurisdictionId,
        class: &'static Class,
        now: i64,
    ) -> Result<Self> {
        Ok(Self::of(db, town, &[class], now).await?.remove(0))
    }

    /// The instant before which things go, when anything may go at all.
    pub fn goes_before(&self) -> Option<i64> {
        self.cut.filter(|_| self.hold.is_none())
    }

    /// How much is due, held back or not.
    pub async fn due(&self, app: &App, town: &JurisdictionId) -> Result<Sum> {
        match self.cut {
            Some(cut) => retention::sum(app.db.reader(), town, self.class, cut).await,
            None => Ok(Sum::default()),
        }
    }
}
