//! The archives of a campaign: those there are, how far the one is that is being made, and the form to ask for one.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Path, State as Shared};
use axum::response::Response;

use super::model::{Archive, ArchiveId, State, may_request, may_view};
use super::progress::Done;
use super::request::RequestForm;
use super::store;
use crate::App;
use crate::features::campaigns::api::{self as campaigns, CampaignHeader, CampaignState};
use crate::features::duties::api::CampaignId;
use crate::features::records::api as records;
use crate::features::statistics::api as statistics;
use crate::features::units::api::{self as units, UnitRef};
use crate::page::Page;
use crate::platform::FieldErrors;
use crate::platform::auth::Actor;
use crate::platform::blobs::size_in_words;
use crate::platform::error::{Error, Result};
use crate::platform::ids::UnitId;
use crate::platform::retention;
use crate::platform::web::{self, Frame};

/// 活动档案
#[derive(Debug, Template)]
#[template(path = "features/archive/templates/show.html")]
pub struct ArchivePage {
    /// Around it.
    pub frame: Frame,
    /// The campaign.
    pub id: CampaignId,
    /// Its title.
    pub title: String,
    /// May ask for one.
    pub can_request: bool,
    /// Nothing was published yet.
    pub is_draft: bool,
    /// Archives, the newest first.
    pub lines: Vec<Line>,
    /// For how long an archive can be fetched, in words.
    pub kept: String,
    /// What was typed.
    pub form: RequestForm,
    /// What is wrong with it.
    pub errors: FieldErrors,
    /// Units to choose from: id, name, chosen.
    pub units: Vec<(String, String, bool)>,
    /// Weeks to choose from: number and words.
    pub weeks: Vec<(String, String)>,
}

/// The list alone, which asks for itself while something is being made.
#[derive(Debug, Template)]
#[template(path = "features/archive/templates/list.html")]
pub struct ListPart {
    /// Around it.
    pub frame: Frame,
    /// The campaign.
    pub id: CampaignId,
    /// May ask for one, and have originals.
    pub can_request: bool,
    /// Archives, the newest first.
    pub lines: Vec<Line>,
}

/// An archive.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its id.
    pub id: String,
    /// What was asked for.
    pub words: String,
    /// How it stands.
    pub state: State,
    /// Who asked for it, and when.
    pub asked: String,
    /// `1,284 个文件　2.4 GB`
    pub size: String,
    /// SHA-256 of the file.
    pub sha256: String,
    /// Until when it can be fetched.
    pub until: String,
    /// Why it was not made.
    pub reason: String,
    /// It can be fetched by this person.
    pub can_fetch: bool,
    /// How far it is: done, of, in words.
    pub progress: Option<(u64, u64, String)>,
}

impl Line {
    fn new(
        archive: &Archive,
        done: Option<Done>,
        can_request: bool,
        names: &HashMap<UnitId, String>,
        days: Option<i64>,
        now: jiff::civil::DateTime,
    ) -> Self {
        let files = records::grouped(archive.files);
        Self {
            id: archive.id.to_string(),
            words: archive.wish.words(names),
            state: archive.state,
            asked: format!("{}　{}", archive.requested_by_name, records::moment(archive.requested_at, now)),
            size: format!("{files} 个文件　{}", size_in_words(archive.size)),
            sha256: archive.sha256.clone(),
            until: match (archive.state, archive.made_at, days) {
                (State::Ready, Some(at), Some(days)) => {
                    retention::last_day(at, days).map(|day| calendar::format_day(day, now.date())).unwrap_or_default()
                }
                (State::Ready, _, None) => "永久".to_owned(),
                _ => archive.expires_at.map(|at| records::moment(at, now)).unwrap_or_default(),
            },
            reason: archive.reason.clone(),
            can_fetch: archive.state == State::Ready && (can_request || !archive.wish.originals),
            progress: done.map(|done| (done.permille(), 1000, done.words())),
        }
    }

    /// Class of its label.
    pub fn class(&self) -> &'static str {
        match self.state {
            State::Making => "waiting",
            State::Ready => "received",
            State::Failed => "returned",
            State::Removed => "quiet",
        }
    }

    #[cfg(any(test, feature = "testing"))]
    fn sample(state: State) -> Self {
        let done = Done { files: 812, of_files: 1284, bytes: 1 << 30, of_bytes: 5 << 29 };
        Self {
            id: "1".to_owned(),
            words: "全部单位　第1周至第3周　网页副本和原件".to_owned(),
            state,
            asked: "萨仁　6月30日 16:40".to_owned(),
            size: "1,284 个文件　2.4 GB".to_owned(),
            sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
            until: "7月14日 16:44".to_owned(),
            reason: "“演练.jpg”（东沟村　防汛疏散演练）的内容在服务器上找不到了，没有生成档案。".to_owned(),
            can_fetch: state == State::Ready,
            progress: (state == State::Making).then(|| (done.permille(), 1000, done.words())),
        }
    }
}

impl Done {
    /// How far, in thousandths: by bytes, or by files when there are none.
    fn permille(&self) -> u64 {
        let (done, of) = if self.of_bytes > 0 { (self.bytes, self.of_bytes) } else { (self.files, self.of_files) };
        (done.saturating_mul(1000) / of.max(1)).min(1000)
    }

    /// `812 / 1,284 个文件　1.0 GB / 2.5 GB`
    fn words(&self) -> String {
        let number = |number: u64| records::grouped(i64::try_from(number).unwrap_or(i64::MAX));
        let bytes = |number: u64| size_in_words(i64::try_from(number).unwrap_or(i64::MAX));
        let files = format!("{} / {} 个文件", number(self.files), number(self.of_files));
        format!("{files}　{} / {}", bytes(self.bytes), bytes(self.of_bytes))
    }
}

impl ListPart {
    /// Something is being made: the list asks again.
    pub fn is_waiting(&self) -> bool {
        self.lines.iter().any(|line| line.state == State::Making)
    }

    #[cfg(any(test, feature = "testing"))]
    /// For the template test.
    pub fn sample() -> Self {
        Self { frame: Frame::default(), id: "1".into(), can_request: true, lines: ArchivePage::sample().lines }
    }
}

impl ArchivePage {
    /// As in the part.
    pub fn is_waiting(&self) -> bool {
        self.lines.iter().any(|line| line.state == State::Making)
    }

    /// All units, or some.
    pub fn scopes(&self) -> Vec<(&'static str, &'static str)> {
        vec![("all", "全部单位"), ("some", "只要下面勾选的单位")]
    }

    #[cfg(any(test, feature = "testing"))]
    /// For the template test.
    pub fn sample() -> Self {
        Self {
            frame: Frame::default(),
            id: "1".into(),
            title: "关于开展2022年全镇“安全生产月”活动的通知".to_owned(),
            can_request: true,
            is_draft: false,
            lines: State::ALL.iter().map(|state| Line::sample(*state)).collect(),
            kept: "14天".to_owned(),
            form: RequestForm::blank(),
            errors: FieldErrors::one("units", "请选择单位，或者选全部单位。"),
            units: vec![("u1".to_owned(), "东沟村".to_owned(), true)],
            weeks: vec![("1".to_owned(), "第1周（6月1日至6月2日）".to_owned())],
        }
    }
}

/// A campaign whose archives the actor sees; for others it is not there.
pub(super) async fn visible(app: &App, actor: &Actor, id: &CampaignId) -> Result<CampaignHeader> {
    let campaign = campaigns::header(app.db.reader(), &actor.jurisdiction, id).await?;
    campaign.filter(|campaign| may_view(actor, campaign)).ok_or(Error::NotFound)
}

/// An archive of a campaign.
pub(super) async fn of_campaign(
    app: &App,
    actor: &Actor,
    campaign: &CampaignHeader,
    id: &ArchiveId,
) -> Result<Archive> {
    let archive = store::find(app.db.reader(), &actor.jurisdiction, id).await?;
    archive.filter(|archive| archive.campaign_id == campaign.id).ok_or(Error::NotFound)
}

/// The units that can be chosen: the one that runs the campaign, and all below it.
pub(super) async fn units_of(app: &App, actor: &Actor, campaign: &CampaignHeader) -> Result<Vec<UnitRef>> {
    let (db, town) = (app.db.reader(), &actor.jurisdiction);
    let top = units::get(db, town, &campaign.issuer_unit_id).await?;
    let mut all = vec![top.clone()];
    all.extend(units::below(db, town, &top).await?);
    Ok(all)
}

async fn lines(app: &App, actor: &Actor, campaign: &CampaignHeader, all: &[UnitRef]) -> Result<Vec<Line>> {
    let names = all.iter().map(|unit| (unit.id.clone(), unit.name.clone())).collect();
    let archives = store::of_campaign(app.db.reader(), &actor.jurisdiction, &campaign.id).await?;
    let (now, can_request) = (app.clock.local_now(), may_request(actor, campaign));
    let days = kept_days(app, actor).await?;
    let line = |one| {
        let one: &Archive = one;
        Line::new(one, app.archives.of(&one.id), can_request, &names, days, now)
    };
    Ok(archives.iter().map(line).collect())
}

/// `GET /campaigns/{id}/archive`
pub async fn page(Shared(app): Shared<App>, page: Page, Path(id): Path<CampaignId>) -> Result<Response> {
    web::page(&build(&app, &page, &id, RequestForm::blank(), FieldErrors::new()).await?)
}

/// `GET /campaigns/{id}/archive/list`
pub async fn list(Shared(app): Shared<App>, page: Page, Path(id): Path<CampaignId>) -> Result<Response> {
    let campaign = visible(&app, &page.actor, &id).await?;
    let all = units_of(&app, &page.actor, &campaign).await?;
    let lines = lines(&app, &page.actor, &campaign, &all).await?;
    let can_request = may_request(&page.actor, &campaign);
    web::page(&ListPart { frame: page.frame("活动档案", "campaigns"), id, can_request, lines })
}

async fn kept_days(app: &App, actor: &Actor) -> Result<Option<i64>> {
    retention::days(app.db.reader(), &actor.jurisdiction, &store::KEPT, app.now()).await
}

pub(super) async fn build(
    app: &App,
    page: &Page,
    id: &CampaignId,
    form: RequestForm,
    errors: FieldErrors,
) -> Result<ArchivePage> {
    let campaign = visible(app, &page.actor, id).await?;
    let all = units_of(app, &page.actor, &campaign).await?;
    let weeks = statistics::weeks_of(app, &page.actor.jurisdiction, &campaign).await?;
    let day = |day: jiff::civil::Date| format!("{}月{}日", day.month(), day.day());
    let week = |week: &statistics::Week| {
        (week.no.to_string(), format!("第{}周（{}至{}）", week.no, day(week.from), day(week.until)))
    };
    Ok(ArchivePage {
        frame: page.frame("活动档案", "campaigns"),
        id: id.clone(),
        lines: lines(app, &page.actor, &campaign, &all).await?,
        can_request: may_request(&page.actor, &campaign) && campaign.state != CampaignState::Draft,
        is_draft: campaign.state == CampaignState::Draft,
        title: campaign.title,
        kept: retention::in_words(kept_days(app, &page.actor).await?),
        units: all
            .into_iter()
            .map(|unit| {
                let chosen = form.units.contains(&unit.id.0);
                (unit.id.0, unit.name, chosen)
            })
            .collect(),
        weeks: weeks.iter().map(week).collect(),
        form,
        errors,
    })
}
