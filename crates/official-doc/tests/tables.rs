//! Tables out and in again, and tables made by foreign programs.

use std::{fs, path::Path};

use jiff::civil::date;
use official_doc::{
    Encoding, ReadError,
    table::{
        Cell, CellWarningKind, Column, PrintedForm, Sheet, Table, TableFormat, read, read_sheet, write_csv,
        write_forms, write_xlsx,
    },
};

fn fixture(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)).expect("fixture")
}

/// Everything that has gone wrong in somebody's export.
const ODD: [&str; 24] = [
    "\u{FEFF}带标记",
    "=1+1",
    "'=1+1",
    "''=1",
    "'好",
    "+86 13800000000",
    "-5",
    "@sum",
    "\t缩进",
    "\r回车",
    "＝１",
    "007",
    "150501199001011234",
    "第一行\n第二行",
    "第一行\r\n第二行",
    "😀🐎",
    "𠮷𠀀",
    "a,b;c\td",
    "他说“\"好\"”",
    "2022年6月1日",
    "1e5",
    "_x000D_",
    "&lt;b&gt;<>",
    " 前后有空格 ",
];

fn odd_sheet() -> Sheet {
    let mut sheet = Sheet::new(
        "单位 名册",
        vec![Column::text("单位"), Column::text("=编码"), Column::number("人数"), Column::date("日期")],
    );
    sheet.rows = ODD
        .iter()
        .map(|text| {
            vec![(*text).into(), Cell::Integer(18), Cell::Number(3.5), Cell::Date(date(2022, 6, 12)), (*text).into()]
        })
        .collect();
    sheet
}

fn expect_odd(table: &Table) {
    assert_eq!(table.rows[0].cells, ["单位", "=编码", "人数", "日期"]);
    assert_eq!(table.rows.len(), ODD.len() + 1);
    for (row, text) in table.rows[1..].iter().zip(ODD) {
        assert_eq!(row.cells, [text, "18", "3.5", "2022-06-12", text]);
    }
    assert_eq!(table.warnings, []);
}

#[test]
fn an_export_read_back_is_the_same_table() {
    let sheet = odd_sheet();
    let xlsx = write_xlsx(std::slice::from_ref(&sheet), &["请从第二行填起。"]).expect("a sheet");
    let table = read(&xlsx, Some("odd.csv")).expect("our own export");
    expect_odd(&table);
    assert_eq!(table.sheet.as_deref(), Some("单位 名册"));
    assert_eq!(table.other_sheets, ["填表说明"]);

    let csv = write_csv(&sheet);
    let table = read(&csv, None).expect("our own export");
    expect_odd(&table);
    assert_eq!(table.format, TableFormat::Csv { encoding: Encoding::Utf8Bom, delimiter: b',' });
}

#[test]
fn the_same_sheet_gives_the_same_bytes() {
    let write = || write_xlsx(&[odd_sheet()], &[]).expect("a sheet");
    assert_eq!(write(), write());
}

#[test]
fn csv_is_what_chinese_excel_expects() {
    let mut sheet = Sheet::new("x", vec![Column::text("单位"), Column::text("电话")]);
    sheet.rows.push(vec!["=cmd|' /C calc'!A0".into(), "+86".into()]);
    sheet.rows.push(vec![Cell::Integer(-5), Cell::Empty]);
    let text = String::from_utf8(write_csv(&sheet)).expect("UTF-8");
    assert_eq!(text, "\u{FEFF}单位,电话\r\n'=cmd|' /C calc'!A0,'+86\r\n-5,\r\n");
}

#[test]
fn one_column_of_semicolons_stays_one_column() {
    let mut sheet = Sheet::new("x", vec![Column::text("说明")]);
    sheet.rows.push(vec!["一；a;b;c".into()]);
    sheet.rows.push(vec!["d\te\u{1}".into()]);
    let table = read(&write_csv(&sheet), None).expect("our own export");
    assert_eq!(table.rows[1].cells, ["一；a;b;c"]);
    assert_eq!(table.rows[2].cells, ["d\te"]);
}

#[test]
fn no_text_becomes_a_formula_in_xlsx() {
    let xlsx = write_xlsx(&[odd_sheet()], &["=1+1"]).expect("a sheet");
    for part in parts(&xlsx).iter().filter(|(name, _)| name.starts_with("xl/worksheets/")) {
        assert!(!part.1.contains("<f>"), "{}", part.0);
    }
}

#[test]
fn a_drop_down_offers_the_allowed_values_however_many() {
    let kinds: Vec<String> = (0..200).map(|number| format!("单位类型,{number}")).collect();
    let columns = vec![Column::text("层级").allowed(["村", "企业"]).width(12.0), Column::text("类型").allowed(kinds)];
    let xlsx = write_xlsx(&[Sheet::new("单位", columns)], &["说明"]).expect("a sheet");
    let parts = parts(&xlsx);
    let sheet = &parts.iter().find(|(name, _)| name == "xl/worksheets/sheet1.xml").expect("sheet").1;
    assert!(sheet.contains("<formula1>\"村,企业\"</formula1>"), "{sheet}");
    assert!(sheet.contains("$A$1:$A$200"), "{sheet}");
    assert!(sheet.contains("state=\"frozen\""), "{sheet}");
    let table = read(&xlsx, None).expect("a template has its headings");
    assert_eq!(table.other_sheets, ["填表说明"], "the list of options is hidden");
    assert_eq!(table.rows[0].cells, ["层级", "类型"]);
}

#[test]
fn what_a_workbook_cannot_hold_is_an_error() {
    let long = Sheet { rows: vec![vec!["长".repeat(32_768).into()]], ..Sheet::new("x", vec![Column::text("a")]) };
    assert!(write_xlsx(&[long], &[]).is_err());
    assert!(write_xlsx(&[Sheet::new("a/b", vec![])], &[]).is_err());
    assert!(write_xlsx(&[Sheet::new("a", vec![]), Sheet::new("a", vec![])], &[]).is_err());
}

#[test]
fn workbooks_of_foreign_programs_are_read_as_people_see_them() {
    for file in ["units-openpyxl.xlsx", "units-libreoffice.xlsx"] {
        let table = read(&fixture(file), Some(file)).expect("a workbook");
        let rows: Vec<_> =
            table.rows.iter().map(|row| row.cells.iter().map(String::as_str).collect::<Vec<_>>()).collect();
        assert_eq!(rows[0], ["单位", "编码", "电话", "成立日期", "人数", "身份证号", "备注"]);
        assert_eq!(
            rows[1],
            ["和平村", "007", "0475-4473241", "2022-06-01", "1250", "150501199001011234", "第一行\n第二行"]
        );
        assert_eq!(rows[2][..5], ["青山铁矿", "010", "13800000000", "2024-02-29 08:30", "3.5"]);
        assert_eq!(rows[3], ["东陵村", "", "", "", "0", "", "𠮷🐎"]);
        assert_eq!(table.rows.iter().map(|row| row.number).collect::<Vec<_>>(), [1, 2, 3, 5], "blank rows count");
        let warning = table.warnings[0].clone();
        assert_eq!((warning.row, warning.column, warning.kind), (3, 6, CellWarningKind::LongNumber));
        assert_eq!(table.other_sheets, ["说明"]);
    }
}

#[test]
fn a_sheet_can_be_named() {
    let bytes = fixture("units-openpyxl.xlsx");
    assert_eq!(read_sheet(&bytes, None, "说明").expect("it is there").rows[0].cells, ["填表说明"]);
    assert_eq!(read_sheet(&bytes, None, "没有"), Err(ReadError::NoSuchSheet("没有".to_owned())));
}

#[test]
fn csv_of_any_habit_is_read() {
    let text = "单位,编码,备注\n和平村,007,\"一,二\n三\"\n\n东陵村,008\n";
    let gb = encoding_rs::GB18030.encode(text).0.into_owned();
    let bom = [b"\xEF\xBB\xBF", text.as_bytes()].concat();
    for (bytes, encoding) in
        [(text.as_bytes().to_vec(), Encoding::Utf8), (bom, Encoding::Utf8Bom), (gb, Encoding::Gb18030)]
    {
        let table = read(&bytes, None).expect("csv");
        assert_eq!(table.format, TableFormat::Csv { encoding, delimiter: b',' });
        assert_eq!(table.rows[1].cells, ["和平村", "007", "一,二\n三"]);
        assert_eq!(table.rows[2].cell(1), "008");
        assert_eq!(table.rows[2].cell(9), "");
    }
    for (text, delimiter) in [("单位\t编码\r\n和平村\t007", b'\t'), ("单位;编码\r和平村;007", b';')] {
        let table = read(text.as_bytes(), None).expect("csv");
        assert!(matches!(table.format, TableFormat::Csv { delimiter: found, .. } if found == delimiter));
        assert_eq!(table.rows[1].cells, ["和平村", "007"]);
    }
}

#[test]
fn what_is_no_table_is_refused_in_words() {
    for (file, code) in [
        ("founding.docx", "document_as_table"),
        ("founding.pdf", "document_as_table"),
        ("mine.ofd", "document_as_table"),
        ("refused.xls", "old_excel"),
        ("refused.ods", "open_document"),
        ("refused.html", "html"),
        ("picture.png", "image"),
    ] {
        assert_eq!(read(&fixture(file), Some(file)).expect_err(file).code(), code, "{file}");
    }
    assert_eq!(read(b"", None), Err(ReadError::Empty));
    assert_eq!(read(b"\n\n , ,\n", None).expect_err("blank").code(), "no_text");
}

fn parts(zip: &[u8]) -> Vec<(String, String)> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(zip)).expect("a zip");
    (0..archive.len())
        .map(|index| {
            let file = archive.by_index(index).expect("an entry");
            let name = file.name().expect("a name").into_owned();
            (name, std::io::read_to_string(file).expect("text"))
        })
        .collect()
}

#[test]
fn a_printed_form_has_its_titles_above_the_headings_and_no_cell_of_it_runs() {
    let mut sheet = Sheet::new("东沟村", vec![Column::text("指标"), Column::number("本周")]);
    sheet.rows.push(vec!["=1+1".into(), Cell::Integer(0)]);
    sheet.rows.push(vec!["演练".into(), Cell::Empty]);
    let form = PrintedForm {
        title: vec!["统计表".to_owned(), "=2+2".to_owned()],
        sheet,
        wide: true,
        ..PrintedForm::default()
    };
    let bytes = write_forms(std::slice::from_ref(&form), &[]).expect("a workbook");
    assert_eq!(bytes, write_forms(&[form], &[]).expect("a workbook"));
    let table = read(&bytes, Some("a.xlsx")).expect("a table");
    let rows: Vec<Vec<&str>> = table.rows.iter().map(|row| row.cells.iter().map(String::as_str).collect()).collect();
    assert_eq!(rows, [vec!["统计表"], vec!["=2+2"], vec!["指标", "本周"], vec!["=1+1", "0"], vec!["演练"]]);
}

#[test]
fn a_form_is_ruled_and_set_up_for_paper() {
    use std::io::Read as _;
    let columns = ["序号", "项目", "指标"].map(Column::text).to_vec();
    let mut sheet = Sheet::new("东沟村", columns);
    sheet.rows = vec![
        vec![1.into(), "演练".into(), "场次".into()],
        vec![Cell::Empty, Cell::Empty, "字".repeat(80).into()],
        vec![2.into(), "=1".into(), Cell::Number(74.6)],
    ];
    let narrow = PrintedForm {
        sheet: sheet.clone(),
        joined: vec![0, 1],
        foot: vec!["审核人：".into()],
        ..PrintedForm::default()
    };
    let groups = vec![(String::new(), 1), ("甲".into(), 2)];
    let mut broad = PrintedForm { sheet, groups, kept: 1, wide: true, ..PrintedForm::default() };
    broad.sheet.name = "汇总".to_owned();
    for column in &mut broad.sheet.columns {
        column.width = Some(90.0);
    }
    let bytes = write_forms(&[narrow, broad], &[]).expect("a workbook");
    let mut package = zip::ZipArchive::new(std::io::Cursor::new(&bytes)).expect("a package");
    let mut part = |name: &str| {
        let mut text = String::new();
        package.by_name(name).expect("a part").read_to_string(&mut text).expect("text");
        text
    };
    let (narrow, broad) = (part("xl/worksheets/sheet1.xml"), part("xl/worksheets/sheet2.xml"));
    // A cell reaches down over the blank ones below it, and a line is as high as its words.
    assert!(narrow.contains("ref=\"A2:A3\"") && narrow.contains("ref=\"B2:B3\"") && !narrow.contains("ref=\"A4"));
    assert!(narrow.contains("paperSize=\"9\"") && !narrow.contains("landscape"));
    let heights: Vec<f64> =
        narrow.split(" ht=\"").skip(1).filter_map(|rest| rest.split('"').next()?.parse().ok()).collect();
    assert!(heights[2] > 2.0 * heights[1], "{heights:?}");
    // Too wide to be read on one page: over several, each with the headings and the first column.
    assert!(broad.contains("landscape") && broad.contains("fitToWidth=\"3\""), "{broad}");
    assert!(broad.contains("ref=\"A1:A2\"") && broad.contains("ref=\"B1:C1\""));
    let book = part("xl/workbook.xml");
    assert!(book.contains("$A:$A") && book.contains("$1:$2"), "{book}");
    let table = read_sheet(&bytes, Some("a.xlsx"), "东沟村").expect("a table");
    assert_eq!(table.rows[3].cells, ["2", "=1", "74.6"]);
}
