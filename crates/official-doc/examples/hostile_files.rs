//! What the worst files cost: time and peak memory of reading files made to cost most, each in a process of its own.
//!
//! ```sh
//! cargo run --release -p official-doc --example hostile_files            # all of them, a line each
//! cargo run --release -p official-doc --example hostile_files -- FILE…   # files of yours
//! ```
//! Memory is the peak of the process less what it held before reading, the file itself included (Linux).

#![allow(clippy::print_stdout, reason = "it prints what it measured")]

#[path = "../tests/common/mod.rs"]
mod common;
#[path = "../../../tools/measure/memory.rs"]
mod memory;

use std::{process::Command, time::Instant};

use common::{docx, docx_with, package};
use memory::{forget_peak, peak_mb};
use official_doc::read;

type Make = fn() -> Vec<u8>;

const CASES: &[(&str, Make)] = &[
    ("docx: a character in each run", || docx(&repeat("<w:p><w:r><w:t>字</w:t></w:r></w:p>"))),
    ("docx: empty elements", || docx(&repeat("<w:r/>"))),
    ("docx: numbered paragraphs", || {
        let paragraph = "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"8\"/><w:numId w:val=\"1\"/></w:numPr></w:pPr><w:r><w:t>字</w:t></w:r></w:p>";
        let level = |n: usize| {
            format!(
                "<w:lvl w:ilvl=\"{n}\"><w:numFmt w:val=\"chineseCounting\"/><w:lvlText w:val=\"%1%2%3%4%5%6%7%8%9\"/></w:lvl>"
            )
        };
        let levels: String = (0..9).map(level).collect();
        let numbering = format!(
            "<w:abstractNum w:abstractNumId=\"1\">{levels}</w:abstractNum><w:num w:numId=\"1\"><w:abstractNumId w:val=\"1\"/></w:num>"
        );
        docx_with(&repeat(paragraph), &numbering, "")
    }),
    ("docx: many styles", || {
        let style = |n: usize| format!("<w:style w:styleId=\"{n}\"><w:basedOn w:val=\"{}\"/></w:style>", n + 1);
        docx_with(
            &repeat("<w:p><w:pPr><w:pStyle w:val=\"1\"/></w:pPr><w:r><w:t>字</w:t></w:r></w:p>"),
            "",
            &(0..9_900).map(style).collect::<String>(),
        )
    }),
    ("docx: attributes", || docx(&repeat("<w:p w:a=\"1\" w:b=\"2\" w:c=\"3\" w:d=\"&#x4E00;\"/>"))),
    ("docx: one word without end", || docx(&format!("<w:p><w:r><w:t>{}</w:t></w:r></w:p>", repeat("字")))),
    ("ofd: a text object for each character", || {
        ofd(&repeat("<TextObject Boundary=\"0 0 9 9\" Size=\"5\"><TextCode X=\"1\" Y=\"2\">字</TextCode></TextObject>"))
    }),
    ("ofd: steps without end", || {
        ofd(&format!(
            "<TextObject Boundary=\"0 0 9 9\" Size=\"5\"><TextCode X=\"1\" Y=\"2\" DeltaX=\"{}\">字</TextCode></TextObject>",
            repeat("g 9 1 ")
        ))
    }),
    ("ofd: empty elements", || ofd(&repeat("<a/>"))),
    ("pdf: numbers", || pdf(&format!("[{}]", "1 ".repeat(TOKENS)), "BT /F1 9 Tf <4E00> Tj ET")),
    ("pdf: dictionaries", || pdf(&format!("[{}]", "<</A 1>>".repeat(TOKENS / 4)), "BT /F1 9 Tf <4E00> Tj ET")),
    ("pdf: short dictionaries", || pdf(&format!("[{}]", "<<>>".repeat(TOKENS / 2)), "BT /F1 9 Tf <4E00> Tj ET")),
    ("pdf: strings drawn", || pdf("1", &format!("BT /F1 9 Tf {} ET", repeat("<4E00> Tj ")))),
    ("pdf: short operators", || pdf("1", &format!("BT /F1 9 Tf <4E00> Tj ET {}", "q Q ".repeat(2_000_000)))),
    ("pdf: arrays drawn", || pdf("1", &format!("BT /F1 9 Tf {} ET", repeat("[<4E00>1<4E01>]TJ ")))),
    ("pdf: a long picture", || {
        pdf(
            &format!("<</Subtype/Image/Length {0}>>stream\n{1}\nendstream", 19_000_000, "x".repeat(19_000_000)),
            "BT /F1 9 Tf <4E00> Tj ET",
        )
    }),
    ("txt: a million characters", || "一、各村要于6月20日前报送方案。\n".repeat(58_000).into_bytes()),
    ("txt: lines", || "字\n".repeat(199_000).into_bytes()),
];

/// Nearly as many small things as a PDF may be made of.
const TOKENS: usize = official_doc::limits::MAX_PDF_TOKENS - 1_000;

/// As often as it fits into what the limits let through, a little less.
fn repeat(piece: &str) -> String {
    let tag = usize::try_from(official_doc::limits::XML_TAG_COST).unwrap_or(usize::MAX);
    let cost = piece.len() + piece.matches('<').count() * tag;
    let room = usize::try_from(official_doc::limits::MAX_INFLATED_BYTES).unwrap_or(usize::MAX) - 1_500_000;
    let texts = piece.matches(['字']).count() + piece.matches("4E0").count();
    let most = official_doc::limits::MAX_TEXT_CHARS.min(official_doc::limits::MAX_LINES) - 10;
    piece.repeat((room / cost).min(most.checked_div(texts).unwrap_or(usize::MAX)))
}

fn ofd(page: &str) -> Vec<u8> {
    package(&[
        ("OFD.xml", b"<OFD><DocRoot>D/Document.xml</DocRoot></OFD>"),
        ("D/Document.xml", b"<D><Page BaseLoc=\"P.xml\"/></D>"),
        ("D/P.xml", format!("<Page>{page}</Page>").as_bytes()),
    ])
}

/// A file with an object that nothing refers to and a page with this content.
fn pdf(object: &str, content: &str) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    for (number, body) in [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 6 0 R>>>>>>".to_owned(),
        format!("<</Length {}>>stream\n{content}\nendstream", content.len()),
        object.to_owned(),
        "<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/UniGB-UCS2-H/DescendantFonts[<</Type/Font/Subtype/CIDFontType0>>]>>".to_owned(),
    ]
    .iter()
    .enumerate()
    {
        bytes.extend(format!("{} 0 obj\n{body}\nendobj\n", number + 1).bytes());
    }
    bytes.extend(b"trailer\n<</Size 7/Root 1 0 R>>\nstartxref\n0\n%%EOF");
    bytes
}

fn measure(name: &str, bytes: &[u8]) {
    forget_peak();
    let before = peak_mb() - bytes.len() as f64 / 1_048_576.0;
    let begun = Instant::now();
    let answer = read(bytes, None);
    let took = begun.elapsed();
    let said = match &answer {
        Ok(document) => format!("{} lines", document.lines.len()),
        Err(error) => error.code().to_owned(),
    };
    let size = bytes.len() as f64 / 1_048_576.0;
    println!("{name:<40} {size:>6.1} MB {:>6.0} ms {:>6.0} MB  {said}", took.as_secs_f64() * 1e3, peak_mb() - before);
}

fn main() {
    let given: Vec<String> = std::env::args().skip(1).collect();
    match given.as_slice() {
        [] => {
            let this = std::env::current_exe().expect("this program");
            let folder = std::env::temp_dir().join(format!("worst-{}", std::process::id()));
            std::fs::create_dir_all(&folder).expect("a folder");
            for (name, make) in CASES {
                let file = folder.join(name.replace([':', ' '], "-"));
                std::fs::write(&file, make()).expect("a file");
                Command::new(&this).arg(&file).status().expect("a process");
            }
            std::fs::remove_dir_all(folder).expect("a folder");
        }
        files => {
            for file in files {
                let bytes = std::fs::read(file).expect("a file");
                measure(std::path::Path::new(file).file_name().and_then(|name| name.to_str()).unwrap_or(file), &bytes);
            }
        }
    }
}
