//! A document as a file: docx by GB/T 9704-2012, and PDF of it.

use axum::extract::{Path, State};
use axum::response::Response;
use official_doc::write as doc;

use super::markup::{self, Piece, words};
use super::model::{Kind, Paper, State as Stand};
use super::{pdf, show};
use crate::App;
use crate::features::evidence::api as evidence;
use crate::features::records::api::{self as records, RecordId};
use crate::features::units::api as units;
use crate::page::Page;
use crate::platform::auth::Permission;
use crate::platform::blobs;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{FileId, JurisdictionId};
use crate::platform::web;

/// `GET /documents/{id}/file/{format}`: `docx` or `pdf`.
pub async fn file(State(app): State<App>, page: Page, Path((id, format)): Path<(String, String)>) -> Result<Response> {
    let paper = show::visible(&app, &page.actor, Permission::DocumentView, &id).await?;
    let name = match paper.number.as_str() {
        "" => paper.content.title_line(),
        number => format!("{number} {}", paper.content.title_line()),
    };
    let document = document(&app, &page.actor.jurisdiction, &paper).await?;
    let program = app.config.documents.soffice.clone();
    let as_pdf = match format.as_str() {
        "docx" => false,
        "pdf" => true,
        _ => return Err(Error::NotFound),
    };
    let bytes = tokio::task::spawn_blocking(move || {
        let docx = doc::docx(&document).map_err(|error| Error::internal(format!("{error}")))?;
        if as_pdf { pdf::from_docx(&program, &docx) } else { Ok(docx) }
    })
    .await
    .map_err(Error::internal)??;
    let (media_type, end) = match as_pdf {
        true => ("application/pdf", "pdf"),
        false => ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    };
    Ok(web::attachment(&format!("{}.{end}", blobs::clean_name(&name)), media_type, bytes))
}

/// The document as the writer wants it, its pictures read.
async fn document(app: &App, town: &JurisdictionId, paper: &Paper) -> Result<doc::Document> {
    let content = &paper.content;
    let form = match paper.kind {
        Kind::Notice => doc::Form::Notice,
        Kind::Bulletin => doc::Form::Circular,
        Kind::Report => doc::Form::Report,
        Kind::Request => doc::Form::Request,
        Kind::Letter => doc::Form::Letter,
        Kind::Minutes => doc::Form::Minutes,
        Kind::Brief => doc::Form::Brief,
        Kind::Summary => doc::Form::Summary,
    };
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let mut document = doc::Document::new(form, content.title.clone());
    document.issuer_mark = some(&content.mark);
    document.doc_number = match (paper.state, paper.number.as_str()) {
        (Stand::Issued, "") => doc::DocNumber::None,
        (Stand::Issued, number) => doc::DocNumber::Assigned(number.to_owned()),
        _ => doc::DocNumber::Draft,
    };
    document.signers = content.signer.split(['、', '，', ' ']).filter_map(|name| some(name.trim())).collect();
    document.addressees = some(&content.recipients);
    document.signature = some(&content.signature).map(|issuer| doc::Signature { issuer, manner: doc::Manner::Sealed });
    document.issue_date = paper.dated;
    document.note = some(&content.note);
    if !content.copies_to.is_empty() {
        document.imprint = Some(doc::Imprint {
            addressees: None,
            cc_addressees: content.copies_to.split(['、', '，']).filter_map(|one| some(one.trim())).collect(),
            printer: content.signature.clone(),
            print_date: paper.dated.unwrap_or_else(|| app.clock.today()),
            page: doc::ImprintPage::Last,
        });
    }
    let mut annexes: Vec<doc::Annex> = Vec::new();
    for piece in markup::read(&content.body) {
        let block = match piece {
            Piece::Annex { title, is_landscape } => {
                let orientation = if is_landscape { doc::Orientation::Landscape } else { doc::Orientation::Portrait };
                annexes.push(doc::Annex { labelled: true, title, orientation, blocks: Vec::new() });
                continue;
            }
            Piece::Heading(level, spans) => heading(level, &words(&spans)),
            Piece::Paragraph(spans) => doc::Block::text(words(&spans)),
            Piece::Table(rows) => table(&rows),
            Piece::NewPage => doc::Block::PageBreak,
            Piece::Picture { file, caption } => match picture(app, town, paper, &file).await? {
                Some(bytes) => doc::Block::Picture(doc::Picture {
                    bytes,
                    width: 110.0,
                    description: caption.clone(),
                    caption: some(&caption),
                }),
                None => doc::Block::text(format!("（图片不在了：{caption}）")),
            },
        };
        match annexes.last_mut() {
            Some(annex) => annex.blocks.push(block),
            None => document.blocks.push(block),
        }
    }
    for annex in annexes {
        document.attach(annex);
    }
    Ok(document)
}

/// The number of a heading stands apart from its words, so that it is printed as it was typed.
fn heading(level: u8, text: &str) -> doc::Block {
    let level =
        [doc::Level::One, doc::Level::Two, doc::Level::Three, doc::Level::Four][usize::from(level.clamp(1, 4)) - 1];
    let ends = match level {
        doc::Level::One => text.find('、'),
        doc::Level::Two | doc::Level::Four => text.find(['）', ')']),
        doc::Level::Three => text.find(['.', '．', '、']),
    };
    let at = ends.map_or(0, |at| at + text[at..].chars().next().map_or(0, char::len_utf8));
    let (number, title) = text.split_at(at);
    doc::Block::Heading(doc::Heading {
        level,
        numbering: doc::Numbering::Given(number.to_owned()),
        title: title.trim().to_owned(),
        run_in: Vec::new(),
    })
}

fn table(rows: &[Vec<Vec<markup::Span>>]) -> doc::Block {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let is_number = |text: &str| text.chars().all(|c| c.is_ascii_digit() || ",.—-".contains(c));
    let cells = |(no, row): (usize, &Vec<Vec<markup::Span>>)| {
        let mut cells: Vec<doc::Cell> = row
            .iter()
            .map(|cell| words(cell))
            .map(|text| if no == 0 || is_number(&text) { doc::Cell::centred(text) } else { doc::Cell::new(text) })
            .collect();
        cells.resize_with(columns, || doc::Cell::new(""));
        cells
    };
    doc::Block::Table(doc::Table {
        widths: Vec::new(),
        header_rows: 1,
        rows: rows.iter().enumerate().map(cells).collect(),
        points: 12.0,
        caption: None,
    })
}

/// The clean copy of a photo of a record that a unit below the issuer held; of nothing else.
async fn picture(app: &App, town: &JurisdictionId, paper: &Paper, id: &str) -> Result<Option<Vec<u8>>> {
    let db = app.db.reader();
    let Some(file) = blobs::find_file(db, town, &FileId::from(id)).await?.filter(|file| file.owner_kind == "record")
    else {
        return Ok(None);
    };
    let Some(record) = records::record(db, town, &RecordId::from(file.owner_id.as_str())).await? else {
        return Ok(None);
    };
    let ids: Vec<_> = record.units().cloned().collect();
    let issuer = units::get(db, town, &paper.unit_id).await?;
    let hosts = units::get_all(db, town, &ids).await?;
    if !hosts.values().any(|host| host.path.starts_with(&issuer.path)) {
        return Ok(None);
    }
    match evidence::content(db, town, &file.sha256).await?.and_then(|content| content.copy) {
        Some(copy) => Ok(Some(app.blobs.read(town, &copy).await?)),
        None => Ok(None),
    }
}
