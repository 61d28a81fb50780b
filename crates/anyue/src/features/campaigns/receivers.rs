//! 选择接收单位: by kind, industry, subtree, or by hand with search. The choice lives in the address while it is
//! being made, so that the count is live with htmx and a button away without; saving is a POST.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;

use super::content::Content;
use super::model::Campaign;
use super::{edit, store};
use crate::App;
use crate::features::duties::api::{CampaignId, DutyId};
use crate::features::units::api::{self as units, Selector, UnitKind, UnitRef};
use crate::page::Page;
use crate::platform::auth::Actor;
use crate::platform::error::{Error, Result};
use crate::platform::ids::UnitId;
use crate::platform::text_key::text_key;
use crate::platform::web::form::Form;
use crate::platform::web::{self, Flash, Frame};

/// Chooses who receives a campaign.
#[derive(Clone, Debug)]
pub struct ChooseReceivers {
    /// Which campaign.
    pub campaign_id: CampaignId,
    /// The version that was edited.
    pub version: i64,
    /// The choice.
    pub receivers: Selector,
}

/// The choice as a form.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ChooserForm {
    /// `all` or `some`; empty: as stored.
    pub mode: String,
    /// Unit kinds.
    pub kinds: Vec<String>,
    /// Industry codes.
    pub industries: Vec<String>,
    /// Path of a unit.
    pub subtree: String,
    /// Chosen by hand.
    pub units: Vec<String>,
    /// Left out by hand.
    pub except: Vec<String>,
    /// What is searched for.
    pub q: String,
    /// The version that was edited.
    pub version: String,
    /// The duty, when its receivers are chosen.
    pub duty: String,
}

/// One choice with its count.
#[derive(Clone, Debug)]
pub struct Choice {
    /// Value of the field.
    pub value: String,
    /// Words.
    pub label: String,
    /// How many units.
    pub count: usize,
    /// Chosen.
    pub on: bool,
}

/// A kind of unit and who of it is chosen.
#[derive(Clone, Debug)]
pub struct Group {
    /// The kind.
    pub label: &'static str,
    /// Units: id, name, left out.
    pub units: Vec<(String, String, bool)>,
}

/// 选择接收单位
#[derive(Debug, Template)]
#[template(path = "features/campaigns/templates/receivers.html")]
pub struct ReceiversPage {
    /// Around it.
    pub frame: Frame,
    /// The campaign.
    pub id: CampaignId,
    /// Its title.
    pub title: String,
    /// The duty, when its receivers are chosen: id and title.
    pub duty: Option<(String, String)>,
    /// Version of what is edited.
    pub version: i64,
    /// 全部
    pub all: bool,
    /// How many units there are to choose from.
    pub offered: usize,
    /// By kind.
    pub kinds: Vec<Choice>,
    /// By industry.
    pub industries: Vec<Choice>,
    /// Units with others below them: path and name.
    pub subtrees: Vec<(String, String)>,
    /// The one chosen.
    pub subtree: String,
    /// What is searched for.
    pub q: String,
    /// What was found: id, name, chosen.
    pub found: Vec<(String, String, bool)>,
    /// Chosen by hand and not among what was found: id and name.
    pub by_hand: Vec<(String, String)>,
    /// Who is chosen.
    pub groups: Vec<Group>,
    /// How many.
    pub count: usize,
    /// What is wrong.
    pub error: String,
    /// What another editor chose meanwhile, beside this choice: one sentence each.
    pub theirs: Vec<String>,
}

impl ChooserForm {
    fn selector(&self) -> Selector {
        let except = self.except.iter().map(|id| UnitId(id.clone())).collect();
        if self.mode == "all" {
            return Selector { except, ..Selector::default() };
        }
        Selector {
            kinds: self.kinds.iter().filter_map(|code| UnitKind::parse(code)).collect(),
            industries: self.industries.clone(),
            subtree: Some(UnitId(self.subtree.clone())).filter(|id| !id.0.is_empty()),
            units: self.units.iter().map(|id| UnitId(id.clone())).collect(),
            except,
        }
    }

    /// Nothing is chosen, which a selector would take for everything.
    fn chooses_nothing(&self) -> bool {
        self.mode == "some" && self.selector().is_any()
    }
}

/// `GET /campaigns/{id}/receivers`
pub async fn page(
    State(app): State<App>,
    page: Page,
    Path(id): Path<CampaignId>,
    Form(form): Form<ChooserForm>,
) -> Result<Response> {
    web::page(&build(&app, &page, &id, &form, "").await?)
}

/// `POST /campaigns/{id}/receivers`
pub async fn save(
    State(app): State<App>,
    page: Page,
    Path(id): Path<CampaignId>,
    Form(form): Form<ChooserForm>,
) -> Result<Response> {
    if form.chooses_nothing() {
        return web::page_invalid(
            &build(&app, &page, &id, &form, "还没有选择任何单位。请按类型、行业选择，或搜索后添加。").await?,
        );
    }
    let version = form.version.parse().unwrap_or_default();
    let done = if form.duty.is_empty() {
        let cmd = ChooseReceivers { campaign_id: id.clone(), version, receivers: form.selector() };
        choose_receivers(&app, &page.actor, cmd).await
    } else {
        let duty = DutyId(form.duty.clone());
        edit::set_duty_receivers(&app, &page.actor, &id, &duty, version, form.selector()).await
    };
    match done {
        Ok(()) => {
            let place = if form.duty.is_empty() { "receivers".to_owned() } else { format!("duty-{}", form.duty) };
            let flash = Flash::success("接收单位已保存。");
            Ok(web::see_other_with(&format!("/campaigns/{id}/confirm#{place}"), &flash))
        }
        Err(Error::Changed) => {
            let words = "另一位同事刚刚改过这一项。下面是您的选择；确认无误可再次保存，以您的为准。";
            let mut both = build(&app, &page, &id, &form, words).await?;
            both.theirs = theirs(&app, &page.actor, &id, &form).await?;
            web::page_changed(&both)
        }
        Err(error) => Err(error),
    }
}

/// Chooses who receives a campaign.
pub async fn choose_receivers(app: &App, actor: &Actor, cmd: ChooseReceivers) -> Result<()> {
    edit::change(app, actor, &cmd.campaign_id, "campaign.edited", |_, content| {
        if content.version != cmd.version {
            return Err(Error::Changed);
        }
        content.receivers = cmd.receivers;
        Ok(((), format!("选择了“{}”的接收单位。", content.head.title)))
    })
    .await
}

/// The units that the content of a campaign means, among those below its issuer.
pub(super) async fn chosen(app: &App, actor: &Actor, campaign: &Campaign, content: &Content) -> Result<Vec<UnitRef>> {
    let top = units::get(app.db.reader(), &actor.jurisdiction, &campaign.header.issuer_unit_id).await?;
    units::select(app.db.reader(), &actor.jurisdiction, &top, &content.receivers).await
}

async fn build(app: &App, page: &Page, id: &CampaignId, form: &ChooserForm, error: &str) -> Result<ReceiversPage> {
    let (db, town) = (app.db.reader(), &page.actor.jurisdiction);
    let campaign = store::find(db, town, id).await?.ok_or(Error::NotFound)?;
    edit::require_edit(&page.actor, &campaign)?;
    let content = edit::content(db, town, &campaign).await?;
    let top = units::get(db, town, &campaign.header.issuer_unit_id).await?;
    let duty = match form.duty.as_str() {
        "" => None,
        duty => Some(content.duty(&DutyId(duty.to_owned())).ok_or(Error::NotFound)?),
    };
    let offered = match duty {
        None => units::below(db, town, &top).await?,
        Some(_) => units::select(db, town, &top, &content.receivers).await?,
    };
    let stored = duty.map_or(&content.receivers, |duty| &duty.receivers);
    let fresh = form.mode.is_empty();
    let selector = if fresh { stored.clone() } else { form.selector() };
    let all = if fresh { stored.is_any() } else { form.mode == "all" };
    let picked = |unit: &UnitRef| {
        let without_except = Selector { except: Vec::new(), ..selector.clone() };
        (all || !selector.is_any()) && without_except.selects(unit)
    };

    let mut groups: BTreeMap<UnitKind, Vec<(String, String, bool)>> = BTreeMap::new();
    let mut count = 0;
    for unit in offered.iter().filter(|unit| picked(unit)) {
        let left_out = selector.except.contains(&unit.id);
        count += usize::from(!left_out);
        groups.entry(unit.kind).or_default().push((unit.id.0.clone(), unit.name.clone(), left_out));
    }
    let key = text_key(&form.q);
    let found: Vec<(String, String, bool)> = offered
        .iter()
        .filter(|unit| !key.is_empty() && text_key(&unit.name).contains(&key))
        .take(50)
        .map(|unit| (unit.id.0.clone(), unit.name.clone(), selector.units.contains(&unit.id)))
        .collect();
    let by_hand = offered
        .iter()
        .filter(|unit| selector.units.contains(&unit.id) && !found.iter().any(|(id, ..)| *id == unit.id.0))
        .map(|unit| (unit.id.0.clone(), unit.name.clone()))
        .collect();
    let subtrees = offered
        .iter()
        .filter(|unit| offered.iter().any(|other| other.parent_id.as_ref() == Some(&unit.id)))
        .map(|unit| (unit.id.0.clone(), unit.name.clone()))
        .collect();
    Ok(ReceiversPage {
        frame: page.frame("选择接收单位", "campaigns"),
        id: id.clone(),
        title: content.head.title.clone(),
        duty: duty.map(|duty| (duty.id.0.clone(), duty.title.clone())),
        version: duty.map_or(content.version, |duty| duty.version),
        all,
        offered: offered.len(),
        kinds: kind_choices(&offered, &selector),
        industries: industry_choices(&offered, &selector),
        subtrees,
        subtree: selector.subtree.as_ref().map(ToString::to_string).unwrap_or_default(),
        q: form.q.clone(),
        found,
        by_hand,
        groups: groups.into_iter().map(|(kind, units)| Group { label: kind.label(), units }).collect(),
        count,
        error: error.to_owned(),
        theirs: Vec::new(),
    })
}

/// What is stored beside what this form chooses: how many, and the units in which they differ.
async fn theirs(app: &App, actor: &Actor, id: &CampaignId, form: &ChooserForm) -> Result<Vec<String>> {
    let (db, town) = (app.db.reader(), &actor.jurisdiction);
    let campaign = store::find(db, town, id).await?.ok_or(Error::NotFound)?;
    let content = edit::content(db, town, &campaign).await?;
    let top = units::get(db, town, &campaign.header.issuer_unit_id).await?;
    let stored = match form.duty.as_str() {
        "" => &content.receivers,
        duty => &content.duty(&DutyId(duty.to_owned())).ok_or(Error::NotFound)?.receivers,
    };
    let theirs = units::select(db, town, &top, stored).await?;
    let mine = units::select(db, town, &top, &form.selector()).await?;
    let names = |these: &[UnitRef], without: &[UnitRef]| {
        let names: Vec<&str> = these
            .iter()
            .filter(|unit| !without.iter().any(|other| other.id == unit.id))
            .map(|unit| unit.name.as_str())
            .collect();
        match names.len() {
            0 => None,
            1..=30 => Some(names.join("、")),
            more => Some(format!("{}等{more}个单位", names[..30].join("、"))),
        }
    };
    let mut sentences = vec![format!("对方选的是 {} 个单位，您选的是 {} 个单位。", theirs.len(), mine.len())];
    sentences.extend(names(&theirs, &mine).map(|names| format!("对方选了、您没有选的：{names}。")));
    sentences.extend(names(&mine, &theirs).map(|names| format!("您选了、对方没有选的：{names}。")));
    if sentences.len() == 1 {
        sentences.push("双方选的单位相同。".to_owned());
    }
    Ok(sentences)
}

fn kind_choices(offered: &[UnitRef], selector: &Selector) -> Vec<Choice> {
    let count = |kind: UnitKind| offered.iter().filter(|unit| unit.kind == kind).count();
    UnitKind::ALL
        .iter()
        .copied()
        .filter(|kind| count(*kind) > 0)
        .map(|kind| Choice {
            value: kind.code().to_owned(),
            label: kind.label().to_owned(),
            count: count(kind),
            on: selector.kinds.contains(&kind),
        })
        .collect()
}

fn industry_choices(offered: &[UnitRef], selector: &Selector) -> Vec<Choice> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for unit in offered.iter().filter(|unit| !unit.industry.is_empty()) {
        *counts.entry(&unit.industry).or_default() += 1;
    }
    counts
        .into_iter()
        .map(|(code, count)| Choice {
            value: code.to_owned(),
            label: units::industry_name(code).to_owned(),
            count,
            on: selector.industries.iter().any(|chosen| chosen == code),
        })
        .collect()
}

impl ReceiversPage {
    /// `36 个单位`
    pub fn count_in_words(&self) -> String {
        format!("{} 个单位", self.count)
    }

    /// Where the form is sent.
    pub fn action(&self) -> String {
        format!("/campaigns/{}/receivers", self.id)
    }

    /// A page to look at.
    #[cfg(any(test, feature = "testing"))]
    pub fn sample() -> Self {
        let choice = |value: &str, label: &str, count, on| Choice {
            value: value.to_owned(),
            label: label.to_owned(),
            count,
            on,
        };
        Self {
            frame: Frame::default(),
            id: "1".into(),
            title: "关于开展2022年全镇“安全生产月”活动的通知".to_owned(),
            duty: None,
            version: 1,
            all: false,
            offered: 29,
            kinds: vec![choice("village", "嘎查村", 14, true), choice("enterprise", "企业", 5, false)],
            industries: vec![choice("COAL", "煤矿", 3, false)],
            subtrees: vec![("t".to_owned(), "东沟村".to_owned())],
            subtree: String::new(),
            q: "小学".to_owned(),
            found: vec![("9".to_owned(), "中心小学".to_owned(), true)],
            by_hand: vec![("8".to_owned(), "镇卫生院".to_owned())],
            groups: vec![Group {
                label: "嘎查村",
                units: vec![("2".to_owned(), "东沟村".to_owned(), false), ("3".to_owned(), "西沟村".to_owned(), true)],
            }],
            count: 15,
            error: String::new(),
            theirs: vec!["对方选的是 1 个单位。".to_owned()],
        }
    }
}
