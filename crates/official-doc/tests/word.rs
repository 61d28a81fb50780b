//! What stands in a Word document and what does not.

mod common;

use common::{docx, docx_with};
use official_doc::read;

fn lines(bytes: &[u8]) -> Vec<String> {
    read(bytes, None).unwrap_or_else(|error| panic!("{error}")).lines
}

/// A paragraph of a list.
fn item(list: u32, level: u32, text: &str) -> String {
    format!(
        "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"{list}\"/></w:numPr></w:pPr>\
         <w:r><w:t>{text}</w:t></w:r></w:p>"
    )
}

#[test]
fn tabs_breaks_and_special_characters_are_text() {
    let body = "<w:p><w:r><w:t>一</w:t><w:tab/><w:t xml:space=\"preserve\"> 二&amp;&#x4E09;</w:t><w:br/>\
                <w:t>四</w:t><w:noBreakHyphen/><w:sym w:char=\"F0FE\"/><w:t>五</w:t></w:r></w:p><w:p/>\
                <w:p><w:pPr><w:tabs><w:tab w:val=\"left\"/></w:tabs></w:pPr><w:r><w:t>六</w:t></w:r></w:p>";
    assert_eq!(lines(&docx(body)), ["一\t 二&三", "四-五", "", "六"]);
}

#[test]
fn deleted_and_hidden_text_is_not_there_and_inserted_text_is() {
    let body = "<w:p><w:r><w:t>于6月</w:t></w:r><w:del><w:r><w:delText>10</w:delText><w:t>10</w:t></w:r></w:del>\
                <w:ins><w:r><w:t>20</w:t></w:r></w:ins><w:r><w:t>日前</w:t></w:r>\
                <w:r><w:rPr><w:vanish/></w:rPr><w:t>密</w:t></w:r>\
                <w:r><w:rPr><w:vanish w:val=\"0\"/></w:rPr><w:t>报送</w:t></w:r>\
                <w:moveFrom><w:r><w:t>旧</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>。</w:t></w:r></w:moveTo></w:p>";
    assert_eq!(lines(&docx(body)), ["于6月20日前报送。"]);
}

#[test]
fn a_paragraph_whose_end_was_deleted_runs_on() {
    let body = "<w:p><w:pPr><w:rPr><w:del w:id=\"1\"/></w:rPr></w:pPr><w:r><w:t>上</w:t></w:r></w:p>\
                <w:p><w:r><w:t>下</w:t></w:r></w:p>";
    assert_eq!(lines(&docx(body)), ["上下"]);
}

#[test]
fn a_text_box_counts_once_and_before_its_paragraph() {
    let text_box = |text: &str| format!("<w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent>");
    let body = format!(
        "<w:p><w:r><w:t>正文</w:t></w:r><w:r><mc:AlternateContent><mc:Choice>{}</mc:Choice>\
         <mc:Fallback>{}</mc:Fallback></mc:AlternateContent></w:r><w:r><w:t>继续</w:t></w:r></w:p>\
         <w:p><w:r><w:pict><w:shape><w:textpath string=\"某镇人民政府文件\"/></w:shape></w:pict></w:r></w:p>",
        text_box("文件头"),
        text_box("文件头")
    );
    assert_eq!(lines(&docx(&body)), ["文件头", "正文继续", "某镇人民政府文件"]);
}

#[test]
fn tables_are_rows_and_frames_are_paragraphs() {
    let cell = |inside: &str| format!("<w:tc>{inside}</w:tc>");
    let p = |text: &str| format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>");
    let nested = format!("<w:tbl><w:tr>{}{}</w:tr></w:tbl>", cell(&p("甲")), cell(&p("乙")));
    let body = format!(
        "<w:tbl><w:tr>{}{}{}</w:tr><w:tr>{}{}</w:tr><w:tr><w:trPr><w:del/></w:trPr>{}{}</w:tr></w:tbl>\
         <w:tbl><w:tr>{}</w:tr></w:tbl>",
        cell(&(p("单位") + &p("名称"))),
        cell("<w:p/>"),
        cell(&nested),
        cell("<w:p/>"),
        cell("<w:p/>"),
        cell(&p("删")),
        cell(&p("删")),
        cell(&(p("框内一") + &p("框内二"))),
    );
    assert_eq!(lines(&docx(&body)), ["单位 名称 |  | 甲 | 乙 | |", "框内一", "框内二"]);
}

const NUMBERING: &str = r#"
<w:abstractNum w:abstractNumId="0">
  <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="japaneseCounting"/><w:lvlText w:val="%1、"/></w:lvl>
  <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="（%2）"/></w:lvl>
  <w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:isLgl/><w:lvlText w:val="%1.%2.%3"/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="1">
  <w:lvl w:ilvl="0"><w:start w:val="4"/><w:numFmt w:val="chineseCounting"/><w:pStyle w:val="a"/><w:lvlText w:val="第%1章"/></w:lvl>
  <w:lvl w:ilvl="1"><w:numFmt w:val="bullet"/><w:lvlText w:val="&#xF0B7;"/></w:lvl>
</w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="0"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
<w:num w:numId="4"><w:abstractNumId w:val="1"/></w:num>"#;

#[test]
fn numbers_go_on_start_anew_and_nest_as_in_word() {
    let body = [
        item(1, 0, "甲"),
        item(1, 1, "子"),
        item(1, 1, "丑"),
        item(2, 0, "乙"),
        item(1, 1, "寅"),
        item(1, 2, "卯"),
        item(3, 0, "丙"),
        item(3, 0, "丁"),
        item(4, 0, "章"),
        item(4, 1, "点"),
        item(0, 0, "无"),
        item(9, 0, "缺"),
    ]
    .concat();
    let expected = [
        "一、甲",
        "（一）子",
        "（二）丑",
        "二、乙",
        "（一）寅",
        "2.1.1 卯",
        "一、丙",
        "二、丁",
        "第四章 章",
        "• 点",
        "无",
        "缺",
    ];
    assert_eq!(lines(&docx_with(&body, NUMBERING, "")), expected);
}

#[test]
fn a_style_may_number_or_hide_its_paragraphs() {
    let styles = r#"<w:style w:type="paragraph" w:styleId="a"><w:pPr><w:numPr><w:numId w:val="4"/></w:numPr></w:pPr></w:style>
        <w:style w:type="paragraph" w:styleId="b"><w:basedOn w:val="a"/></w:style>
        <w:style w:type="character" w:styleId="h"><w:rPr><w:vanish/></w:rPr></w:style>
        <w:style w:type="paragraph" w:styleId="loop"><w:basedOn w:val="loop"/></w:style>"#;
    let p =
        |properties: &str, text: &str| format!("<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>");
    let body = [
        p("<w:pStyle w:val=\"b\"/>", "总则"),
        p("<w:pStyle w:val=\"b\"/><w:numPr><w:numId w:val=\"0\"/></w:numPr>", "不编号"),
        p("<w:pStyle w:val=\"a\"/>", "附则"),
        p("<w:pStyle w:val=\"loop\"/>", "循环"),
        "<w:p><w:r><w:rPr><w:rStyle w:val=\"h\"/></w:rPr><w:t>密</w:t></w:r></w:p>".to_owned(),
    ]
    .concat();
    assert_eq!(lines(&docx_with(&body, NUMBERING, styles)), ["第四章 总则", "不编号", "第五章 附则", "循环"]);
}

#[test]
fn the_main_part_may_have_another_name() {
    let bytes = common::package(&[
        ("_rels/.rels", b"<Relationships><Relationship Type=\"http://x/officeDocument\" Target=\"/word/document2.xml\"/></Relationships>"),
        ("word\\document2.xml", "<d><p><r><t>正文</t></r></p></d>".as_bytes()),
    ]);
    assert_eq!(lines(&bytes), ["正文"]);
}
