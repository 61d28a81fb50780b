//! The notice compiler: from the lines of a 安全生产月 notice to its duties, dates and contacts.
//!
//! ```
//! let notice = notice::parse_text("某某镇人民政府办公室\n关于开展安全生产月活动的通知\n各村：\n请各村于2024年6月5日前将活动方案报镇应急办。");
//! assert_eq!(notice.deadlines[0].due.unwrap().to_string(), "2024-06-05");
//! ```
//!
//! # Rules
//!
//! A wrong value is worse than none and a warning: nothing is guessed, repaired or completed. Every value says
//! on which lines of the input it stands. The same lines give the same answer: no clock, no network, no model.
//! The shape of the answer is the contract `anyue/notice/1` (`data/notice.schema.json`).
//!
//! # Order of reading
//!
//! [`parse`] reads like a clerk: is it a notice (`genre`), its frame (`head`, `docnum`, `units`, `attachment`),
//! its outline (`heading`), the campaign (`campaign`), then what is to be done (`activity`, `kinds`) and what is
//! due (`duty` with `date`, `when`, `rhythm`, `relative`, `quota`, `submit`, `actor`, `evidence`), at last
//! `contact`. `text` and `reflow` below all of it keep the line numbers.

mod activity;
mod actor;
mod attachment;
mod campaign;
mod chars;
mod contact;
mod date;
mod docnum;
mod duty;
mod evidence;
mod genre;
mod head;
mod heading;
mod kinds;
mod model;
mod quota;
mod reflow;
mod relative;
mod rhythm;
mod submit;
mod table;
mod text;
mod units;
mod warnings;
mod when;

pub use kinds::Kind;
pub use model::{
    Activity, Addressee, Addressees, Attachment, Clock, Code, Contact, CopyForm, DateValue, Deadline, DutyKind,
    Evidence, EvidenceType, Lines, Moment, Notice, Precision, Quota, Recurring, UnitKind, Value, Warning,
};
pub use reflow::{MAX_CHARS, MAX_LINES};
pub use rhythm::{At, Freq, Rule};

use campaign::Known;
use chars::has_any;
use heading::{Remark, Role};
use model::DutyKind as K;
use text::Text;
use warnings::Warnings;

/// The version of the contract.
pub const SCHEMA: &str = "anyue/notice/1";

/// Parses a notice given as one text; lines end with `\n`, `\r\n` or `\r`.
#[must_use]
pub fn parse_text(text: &str) -> Notice {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<&str> = text.split('\n').collect();
    parse(&lines)
}

/// Parses the lines of a notice.
#[must_use]
pub fn parse<S: AsRef<str>>(lines: &[S]) -> Notice {
    let read = reflow::paragraphs(lines);
    let mut warnings = Warnings::default();
    let mut notice = empty();
    if let Some(other) = genre::other_genre(&read.texts) {
        let line = read.texts.first().map_or(1, |t| t.line(0));
        warnings.add(Code::NotANotice, line, other.to_string());
        notice.is_notice = false;
        notice.warnings = warnings.finish();
        return notice;
    }
    remarks_on_reading(&read, &mut warnings);
    let all = read.texts.clone();
    let frame = head::read(read.texts, &mut warnings);

    let (clauses, remarks) = heading::outline(&frame.plans);
    for remark in remarks {
        match remark {
            Remark::NumberLost { title, number, line } => {
                warnings.add(Code::HeadingNumberLost, line, format!("标题“{title}”缺少序号，按“{number}、”处理"));
            }
            Remark::Gap { before, after, missing, line } => {
                warnings.add(Code::NumberingGap, line, format!("{before}之后是{after}，缺{missing}"));
            }
        }
    }
    let title = frame.title.as_ref().map_or("", |t| t.value.as_str());
    let signed = frame.date.as_ref().map(|d| d.value);
    let mut known = Known { year: frame.year, signed, start: None, end: None };
    let period = campaign::period(&clauses, &known, title, &mut warnings);
    known.start = period.start.as_ref().map(|d| d.value);
    known.end = period.end.as_ref().map(|d| d.value);
    known.year = known.start.or(known.end).map(|d| d.year()).or(known.year);
    notice.theme = campaign::theme(&clauses, title, &mut warnings);
    if let (Some(theme), Some(year)) = (&notice.theme, known.year)
        && all.iter().take(60).any(|t| has_any(&t.c, &["安全生产月"]))
    {
        campaign::compare_theme(theme, year, &mut warnings);
    }

    let knowns: Vec<Known> = (0..frame.plans.len()).map(|plan| campaign::of_plan(&clauses, plan, &known)).collect();
    let named = activity::named(&clauses);
    let mut duties = duty::read(&clauses, &named, &knowns, &period.others, &mut warnings);
    notice.activities = activity::activities(&clauses, &named, &duties, &period.others, &knowns, title, &mut warnings);
    activity::conflicts(&duties, &mut warnings);
    let others = period.others.iter().map(|o| Deadline {
        text: o.text.clone(),
        due: o.end.map(|date| Moment { date, time: o.clocks.1 }),
        start: o.start.map(|date| Moment { date, time: o.clocks.0 }),
        what: o.name.clone(),
        kind: K::Event,
        who: None,
        to: None,
        quota: None,
        relative: None,
        lines: o.lines,
    });
    notice.deadlines = others.chain(duties.once.drain(..).map(|o| o.deadline)).collect();
    notice.deadlines.sort_by_key(|d| d.lines[0]);
    notice.recurring = std::mem::take(&mut duties.again);
    notice.evidence = std::mem::take(&mut duties.evidence);

    let body: Vec<Text> = frame.plans.concat();
    notice.contacts = contact::contacts(&body, &mut warnings);
    notice.attachments = frame.attachments;
    attachment::mentioned(&body.iter().collect::<Vec<_>>(), &mut notice.attachments, &mut warnings);
    notice.doc_number = frame.doc_number;
    notice.title = frame.title;
    notice.issuer = frame.issuer;
    notice.date = frame.date;
    notice.addressees = frame.addressees;
    notice.period_start = period.start;
    notice.period_end = period.end;
    remarks_on_whole(&notice, &mut warnings);
    breaks_off(&clauses.iter().map(|c| c.role).collect::<Vec<_>>(), &body, &mut warnings);
    notice.warnings = warnings.finish();
    notice
}

fn empty() -> Notice {
    Notice {
        schema: SCHEMA,
        is_notice: true,
        doc_number: None,
        title: None,
        issuer: None,
        date: None,
        addressees: None,
        theme: None,
        period_start: None,
        period_end: None,
        activities: Vec::new(),
        deadlines: Vec::new(),
        recurring: Vec::new(),
        evidence: Vec::new(),
        contacts: Vec::new(),
        attachments: Vec::new(),
        warnings: Vec::new(),
    }
}

fn remarks_on_reading(read: &reflow::Paragraphs, warnings: &mut Warnings) {
    if let Some(line) = read.over_limit {
        let message = format!("文件过长，只读了前{MAX_CHARS}字、{MAX_LINES}行，以后的内容没有读");
        warnings.add(Code::Truncated, line, message);
    }
    if read.joined {
        warnings.about_all(Code::TextReflowed, "正文按版面断行或夹有页码，已还原为段落，行号仍指原文".to_string());
    }
    if let Some(line) = read.split {
        warnings.add(Code::TextReflowed, line, "多个段落在一行内，已按标题拆分，行号仍指原文".to_string());
    }
}

/// What the clerk should know about the notice as a whole.
fn remarks_on_whole(notice: &Notice, warnings: &mut Warnings) {
    if let (Some(date), Some(start)) = (&notice.date, &notice.period_start)
        && start.precision.is_none()
        && date.value > start.value
    {
        let day = |day: jiff::civil::Date| format!("{}年{}月{}日", day.year(), day.month(), day.day());
        let message = format!("成文日期{}晚于活动开始日期{}", day(date.value), day(start.value));
        warnings.add(Code::IssuedLate, date.lines[0], message);
    }
    let whats = || notice.deadlines.iter().map(|d| &d.what).chain(notice.recurring.iter().map(|r| &r.what));
    let submits =
        notice.deadlines.iter().any(|d| d.kind == K::Submit) || notice.recurring.iter().any(|r| r.kind == K::Submit);
    if submits && !whats().any(|w| w.contains("总结") || w.contains("小结")) {
        warnings.about_all(Code::NoSummaryDuty, "没有要求报送活动总结，是否需要请确认".to_string());
    }
    for a in &notice.attachments {
        let Some(title) = &a.title else { continue };
        let form = ["表", "回执", "名单"]
            .iter()
            .any(|w| title.trim_end_matches(|c: char| c.is_ascii() || c == '）').ends_with(w));
        let asked = whats().any(|w| w.contains(&a.label) || mentions(w, &a.label) || chars::dice(w, title) > 0.45);
        if form && !asked {
            let message = format!("{}（{title}）没有写明由谁、何时填报", a.label);
            warnings.add(Code::AttachmentWithoutDuty, a.lines[0], message);
        }
    }
}

/// 附件一 for 附件1.
fn mentions(what: &str, label: &str) -> bool {
    let han = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let digit = label.chars().last().and_then(|c| c.to_digit(10)).unwrap_or(0) as usize;
    han.get(digit).is_some_and(|h| !h.is_empty() && what.contains(&format!("附件{h}")))
}

/// The last paragraph stops in the middle of a sentence.
fn breaks_off(roles: &[Role], body: &[Text], warnings: &mut Warnings) {
    let Some(last) = body.last().filter(|_| !roles.is_empty()) else { return };
    let open = last.c.last().is_some_and(|c| matches!(c, '，' | '、' | '“' | '（' | '《') || chars::is_han(*c));
    if open && last.len() > 60 && !last.c.contains(&'|') {
        warnings.add(Code::Truncated, last.all_lines()[1], "正文在一句话中间中断，后面的内容可能丢失".to_string());
    }
}
