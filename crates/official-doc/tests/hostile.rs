//! Whatever the bytes, the answer is lines, rows or a refusal; never a panic, never a replacement character.

mod common;

use std::sync::LazyLock;

use common::{docx_with, fixture, package};
use official_doc::{
    read,
    table::{self, Cell, Column, Sheet, write_csv, write_xlsx},
};
use proptest::prelude::*;

static DOCUMENTS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    [
        "numbered.docx",
        "yundeng-sumu-2020.docx",
        "mine.ofd",
        "steppe-easyofd.ofd",
        "steppe-mupdf.pdf",
        "baiyin-gbk.pdf",
        "yundeng-sumu-2020.pdf",
        "owner-locked.pdf",
        "yundeng-sumu-2020.txt",
        "refused.doc",
    ]
    .map(fixture)
    .into()
});
static TABLES: LazyLock<Vec<Vec<u8>>> =
    LazyLock::new(|| ["units-openpyxl.xlsx", "units-libreoffice.xlsx"].map(fixture).into());

/// Reads both ways and looks at everything that comes out.
fn try_all(bytes: &[u8], name: Option<&str>) {
    match read(bytes, name) {
        Ok(document) => {
            assert!(!document.text().contains('\u{FFFD}') || !document.warnings.is_empty());
            assert!(document.lines.iter().any(|line| !line.trim().is_empty()));
            let _ = document.warnings.iter().map(ToString::to_string).collect::<String>();
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
    match table::read(bytes, name) {
        Ok(table) => {
            assert!(!table.rows.is_empty());
            assert!(table.rows.windows(2).all(|pair| pair[0].number < pair[1].number));
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// What happens to files on their way: bytes change, ends are cut off, pieces are moved.
#[derive(Debug, Clone)]
enum Damage {
    Flip(prop::sample::Index, u8),
    Cut(prop::sample::Index),
    Move(prop::sample::Index, prop::sample::Index, usize),
    Fill(prop::sample::Index, usize, u8),
}

fn damage() -> impl Strategy<Value = Damage> {
    use prop::sample::Index;
    prop_oneof![
        4 => (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Damage::Flip(at, byte)),
        1 => any::<Index>().prop_map(Damage::Cut),
        2 => (any::<Index>(), any::<Index>(), 1..512_usize).prop_map(|(from, to, length)| Damage::Move(from, to, length)),
        1 => (any::<Index>(), 1..256_usize, any::<u8>()).prop_map(|(at, length, byte)| Damage::Fill(at, length, byte)),
    ]
}

fn damaged(bytes: &[u8], damages: &[Damage]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for damage in damages {
        if bytes.is_empty() {
            break;
        }
        let length = bytes.len();
        match damage {
            Damage::Flip(at, byte) => bytes[at.index(length)] ^= byte | 1,
            Damage::Cut(at) => bytes.truncate(at.index(length)),
            Damage::Move(from, to, count) => {
                let from = from.index(length);
                let piece = bytes[from..(from + count).min(length)].to_vec();
                let to = to.index(length);
                bytes.splice(to..to, piece);
            }
            Damage::Fill(at, count, byte) => {
                let at = at.index(length);
                bytes[at..(at + count).min(length)].fill(*byte);
            }
        }
    }
    bytes
}

/// Text with everything that trips tables up.
fn cell() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("=".to_owned()),
        Just("'".to_owned()),
        Just("\"".to_owned()),
        Just("\n".to_owned()),
        Just("\r".to_owned()),
        Just("\t".to_owned()),
        Just("_x000D_".to_owned()),
        Just("_x005F_".to_owned()),
        Just("\u{FEFF}".to_owned()),
        Just("007".to_owned()),
        Just(",;|".to_owned()),
        Just("🐎𠮷".to_owned()),
        "[\\PC]{0,4}",
        "[一-龥]{0,3}",
    ];
    prop::collection::vec(piece, 0..5).prop_map(|pieces| pieces.concat())
}

/// An XML element of the names that matter, nested anyhow.
fn element(names: &'static [&'static str], attributes: &'static [&'static str]) -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        "[\\PC&&[^<&]]{0,8}",
        (prop::sample::select(names), prop::sample::select(attributes))
            .prop_map(|(name, with)| format!("<{name} {with}/>")),
    ];
    leaf.prop_recursive(6, 48, 6, move |inner| {
        (prop::sample::select(names), prop::sample::select(attributes), prop::collection::vec(inner, 0..6))
            .prop_map(|(name, with, inside)| format!("<{name} {with}>{}</{name}>", inside.concat()))
    })
}

const WORD: &[&str] = &[
    "p",
    "r",
    "t",
    "pPr",
    "rPr",
    "numPr",
    "numId",
    "ilvl",
    "pStyle",
    "rStyle",
    "vanish",
    "del",
    "ins",
    "tbl",
    "tr",
    "tc",
    "trPr",
    "txbxContent",
    "Fallback",
    "tab",
    "br",
    "textpath",
    "abstractNum",
    "num",
    "lvl",
    "lvlText",
    "start",
    "numFmt",
    "abstractNumId",
    "lvlOverride",
    "startOverride",
    "style",
    "basedOn",
];
const WORD_ATTRIBUTES: &[&str] = &[
    "",
    "val=\"0\"",
    "val=\"1\"",
    "val=\"9\"",
    "val=\"-1\"",
    "val=\"99999999999\"",
    "val=\"%1%2%9%\"",
    "val=\"bullet\"",
    "val=\"chineseCounting\"",
    "abstractNumId=\"1\"",
    "numId=\"1\"",
    "ilvl=\"0\"",
    "ilvl=\"8\"",
    "ilvl=\"9\"",
    "styleId=\"1\"",
    "string=\"字\"",
];
const OFD: &[&str] = &["TextObject", "TextCode", "Template", "ImageObject", "Layer", "PageBlock"];
const OFD_ATTRIBUTES: &[&str] = &[
    "",
    "Boundary=\"0 0 10 10\" Size=\"5\"",
    "Boundary=\"1e38 -1e38 NaN inf\" CTM=\"1e38 0 0 1e38 inf 0\"",
    "Boundary=\"\"",
    "X=\"1\" Y=\"2\" DeltaX=\"g 99999999999 1\"",
    "DeltaX=\"g g g 1 2\"",
    "DeltaX=\"1 2 3\" DeltaY=\"NaN\"",
    "TemplateID=\"1\"",
];

proptest! {

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..2_048), name in any::<Option<String>>()) {
        try_all(&bytes, name.as_deref());
    }

    #[test]
    fn any_bytes_behind_a_known_beginning_are_answered(
        start in prop::sample::select(vec![
            &b"PK\x03\x04"[..], b"%PDF-1.7\n", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", b"\xFF\xFE", b"\xEF\xBB\xBF", b"<?xml ",
        ]),
        bytes in prop::collection::vec(any::<u8>(), 0..1_024),
    ) {
        try_all(&[start, &bytes].concat(), None);
    }

    #[test]
    fn damaged_documents_are_answered(which in any::<prop::sample::Index>(), damages in prop::collection::vec(damage(), 1..6)) {
        try_all(&damaged(which.get::<Vec<u8>>(&DOCUMENTS), &damages), None);
    }

    #[test]
    fn damaged_tables_are_answered(which in any::<prop::sample::Index>(), damages in prop::collection::vec(damage(), 1..6)) {
        try_all(&damaged(which.get::<Vec<u8>>(&TABLES), &damages), None);
    }

    #[test]
    fn any_word_markup_is_answered(body in element(WORD, WORD_ATTRIBUTES), other in element(WORD, WORD_ATTRIBUTES)) {
        try_all(&docx_with(&body, &other, &other), None);
    }

    #[test]
    fn any_ofd_page_is_answered(page in element(OFD, OFD_ATTRIBUTES)) {
        let page = format!("<Page>{page}</Page>");
        try_all(
            &package(&[
                ("OFD.xml", b"<OFD><DocRoot>D/Document.xml</DocRoot></OFD>"),
                ("D/Document.xml", b"<D><TemplatePage ID=\"1\" BaseLoc=\"T.xml\"/><Page BaseLoc=\"P.xml\"/></D>"),
                ("D/P.xml", page.as_bytes()),
                ("D/T.xml", page.as_bytes()),
            ]),
            None,
        );
    }

    #[test]
    fn any_content_stream_is_answered(
        operators in prop::collection::vec(
            prop_oneof![
                prop::sample::select(vec![
                    "BT", "ET", "/F1 12 Tf", "(a) Tj", "<4E00> Tj", "[(a) -1e38 <D835>] TJ", "q", "Q", "1e38 0 0 1e38 1e38 0 cm", "T*",
                    "/X1 Do", "BI ID x EI", "(a) '", "1 1 (a) \"", "0 Tz", "<< /A (>>) >>", "[", "(", "-99999999999999999999 Ts",
                ]).prop_map(str::to_owned),
                "[\\x20-\\x7E]{0,12}",
            ],
            0..40,
        ),
    ) {
        try_all(&pdf(&operators.join(" ")), None);
    }

    #[test]
    fn any_table_written_is_read_back(
        name in "[^\\[\\]:*?/\\\\'\\p{C}]{1,31}".prop_filter("a name", |name| name.encode_utf16().count() <= 31),
        rows in prop::collection::vec(prop::collection::vec(cell(), 3..4), 1..6),
    ) {
        let mut sheet = Sheet::new(name, vec![Column::text("甲"), Column::text("乙"), Column::text("丙")]);
        sheet.rows = rows.iter().map(|row| row.iter().map(|text| Cell::Text(text.clone())).collect()).collect();
        let blank = |text: &String| text.trim().is_empty();
        for bytes in [write_csv(&sheet), write_xlsx(std::slice::from_ref(&sheet), &[]).expect("a sheet")] {
            let table = table::read(&bytes, None).expect("our own export");
            let expected = rows.iter().filter(|row| !row.iter().all(blank));
            let found = table.rows[1..].iter();
            prop_assert_eq!(expected.clone().count(), found.clone().count());
            for (expected, found) in expected.zip(found) {
                for (column, text) in expected.iter().enumerate() {
                    let found = found.cells.get(column).map_or("", String::as_str);
                    prop_assert!(found == text || (blank(text) && found.trim().is_empty()), "{found:?} {text:?}");
                }
            }
        }
    }
}

/// A page with this content, a font of Adobe's Chinese collection, and a form that draws itself.
fn pdf(content: &str) -> Vec<u8> {
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources 5 0 R>>".to_owned(),
        format!("<</Length {}>>stream\n{content}\nendstream", content.len()),
        "<</Font<</F1 6 0 R>>/XObject<</X1 7 0 R>>>>".to_owned(),
        "<</Type/Font/Subtype/Type0/Encoding/UniGB-UCS2-H/DescendantFonts[<</W[0 99999999 500]>>]>>".to_owned(),
        "<</Subtype/Form/Resources 5 0 R/Length 14>>stream\n/X1 Do /X1 Do \nendstream".to_owned(),
    ];
    let mut bytes = b"%PDF-1.7\n".to_vec();
    let mut table = "xref\n0 8\n0000000000 65535 f \n".to_owned();
    for (index, object) in objects.iter().enumerate() {
        table += &format!("{:010} 00000 n \n", bytes.len());
        bytes.extend(format!("{} 0 obj\n{object}\nendobj\n", index + 1).bytes());
    }
    let start = bytes.len();
    bytes.extend(format!("{table}trailer\n<</Size 8/Root 1 0 R>>\nstartxref\n{start}\n%%EOF").bytes());
    bytes
}

#[test]
fn forms_that_draw_themselves_come_to_an_end() {
    let error = read(&pdf("/X1 Do"), None).expect_err("there is no text");
    assert!(matches!(error.code(), "too_much" | "no_text"), "{error:?}");
}
