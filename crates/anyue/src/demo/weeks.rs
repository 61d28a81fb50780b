//! Two weeks of the demonstration: units hold activities and report on Thursdays, the office reviews.
//!
//! The clock of the installation is moved from moment to moment, and ends on the second Thursday morning: some have
//! reported, some have not, one has been sent back.

use std::collections::HashMap;

use jiff::civil::DateTime;

use super::photos::photo;
use super::story::{COPIED, DUE, FIRST_WEEK, FROZEN, HELD, Held, JOINT, SECOND_WEEK, Sent};
use crate::App;
use crate::features::duties::api::{self as duties, Accept, CampaignId, DutyKind, OccurrenceId, Payload, Submit};
use crate::features::records::api::{self as records, AddFile, Facts, RecordId, Target};
use crate::features::reports::api::{self as reports, HandIn, SendBack};
use crate::features::statistics::api::{self as statistics, FreezeForm};
use crate::platform::auth::Actor;
use crate::platform::error::{Error, Result};
use crate::platform::ids::UnitId;

/// A unit and who answers for it.
pub(super) struct Member {
    pub(super) unit: UnitId,
    pub(super) person: Actor,
}

/// The town as it is played.
pub(super) struct Stage<'a> {
    pub(super) app: &'a App,
    pub(super) office: Actor,
    pub(super) campaign: CampaignId,
    /// By the name of the unit.
    pub(super) members: HashMap<&'static str, Member>,
}

/// When the demonstration stands after two weeks.
pub(super) const NOW: DateTime = jiff::civil::date(2022, 6, 23).at(10, 30, 0, 0);

impl Stage<'_> {
    fn at(&self, when: DateTime) {
        self.app.clock.set(calendar::from_local(when));
    }

    fn member(&self, unit: &str) -> Result<&Member> {
        self.members.get(unit).ok_or_else(|| Error::internal("a unit of the demonstration"))
    }

    /// Plays the first week: its form is frozen on Thursday afternoon, and what comes later changes it.
    pub(super) async fn first_week(&self) -> Result<()> {
        self.held(13..=15).await?;
        self.reports(0, FIRST_WEEK).await?;
        self.at(FROZEN);
        let week =
            statistics::week_of(self.app, &self.office.jurisdiction, &self.campaign, jiff::civil::date(2022, 6, 15))
                .await?;
        let form = FreezeForm { campaign: self.campaign.to_string(), week, reason: String::new() };
        statistics::freeze(self.app, &self.office, &form).await?;
        for (unit, how) in FIRST_WEEK.iter().filter(|(_, how)| *how == Sent::Late) {
            self.at(DUE[0].date().at(15, 40, 0, 0));
            self.report(0, unit, *how).await?;
        }
        Ok(())
    }

    /// Plays the second week up to its Thursday morning.
    pub(super) async fn second_week(&self) -> Result<()> {
        self.held(16..=22).await?;
        self.reports(1, SECOND_WEEK).await?;
        self.at(NOW);
        Ok(())
    }

    async fn held(&self, days: std::ops::RangeInclusive<i8>) -> Result<()> {
        for day in days {
            for (number, held) in HELD.iter().enumerate().filter(|(_, held)| held.day == day) {
                self.at(held.on().at(16, 5, 0, 0));
                self.hold(number, held).await?;
            }
        }
        Ok(())
    }

    /// The reports of a week that come in time.
    async fn reports(&self, week: usize, sent: &[(&'static str, Sent)]) -> Result<()> {
        let mut when = DUE[week].date().at(8, 10, 0, 0);
        for (unit, how) in sent.iter().filter(|(_, how)| *how != Sent::Late) {
            self.at(when);
            self.report(week, unit, *how).await?;
            when = when.saturating_add(jiff::Span::new().minutes(4));
        }
        Ok(())
    }

    async fn hold(&self, number: usize, held: &Held) -> Result<RecordId> {
        let member = self.member(held.unit)?;
        let record = records::create(self.app, &member.person, self.record(number, held, member)?).await?;
        for place in 0..held.photos {
            let taken = held.on().at(9 + i8::try_from(place).unwrap_or_default(), 12, 40, 0);
            let (name, bytes) = match (held.unit, held.day) == (COPIED.0, 20) {
                true => ("mmexport_photo.jpg".to_owned(), copied()?),
                false => (
                    format!("IMG_202206{:02}_{number:02}{place}.jpg", held.day),
                    photo(held.scene, photo_number(number, place), taken, 88)?,
                ),
            };
            let blob = self.app.blobs.put(&member.person.jurisdiction, bytes).await?;
            let cmd = AddFile { record: record.to_string(), name, blob };
            records::add_file(self.app, &member.person, cmd).await?;
        }
        Ok(record)
    }

    fn record(&self, number: usize, held: &Held, member: &Member) -> Result<records::New> {
        let mut facts = Facts::new(held.kind, held.on());
        facts.campaign_id = Some(self.campaign.clone());
        held.title.clone_into(&mut facts.title);
        held.place.clone_into(&mut facts.place);
        held.text.clone_into(&mut facts.text);
        facts.measures.clone_from(&held.measures);
        if let Some(leaders) = facts.measures.remove("leaders") {
            facts.leader_present = true;
            facts.leader_count = Some(leaders);
        }
        facts.target = match (held.kind, held.measures.get("households") == Some(&0)) {
            ("five_in", true) => Some(Target::Village),
            ("five_in", false) if held.place.contains('校') || held.place.contains("中学") => Some(Target::School),
            ("five_in", false) => Some(Target::Home),
            _ => None,
        };
        if (held.unit, held.kind) == (JOINT.0, "consult_day") {
            facts.co_hosts = JOINT.1.iter().map(|unit| Ok(self.member(unit)?.unit.clone())).collect::<Result<_>>()?;
        }
        facts.highlight = held.kind == "open_day";
        Ok(records::New {
            unit_id: member.unit.clone(),
            facts,
            idempotency_key: format!("demonstration-{number:03}"),
            report: false,
            draft: None,
        })
    }

    async fn report(&self, week: usize, unit: &str, how: Sent) -> Result<()> {
        let member = self.member(unit)?;
        let cmd = Submit {
            occurrence_id: self.due(week, member).await?,
            payload: Payload { text: words(how).to_owned(), ..Payload::default() },
            zero_report: how == Sent::Zero,
            idempotency_key: format!("demonstration-{week}-{}", member.unit),
        };
        let sent = reports::hand_in(self.app, &member.person, HandIn { submit: cmd, records: None }).await?;
        let submission_id = sent.submitted.submission.id;
        match how {
            Sent::Accepted | Sent::Zero | Sent::Late => {
                reports::accept(self.app, &self.office, Accept { submission_id }).await
            }
            Sent::Returned => {
                let said = "照片看不出检查的是哪些车辆，请遮挡车牌后补充现场照片，并填写参加人数。";
                let records = sent.records.iter().map(|one| (one.record_id.clone(), said.to_owned())).collect();
                let cmd = SendBack {
                    submission_id,
                    comment: "其他内容没有问题，只改这一项。".to_owned(),
                    parts: [].into(),
                    records,
                    accept_rest: true,
                };
                reports::send_back(self.app, &self.office, cmd).await
            }
            Sent::Waiting => Ok(()),
        }
    }

    /// The weekly report of a unit that is due on this week's Thursday.
    async fn due(&self, week: usize, member: &Member) -> Result<OccurrenceId> {
        let (town, db) = (&member.person.jurisdiction, self.app.db.reader());
        let work = duties::work_of_units(db, town, std::slice::from_ref(&member.unit)).await?;
        let due = calendar::from_local_ms(DUE[week]);
        work.into_iter()
            .find(|item| item.duty.kind == DutyKind::WeeklyReport && item.due_at == Some(due))
            .map(|item| item.id)
            .ok_or_else(|| Error::internal("the notice asks for a report on this Thursday"))
    }
}

/// A photo of the other unit's first week, sent on by a chat program: smaller, without the phone's own time.
fn copied() -> Result<Vec<u8>> {
    let (number, held) = HELD
        .iter()
        .enumerate()
        .find(|(_, held)| held.unit == COPIED.1)
        .ok_or_else(|| Error::internal("a unit of the demonstration"))?;
    photo(held.scene, photo_number(number, 0), held.on().at(9, 12, 40, 0), 45)
}

fn photo_number(held: usize, place: usize) -> u32 {
    u32::try_from(held * 4 + place + 1).unwrap_or_default()
}

fn words(how: Sent) -> &'static str {
    match how {
        Sent::Zero => "",
        Sent::Late => "因停电未能按时报送，现补报本周活动情况。",
        _ => "本周活动情况见所附记录。",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_copied_photo_of_the_story_is_taken_for_another() {
        let mut index = evidence::Index::new();
        let print = |bytes: &[u8]| evidence::clean(bytes).unwrap().fingerprint.unwrap();
        let numbered = HELD.iter().enumerate().filter(|(_, held)| (held.unit, held.day) != (COPIED.0, 20));
        for (number, held) in numbered {
            for place in 0..held.photos {
                let bytes = photo(held.scene, photo_number(number, place), held.on().at(9, 0, 0, 0), 88).unwrap();
                let near = index.within(print(&bytes), evidence::near::NEAR);
                assert!(near.is_empty(), "{} on {}: {near:?}", held.unit, held.day);
                index.insert(photo_number(number, place), print(&bytes));
            }
        }
        assert_eq!(index.within(print(&copied().unwrap()), evidence::near::NEAR).len(), 1);
    }
}
