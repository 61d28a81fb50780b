//! `GET /duties`: which campaign's board to open.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::load::boards;
use crate::App;
use crate::features::campaigns::api::{CampaignHeader, CampaignState};
use crate::features::duties::api::{self as duties, CampaignId, Tally};
use crate::page::Page;
use crate::platform::error::Result;
use crate::platform::web::{self, Frame};

/// A campaign to choose.
#[derive(Debug)]
pub struct Choice {
    /// Its id.
    pub id: CampaignId,
    /// Its title.
    pub title: String,
    /// Number and period.
    pub about: String,
    /// All occurrences, all dates together.
    pub tally: Tally,
}

/// 报送
#[derive(Debug, Template)]
#[template(path = "features/boards/templates/chooser.html")]
pub struct ChooserPage {
    /// Around it.
    pub frame: Frame,
    /// Running ones.
    pub current: Vec<Choice>,
    /// Those that are over.
    pub closed: Vec<Choice>,
}

/// `GET /duties`: with one running campaign, straight to its board.
pub async fn page(State(app): State<App>, page: Page) -> Result<Response> {
    let campaigns = boards(&app, &page.actor).await?;
    let running: Vec<&CampaignHeader> =
        campaigns.iter().filter(|campaign| campaign.state == CampaignState::Published).collect();
    if let ([one], 1) = (running.as_slice(), campaigns.len()) {
        return Ok(web::see_other(&format!("/campaigns/{}/board", one.id)));
    }
    let ids: Vec<CampaignId> = campaigns.iter().map(|campaign| campaign.id.clone()).collect();
    let tallies = duties::progress(app.db.reader(), &page.actor.jurisdiction, &ids).await?;
    let today = app.clock.today();
    let choice = |campaign: CampaignHeader| Choice {
        tally: tallies.get(&campaign.id).copied().unwrap_or_default(),
        about: [campaign.doc_number.clone(), campaign.period_in_words(today)]
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join("　"),
        id: campaign.id,
        title: campaign.title,
    };
    let (current, closed): (Vec<_>, Vec<_>) =
        campaigns.into_iter().partition(|campaign| campaign.state == CampaignState::Published);
    web::page(&ChooserPage {
        frame: page.frame("报送", "duties"),
        current: current.into_iter().map(choice).collect(),
        closed: closed.into_iter().map(choice).collect(),
    })
}

#[cfg(any(test, feature = "testing"))]
impl ChooserPage {
    /// A page to look at.
    pub fn sample() -> Self {
        let choice = |id: &str, title: &str| Choice {
            id: id.into(),
            title: title.to_owned(),
            about: "青政发〔2022〕121号　6月1日（周三）至6月30日（周四）".to_owned(),
            tally: Tally { received: 47, returned: 3, not_yet: 6, not_applicable: 2 },
        };
        Self {
            frame: Frame { title: "报送".to_owned(), ..Frame::default() },
            current: vec![choice("c1", "2022年“安全生产月”活动"), choice("c2", "汛期安全检查")],
            closed: vec![choice("c0", "2021年“安全生产月”活动")],
        }
    }
}
