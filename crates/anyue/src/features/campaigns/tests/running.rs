//! Editing, amending, closing, copying, passing on.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::publish::{imported, published, town};
use crate::features::campaigns::api::{self, PassOn};
use crate::features::duties::api as duties;
use crate::features::units::api::UnitKind;
use crate::platform::auth::Role;
use crate::platform::db::sql;
use crate::testing::TestApp;

#[tokio::test]
async fn of_two_editors_the_second_is_shown_both_versions() {
    let app = town().await;
    let office = app.actor(Role::Office).await;
    let id = imported(&app, &office).await;
    let path = format!("/campaigns/{id}/confirm/head");
    let form = |version: &'static str, title: &'static str, theme: &'static str| {
        [("version", version), ("title", title), ("theme", theme), ("issuer", "青龙山镇人民政府")]
    };
    office.post(&path, &form("1", "甲的标题", "甲的主题")).await.assert_leads_to("/campaigns/");
    let answer = office.post(&path, &form("1", "乙的标题", "甲的主题")).await;
    answer.assert_status(409).assert_contains("乙的标题").assert_contains("对方改成了：甲的标题");
    office.post(&path, &form("2", "乙的标题", "")).await.assert_leads_to("/campaigns/");
}

#[tokio::test]
async fn a_wrong_date_is_said_at_its_field_and_what_was_typed_stays() {
    let app = town().await;
    let office = app.actor(Role::Office).await;
    let id = imported(&app, &office).await;
    let duty = &duties::of_campaign(app.app.db.reader(), &app.town, &id, false).await.expect("duties")[0];
    let path = format!("/campaigns/{id}/duties/{}", duty.id);
    let fields = [
        ("title", "改过的名称"),
        ("kind", "submit"),
        ("when", "once"),
        ("due_date", "六月"),
        ("parts", "text"),
        ("minutes", "5"),
    ];
    let answer = office.post(&path, &fields).await;
    answer.assert_status(422).assert_contains("改过的名称").assert_contains("请按“2022-06-20”的样子");
}

#[tokio::test]
async fn evidence_without_a_clause_stands_in_the_way_of_publication() {
    let app = town().await;
    let office = app.actor(Role::Office).await;
    let id = imported(&app, &office).await;
    let fields = [
        ("title", "报送现场照片"),
        ("kind", "submit"),
        ("when", "undated"),
        ("parts", "files"),
        ("minutes", "5"),
        ("evidence_what", "现场照片"),
        ("evidence_clause", ""),
        ("evidence_purpose", ""),
        ("evidence_keep", ""),
    ];
    office.post(&format!("/campaigns/{id}/duties"), &fields).await.assert_leads_to("/campaigns/");
    let answer = office.post(&format!("/campaigns/{id}/publish"), &[]).await;
    answer.assert_status(422).assert_contains("没有写明依据条款、用途和保存期限");
}

#[tokio::test]
async fn a_warning_is_decided_and_remembered() {
    let app = town().await;
    let office = app.actor(Role::Office).await;
    let id = imported(&app, &office).await;
    let page = office.get(&format!("/campaigns/{id}/confirm")).await.text();
    let note = page.split("id=\"note-").find(|part| part.contains("改为“遵守安全生产法")).expect("a warning");
    let index = note.split('"').next().expect("an index");
    let path = format!("/campaigns/{id}/confirm/decide");
    office.post(&path, &[("index", index), ("choice", "changed")]).await.assert_leads_to("/campaigns/");
    let page = office.get(&format!("/campaigns/{id}/confirm")).await;
    page.assert_contains("已改为“遵守安全生产法");
    let header = api::header(app.app.db.reader(), &app.town, &id).await.expect("a query").expect("a campaign");
    assert!(header.theme.starts_with("遵守安全生产法"));
}

#[tokio::test]
async fn activities_and_duties_are_dropped_restored_and_moved() {
    let app = town().await;
    let office = app.actor(Role::Office).await;
    let id = imported(&app, &office).await;
    let reader = app.app.db.reader();
    let before = duties::of_campaign(reader, &app.town, &id, true).await.expect("duties");
    let second = &before[1].id;
    office.post(&format!("/campaigns/{id}/duties/{second}/drop"), &[]).await.assert_leads_to("/campaigns/");
    office.get(&format!("/campaigns/{id}/confirm")).await.assert_contains("已删去，不会下发");
    office.post(&format!("/campaigns/{id}/duties/{second}/restore"), &[]).await.assert_leads_to("/campaigns/");
    office.post(&format!("/campaigns/{id}/duties/{second}/up"), &[]).await.assert_leads_to("/campaigns/");
    let after = duties::of_campaign(reader, &app.town, &id, true).await.expect("duties");
    assert_eq!(&after[0].id, second);
    let activities = api::activities(reader, &app.town, &id).await.expect("activities");
    let path = format!("/campaigns/{id}/activities/{}/drop", activities[0].id);
    office.post(&path, &[]).await.assert_leads_to("/campaigns/");
    assert_eq!(api::activities(reader, &app.town, &id).await.expect("activities").len(), activities.len() - 1);
}

#[tokio::test]
async fn receivers_are_chosen_by_kind_and_by_hand() {
    let app = town().await;
    let office = app.actor(Role::Office).await;
    let id = imported(&app, &office).await;
    let path = format!("/campaigns/{id}/receivers");
    office.get(&format!("{path}?mode=some&kinds=village&q=小学")).await.assert_ok().assert_contains("1 个单位");
    let answer = office.post(&path, &[("mode", "some"), ("version", "1")]).await;
    answer.assert_status(422).assert_contains("还没有选择任何单位");
    let fields = [("mode", "some"), ("version", "1"), ("kinds", "village"), ("kinds", "school")];
    office.post(&path, &fields).await.assert_leads_to("/campaigns/");
    office.get(&format!("/campaigns/{id}/confirm")).await.assert_contains("2 个单位（嘎查村、学校）");
}

#[tokio::test]
async fn an_amendment_is_seen_only_after_its_publication_and_tells_what_changed() {
    let app = town().await;
    let office = app.actor(Role::Office).await;
    let id = published(&app, &office).await;
    let reader = app.app.db.reader();
    office.post(&format!("/campaigns/{id}/amend"), &[]).await.assert_leads_to("/campaigns/");
    let fields = [("version", "2"), ("title", "新的标题"), ("issuer", "青龙山镇人民政府")];
    let page = office.get(&format!("/campaigns/{id}/confirm")).await.text();
    let version =
        page.split("name=\"version\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a version");
    let mut fields = fields.to_vec();
    fields[0].1 = version;
    office.post(&format!("/campaigns/{id}/confirm/head"), &fields).await.assert_leads_to("/campaigns/");
    let header = api::header(reader, &app.town, &id).await.expect("a query").expect("a campaign");
    assert_ne!(header.title, "新的标题");
    office.get(&format!("/campaigns/{id}/publish")).await.assert_ok().assert_contains("改为“新的标题”");
    let answer = office.post(&format!("/campaigns/{id}/publish"), &[("note", " ")]).await;
    answer.assert_status(422).assert_contains("为什么修改");
    office.post(&format!("/campaigns/{id}/publish"), &[("note", "标题有误")]).await.assert_leads_to("/campaigns/");
    let header = api::header(reader, &app.town, &id).await.expect("a query").expect("a campaign");
    assert_eq!((header.title.as_str(), header.edition), ("新的标题", 2));
    let changes = api::changes(reader, &app.town, &id).await.expect("changes");
    assert_eq!(changes[0].note, "标题有误");
    office.get(&format!("/campaigns/{id}")).await.assert_ok().assert_contains("标题有误");
}

#[tokio::test]
async fn units_that_an_amendment_takes_off_are_told() {
    let app = town().await;
    let office = app.actor(Role::Office).await;
    let id = published(&app, &office).await;
    office.post(&format!("/campaigns/{id}/amend"), &[]).await.assert_leads_to("/campaigns/");
    let page = office.get(&format!("/campaigns/{id}/receivers")).await.text();
    let version =
        page.split("name=\"version\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a version");
    let fields = [("mode", "some"), ("version", version), ("kinds", "village")];
    office.post(&format!("/campaigns/{id}/receivers"), &fields).await.assert_leads_to("/campaigns/");
    office.post(&format!("/campaigns/{id}/publish"), &[("note", "只由各村办理")]).await.assert_leads_to("/campaigns/");
    let told = |title: &'static str| {
        sql("SELECT units.kind FROM messages JOIN units ON units.unit_id = messages.unit_id \
             WHERE messages.title LIKE $1 ORDER BY units.kind")
        .bind(format!("{title}：%"))
    };
    let gone: Vec<String> = told("不再由贵单位办理").scalars(app.app.db.reader()).await.expect("messages");
    assert!(!gone.is_empty() && gone.iter().all(|kind| kind != "village"), "{gone:?}");
    let kept: Vec<String> = told("通知有调整").scalars(app.app.db.reader()).await.expect("messages");
    assert!(!kept.is_empty() && kept.iter().all(|kind| kind == "village"), "{kept:?}");
}

#[tokio::test]
async fn a_closed_campaign_says_so_and_is_not_amended() {
    let app = town().await;
    let office = app.actor(Role::Office).await;
    let id = published(&app, &office).await;
    let path = format!("/campaigns/{id}/close");
    office.get(&path).await.assert_ok().assert_contains("不能再报送");
    office.post(&path, &[("note", "")]).await.assert_status(422);
    office.post(&path, &[("note", "活动已结束，感谢配合。")]).await.assert_leads_to("/campaigns/");
    office.get(&format!("/campaigns/{id}")).await.assert_ok().assert_contains("活动已结束，感谢配合。");
    office.post(&format!("/campaigns/{id}/amend"), &[]).await.assert_status(409);
}

#[tokio::test]
async fn a_year_later_days_move_and_rhythms_stay() {
    let app = town().await;
    let office = app.actor(Role::Office).await;
    let id = published(&app, &office).await;
    let copy = api::copy_year(&app.app, &office.actor, &id).await.expect("a copy");
    let header = api::header(app.app.db.reader(), &app.town, &copy).await.expect("a query").expect("a campaign");
    assert!(header.title.contains("2023年"), "{}", header.title);
    assert_eq!(header.period_start.map(|day| day.to_string()).as_deref(), Some("2023-06-01"));
    assert!(header.theme.is_empty());
    office.get(&format!("/campaigns/{copy}/confirm")).await.assert_ok().assert_contains("今年的主题请重新填写");
    let duties = duties::of_campaign(app.app.db.reader(), &app.town, &copy, false).await.expect("duties");
    assert!(duties.iter().any(|duty| duty.schedule.to_json().contains("2023-06-20")));
    assert!(duties.iter().any(|duty| duty.schedule.to_json().contains("BYDAY=TH")));
}

#[tokio::test]
async fn a_unit_with_children_passes_a_notice_on() {
    let app = town().await;
    let mine = app.unit("南山煤矿", UnitKind::Mine).await;
    app.unit_below(&mine, "采煤一队", UnitKind::Subunit, "").await;
    let village = app.unit("西沟村", UnitKind::Village).await;
    let office = app.actor(Role::Office).await;
    let id = published(&app, &office).await;
    let path = format!("/work/campaigns/{id}/pass-on");
    app.liaison_of(&village).await.post(&path, &[]).await.assert_status(409);
    let liaison = app.liaison_of(&mine).await;
    let answer = liaison.post(&path, &[]).await;
    answer.assert_leads_to("/campaigns/");
    let page = liaison.get(answer.location()).await;
    page.assert_ok().assert_contains("转自：青龙山镇人民政府").assert_contains("1 个单位");
    liaison.post(&path, &[]).await.assert_status(409);
    let derived = answer.location().replace("/confirm", "/publish");
    liaison.post(&derived, &[]).await.assert_leads_to("/campaigns/");
    office.get(&format!("/campaigns/{id}")).await.assert_ok().assert_contains("南山煤矿");
}

#[tokio::test]
async fn a_stranger_cannot_pass_on_what_another_unit_received() {
    let app = town().await;
    let mine = app.unit("南山煤矿", UnitKind::Mine).await;
    app.unit_below(&mine, "采煤一队", UnitKind::Subunit, "").await;
    let village = app.unit("西沟村", UnitKind::Village).await;
    let office = app.actor(Role::Office).await;
    let id = published(&app, &office).await;
    let liaison = app.liaison_of(&village).await;
    let cmd = PassOn { campaign_id: id, unit_id: mine.id };
    assert!(api::pass_on(&app.app, &liaison.actor, cmd).await.is_err());
}

#[tokio::test]
async fn an_office_of_another_subtree_does_not_see_a_draft() {
    let app = town().await;
    let office = app.actor(Role::Office).await;
    let id = imported(&app, &office).await;
    let other = app.unit("西沟村", UnitKind::Village).await;
    let stranger = app.actor_at(Role::Office, &other).await;
    stranger.get(&format!("/campaigns/{id}")).await.assert_status(404);
    stranger.get(&format!("/campaigns/{id}/confirm")).await.assert_status(403);
    stranger.get("/campaigns").await.assert_ok().assert_lacks("青政发");
}

#[tokio::test]
async fn the_list_filters_by_state_and_year_and_is_exported() {
    let app = TestApp::new().await;
    let office = app.actor(Role::Office).await;
    office.get("/campaigns").await.assert_ok().assert_contains("导入通知").assert_contains("手工新建");
    app.unit("东沟村", UnitKind::Village).await;
    let id = published(&app, &office).await;
    office.get("/campaigns").await.assert_ok().assert_contains(id.as_str()).assert_contains("未报");
    office.get("/campaigns?state=closed").await.assert_ok().assert_contains("没有符合条件的活动");
    office.get("/campaigns?year=2022&q=安全生产月").await.assert_ok().assert_contains(id.as_str());
    office.get("/campaigns/export?year=2022").await.assert_ok();
}

#[tokio::test]
async fn other_systems_import_publish_and_read() {
    let app = town().await;
    let office = app.actor(Role::Office).await;
    let text = super::draft::FOUNDING;
    let body = serde_json::json!({ "text": text });
    let answer = office.post_json("/api/v1/campaigns/import", &body).await;
    answer.assert_status(201);
    let id = answer.json()["id"].as_str().expect("an id").to_owned();
    office.post_json("/api/v1/campaigns/import", &serde_json::json!({})).await.assert_status(422);
    let answer = office.post_json(&format!("/api/v1/campaigns/{id}/publish"), &serde_json::json!({})).await;
    assert_eq!(answer.assert_ok().json()["units"], 5);
    let detail = office.get(&format!("/api/v1/campaigns/{id}")).await.json();
    assert_eq!(detail["doc_number"], "青政发﹝2022﹞121号");
    assert_eq!(detail["receivers"].as_array().map(Vec::len), Some(5));
    let list = office.get("/api/v1/campaigns?limit=1").await.json();
    assert_eq!(list["items"].as_array().map(Vec::len), Some(1));
}

/// The value of a field that follows these words on a page.
fn field(page: &str, after: &str, name: &str) -> String {
    let rest = page.split(after).nth(1).expect("the place");
    let tag = rest.split(&format!("name=\"{name}\" value=\"")).nth(1).expect("the field");
    tag.split('"').next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn of_two_who_write_the_text_the_second_is_shown_both() {
    let app = town().await;
    let office = app.actor(Role::Office).await;
    let form = [("title", "手工通知"), ("unit", app.root.id.as_str()), ("text", "原来的正文")];
    let made = office.post("/campaigns/new", &form).await;
    let confirm = made.assert_leads_to("/campaigns/").location().split('#').next().unwrap_or_default().to_owned();
    let seen = field(&office.get(&confirm).await.text(), "id=\"text\"", "seen");
    let path = format!("{confirm}/text");
    let head = [("version", "1"), ("title", "改过的标题"), ("issuer", "青龙山镇")];
    office.post(&format!("{confirm}/head"), &head).await.assert_leads_to("/campaigns/");
    office.post(&path, &[("seen", &seen), ("text", "甲的正文")]).await.assert_leads_to("/campaigns/");
    let both = office.post(&path, &[("seen", &seen), ("text", "乙的正文")]).await;
    both.assert_status(409).assert_contains(">乙的正文</textarea>").assert_contains(">甲的正文</textarea>");
    let seen = field(&both.text(), "id=\"text\"", "seen");
    let long = "长".repeat(50_001);
    let refused = office.post(&path, &[("seen", &seen), ("text", &long)]).await;
    refused.assert_status(422).assert_contains("50001个字").assert_contains(&long);
    office.post(&path, &[("seen", &seen), ("text", "乙的正文")]).await.assert_leads_to("/campaigns/");
}

#[tokio::test]
async fn who_chooses_receivers_second_is_shown_what_the_other_chose() {
    let app = town().await;
    let office = app.actor(Role::Office).await;
    let id = imported(&app, &office).await;
    let path = format!("/campaigns/{id}/receivers");
    let choose = |kind: &'static str| [("mode", "some"), ("kinds", kind), ("version", "1")];
    office.post(&path, &choose("mine")).await.assert_leads_to("/campaigns/");
    let both = office.post(&path, &choose("village")).await;
    both.assert_status(409).assert_contains("对方选的是 1 个单位，您选的是 1 个单位");
    both.assert_contains("对方选了、您没有选的：北山铁矿").assert_contains("您选了、对方没有选的：东沟村");
}

#[tokio::test]
async fn who_narrows_a_duty_second_is_shown_what_it_is_now() {
    let app = town().await;
    let office = app.actor(Role::Office).await;
    let id = imported(&app, &office).await;
    let duty = &duties::of_campaign(app.app.db.reader(), &app.town, &id, false).await.expect("duties")[1];
    let path = format!("/campaigns/{id}/duties/{}/narrow", duty.id);
    office.post(&path, &[("version", "1"), ("kinds", "mine")]).await.assert_leads_to("/campaigns/");
    let both = office.post(&path, &[("version", "1"), ("kinds", "village")]).await;
    both.assert_status(409).assert_contains("id=\"claims\"").assert_contains("您刚才选的是只发给嘎查村，没有保存");
    both.assert_contains("接收单位：");
}

#[tokio::test]
async fn a_warning_that_a_colleague_has_dealt_with_is_not_decided_over() {
    let app = town().await;
    let office = app.actor(Role::Office).await;
    let id = imported(&app, &office).await;
    let confirm = format!("/campaigns/{id}/confirm");
    let page = office.get(&confirm).await.text();
    let note = page.split("id=\"note-").find(|part| part.contains("改为“遵守安全生产法")).expect("a warning");
    let index = note.split('"').next().expect("an index");
    let theme = field(&page, &format!("id=\"decide-{index}\""), "theme");
    let path = format!("{confirm}/decide");
    let choose = |choice: &'static str| {
        [
            ("index", index.to_owned()),
            ("seen", String::new()),
            ("seen_theme", theme.clone()),
            ("choice", choice.to_owned()),
        ]
    };
    let send = async |choice| {
        let form = choose(choice);
        office.post(&path, &form.each_ref().map(|(name, value)| (*name, value.as_str()))).await
    };
    let head = [("version", "1"), ("title", "标题"), ("theme", "同事拟的主题"), ("issuer", "青龙山镇")];
    office.post(&format!("{confirm}/head"), &head).await.assert_leads_to("/campaigns/");
    let both = send("changed").await;
    both.assert_status(409).assert_contains("对方改成了：同事拟的主题").assert_contains("value=\"遵守安全生产法");
    send("kept").await.assert_leads_to("/campaigns/");
    let both = send("changed").await;
    both.assert_status(409).assert_contains("另一位同事刚刚处理过这处提示").assert_contains("已按原文保留");
    let header = api::header(app.app.db.reader(), &app.town, &id).await.expect("a query").expect("a campaign");
    assert_eq!(header.theme, "同事拟的主题");
}

#[tokio::test]
async fn a_draft_imported_twice_is_said_and_can_be_removed_with_all_that_hangs_on_it() {
    let app = town().await;
    let office = app.actor(Role::Office).await;
    let notice = include_str!("../../../../../notice/fixtures/founding.txt").as_bytes();
    let unit = app.root.id.as_str();
    let send =
        async || office.post_files("/campaigns/import", &[("unit", unit)], &[("file", "通知.txt", notice)]).await;
    let flash = |answer: &crate::testing::Answer| {
        let cookie = answer.headers["set-cookie"].to_str().unwrap();
        let value = cookie.split(['=', ';']).nth(1).unwrap();
        String::from_utf8(URL_SAFE_NO_PAD.decode(value).unwrap()).unwrap()
    };
    let said = "同样文号";
    let first = send().await;
    assert!(!flash(&first).contains(said));
    let second = send().await;
    assert!(flash(&second).contains(said), "{}", flash(&second));

    let id = second.location().split('/').nth(2).unwrap().to_owned();
    office.post(&format!("/campaigns/{id}/discard"), &[]).await.assert_leads_to("/campaigns");
    office.get(&format!("/campaigns/{id}")).await.assert_status(404);
    let left: Option<i64> =
        sql("SELECT COUNT(*) FROM files WHERE owner_kind = 'campaign'").scalar(app.app.db.reader()).await.unwrap();
    assert_eq!(left, Some(1), "the file of the other one");

    let running = published(&app, &office).await;
    office.post(&format!("/campaigns/{running}/discard"), &[]).await.assert_status(409).assert_contains("可以结束");
}
