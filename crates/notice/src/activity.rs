//! Activities: which headings name one, their titles, kinds, doers and dates.

use jiff::civil::Date;

use crate::campaign::{Known, OtherWindow, report};
use crate::chars::{at_any, chars, find_any, has, has_any, string};
use crate::date::Carry;
use crate::duty::Duties;
use crate::heading::{Clause, Role, aside, is_order};
use crate::kinds;
use crate::kinds::Kind;
use crate::model::{Activity, Code, DutyKind};
use crate::table::{self, Row};
use crate::text::Text;
use crate::warnings::Warnings;
use crate::when;

/// For each clause the title of the activity it names, if it names one.
pub(crate) fn named(clauses: &[Clause]) -> Vec<Option<String>> {
    let mut out: Vec<Option<String>> = vec![None; clauses.len()];
    let plans = clauses.iter().map(|c| c.plan).max().map_or(0, |p| p + 1);
    for plan in 0..plans {
        let listed = |c: &Clause| matches!(c.role, Role::Activities | Role::Steps);
        let sections = clauses.iter().any(|c| c.plan == plan && c.parent.is_none() && c.role == Role::Activities);
        let has_children = |i: usize| clauses.iter().any(|c| c.parent == Some(i));
        let tables = clauses
            .iter()
            .any(|c| c.plan == plan && c.role == Role::Activities && c.paras.iter().any(|p| p.c.contains(&'|')));
        for (i, c) in clauses.iter().enumerate().filter(|(_, c)| c.plan == plan && c.role != Role::Preamble) {
            let Some(root) = root(clauses, i) else { continue };
            let under = listed(&clauses[root]) && i != root;
            let eligible = match (c.parent, sections) {
                (None, true) => false,
                (None, false) => c.role == Role::Open && !tables,
                (Some(_), true) => under,
                (Some(_), false) => under || out[root].is_some() || category(clauses, root),
            };
            let loose = under && !REFUSED.iter().any(|w| has(&c.head.c[c.title.clone()], w));
            if !eligible || c.role == Role::Requirements && !loose {
                continue;
            }
            let parent_named =
                c.parent.is_none_or(|p| p == root && (under || category(clauses, root)) || out[p].is_some());
            if !parent_named {
                continue;
            }
            let deep = c.parent.is_some_and(|p| p != root || !(under || category(clauses, root)));
            out[i] = title(c, deep, c.parent.is_none(), has_children(i));
        }
    }
    out
}

/// Words of requirements that are no activity even under a heading of activities.
const REFUSED: &[&str] =
    &["加强领导", "高度重视", "统一思想", "提高认识", "组织领导", "报送", "要求", "考核", "保障", "纪律", "上报"];

/// 突出重点，全面排查 with items below it: a heading of requirement's style whose items are the work itself.
fn category(clauses: &[Clause], root: usize) -> bool {
    let c = &clauses[root];
    let children: Vec<&Clause> = clauses.iter().filter(|d| d.parent == Some(root)).collect();
    let titled =
        children.iter().filter(|d| d.title.len() <= 16 && d.body > d.title.end && d.role == Role::Open).count();
    let head = &c.head.c[c.title.clone()];
    c.role == Role::Requirements
        && children.len() >= 2
        && titled * 3 >= children.len() * 2
        && has_any(head, &["排查", "整治", "检查", "突出重点", "重点"])
        && !REFUSED.iter().any(|w| has(head, w))
}

fn root(clauses: &[Clause], i: usize) -> Option<usize> {
    let mut i = i;
    while let Some(p) = clauses[i].parent {
        i = p;
    }
    Some(i)
}

/// The title of a clause as an activity; `None` when it is none.
fn title(c: &Clause, deep: bool, top: bool, children: bool) -> Option<String> {
    let t = &c.head.c;
    let range = c.title.clone();
    let head = &t[range.clone()];
    if head.len() < 2 {
        return None;
    }
    let alone = c.title.end >= c.head.len() && c.paras.is_empty() && !children;
    let words = head.len();
    let order = is_order(head) && words > 12;
    let short = words <= 50
        && !(words > 28
            && has_any(head, &["部门要", "企业要", "单位要", "村要", "社区要", "各企业", "各单位", "各部门"])
            && has(head, "，"))
        && !order;
    if short {
        if top && (order || c.paras.is_empty() && !children && words > 30) {
            return None;
        }
        // Deep items are often sentences of a list: only a title with text below it is one.
        let titled = words <= 16 && c.body > c.title.end && !has(head, "，");
        if deep && (alone && words > 16 || !titled && !kinds::names_activity(&string(head))) {
            return None;
        }
        if top && !children && alone {
            return None;
        }
        if has_any(
            head,
            &[
                "活动地点",
                "参加人员",
                "参加对象",
                "活动对象",
                "活动时间",
                "活动主题",
                "组织机构",
                "责任单位",
                "牵头单位",
            ],
        ) && words <= 8
        {
            return None;
        }
        return Some(c.head.printed(range));
    }
    if top && order || deep {
        return None;
    }
    // A heading that is a paragraph: the first clause of it that names an activity.
    let mut from = 0;
    for i in 0..=head.len().min(400) {
        if i < head.len() && !matches!(head[i], '，' | '。' | '；') {
            continue;
        }
        let part = &head[from..i];
        if (6..=40).contains(&part.len()) && kinds::names_activity(&string(part)) && !is_order(part) {
            let skip = at_any(part, 0, &["针对", "围绕", "结合", "按照", "根据", "通过", "要"]).map_or(0, |(_, n)| n);
            return Some(c.head.printed(range.start + from + skip..range.start + i));
        }
        from = i + 1;
    }
    None
}

/// The kinds of the whole document serve an activity that names none: every stage of a drill is a drill.
fn inherit(mut own: Vec<Kind>, general: &[Kind]) -> Vec<Kind> {
    if own.is_empty() {
        own.extend_from_slice(general);
    }
    own
}

/// The kinds that a document's title gives to all of it.
fn general(title: &str) -> Vec<Kind> {
    let whole = [Kind::Drill, Kind::HazardCheck, Kind::Campaign, Kind::Inspection, Kind::Training, Kind::Contest];
    let mut found = kinds::kinds(&chars(&fold(title)), &[]);
    found.retain(|k| whole.contains(k));
    found
}

/// The activities with their dates, and the rows of plan tables.
pub(crate) fn activities(
    clauses: &[Clause],
    titles: &[Option<String>],
    duties: &Duties,
    others: &[OtherWindow],
    known: &[Known],
    document: &str,
    warnings: &mut Warnings,
) -> Vec<Activity> {
    let mut out = Vec::new();
    let general = general(document);
    for (i, c) in clauses.iter().enumerate() {
        if out.len() > 400 {
            break;
        }
        let Some(known) = known.get(c.plan).or(known.first()) else { continue };
        if let Some(title) = titles.get(i).and_then(Option::as_ref) {
            out.push(one(clauses, i, title, duties, others, known, &general));
        }
        rows(c, known, &general, &mut out, warnings);
    }
    out
}

fn one(
    clauses: &[Clause],
    i: usize,
    title: &str,
    duties: &Duties,
    others: &[OtherWindow],
    known: &Known,
    general: &[Kind],
) -> Activity {
    let c = &clauses[i];
    let (mut start, mut end) = dates(i, duties);
    if start.is_none()
        && let Some((_, a, _)) = duties.spans.iter().find(|(k, a, _)| *k == i && a.is_some())
        && a.zip(end).is_none_or(|(a, e)| a <= e)
        && end.is_some()
    {
        start = *a;
    }
    if start.is_none() && end.is_none() {
        let named = others.iter().find(|o| {
            let name: String = o.name.chars().filter(|c| c.is_alphanumeric()).collect();
            let own: String = title.chars().filter(|c| c.is_alphanumeric()).collect();
            name.chars().count() >= 3 && own.contains(&name)
        });
        if let Some((_, a, b)) = duties.spans.iter().find(|(k, _, _)| *k == i) {
            (start, end) = (*a, *b);
        } else if let Some(o) = named {
            (start, end) = (o.start, o.end);
        } else if duties.during.contains(&i) {
            (start, end) = (known.start, known.end);
        }
    }
    let named = !kinds::kinds(&chars(&fold(title)), &[]).is_empty();
    let mut kinds = kinds::kinds(&chars(&fold(title)), &c.body_chars()[..c.body_chars().len().min(1500)]);
    if kinds.is_empty() {
        // A heading that only gathers others is of their kinds.
        for d in clauses.iter().filter(|d| d.parent == Some(i)).take(8) {
            for k in kinds::kinds(&d.head.c[d.title.clone()], &d.body_chars()[..d.body_chars().len().min(400)]) {
                if !kinds.contains(&k) && kinds.len() < 6 {
                    kinds.push(k);
                }
            }
        }
    }
    if !named {
        // 道路交通 in a plan for a 专项行动: the text may only name what is done in passing.
        let mut all = general.to_vec();
        all.extend(kinds.iter().filter(|k| !general.contains(k)));
        kinds = all;
    }
    let mut lines = c.lines();
    for d in clauses.iter().filter(|d| d.path.len() > c.path.len() && d.path.starts_with(&c.path) && d.plan == c.plan) {
        lines[1] = lines[1].max(d.lines()[1]);
    }
    Activity {
        number: c.number.clone(),
        clause: Some(c.path.join("/")),
        title: title.to_string(),
        kinds,
        who: who(c, i, duties),
        start,
        end,
        lines,
    }
}

fn fold(s: &str) -> String {
    string(&Text::from_line(s, 1).c)
}

/// The dates that the duties of a clause give to the activity.
fn dates(clause: usize, duties: &Duties) -> (Option<Date>, Option<Date>) {
    let own = || duties.once.iter().filter(move |o| o.clause == clause && o.own_date);
    let events = || own().filter(|o| o.deadline.kind == DutyKind::Event);
    if events().next().is_some() {
        let first = events()
            .filter_map(|o| {
                o.first.or(o.deadline.start.map(|m| m.date)).or(o
                    .deadline
                    .due
                    .map(|m| m.date)
                    .filter(|_| o.deadline.start.is_none() && !ends_only(o)))
            })
            .min();
        let also = |o: &&crate::duty::Once| {
            o.deadline.kind == DutyKind::Event
                || ["召开", "举办", "举行", "开展"].iter().any(|w| o.deadline.what.contains(w))
        };
        let last = own().filter(|o| !during(o)).filter(also).filter_map(|o| o.deadline.due.map(|m| m.date)).max();
        return (first, last);
    }
    let end = own()
        .filter(|o| o.deadline.quota.is_none() || o.deadline.due.is_some())
        .filter(|o| !during(o))
        .filter_map(|o| o.deadline.due.map(|m| m.date))
        .max();
    (None, end)
}

/// 2022年12月底结束 gives an end and no start.
fn ends_only(o: &crate::duty::Once) -> bool {
    o.deadline.text.ends_with("结束") || o.deadline.text.ends_with('止')
}

fn during(o: &crate::duty::Once) -> bool {
    o.deadline.quota.is_some() && o.deadline.text.contains("期间")
}

/// Who does it: a bracket behind the title, or the doers of its text.
fn who(c: &Clause, i: usize, duties: &Duties) -> Option<String> {
    let aside = &c.head.c[aside(c)];
    if let Some((at, word)) =
        find_any(aside, 0, &["牵头单位:", "责任单位:", "责任部门:", "牵头部门:", "负责单位:", "由"])
    {
        let from = at + word.chars().count();
        let end = (from..aside.len()).find(|&k| matches!(aside[k], '；' | '）' | '，' | '。')).unwrap_or(aside.len());
        if end > from + 1 {
            return Some(string(&aside[from..end]).trim_end_matches("牵头").trim_end_matches("负责").to_string());
        }
    }
    for p in std::iter::once(&c.head).chain(&c.paras) {
        if let Some((at, word)) = find_any(&p.c, 0, &["责任单位:", "牵头单位:", "责任部门:", "牵头部门:", "负责单位:"])
        {
            let from = at + word.chars().count();
            let mut depth = 0i32;
            let end = (from..p.len()).find(|&k| {
                depth += i32::from(p.c[k] == '（') - i32::from(p.c[k] == '）');
                depth < 0 || matches!(p.c[k], '；' | '。')
            });
            let end = end.unwrap_or(p.len());
            if end > from + 1 {
                return Some(p.printed(from..end));
            }
        }
    }
    let mut names: Vec<&str> = Vec::new();
    for (clause, name) in &duties.doers {
        if *clause == i
            && !name.starts_with('每')
            && !names.iter().any(|n| n.contains(name.as_str()) || name.contains(n))
            && names.len() < 3
        {
            names.push(name);
        }
    }
    (!names.is_empty()).then(|| names.join("；"))
}

/// Rows of a plan table: the subject, the time and the doer of each.
fn rows(c: &Clause, known: &Known, general: &[Kind], out: &mut Vec<Activity>, warnings: &mut Warnings) {
    for (p, row) in c.paras.iter().zip(table::rows(&c.paras)) {
        let Some(Row { cells, header }) = row.filter(|r| !r.header.is_empty()) else { continue };
        let column = |names: &[&str]| names.iter().find_map(|n| header.iter().position(|x| x.contains(n)));
        let names = column(&[
            "活动项目",
            "活动名称",
            "活动内容",
            "工作内容",
            "科目",
            "项目",
            "名称",
            "内容",
            "任务",
            "主题",
            "活动",
            "行业",
            "领域",
        ]);
        let (Some(name), when_at) = (names, column(&["时间", "日期", "时限"])) else { continue };
        let who_at = column(&["牵头", "责任单位", "责任部门", "负责", "承办", "单位", "部门"]);
        let number_at = column(&["序号"]);
        let Some(range) = cells.get(name).filter(|r| r.len() >= 2) else { continue };
        let (mut start, mut end) = (None, None);
        if let Some(r) = when_at.and_then(|k| cells.get(k)) {
            if let Some(phrase) = when::scan(&p.c, r.start, r.end, &[]).first() {
                let m = phrase.meaning(known.year, known.signed, &mut Carry::default());
                let line = p.line(phrase.core.start);
                match m.days.first() {
                    Some(Ok((first, last))) => {
                        end = Some(*last);
                        start = if phrase.before { None } else { first.or(Some(*last)) };
                        if let Some(list) = m.days.last().and_then(|d| d.as_ref().ok()).filter(|_| m.days.len() > 1) {
                            end = Some(list.1);
                        }
                    }
                    Some(Err(problem)) => {
                        report(*problem, "计划表里的日期", line, warnings);
                        start = phrase.window_start(known.year, known.signed).filter(|_| phrase.atoms.len() > 1);
                    }
                    None => {}
                }
                if let Some(problem) = m.start_problem {
                    report(problem, "计划表里的开始日期", line, warnings);
                }
            } else if has_any(&p.c[r.clone()], &["活动期间", "全月"]) {
                (start, end) = (known.start, known.end);
            }
        }
        let title = p.printed(range.clone());
        out.push(Activity {
            number: number_at.and_then(|k| cells.get(k)).map(|r| p.printed(r.clone())).filter(|s| !s.is_empty()),
            clause: (!c.path.is_empty()).then(|| c.path.join("/")),
            kinds: inherit(kinds::kinds(&p.c[range.clone()], &[]), general),
            title,
            who: who_at.and_then(|k| cells.get(k)).filter(|r| !r.is_empty()).map(|r| p.printed(r.clone())),
            start,
            end,
            lines: p.all_lines(),
        });
    }
}

/// Reports dates for the same thing that differ.
pub(crate) fn conflicts(duties: &Duties, warnings: &mut Warnings) {
    const THINGS: &[&str] = &["方案", "总结", "联络员", "统计表", "名单"];
    let submits: Vec<_> = duties
        .once
        .iter()
        .filter(|o| o.deadline.kind == DutyKind::Submit && o.deadline.due.is_some())
        .take(60)
        .collect();
    for (k, a) in submits.iter().enumerate() {
        for b in &submits[k + 1..] {
            let (x, y) = (&a.deadline, &b.deadline);
            let same = THINGS.iter().find(|w| x.what.contains(**w) && y.what.contains(**w));
            let who = x.who.is_none() || y.who.is_none() || x.who == y.who;
            let (Some(thing), Some(dx), Some(dy)) = (same, x.due, y.due) else { continue };
            if who && dx.date != dy.date && x.lines != y.lines && a.clause != b.clause {
                let message = format!(
                    "报送{thing}有两个日期：{}（第{}行）和{}（第{}行），请确认",
                    x.text, x.lines[0], y.text, y.lines[0]
                );
                warnings.add(Code::DateConflict, y.lines[0], message);
            }
        }
    }
}
