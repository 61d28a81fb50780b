//! `/console`: what should I do now?

use std::collections::HashSet;

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::model::{self, NextDate, Standing};
use super::store;
use crate::App;
use crate::features::campaigns::api::{self as campaigns, CampaignHeader, CampaignState};
use crate::features::duties::api as duties;
use crate::features::units::api as units;
use crate::page::Page;
use crate::platform::auth::{Actor, Permission};
use crate::platform::error::Result;
use crate::platform::web::{self, Frame};

/// Days ahead that the overview looks.
const DAYS_AHEAD: i64 = 10;

/// 概览
#[derive(Debug, Template)]
#[template(path = "features/overview/templates/console.html")]
pub struct ConsolePage {
    /// Around it.
    pub frame: Frame,
    /// One sentence that answers what to do now.
    pub lead: String,
    /// What needs attention, the most urgent first.
    pub attention: Vec<Attention>,
    /// The campaigns under way.
    pub campaigns: Vec<Campaign>,
    /// Dates to come.
    pub dates: Vec<NextDate>,
    /// The person may begin a campaign.
    pub can_begin: bool,
    /// The person sees campaigns at all.
    pub sees_campaigns: bool,
    /// Pages for the person's role: icon, label, what for, address.
    pub entries: Vec<(&'static str, &'static str, &'static str, &'static str)>,
}

/// Something that needs attention.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attention {
    /// What.
    pub title: String,
    /// Of which campaign.
    pub about: String,
    /// How many.
    pub count: i64,
    /// Measure of the number: 件, 个单位.
    pub measure: &'static str,
    /// The time is over.
    pub overdue: bool,
    /// Where to deal with it.
    pub href: String,
    /// Words of the way there.
    pub action: &'static str,
}

/// A campaign under way.
#[derive(Clone, Debug)]
pub struct Campaign {
    /// Title.
    pub title: String,
    /// Period, edition.
    pub about: String,
    /// Its not-yet board.
    pub href: String,
    /// How it stands.
    pub standing: Standing,
}

impl Campaign {
    /// How many were asked for and apply.
    pub fn due(&self) -> i64 {
        self.standing.tally.total() - self.standing.tally.not_applicable
    }

    /// `已报47，共56`
    pub fn progress_in_words(&self) -> String {
        format!("已报{}，应报{}", self.standing.tally.received, self.due())
    }
}

impl ConsolePage {
    /// Whether the town has nothing under way yet.
    pub fn is_fresh(&self) -> bool {
        self.sees_campaigns && self.campaigns.is_empty() && self.attention.is_empty()
    }

    #[cfg(any(test, feature = "testing"))]
    /// The office on a busy morning.
    pub fn sample() -> Self {
        let standing = Standing {
            tally: duties::Tally { received: 47, returned: 3, not_yet: 6, not_applicable: 2 },
            to_review: 4,
            overdue: 2,
        };
        let campaign = "青龙山镇2022年“安全生产月”活动".to_owned();
        let attention = |title: &str, count, overdue, action| Attention {
            title: title.to_owned(),
            about: campaign.clone(),
            count,
            measure: "件",
            overdue,
            href: "/campaigns/1/board".to_owned(),
            action,
        };
        let attention = vec![attention("逾期未报", 2, true, "查看并提醒"), attention("待审核", 4, false, "去审核")];
        Self {
            frame: Frame {
                title: "概览".to_owned(),
                active: "console",
                site_name: "青龙山镇安全生产".to_owned(),
                ..Frame::default()
            },
            lead: lead(&attention),
            attention,
            campaigns: vec![Campaign {
                title: campaign,
                about: "6月1日至6月30日".to_owned(),
                href: "/campaigns/1/board".to_owned(),
                standing,
            }],
            dates: vec![NextDate {
                title: "每周四上午报送活动开展情况".to_owned(),
                due: "6月16日（周四）12:00　还有3天".to_owned(),
                not_yet: 27,
                href: "/duties/1".to_owned(),
                due_ms: 0,
            }],
            can_begin: true,
            sees_campaigns: true,
            entries: vec![("users", "账号", "新建、停用、解锁账号", "/accounts")],
        }
    }
}

/// `GET /console`
pub async fn page(State(app): State<App>, page: Page) -> Result<Response> {
    let actor = &page.actor;
    let (town, db) = (&actor.jurisdiction, app.db.reader());
    let (now_ms, now) = (app.now(), app.clock.local_now());
    let mut attention = Vec::new();
    let (mut under_way, mut dates) = (Vec::new(), Vec::new());

    let headers = match actor.can(Permission::CampaignView) {
        true => campaigns::recent(db, town, &actor.scope(Permission::CampaignView), 50).await?,
        false => Vec::new(),
    };
    for header in headers.iter().filter(|header| header.state == CampaignState::Draft) {
        if actor.require(Permission::CampaignEdit, &header.issuer_unit_path).is_ok() {
            attention.push(unfinished(header));
        }
    }
    for header in headers.iter().filter(|header| header.state == CampaignState::Published) {
        let mut cells = duties::cells(db, town, &header.id).await?;
        let scope = actor.scope(Permission::CampaignView);
        if !scope.covers(&header.issuer_unit_path) {
            let own: HashSet<String> =
                units::list(db, town, &scope).await?.into_iter().map(|unit| unit.id.to_string()).collect();
            cells.retain(|cell| own.contains(&cell.unit_id));
        }
        let standing = model::standing(&cells, now_ms);
        if actor.can(Permission::DutyView) {
            attention.extend(to_do(header, &standing, actor));
            let duties = duties::of_campaign(db, town, &header.id, false).await?;
            dates.extend(model::next_dates(&cells, &duties, now_ms, DAYS_AHEAD, now));
        }
        under_way.push(Campaign {
            title: header.title.clone(),
            about: header.period_in_words(now.date()),
            href: format!("/campaigns/{}/board", header.id),
            standing,
        });
    }
    if actor.can(Permission::JobView) {
        let failed = store::failed_jobs(db, town).await?;
        if failed > 0 {
            attention.push(Attention {
                title: "后台任务失败".to_owned(),
                about: "系统重试后仍未办成，请查看原因".to_owned(),
                count: failed,
                measure: "件",
                overdue: false,
                href: "/jobs".to_owned(),
                action: "查看",
            });
        }
    }
    attention.sort_by_key(|one| !one.overdue);
    dates.sort_by_key(|date| date.due_ms);
    dates.truncate(8);

    web::page(&ConsolePage {
        frame: page.frame("概览", "console"),
        lead: lead(&attention),
        attention,
        campaigns: under_way,
        dates,
        can_begin: actor.can(Permission::CampaignEdit),
        sees_campaigns: actor.can(Permission::CampaignView),
        entries: entries(actor),
    })
}

fn unfinished(header: &CampaignHeader) -> Attention {
    Attention {
        title: "通知还没有发布".to_owned(),
        about: if header.title.is_empty() { "未命名的活动".to_owned() } else { header.title.clone() },
        count: 1,
        measure: "份",
        overdue: false,
        href: format!("/campaigns/{}/confirm", header.id),
        action: "继续核对",
    }
}

fn to_do(header: &CampaignHeader, standing: &Standing, actor: &Actor) -> Vec<Attention> {
    let reviews = actor.can(Permission::DutyReview);
    let board = |query: &str| format!("/campaigns/{}/board{query}", header.id);
    let one = |title: &str, count, overdue, query: &str, action| Attention {
        title: title.to_owned(),
        about: header.title.clone(),
        count,
        measure: "件",
        overdue,
        href: board(query),
        action,
    };
    let mut found = Vec::new();
    if standing.overdue > 0 {
        found.push(one(
            "逾期未报",
            standing.overdue,
            true,
            "?state=overdue",
            if reviews { "查看并提醒" } else { "查看" },
        ));
    }
    if standing.to_review > 0 {
        found.push(one(
            "待审核",
            standing.to_review,
            false,
            "?state=to_review",
            if reviews { "去审核" } else { "查看" },
        ));
    }
    found
}

fn lead(attention: &[Attention]) -> String {
    let overdue: i64 = attention.iter().filter(|one| one.overdue).map(|one| one.count).sum();
    match (attention.len(), overdue) {
        (0, _) => "现在没有需要处理的事。".to_owned(),
        (count, 0) => format!("有{count}类事需要处理。"),
        (count, overdue) => format!("有{count}类事需要处理，其中{overdue}件已逾期。"),
    }
}

fn entries(actor: &Actor) -> Vec<(&'static str, &'static str, &'static str, &'static str)> {
    [
        (Permission::AccountView, ("users", "账号", "邀请人员，停用和解锁账号，分配权限", "/accounts")),
        (Permission::SettingsEdit, ("settings", "设置", "主办单位、备案号和站点名称", "/settings")),
        (Permission::JobView, ("stack-2", "后台任务", "提醒等后台工作的进展和失败原因", "/jobs")),
        (Permission::AuditView, ("history", "审计", "谁在什么时候做了什么，是否被改动过", "/audit")),
    ]
    .into_iter()
    .filter(|(permission, _)| actor.can(*permission) && !actor.can(Permission::CampaignView))
    .map(|(_, entry)| entry)
    .collect()
}
