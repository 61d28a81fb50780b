//! `/`: the public front page.

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use jiff::civil::Date;

use super::store::{self, Town};
use crate::App;
use crate::app::Answer;
use crate::features::campaigns::api::{self as campaigns, Activity, CampaignHeader, CampaignState};
use crate::page::PublicPage;
use crate::platform::auth::Scope;
use crate::platform::cache::Moment;
use crate::platform::error::Result;
use crate::platform::ids::JurisdictionId;
use crate::platform::web::{self, Frame};

/// 首页
#[derive(Debug, Template)]
#[template(path = "features/publishing/templates/front.html")]
pub struct FrontPage {
    /// Around it.
    pub frame: Frame,
    /// What is on, by town.
    pub towns: Vec<TownShown>,
    /// Somebody is signed in.
    pub signed_in: bool,
}

/// A town and what is on there.
#[derive(Clone, Debug, Default)]
pub struct TownShown {
    /// Its name.
    pub name: String,
    /// Published campaigns, the newest first.
    pub campaigns: Vec<CampaignShown>,
}

/// A published campaign, as the public sees it.
#[derive(Clone, Debug, Default)]
pub struct CampaignShown {
    /// Title.
    pub title: String,
    /// 活动主题
    pub theme: String,
    /// Period in words.
    pub period: String,
    /// 发文机关
    pub issuer: String,
    /// 发文字号
    pub doc_number: String,
    /// What takes place next: date in words, title.
    pub dates: Vec<(String, String)>,
}

impl FrontPage {
    /// The heading: the town, or the site when several share it.
    pub fn heading(&self) -> String {
        match self.towns.as_slice() {
            [one] => format!("{}安全生产", one.name),
            _ => self.frame.site_name.clone(),
        }
    }

    #[cfg(any(test, feature = "testing"))]
    /// A town in June.
    pub fn sample() -> Self {
        let campaign = CampaignShown {
            title: "青龙山镇2022年“安全生产月”活动".to_owned(),
            theme: "遵守安全生产法 当好第一责任人".to_owned(),
            period: "6月1日至6月30日".to_owned(),
            issuer: "青龙山镇人民政府".to_owned(),
            doc_number: "青政发〔2022〕121号".to_owned(),
            dates: vec![("6月16日（周四）".to_owned(), "“6·16”安全宣传咨询日".to_owned())],
        };
        Self {
            frame: Frame {
                title: "首页".to_owned(),
                site_name: "青龙山镇安全生产".to_owned(),
                sponsor_unit: "某旗应急管理局".to_owned(),
                ..Frame::default()
            },
            towns: vec![TownShown { name: "青龙山镇".to_owned(), campaigns: vec![campaign] }],
            signed_in: false,
        }
    }
}

/// `GET /`. For those who are not signed in the finished answer is kept in memory.
pub async fn page(State(app): State<App>, page: PublicPage, headers: HeaderMap) -> Result<Response> {
    let frame = page.frame("首页");
    if page.actor.is_some() || frame.flash.is_some() {
        return web::page(&FrontPage { frame, towns: read(&app).await?, signed_in: page.actor.is_some() });
    }
    let key = if frame.large_type { "front:large" } else { "front" };
    let moment = moment(&app).await?;
    let make = async || {
        let page = FrontPage { frame, towns: read(&app).await?, signed_in: false };
        Answer::new("text/html; charset=utf-8", page.render()?.into_bytes())
    };
    let answer = app.answers.get_or_make(key, moment, make).await?;
    Ok(answer.for_client(&headers).into_response())
}

/// The moment of all towns together: it moves when any of them is written to.
async fn moment(app: &App) -> Result<Moment> {
    let mut version = 0;
    for town in store::towns(app.db.reader()).await? {
        version += 1 + app.db.data_version(&JurisdictionId(town.jurisdiction_id)).await?;
    }
    Ok(Moment { jurisdiction: JurisdictionId(String::new()), version, minute: app.now() / 60_000 })
}

async fn read(app: &App) -> Result<Vec<TownShown>> {
    let mut towns = Vec::new();
    for Town { jurisdiction_id, name } in store::towns(app.db.reader()).await? {
        let campaigns = on_in(app, &JurisdictionId(jurisdiction_id)).await?;
        towns.push(TownShown { name, campaigns });
    }
    Ok(towns)
}

/// What is on in a town: published, not over, and not a unit's own forwarding of it.
async fn on_in(app: &App, town: &JurisdictionId) -> Result<Vec<CampaignShown>> {
    let (db, today) = (app.db.reader(), app.clock.today());
    let mut shown = Vec::new();
    for header in campaigns::recent(db, town, &Scope::All, 20).await? {
        if header.state == CampaignState::Published && header.derived_from.is_none() && !is_over(&header, today) {
            let activities = campaigns::activities(db, town, &header.id).await?;
            shown.push(CampaignShown {
                period: header.period_in_words(today),
                dates: next_dates(&activities, today),
                title: header.title,
                theme: header.theme,
                issuer: header.issuer,
                doc_number: header.doc_number,
            });
        }
    }
    Ok(shown)
}

fn is_over(header: &CampaignHeader, today: Date) -> bool {
    header.period_end.is_some_and(|end| end < today)
}

/// The next activities that have a day of their own, five at most.
fn next_dates(activities: &[Activity], today: Date) -> Vec<(String, String)> {
    let mut coming: Vec<(Date, &Activity)> = activities
        .iter()
        .filter_map(|activity| {
            let last = activity.ends_on.or(activity.starts_on)?;
            (last >= today).then(|| (activity.starts_on.unwrap_or(last), activity))
        })
        .collect();
    coming.sort_by_key(|(day, _)| *day);
    coming
        .into_iter()
        .take(5)
        .map(|(day, activity)| {
            let words = match activity.ends_on.filter(|end| *end != day) {
                Some(end) => format!("{}至{}", calendar::format_day(day, today), calendar::format_day(end, today)),
                None => calendar::format_day(day, today),
            };
            (words, activity.title.clone())
        })
        .collect()
}
