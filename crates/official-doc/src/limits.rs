//! The bounds every reader keeps. An input beyond one of them is refused in words, never cut short.

/// Largest file that is looked at at all: 20 MiB.
pub const MAX_FILE_BYTES: usize = 20 * 1024 * 1024;

/// Most characters a document may have as text. A town's longest plan has about fifty thousand.
pub const MAX_TEXT_CHARS: usize = 1_000_000;

/// Most lines a document may have.
pub const MAX_LINES: usize = 200_000;

/// Most entries in a zip package (docx, ofd, xlsx).
pub const MAX_ZIP_ENTRIES: usize = 4_096;

/// Most bytes that all parts read from one document may inflate to, [`XML_TAG_COST`] included: 12 MiB. A hundred
/// pages have about 4.
pub const MAX_INFLATED_BYTES: u64 = 12 * 1024 * 1024;

/// So many bytes every `<` counts on top of itself: small elements cost more time than their length says.
pub const XML_TAG_COST: u64 = 16;

/// Most bytes that all parts of a workbook may inflate to: 128 MiB.
pub const MAX_TABLE_INFLATED_BYTES: u64 = 128 * 1024 * 1024;

/// Most lists, or styles, that a Word document may define.
pub const MAX_WORD_DEFINITIONS: usize = 10_000;

/// Deepest nesting of XML elements.
pub const MAX_XML_DEPTH: usize = 200;

/// Most pages of an OFD or PDF document.
pub const MAX_PAGES: usize = 500;

/// Most objects in a PDF file.
pub const MAX_PDF_OBJECTS: usize = 100_000;

/// Most bytes one stream of a PDF may inflate to: 8 MiB, or a quarter of that if objects are stored in it.
pub const MAX_PDF_STREAM_BYTES: usize = 8 * 1024 * 1024;

/// Most numbers, names and other small things that a PDF may be made of, outside streams and in object streams.
pub const MAX_PDF_TOKENS: usize = 180_000;

/// Most drawing operations read from one PDF.
pub const MAX_PDF_OPERATIONS: usize = 2_000_000;

/// Most rows of a table, the heading row included.
pub const MAX_TABLE_ROWS: usize = 200_000;

/// Most columns of a table.
pub const MAX_TABLE_COLUMNS: usize = 256;

/// Most cells of a table, counted over its rows.
pub const MAX_TABLE_CELLS: usize = 4_000_000;

/// Most bytes (as UTF-8) of all cells of a table together: 32 MiB.
pub const MAX_TABLE_BYTES: usize = 32 * 1024 * 1024;
