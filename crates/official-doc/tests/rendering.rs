//! The measures of GB/T 9704-2012 on pages that LibreOffice has printed.
//!
//! `cargo test -p official-doc --test rendering`. Needs libreoffice-writer, poppler-utils and a Chinese face; the suite
//! itself does not. Numbers are millimetres from the edges of the page.

#[path = "common/papers.rs"]
mod papers;
#[path = "common/sheet.rs"]
mod sheet;

use official_doc::{
    table::{Cell, Column, PrintedForm},
    write::{self, Block, Faces, ImprintPage},
};
use sheet::{Extent, Ink, Sheet, print, print_file};

/// Edges of the type area.
const LEFT: f64 = 28.0;
const RIGHT: f64 = 184.0;
const TOP: f64 = 37.0;
const BOTTOM: f64 = 262.0;
/// A line of the grid, 225 mm by 22.
const LINE: f64 = 225.0 / 22.0;
/// A character of the grid.
const CHARACTER: f64 = 156.0 / 28.0;
/// A character of 4号.
const SMALL: f64 = 14.0 * 25.4 / 72.0;

#[track_caller]
fn near(what: &str, measured: f64, wanted: f64) {
    assert!((measured - wanted).abs() <= 1.0, "{what}: {measured:.2} mm, not {wanted:.2} mm");
}

/// Which page has this as a line.
#[track_caller]
fn page_with(printed: &sheet::Printed, text: &str) -> usize {
    let pages = printed.sizes().len();
    (1..=pages).find(|page| printed.lines(*page).iter().any(|line| line == text)).unwrap_or_else(|| panic!("no {text}"))
}

/// The page number: its dashes 7 mm below the type area, a character from the outer edge.
#[track_caller]
fn check_number(page: &Sheet, number: usize) {
    let ink = page.ink(Ink::Black, BOTTOM + 3.0, 297.0).expect("a page number");
    if number % 2 == 1 {
        near("right end of an odd page's number", ink.right, RIGHT - SMALL);
        assert!(ink.left > 150.0, "{ink:?}");
    } else {
        near("left end of an even page's number", ink.left, LEFT + SMALL);
        assert!(ink.right < 60.0, "{ink:?}");
    }
    // The first columns of ink are a dash.
    let dash = page.ink_between(ink.left, ink.left + 3.0, BOTTOM + 3.0, 297.0).expect("a dash");
    near("upper edge of the dash", dash.top, BOTTOM + 7.0);
}

/// Nothing stands outside the type area but the number of the page.
#[track_caller]
fn check_inside(page: &Sheet) {
    let ink = page.ink(Ink::Black, 0.0, BOTTOM + 3.0).expect("text");
    assert!(ink.left >= LEFT - 1.0 && ink.right <= RIGHT + 1.0, "{ink:?}");
    assert!(ink.top >= TOP - 1.0 && ink.bottom <= BOTTOM + 1.0, "{ink:?}");
}

#[test]
fn a_full_page_has_22_lines_of_28_characters_whatever_the_face() {
    let sans = Faces { text: "Noto Sans CJK SC", ..Faces::NATIONAL };
    let serif = Faces { text: "Noto Serif CJK SC", ..Faces::NATIONAL };
    let mut tops = Vec::new();
    for faces in [Faces::NATIONAL, sans, serif] {
        let mut document = papers::full_pages();
        document.faces = faces;
        let printed = print(&document);
        let pages = printed.sizes();
        for (width, height) in &pages {
            near("width of the page", *width, 210.0);
            near("height of the page", *height, 297.0);
        }
        for number in 2..pages.len() {
            let mut lines = printed.lines(number);
            assert_eq!(lines.pop(), Some(format!("—{number}—")));
            assert_eq!(lines.len(), 22, "page {number}: {lines:#?}");
            assert!(lines.iter().all(|line| line.chars().count() == 28), "page {number}: {lines:#?}");
            let page = printed.page(number);
            check_inside(&page);
            check_number(&page, number);
            let ink = page.ink(Ink::Black, 0.0, BOTTOM).expect("text");
            near("left edge of the text", ink.left, LEFT);
            near("right edge of the text", ink.right, RIGHT);
            // Ink begins and ends inside the first and last line by half of what a line is higher than a character.
            let within = (LINE - 16.0 * 25.4 / 72.0) / 2.0;
            assert!((TOP..=TOP + 2.0 * within).contains(&ink.top), "{ink:?}");
            assert!((BOTTOM - 2.0 * within..=BOTTOM).contains(&ink.bottom), "{ink:?}");
            tops.push(ink.top);
        }
    }
    let (least, most) = tops.iter().fold((f64::MAX, f64::MIN), |(least, most), top| (least.min(*top), most.max(*top)));
    assert!(most - least <= 1.0, "faces move the text: {tops:?}");
}

#[test]
fn the_head_of_a_notice_is_where_the_standard_puts_it() {
    let page = print(&papers::full_pages()).page(1);
    let mark = page.bands(Ink::Red)[0];
    near("upper edge of the mark", mark.top, TOP + 35.0);
    near("middle of the mark", (mark.left + mark.right) / 2.0, (LEFT + RIGHT) / 2.0);
    let [rule] = page.rules(Ink::Red, 150.0)[..] else { panic!("one red line") };
    near("left end of the red line", rule.left, LEFT);
    near("right end of the red line", rule.right, RIGHT);

    let bands = page.bands(Ink::Black);
    let number = bands.iter().rfind(|band| band.bottom < rule.top).expect("a number");
    near("from the number to the red line", rule.top - number.bottom, 4.0);
    near("middle of the number", (number.left + number.right) / 2.0, (LEFT + RIGHT) / 2.0);
    // Two blank lines between the ink of one and the line of the other.
    near("from the mark to the number", number.top - mark.bottom, 2.0 * LINE + 3.4);
    let title = bands.iter().find(|band| band.top > rule.bottom).expect("a title");
    near("from the red line to the title", title.top - rule.bottom, 2.0 * LINE + 1.6);
    near("middle of the title", (title.left + title.right) / 2.0, (LEFT + RIGHT) / 2.0);
    check_number(&page, 1);
}

#[test]
fn a_report_upward_has_its_signers_on_the_right_and_its_number_on_the_left() {
    let printed = print(&papers::report());
    let lines = printed.lines(1);
    assert_eq!(&lines[..3], ["000012", "内部资料", "加急"]);
    assert!(lines.contains(&"签发人：李某某王某某".to_owned()), "{lines:#?}");
    assert!(lines.contains(&"白政字〔2022〕33号赵某".to_owned()), "{lines:#?}");
    let page = printed.page(1);
    near("upper edge of the mark", page.bands(Ink::Red)[0].top, TOP + 35.0);
    let [rule] = page.rules(Ink::Red, 150.0)[..] else { panic!("one red line") };
    near("left end of the red line", rule.left, LEFT);
    let number = page.ink(Ink::Black, rule.top - 8.0, rule.top).expect("a number");
    // 白 begins a little inside its square.
    near("left end of the number", number.left, LEFT + CHARACTER + 0.6);
    let signers = page.ink(Ink::Black, rule.top - LINE - 10.0, rule.top - LINE).expect("signers");
    near("right end of the signers", signers.right, RIGHT - CHARACTER);
}

#[test]
fn the_imprint_stands_on_the_lower_edge_of_the_last_page() {
    for document in [papers::notice(), papers::report(), papers::minutes(), papers::full_pages()] {
        let printed = print(&document);
        let last = printed.sizes().len();
        let page = printed.page(last);
        let rows = 1 + usize::from(document.imprint.is_some_and(|imprint| !imprint.cc_addressees.is_empty()));
        let mut rules: Vec<Extent> = page.rules(Ink::Black, 150.0);
        // Above them there may be a table's.
        rules.retain(|rule| rule.top > BOTTOM - 30.0);
        assert_eq!(rules.len(), rows + 1, "{rules:?}");
        for rule in &rules {
            near("left end of a line", rule.left, LEFT);
            near("right end of a line", rule.right, RIGHT);
        }
        let (first, lowest) = (rules[0], rules[rules.len() - 1]);
        near("the last line", lowest.bottom, BOTTOM);
        let thick = |rule: &Extent| rule.bottom - rule.top;
        // Dots are 0.085 mm.
        assert!((thick(&first) - 0.35).abs() < 0.1 && (thick(&lowest) - 0.35).abs() < 0.1, "{rules:?}");
        if rows == 2 {
            assert!((thick(&rules[1]) - 0.25).abs() < 0.1, "{rules:?}");
        }
        let printer = page.ink(Ink::Black, rules[rules.len() - 2].bottom + 0.3, lowest.top - 0.3).expect("a printer");
        near("left end of the printer", printer.left, LEFT + SMALL);
        near("right end of the date", printer.right, RIGHT - SMALL);
        check_number(&page, last);
    }
}

#[test]
fn an_imprint_can_have_an_even_page_of_its_own() {
    let mut document = papers::minutes();
    document.blocks.push(Block::text("会议强调安全。".repeat(120)));
    let pages = |document| print(document).sizes().len();
    if let Some(imprint) = &mut document.imprint {
        imprint.page = ImprintPage::NewEven;
    }
    assert_eq!(pages(&document) % 2, 0);
}

#[test]
fn annexes_begin_new_pages_and_may_lie_across() {
    let printed = print(&papers::notice());
    let sizes = printed.sizes();
    let (first, second) = (page_with(&printed, "附件1"), page_with(&printed, "附件2"));
    assert!(first > 1 && second == first + 1);
    for (page, label) in [(first, "附件1"), (second, "附件2")] {
        assert_eq!(printed.lines(page)[0], label);
    }
    near("width of a page across", sizes[second - 1].0, 297.0);
    near("height of a page across", sizes[second - 1].1, 210.0);
    let label = printed.page(first).bands(Ink::Black)[0];
    near("left edge of 附件1", label.left, LEFT);

    // Head at the binding side: 28 mm above, 35 mm on the left, the number there.
    let across = printed.page(second);
    let text = across.ink_between(34.0, 297.0, 0.0, 210.0).expect("text");
    near("left edge of the page across", text.left, 35.0);
    near("right edge of the page across", text.right, 297.0 - 37.0);
    assert!(text.top >= 28.0 - 1.0 && text.bottom <= 210.0 - 26.0 + 1.0, "{text:?}");
    let number = across.ink_between(0.0, 34.0, 0.0, 210.0).expect("a number");
    let odd = second % 2 == 1;
    let end = if odd { (number.bottom - 3.0, number.bottom) } else { (number.top, number.top + 3.0) };
    let dash = across.ink_between(0.0, 34.0, end.0, end.1).expect("a dash");
    near("the number's dashes", dash.right, 35.0 - 7.0);
    if odd {
        near("lower end of the number", number.bottom, 210.0 - 26.0 - SMALL);
    } else {
        near("upper end of the number", number.top, 28.0 + SMALL);
    }
}

#[test]
fn a_letter_has_its_lines_and_no_number_on_its_first_page() {
    let page = print(&papers::letter()).page(1);
    let mark = page.bands(Ink::Red)[0];
    near("upper edge of the mark", mark.top, 30.0);
    let [thick, thin, lower_thin, lower_thick] = page.rules(Ink::Red, 165.0)[..] else { panic!("four lines") };
    for rule in [thick, thin, lower_thin, lower_thick] {
        near("left end", rule.left, 20.0);
        near("right end", rule.right, 190.0);
    }
    near("from the mark to the first line", thick.top - mark.bottom, 4.0);
    near("from the last line to the edge of the page", 297.0 - lower_thick.bottom, 20.0);
    let height = |rule: Extent| rule.bottom - rule.top;
    assert!(height(thick) > height(thin) && height(lower_thick) > height(lower_thin));
    let number = page.ink(Ink::Black, thin.bottom, thin.bottom + 12.0).expect("a number");
    near("right end of the number", number.right, RIGHT);
    near("from the line to the number", number.top - thin.bottom, 16.0 * 25.4 / 72.0 * 7.0 / 8.0);
    assert!(page.ink(Ink::Black, lower_thick.bottom, 297.0).is_none(), "no page number");
}

#[test]
fn a_signature_stands_over_its_date_and_not_alone() {
    for document in [papers::notice(), papers::letter()] {
        let printed = print(&document);
        let date = official_doc::write::date_text(document.issue_date.expect("a date"));
        let page = page_with(&printed, &date);
        let lines = printed.lines(page);
        let at = lines.iter().position(|line| *line == date).expect("a date");
        assert_eq!(lines[at - 1], "白银镇人民政府");
        assert!(at >= 2, "text stands above it: {lines:#?}");
        let sheet = printed.page(page);
        let bands = sheet.bands(Ink::Black);
        // Counted from below: above, ink of one line may touch the next.
        let day = bands.len() - (lines.len() - at);
        let (name, day) = (bands[day - 1], bands[day]);
        near("the name over the middle of the date", (name.left + name.right) / 2.0, (day.left + day.right) / 2.0);
        // LibreOffice widens the date between digits and characters, to both sides.
        let width: f64 = date.chars().map(|c| if c.is_ascii() { 0.5 } else { 1.0 }).sum();
        let right = (day.left + day.right + width * CHARACTER) / 2.0;
        near("right end of the date", right, RIGHT - 4.0 * CHARACTER);
    }
}

#[test]
fn every_form_is_printed() {
    for (name, document) in papers::all() {
        let printed = print(&document);
        assert!(!printed.sizes().is_empty(), "{name}");
        assert!(printed.page(1).ink(Ink::Black, 0.0, 297.0).is_some(), "{name}");
    }
}

#[test]
fn forms_fill_their_pages_and_have_their_headings_on_each() {
    let columns =
        vec![Column::number("序号").width(6.0), Column::text("姓名").width(14.0), Column::text("单位").width(24.0)];
    let mut list = official_doc::table::Sheet::new("签到表", columns);
    list.rows = (1..=60).map(|no| vec![Cell::Integer(no), Cell::Empty, Cell::Empty]).collect();
    let upright = PrintedForm {
        title: vec!["签到表".to_owned(), "时间：2022年6月16日".to_owned()],
        sheet: list,
        foot: vec!["填表人：".to_owned()],
        signed: vec!["2022年6月16日".to_owned()],
        ..PrintedForm::default()
    };
    let mut columns = vec![Column::text("单位名称").width(20.0)];
    columns.extend((1..=30).map(|no| Column::number(format!("指标{no}")).width(11.0)));
    let mut sheet = official_doc::table::Sheet::new("汇总", columns);
    sheet.rows.push([Cell::from("东沟村")].into_iter().chain((1..=30).map(Cell::Integer)).collect());
    let wide =
        PrintedForm { title: vec!["汇总表".to_owned()], sheet, kept: 1, wide: true, ..PrintedForm::default() };
    let printed = print_file(&write::forms(&[upright, wide]).expect("written"));
    let sizes = printed.sizes();
    let lying: Vec<bool> = sizes.iter().map(|(width, height)| width > height).collect();
    let upright = lying.iter().take_while(|lies| !**lies).count();
    assert!(upright >= 2 && lying[upright..].len() > 1 && lying[upright..].iter().all(|lies| *lies), "{sizes:?}");
    for number in 1..=sizes.len() {
        let heading = if number <= upright { "序号" } else { "单位名称" };
        assert!(printed.lines(number).iter().any(|line| line.contains(heading)), "page {number}");
        let page = printed.page(number);
        let ink = page.ink(Ink::Black, 0.0, 400.0).expect("ink");
        near("left edge of the table", ink.left, 20.0);
        near("right edge of the table", ink.right, sizes[number - 1].0 - 20.0);
        let table = page.ink(Ink::Black, 0.0, sizes[number - 1].1 - 19.0).expect("ink");
        assert!(table.top >= 19.0, "page {number}: {table:?}");
    }
}
