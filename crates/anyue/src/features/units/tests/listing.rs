//! The list, the tree, exports.

use crate::features::units::api::UnitKind;
use crate::features::units::{close, edit, import, list, merge, new, relocate, show};
use crate::platform::auth::Role;
use crate::testing::TestApp;

#[tokio::test]
async fn units_are_found_by_part_of_their_name_and_narrowed_by_the_address() {
    let test = TestApp::new().await;
    let office = test.actor(Role::Office).await;
    let below = [("parent_id", test.root.id.as_str())];
    for (kind, name, principal) in
        [("village", "东沟村", "李桂兰"), ("mine", "东沟一号矿", "张海"), ("village", "西沟村", "赵六")]
    {
        let mut typed = below.to_vec();
        typed.extend([("kind", kind), ("name", name), ("principal", principal)]);
        office.post("/units", &typed).await.assert_leads_to("/units/");
    }
    office.get("/units?q=东沟").await.assert_contains("东沟村").assert_contains("东沟一号矿").assert_lacks("西沟村");
    office.get("/units?q=东沟&kind=mine").await.assert_lacks("东沟村").assert_contains("东沟一号矿");
    office.get("/units?q=桂兰").await.assert_contains("东沟村").assert_lacks("一号矿");
    office.get("/units?q=没有").await.assert_contains("没有符合条件的单位");
    office.get("/units?parent=nowhere").await.assert_status(404);
}

#[tokio::test]
async fn the_list_is_paged_by_key_forwards_and_back_in_every_order() {
    let test = TestApp::new().await;
    let office = test.actor(Role::Office).await;
    for n in 0..119 {
        test.unit(&format!("第{n:03}村"), UnitKind::Village).await;
    }
    for order in ["", "name", "-name", "kind", "-headcount", "updated"] {
        let mut at = format!("/units?o={order}");
        let mut seen = std::collections::BTreeSet::new();
        let mut pages = Vec::new();
        loop {
            let text = office.get(&at).await.assert_ok().text();
            let names: Vec<String> = text
                .split("data-href=\"/units/")
                .skip(1)
                .map(|part| part.split('"').next().unwrap().to_owned())
                .collect();
            seen.extend(names.iter().cloned());
            pages.push((at.clone(), names));
            let link = |rel: &str| {
                let part = text.split(&format!("rel=\"{rel}\" href=\"")).nth(1)?;
                Some(part.split('"').next()?.replace("&#38;", "&").replace("&amp;", "&"))
            };
            if pages.len() == 3 {
                let back = office.get(&link("prev").unwrap()).await.assert_ok().text();
                assert!(pages[1].1.iter().all(|id| back.contains(id.as_str())), "{order}");
            }
            match link("next") {
                Some(next) => at = next,
                None => break,
            }
        }
        assert_eq!((pages.len(), seen.len()), (3, 120), "{order}");
    }
}

#[tokio::test]
async fn the_tree_shows_two_levels_and_brings_the_rest_when_it_is_opened() {
    let test = TestApp::new().await;
    let office = test.actor(Role::Office).await;
    let mine = test.unit("一号矿", UnitKind::Mine).await;
    test.unit_below(&mine, "一工区", UnitKind::Subunit, "").await;
    office.get("/units?view=tree").await.assert_contains("一号矿").assert_lacks("一工区");
    office.get(&format!("/units/{}/branch", mine.id)).await.assert_contains("一工区");
    office.get(&format!("/units?view=tree&parent={}", mine.id)).await.assert_contains("一工区");
}

#[tokio::test]
async fn an_export_read_back_is_the_same_table() {
    let test = TestApp::new().await;
    let office = test.actor(Role::Office).await;
    let odd = ["=1+1", "村\u{20bb7}🌾", "'007", "+86村"];
    for name in odd {
        let note = "第一行\n第二行";
        let typed =
            [("parent_id", test.root.id.as_str()), ("kind", "village"), ("name", name), ("note", note), ("code", "")];
        office.post("/units", &typed).await.assert_leads_to("/units/");
    }
    for format in ["xlsx", "csv"] {
        let file = office.get(&format!("/units/export.{format}")).await;
        let table = import::rows::read(&file.assert_ok().bytes, &format!("单位.{format}")).unwrap();
        let names: Vec<&str> = table.rows.iter().map(|row| row.cell(import::rows::Column::Name)).collect();
        assert_eq!(names.len(), 5, "{format}: {names:?}");
        assert!(odd.iter().all(|name| names.contains(name)), "{format}: {names:?}");
        let units = super::super::store::units::all_active(test.app.db.reader(), &test.town).await.unwrap();
        let top = super::stored(&test, &test.root.id).await;
        let plan = import::plan::plan(&table, &units, &top);
        assert_eq!(plan.tally().unchanged, 5, "{format}: {:#?}", plan.rows);
    }
}

#[test]
fn every_page_can_be_shown() {
    use askama::Template as _;
    let pages = [
        list::ListPage::sample().render(),
        list::TreePage::sample().render(),
        list::BranchPart::sample().render(),
        show::ShowPage::sample().render(),
        new::NewPage::sample().render(),
        edit::EditPage::sample().render(),
        relocate::MovePage::sample().render(),
        merge::MergePage::sample().render(),
        close::ClosePage::sample().render(),
        import::upload::ImportPage::sample().render(),
        import::preview::PreviewPage::sample().render(),
    ];
    for page in pages {
        assert!(!page.unwrap().contains("style=\""));
    }
}
