//! Plan tables: rows of cells between bars, tabs or wide spaces, under a header that has a time column.

use std::ops::Range;

use crate::chars::string;
use crate::text::Text;

/// What a row of a table holds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    pub(crate) cells: Vec<Range<usize>>,
    /// The header's texts; empty for the header itself.
    pub(crate) header: Vec<String>,
}

/// For each paragraph the row it is, if it is one.
pub(crate) fn rows(paras: &[Text]) -> Vec<Option<Row>> {
    let mut out = Vec::with_capacity(paras.len());
    let mut header: Option<(Vec<String>, bool)> = None;
    for p in paras {
        let bars = p.c.contains(&'|');
        let cells = if bars { cells(p) } else { p.words() };
        if let Some((names, by_bars)) = &header
            && *by_bars == bars
            && (bars || cells.len() == names.len() && !p.c.contains(&'。'))
        {
            out.push(Some(Row { cells, header: names.clone() }));
            continue;
        }
        header = None;
        let names: Vec<String> = cells.iter().map(|r| string(&p.c[r.clone()])).collect();
        if is_header(&names, bars) {
            header = Some((names, bars));
            out.push(Some(Row { cells, header: Vec::new() }));
        } else {
            out.push(None);
        }
    }
    out
}

/// Whether a line is the header of a table of tasks: what, by whom, by when.
pub(crate) fn is_task_header(p: &Text) -> bool {
    let bars = p.c.contains(&'|');
    let cells = if bars { cells(p) } else { p.words() };
    let names: Vec<String> = cells.iter().map(|r| string(&p.c[r.clone()])).collect();
    let any = |words: &[&str]| names.iter().any(|n| words.iter().any(|w| n.contains(w)));
    is_header(&names, bars) && any(&["任务", "活动", "项目"]) && any(&["牵头", "责任", "负责", "承办"])
}

fn is_header(names: &[String], bars: bool) -> bool {
    let any = |words: &[&str]| names.iter().any(|n| words.iter().any(|w| n.contains(w)));
    let short = names.iter().all(|n| n.chars().count() <= 10);
    let subject = any(&["活动", "项目", "内容", "名称", "任务", "行业", "科目", "领域", "主题"]);
    names.len() >= if bars { 2 } else { 3 }
        && names.len() <= 10
        && short
        && any(&["时间", "日期", "时限"])
        && (subject || any(&["责任单位", "牵头", "负责"]))
}

fn cells(p: &Text) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut from = 0;
    for i in 0..p.len() {
        if p.c[i] == '|' {
            // A bar that opens the line begins the first cell.
            if i > 0 {
                out.push(from..i);
            }
            from = i + 1;
        }
    }
    if from < p.len() {
        out.push(from..p.len());
    }
    out
}
