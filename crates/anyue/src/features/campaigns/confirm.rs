//! 核对通知: the document on the left, what was understood on the right, every value editable in place.
//!
//! Every form posts on its own and leads back here, so the page works without JavaScript; htmx sends the same
//! forms and takes the right column and the bar out of the answer.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Response};
use jiff::civil::Date;

use super::forms::{ActivityForm, DutyForm, HeadForm, WEEKDAYS};
use super::model::{Campaign, CampaignState, Content, Missing, burden_in_words, period_in_words};
use super::plan::Plan;
use super::{edit, publish, receivers, store};
use crate::App;
use crate::features::duties::api::{CampaignId, Duty, DutyKind, Part, Schedule};
use crate::features::units::api::{Selector, UnitRef};
use crate::page::Page;
use crate::platform::FieldErrors;
use crate::platform::error::{Error, Result};
use crate::platform::web::{self, Frame};

/// A line of the document.
#[derive(Clone, Debug)]
pub struct DocLine {
    /// 1-based.
    pub n: i64,
    /// As read.
    pub text: String,
    /// Where it stands, and whether it carries something.
    pub class: String,
}

/// A warning at its place.
#[derive(Clone, Debug)]
pub struct Note {
    /// Its number in the plan.
    pub index: usize,
    /// What the compiler says.
    pub message: String,
    /// The line in question; empty when none.
    pub lines: String,
    /// What else can be done, beside keeping.
    pub change: Option<String>,
    /// `kept`, `changed`, or empty.
    pub decided: String,
}

/// A field of the head.
#[derive(Clone, Debug)]
pub struct HeadField {
    /// Name of the field.
    pub name: &'static str,
    /// Words.
    pub label: &'static str,
    /// `text`, `date`, `area`.
    pub kind: &'static str,
    /// What it holds.
    pub value: String,
    /// What the other editor wrote, when both changed it.
    pub theirs: String,
    /// What is wrong.
    pub error: String,
    /// The lines it comes from; empty when none.
    pub lines: String,
    /// Warnings about it.
    pub notes: Vec<Note>,
}

/// An activity on its card.
#[derive(Clone, Debug)]
pub struct ActivityView {
    /// Its id.
    pub id: String,
    /// As printed, or its place.
    pub number: String,
    /// Its values.
    pub form: ActivityForm,
    /// Dates in words.
    pub when: String,
    /// Taken out.
    pub dropped: bool,
    /// The lines it comes from.
    pub lines: String,
    /// Warnings about it.
    pub notes: Vec<Note>,
    /// Messages by field, when the form was wrong.
    pub errors: FieldErrors,
    /// Shown open.
    pub open: bool,
    /// What the other editor wrote.
    pub theirs: String,
}

/// A duty on its card.
#[derive(Clone, Debug)]
pub struct DutyView {
    /// Its id; empty for a new one.
    pub id: String,
    /// What sort, in words.
    pub kind: &'static str,
    /// Its values.
    pub form: DutyForm,
    /// When, in words.
    pub when: String,
    /// All its dates are over.
    pub past: bool,
    /// How many units receive it.
    pub units: usize,
    /// Who, in words.
    pub receivers: String,
    /// Who, as the notice says it.
    pub who: String,
    /// Codes of the kinds that the notice's words name, when others receive it as well.
    pub narrower: String,
    /// The phrase of the notice.
    pub source: String,
    /// The parts in words.
    pub parts: String,
    /// The quota in words.
    pub quota: String,
    /// Taken out.
    pub dropped: bool,
    /// The lines it comes from.
    pub lines: String,
    /// Warnings about it.
    pub notes: Vec<Note>,
    /// Messages by field, when the form was wrong.
    pub errors: FieldErrors,
    /// Shown open.
    pub open: bool,
    /// What the other editor wrote.
    pub theirs: String,
    /// Due later than the superior's notice has it.
    pub later: String,
}

/// A month of the small calendar.
#[derive(Clone, Debug)]
pub struct Month {
    /// `2022年6月`
    pub label: String,
    /// Weeks of seven days: day (0: none), class, what is due.
    pub weeks: Vec<Vec<(i8, &'static str, String)>>,
}

/// A value that is shown and not edited: label, words, lines.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Words before.
    pub label: String,
    /// The value.
    pub words: String,
    /// The lines it comes from.
    pub lines: String,
}

/// 核对通知
#[derive(Debug, Template)]
#[template(path = "features/campaigns/templates/confirm.html")]
pub struct ConfirmPage {
    /// Around it.
    pub frame: Frame,
    /// The campaign.
    pub id: CampaignId,
    /// Title of the campaign.
    pub title: String,
    /// An amendment of what has been published.
    pub is_amendment: bool,
    /// 转自: the campaign that is passed on, in words.
    pub derived: Option<String>,
    /// Has a document to compare with; else the text is edited.
    pub has_document: bool,
    /// The document.
    pub lines: Vec<DocLine>,
    /// The text of a campaign by hand.
    pub text: String,
    /// Version of head and receivers.
    pub version: i64,
    /// 基本信息
    pub head: Vec<HeadField>,
    /// 主题与时间
    pub theme: Vec<HeadField>,
    /// 联系人、补充说明
    pub tail: Vec<HeadField>,
    /// The head was changed by another editor meanwhile.
    pub head_changed: bool,
    /// Errors of the head.
    pub head_errors: FieldErrors,
    /// 主送
    pub addressees: Option<Shown>,
    /// 相关单位: not said which.
    pub general: String,
    /// 活动内容
    pub activities: Vec<ActivityView>,
    /// An activity being added.
    pub new_activity: ActivityView,
    /// 要求与时限
    pub duties: Vec<DutyView>,
    /// A duty being added.
    pub new_duty: DutyView,
    /// Warnings about duties in general.
    pub duty_notes: Vec<Note>,
    /// The months in which something is due.
    pub months: Vec<Month>,
    /// 附件
    pub attachments: Vec<Shown>,
    /// Warnings about attachments.
    pub attachment_notes: Vec<Note>,
    /// Other warnings.
    pub notes: Vec<Note>,
    /// Who receives it, in words.
    pub receivers: String,
    /// How many.
    pub units: i64,
    /// The burden in words.
    pub burden: String,
    /// What is in the way of publication.
    pub missing: Vec<Missing>,
    /// Warnings nobody has dealt with.
    pub unresolved: usize,
}

/// A form of this page that was refused, to be shown with what was typed.
pub(super) enum Refused {
    /// The head: what was typed, what is wrong, whether another editor was first.
    Head(Box<HeadForm>, FieldErrors, bool),
    /// An activity; an empty id is a new one.
    Activity(String, Box<ActivityForm>, FieldErrors, bool),
    /// A duty; an empty id is a new one.
    Duty(String, Box<DutyForm>, FieldErrors, bool),
}

/// `GET /campaigns/{id}/confirm`
pub async fn page(State(app): State<App>, page: Page, Path(id): Path<CampaignId>) -> Result<Response> {
    let (campaign, view) = build(&app, &page, &id).await?;
    if !campaign.is_being_written() {
        return Ok(web::see_other(&format!("/campaigns/{id}")));
    }
    web::page(&view)
}

/// The page again, with what was typed and why it was refused: 422, or 409 when another editor was first.
pub(super) async fn again(app: &App, page: &Page, id: &CampaignId, refused: Refused) -> Result<Response> {
    let (_, mut view) = build(app, page, id).await?;
    let changed = match refused {
        Refused::Head(form, errors, changed) => {
            view.type_head(&form, &errors, changed);
            changed
        }
        Refused::Activity(activity, form, errors, changed) => {
            let at = view.activities.iter_mut().find(|one| one.id == activity);
            let at = if activity.is_empty() { Some(&mut view.new_activity) } else { at };
            if let Some(at) = at {
                if changed {
                    at.theirs = format!("{}　{}　{}", at.form.title, at.when, at.form.who);
                }
                let version = at.form.version.clone();
                at.form = ActivityForm { version, ..*form };
                (at.errors, at.open) = (errors, true);
            }
            changed
        }
        Refused::Duty(duty, form, errors, changed) => {
            let at = view.duties.iter_mut().find(|one| one.id == duty);
            let at = if duty.is_empty() { Some(&mut view.new_duty) } else { at };
            if let Some(at) = at {
                if changed {
                    at.theirs = format!("{}　{}　{}　{}", at.form.title, at.when, at.parts, at.form.detail);
                }
                let version = at.form.version.clone();
                at.form = DutyForm { version, ..*form };
                (at.errors, at.open) = (errors, true);
            }
            changed
        }
    };
    let status = if changed { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, Html(view.render()?)).into_response())
}

async fn build(app: &App, page: &Page, id: &CampaignId) -> Result<(Campaign, ConfirmPage)> {
    let (db, town) = (app.db.reader(), &page.actor.jurisdiction);
    let campaign = store::find(db, town, id).await?.ok_or(Error::NotFound)?;
    edit::require_edit(&page.actor, &campaign)?;
    let content = edit::content(db, town, &campaign).await?;
    let units = receivers::chosen(app, &page.actor, &campaign, &content).await?;
    let superior = match &campaign.header.derived_from {
        Some(superior) => store::find(db, town, superior).await?,
        None => None,
    };
    let superior_duties = match &superior {
        Some(superior) => edit::published_content(db, town, superior).await?.duties,
        None => Vec::new(),
    };
    let derived = superior.map(|superior| format!("{}　{}", superior.header.issuer, superior.header.title));
    let is_amendment = campaign.header.state == CampaignState::Published;
    let title = if is_amendment { "修改通知" } else { "核对通知" };
    let view = Viewing { app, campaign: &campaign, content: &content, units: &units, superior: &superior_duties };
    let view = ConfirmPage { derived, is_amendment, frame: page.frame(title, "campaigns"), ..view.page() };
    Ok((campaign, view))
}

struct Viewing<'a> {
    app: &'a App,
    campaign: &'a Campaign,
    content: &'a Content,
    units: &'a [UnitRef],
    superior: &'a [Duty],
}

impl Viewing<'_> {
    fn page(&self) -> ConfirmPage {
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
            title: self.content.head.title.clone(),
            is_amendment: false,
            derived: None,
            has_document,
            lines: doc_lines(&lines, &plan),
            text: self.campaign.notice_text.clone(),
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
                .find(|item| super::plan::is_general(&item.text))
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
        let lines = |text: &Option<super::plan::Text>| span(text.as_ref().map(|text| text.lines));
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
                    units,
                    receivers: if duty.receivers.is_any() && duty.receivers.except.is_empty() {
                        "全部接收单位".to_owned()
                    } else {
                        receivers_in_words(&duty.receivers, units as i64)
                    },
                    who: duty.who.clone(),
                    narrower: self.narrower(duty),
                    source: duty.source_text.clone(),
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
        let named = super::plan::kinds_named(&duty.who);
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
            one.kind == duty.kind && one.source_text == duty.source_text && one.lines == duty.lines && duty.lines.is_some()
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

impl ConfirmPage {
    fn type_head(&mut self, form: &HeadForm, errors: &FieldErrors, changed: bool) {
        self.head_changed = changed;
        self.head_errors = errors.clone();
        let typed = |name: &str| match name {
            "doc_number" => &form.doc_number,
            "title" => &form.title,
            "issuer" => &form.issuer,
            "issued_on" => &form.issued_on,
            "theme" => &form.theme,
            "period_start" => &form.period_start,
            "period_end" => &form.period_end,
            "contact" => &form.contact,
            _ => &form.remarks,
        };
        for field in self.head.iter_mut().chain(&mut self.theme).chain(&mut self.tail) {
            if changed && field.value != *typed(field.name) {
                field.theirs = if field.value.is_empty() { "（空）".to_owned() } else { field.value.clone() };
            }
            field.value.clone_from(typed(field.name));
            errors.get(field.name).clone_into(&mut field.error);
        }
    }

    /// An address below the campaign.
    pub fn path(&self, rest: &str) -> String {
        format!("/campaigns/{}/{rest}", self.id)
    }

    /// Where an activity's form or step is sent.
    pub fn activity_path(&self, activity: &str, step: &str) -> String {
        self.path(format!("activities/{activity}/{step}").trim_end_matches('/'))
    }

    /// Where a duty's form or step is sent.
    pub fn duty_path(&self, duty: &str, step: &str) -> String {
        self.path(format!("duties/{duty}/{step}").trim_end_matches('/'))
    }

    /// Id of a place on the page.
    pub fn place(&self, kind: &str, id: &str) -> String {
        format!("{kind}-{id}")
    }

    /// Kinds of duty on offer.
    pub fn kinds(&self) -> Vec<(&'static str, &'static str)> {
        DutyKind::ALL.iter().map(|kind| (kind.code(), kind.label())).collect()
    }

    /// Parts on offer.
    pub fn parts(&self) -> Vec<(&'static str, &'static str)> {
        Part::ALL
            .iter()
            .filter(|part| **part != Part::Acknowledgement)
            .map(|part| (part.code(), part.label()))
            .collect()
    }

    /// Weekdays on offer.
    pub fn weekdays(&self) -> &'static [(&'static str, &'static str)] {
        &WEEKDAYS
    }

    /// How many activities there are.
    pub fn activity_count(&self) -> usize {
        self.activities.iter().filter(|activity| !activity.dropped).count()
    }

    /// How many duties there are, and how many of them come again.
    pub fn duty_count(&self) -> usize {
        self.duties.iter().filter(|duty| !duty.dropped).count()
    }

    /// The sentence under the heading.
    pub fn lead(&self) -> &'static str {
        match (self.is_amendment, self.has_document) {
            (true, _) => "改动先保存在这里，发布之前接收单位看到的仍是原来的通知。",
            (false, true) => "请逐项核对。点行号可以看到原文出处，有误请直接改正，改动自动保存。",
            (false, false) => "请填写内容、添加任务、选择接收单位，改动自动保存。",
        }
    }
}

fn blank_activity() -> ActivityView {
    ActivityView {
        id: String::new(),
        number: String::new(),
        form: ActivityForm::default(),
        when: String::new(),
        dropped: false,
        lines: String::new(),
        notes: Vec::new(),
        errors: FieldErrors::new(),
        open: false,
        theirs: String::new(),
    }
}

fn blank_duty() -> DutyView {
    let form = DutyForm {
        kind: DutyKind::Submit.code().to_owned(),
        when: "once".to_owned(),
        parts: vec![Part::Text.code().to_owned(), Part::Files.code().to_owned()],
        minutes: "10".to_owned(),
        ..DutyForm::default()
    };
    DutyView {
        id: String::new(),
        kind: "",
        form,
        when: String::new(),
        past: false,
        units: 0,
        receivers: String::new(),
        who: String::new(),
        narrower: String::new(),
        source: String::new(),
        parts: String::new(),
        quota: String::new(),
        dropped: false,
        lines: String::new(),
        notes: Vec::new(),
        errors: FieldErrors::new(),
        open: false,
        theirs: String::new(),
        later: String::new(),
    }
}

fn plan_is_empty(plan: &Plan) -> bool {
    !plan.is_notice
}

/// `12-14`, `12`, or empty.
pub(super) fn span(lines: Option<(i64, i64)>) -> String {
    match lines {
        Some((first, last)) if first == last => first.to_string(),
        Some((first, last)) => format!("{first}-{last}"),
        None => String::new(),
    }
}

fn within(lines: Option<(i64, i64)>, line: Option<i64>) -> bool {
    lines.zip(line).is_some_and(|((first, last), line)| (first..=last).contains(&line))
}

/// `29 个单位（嘎查村、企业）`
pub(super) fn receivers_in_words(selector: &Selector, units: i64) -> String {
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
    if words.is_empty() { format!("{units} 个单位") } else { format!("{units} 个单位（{}）", words.join("、")) }
}

/// The warnings of a plan, given out to their places once each.
struct Notes<'a> {
    plan: &'a Plan,
    campaign: &'a Campaign,
    given: BTreeSet<usize>,
}

impl<'a> Notes<'a> {
    fn new(plan: &'a Plan, campaign: &'a Campaign) -> Self {
        Self { plan, campaign, given: BTreeSet::new() }
    }

    fn take(&mut self, belongs: impl Fn(&str, Option<i64>) -> bool) -> Vec<Note> {
        let mut notes = Vec::new();
        for (index, warning) in self.plan.warnings.iter().enumerate() {
            if self.given.contains(&index) || !belongs(&warning.code, warning.line) {
                continue;
            }
            self.given.insert(index);
            notes.push(Note {
                index,
                message: warning.message.clone(),
                lines: span(warning.line.map(|line| (line, line))),
                change: offered_change(&warning.code, &warning.message),
                decided: self.campaign.decisions.get(&index.to_string()).cloned().unwrap_or_default(),
            });
        }
        notes
    }
}

/// What the page offers beside keeping the text as it is.
pub(super) fn offered_change(code: &str, message: &str) -> Option<String> {
    match code {
        "theme_mismatch" => national_theme(message).map(|theme| format!("改为“{theme}”")),
        "no_summary_duty" => Some("增加“报送活动总结”".to_owned()),
        "already_past" => Some("不再下发这一项".to_owned()),
        _ => None,
    }
}

/// The theme that a warning names: the first words in quotation marks.
pub(super) fn national_theme(message: &str) -> Option<String> {
    let (_, rest) = message.split_once('“')?;
    let (theme, _) = rest.split_once('”')?;
    (!theme.trim().is_empty()).then(|| theme.trim().to_owned())
}

/// The lines as typeset: title, signing block and headings in their places.
fn doc_lines(lines: &[String], plan: &Plan) -> Vec<DocLine> {
    let carries = plan.carrying_lines();
    let on = |text: &Option<super::plan::Text>, n: i64| {
        text.as_ref().is_some_and(|text| (text.lines.0..=text.lines.1).contains(&n))
    };
    let lost: BTreeSet<i64> =
        plan.warnings.iter().filter(|w| w.code == "heading_number_lost").filter_map(|w| w.line).collect();
    let mut shown = Vec::new();
    for (line, n) in lines.iter().zip(1..) {
        let text = line.trim();
        if text.is_empty() {
            continue;
        }
        let short = text.chars().count() <= 30;
        let numbered = text.starts_with(['一', '二', '三', '四', '五', '六', '七', '八', '九', '十'])
            && text.chars().take(4).any(|c| c == '、');
        let ends = text.ends_with(['。', '；', '：', ':', '，']);
        let place = if on(&plan.title, n) {
            "doc-title"
        } else if on(&plan.doc_number, n) {
            "doc-center"
        } else if short && (on(&plan.date, n) || on(&plan.issuer, n)) {
            "doc-right"
        } else if plan.addressees.as_ref().is_some_and(|addressees| addressees.lines.0 == n) {
            "doc-flush"
        } else if lost.contains(&n) || (numbered && short) {
            "doc-head"
        } else if short && !ends && (text.starts_with("关于") || text.ends_with("方案") || text.ends_with("政府")) {
            "doc-title"
        } else {
            ""
        };
        let class = format!("{place}{}", if carries.contains(&n) { " carries" } else { "" });
        shown.push(DocLine { n, text: text.to_owned(), class });
    }
    shown
}

/// The months in which something is due, at most four.
fn months(viewing: &Viewing<'_>, now: i64) -> Vec<Month> {
    let today = viewing.app.clock.today();
    let dates = viewing.content.head.dates(viewing.campaign.header.published_on().unwrap_or(today));
    let mut due: Vec<(Date, bool, String)> = Vec::new();
    for duty in viewing.content.duties.iter().filter(|duty| !duty.dropped) {
        for planned in duty.planned(&dates, &viewing.app.calendar).unwrap_or_default() {
            if let Some(ms) = planned.due_ms
                && let Some(at) = calendar::to_local(ms)
            {
                due.push((at.date(), ms < now, duty.title.clone()));
            }
        }
    }
    let wanted: BTreeSet<(i16, i8)> = due.iter().map(|(day, ..)| (day.year(), day.month())).collect();
    wanted.into_iter().take(4).map(|(year, month)| month_of(year, month, &due, today)).collect()
}

pub(super) fn month_of(year: i16, month: i8, due: &[(Date, bool, String)], today: Date) -> Month {
    let first = Date::new(year, month, 1).unwrap_or(today);
    let mut days: Vec<(i8, &'static str, String)> =
        (0..first.weekday().to_monday_zero_offset()).map(|_| (0, "", String::new())).collect();
    for number in 1..=first.days_in_month() {
        let on: Vec<&(Date, bool, String)> =
            due.iter().filter(|(day, ..)| (day.year(), day.month(), day.day()) == (year, month, number)).collect();
        let class = match (on.is_empty(), on.iter().all(|one| one.1)) {
            (true, _) if Date::new(year, month, number).is_ok_and(|day| day == today) => "today",
            (true, _) => "",
            (false, true) => "due past",
            (false, false) => "due",
        };
        let titles: Vec<&str> = on.iter().map(|one| one.2.as_str()).collect();
        days.push((number, class, titles.join("、")));
    }
    while days.len() % 7 != 0 {
        days.push((0, "", String::new()));
    }
    Month { label: format!("{year}年{month}月"), weeks: days.chunks(7).map(<[_]>::to_vec).collect() }
}

impl ConfirmPage {
    /// A page to look at.
    #[cfg(any(test, feature = "testing"))]
    pub fn sample() -> Self {
        let note = Note {
            index: 0,
            message: "2022年全国主题是“遵守安全生产法 当好第一责任人”，本文用的是2021年的主题，请确认".to_owned(),
            lines: "2".to_owned(),
            change: Some("改为“遵守安全生产法 当好第一责任人”".to_owned()),
            decided: String::new(),
        };
        let field = |name, label, kind, value: &str| HeadField {
            name,
            label,
            kind,
            value: value.to_owned(),
            theirs: "落实安全责任".to_owned(),
            error: "请核对。".to_owned(),
            lines: "1".to_owned(),
            notes: vec![note.clone()],
        };
        let mut duty = DutyView { id: "d1".to_owned(), kind: "报送", open: true, ..blank_duty() };
        duty.narrower = "enterprise,mine".to_owned();
        duty.later = "晚于上级要求的6月20日，请改到这一天或更早。".to_owned();
        duty.lines = "1-2".to_owned();
        duty.notes = vec![Note { decided: "kept".to_owned(), ..note.clone() }];
        duty.form.evidence_what = vec!["现场照片".to_owned()];
        let mut activity = ActivityView { id: "a1".to_owned(), number: "（一）".to_owned(), ..blank_activity() };
        activity.form.title = "开展“安全生产月”启动日活动".to_owned();
        Self {
            frame: Frame::default(),
            id: "1".into(),
            title: "关于开展“安全生产月”活动的通知".to_owned(),
            is_amendment: false,
            derived: Some("青龙山镇人民政府　关于开展“安全生产月”活动的通知".to_owned()),
            has_document: true,
            lines: vec![DocLine { n: 1, text: "各村：".to_owned(), class: "doc-flush carries".to_owned() }],
            text: String::new(),
            version: 1,
            head: vec![field("doc_number", "文号", "text", "青政发〔2022〕121号")],
            theme: vec![field("theme", "活动主题", "text", "落实安全责任，推动安全发展")],
            tail: vec![field("remarks", "补充说明", "area", "")],
            head_changed: true,
            head_errors: FieldErrors::new(),
            addressees: Some(Shown { label: "主送".to_owned(), words: "各村".to_owned(), lines: "1".to_owned() }),
            general: "相关单位".to_owned(),
            activities: vec![activity.clone(), ActivityView { id: "a2".to_owned(), dropped: true, ..activity }],
            new_activity: blank_activity(),
            duties: vec![duty.clone(), DutyView { id: "d2".to_owned(), dropped: true, ..duty }],
            new_duty: blank_duty(),
            duty_notes: vec![note.clone()],
            months: vec![month_of(2022, 6, &[], jiff::civil::date(2022, 6, 13))],
            attachments: vec![Shown {
                label: "附件1".to_owned(),
                words: "联络员反馈表".to_owned(),
                lines: "1".to_owned(),
            }],
            attachment_notes: vec![note.clone()],
            notes: vec![note],
            receivers: "29 个单位（嘎查村）".to_owned(),
            units: 29,
            burden: "约 29 个单位 × 25 分钟 = 12 小时".to_owned(),
            missing: vec![Missing { place: "receivers".to_owned(), sentence: "还没有接收单位，请先选择。".to_owned() }],
            unresolved: 3,
        }
    }
}
