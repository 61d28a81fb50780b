//! Why a file could not be read, in words for the clerk who sent it.

use thiserror::Error;

/// What a file turned out to be, by its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Plain text.
    Txt,
    /// Word document (OOXML).
    Docx,
    /// OFD fixed-layout document (GB/T 33190).
    Ofd,
    /// PDF document.
    Pdf,
    /// Excel workbook (OOXML).
    Xlsx,
    /// Comma, tab or semicolon separated text.
    Csv,
}

impl Kind {
    /// The name a clerk knows it by.
    pub fn name(self) -> &'static str {
        match self {
            Self::Txt => "文本文件",
            Self::Docx => "Word 文档（docx）",
            Self::Ofd => "OFD 版式文件",
            Self::Pdf => "PDF 文件",
            Self::Xlsx => "Excel 表格（xlsx）",
            Self::Csv => "CSV 表格",
        }
    }
}

/// A refusal. `to_string()` says what the file is and what to do; [`code`](Self::code) is for logs and tests.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReadError {
    /// No bytes at all.
    #[error("文件是空的（0 字节）。请确认文件已保存或已下载完整，再重新上传。")]
    Empty,
    /// More than [`MAX_FILE_BYTES`](crate::limits::MAX_FILE_BYTES).
    #[error("文件超过 20 MB，不能读取。请压缩或删去其中的图片后再上传，或只粘贴文字。")]
    FileTooLarge,
    /// More text, lines, pages, rows or objects than the bounds in [`limits`](crate::limits).
    #[error("{}的内容过多（文字、页数或行数超出上限），不能读取。请只保留正文部分后再上传，或粘贴文字。", .0.name())]
    TooMuch(Kind),
    /// A package that inflates beyond the bounds, or has too many entries.
    #[error("压缩内容解开后过大，不是正常的{}，已停止读取。请用 WPS 或 Word 打开后另存一份再上传，或粘贴文字。", .0.name())]
    Bomb(Kind),
    /// Word 97-2003 document.
    #[error("这是旧版 Word 文档（doc），不能直接读取。请用 WPS 或 Word 打开，另存为 docx 后再上传，或粘贴文字。")]
    OldWord,
    /// WPS Writer document in its own binary format.
    #[error("这是 WPS 文字文档（wps），不能直接读取。请用 WPS 打开，另存为 docx 后再上传，或粘贴文字。")]
    Wps,
    /// Excel 97-2003 or WPS spreadsheet (xls, et).
    #[error("这是旧版表格（xls 或 et），不能直接读取。请用 WPS 或 Excel 打开，另存为 xlsx 后再上传。")]
    OldExcel,
    /// PowerPoint or WPS slides, of any age.
    #[error("这是演示文稿（ppt、pptx 或 dps），其中没有可读取的公文正文。请上传 docx、ofd 或 pdf，或粘贴文字。")]
    Slides,
    /// Another OLE compound file.
    #[error(
        "这是旧版 Office 格式的文件，不能读取。请用 WPS 或 Office 打开，另存为 docx 或 xlsx 后再上传，或粘贴文字。"
    )]
    OldOffice,
    /// A spreadsheet where a document was expected.
    #[error("这是表格文件，不是公文正文。请上传 docx、ofd、pdf 或 txt，或粘贴文字。")]
    SpreadsheetAsDocument,
    /// A document where a table was expected.
    #[error("这是{}，不是表格。请上传 xlsx 或 csv。", .0.name())]
    DocumentAsTable(Kind),
    /// Protected by a password or certificate. `None` when an Office file of unknown kind.
    #[error("{}已加密，打不开。请用原软件打开，取消密码保护后另存一份再上传，或粘贴文字。", .0.map_or("文件", Kind::name))]
    Encrypted(Option<Kind>),
    /// Pages are pictures: there is no text layer.
    #[error("这份{}是扫描件或图片，没有可读取的文字。请向发文单位要可编辑的 docx 或带文字的 PDF，或识别文字后粘贴。", .0.name())]
    Scanned(Kind),
    /// Text is there, but most characters have no meaning without the fonts.
    #[error("这份{}没有写明文字编码，读出来会是乱码。请用原软件另存为 docx，或把文字复制出来粘贴。", .0.name())]
    Unmapped(Kind),
    /// The document has no text at all.
    #[error("{}里没有文字。请确认上传的是公文正文，或粘贴文字。", .0.name())]
    NoText(Kind),
    /// A picture.
    #[error("这是图片（{0}），不能当作公文读取。请上传 docx、ofd 或带文字的 pdf，或识别文字后粘贴。")]
    Image(&'static str),
    /// Audio or video.
    #[error("这是音频或视频文件，不能当作公文读取。请上传 docx、ofd、pdf 或 txt，或粘贴文字。")]
    Media,
    /// Rich text format.
    #[error("这是 RTF 文档，不能直接读取。请用 WPS 或 Word 打开，另存为 docx 后再上传，或粘贴文字。")]
    Rtf,
    /// A saved web page.
    #[error("这是网页文件（html），不能直接读取。请在浏览器中打开，复制正文后粘贴文字。")]
    Html,
    /// A bare XML file, for example Word 2003 XML.
    #[error("这是 XML 文件，不能直接读取。请用 WPS 或 Word 打开，另存为 docx 后再上传，或粘贴文字。")]
    Xml,
    /// OpenDocument (odt, ods).
    #[error("这是 OpenDocument 文件（odt 或 ods），不能直接读取。请另存为 docx 或 xlsx 后再上传，或粘贴文字。")]
    OpenDocument,
    /// An archive: zip, rar, 7z, gzip.
    #[error("这是压缩包（{0}），不是公文。请先解压，再上传其中的 docx、ofd、pdf 或 txt 文件。")]
    Archive(&'static str),
    /// Damaged or cut off.
    #[error("{}已损坏或没有下载完整，打不开。请重新下载，或用原软件打开后另存一份再上传，也可以粘贴文字。", .0.name())]
    Broken(Kind),
    /// XML with a DOCTYPE or entities of its own, which no office program writes.
    #[error("{}里有不允许的 XML 声明（DOCTYPE 或实体），为安全起见没有读取。请用 WPS 或 Word 另存一份再上传，或粘贴文字。", .0.name())]
    XmlEntities(Kind),
    /// Nested deeper than any real document.
    #[error("{}的结构嵌套过深，不是正常的文件，已停止读取。请用 WPS 或 Word 另存一份再上传，或粘贴文字。", .0.name())]
    TooDeep(Kind),
    /// Text in none of the encodings we know.
    #[error(
        "文本文件的编码无法识别（不是 UTF-8、UTF-16 或 GB18030）。请用记事本打开，另存为 UTF-8 编码后再上传，或粘贴文字。"
    )]
    UnknownEncoding,
    /// Nothing we know.
    #[error("无法识别这个文件的格式。请上传 docx、ofd、带文字的 pdf 或 txt（表格请用 xlsx 或 csv），或粘贴文字。")]
    Unknown,
    /// The workbook has no sheet of this name.
    #[error("表格里没有名为“{0}”的工作表。请检查工作表名称。")]
    NoSuchSheet(String),
}

impl ReadError {
    /// A stable word for logs, JSON and tests.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::FileTooLarge => "file_too_large",
            Self::TooMuch(_) => "too_much",
            Self::Bomb(_) => "bomb",
            Self::OldWord => "old_word",
            Self::Wps => "wps",
            Self::OldExcel => "old_excel",
            Self::Slides => "slides",
            Self::OldOffice => "old_office",
            Self::SpreadsheetAsDocument => "spreadsheet_as_document",
            Self::DocumentAsTable(_) => "document_as_table",
            Self::Encrypted(_) => "encrypted",
            Self::Scanned(_) => "scanned",
            Self::Unmapped(_) => "unmapped",
            Self::NoText(_) => "no_text",
            Self::Image(_) => "image",
            Self::Media => "media",
            Self::Rtf => "rtf",
            Self::Html => "html",
            Self::Xml => "xml",
            Self::OpenDocument => "open_document",
            Self::Archive(_) => "archive",
            Self::Broken(_) => "broken",
            Self::XmlEntities(_) => "xml_entities",
            Self::TooDeep(_) => "too_deep",
            Self::UnknownEncoding => "unknown_encoding",
            Self::Unknown => "unknown",
            Self::NoSuchSheet(_) => "no_such_sheet",
        }
    }
}
