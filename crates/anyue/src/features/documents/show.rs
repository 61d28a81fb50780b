//! A document on its page: how it looks, how it stands, what can be done next.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use sea_orm::ConnectionTrait;

use super::model::{Paper, State as Stand, word_of};
use super::shown::{self, ShownPiece};
use super::{facts, store};
use crate::App;
use crate::features::campaigns::api as campaigns;
use crate::features::records::api as records;
use crate::features::units::api::{self as units, UnitRef};
use crate::page::Page;
use crate::platform::FieldErrors;
use crate::platform::auth::{Actor, Permission};
use crate::platform::error::{Error, Result};
use crate::platform::web::{self, Frame};

/// A document, when the permission covers its office.
pub async fn visible(app: &App, actor: &Actor, permission: Permission, id: &str) -> Result<Paper> {
    visible_in(app.db.reader(), app, actor, permission, id).await
}

/// The same within a transaction.
pub async fn visible_in(
    db: &impl ConnectionTrait,
    app: &App,
    actor: &Actor,
    permission: Permission,
    id: &str,
) -> Result<Paper> {
    let paper = store::find(db, &actor.jurisdiction, id).await?.ok_or(Error::NotFound)?;
    let unit = units::get(app.db.reader(), &actor.jurisdiction, &paper.unit_id).await?;
    if !actor.scope(Permission::DocumentView).covers(&unit.path) {
        return Err(Error::NotFound);
    }
    actor.require(permission, &unit.path)?;
    Ok(paper)
}

/// 公文
#[derive(Debug, Template)]
#[template(path = "features/documents/templates/show.html")]
pub struct ShowPage {
    /// Around it.
    pub frame: Frame,
    /// The document.
    pub paper: Paper,
    /// Its office.
    pub unit: String,
    /// Title of the campaign it is about; empty when none.
    pub campaign: String,
    /// What is printed.
    pub pieces: Vec<ShownPiece>,
    /// Titles of its annexes.
    pub annexes: Vec<String>,
    /// 成文日期 as printed; empty before it is issued.
    pub dated: String,
    /// Who did what when.
    pub steps: Vec<(&'static str, String)>,
    /// Pages its figures come from.
    pub sources: Vec<(String, String)>,
    /// The actor may draft.
    pub can_edit: bool,
    /// The actor may approve.
    pub can_approve: bool,
    /// 机关代字 that is likely: the one used last.
    pub word: String,
    /// What number it would get.
    pub next_number: String,
    /// A number of the office was given before, so the next is known.
    pub number_is_known: bool,
    /// What was typed into the number's fields.
    pub typed: super::steps::IssueForm,
    /// Whether PDF can be made on this machine.
    pub has_pdf: bool,
    /// What is wrong.
    pub errors: FieldErrors,
}

impl ShowPage {
    /// It is being written.
    pub fn is_draft(&self) -> bool {
        self.paper.state == Stand::Draft
    }

    /// It waits for approval.
    pub fn is_submitted(&self) -> bool {
        self.paper.state == Stand::Submitted
    }

    /// It waits for its number.
    pub fn is_approved(&self) -> bool {
        self.paper.state == Stand::Approved
    }

    /// It went out.
    pub fn is_issued(&self) -> bool {
        self.paper.state == Stand::Issued
    }

    /// It may be given up, with a reason.
    pub fn can_void(&self) -> bool {
        self.can_edit && self.paper.state != Stand::Void && self.paper.state != Stand::Draft
    }

    /// It is told on its page that it is not a document yet.
    pub fn watermark(&self) -> &'static str {
        match self.paper.state {
            Stand::Issued => "",
            Stand::Void => "作废",
            _ => "草稿",
        }
    }
}

/// `GET /documents/{id}`
pub async fn page(State(app): State<App>, page: Page, Path(id): Path<String>) -> Result<Response> {
    let paper = visible(&app, &page.actor, Permission::DocumentView, &id).await?;
    web::page(&build(&app, &page, paper, super::steps::IssueForm::default(), FieldErrors::new()).await?)
}

/// The page of a document.
pub async fn build(
    app: &App,
    page: &Page,
    paper: Paper,
    typed: super::steps::IssueForm,
    errors: FieldErrors,
) -> Result<ShowPage> {
    let (db, town, now) = (app.db.reader(), &page.actor.jurisdiction, app.clock.local_now());
    let unit: UnitRef = units::get(db, town, &paper.unit_id).await?;
    let campaign = match &paper.campaign_id {
        Some(id) => campaigns::header(db, town, id).await?.map(|one| one.title).unwrap_or_default(),
        None => String::new(),
    };
    let (mut word, mut next_number, mut number_is_known) = (String::new(), String::new(), false);
    if paper.state == Stand::Approved {
        word = usual_word(app, page, &paper).await?;
        let year = i64::from(app.clock.today().year());
        let last = store::last_serial(db, town, &paper.unit_id, (&word, year)).await?;
        number_is_known = last.is_some();
        next_number = super::model::number_in_words(&word, year, last.unwrap_or_default() + 1);
    }
    let by = |who: &str, at: Option<i64>| match at {
        Some(at) if !who.is_empty() => format!("{who}　{}", records::moment(at, now)),
        _ => String::new(),
    };
    let mut steps = vec![
        ("起草", by(&paper.created_by, Some(paper.created_at))),
        ("修改", by(&paper.updated_by, Some(paper.updated_at))),
        ("审签", by(&paper.approved_by, paper.approved_at)),
        ("印发", by(&paper.issued_by, paper.issued_at)),
    ];
    steps.retain(|(_, words)| !words.is_empty());
    Ok(ShowPage {
        frame: page.frame(paper.content.title_line(), "documents"),
        unit: unit.name,
        campaign,
        pieces: shown::pieces(&paper.content),
        annexes: shown::annexes(&paper.content),
        dated: paper.dated.map(facts::date_in_words).unwrap_or_default(),
        steps,
        sources: shown::sources(&paper.content),
        can_edit: page.actor.scope(Permission::DocumentEdit).covers(&unit.path),
        can_approve: page.actor.scope(Permission::DocumentApprove).covers(&unit.path),
        word,
        next_number,
        number_is_known,
        typed,
        has_pdf: super::pdf::is_there(&app.config.documents.soffice),
        paper,
        errors,
    })
}

/// The 机关代字 the office used last: in its register, else in its campaigns' notices.
async fn usual_word(app: &App, page: &Page, paper: &Paper) -> Result<String> {
    let (db, town) = (app.db.reader(), &page.actor.jurisdiction);
    if let Some(last) = store::numbers(db, town, &paper.unit_id).await?.into_iter().max_by_key(|one| one.given_at) {
        return Ok(last.word);
    }
    let scope = page.actor.scope(Permission::CampaignView);
    let recent = campaigns::recent(db, town, &scope, 20).await?;
    let own = recent.iter().filter(|one| one.issuer_unit_id == paper.unit_id);
    Ok(own.filter_map(|one| word_of(&one.doc_number)).next().unwrap_or_default().to_owned())
}

#[cfg(any(test, feature = "testing"))]
impl ShowPage {
    /// An example.
    pub fn sample() -> Self {
        use super::model::{Content, Kind};
        Self {
            frame: Frame::default(),
            paper: Paper {
                id: "1".to_owned(),
                unit_id: "u1".into(),
                campaign_id: Some("c1".into()),
                week: 2,
                kind: Kind::Report,
                state: Stand::Approved,
                content: Content {
                    mark: "测试镇人民政府文件".to_owned(),
                    title: "关于开展情况的报告".to_owned(),
                    recipients: "县应急管理局".to_owned(),
                    signature: "测试镇人民政府".to_owned(),
                    signer: "巴特尔".to_owned(),
                    note: "联系人：萨仁".to_owned(),
                    copies_to: "各村".to_owned(),
                    ..Content::default()
                },
                number: String::new(),
                dated: None,
                comment: String::new(),
                approved_by: "巴特尔".to_owned(),
                approved_at: Some(0),
                issued_by: String::new(),
                issued_at: None,
                version: 3,
                created_by: "萨仁".to_owned(),
                created_at: 0,
                updated_by: "萨仁".to_owned(),
                updated_at: 0,
            },
            unit: "测试镇".to_owned(),
            campaign: "安全生产月".to_owned(),
            pieces: shown::sample(),
            annexes: vec!["统计表".to_owned()],
            dated: "2022年6月13日".to_owned(),
            steps: vec![("起草", "萨仁　6月13日 10:00".to_owned())],
            sources: vec![("47".to_owned(), "/campaigns/1/board".to_owned())],
            can_edit: true,
            can_approve: true,
            word: "测政发".to_owned(),
            next_number: "测政发〔2022〕1号".to_owned(),
            number_is_known: false,
            typed: super::steps::IssueForm::default(),
            has_pdf: true,
            errors: FieldErrors::one("first", "请填写本年度已经用到第几号。"),
        }
    }
}
