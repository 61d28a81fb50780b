//! What a person has to do, in the order in which to do it, and how it is said.

use std::collections::HashMap;

use jiff::civil::DateTime;

use crate::features::campaigns::api::CampaignHeader;
use crate::features::duties::api::{CampaignId, Part, Review, State, WorkItem};
use crate::platform::auth::Actor;
use crate::platform::ids::UnitId;

/// A unit that the person works for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnUnit {
    /// Its id.
    pub id: UnitId,
    /// Its name.
    pub name: String,
}

/// The units that a person is liaison of, each once.
pub fn own_units(actor: &Actor) -> Vec<OwnUnit> {
    let mut units: Vec<OwnUnit> = Vec::new();
    for grant in actor.own_units() {
        if !units.iter().any(|unit| unit.id == grant.unit_id) {
            units.push(OwnUnit { id: grant.unit_id.clone(), name: grant.unit_name.clone() });
        }
    }
    units
}

/// The units shown: the chosen one, else all.
pub fn shown_units<'a>(units: &'a [OwnUnit], chosen: &str) -> Vec<&'a OwnUnit> {
    let some: Vec<&OwnUnit> = units.iter().filter(|unit| unit.id.as_str() == chosen).collect();
    if some.is_empty() { units.iter().collect() } else { some }
}

/// `6月13日 08:30`, for what has happened.
pub fn past_in_words(ms: i64, now: DateTime) -> String {
    let Some(at) = calendar::to_local(ms) else { return String::new() };
    let year = if at.year() == now.year() { String::new() } else { format!("{}年", at.year()) };
    format!("{year}{}月{}日 {:02}:{:02}", at.month(), at.day(), at.hour(), at.minute())
}

/// `6月16日（周四）12:00　还有2天`; in words also where there is no date.
pub fn due_in_words(item: &WorkItem, now: DateTime) -> String {
    let Some(at) = item.due().and_then(calendar::to_local) else {
        return if item.is_ad_hoc() { "随时可报".to_owned() } else { "通知未定时间，请尽早".to_owned() };
    };
    let day = calendar::format_due(at, now);
    let extended = if item.extended_until.is_some() { "，已延期" } else { "" };
    if !item.is_owing() {
        return format!("{day}{extended}");
    }
    if item.born_past && item.extended_until.is_none() && at < now {
        return format!("{day}　收到通知时已过期，可以补报");
    }
    format!("{day}　{}{extended}", calendar::time_left(at, now))
}

/// One thing to do, as its card shows it.
#[derive(Clone, Debug, Default)]
pub struct Card {
    /// What.
    pub title: String,
    /// Of which campaign.
    pub campaign: String,
    /// For which unit; empty when the person has only one.
    pub unit: String,
    /// When it is due, in words.
    pub due: String,
    /// The time is over.
    pub overdue: bool,
    /// Word of its state; empty while nothing is handed in.
    pub state: &'static str,
    /// What the reviewer said, when it was sent back.
    pub returned: String,
    /// The clause it rests on.
    pub clause: String,
    /// The phrase of the notice.
    pub source_text: String,
    /// `约10分钟`
    pub minutes: String,
    /// Where to do it.
    pub href: String,
    /// Words on the button.
    pub button: &'static str,
    /// Something was typed and not yet sent.
    pub has_draft: bool,
    /// When it was handed in, in words.
    pub handed_in: String,
    /// For sorting: due in milliseconds.
    pub due_ms: i64,
}

impl Card {
    /// The card of an occurrence.
    pub fn of(item: &WorkItem, campaign: &str, unit: &str, now_ms: i64, now: DateTime) -> Self {
        let only_acknowledge = item.duty.parts == [Part::Acknowledgement];
        let href = if only_acknowledge {
            format!("/work/campaigns/{}?unit={}", item.campaign_id, item.unit_id)
        } else {
            format!("/work/do/{}", item.id)
        };
        Self {
            title: item.duty.title.clone(),
            campaign: campaign.to_owned(),
            unit: unit.to_owned(),
            due: due_in_words(item, now),
            overdue: item.is_overdue(now_ms),
            state: match item.state {
                State::Open => "",
                state => state.on_board().map_or("", |word| word.label()),
            },
            returned: item.returned.as_ref().map(returned_in_words).unwrap_or_default(),
            clause: item.duty.clause.clone(),
            source_text: item.duty.source_text.clone(),
            minutes: if item.is_owing() && item.duty.minutes > 0 {
                format!("约{}分钟", item.duty.minutes)
            } else {
                String::new()
            },
            href,
            button: match item.state {
                State::Open if only_acknowledge => "去签收",
                State::Open => "去填报",
                State::Returned => "去修改",
                _ => "查看",
            },
            has_draft: false,
            handed_in: item.submitted_at.map(|at| past_in_words(at, now)).unwrap_or_default(),
            due_ms: item.due().unwrap_or(i64::MAX),
        }
    }
}

/// A review in one line.
pub fn returned_in_words(review: &Review) -> String {
    if review.comment.is_empty() {
        review.parts.values().cloned().collect::<Vec<_>>().join("；")
    } else {
        review.comment.clone()
    }
}

/// What a person has to do, sorted.
#[derive(Clone, Debug, Default)]
pub struct Todo {
    /// Overdue, sent back, today, within seven days, and what has no date.
    pub now: Vec<Card>,
    /// Later.
    pub later: Vec<Card>,
    /// Was over before the notice came: may be made up for, is never held against the unit.
    pub missed: Vec<Card>,
    /// Handed in, or not applicable; the latest first.
    pub done: Vec<Card>,
}

const WEEK_MS: i64 = 7 * 86_400_000;

/// Sorts occurrences: what to do now by the time it is due, later things, done things.
pub fn sort(
    items: &[WorkItem],
    campaigns: &HashMap<CampaignId, CampaignHeader>,
    unit_name: impl Fn(&UnitId) -> String,
    now_ms: i64,
    now: DateTime,
) -> Todo {
    let mut todo = Todo::default();
    let mut done: Vec<(i64, Card)> = Vec::new();
    for item in items.iter().filter(|item| !item.is_standing() && item.state != State::Withdrawn) {
        let campaign = campaigns.get(&item.campaign_id).map_or("", |campaign| campaign.title.as_str());
        let card = Card::of(item, campaign, &unit_name(&item.unit_id), now_ms, now);
        if !item.is_owing() {
            // A report that was begun and never sent is offered where it was begun, not listed as done.
            let begun_only = item.is_ad_hoc() && item.state == State::Open;
            if begun_only && !item.closed {
                todo.later.push(card);
            } else if !begun_only && item.state != State::Open {
                done.push((item.submitted_at.unwrap_or_default(), card));
            }
            continue;
        }
        if item.born_past && item.extended_until.is_none() && item.state == State::Open {
            todo.missed.push(card);
            continue;
        }
        let soon = item.due().is_none_or(|due| due - now_ms <= WEEK_MS) || item.state == State::Returned;
        if soon { todo.now.push(card) } else { todo.later.push(card) }
    }
    todo.now.sort_by_key(|card| (!card.overdue, card.due_ms));
    todo.later.sort_by_key(|card| card.due_ms);
    todo.missed.sort_by_key(|card| card.due_ms);
    done.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    todo.done = done.into_iter().map(|(_, card)| card).collect();
    todo
}

/// What is due next for these units, besides one occurrence: `每周情况：6月16日（周四）12:00　还有2天`.
pub fn next_in_words(items: &[WorkItem], besides: &str, now: DateTime) -> Option<(String, String)> {
    let next = items
        .iter()
        .filter(|item| {
            item.is_owing() && item.id.as_str() != besides && !(item.born_past && item.extended_until.is_none())
        })
        .min_by_key(|item| item.due().unwrap_or(i64::MAX))?;
    let card = Card::of(next, "", "", 0, now);
    Some((format!("{}：{}", card.title, card.due), card.href))
}

/// `6月10日至6月16日`; empty when neither day is known.
pub fn period_in_words(first: Option<jiff::civil::Date>, last: Option<jiff::civil::Date>) -> String {
    let day = |date: jiff::civil::Date| format!("{}月{}日", date.month(), date.day());
    match (first, last) {
        (Some(first), Some(last)) if first == last => day(first),
        (Some(first), Some(last)) => format!("{}至{}", day(first), day(last)),
        (Some(first), None) => format!("{}起", day(first)),
        (None, Some(last)) => format!("至{}", day(last)),
        (None, None) => String::new(),
    }
}
