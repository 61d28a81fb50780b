//! What an archive is, what can be asked for, and who may have it.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::features::campaigns::api::CampaignHeader;
use crate::features::duties::api::CampaignId;
use crate::features::statistics::api::Week;
use crate::platform::FieldErrors;
use crate::platform::auth::{Actor, Permission};
use crate::platform::ids::UnitId;
use crate::{coded, id_type};

id_type!(
    /// An archive.
    ArchiveId
);

coded!(
    /// How an archive stands.
    State {
        /// Waits for its turn, or is being made.
        Making = "making" "正在生成",
        /// Can be fetched.
        Ready = "ready" "可以下载",
        /// Could not be made.
        Failed = "failed" "没有生成",
        /// Its days are over.
        Removed = "removed" "已清除",
    }
);

/// An archive can be fetched for so many days.
pub const KEEP_DAYS: i64 = 14;

/// What was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Wish {
    /// These units; none: all of them.
    pub units: Vec<UnitId>,
    /// From this week on.
    pub from: Option<usize>,
    /// Up to this week.
    pub until: Option<usize>,
    /// The clean copies of photos.
    pub copies: bool,
    /// The originals of photos and videos.
    pub originals: bool,
}

impl Wish {
    /// In one form: the same wish gives the same key.
    #[must_use]
    pub fn tidy(mut self) -> Self {
        self.units.sort();
        self.units.dedup();
        self
    }

    /// Messages for what is wrong.
    pub fn check(&self, weeks: &[Week], known: &HashSet<&UnitId>, errors: &mut FieldErrors) {
        if self.units.iter().any(|unit| !known.contains(unit)) {
            errors.add("units", "选中的单位里有的不在这项活动的范围内，请刷新页面重新选择。");
        }
        let is_week = |no: Option<usize>| no.is_none_or(|no| weeks.iter().any(|week| week.no == no));
        if !is_week(self.from) || !is_week(self.until) {
            errors.add("from", "没有这一周，请重新选择。");
        } else if self.from.zip(self.until).is_some_and(|(from, until)| until < from) {
            errors.add("until", "最后一周不能早于第一周。");
        }
        if !self.copies && !self.originals {
            errors.add("copies", "请至少选一项：网页副本，或者原件。");
        }
    }

    /// Whether something of this unit is wanted.
    pub fn wants_unit(&self, unit: &UnitId) -> bool {
        self.units.is_empty() || self.units.contains(unit)
    }

    /// Whether something of this day is wanted, and its week; what lies in no week belongs to a whole campaign only.
    pub fn week_of<'a>(&self, weeks: &'a [Week], day: Date) -> Option<Option<&'a Week>> {
        let week = weeks.iter().find(|week| (week.from..=week.until).contains(&day));
        match week {
            Some(week) => self.wants_week(week.no).then_some(Some(week)),
            None => (self.from.is_none() && self.until.is_none()).then_some(None),
        }
    }

    /// Whether this week is wanted.
    pub fn wants_week(&self, no: usize) -> bool {
        self.from.is_none_or(|from| from <= no) && self.until.is_none_or(|until| no <= until)
    }

    /// `全部单位　第1周至第3周　网页副本和原件`
    pub fn words(&self, names: &HashMap<UnitId, String>) -> String {
        let units: Vec<&str> = self.units.iter().filter_map(|id| names.get(id)).map(String::as_str).take(3).collect();
        let units = match self.units.len() {
            0 => "全部单位".to_owned(),
            1..=3 => units.join("、"),
            count => format!("{}等{count}个单位", units.join("、")),
        };
        let weeks = match (self.from, self.until) {
            (None, None) => "全部时间".to_owned(),
            (Some(from), Some(until)) if from == until => format!("第{from}周"),
            (Some(from), Some(until)) => format!("第{from}周至第{until}周"),
            (Some(from), None) => format!("第{from}周起"),
            (None, Some(until)) => format!("至第{until}周"),
        };
        let material = match (self.copies, self.originals) {
            (true, true) => "网页副本和原件",
            (false, true) => "原件",
            _ => "网页副本",
        };
        format!("{units}　{weeks}　{material}")
    }
}

/// An archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Archive {
    /// Its id.
    pub id: ArchiveId,
    /// Of which campaign.
    pub campaign_id: CampaignId,
    /// What was asked for.
    pub wish: Wish,
    /// How it stands.
    pub state: State,
    /// Files in it.
    pub files: i64,
    /// Bytes of the whole.
    pub size: i64,
    /// SHA-256 of the whole.
    pub sha256: String,
    /// Why it could not be made.
    pub reason: String,
    /// Who asked for it.
    pub requested_by_name: String,
    /// When.
    pub requested_at: i64,
    /// When it was finished.
    pub made_at: Option<i64>,
    /// It is removed after this.
    pub expires_at: Option<i64>,
}

impl Archive {
    /// Its number: the random end of its id.
    pub fn number(&self) -> String {
        self.id.as_str().rsplit('-').next().unwrap_or_default().to_uppercase()
    }

    /// The tag by which a download that broke is gone on with.
    pub fn tag(&self) -> String {
        format!("\"{}\"", self.sha256)
    }
}

/// Whether somebody sees the archives of a campaign.
pub fn may_view(actor: &Actor, campaign: &CampaignHeader) -> bool {
    [Permission::DutyView, Permission::RecordView, Permission::StatisticsView]
        .into_iter()
        .all(|permission| actor.scope(permission).covers(&campaign.issuer_unit_path))
}

/// Whether somebody may ask for archives and have originals in them: whoever reviews duties and records.
pub fn may_request(actor: &Actor, campaign: &CampaignHeader) -> bool {
    may_view(actor, campaign)
        && [Permission::DutyReview, Permission::RecordReview]
            .into_iter()
            .all(|permission| actor.scope(permission).covers(&campaign.issuer_unit_path))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn weeks() -> Vec<Week> {
        let week = |no, from, until| Week { no, from, until, total_from: date(2022, 6, 1) };
        vec![
            week(1, date(2022, 6, 1), date(2022, 6, 2)),
            week(2, date(2022, 6, 3), date(2022, 6, 9)),
            week(3, date(2022, 6, 10), date(2022, 6, 16)),
        ]
    }

    #[test]
    fn a_day_is_wanted_with_its_week_and_a_day_of_no_week_with_the_whole_only() {
        let weeks = weeks();
        let some = Wish { from: Some(2), until: Some(2), ..Wish::default() };
        assert_eq!(some.week_of(&weeks, date(2022, 6, 9)).flatten().map(|week| week.no), Some(2));
        assert_eq!(some.week_of(&weeks, date(2022, 6, 10)), None);
        assert_eq!(some.week_of(&weeks, date(2022, 7, 1)), None);
        assert_eq!(Wish::default().week_of(&weeks, date(2022, 7, 1)), Some(None));
    }

    #[test]
    fn what_cannot_be_wished_for_is_told_beside_its_field() {
        let (a, b) = (UnitId::from("a"), UnitId::from("b"));
        let told = |wish: Wish| {
            let mut errors = FieldErrors::new();
            wish.check(&weeks(), &HashSet::from([&a]), &mut errors);
            errors.iter().map(|(field, _)| field.to_owned()).collect::<Vec<_>>()
        };
        let copies = Wish { copies: true, ..Wish::default() };
        assert!(told(Wish { units: vec![a.clone()], from: Some(1), until: Some(3), ..copies.clone() }).is_empty());
        assert_eq!(told(Wish { units: vec![b.clone()], ..copies.clone() }), ["units"]);
        assert_eq!(told(Wish { from: Some(4), ..copies.clone() }), ["from"]);
        assert_eq!(told(Wish { from: Some(3), until: Some(2), ..copies }), ["until"]);
        assert_eq!(told(Wish::default()), ["copies"]);
    }

    #[test]
    fn a_wish_is_told_in_words_and_the_same_wish_is_the_same() {
        let ids: Vec<UnitId> = ["d", "b", "c", "a", "a"].map(UnitId::from).to_vec();
        let names = ids.iter().map(|id| (id.clone(), format!("{id}村"))).collect();
        let wish = Wish { units: ids, from: Some(2), until: Some(2), originals: true, ..Wish::default() }.tidy();
        assert_eq!(wish.words(&names), "a村、b村、c村等4个单位　第2周　原件");
        assert_eq!(Wish { copies: true, ..Wish::default() }.words(&names), "全部单位　全部时间　网页副本");
        assert_eq!(wish.clone().tidy(), wish);
    }
}
