//! Pages as they are printed: by LibreOffice to PDF, by poppler to dots and text, measured in millimetres.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use official_doc::write::{self, Document};
use tempfile::TempDir;

/// Dots an inch.
const DOTS: f64 = 300.0;

/// Runs a program to its end and gives what it printed. A program that is not there fails the test.
fn run(program: &str, arguments: &[&str], folder: &Path) -> String {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap_or_else(|error| panic!("{program} must be installed (see ./check): {error}"));
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

/// A document laid out.
pub struct Printed {
    folder: TempDir,
}

/// Lays a document out.
pub fn print(document: &Document) -> Printed {
    print_file(&write::docx(document).expect("written"))
}

/// Lays out what was written.
pub fn print_file(docx: &[u8]) -> Printed {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("paper.docx");
    fs::write(&path, docx).expect("a file");
    let profile = format!("-env:UserInstallation=file://{}/profile", folder.path().display());
    run("soffice", &[&profile, "--headless", "--convert-to", "pdf", "paper.docx"], folder.path());
    assert!(folder.path().join("paper.pdf").exists(), "LibreOffice opened the document and made no PDF");
    Printed { folder }
}

impl Printed {
    fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Width and height of every page in millimetres.
    pub fn sizes(&self) -> Vec<(f64, f64)> {
        let info = run("pdfinfo", &["-f", "1", "-l", "999", "paper.pdf"], self.folder());
        let sizes = info.lines().filter(|line| line.starts_with("Page ") && line.contains("size:"));
        sizes
            .map(|line| {
                let numbers: Vec<f64> = line.split_whitespace().filter_map(|word| word.parse().ok()).collect();
                let [_, width, height] = numbers[..] else { panic!("{line}") };
                (width * 25.4 / 72.0, height * 25.4 / 72.0)
            })
            .collect()
    }

    /// The lines of a page (counted from 1) without blanks.
    pub fn lines(&self, page: usize) -> Vec<String> {
        let page = page.to_string();
        let text = run("pdftotext", &["-layout", "-f", &page, "-l", &page, "paper.pdf", "-"], self.folder());
        let tight = text.lines().map(|line| line.chars().filter(|c| !c.is_whitespace()).collect::<String>());
        tight.filter(|line| !line.is_empty() && line != "\u{c}").collect()
    }

    /// The dots of a page (counted from 1).
    pub fn page(&self, page: usize) -> Sheet {
        let name = format!("page{page}");
        let number = page.to_string();
        let dots = DOTS.to_string();
        run("pdftoppm", &["-r", &dots, "-f", &number, "-l", &number, "-singlefile", "paper.pdf", &name], self.folder());
        Sheet::read(&self.folder().join(format!("{name}.ppm")))
    }
}

/// A page in dots.
pub struct Sheet {
    width: usize,
    dots: Vec<Ink>,
}

/// What a dot is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    /// Paper, or the grey of a watermark.
    None,
    Black,
    Red,
}

/// Where ink is, in millimetres from the left and upper edges of the page.
#[derive(Debug, Clone, Copy)]
pub struct Extent {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

fn mm(dots: usize) -> f64 {
    dots as f64 * 25.4 / DOTS
}

fn dots(mm: f64) -> usize {
    (mm.max(0.0) * DOTS / 25.4).round() as usize
}

impl Sheet {
    fn read(path: &PathBuf) -> Self {
        let bytes = fs::read(path).expect("a page");
        let mut fields = bytes.splitn(4, |byte| byte.is_ascii_whitespace());
        assert_eq!(fields.next(), Some(&b"P6"[..]));
        let number = |field: Option<&[u8]>| -> usize {
            std::str::from_utf8(field.expect("a field")).expect("text").parse().expect("a number")
        };
        let width = number(fields.next());
        let _height = number(fields.next());
        let rest = fields.next().expect("dots");
        let begin = rest.iter().position(|byte| *byte == b'\n').expect("the depth") + 1;
        let dots = rest[begin..]
            .chunks_exact(3)
            .map(|dot| match (dot[0], dot[1], dot[2]) {
                (red, green, blue) if red > 180 && green < 110 && blue < 110 => Ink::Red,
                (red, green, blue) if red < 110 && green < 110 && blue < 110 => Ink::Black,
                _ => Ink::None,
            })
            .collect();
        Self { width, dots }
    }

    fn rows(&self) -> impl Iterator<Item = &[Ink]> {
        self.dots.chunks_exact(self.width)
    }

    /// Where there is ink of this colour between these heights.
    pub fn ink(&self, ink: Ink, top: f64, bottom: f64) -> Option<Extent> {
        self.find(ink, (0, self.width), (dots(top), dots(bottom)))
    }

    /// Where there is black ink in this part of the page.
    pub fn ink_between(&self, left: f64, right: f64, top: f64, bottom: f64) -> Option<Extent> {
        self.find(Ink::Black, (dots(left), dots(right)), (dots(top), dots(bottom)))
    }

    fn find(&self, ink: Ink, (left, right): (usize, usize), (top, bottom): (usize, usize)) -> Option<Extent> {
        let right = right.min(self.width);
        let mut found: Option<(usize, usize, usize, usize)> = None;
        for (y, row) in self.rows().enumerate().skip(top).take(bottom.saturating_sub(top)) {
            let row = &row[left.min(right)..right];
            let Some(first) = row.iter().position(|dot| *dot == ink) else { continue };
            let last = row.iter().rposition(|dot| *dot == ink).unwrap_or(first);
            let (y0, x0, x1, _) = found.unwrap_or((y, first, last, y));
            found = Some((y0, x0.min(first), x1.max(last), y));
        }
        let place = |(y0, x0, x1, y1): (usize, usize, usize, usize)| Extent {
            left: mm(x0 + left),
            top: mm(y0),
            right: mm(x1 + left + 1),
            bottom: mm(y1 + 1),
        };
        found.map(place)
    }

    /// Bands of rows with ink of this colour, from top to bottom.
    pub fn bands(&self, ink: Ink) -> Vec<Extent> {
        let inked: Vec<bool> = self.rows().map(|row| row.contains(&ink)).collect();
        let mut bands = Vec::new();
        let mut y = 0;
        while y < inked.len() {
            let height = inked[y..].iter().take_while(|inked| **inked).count();
            if height > 0 {
                bands.extend(self.ink(ink, mm(y), mm(y + height)));
            }
            y += height.max(1);
        }
        bands
    }

    /// Straight lines of this colour of at least so many millimetres.
    pub fn rules(&self, ink: Ink, length: f64) -> Vec<Extent> {
        let long = |row: &[Ink]| row.split(|dot| *dot != ink).map(<[Ink]>::len).max().unwrap_or(0) >= dots(length);
        let mut rules: Vec<Extent> = Vec::new();
        for (y, _) in self.rows().enumerate().filter(|(_, row)| long(row)) {
            match rules.last_mut() {
                Some(last) if (last.bottom - mm(y)).abs() < 1e-6 => last.bottom = mm(y + 1),
                _ => rules.extend(self.ink(ink, mm(y), mm(y + 1))),
            }
        }
        rules
    }
}
