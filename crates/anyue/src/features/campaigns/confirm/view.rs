//! From the content of a campaign to the cards of the confirm page.

use super::super::content::Content;
use super::super::duty_form::DutyForm;
use super::super::forms::ActivityForm;
use super::super::model::{Campaign, burden_in_words, period_in_words};
use super::super::plan::{Plan, Text};
use super::super::{addressed, publish};
use super::ConfirmPage;
use super::cards::{ActivityView, DutyView, HeadField, Shown, blank_activity, blank_duty, span};
use super::document::{doc_lines, months};
use super::notes::Notes;
use crate::App;
use crate::features::duties::api::{Duty, Schedule};
use crate::features::units::api::{Selector, UnitRef};
use crate::platform::FieldErrors;
use crate::platform::web::Frame;

pub(super) struct Viewing<'a> {
    pub(super) app: &'a App,
    pub(super) campaign: &'a Campaign,
    pub(super) content: &'a Content,
    pub(super) units: &'a [UnitRef],
    pub(super) superior: &'a [Duty],
}

impl Viewing<'_> {
    pub(super) fn page(&self) -> ConfirmPage {
        let plan = Plan::from_json(&self.campaign.notice_plan);
        let lines = self.campaign.lines();
        let mut notes = Notes::new(&plan, self.campaign);
        let (head, theme, tail) = self.head(&plan, &mut notes);
        let duties = self.duties(&mut notes);
        let activities = self.activities(&mut notes);
        let now = self.app.now();
        let units = self.units.len() as i64;
        let has_document = !plan_is_empty(&plan) && !lines.is_empty();
        ConfirmPage {
            frame: Frame::default(),
            id: self.campaign.header.id.clone(),
            is_amendment: false,
            derived: None,
            has_document,
            lines: doc_lines(&lines, &plan),
            text: self.campaign.notice_text.clone(),
            text_seen: super::text_seen(&self.campaign.notice_text),
            text_theirs: None,
            text_error: String::new(),
            decided_meanwhile: false,
            version: self.content.version,
            head,
            theme,
            tail,
            head_changed: false,
            head_errors: FieldErrors::new(),
            addressees: plan.addressees.as_ref().map(|addressees| Shown {
                label: "主送".to_owned(),
                words: addressees.value.clone(),
                lines: span(Some(addressees.lines)),
            }),
            general: plan
                .addressees
                .iter()
                .flat_map(|addressees| &addressees.items)
                .find(|item| addressed::is_general(&item.text))
                .map(|item| item.text.clone())
                .unwrap_or_default(),
            new_activity: blank_activity(),
            new_duty: blank_duty(),
            duty_notes: notes.take(|code, _| code == "no_summary_duty"),
            months: months(self, now),
            attachments: plan
                .attachments
                .iter()
                .map(|attachment| Shown {
                    label: attachment.label.clone(),
                    words: attachment.title.clone().unwrap_or_else(|| "原文只提到，没有名称".to_owned()),
                    lines: span(Some(attachment.lines)),
                })
                .collect(),
            attachment_notes: notes.take(|code, _| code.starts_with("attachment_")),
            notes: notes.take(|_, _| true),
            note_indexes: (0..plan.warnings.len())
                .map(|index| (index, self.campaign.decisions.get(&index.to_string()).cloned().unwrap_or_default()))
                .collect(),
            theme_seen: super::text_seen(&self.content.head.theme),
            activities,
            duties,
            receivers: receivers_in_words(&self.content.receivers, units),
            units,
            burden: burden_in_words(&publish::estimate(self.app, self.campaign, self.content, self.units)),
            missing: self.content.missing(units, &self.app.clock, &self.app.calendar),
            unresolved: publish::unresolved(self.campaign),
        }
    }

    fn head(&self, plan: &Plan, notes: &mut Notes<'_>) -> (Vec<HeadField>, Vec<HeadField>, Vec<HeadField>) {
        let lines = |text: &Option<Text>| span(text.as_ref().map(|text| text.lines));
        let contact = plan.contacts.first().map(|contact| contact.lines);
        let values = self.content.head.labelled();
        let mut field = |name: &'static str, kind: &'static str, lines: String, codes: &[&str]| {
            let (_, label, value) =
                values.iter().find(|(field, ..)| *field == name).cloned().unwrap_or((name, "", String::new()));
            let notes = notes.take(|code, _| codes.contains(&code));
            HeadField { name, label, kind, value, theirs: String::new(), error: String::new(), lines, notes }
        };
        let head = vec![
            field("doc_number", "text", lines(&plan.doc_number), &["doc_number_damaged", "only_other_numbers"]),
            field("title", "area", lines(&plan.title), &["title_from_plan", "title_differs"]),
            field("issuer", "text", lines(&plan.issuer), &[]),
            field("issued_on", "date", lines(&plan.date), &["issued_late"]),
        ];
        let theme = vec![
            field("theme", "text", lines(&plan.theme), &["theme_mismatch", "several_themes", "theme_cleared"]),
            field("period_start", "date", lines(&plan.period_start), &[]),
            field("period_end", "date", lines(&plan.period_end), &[]),
        ];
        let tail = vec![
            field("contact", "text", span(contact), &["contact_unclear"]),
            field("remarks", "area", String::new(), &[]),
        ];
        (head, theme, tail)
    }

    fn activities(&self, notes: &mut Notes<'_>) -> Vec<ActivityView> {
        let today = self.app.clock.today();
        let mut index = 0;
        self.content
            .activities
            .iter()
            .map(|activity| {
                index += 1;
                ActivityView {
                    id: activity.id.0.clone(),
                    number: if activity.number.is_empty() { index.to_string() } else { activity.number.clone() },
                    form: ActivityForm::of(activity),
                    when: period_in_words(activity.starts_on, activity.ends_on, today),
                    dropped: activity.dropped,
                    lines: span(activity.lines),
                    notes: notes.take(|_, line| within(activity.lines, line)),
                    errors: FieldErrors::new(),
                    open: false,
                    theirs: String::new(),
                }
            })
            .collect()
    }

    fn duties(&self, notes: &mut Notes<'_>) -> Vec<DutyView> {
        const DATED: [&str; 8] = [
            "already_past",
            "relative_due",
            "date_to_follow",
            "date_conflict",
            "superseded",
            "weekday_mismatch",
            "impossible_date",
            "year_unknown",
        ];
        let today = self.app.clock.today();
        let dates = self.content.head.dates(self.campaign.header.published_on().unwrap_or(today));
        self.content
            .duties
            .iter()
            .map(|duty| {
                let planned = duty.planned(&dates, &self.app.calendar).unwrap_or_default();
                let over = |due: Option<i64>| due.is_some_and(|due| due < self.app.now());
                let units = self.units.iter().filter(|unit| duty.receivers.selects(unit)).count();
                DutyView {
                    id: duty.id.0.clone(),
                    kind: duty.kind.label(),
                    form: DutyForm::of(duty),
                    when: duty.schedule_in_words(today),
                    past: !planned.is_empty() && planned.iter().all(|one| over(one.due_ms)),
                    receivers: if duty.receivers.is_any() && duty.receivers.except.is_empty() {
                        "全部接收单位".to_owned()
                    } else {
                        receivers_in_words(&duty.receivers, units as i64)
                    },
                    who: duty.who.clone(),
                    narrower: self.narrower(duty),
                    parts: duty.parts.iter().map(|part| part.label()).collect::<Vec<_>>().join("、"),
                    quota: duty.quota.as_ref().map(|(min, unit)| format!("至少{min}{unit}")).unwrap_or_default(),
                    dropped: duty.dropped,
                    lines: span(duty.lines),
                    notes: notes.take(|code, line| DATED.contains(&code) && within(duty.lines, line)),
                    errors: FieldErrors::new(),
                    open: false,
                    theirs: String::new(),
                    later: self.later(duty),
                }
            })
            .collect()
    }

    /// The kinds that the notice's words name, when a duty is given to others as well.
    fn narrower(&self, duty: &Duty) -> String {
        let named = addressed::kinds_named(&duty.who);
        let others = self.units.iter().any(|unit| duty.receivers.selects(unit) && !named.contains(&unit.kind));
        if duty.who.is_empty() || named.is_empty() || !others || !duty.receivers.is_any() {
            return String::new();
        }
        named.iter().map(|kind| kind.code()).collect::<Vec<_>>().join(",")
    }

    /// A sentence when a duty that was passed on is due later than the superior has it.
    fn later(&self, duty: &Duty) -> String {
        let today = self.app.clock.today();
        let same = |one: &&Duty| {
            one.kind == duty.kind
                && one.source_text == duty.source_text
                && one.lines == duty.lines
                && duty.lines.is_some()
        };
        let Some(superior) = self.superior.iter().find(same) else { return String::new() };
        let last = |schedule: &Schedule| match schedule {
            Schedule::Once(moment) => Some(moment.due_ms()),
            Schedule::Dates(moments) => moments.iter().map(|moment| moment.due_ms()).max(),
            _ => None,
        };
        match (last(&duty.schedule), last(&superior.schedule)) {
            (Some(own), Some(theirs)) if own > theirs => {
                format!("晚于上级要求的{}，请改到这一天或更早。", superior.schedule_in_words(today))
            }
            _ => String::new(),
        }
    }
}

fn plan_is_empty(plan: &Plan) -> bool {
    !plan.is_notice
}

fn within(lines: Option<(i64, i64)>, line: Option<i64>) -> bool {
    lines.zip(line).is_some_and(|((first, last), line)| (first..=last).contains(&line))
}

/// `29 个单位（嘎查村、企业）`
fn receivers_in_words(selector: &Selector, units: i64) -> String {
    let mut words: Vec<String> = selector.kinds.iter().map(|kind| kind.label().to_owned()).collect();
    if !selector.industries.is_empty() {
        words.push("按行业".to_owned());
    }
    if selector.subtree.is_some() {
        words.push("某单位及其下属".to_owned());
    }
    if !selector.units.is_empty() {
        words.push(format!("单独添加{}个", selector.units.len()));
    }
    if !selector.except.is_empty() {
        words.push(format!("除去{}个", selector.except.len()));
    }
    if words.is_empty() {
        format!("{units} 个单位")
    } else {
        format!("{units} 个单位（{}）", words.join("、"))
    }
}
