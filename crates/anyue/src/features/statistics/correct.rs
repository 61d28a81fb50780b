//! A figure set by hand: both numbers are kept, with the reason; it can be taken back.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;

use super::form::Slot;
use super::load::{self, Chosen, Wanted};
use super::model::{Cell, Span};
use super::sheet::Basis;
use super::store::{self, Correction};
use super::{show, words};
use crate::App;
use crate::features::duties::api::CampaignId;
use crate::features::records::api as records;
use crate::features::units::api as units;
use crate::page::Page;
use crate::platform::FieldErrors;
use crate::platform::audit::Event;
use crate::platform::auth::{Actor, Permission};
use crate::platform::error::{Error, Result};
use crate::platform::ids::UnitId;
use crate::platform::web::form::{Form, at_most, required};
use crate::platform::web::{self, Flash, Frame};

/// 更正数字
#[derive(Debug, Template)]
#[template(path = "features/statistics/templates/correct.html")]
pub struct CorrectPage {
    /// Around it.
    pub frame: Frame,
    /// Which number.
    pub form: CorrectForm,
    /// Its name.
    pub label: String,
    /// Whose, and of which days.
    pub about: String,
    /// What is counted; empty for words.
    pub unit: String,
    /// It holds words.
    pub is_text: bool,
    /// What the records say.
    pub computed: String,
    /// What stands on the form.
    pub printed: String,
    /// What has been set before, the newest first.
    pub history: Vec<Told>,
    /// Where the form is.
    pub back: String,
    /// What is wrong.
    pub errors: FieldErrors,
}

/// A correction in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Its id.
    pub id: String,
    /// `60 → 66`
    pub numbers: String,
    /// Why.
    pub reason: String,
    /// Who and when.
    pub by: String,
    /// Who took it back and when; empty while it stands.
    pub taken_back: String,
}

impl Told {
    /// A correction of this slot.
    pub fn new(one: &Correction, slot: &Slot, now: jiff::civil::DateTime) -> Self {
        let number = |value: Option<i64>| Cell { value, ..Cell::default() }.printed(slot);
        let numbers = match slot.is_text() {
            true => one.body.clone(),
            false => format!("{} → {}", number(one.computed), number(one.amount)),
        };
        Self {
            id: one.id.clone(),
            numbers,
            reason: one.reason.clone(),
            by: format!("{}　{}", one.made_by_name, records::moment(one.made_at, now)),
            taken_back: match one.taken_back_at {
                Some(at) => format!("{}　{}", one.taken_back_by_name, records::moment(at, now)),
                None => String::new(),
            },
        }
    }

    /// Whether it stands.
    pub fn stands(&self) -> bool {
        self.taken_back.is_empty()
    }
}

/// The fields; the first five say which number.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct CorrectForm {
    /// Id of the campaign.
    pub campaign: String,
    /// Number of the week.
    pub week: String,
    /// Id of the unit.
    pub unit: String,
    /// `week` or `total`.
    pub span: String,
    /// Code of the slot.
    pub slot: String,
    /// The number that shall stand.
    pub amount: String,
    /// The words that shall stand.
    pub body: String,
    /// Why.
    pub reason: String,
    /// 累计 may fall: anything.
    pub falls: String,
}

impl CorrectForm {
    fn wanted(&self) -> Wanted {
        Wanted {
            campaign: self.campaign.clone(),
            week: self.week.clone(),
            unit: self.unit.clone(),
            span: self.span.clone(),
            ..Wanted::default()
        }
    }
}

impl CorrectPage {
    #[cfg(any(test, feature = "testing"))]
    /// An example.
    pub fn sample() -> Self {
        let told = |taken_back: &str| Told {
            id: "1".to_owned(),
            numbers: "60 → 66".to_owned(),
            reason: "签到表漏记6人".to_owned(),
            by: "萨仁　6月16日 10:00".to_owned(),
            taken_back: taken_back.to_owned(),
        };
        Self {
            frame: Frame::default(),
            form: CorrectForm { amount: "50".to_owned(), ..CorrectForm::default() },
            label: "应急演练：参与".to_owned(),
            about: "东沟村　6月1日至6月16日（累计）".to_owned(),
            unit: "人次".to_owned(),
            is_text: false,
            computed: "60".to_owned(),
            printed: "66".to_owned(),
            history: vec![told(""), told("萨仁　6月16日 11:00")],
            back: "/statistics".to_owned(),
            errors: FieldErrors::one("reason", "请写明更正的原因。"),
        }
    }
}

/// A number of a form that the actor may correct, and what it stands on.
struct Number {
    chosen: Chosen,
    basis: Basis,
    slot: Slot,
    span: Span,
    cell: Cell,
    /// What the records say, without corrections at this very place.
    computed: Cell,
    campaign: CampaignId,
}

async fn number(app: &App, actor: &Actor, form: &CorrectForm) -> Result<Number> {
    let wanted = form.wanted();
    let chosen = load::chosen(app, actor, Permission::StatisticsEdit, &wanted).await?.ok_or(Error::NotFound)?;
    let campaign = chosen.campaign.as_ref().map(|one| one.id.clone()).ok_or(Error::NotFound)?;
    let basis =
        load::basis(app, &actor.jurisdiction, Some(&campaign), &chosen.week, (&chosen.unit, load::Detail::Each))
            .await?;
    let slots = basis.form.slots_on();
    if form.slot.is_empty() {
        return Err(Error::refused("没有指明是哪一个数字，请从统计表上点开。"));
    }
    let at = slots.iter().position(|slot| slot.code == form.slot).ok_or(Error::NotFound)?;
    let slot = slots[at].clone();
    if slot.is_ratio() {
        return Err(Error::refused("比率由它的两项得出。请更正那两项，比率会跟着变。"));
    }
    let span = wanted.span();
    let cell = basis.sheet_of(&chosen.unit).cells(span).get(at).cloned().unwrap_or_default();
    let mut bare = basis.clone();
    bare.standings = super::sheet::Standings::default();
    let computed = bare.sheet_of(&chosen.unit).cells(span).get(at).cloned().unwrap_or_default();
    Ok(Number { chosen, basis, slot, span, cell, computed, campaign })
}

/// `GET /statistics/correct`
pub async fn page(State(app): State<App>, page: Page, Query(mut form): Query<CorrectForm>) -> Result<Response> {
    let number = number(&app, &page.actor, &form).await?;
    if number.cell.corrected {
        form.amount = number.cell.value.map(|value| value.to_string()).unwrap_or_default();
    }
    form.body.clone_from(&number.cell.text);
    web::page(&filled(&app, &page, &number, form, FieldErrors::new()).await?)
}

async fn filled(
    app: &App,
    page: &Page,
    number: &Number,
    form: CorrectForm,
    errors: FieldErrors,
) -> Result<CorrectPage> {
    let (now, town) = (app.clock.local_now(), &page.actor.jurisdiction);
    let (week, span) = (&number.chosen.week, number.span);
    let (from, until) = words::days_of(week, span);
    let mut history = store::corrections(app.db.reader(), town, &number.campaign, week.until).await?;
    history.retain(|one| {
        one.unit_id == number.chosen.unit.id
            && one.slot == number.slot.code
            && one.span == span
            && one.until == week.until
    });
    let days = super::paper::span_in_words(&words::period(from, until, now.date()), span);
    let wanted = show::fixed(form.wanted(), &number.chosen);
    Ok(CorrectPage {
        frame: page.frame("更正数字", "statistics"),
        label: number.basis.form.name_of(&number.slot),
        about: format!("{}　{days}", number.chosen.unit.name),
        unit: number.slot.unit.clone(),
        is_text: number.slot.is_text(),
        computed: number.computed.printed(&number.slot),
        printed: number.cell.printed(&number.slot),
        history: history.iter().rev().map(|one| Told::new(one, &number.slot, now)).collect(),
        back: wanted.address("/statistics/records", &[("slot", &number.slot.code), ("span", span.code())]),
        form: CorrectForm {
            campaign: wanted.campaign.clone(),
            week: wanted.week.clone(),
            unit: wanted.unit.clone(),
            span: span.code().to_owned(),
            ..form
        },
        errors,
    })
}

/// `POST /statistics/correct`
pub async fn submit(State(app): State<App>, page: Page, Form(form): Form<CorrectForm>) -> Result<Response> {
    match correct(&app, &page.actor, form.clone()).await {
        Ok(back) => {
            let words = "已更正。原来的数和原因都保留着，需要时可以撤销更正。";
            Ok(web::see_other_with(&back, &Flash::success(words)))
        }
        Err(Error::Invalid(errors)) => {
            let number = number(&app, &page.actor, &form).await?;
            web::page_invalid(&filled(&app, &page, &number, form, errors).await?)
        }
        Err(other) => Err(other),
    }
}

/// Sets a figure by hand; leads back to its records.
///
/// # Errors
/// [`Error::Invalid`] with messages by field; among them `falls`, when 累计 would fall and that was not confirmed.
pub async fn correct(app: &App, actor: &Actor, form: CorrectForm) -> Result<String> {
    let number = number(app, actor, &form).await?;
    let mut errors = FieldErrors::new();
    let amount = form.amount.trim().replace([',', '，', ' '], "");
    let amount = if number.slot.is_text() {
        None
    } else {
        let amount = amount.parse::<i64>().ok().filter(|amount| (0..=1_000_000_000_000).contains(amount));
        if amount.is_none() {
            errors.add("amount", "请填写0或更大的整数。");
        }
        amount
    };
    let body = form.body.trim().replace("\r\n", "\n");
    at_most(&body, 2000, "body", &mut errors);
    let reason = required(&form.reason, "reason", "请写明更正的原因。", &mut errors).to_owned();
    at_most(&reason, 500, "reason", &mut errors);
    errors.into_result()?;
    if let Some(amount) = amount
        && form.falls.is_empty()
    {
        let total = match number.span {
            Span::Total => amount,
            Span::Week => amount + rest_of_total(&number),
        };
        if let Some(before) = total_before(app, actor, &number).await?.filter(|before| total < *before) {
            let words =
                format!("更正后累计为{total}，比上一周的{before}少。累计一般只增不减，请核对；确实如此请勾选。");
            return Err(Error::Invalid(FieldErrors::one("falls", words)));
        }
    }

    let now = app.now();
    let (from, until) = words::days_of(&number.chosen.week, number.span);
    let one = Correction {
        id: app.ids.id(),
        unit_id: number.chosen.unit.id.clone(),
        slot: number.slot.code.clone(),
        span: number.span,
        from,
        until,
        computed: number.computed.value,
        amount,
        body: if number.slot.is_text() { body } else { String::new() },
        reason: reason.clone(),
        made_by_name: actor.name.clone(),
        made_at: now,
        taken_back_by_name: String::new(),
        taken_back_at: None,
    };
    let tx = app.db.begin(&actor.jurisdiction).await?;
    store::supersede(&tx, &number.campaign, &one, &actor.name, now).await?;
    store::insert_correction(&tx, &number.campaign, &one, &actor.account_id).await?;
    let said = format!(
        "更正{}统计表“{}”{}：{}，原因：{reason}",
        number.chosen.unit.name,
        number.basis.form.name_of(&number.slot),
        number.span.label(),
        match amount {
            Some(amount) => format!("{} → {amount}", number.computed.printed(&number.slot)),
            None => "文字".to_owned(),
        },
    );
    let event = Event::new(actor, "statistics.corrected", "statistics_correction", &one.id, said);
    tx.commit(event.unit(&one.unit_id)).await?;

    let wanted = show::fixed(form.wanted(), &number.chosen);
    Ok(wanted.address("/statistics/records", &[("slot", &number.slot.code), ("span", number.span.code())]))
}

/// What 累计 has besides this week.
fn rest_of_total(number: &Number) -> i64 {
    let sheet = number.basis.sheet_of(&number.chosen.unit);
    let at = number.basis.form.slots_on().iter().position(|slot| slot.code == number.slot.code).unwrap_or_default();
    let value = |span| sheet.cells(span).get(at).and_then(|cell| cell.value).unwrap_or_default();
    value(Span::Total) - value(Span::Week)
}

/// 累计 as it stood at the end of the week before.
async fn total_before(app: &App, actor: &Actor, number: &Number) -> Result<Option<i64>> {
    let week = &number.chosen.week;
    let Some(before) = number.chosen.weeks.iter().find(|other| other.no + 1 == week.no) else { return Ok(None) };
    let basis = load::basis(
        app,
        &actor.jurisdiction,
        Some(&number.campaign),
        before,
        (&number.chosen.unit, load::Detail::Each),
    )
    .await?;
    let at = basis.form.slots_on().iter().position(|slot| slot.code == number.slot.code);
    Ok(at.and_then(|at| basis.sheet_of(&number.chosen.unit).total.get(at).and_then(|cell| cell.value)))
}

/// `POST /statistics/corrections/{id}/take-back`
pub async fn take_back_submit(State(app): State<App>, page: Page, Path(id): Path<String>) -> Result<Response> {
    let (campaign, one) = take_back(&app, &page.actor, &id).await?;
    let address =
        Wanted { campaign: campaign.0, unit: one.unit_id.0, span: one.span.code().to_owned(), ..Wanted::default() };
    let weeks = {
        let wanted = Wanted { campaign: address.campaign.clone(), ..Wanted::default() };
        load::chosen(&app, &page.actor, Permission::StatisticsEdit, &wanted).await?.map(|chosen| chosen.weeks)
    };
    let week = weeks.unwrap_or_default().into_iter().find(|week| week.until == one.until);
    let week = week.map(|week| week.no.to_string()).unwrap_or_default();
    let back = address.address("/statistics/records", &[("week", &week), ("slot", &one.slot)]);
    Ok(web::see_other_with(&back, &Flash::success("已撤销更正，恢复为记录得出的数。")))
}

/// Takes a correction back: what the records say stands again.
pub async fn take_back(app: &App, actor: &Actor, id: &str) -> Result<(CampaignId, Correction)> {
    let tx = app.db.begin(&actor.jurisdiction).await?;
    let (campaign, one) = store::correction(&*tx, &actor.jurisdiction, id).await?.ok_or(Error::NotFound)?;
    let unit = units::get(&*tx, &actor.jurisdiction, &UnitId(one.unit_id.0.clone())).await?;
    actor.require(Permission::StatisticsEdit, &unit.path).map_err(|_| Error::NotFound)?;
    if !store::take_back(&tx, id, &actor.name, app.now()).await? {
        return Err(Error::refused("这次更正已经撤销过了。"));
    }
    let said = format!("撤销对{}统计表的更正（原因曾是：{}）", unit.name, one.reason);
    let event = Event::new(actor, "statistics.correction_taken_back", "statistics_correction", id, said);
    tx.commit(event.unit(&unit.id)).await?;
    Ok((campaign, one))
}
