//! 核对通知: the document on the left, what was understood on the right, every value editable in place.
//!
//! Every form posts on its own and leads back here, so the page works without JavaScript; htmx sends the same
//! forms and takes the right column and the bar out of the answer.

mod cards;
mod document;
mod notes;
mod view;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Response};

use cards::{ActivityView, DocLine, DutyView, HeadField, Month, Note, Shown};
pub(super) use notes::national_theme;
use sha2::{Digest as _, Sha256};
use view::Viewing;

use super::content::Missing;
use super::duty_form::{DutyForm, WEEKDAYS};
use super::forms::{ActivityForm, HeadForm};
use super::model::{Campaign, CampaignState};
use super::{edit, receivers, store};
use crate::App;
use crate::features::duties::api::{CampaignId, DutyKind, Part};
use crate::page::Page;
use crate::platform::FieldErrors;
use crate::platform::error::{Error, Result};
use crate::platform::web::{self, Frame};

/// 核对通知
#[derive(Debug, Template)]
#[template(path = "features/campaigns/templates/confirm.html")]
pub struct ConfirmPage {
    /// Around it.
    pub frame: Frame,
    /// The campaign.
    pub id: CampaignId,
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
    /// Tells the text that is stored from any other.
    pub text_seen: String,
    /// The text that another editor saved meanwhile.
    pub text_theirs: Option<String>,
    /// What is wrong with the text.
    pub text_error: String,
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
    /// Another editor has decided about a warning meanwhile.
    pub decided_meanwhile: bool,
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
    /// The numbers of all warnings, with what was decided about each.
    pub note_indexes: Vec<(usize, String)>,
    /// Tells the theme that is stored from any other.
    pub theme_seen: String,
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
    /// The text: what was typed; what is wrong with it, or empty when another editor was first.
    Text(String, String),
    /// Only for these kinds of unit, in words: another editor has changed the duty meanwhile.
    Narrow(String, String),
    /// The theme that a warning proposes: another editor has changed it meanwhile.
    Theme(String),
    /// Warnings that another editor has decided otherwise meanwhile.
    Decided,
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
        Refused::Text(text, error) => {
            let stored = std::mem::replace(&mut view.text, text);
            let changed = error.is_empty();
            if changed {
                view.text_theirs = Some(stored);
            }
            view.text_error = error;
            changed
        }
        Refused::Narrow(duty, kinds) => {
            if let Some(at) = view.duties.iter_mut().find(|one| one.id == duty) {
                at.theirs = format!(
                    "{}　{}　{}，接收单位：{}（您刚才选的是只发给{kinds}，没有保存）",
                    at.form.title, at.when, at.parts, at.receivers
                );
                at.open = true;
            }
            true
        }
        Refused::Theme(theme) => {
            view.head_changed = true;
            for field in view.theme.iter_mut().filter(|field| field.name == "theme") {
                field.theirs = std::mem::replace(&mut field.value, theme.clone());
            }
            true
        }
        Refused::Decided => {
            view.decided_meanwhile = true;
            true
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

/// Tells a text from any other, in a form's hidden field.
pub(super) fn text_seen(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
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
            notes: Vec::new(),
        };
        let mut duty = DutyView { id: "d1".to_owned(), kind: "报送", open: true, ..cards::blank_duty() };
        duty.narrower = "enterprise,mine".to_owned();
        duty.later = "晚于上级要求的6月20日，请改到这一天或更早。".to_owned();
        duty.lines = "1-2".to_owned();
        duty.notes = vec![Note { index: 90, decided: "kept".to_owned(), ..note.clone() }];
        duty.form.evidence_what = vec!["现场照片".to_owned()];
        let mut activity =
            ActivityView { id: "a1".to_owned(), number: "（一）".to_owned(), ..cards::blank_activity() };
        activity.form.title = "开展“安全生产月”启动日活动".to_owned();
        Self {
            frame: Frame::default(),
            id: "1".into(),
            is_amendment: false,
            derived: Some("青龙山镇人民政府　关于开展“安全生产月”活动的通知".to_owned()),
            has_document: true,
            lines: vec![DocLine {
                n: 1,
                parts: vec![("各村：".to_owned(), true)],
                class: "doc-flush carries".to_owned(),
            }],
            text: String::new(),
            text_seen: text_seen(""),
            text_theirs: Some("对方的正文".to_owned()),
            text_error: "正文太长。".to_owned(),
            version: 1,
            head: vec![field("doc_number", "文号", "text", "青政发〔2022〕121号")],
            theme: vec![field("theme", "活动主题", "text", "落实安全责任，推动安全发展")],
            tail: vec![field("remarks", "补充说明", "area", "")],
            head_changed: true,
            head_errors: FieldErrors::new(),
            decided_meanwhile: true,
            addressees: Some(Shown { label: "主送".to_owned(), words: "各村".to_owned(), lines: "1".to_owned() }),
            general: "相关单位".to_owned(),
            activities: vec![activity.clone(), ActivityView { id: "a2".to_owned(), dropped: true, ..activity }],
            new_activity: cards::blank_activity(),
            duties: vec![duty.clone(), DutyView { id: "d2".to_owned(), dropped: true, ..duty }],
            new_duty: cards::blank_duty(),
            duty_notes: vec![Note { index: 2, ..note.clone() }],
            months: vec![document::month_of(2022, 6, &[], jiff::civil::date(2022, 6, 13))],
            attachments: vec![Shown {
                label: "附件1".to_owned(),
                words: "联络员反馈表".to_owned(),
                lines: "1".to_owned(),
            }],
            attachment_notes: vec![Note { index: 3, ..note.clone() }],
            notes: vec![Note { index: 99, ..note }],
            note_indexes: [2, 3, 90, 99].map(|index| (index, String::new())).to_vec(),
            theme_seen: text_seen("落实安全责任"),
            receivers: "29 个单位（嘎查村）".to_owned(),
            units: 29,
            burden: "约 29 个单位 × 25 分钟 = 12 小时".to_owned(),
            missing: vec![Missing {
                place: "receivers".to_owned(), sentence: "还没有接收单位，请先选择。".to_owned()
            }],
            unresolved: 3,
        }
    }
}
