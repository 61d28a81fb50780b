//! 发布: a draft goes to its receivers, an amendment becomes a new edition. Before it, a page shows who will
//! receive what and how many minutes it costs all of them together.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;

use super::content::{Content, Missing};
use super::difference::difference;
use super::model::{Campaign, CampaignState, Change, burden_in_words, duration_in_words};
use super::{edit, receivers, store};
use crate::App;
use crate::features::duties::api::{self as duties, Burden, CampaignId, Dispatch, Duty, DutyKind, burden};
use crate::features::notifications::api::{Message, send_all};
use crate::features::units::api::{UnitKind, UnitRef};
use crate::page::Page;
use crate::platform::FieldErrors;
use crate::platform::audit::Event;
use crate::platform::auth::Actor;
use crate::platform::db::WriteTx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::UnitId;
use crate::platform::web::form::Form;
use crate::platform::web::{self, Flash, Frame};

/// Publishes a draft, or an amendment.
#[derive(Clone, Debug)]
pub struct Publish {
    /// Which campaign.
    pub campaign_id: CampaignId,
    /// The version that was confirmed; `None` publishes what is there.
    pub version: Option<i64>,
    /// Why it is amended; of no use for a first edition.
    pub note: String,
}

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Published {
    /// The edition.
    pub edition: i64,
    /// How many units receive it.
    pub units: i64,
    /// How many things to hand in were made.
    pub created: i64,
    /// Of these, how many were due before.
    pub born_past: i64,
}

/// What one duty asks of the receivers.
#[derive(Clone, Debug)]
pub struct Row {
    /// The duty.
    pub title: String,
    /// What sort.
    pub kind: &'static str,
    /// When.
    pub when: String,
    /// To how many units.
    pub units: usize,
    /// How often; `—` when nobody has to.
    pub times: String,
    /// How often before today.
    pub past: usize,
    /// Minutes of all units together, in words.
    pub minutes: String,
}

/// 发布前核对
#[derive(Debug, Template)]
#[template(path = "features/campaigns/templates/publish.html")]
pub struct PublishPage {
    /// Around it.
    pub frame: Frame,
    /// The campaign.
    pub id: CampaignId,
    /// Its title.
    pub title: String,
    /// The version that is confirmed.
    pub version: i64,
    /// A further edition.
    pub is_amendment: bool,
    /// What is in the way.
    pub missing: Vec<Missing>,
    /// Warnings nobody has dealt with.
    pub unresolved: usize,
    /// What receivers will be told.
    pub changes: Vec<String>,
    /// What is due when.
    pub rows: Vec<Row>,
    /// How many of each kind.
    pub kinds: Vec<(&'static str, usize)>,
    /// The whole burden.
    pub burden: Burden,
    /// Why it is amended, as typed.
    pub note: String,
    /// What is wrong with the form.
    pub errors: FieldErrors,
}

/// The form.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct PublishForm {
    version: String,
    note: String,
}

/// `GET /campaigns/{id}/publish`
pub async fn page(State(app): State<App>, page: Page, Path(id): Path<CampaignId>) -> Result<Response> {
    web::page(&build(&app, &page, &id).await?)
}

/// `POST /campaigns/{id}/publish`
pub async fn submit(
    State(app): State<App>,
    page: Page,
    Path(id): Path<CampaignId>,
    Form(form): Form<PublishForm>,
) -> Result<Response> {
    let cmd = Publish { campaign_id: id.clone(), version: form.version.parse().ok(), note: form.note.clone() };
    match publish(&app, &page.actor, cmd).await {
        Ok(done) => {
            let past = if done.born_past > 0 {
                format!("其中{}件发布前已到期，各单位可以补报，不算逾期。", done.born_past)
            } else {
                String::new()
            };
            let words = if done.edition == 1 {
                format!("已发布给{}个单位，共{}件任务。{past}", done.units, done.created)
            } else {
                format!("修改已发布，{}个单位会看到改动并重新签收。", done.units)
            };
            Ok(web::see_other_with(&format!("/campaigns/{id}"), &Flash::success(words)))
        }
        Err(Error::Invalid(errors)) => {
            let page = build(&app, &page, &id).await?;
            web::page_invalid(&PublishPage { note: form.note, errors, ..page })
        }
        Err(Error::Changed) => {
            let sentence = "另一位同事刚刚修改过内容。下面是最新的样子，请再看一遍后发布。";
            let page = build(&app, &page, &id).await?;
            web::page_changed(&PublishPage { note: form.note, errors: FieldErrors::one("version", sentence), ..page })
        }
        Err(error) => Err(error),
    }
}

/// Publishes a draft to its receivers, or an amendment as a new edition: state, receivers, occurrences and
/// messages in one transaction.
///
/// # Errors
/// [`Error::Invalid`] with a sentence for everything that is missing.
pub async fn publish(app: &App, actor: &Actor, cmd: Publish) -> Result<Published> {
    let now = app.now();
    let (town, id) = (&actor.jurisdiction, &cmd.campaign_id);
    let tx = app.db.begin(town).await?;
    let campaign = store::find(&*tx, town, id).await?.ok_or(Error::NotFound)?;
    edit::require_edit(actor, &campaign)?;
    if !campaign.is_being_written() {
        return Err(Error::refused("这项活动已经发布，没有待发布的修改。"));
    }
    let content = edit::content(&*tx, town, &campaign).await?;
    if cmd.version.is_some_and(|version| version != fingerprint(&content)) {
        return Err(Error::Changed);
    }
    let top = crate::features::units::api::get(&*tx, town, &campaign.header.issuer_unit_id).await?;
    let units = crate::features::units::api::select(&*tx, town, &top, &content.receivers).await?;
    let mut errors = FieldErrors::new();
    for missing in content.missing(units.len() as i64, &app.clock, &app.calendar) {
        errors.add(missing.place, missing.sentence);
    }
    let amending = campaign.header.state == CampaignState::Published;
    let before = edit::published_content(&*tx, town, &campaign).await?;
    let had = store::receiver_ids(&*tx, town, id).await?;
    let changes = difference(&before, &content, (had.len() as i64, units.len() as i64), app.clock.today());
    if amending && changes.is_empty() {
        errors.add("changes", "还没有任何改动，不需要发布。");
    }
    if amending && cmd.note.trim().is_empty() {
        errors.add("note", "请用一句话说明为什么修改，接收单位会看到。");
    }
    errors.into_result()?;

    let edition = campaign.header.edition + 1;
    edit::write_rows(&tx, &campaign, &before, &content, now).await?;
    store::publish(&tx, id, edition, now).await?;
    let receiver_ids: Vec<UnitId> = units.iter().map(|unit| unit.id.clone()).collect();
    store::set_receivers(&tx, id, &receiver_ids, now).await?;
    if amending {
        let note = cmd.note.trim().to_owned();
        let change = Change { edition, at: now, actor_name: actor.name.clone(), note, changes: changes.clone() };
        store::insert_change(&tx, id, &change).await?;
    }
    let published_on = campaign.header.published_on().unwrap_or(app.clock.today());
    let dates = content.head.dates(published_on);
    let dispatched = duties::dispatch(
        app,
        &tx,
        &Dispatch {
            campaign_id: id,
            title: &content.head.title,
            edition,
            dates: &dates,
            receivers: &units,
            message: Some(message(&content, &cmd.note, &changes, amending)),
            sender: &content.head.issuer,
        },
        now,
    )
    .await?;
    let gone: Vec<UnitId> = had.into_iter().filter(|unit| !receiver_ids.contains(unit)).collect();
    tell_those_taken_off(app, &tx, &cmd, &content, (edition, &gone), now).await?;
    let (kind, verb) =
        if amending { ("campaign.amended", "修改并重新发布") } else { ("campaign.published", "发布") };
    let summary = format!("{verb}了“{}”，接收单位{}个。", content.head.title, units.len());
    tx.commit(Event::new(actor, kind, "campaign", id, summary).unit(&campaign.header.issuer_unit_id)).await?;
    app.work.notify_one();
    Ok(Published { edition, units: units.len() as i64, created: dispatched.created, born_past: dispatched.born_past })
}

/// Units that an amendment no longer asks are told so, or they would go on working for nothing.
async fn tell_those_taken_off(
    app: &App,
    tx: &WriteTx,
    cmd: &Publish,
    content: &Content,
    (edition, gone): (i64, &[UnitId]),
    now: i64,
) -> Result<()> {
    let message = |unit| Message {
        unit_id: unit,
        kind: "amended",
        title: format!("不再由贵单位办理：{}", content.head.title),
        body: format!("{}没有报的不用再报，已经报的仍保留。", sentence(&cmd.note)),
        link: "/work".to_owned(),
        dedup_key: format!("taken-off:{}:{edition}:{unit}", cmd.campaign_id),
        sent_by: content.head.issuer.clone(),
    };
    let messages: Vec<Message<'_>> = gone.iter().map(message).collect();
    send_all(tx, &app.ids, &messages, now).await?;
    Ok(())
}

fn message(content: &Content, note: &str, changes: &[String], amending: bool) -> String {
    if amending {
        let told: String = changes.iter().take(3).cloned().collect();
        let rest = if changes.len() > 3 { "还有其他改动，请看通知。" } else { "" };
        return format!("{}{told}{rest}请重新签收。", sentence(note));
    }
    let count = content.duties.iter().filter(|duty| !duty.dropped && duty.kind != DutyKind::Acknowledge).count();
    match count {
        0 => "请阅读通知并签收。".to_owned(),
        count => format!("请阅读通知并签收，其中有{count}项任务需要办理。"),
    }
}

fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.is_empty() || text.ends_with(['。', '；', '！', '？']) { text.to_owned() } else { format!("{text}。") }
}

/// One number that stands for a whole content: it grows with every edit of any part.
pub(super) fn fingerprint(content: &Content) -> i64 {
    let items = content.activities.iter().map(|activity| activity.version).sum::<i64>()
        + content.duties.iter().map(|duty| duty.version).sum::<i64>();
    content.version * 1_000_000 + items
}

async fn build(app: &App, page: &Page, id: &CampaignId) -> Result<PublishPage> {
    let (db, town) = (app.db.reader(), &page.actor.jurisdiction);
    let campaign = store::find(db, town, id).await?.ok_or(Error::NotFound)?;
    edit::require_edit(&page.actor, &campaign)?;
    if !campaign.is_being_written() {
        return Err(Error::refused("这项活动已经发布，没有待发布的修改。"));
    }
    let content = edit::content(db, town, &campaign).await?;
    let units = receivers::chosen(app, &page.actor, &campaign, &content).await?;
    let is_amendment = campaign.header.state == CampaignState::Published;
    let changes = if is_amendment {
        let before = edit::published_content(db, town, &campaign).await?;
        let had = store::receiver_ids(db, town, id).await?.len() as i64;
        difference(&before, &content, (had, units.len() as i64), app.clock.today())
    } else {
        Vec::new()
    };
    let title = if is_amendment { "发布修改" } else { "发布前核对" };
    Ok(PublishPage {
        frame: page.frame(title, "campaigns"),
        id: id.clone(),
        title: content.head.title.clone(),
        version: fingerprint(&content),
        is_amendment,
        missing: content.missing(units.len() as i64, &app.clock, &app.calendar),
        unresolved: unresolved(&campaign),
        changes,
        rows: rows(app, &campaign, &content, &units),
        kinds: kinds(&units),
        burden: estimate(app, &campaign, &content, &units),
        note: String::new(),
        errors: FieldErrors::new(),
    })
}

/// How many warnings of the notice nobody has dealt with.
pub(super) fn unresolved(campaign: &Campaign) -> usize {
    let plan = super::plan::Plan::from_json(&campaign.notice_plan);
    (0..plan.warnings.len()).filter(|index| !campaign.decisions.contains_key(&index.to_string())).count()
}

/// The burden of a content on these units.
pub(super) fn estimate(app: &App, campaign: &Campaign, content: &Content, units: &[UnitRef]) -> Burden {
    let dates = content.head.dates(campaign.header.published_on().unwrap_or(app.clock.today()));
    burden(&content.duties, units, &dates, &app.calendar)
}

fn rows(app: &App, campaign: &Campaign, content: &Content, units: &[UnitRef]) -> Vec<Row> {
    let today = app.clock.today();
    let dates = content.head.dates(campaign.header.published_on().unwrap_or(today));
    let row = |duty: &Duty| {
        let planned = duty.planned(&dates, &app.calendar).unwrap_or_default();
        let count = units.iter().filter(|unit| duty.receivers.selects(unit)).count();
        Row {
            title: duty.title.clone(),
            kind: duty.kind.label(),
            when: duty.schedule_in_words(today),
            units: count,
            times: if duty.kind == DutyKind::AdHocReport { "—".to_owned() } else { planned.len().to_string() },
            past: planned.iter().filter(|one| one.due_ms.is_some_and(|due| due < app.now())).count(),
            minutes: match duty.kind {
                DutyKind::AdHocReport => "—".to_owned(),
                _ => duration_in_words(duty.minutes * (planned.len() * count) as i64),
            },
        }
    };
    content.duties.iter().filter(|duty| !duty.dropped).map(row).collect()
}

fn kinds(units: &[UnitRef]) -> Vec<(&'static str, usize)> {
    let mut counts: BTreeMap<UnitKind, usize> = BTreeMap::new();
    for unit in units {
        *counts.entry(unit.kind).or_default() += 1;
    }
    counts.into_iter().map(|(kind, count)| (kind.label(), count)).collect()
}

impl PublishPage {
    /// The burden in words.
    pub fn burden_in_words(&self) -> String {
        burden_in_words(&self.burden)
    }

    /// Minutes of all units together.
    pub fn total_in_words(&self) -> String {
        duration_in_words(self.burden.minutes)
    }

    /// Minutes of the unit that has most to do.
    pub fn most_in_words(&self) -> String {
        duration_in_words(self.burden.most_minutes)
    }

    /// What pressing the button will do.
    pub fn question(&self) -> String {
        let what = if self.is_amendment { "发布修改" } else { "发布" };
        format!("{what}后，{}个单位会立即收到，{}。现在发布吗？", self.burden.units, self.burden_in_words())
    }

    /// A page to look at.
    #[cfg(any(test, feature = "testing"))]
    pub fn sample() -> Self {
        Self {
            frame: Frame::default(),
            id: "1".into(),
            title: "关于开展2022年全镇“安全生产月”活动的通知".to_owned(),
            version: 3,
            is_amendment: true,
            missing: vec![Missing {
                place: "receivers".to_owned(), sentence: "还没有接收单位，请先选择。".to_owned()
            }],
            unresolved: 2,
            changes: vec!["任务“报送活动总结”时限由6月30日改为7月5日。".to_owned()],
            rows: vec![Row {
                title: "签收通知".to_owned(),
                kind: "签收",
                when: "收到后2个工作日内".to_owned(),
                units: 29,
                times: "1".to_owned(),
                past: 0,
                minutes: "29 分钟".to_owned(),
            }],
            kinds: vec![("嘎查村", 14), ("企业", 8)],
            burden: Burden { units: 29, occurrences: 180, minutes: 1500, most_minutes: 60 },
            note: String::new(),
            errors: FieldErrors::one("note", "请用一句话说明为什么修改，接收单位会看到。"),
        }
    }
}
