//! `/statistics/form`: the form as the town has it in a year: rows, slots, where they come from, order, layout.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;

use super::form::{Aggregate, Changes, FACETS, Form as FormOf, Layout, MARKS, RowChange, Slot, SlotChange, Source};
use super::store;
use crate::App;
use crate::features::records::api::{self as records, Kind};
use crate::page::Page;
use crate::platform::FieldErrors;
use crate::platform::audit::Event;
use crate::platform::auth::{Actor, Permission};
use crate::platform::error::{Error, Result};
use crate::platform::web::form::{Form, at_most, required};
use crate::platform::web::{self, Flash, Frame};

/// 统计表设置
#[derive(Debug, Template)]
#[template(path = "features/statistics/templates/settings.html")]
pub struct SettingsPage {
    /// Around it.
    pub frame: Frame,
    /// The year whose form it is.
    pub year: i16,
    /// The form.
    pub form: FormOf,
    /// The kinds of records.
    pub kinds: Vec<Kind>,
    /// The row being changed: code (empty for a new one), name, on.
    pub row: Option<(String, String, bool)>,
    /// The slot being changed, and the row it stands in; its code is empty for a new one.
    pub slot: Option<(Slot, String)>,
    /// Title, layout and notes are being changed.
    pub head: bool,
    /// What is wrong.
    pub errors: FieldErrors,
}

impl SettingsPage {
    /// The address of this page with something to be changed.
    pub fn edit(&self, what: &str, code: &str) -> String {
        format!("/statistics/form?year={}&{what}={code}", self.year)
    }

    /// Where the list is.
    pub fn list(&self) -> String {
        format!("/statistics/form?year={}", self.year)
    }

    /// Where a slot comes from, in words.
    pub fn source_in_words(&self, slot: &Slot) -> String {
        let source = &slot.source;
        let kinds = match &source.kinds {
            None => "全部种类".to_owned(),
            Some(kinds) => {
                let name =
                    |code: &String| self.kinds.iter().find(|kind| kind.code == *code).map(|kind| kind.name.clone());
                kinds.iter().filter_map(name).collect::<Vec<_>>().join("、")
            }
        };
        let measure = |code: &String| records::measure(code).map_or_else(|| code.clone(), |one| one.label.clone());
        let mark = MARKS.iter().find(|(code, _)| *code == source.field).map_or("", |(_, label)| label);
        let how = match source.aggregate {
            Aggregate::Count => "记录条数".to_owned(),
            Aggregate::CountIf => format!("{mark}的条数"),
            Aggregate::Text => format!("标为{mark}的记录"),
            Aggregate::Sum => format!("{}之和", measure(&source.field)),
            Aggregate::Ratio => source.measures().iter().map(measure).collect::<Vec<_>>().join("÷"),
        };
        let narrowed = FACETS.iter().find(|(code, _)| *code == source.facet).map(|(_, label)| format!("，只计{label}"));
        format!("{kinds}：{how}{}", narrowed.unwrap_or_default())
    }

    /// Ways to compute a slot.
    pub fn aggregates(&self) -> Vec<(&'static str, &'static str)> {
        Aggregate::ALL.iter().map(|one| (one.code(), one.label())).collect()
    }

    /// Layouts.
    pub fn layouts(&self) -> Vec<(&'static str, &'static str)> {
        Layout::ALL.iter().map(|one| (one.code(), one.label())).collect()
    }

    /// What a slot may be narrowed to.
    pub fn facets(&self) -> Vec<(&'static str, &'static str)> {
        [("", "不限")].into_iter().chain(FACETS).collect()
    }

    /// Measures and marks a slot may read: the first of a ratio, a sum, a mark.
    pub fn fields(&self) -> Vec<(String, String)> {
        let none = (String::new(), "不选（计数）".to_owned());
        let marks = MARKS.iter().map(|(code, label)| ((*code).to_owned(), format!("标记：{label}")));
        let measures =
            records::measures().iter().map(|one| (one.code.clone(), format!("{}（{}）", one.label, one.unit)));
        std::iter::once(none).chain(measures).chain(marks).collect()
    }

    /// The field, and of a ratio the second one.
    pub fn field(&self, place: usize) -> String {
        let Some((slot, _)) = &self.slot else { return String::new() };
        match (slot.source.aggregate, place) {
            (Aggregate::Count, _) => String::new(),
            _ => slot.source.measures().get(place).cloned().unwrap_or_default(),
        }
    }

    /// Every kind and whether it feeds the slot.
    pub fn kinds_ticked(&self) -> Vec<(&Kind, bool)> {
        let own = self.slot.as_ref().and_then(|(slot, _)| slot.source.kinds.as_ref());
        self.kinds.iter().map(|kind| (kind, own.is_some_and(|own| own.contains(&kind.code)))).collect()
    }

    #[cfg(any(test, feature = "testing"))]
    fn sample_of(row: bool, slot: bool, head: bool) -> Self {
        let form = FormOf::built_in();
        Self {
            frame: Frame::default(),
            year: 2022,
            kinds: records::built_in(),
            row: row.then(|| ("quiz".to_owned(), "知识竞赛".to_owned(), false)),
            slot: slot.then(|| form.slot("hz_rate").cloned().map(|slot| (slot, "hazard".to_owned()))).flatten(),
            head,
            form,
            errors: FieldErrors::one(if head { "title" } else { "label" }, "请填写名称。"),
        }
    }

    #[cfg(any(test, feature = "testing"))]
    /// An example: a slot being changed.
    pub fn sample() -> Self {
        Self::sample_of(false, true, false)
    }

    #[cfg(any(test, feature = "testing"))]
    /// The list; a row; the head.
    pub fn samples() -> [Self; 3] {
        [Self::sample_of(false, false, false), Self::sample_of(true, false, false), Self::sample_of(false, false, true)]
    }
}

/// The address's question.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct Choice {
    year: Option<i16>,
    /// Code of a row, or `new`.
    row: String,
    /// Code of a slot, or `new` with `to`.
    slot: String,
    /// The row that gets a new slot.
    to: String,
    /// `1`: title, layout, notes.
    head: String,
}

/// Whether somebody may change the form: it is the whole town's, so their office must stand at its top.
pub(super) fn may_edit(actor: &Actor) -> bool {
    actor.scope(Permission::StatisticsEdit).is_whole_town()
}

fn require(actor: &Actor) -> Result<()> {
    if may_edit(actor) {
        return Ok(());
    }
    Err(Error::Forbidden("统计表由镇经办人员统一设置。需要增减指标时，请与他们联系。".to_owned()))
}

async fn plain(app: &App, page: &Page, year: Option<i16>) -> Result<SettingsPage> {
    require(&page.actor)?;
    let year = year.unwrap_or_else(|| app.clock.today().year()).clamp(2000, 2100);
    let (db, town) = (app.db.reader(), &page.actor.jurisdiction);
    Ok(SettingsPage {
        frame: page.frame("统计表设置", "statistics"),
        year,
        form: store::form(db, town, year).await?,
        kinds: records::kinds(db, town).await?,
        row: None,
        slot: None,
        head: false,
        errors: FieldErrors::new(),
    })
}

fn new_slot() -> Slot {
    let source = Source { kinds: None, aggregate: Aggregate::Count, field: String::new(), facet: String::new() };
    Slot { code: String::new(), label: String::new(), unit: "场次".to_owned(), on: true, source }
}

/// `GET /statistics/form`
pub async fn page(State(app): State<App>, page: Page, Query(choice): Query<Choice>) -> Result<Response> {
    let mut shown = plain(&app, &page, choice.year).await?;
    shown.head = !choice.head.is_empty();
    let row = shown.form.rows.iter().find(|row| row.code == choice.row);
    shown.row = match choice.row.as_str() {
        "new" => Some((String::new(), String::new(), true)),
        _ => row.map(|row| (row.code.clone(), row.label.clone(), row.on)),
    };
    let holder = shown.form.rows.iter().find(|row| row.slots.iter().any(|slot| slot.code == choice.slot));
    shown.slot = match (choice.slot.as_str(), holder) {
        ("new", _) => Some((new_slot(), choice.to)),
        (code, Some(row)) => shown.form.slot(code).cloned().map(|slot| (slot, row.code.clone())),
        _ => None,
    };
    web::page(&shown)
}

/// What a form sends.
struct Sent(Vec<(String, String)>);

impl Sent {
    fn text(&self, name: &str) -> String {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
    }

    fn all(&self, name: &str) -> Vec<String> {
        self.0.iter().filter(|(own, _)| own == name).map(|(_, value)| value.clone()).collect()
    }

    fn year(&self) -> Option<i16> {
        self.text("year").parse().ok()
    }
}

/// Lays a change over the town's own, as a new version.
async fn change(
    app: &App,
    actor: &Actor,
    sent: &Sent,
    said: String,
    apply: impl FnOnce(&mut Changes) -> Result<()>,
) -> Result<i16> {
    require(actor)?;
    let year = sent.year().filter(|year| (2000..=2100).contains(year)).ok_or(Error::NotFound)?;
    let tx = app.db.begin(&actor.jurisdiction).await?;
    let (mut changes, version, of_year) = store::changes(&*tx, &actor.jurisdiction, year).await?;
    if sent.text("version").parse() != Ok(version) {
        return Err(Error::refused("在您填写期间，统计表的设置已被别人修改。请重新打开核对后再保存。"));
    }
    apply(&mut changes)?;
    let next = if of_year == i64::from(year) { version + 1 } else { version.max(0) + 1 };
    store::save_changes(&tx, (year, next), &changes, &actor.name, app.now()).await?;
    let event = Event::new(actor, "statistics_form.edited", "statistics_form", format!("{year}:{next}"), said);
    tx.commit(event).await?;
    Ok(year)
}

fn saved(year: i16, words: &str) -> Response {
    web::see_other_with(&format!("/statistics/form?year={year}"), &Flash::success(words))
}

/// `POST /statistics/form`: title, layout, notes.
pub async fn head_submit(
    State(app): State<App>,
    page: Page,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let sent = Sent(pairs);
    let mut shown = plain(&app, &page, sent.year()).await?;
    shown.form.title = sent.text("title");
    shown.form.label = sent.text("form_label");
    shown.form.notes = sent.text("notes");
    shown.form.layout = Layout::parse(&sent.text("layout")).unwrap_or(Layout::Grid);
    shown.form.check_head(&mut shown.errors);
    shown.head = true;
    if !shown.errors.is_empty() {
        return web::page_invalid(&shown);
    }
    let form = shown.form;
    let head = (form.label, form.title, form.notes, form.layout);
    let said = format!("设置统计表的表名和版式：{}，{}", head.1, head.3.label());
    let year = change(&app, &page.actor, &sent, said, |changes| {
        changes.head = Some(head);
        Ok(())
    })
    .await?;
    Ok(saved(year, "已保存。以后打开和冻结的表都按新的设置，已经冻结的不变。"))
}

/// `POST /statistics/form/rows/{code}`: a row's name, on or off; `new` adds one at the end.
pub async fn row_submit(
    State(app): State<App>,
    page: Page,
    Path(code): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let sent = Sent(pairs);
    let mut shown = plain(&app, &page, sent.year()).await?;
    if code != "new" && !shown.form.rows.iter().any(|row| row.code == code) {
        return Err(Error::NotFound);
    }
    let (label, on) = (sent.text("label"), !sent.text("on").is_empty());
    required(&label, "label", "请填写活动项目的名称。", &mut shown.errors);
    at_most(&label, 40, "label", &mut shown.errors);
    if !shown.errors.is_empty() {
        shown.row = Some((if code == "new" { String::new() } else { code }, label, on));
        return web::page_invalid(&shown);
    }
    let said = format!("设置统计表的活动项目“{label}”{}", if on { "" } else { "，不列入" });
    let year = change(&app, &page.actor, &sent, said, |changes| {
        let rows = changes.rows_laid();
        let own = rows.iter().find(|(own, _)| *own == code);
        let last = rows.last().map_or(0, |(_, row)| row.ordinal);
        let ordinal = own.map_or(last + 10, |(_, row)| row.ordinal);
        let code = if own.is_some() { code } else { changes.free_code() };
        changes.rows.insert(code, RowChange { label, on, ordinal });
        Ok(())
    })
    .await?;
    Ok(saved(year, "已保存活动项目。"))
}

/// `POST /statistics/form/slots/{code}`: what a slot is and where it comes from; `new` adds one to a row.
pub async fn slot_submit(
    State(app): State<App>,
    page: Page,
    Path(code): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let sent = Sent(pairs);
    let mut shown = plain(&app, &page, sent.year()).await?;
    let holder = shown.form.rows.iter().find(|row| row.slots.iter().any(|slot| slot.code == code));
    let row = match (code.as_str(), holder) {
        ("new", _) => sent.text("row"),
        (_, Some(row)) => row.code.clone(),
        _ => return Err(Error::NotFound),
    };
    if !shown.form.rows.iter().any(|own| own.code == row) {
        return Err(Error::NotFound);
    }
    let slot = typed(if code == "new" { String::new() } else { code.clone() }, &sent);
    slot.check(&mut shown.errors);
    let known = |kind: &String| shown.kinds.iter().any(|own| own.code == *kind);
    if slot.source.kinds.as_ref().is_some_and(|kinds| !kinds.iter().all(known)) {
        shown.errors.add("kinds", "请重新选择活动种类。");
    }
    if !shown.errors.is_empty() {
        shown.slot = Some((slot, row));
        return web::page_invalid(&shown);
    }
    let said = format!("设置统计表的指标“{}”{}", slot.label, if slot.on { "" } else { "，不列入" });
    let year = change(&app, &page.actor, &sent, said, |changes| {
        let slots = changes.slots_laid();
        let own = slots.iter().find(|own| own.slot.code == code);
        let last = slots.iter().filter(|own| own.row == row).map(|own| own.ordinal).max().unwrap_or_default();
        let ordinal = own.map_or(last + 10, |own| own.ordinal);
        let code = if own.is_some() { code } else { changes.free_code() };
        changes.slots.insert(code.clone(), SlotChange { row, ordinal, slot: Slot { code, ..slot } });
        Ok(())
    })
    .await?;
    Ok(saved(year, "已保存指标。统计表按新的来源重新得出，已经冻结的不变。"))
}

fn typed(code: String, sent: &Sent) -> Slot {
    let aggregate = Aggregate::parse(&sent.text("aggregate")).unwrap_or(Aggregate::Count);
    let (first, second) = (sent.text("field"), sent.text("second"));
    let field = match aggregate {
        Aggregate::Count => String::new(),
        Aggregate::Ratio => format!("{first}/{second}"),
        _ => first,
    };
    let kinds = if sent.text("all_kinds").is_empty() { Some(sent.all("kinds")) } else { None };
    Slot {
        code,
        label: sent.text("label"),
        unit: if aggregate == Aggregate::Text { String::new() } else { sent.text("unit") },
        on: !sent.text("on").is_empty(),
        source: Source { kinds, aggregate, field, facet: sent.text("facet") },
    }
}

/// `POST /statistics/form/{part}/{code}/{step}`: a row or a slot one place `up` or `down`.
pub async fn move_submit(
    State(app): State<App>,
    page: Page,
    Path((part, code, step)): Path<(String, String, String)>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let sent = Sent(pairs);
    let up = step == "up";
    let year = change(&app, &page.actor, &sent, "调整统计表的顺序".to_owned(), |changes| {
        let edge = || Error::refused("已经排在最前或最后，不能再移。");
        let neighbour = |at: usize| if up { at.checked_sub(1) } else { Some(at + 1) };
        if part == "rows" {
            let rows = changes.rows_laid();
            let at = rows.iter().position(|(own, _)| *own == code).ok_or(Error::NotFound)?;
            let other = neighbour(at).and_then(|other| rows.get(other)).ok_or_else(edge)?.clone();
            let own = rows[at].clone();
            changes.rows.insert(own.0, RowChange { ordinal: other.1.ordinal, ..own.1.clone() });
            changes.rows.insert(other.0, RowChange { ordinal: own.1.ordinal, ..other.1 });
        } else {
            let slots = changes.slots_laid();
            let own = slots.iter().find(|own| own.slot.code == code).ok_or(Error::NotFound)?.clone();
            let row: Vec<&SlotChange> = slots.iter().filter(|other| other.row == own.row).collect();
            let at = row.iter().position(|other| other.slot.code == code).unwrap_or_default();
            let other = (*neighbour(at).and_then(|other| row.get(other)).ok_or_else(edge)?).clone();
            changes.slots.insert(own.slot.code.clone(), SlotChange { ordinal: other.ordinal, ..own.clone() });
            changes.slots.insert(other.slot.code.clone(), SlotChange { ordinal: own.ordinal, ..other });
        }
        Ok(())
    })
    .await?;
    Ok(web::see_other(&format!("/statistics/form?year={year}#{part}-{code}")))
}
