//! `/verify`: whether a receipt is genuine, for anybody, without signing in.

use std::net::SocketAddr;

use askama::Template;
use axum::extract::{ConnectInfo, Multipart, Query, State};
use axum::http::{Extensions, HeaderMap};
use axum::response::Response;
use seal::{LONGEST, Presented};

use super::api;
use crate::App;
use crate::page::PublicPage;
use crate::platform::error::{Error, Result};
use crate::platform::keyring::Keys;
use crate::platform::web::guards::client_address;
use crate::platform::web::{self, Frame};

/// 核验回执
#[derive(Debug, Template)]
#[template(path = "features/receipts/templates/verify.html")]
pub struct VerifyPage {
    /// Around it.
    pub frame: Frame,
    /// What was pasted.
    pub text: String,
    /// What is said of it; `None` before anything was presented.
    pub verdict: Option<Verdict>,
    /// The public keys, the one in use first: key, name, fingerprint.
    pub keys: Vec<(String, String, String)>,
}

/// What is said of a receipt.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// It was issued here and not altered.
    pub genuine: bool,
    /// In a sentence.
    pub words: String,
    /// What it states: label and text.
    pub stated: Vec<(&'static str, String)>,
    /// Its parts: sort and hash.
    pub items: Vec<(&'static str, String)>,
}

impl Verdict {
    /// Of what somebody presents.
    pub fn of(text: &str, keys: &Keys) -> Self {
        let refused = |problem: seal::Problem| Self {
            genuine: false,
            words: problem.zh(),
            stated: Vec::new(),
            items: Vec::new(),
        };
        let presented: Presented = match text.parse() {
            Ok(presented) => presented,
            Err(problem) => return refused(problem),
        };
        if let Err(problem) = presented.verify(&keys.public) {
            return refused(problem);
        }
        let statement = presented.statement();
        let items = presented.items().unwrap_or_default();
        let stated = vec![
            ("收到的单位", statement.issuer().to_owned()),
            ("事项", statement.about().to_owned()),
            ("回执编号", statement.number().to_owned()),
            ("收到时间", format!("{}（北京时间）", statement.time())),
            ("内容", format!("{}项", presented.count())),
        ];
        Self {
            genuine: true,
            words: format!("这张回执由本站签发，签发之后没有改动过。{}收到的内容可以凭它查证。", statement.issuer()),
            stated,
            items: items.iter().map(|item| (item.kind.label(), item.hex())).collect(),
        }
    }
}

impl VerifyPage {
    fn new(page: &PublicPage, keys: &Keys, text: String) -> Self {
        let verdict = (!text.is_empty()).then(|| Verdict::of(&text, keys));
        let shown = keys.public.iter().rev();
        Self {
            frame: page.frame("核验回执"),
            text,
            verdict,
            keys: shown.map(|key| (key.to_string(), key.id().to_string(), key.fingerprint())).collect(),
        }
    }

    #[cfg(any(test, feature = "testing"))]
    /// A genuine receipt.
    pub fn sample() -> Self {
        use seal::{Item, ItemKind, Receipt, SigningKey, Statement};
        let signing = SigningKey::from_seed(&[1; 32]);
        let public = signing.public();
        let statement = Statement::new("青龙山镇", "定期报送", "4F6A0C1D2E3B", 1_655_350_923);
        let items = vec![Item::of(ItemKind::Record, b"record"), Item::of(ItemKind::File, b"photo")];
        let text = Receipt::sign(&signing, statement, items).map(|receipt| receipt.to_string()).unwrap_or_default();
        let verdict = Some(Verdict::of(&text, &Keys { signing, public: vec![public] }));
        Self {
            frame: Frame {
                title: "核验回执".to_owned(),
                site_name: "青龙山镇安全生产".to_owned(),
                sponsor_unit: "某旗应急管理局".to_owned(),
                ..Frame::default()
            },
            text: String::new(),
            verdict,
            keys: vec![(public.to_string(), public.id().to_string(), public.fingerprint())],
        }
    }
}

/// The address's question.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct Scanned {
    /// The code of a QR code.
    c: String,
}

/// `GET /verify`: empty, or with the code that was scanned.
pub async fn page(
    State(app): State<App>,
    page: PublicPage,
    headers: HeaderMap,
    extensions: Extensions,
    Query(scanned): Query<Scanned>,
) -> Result<Response> {
    let keys = api::keys(&app)?;
    if !scanned.c.is_empty() {
        bound(&app, &headers, &extensions)?;
    }
    web::page(&VerifyPage::new(&page, &keys, scanned.c))
}

/// `POST /verify`: what was pasted, or the file of a receipt.
pub async fn submit(
    State(app): State<App>,
    page: PublicPage,
    headers: HeaderMap,
    extensions: Extensions,
    mut body: Multipart,
) -> Result<Response> {
    bound(&app, &headers, &extensions)?;
    let broken = |_| Error::refused("内容没有传完，请检查网络后重新核验。");
    let mut text = String::new();
    while let Some(mut field) = body.next_field().await.map_err(broken)? {
        let is_file = field.file_name().is_some();
        let mut bytes = Vec::new();
        while let Some(chunk) = field.chunk().await.map_err(broken)? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > LONGEST {
                return Err(Error::TooLarge("内容太长，不是一张回执。请选择下载的回执文件。".to_owned()));
            }
        }
        // A file that was chosen counts more than what stands in the box.
        if !bytes.is_empty() && (is_file || text.is_empty()) {
            text = String::from_utf8_lossy(&bytes).into_owned();
        }
    }
    let keys = api::keys(&app)?;
    let text = if text.trim().is_empty() { " ".to_owned() } else { text };
    web::page(&VerifyPage::new(&page, &keys, text))
}

/// So many a minute from one address: generous, since a town may share one.
fn bound(app: &App, headers: &HeaderMap, extensions: &Extensions) -> Result<()> {
    let peer = extensions.get::<ConnectInfo<SocketAddr>>();
    if app.crowd.allow(&format!("verify {}", client_address(app, headers, peer)), app.now()) {
        return Ok(());
    }
    Err(Error::TooMany("核验得太频繁，请过一分钟再试。回执长期有效，不会因此失效。".to_owned()))
}
