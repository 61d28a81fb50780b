//! The town's own settings: its name, and how long things are kept and shown. What concerns the installation
//! (sponsor, filing number, address) is in its configuration file and only shown here.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::store;
use crate::App;
use crate::page::Page;
use crate::platform::FieldErrors;
use crate::platform::audit::Event;
use crate::platform::error::{Error, Result};
use crate::platform::web::form::Form;
use crate::platform::web::{self, Flash, Frame};

/// The settings of a town, kept as JSON. A member that is missing has its default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TownSettings {
    /// Years for which reports and their files are kept after a campaign has been closed.
    pub keep_years: i64,
    /// Telephone of the office, shown to units and the public; may be empty.
    pub contact_phone: String,
    /// Hours of the office, shown beside the telephone; may be empty.
    pub office_hours: String,
}

impl Default for TownSettings {
    fn default() -> Self {
        Self { keep_years: 3, contact_phone: String::new(), office_hours: String::new() }
    }
}

/// 设置
#[derive(Debug, Template)]
#[template(path = "features/accounts/templates/settings.html")]
pub struct SettingsPage {
    /// Around it.
    pub frame: Frame,
    /// What was typed.
    pub form: SettingsForm,
    /// Messages by field.
    pub errors: FieldErrors,
    /// Who runs the installation.
    pub sponsor: String,
    /// Level of the sponsor.
    pub sponsor_level: String,
    /// Filing number.
    pub filing_no: String,
    /// Address of the installation.
    pub public_url: String,
}

/// The form.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct SettingsForm {
    /// Name of the town.
    pub name: String,
    /// Years to keep.
    pub keep_years: String,
    /// Telephone of the office.
    pub contact_phone: String,
    /// Hours of the office.
    pub office_hours: String,
    /// What the form was filled with, to notice changes by others.
    pub seen: String,
}

impl SettingsPage {
    /// The level of the sponsor in words.
    pub fn level_words(&self) -> &'static str {
        match self.sponsor_level.as_str() {
            "province" => "自治区（省）级",
            "city" => "市级",
            "county" => "旗县级",
            "township" => "乡镇级",
            _ => "未填写",
        }
    }

    /// What stands against using it with the public (国办函〔2026〕12号); empty when nothing does.
    pub fn warnings(&self) -> Vec<&'static str> {
        let mut warnings = Vec::new();
        if !matches!(self.sponsor_level.as_str(), "county" | "city" | "province") {
            warnings.push("主办单位不是旗县级及以上。县以下单位原则上不得开发建设政务移动互联网应用程序（国办函〔2026〕12号），请由旗县级及以上单位主办，乡镇作为使用单位。");
        }
        if self.filing_no.is_empty() {
            warnings.push(
                "没有备案号。未经备案的，不得要求任何人使用；请先按规定办理备案，并向自治区网信部门确认网页是否适用。",
            );
        }
        warnings
    }
}

#[cfg(any(test, feature = "testing"))]
impl SettingsPage {
    /// For the template test.
    pub fn sample() -> Self {
        Self {
            frame: Frame { title: "设置".to_owned(), active: "settings", ..Frame::default() },
            form: SettingsForm {
                name: "青龙山镇".to_owned(),
                keep_years: "3".to_owned(),
                contact_phone: "0477-1234567".to_owned(),
                office_hours: "工作日 8:30—17:30".to_owned(),
                seen: String::new(),
            },
            errors: FieldErrors::one("keep_years", "请填写1至30之间的数字。"),
            sponsor: "测试旗应急管理局".to_owned(),
            sponsor_level: "county".to_owned(),
            filing_no: String::new(),
            public_url: "http://127.0.0.1:8080".to_owned(),
        }
    }
}

/// `GET /settings`
pub async fn page(State(app): State<App>, page: Page) -> Result<Response> {
    require_top(&page)?;
    let form = current(&app, &page).await?;
    web::page(&settings_page(&app, &page, form, FieldErrors::new()))
}

/// `POST /settings`
pub async fn save(State(app): State<App>, page: Page, Form(form): Form<SettingsForm>) -> Result<Response> {
    require_top(&page)?;
    let (name, settings) = match parse(&form) {
        Ok(parsed) => parsed,
        Err(errors) => return web::page_invalid(&settings_page(&app, &page, form, errors)),
    };
    let town = &page.actor.jurisdiction;
    let tx = app.db.begin(town).await?;
    let before = store::towns::find(&*tx, town).await?.ok_or(Error::NotFound)?;
    if fingerprint(&before) != form.seen {
        drop(tx);
        let now = current(&app, &page).await?;
        let words = format!(
            "设置刚被他人修改（现在是：{}，保存{}年，{}，{}）。请核对后再次保存。",
            now.name, now.keep_years, now.contact_phone, now.office_hours
        );
        let form = SettingsForm { seen: now.seen, ..form };
        return web::page_changed(&settings_page(&app, &page, form, FieldErrors::one("name", words)));
    }
    store::towns::update(&tx, &name, &serde_json::to_string(&settings)?).await?;
    let event = Event::new(&page.actor, "settings.changed", "town", town, "修改设置");
    tx.commit(event.detail(json!({ "keep_years": settings.keep_years }))).await?;
    Ok(web::see_other_with("/settings", &Flash::success("设置已保存。")))
}

/// The settings of a town.
pub async fn of_town(
    db: &impl sea_orm::ConnectionTrait,
    town: &crate::platform::ids::JurisdictionId,
) -> Result<(String, TownSettings)> {
    let town = store::towns::find(db, town).await?.ok_or(Error::NotFound)?;
    let settings = serde_json::from_str(&town.settings).unwrap_or_default();
    Ok((town.name, settings))
}

async fn current(app: &App, page: &Page) -> Result<SettingsForm> {
    let town = store::towns::find(app.db.reader(), &page.actor.jurisdiction).await?.ok_or(Error::NotFound)?;
    let settings: TownSettings = serde_json::from_str(&town.settings).unwrap_or_default();
    Ok(SettingsForm {
        seen: fingerprint(&town),
        name: town.name,
        keep_years: settings.keep_years.to_string(),
        contact_phone: settings.contact_phone,
        office_hours: settings.office_hours,
    })
}

/// What the form was filled with, in few characters.
fn fingerprint(town: &store::towns::Town) -> String {
    crate::platform::ids::Secret::presented(&format!("{}\n{}", town.name, town.settings)).hash()
}

fn parse(form: &SettingsForm) -> Result<(String, TownSettings), FieldErrors> {
    let mut errors = FieldErrors::new();
    let name = form.name.trim();
    if name.is_empty() {
        errors.add("name", "请填写名称。");
    } else if name.chars().count() > 60 {
        errors.add("name", "名称最多60个字。");
    }
    let keep_years = form.keep_years.trim().parse::<i64>().ok().filter(|years| (1..=30).contains(years));
    if keep_years.is_none() {
        errors.add("keep_years", "请填写1至30之间的数字。");
    }
    let contact_phone = super::model::check_phone(&form.contact_phone, "contact_phone", &mut errors);
    let office_hours = form.office_hours.trim().to_owned();
    if office_hours.chars().count() > 40 {
        errors.add("office_hours", "最多40个字。");
    }
    match keep_years {
        Some(keep_years) if errors.is_empty() => {
            Ok((name.to_owned(), TownSettings { keep_years, contact_phone, office_hours }))
        }
        _ => Err(errors),
    }
}

fn require_top(page: &Page) -> Result<()> {
    if super::show::whole_town(&page.actor.scope(crate::platform::auth::Permission::SettingsEdit)) {
        Ok(())
    } else {
        Err(Error::Forbidden("设置由全镇（辖区）的系统管理员修改。".to_owned()))
    }
}

fn settings_page(app: &App, page: &Page, form: SettingsForm, errors: FieldErrors) -> SettingsPage {
    SettingsPage {
        frame: page.frame("设置", "settings"),
        form,
        errors,
        sponsor: app.config.site.sponsor_unit.clone(),
        sponsor_level: app.config.site.sponsor_level.clone(),
        filing_no: app.config.site.filing_no.clone(),
        public_url: app.config.server.public_url.clone(),
    }
}
