//! What is written is a Word document by the rules of its format, and reads back as what was given.

mod common;
#[path = "common/papers.rs"]
mod papers;

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    io::{Cursor, Read},
};

use jiff::civil::date;
use official_doc::{
    read,
    write::{self, Annex, Block, Cell, DocNumber, Document, Form, Level, Orientation, Paragraph, Run, Table},
};
use proptest::prelude::*;
use quick_xml::{Reader, events::Event};
use zip::ZipArchive;

fn lines(document: &Document) -> Vec<String> {
    let bytes = write::docx(document).unwrap_or_else(|error| panic!("{error}"));
    read(&bytes, None).unwrap_or_else(|error| panic!("{error}")).lines
}

fn parts(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).expect("a package");
    let mut parts = BTreeMap::new();
    for index in 0..zip.len() {
        let mut part = zip.by_index(index).expect("a part");
        let mut content = Vec::new();
        part.read_to_end(&mut content).expect("its content");
        let name = part.name().expect("a name").to_string();
        assert!(parts.insert(name, content).is_none(), "no name twice");
    }
    parts
}

/// An element: its name, attributes and children.
#[derive(Debug, Default)]
struct Element {
    name: String,
    attributes: HashMap<String, String>,
    children: Vec<Element>,
}

impl Element {
    fn each<'a>(&'a self, visit: &mut impl FnMut(&'a Element)) {
        visit(self);
        for child in &self.children {
            child.each(visit);
        }
    }
}

/// Parses a part, strictly.
fn parse(name: &str, part: &[u8]) -> Element {
    let text = std::str::from_utf8(part).unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut reader = Reader::from_str(text);
    let mut open = vec![Element::default()];
    let element = |start: &quick_xml::events::BytesStart<'_>| Element {
        name: start.name().into_inner().to_owned(),
        attributes: start
            .attributes()
            .map(|attribute| {
                let attribute = attribute.unwrap_or_else(|error| panic!("{name}: {error}"));
                (
                    attribute.key.into_inner().to_owned(),
                    quick_xml::escape::unescape(&attribute.value).expect("escaped").into_owned(),
                )
            })
            .collect(),
        children: Vec::new(),
    };
    loop {
        match reader.read_event().unwrap_or_else(|error| panic!("{name}: {error}")) {
            Event::Start(start) => open.push(element(&start)),
            Event::Empty(start) => open.last_mut().expect("a parent").children.push(element(&start)),
            Event::End(_) => {
                let done = open.pop().expect("an element");
                open.last_mut().expect("a parent").children.push(done);
            }
            Event::Text(text) => {
                let legal =
                    |c: char| matches!(c, '\t' | '\n' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..);
                assert!(text.into_inner().chars().all(legal), "{name}");
            }
            Event::Eof => break,
            _ => {}
        }
    }
    let mut root = open.pop().expect("the root's parent");
    assert!(open.is_empty() && root.children.len() == 1, "{name}");
    root.children.remove(0)
}

/// The order in which the schema wants the children of these (ECMA-376 part 1).
const ORDER: [(&str, &str); 8] = [
    (
        "w:pPr",
        "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs \
         suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd \
         snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment \
         textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange",
    ),
    (
        "w:rPr",
        "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid vanish \
         webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em lang \
         eastAsianLayout specVanish oMath",
    ),
    (
        "w:sectPr",
        "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType pgNumType \
         cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid printerSettings",
    ),
    (
        "w:tblPr",
        "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing tblInd \
         tblBorders shd tblLayout tblCellMar tblLook",
    ),
    (
        "w:tcPr",
        "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark",
    ),
    (
        "w:style",
        "name aliases basedOn next link autoRedefine hidden uiPriority semiHidden unhideWhenUsed qFormat locked personal \
         pPr rPr tblPr trPr tcPr tblStylePr",
    ),
    ("w:lvl", "start numFmt lvlRestart pStyle isLgl suff lvlText lvlPicBulletId legacy lvlJc pPr rPr"),
    (
        "w:settings",
        "writeProtection view zoom mirrorMargins defaultTabStop evenAndOddHeaders drawingGridHorizontalSpacing \
         drawingGridVerticalSpacing characterSpacingControl compat themeFontLang clrSchemeMapping decimalSymbol \
         listSeparator",
    ),
];

/// Children in the schema's order, none twice but where the schema lets it.
fn check_order(part: &str, element: &Element) {
    let Some((_, order)) = ORDER.iter().find(|(name, _)| *name == element.name) else { return };
    let order: Vec<&str> = order.split_whitespace().collect();
    let mut last = 0;
    for child in &element.children {
        let name = child.name.trim_start_matches("w:");
        let place = order.iter().position(|known| *known == name);
        let place = place.unwrap_or_else(|| panic!("{part}: {name} is no child of {}", element.name));
        let may_repeat = matches!(name, "headerReference" | "footerReference");
        // The schema lets head and foot references mix.
        let place = if name == "footerReference" { 0 } else { place } + 1;
        assert!(place > last || may_repeat && place >= last, "{part}: {name} out of place in {}", element.name);
        last = place;
    }
}

/// Everything Word would refuse a file for that these tests know of.
fn check_package(bytes: &[u8]) {
    let parts = parts(bytes);
    let parsed: BTreeMap<&str, Element> = parts
        .iter()
        .filter(|(name, _)| name.ends_with(".xml") || name.ends_with(".rels"))
        .map(|(name, part)| (name.as_str(), parse(name, part)))
        .collect();

    let types = &parsed["[Content_Types].xml"];
    let mut defaults = HashSet::new();
    let mut overrides = HashSet::new();
    for entry in &types.children {
        let name = entry.attributes.get("Extension").or(entry.attributes.get("PartName")).expect("a name");
        assert!(
            if entry.name == "Default" { &mut defaults } else { &mut overrides }.insert(name.clone()),
            "{name} twice"
        );
    }
    for name in parts.keys().filter(|name| *name != "[Content_Types].xml") {
        let extension = name.rsplit('.').next().expect("an extension");
        assert!(overrides.contains(&format!("/{name}")) || defaults.contains(extension), "{name} has no type");
        let plain = extension == "xml" && !overrides.contains(&format!("/{name}"));
        assert!(!plain, "{name} is just XML");
    }
    for name in &overrides {
        assert!(parts.contains_key(name.trim_start_matches('/')), "{name} is not there");
    }

    let mut ids = HashMap::new();
    for (name, root) in &parsed {
        if !name.ends_with(".rels") {
            continue;
        }
        let folder = if *name == "_rels/.rels" { "" } else { "word/" };
        for relationship in &root.children {
            let target = format!("{folder}{}", relationship.attributes["Target"]);
            assert!(parts.contains_key(&target), "{target} is not there");
            let id = (*name, relationship.attributes["Id"].clone());
            assert!(ids.insert(id.clone(), ()).is_none(), "{id:?} twice");
        }
    }
    let styles = defined(&parsed["word/styles.xml"], "w:style", "w:styleId");
    let lists = defined(&parsed["word/numbering.xml"], "w:num", "w:numId");
    let mut drawings = HashSet::new();
    for (name, root) in &parsed {
        let rules = &mut |element: &Element| {
            check_order(name, element);
            let value = || element.attributes.get("w:val").cloned().unwrap_or_default();
            match element.name.as_str() {
                "w:pStyle" | "w:basedOn" => assert!(styles.contains(&value()), "{name}: no style {}", value()),
                "w:numId" if !name.ends_with("numbering.xml") => assert!(lists.contains(&value()), "{name}: no list"),
                "wp:docPr" => {
                    assert!(drawings.insert(element.attributes["id"].clone()), "{name}: a drawing's id twice")
                }
                "w:tc" => assert_eq!(element.children.last().map(|last| last.name.as_str()), Some("w:p"), "{name}"),
                "w:body" => {
                    let names: Vec<&str> = element.children.iter().map(|child| child.name.as_str()).collect();
                    assert_eq!(names.last(), Some(&"w:sectPr"));
                    assert!(names.windows(2).all(|pair| pair != ["w:tbl", "w:tbl"]), "tables that touch become one");
                    assert!(names.windows(2).all(|pair| pair != ["w:tbl", "w:sectPr"]), "a paragraph after a table");
                }
                _ => {}
            }
            for (attribute, id) in &element.attributes {
                if attribute == "r:id" || attribute == "r:embed" {
                    assert!(ids.contains_key(&("word/_rels/document.xml.rels", id.clone())), "{name}: {id}");
                }
            }
        };
        root.each(rules);
    }
}

fn defined(root: &Element, name: &str, attribute: &str) -> HashSet<String> {
    let mut found = HashSet::new();
    root.each(&mut |element| {
        if element.name == name {
            assert!(found.insert(element.attributes[attribute].clone()), "{name} twice");
        }
    });
    found
}

#[test]
fn every_form_keeps_the_rules_of_the_format() {
    for (_, document) in papers::all() {
        check_package(&write::docx(&document).expect("written"));
    }
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    assert_eq!(write::docx(&papers::notice()).expect("written"), write::docx(&papers::notice()).expect("written"));
}

#[test]
fn a_notice_reads_back_in_the_order_of_its_page() {
    let lines = lines(&papers::notice());
    let expected = [
        "白银镇人民政府文件",
        "白政发〔2022〕21号",
        "关于开展2022年全镇“安全生产月”",
        "和“安全生产草原行”活动的通知",
        "各村、各厂矿企业，镇直各单位：",
        "一、总体要求",
        "三、活动内容",
        "（一）组织专题学习。各单位要在6月10日前至少组织1次集中学习，主要负责人带头讲安全。",
        "（十）做好媒体宣传。通过广播、电子屏、公众号等持续宣传，及时推广好的做法。",
        "1.按时报送。6月20日前报送活动方案和联络员反馈表（附件1），6月期间每周四12:00前报送进展情况统计表（附件2）。",
        "（2）电子材料包括照片、视频和文字，注明时间、地点和人数。",
        "联系人：陈某某，联系电话：0900-1234567。",
        "附件：1. “安全生产月”活动联络员反馈表",
        "2. “安全生产月”活动进展情况统计表",
        "白银镇人民政府",
        "2022年6月12日",
        "（此件公开发布）",
        "附件1",
        "联络员姓名 |  |",
        "附件2",
        "抄送：县应急管理局，县安全生产委员会办公室。",
        "白银镇党政综合办公室\t2022年6月12日印发",
    ];
    let mut rest = lines.iter();
    for line in expected {
        assert!(rest.any(|read| read == line), "{line} is missing or out of order in\n{}", lines.join("\n"));
    }
}

#[test]
fn a_draft_says_so_on_every_page_and_a_numbered_document_does_not() {
    let heads = |document: &Document| {
        let parts = parts(&write::docx(document).expect("written"));
        String::from_utf8(parts["word/header1.xml"].clone()).expect("text")
    };
    assert!(heads(&papers::draft()).contains("草稿"));
    assert!(lines(&papers::draft()).contains(&"（未编号）".to_owned()));
    assert!(!heads(&papers::notice()).contains("草稿"));
}

#[test]
fn numbers_begin_anew_in_an_annex() {
    let mut document = Document::new(Form::Notice, "关于编号的通知");
    let blocks =
        vec![Block::heading(Level::One, "甲"), Block::heading(Level::Two, "子"), Block::heading(Level::One, "乙")];
    document.blocks = blocks.clone();
    let annex = |title: &str| Annex {
        labelled: true,
        title: title.to_owned(),
        orientation: Orientation::Portrait,
        blocks: blocks.clone(),
    };
    document.attach(annex("第一张表"));
    document.attach(annex("第二张表"));
    let numbered: Vec<String> =
        lines(&document).into_iter().filter(|line| line.ends_with(['甲', '乙', '子'])).collect();
    assert_eq!(numbered, ["一、甲", "（一）子", "二、乙"].repeat(3));
}

#[test]
fn what_cannot_be_laid_out_is_refused_in_words() {
    let refused = |block: Block| {
        let mut document = Document::new(Form::Notice, "关于表格的通知");
        document.blocks.push(block);
        write::docx(&document).expect_err("refused").to_string()
    };
    let picture = |bytes: &[u8]| {
        Block::Picture(write::Picture { bytes: bytes.to_vec(), width: 50.0, description: String::new(), caption: None })
    };
    assert!(refused(picture(b"GIF89a")).starts_with("第 1 张图片不是"));
    assert!(refused(picture(&[0xFF, 0xD8, 0xFF, 0xE0])).starts_with("第 1 张图片不是"));
    assert!(refused(Block::Table(Table::default())).starts_with("表格有 0 列"));
    let rows = |rows| Block::Table(Table { rows, ..Table::default() });
    let wide = rows(vec![vec![Cell::new("甲")], vec![Cell::new("乙"), Cell::new("丙")]]);
    assert!(refused(wide).starts_with("表格第 2 行"));
    let spanning = rows(vec![vec![Cell::new("甲"), Cell::new("乙")], vec![Cell::new("丙").spanning(3, 1)]]);
    assert!(refused(spanning).starts_with("表格第 2 行"));
}

/// The text as it must come back: cleaned, put right, a line for every line feed.
fn expected(text: &str) -> Vec<String> {
    write::normalise(text).split('\n').map(str::to_owned).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_text_reads_back_as_it_was_given(
        texts in prop::collection::vec("[\\x00-\\x1f\\x7f-\\x9f<>&\"'安月，。👨‍👩‍👧\u{2028}\u{feff}\u{fffe}a-c0-9１２ \\PC]{0,80}", 1..6),
        splits in prop::collection::vec(0_usize..80, 0..4),
    ) {
        let mut document = Document::new(Form::Notice, "起点");
        for text in &texts {
            let chars: Vec<char> = text.chars().collect();
            let mut runs = Vec::new();
            let mut start = 0;
            let mut splits: Vec<usize> = splits.iter().map(|split| split % (chars.len() + 1)).collect();
            splits.sort_unstable();
            for end in splits.into_iter().chain([chars.len()]) {
                // Between the two halves of a line end nothing is split.
                let run: String = chars[start..end].iter().collect();
                runs.push(Run::new(run.replace('\r', "")));
                start = end;
            }
            document.blocks.push(Block::Paragraph(Paragraph { runs, ..Paragraph::default() }));
        }
        document.blocks.push(Block::text("终点"));
        let bytes = write::docx(&document).expect("written");
        check_package(&bytes);
        let read = read(&bytes, None).expect("read").lines;
        let wanted: Vec<String> = texts.iter().flat_map(|text| expected(&text.replace('\r', ""))).collect();
        let begin = read.iter().position(|line| line == "起点").expect("the title");
        prop_assert_eq!(&read[begin + 1..read.len() - 1], wanted.as_slice());
        prop_assert_eq!(read.last().map(String::as_str), Some("终点"));
    }

    #[test]
    fn any_field_gives_a_document_by_the_rules(text in "\\PC{0,60}", other in "[\\x00-\\x1f安全的通知《》“”（）\n0-9a<&]{0,90}", form in 0_usize..4) {
        let mut document = papers::all().swap_remove(form).1;
        document.title = other.clone();
        document.issuer_mark = Some(text.clone());
        document.doc_number = DocNumber::Assigned(other.clone());
        document.secrecy = Some(text.clone());
        document.signers = vec![text.clone(), other.clone()];
        document.addressees = Some(other.clone());
        document.note = Some(other.clone());
        document.issue_date = Some(date(2022, 12, 31));
        document.attachments = vec![text.clone(), other.clone()];
        if let Some(signature) = &mut document.signature {
            signature.issuer = other;
        }
        for annex in &mut document.annexes {
            annex.title = text.clone();
        }
        check_package(&write::docx(&document).expect("written"));
    }
}

#[test]
fn forms_are_word_documents_too_and_read_back_with_every_cell() {
    use official_doc::table::{Cell, Column, PrintedForm, Sheet};
    let mut sheet = Sheet::new("东沟村", vec![Column::number("序号"), Column::text("项目"), Column::number("本周")]);
    sheet.rows = vec![
        vec![1.into(), "启动部署".into(), 1_284.into()],
        vec![Cell::Empty, Cell::Empty, Cell::Empty],
        vec![2.into(), "=1+1".into(), Cell::Number(74.6)],
    ];
    let narrow = PrintedForm {
        label: "附件2".to_owned(),
        title: vec!["统计表".to_owned(), "填报单位：东沟村".to_owned()],
        sheet,
        foot: vec!["审核人：".to_owned()],
        signed: vec!["东沟村（盖章）".to_owned(), "2022年6月16日".to_owned()],
        joined: vec![0, 1],
        ..PrintedForm::default()
    };
    let mut columns = vec![Column::text("单位").width(20.0)];
    columns.extend((0..40).map(|no| Column::number(format!("指标{no}")).width(11.0)));
    let mut sheet = Sheet::new("汇总", columns);
    let values = |name: &str| [Cell::from(name)].into_iter().chain((0..40).map(Cell::Integer)).collect::<Vec<_>>();
    sheet.rows = ["东沟村", "西沟村"].map(values).to_vec();
    let wide = PrintedForm {
        title: vec!["汇总表".to_owned()],
        sheet,
        groups: vec![(String::new(), 1), ("前一半".to_owned(), 25), ("后一半".to_owned(), 15)],
        kept: 1,
        wide: true,
        ..PrintedForm::default()
    };
    let bytes = write::forms(&[narrow, wide]).expect("a document");
    assert_eq!(bytes, {
        let again = read(&bytes, None).expect("readable");
        let text = again.lines.join("\n");
        for words in ["附件2", "填报单位：东沟村", "1,284", "74.6", "=1+1", "2022年6月16日", "指标39", "后一半"]
        {
            assert!(text.contains(words), "{words}: {text}");
        }
        // Each part has the first column, and says which it is.
        let parts = again.lines.iter().filter(|line| line.starts_with("第") && line.contains("张，共")).count();
        assert!(parts > 2 && text.matches("西沟村").count() == parts, "{text}");
        bytes.clone()
    });
    check_package(&bytes);
    let pages = String::from_utf8(parts(&bytes)["word/document.xml"].clone()).expect("text");
    assert!(pages.contains("w:orient=\"landscape\"") && pages.matches("<w:sectPr>").count() == 2, "{pages}");
}

#[test]
fn a_form_without_columns_or_rows_is_refused_or_written_and_never_broken() {
    use official_doc::table::{Column, PrintedForm, Sheet};
    assert!(matches!(write::forms(&[PrintedForm::default()]), Err(write::WriteError::Columns(0))));
    let sheet = Sheet::new("空", vec![Column::text("单位")]);
    check_package(&write::forms(&[PrintedForm { sheet, ..PrintedForm::default() }]).expect("a document"));
    check_package(&write::forms(&[]).expect("a document"));
}

proptest! {
    #[test]
    fn forms_of_any_shape_are_whole_packages(
        columns in 1_usize..70,
        rows in 0_usize..6,
        kept in 0_u16..5,
        joined in prop::collection::vec(0_usize..6, 0..3),
        group in 0_usize..8,
        wide: bool,
        text in "(?s).{0,40}",
    ) {
        use official_doc::table::{Cell, Column, PrintedForm, Sheet};
        let mut sheet = Sheet::new("表", (0..columns).map(|no| Column::text(format!("第{no}列"))).collect());
        sheet.rows = (0..rows)
            .map(|row| {
                (0..columns).map(|no| if (no + row) % 3 == 0 { text.as_str().into() } else { Cell::Empty }).collect()
            })
            .collect();
        let form = PrintedForm {
            label: text.clone(),
            title: vec![text.clone()],
            sheet,
            foot: vec![text.clone()],
            groups: if group == 0 { Vec::new() } else { vec![(String::new(), 1), (text.clone(), group)] },
            joined,
            kept,
            wide,
            ..PrintedForm::default()
        };
        match write::forms(&[form]) {
            Ok(bytes) => check_package(&bytes),
            Err(write::WriteError::Columns(_)) => prop_assert!(!wide && columns > 63),
            Err(error) => prop_assert!(false, "{error}"),
        }
    }
}
