//! A campaign at a glance: what was sent, to whom, how it goes, what changed since.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::model::{Activity, Campaign, CampaignState, Change, duration_in_words, period_in_words};
use super::{edit, store};
use crate::App;
use crate::features::duties::api::{self as duties, CampaignId, Tally, burden};
use crate::features::units::api::{self as units, UnitRef};
use crate::page::Page;
use crate::platform::auth::{Actor, Permission};
use crate::platform::blobs::{self, FileRow};
use crate::platform::error::{Error, Result};
use crate::platform::ids::FileId;
use crate::platform::web::{self, Frame};

/// A duty and how it goes.
#[derive(Clone, Debug)]
pub struct DutyRow {
    /// Its id.
    pub id: String,
    /// A few words.
    pub title: String,
    /// What sort.
    pub kind: &'static str,
    /// When.
    pub when: String,
    /// The clause.
    pub clause: String,
    /// The four words.
    pub tally: Tally,
}

/// An activity.
#[derive(Clone, Debug)]
pub struct ActivityRow {
    /// As printed.
    pub number: String,
    /// What it is called.
    pub title: String,
    /// When and who.
    pub sub: String,
}

/// 活动
#[derive(Debug, Template)]
#[template(path = "features/campaigns/templates/show.html")]
pub struct ShowPage {
    /// Around it.
    pub frame: Frame,
    /// The campaign.
    pub id: CampaignId,
    /// How it stands.
    pub state: CampaignState,
    /// Facts: label and value.
    pub facts: Vec<(&'static str, String)>,
    /// Its title.
    pub title: String,
    /// Number, issuer, period.
    pub lead: String,
    /// 转自: address and words.
    pub derived: Option<(String, String)>,
    /// 转发 of this campaign: address and unit.
    pub passed_on: Vec<(String, String)>,
    /// Sentence with which it was closed.
    pub closing_note: String,
    /// An amendment is being written.
    pub amending: bool,
    /// May write it.
    pub can_edit: bool,
    /// May see boards.
    pub can_review: bool,
    /// The four words of all duties.
    pub tally: Tally,
    /// Units that receive it.
    pub units: usize,
    /// Units that have acknowledged the present edition.
    pub acknowledged: usize,
    /// Minutes of all units together, in words.
    pub burden: String,
    /// 任务
    pub duties: Vec<DutyRow>,
    /// 活动内容
    pub activities: Vec<ActivityRow>,
    /// Receivers by kind: label and names.
    pub receivers: Vec<(&'static str, Vec<String>)>,
    /// 修改记录: when and who, then the change.
    pub changes: Vec<(String, Change)>,
    /// The notice.
    pub text: Vec<String>,
    /// Files: address, name, size.
    pub files: Vec<(String, String, String)>,
}

/// Finds a campaign that the actor may see.
pub(super) async fn visible(app: &App, actor: &Actor, id: &CampaignId) -> Result<Campaign> {
    let (db, town) = (app.db.reader(), &actor.jurisdiction);
    let campaign = store::find(db, town, id).await?.ok_or(Error::NotFound)?;
    let view = actor.scope(Permission::CampaignView);
    if view.covers(&campaign.header.issuer_unit_path) || edit::require_edit(actor, &campaign).is_ok() {
        return Ok(campaign);
    }
    if campaign.header.state != CampaignState::Draft && store::reaches(db, town, id, &view).await? {
        return Ok(campaign);
    }
    Err(Error::NotFound)
}

/// `GET /campaigns/{id}`
pub async fn page(State(app): State<App>, page: Page, Path(id): Path<CampaignId>) -> Result<Response> {
    let campaign = visible(&app, &page.actor, &id).await?;
    web::page(&build(&app, &page, &campaign).await?)
}

/// `GET /campaigns/{id}/files/{file_id}`: whoever may see a campaign, or whose unit receives it, may read its files.
pub async fn file(
    State(app): State<App>,
    actor: Actor,
    Path((id, file)): Path<(CampaignId, FileId)>,
) -> Result<Response> {
    let (db, town) = (app.db.reader(), &actor.jurisdiction);
    if visible(&app, &actor, &id).await.is_err() {
        let header = store::header(db, town, &id).await?.ok_or(Error::NotFound)?;
        let mut receives = false;
        for grant in actor.own_units() {
            receives |= store::is_receiver(db, town, &id, &grant.unit_id).await?;
        }
        if !receives || header.state == CampaignState::Draft {
            return Err(Error::NotFound);
        }
    }
    let row = blobs::find_file(db, town, &file).await?.ok_or(Error::NotFound)?;
    if row.owner_kind != "campaign" || row.owner_id != id.0 {
        return Err(Error::NotFound);
    }
    let bytes = app.blobs.read(town, &row.sha256).await?;
    Ok(web::attachment(&row.name, &row.media_type, bytes))
}

async fn build(app: &App, page: &Page, campaign: &Campaign) -> Result<ShowPage> {
    let (db, town, id) = (app.db.reader(), &page.actor.jurisdiction, &campaign.header.id);
    let header = &campaign.header;
    let today = app.clock.today();
    let content = edit::published_content(db, town, campaign).await?;
    let receiver_ids = store::receiver_ids(db, town, id).await?;
    let receivers: Vec<UnitRef> = if header.state == CampaignState::Draft {
        super::receivers::chosen(app, &page.actor, campaign, &content).await?
    } else {
        units::in_tree_order(units::get_all(db, town, &receiver_ids).await?.into_values().collect())
    };
    let mut tallies: HashMap<String, Tally> = HashMap::new();
    for cell in duties::cells(db, town, id).await? {
        if let Some(word) = cell.on_board() {
            tallies.entry(cell.duty_id).or_default().add(word, 1);
        }
    }
    let mut acknowledged: Vec<String> = duties::acknowledgements(db, town, id)
        .await?
        .into_iter()
        .filter(|one| one.edition == header.edition)
        .map(|one| one.unit_id.to_string())
        .collect();
    acknowledged.sort();
    acknowledged.dedup();
    let derived = match &header.derived_from {
        Some(superior) => store::header(db, town, superior).await?.map(|superior| {
            (format!("/campaigns/{}", superior.id), format!("{}　{}", superior.issuer, superior.title))
        }),
        None => None,
    };
    let passed_on = store::derived(db, town, id).await?;
    let burden = burden(&content.duties, &receivers, &header.dates(today), &app.calendar);
    let tally = tallies.values().fold(Tally::default(), |sum, one| Tally {
        received: sum.received + one.received,
        returned: sum.returned + one.returned,
        not_yet: sum.not_yet + one.not_yet,
        not_applicable: sum.not_applicable + one.not_applicable,
    });
    let lead = [header.doc_number.clone(), header.issuer.clone(), header.period_in_words(today)];
    Ok(ShowPage {
        frame: page.frame(header.title.clone(), "campaigns"),
        id: id.clone(),
        state: header.state,
        title: header.title.clone(),
        lead: lead.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("　"),
        facts: facts(campaign, today),
        derived,
        passed_on: passed_on.into_iter().map(|one| (format!("/campaigns/{}", one.id), one.issuer)).collect(),
        closing_note: campaign.closing_note.clone(),
        amending: !campaign.amendment.is_empty(),
        can_edit: edit::require_edit(&page.actor, campaign).is_ok(),
        can_review: page.actor.scope(Permission::DutyView).covers(&header.issuer_unit_path),
        tally,
        units: receivers.len(),
        acknowledged: acknowledged.len(),
        burden: duration_in_words(burden.minutes),
        duties: content
            .duties
            .iter()
            .filter(|duty| !duty.dropped)
            .map(|duty| DutyRow {
                id: duty.id.0.clone(),
                title: duty.title.clone(),
                kind: duty.kind.label(),
                when: duty.schedule_in_words(today),
                clause: duty.clause.clone(),
                tally: tallies.get(&duty.id.0).copied().unwrap_or_default(),
            })
            .collect(),
        activities: content.activities.iter().filter(|one| !one.dropped).map(|one| activity_row(one, today)).collect(),
        receivers: by_kind(&receivers),
        changes: store::changes(db, town, id).await?.into_iter().map(|change| (told(&change), change)).collect(),
        text: campaign.lines().into_iter().filter(|line| !line.trim().is_empty()).collect(),
        files: blobs::files_of(db, town, "campaign", id.as_str())
            .await?
            .iter()
            .map(|file| file_row(id, file))
            .collect(),
    })
}

fn facts(campaign: &Campaign, today: jiff::civil::Date) -> Vec<(&'static str, String)> {
    let header = &campaign.header;
    let day = |date: Option<jiff::civil::Date>| date.map(|date| calendar::format_day(date, today)).unwrap_or_default();
    let facts = [
        ("活动主题", header.theme.clone()),
        ("活动时间", header.period_in_words(today)),
        ("成文日期", day(header.issued_on)),
        ("发布日期", day(header.published_on())),
        ("联系人", header.contact.clone()),
        ("补充说明", header.remarks.clone()),
    ];
    facts.into_iter().filter(|(_, value)| !value.is_empty()).collect()
}

fn activity_row(activity: &Activity, today: jiff::civil::Date) -> ActivityRow {
    let when = period_in_words(activity.starts_on, activity.ends_on, today);
    let sub = [when, activity.who.clone()];
    ActivityRow {
        number: activity.number.clone(),
        title: activity.title.clone(),
        sub: sub.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("　"),
    }
}

fn by_kind(receivers: &[UnitRef]) -> Vec<(&'static str, Vec<String>)> {
    let mut groups: std::collections::BTreeMap<units::UnitKind, Vec<String>> = std::collections::BTreeMap::new();
    for unit in receivers {
        groups.entry(unit.kind).or_default().push(unit.name.clone());
    }
    groups.into_iter().map(|(kind, names)| (kind.label(), names)).collect()
}

fn told(change: &Change) -> String {
    let at = calendar::to_local(change.at).unwrap_or_default();
    format!(
        "第{}版　{}月{}日 {:02}:{:02}　{}",
        change.edition,
        at.month(),
        at.day(),
        at.hour(),
        at.minute(),
        change.actor_name
    )
}

fn file_row(id: &CampaignId, file: &FileRow) -> (String, String, String) {
    (format!("/campaigns/{id}/files/{}", file.file_id), file.name.clone(), file.size_in_words())
}

impl ShowPage {
    /// A number as text.
    pub fn number(&self, number: &i64) -> String {
        number.to_string()
    }

    /// A page to look at.
    #[cfg(any(test, feature = "testing"))]
    pub fn sample() -> Self {
        let tally = Tally { received: 47, returned: 3, not_yet: 6, not_applicable: 2 };
        Self {
            frame: Frame::default(),
            id: "1".into(),
            state: CampaignState::Published,
            facts: vec![("活动主题", "落实安全责任，推动安全发展".to_owned())],
            title: "关于开展2022年全镇“安全生产月”活动的通知".to_owned(),
            lead: "青政发〔2022〕121号".to_owned(),
            derived: Some(("/campaigns/0".to_owned(), "某某旗人民政府　关于…的通知".to_owned())),
            passed_on: vec![("/campaigns/2".to_owned(), "北山铁矿".to_owned())],
            closing_note: "活动已圆满结束。".to_owned(),
            amending: true,
            can_edit: true,
            can_review: true,
            tally,
            units: 29,
            acknowledged: 12,
            burden: "15 小时".to_owned(),
            duties: vec![DutyRow {
                id: "d".to_owned(),
                title: "签收通知".to_owned(),
                kind: "签收",
                when: "收到后2个工作日内".to_owned(),
                clause: "五/（四）".to_owned(),
                tally,
            }],
            activities: vec![ActivityRow {
                number: "（一）".to_owned(),
                title: "启动日活动".to_owned(),
                sub: "6月1日至6月10日".to_owned(),
            }],
            receivers: vec![("嘎查村", vec!["东沟村".to_owned()])],
            changes: vec![(
                "第2版　6月14日 09:00　赵敏".to_owned(),
                Change {
                    edition: 2,
                    at: 0,
                    actor_name: "赵敏".to_owned(),
                    note: "因天气调整。".to_owned(),
                    changes: vec!["任务“报送方案”时限由6月20日改为6月22日。".to_owned()],
                },
            )],
            text: vec!["各村：".to_owned()],
            files: vec![("/campaigns/1/files/1".to_owned(), "通知.docx".to_owned(), "24 KB".to_owned())],
        }
    }
}
