//! The comparison of part 5 of the contract: how an answer is scored against an expected file.
//!
//! What counts: each expected non-null single value, activity, deadline, rule, attachment and contact earns 1,
//! evidence and warnings ½; a wrong value costs 1, an invented list item ½. An item whose parts are missing earns
//! in proportion. `who`, `to` and `what` are reported and not counted.

use std::collections::HashMap;

use serde_json::Value as Json;
use unicode_normalization::UnicodeNormalization;

/// The result of one comparison.
#[derive(Debug, Default)]
pub struct Score {
    /// What right answers have earned.
    pub earned: f64,
    /// What wrong and invented answers cost.
    pub cost: f64,
    /// What a perfect answer would earn.
    pub attainable: f64,
    /// Each miss, wrong value and invention that counts.
    pub faults: Vec<String>,
    /// Differences that are reported only.
    pub notes: Vec<String>,
}

impl Score {
    /// Between 0 and 1.
    pub fn value(&self) -> f64 {
        if self.attainable == 0.0 {
            return if self.cost > 0.0 { 0.0 } else { 1.0 };
        }
        ((self.earned - self.cost) / self.attainable).max(0.0)
    }

    fn earn(&mut self, got: f64, of: f64) {
        self.earned += got;
        self.attainable += of;
    }

    fn wrong(&mut self, what: String) {
        self.cost += 1.0;
        self.faults.push(format!("WRONG    {what}"));
    }

    fn missing(&mut self, what: String) {
        self.faults.push(format!("missing  {what}"));
    }

    fn invented(&mut self, what: String) {
        self.cost += 0.5;
        self.faults.push(format!("invented {what}"));
    }
}

/// The normal form of a text.
pub fn normal(s: &str) -> String {
    let mut out = String::new();
    for c in s.nfkc() {
        let c = match c {
            c if c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{2060}') => continue,
            '“' | '”' | '„' | '「' | '」' | '『' | '』' | '〝' | '〞' => '"',
            '‘' | '’' => '\'',
            '〈' | '«' => '《',
            '〉' | '»' => '》',
            '-' | '—' | '–' | '―' | '─' | '~' | '〜' => '-',
            '○' => '〇',
            '﹝' => '〔',
            '﹞' => '〕',
            c => c,
        };
        if c == '-' && out.ends_with('-') {
            continue;
        }
        out.push(c);
    }
    out.trim_end_matches(['。', '，', '；', '：', '、', ',', ';', ':']).to_string()
}

fn bare(s: &str) -> String {
    normal(s).chars().filter(|c| c.is_alphanumeric()).collect()
}

fn brackets(s: &str) -> String {
    normal(s)
        .chars()
        .map(|c| {
            if "[(【{".contains(c) {
                '〔'
            } else if "])】}".contains(c) {
                '〕'
            } else {
                c
            }
        })
        .collect()
}

fn pairs(s: &str) -> HashMap<(char, char), usize> {
    let c: Vec<char> = normal(s).chars().collect();
    let mut out = HashMap::new();
    for w in c.windows(2) {
        *out.entry((w[0], w[1])).or_insert(0) += 1;
    }
    out
}

fn common(a: &str, b: &str) -> (usize, usize, usize) {
    let (pa, pb) = (pairs(a), pairs(b));
    let common = pa.iter().map(|(k, n)| n.min(pb.get(k).unwrap_or(&0))).sum();
    (common, pa.values().sum(), pb.values().sum())
}

/// Dice on character pairs.
pub fn similarity(a: &str, b: &str) -> f64 {
    if normal(a) == normal(b) {
        return 1.0;
    }
    let (c, x, y) = common(a, b);
    if x + y == 0 { 0.0 } else { 2.0 * c as f64 / (x + y) as f64 }
}

/// Common pairs over the pairs of the shorter.
pub fn overlap(a: &str, b: &str) -> f64 {
    if normal(a) == normal(b) {
        return 1.0;
    }
    let (c, x, y) = common(a, b);
    if x.min(y) == 0 { 0.0 } else { c as f64 / x.min(y) as f64 }
}

fn agree(a: &Json, b: &Json) -> bool {
    match (a.as_str(), b.as_str()) {
        (None, None) => true,
        (Some(a), Some(b)) => {
            let (x, y) = (bare(a), bare(b));
            x.contains(&y) || y.contains(&x) || similarity(a, b) >= 0.5
        }
        _ => false,
    }
}

fn touch(a: &Json, b: &Json) -> bool {
    let r = |v: &Json| Some((v["lines"][0].as_u64()?, v["lines"][1].as_u64()?));
    match (r(a), r(b)) {
        (Some(a), Some(b)) => a.0 <= b.1 && b.0 <= a.1,
        _ => false,
    }
}

fn text<'a>(v: &'a Json, key: &str) -> &'a str {
    v[key].as_str().unwrap_or("")
}

fn list<'a>(v: &'a Json, key: &str) -> Vec<&'a Json> {
    v[key].as_array().map(|a| a.iter().collect()).unwrap_or_default()
}

fn optional(v: &Json) -> bool {
    v["optional"].as_bool().unwrap_or(false)
}

/// Scores `got` against `expected`.
pub fn score(expected: &Json, got: &Json) -> Score {
    let mut s = Score::default();
    let unscored: Vec<&str> = list(expected, "unscored").iter().filter_map(|v| v.as_str()).collect();
    let counted = |key: &str| !unscored.contains(&key);
    if expected["is_notice"] != got["is_notice"] {
        s.wrong(format!("is_notice: {}", got["is_notice"]));
        s.attainable += 1.0;
    } else {
        s.earn(1.0, 1.0);
    }
    for key in ["doc_number", "title", "issuer", "date", "addressees", "theme", "period_start", "period_end"] {
        if counted(key) {
            single(&mut s, key, &expected[key], &got[key]);
        }
    }
    if counted("activities") {
        activities(&mut s, expected, got);
    }
    if counted("deadlines") {
        deadlines(&mut s, expected, got);
    }
    if counted("recurring") {
        recurring(&mut s, expected, got);
    }
    if counted("evidence") {
        evidence(&mut s, expected, got);
    }
    if counted("contacts") {
        contacts(&mut s, expected, got);
    }
    if counted("attachments") {
        attachments(&mut s, expected, got);
    }
    if counted("warnings") {
        warnings(&mut s, expected, got);
    }
    s
}

fn same_value(key: &str, expected: &str, got: &str) -> bool {
    match key {
        "doc_number" => brackets(expected) == brackets(got),
        "title" => {
            let (e, g) = (normal(expected), normal(got));
            let strip =
                |long: &str, short: &str| long.strip_suffix(short).is_some_and(|head| head.chars().count() <= 30);
            similarity(expected, got) >= 0.9 || strip(&e, &g) || strip(&g, &e)
        }
        "addressees" => bare(expected) == bare(got) || similarity(expected, got) >= 0.95,
        "theme" => bare(expected) == bare(got),
        "issuer" => normal(expected) == normal(got),
        _ => expected == got,
    }
}

fn single(s: &mut Score, key: &str, expected: &Json, got: &Json) {
    match (expected["value"].as_str(), got["value"].as_str()) {
        (None, None) => {}
        (None, Some(g)) => s.wrong(format!("{key}: {g} where none is right")),
        (Some(e), None) => {
            s.attainable += 1.0;
            s.missing(format!("{key}: {e}"));
        }
        (Some(e), Some(g)) => {
            let accepted = list(expected, "accept").iter().any(|a| a.as_str().is_some_and(|a| same_value(key, a, g)));
            if same_value(key, e, g) || accepted {
                s.earn(1.0, 1.0);
                if !touch(expected, got) {
                    s.notes.push(format!("{key}: lines {} not {}", got["lines"], expected["lines"]));
                }
                let precision = |v: &Json| v["precision"].as_str().unwrap_or("day").to_string();
                if precision(expected) != precision(got) {
                    s.notes.push(format!("{key}: precision {}", got["precision"]));
                }
            } else {
                s.attainable += 1.0;
                s.wrong(format!("{key}: {g} not {e}"));
            }
        }
    }
}

/// Pairs items greedily by falling likeness; items of `expected` that are optional pair last.
fn pair(expected: &[&Json], got: &[&Json], likeness: impl Fn(&Json, &Json) -> Option<f64>) -> Vec<(usize, usize)> {
    let mut all: Vec<(bool, f64, usize, usize)> = Vec::new();
    for (i, e) in expected.iter().enumerate() {
        for (j, g) in got.iter().enumerate() {
            if let Some(l) = likeness(e, g) {
                all.push((optional(e), l, i, j));
            }
        }
    }
    all.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)).then(a.2.cmp(&b.2)).then(a.3.cmp(&b.3)));
    let (mut es, mut gs, mut out) = (vec![false; expected.len()], vec![false; got.len()], Vec::new());
    for (_, _, i, j) in all {
        if !es[i] && !gs[j] {
            es[i] = true;
            gs[j] = true;
            out.push((i, j));
        }
    }
    out.sort_unstable();
    out
}

fn leftovers(
    s: &mut Score,
    what: &str,
    expected: &[&Json],
    got: &[&Json],
    pairs: &[(usize, usize)],
    worth: f64,
    name: impl Fn(&Json) -> String,
) {
    for (i, e) in expected.iter().enumerate() {
        if !optional(e) && !pairs.iter().any(|p| p.0 == i) {
            s.attainable += worth;
            s.missing(format!("{what} {}", name(e)));
        }
    }
    for (j, g) in got.iter().enumerate() {
        if !pairs.iter().any(|p| p.1 == j) {
            s.invented(format!("{what} {}", name(g)));
        }
    }
}

/// A part of an item that must be exact: true when right; a wrong non-null value costs.
fn exact(s: &mut Score, what: &str, name: &str, key: &str, expected: &Json, got: &Json) -> bool {
    if expected == got {
        return true;
    }
    if got.is_null() {
        s.missing(format!("{what} {name}: {key} {expected}"));
    } else {
        s.wrong(format!("{what} {name}: {key} {got} not {expected}"));
    }
    false
}

fn finish(s: &mut Score, e: &Json, right: usize, of: usize) {
    if !optional(e) {
        s.earn(right as f64 / of as f64, 1.0);
    }
}

fn report_only(s: &mut Score, what: &str, name: &str, e: &Json, g: &Json, keys: &[&str]) {
    for key in keys {
        if !agree(&e[*key], &g[*key]) {
            s.notes.push(format!("{what} {name}: {key} {} not {}", g[*key], e[*key]));
        }
    }
    if !touch(e, g) {
        s.notes.push(format!("{what} {name}: lines {} not {}", g["lines"], e["lines"]));
    }
}

fn activities(s: &mut Score, expected: &Json, got: &Json) {
    let (es, gs) = (list(expected, "activities"), list(got, "activities"));
    let pairs = pair(&es, &gs, |e, g| {
        let mut best = similarity(text(e, "title"), text(g, "title"));
        for a in list(e, "accept") {
            best = best.max(similarity(a.as_str().unwrap_or(""), text(g, "title")));
        }
        let line = if touch(e, g) { 0.01 } else { 0.0 };
        (best >= 0.8).then_some(best + line)
    });
    for &(i, j) in &pairs {
        let (e, g) = (es[i], gs[j]);
        let name = text(e, "title").chars().take(14).collect::<String>();
        let mut right = 1;
        let number = |v: &Json| v["number"].as_str().map(normal);
        if number(e) == number(g) {
            right += 1;
        } else {
            s.missing(format!("activity {name}: number {} not {}", g["number"], e["number"]));
        }
        let (ke, kg) = (list(e, "kinds"), list(g, "kinds"));
        if ke.is_empty() && kg.is_empty() || ke.iter().any(|k| kg.contains(k)) {
            right += 1;
        } else {
            s.missing(format!("activity {name}: kinds {} not {}", g["kinds"], e["kinds"]));
        }
        right += usize::from(exact(s, "activity", &name, "start", &e["start"], &g["start"]));
        right += usize::from(exact(s, "activity", &name, "end", &e["end"], &g["end"]));
        report_only(s, "activity", &name, e, g, &["who"]);
        if e["clause"].as_str().map(normal) != g["clause"].as_str().map(normal) {
            s.notes.push(format!("activity {name}: clause {} not {}", g["clause"], e["clause"]));
        }
        finish(s, e, right, 5);
    }
    leftovers(s, "activity", &es, &gs, &pairs, 1.0, |v| text(v, "title").to_string());
}

fn day(v: &Json) -> Option<&str> {
    v.as_str().map(|s| s.split('T').next().unwrap_or(s))
}

fn clock(v: &Json) -> Option<&str> {
    v.as_str().and_then(|s| s.split_once('T')).map(|p| p.1)
}

fn moment(s: &mut Score, name: &str, key: &str, e: &Json, g: &Json) -> bool {
    if day(&e[key]) != day(&g[key]) {
        return exact(s, "deadline", name, key, &e[key], &g[key]);
    }
    match (clock(&e[key]), clock(&g[key])) {
        (Some(a), Some(b)) if a != b => {
            s.wrong(format!("deadline {name}: {key} {b} not {a}"));
            false
        }
        (Some(a), None) => {
            s.missing(format!("deadline {name}: {key} clock {a}"));
            false
        }
        _ => true,
    }
}

fn deadlines(s: &mut Score, expected: &Json, got: &Json) {
    let (es, gs) = (list(expected, "deadlines"), list(got, "deadlines"));
    let name = |v: &Json| format!("[{}] {} ({})", v["due"].as_str().unwrap_or("null"), text(v, "text"), v["lines"]);
    let pairs = pair(&es, &gs, |e, g| {
        let o = overlap(text(e, "text"), text(g, "text"));
        let same = day(&e["due"]) == day(&g["due"]) && o >= 0.5;
        let line = if touch(e, g) { 1.0 } else { 0.0 };
        let who = if agree(&e["who"], &g["who"]) { 0.1 } else { 0.0 };
        let what = similarity(text(e, "what"), text(g, "what")) * 0.2;
        same.then_some(o + line + who + what)
    });
    let mut paired_as_wrong: Vec<(usize, usize)> = Vec::new();
    for &(i, j) in &pairs {
        let (e, g) = (es[i], gs[j]);
        let n = text(e, "text").to_string();
        let mut right = 1;
        right += usize::from(moment(s, &n, "due", e, g));
        right += usize::from(moment(s, &n, "start", e, g));
        right += usize::from(exact(s, "deadline", &n, "quota.min", &e["quota"]["min"], &g["quota"]["min"]));
        right += usize::from(exact(s, "deadline", &n, "relative", &e["relative"], &g["relative"]));
        report_only(s, "deadline", &n, e, g, &["what", "who", "to", "kind"]);
        finish(s, e, right, 5);
    }
    // The same clause with another date is one wrong value.
    for (i, e) in es.iter().enumerate() {
        for (j, g) in gs.iter().enumerate() {
            let free = !pairs.iter().chain(&paired_as_wrong).any(|p| p.0 == i || p.1 == j);
            if free && touch(e, g) && overlap(text(e, "text"), text(g, "text")) >= 0.5 && !g["due"].is_null() {
                s.wrong(format!("deadline {}: due {} not {}", text(e, "text"), g["due"], e["due"]));
                if !optional(e) {
                    s.attainable += 1.0;
                }
                paired_as_wrong.push((i, j));
            }
        }
    }
    let all: Vec<(usize, usize)> = pairs.into_iter().chain(paired_as_wrong).collect();
    leftovers(s, "deadline", &es, &gs, &all, 1.0, name);
}

fn rule(v: &Json) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = text(v, "rule")
        .split(';')
        .map(|p| {
            let (k, v) = p.split_once('=').unwrap_or((p, ""));
            let mut values: Vec<&str> = v.split(',').collect();
            values.sort_unstable();
            (k.to_string(), values.join(","))
        })
        .collect();
    out.sort();
    out
}

fn recurring(s: &mut Score, expected: &Json, got: &Json) {
    let (es, gs) = (list(expected, "recurring"), list(got, "recurring"));
    let pairs = pair(&es, &gs, |e, g| {
        let o = overlap(text(e, "text"), text(g, "text"));
        let w = similarity(text(e, "what"), text(g, "what"));
        let rules = if rule(e) == rule(g) { 0.5 } else { 0.0 };
        let line = if touch(e, g) { 0.5 } else { 0.0 };
        (o >= 0.5 || w >= 0.5 && touch(e, g)).then_some(o + rules + line)
    });
    for &(i, j) in &pairs {
        let (e, g) = (es[i], gs[j]);
        let n = text(e, "text").to_string();
        let mut right = 0;
        let day_time = |r: &[(String, String)], keep: bool| {
            r.iter().filter(|p| matches!(p.0.as_str(), "TIME" | "PART") == keep).cloned().collect::<Vec<_>>()
        };
        let (re, rg) = (rule(e), rule(g));
        if day_time(&re, false) != day_time(&rg, false) {
            s.wrong(format!("recurring {n}: rule {} not {}", text(g, "rule"), text(e, "rule")));
        } else {
            right += 2;
            let (te, tg) = (day_time(&re, true), day_time(&rg, true));
            if te == tg || te.is_empty() {
                right += 1;
            } else if tg.is_empty() {
                s.missing(format!("recurring {n}: {te:?}"));
            } else {
                s.wrong(format!("recurring {n}: {tg:?} not {te:?}"));
            }
        }
        for key in ["from", "until"] {
            if e[key].is_null() {
                right += 1;
                if !g[key].is_null() {
                    s.notes.push(format!("recurring {n}: {key} {} not null", g[key]));
                }
            } else {
                right += usize::from(exact(s, "recurring", &n, key, &e[key], &g[key]));
            }
        }
        if e["zero_report"] == g["zero_report"] {
            right += 1;
        } else {
            s.missing(format!("recurring {n}: zero_report {}", e["zero_report"]));
        }
        right += usize::from(exact(s, "recurring", &n, "quota.min", &e["quota"]["min"], &g["quota"]["min"]));
        report_only(s, "recurring", &n, e, g, &["what", "who", "to", "kind"]);
        finish(s, e, right, 7);
    }
    leftovers(s, "recurring", &es, &gs, &pairs, 1.0, |v| {
        format!("[{}] {} ({})", text(v, "rule"), text(v, "text"), v["lines"])
    });
}

fn evidence(s: &mut Score, expected: &Json, got: &Json) {
    let (es, gs) = (list(expected, "evidence"), list(got, "evidence"));
    let set = |v: &Json, key: &str| {
        let mut a: Vec<String> = list(v, key).iter().map(|x| x.to_string()).collect();
        a.sort();
        a
    };
    let pairs = pair(&es, &gs, |e, g| {
        let o = overlap(text(e, "text"), text(g, "text"));
        let line = if touch(e, g) { 1.0 } else { 0.0 };
        let types = if set(e, "types") == set(g, "types") { 0.3 } else { 0.0 };
        (o >= 0.5).then_some(o + line + types)
    });
    for &(i, j) in &pairs {
        let (e, g) = (es[i], gs[j]);
        let n = text(e, "text");
        let same = set(e, "types") == set(g, "types");
        if !optional(e) {
            s.earn(if same { 0.5 } else { 0.25 }, 0.5);
            if !same {
                s.missing(format!("evidence {n}: types {} not {}", g["types"], e["types"]));
            }
        } else if !same {
            s.notes.push(format!("evidence {n}: types {} not {}", g["types"], e["types"]));
        }
        if set(e, "copies") != set(g, "copies") {
            s.notes.push(format!("evidence {n}: copies {} not {}", g["copies"], e["copies"]));
        }
    }
    for (i, e) in es.iter().enumerate() {
        if !optional(e) && !pairs.iter().any(|p| p.0 == i) {
            s.attainable += 0.5;
            s.missing(format!("evidence {}", text(e, "text")));
        }
    }
    // The table of part 5 counts recall; what is listed beyond is reported.
    for (j, g) in gs.iter().enumerate() {
        if !pairs.iter().any(|p| p.1 == j) {
            s.notes.push(format!("evidence beyond: {} {} ({})", text(g, "text"), g["types"], g["lines"]));
        }
    }
}

fn digits(s: &str) -> String {
    s.chars().filter(char::is_ascii_digit).collect()
}

fn contacts(s: &mut Score, expected: &Json, got: &Json) {
    let (es, gs) = (list(expected, "contacts"), list(got, "contacts"));
    let numbers = |v: &Json| list(v, "phones").iter().map(|p| digits(p.as_str().unwrap_or(""))).collect::<Vec<_>>();
    let pairs = pair(&es, &gs, |e, g| {
        let name = !e["name"].is_null() && normal(text(e, "name")) == normal(text(g, "name"));
        let phone = numbers(e).iter().any(|p| numbers(g).contains(p));
        let fax = !e["fax"].is_null() && digits(text(e, "fax")) == digits(text(g, "fax"));
        let mail = !e["email"].is_null() && e["email"] == g["email"];
        let l = f64::from(u8::from(name)) * 4.0
            + f64::from(u8::from(phone))
            + f64::from(u8::from(fax)) * 0.5
            + f64::from(u8::from(mail)) * 0.5;
        (l > 0.0).then_some(l)
    });
    for &(i, j) in &pairs {
        let (e, g) = (es[i], gs[j]);
        let n = e["name"].as_str().unwrap_or("(none)").to_string();
        let mut right = 1;
        right += usize::from(if normal(text(e, "name")) == normal(text(g, "name")) {
            true
        } else {
            exact(s, "contact", &n, "name", &e["name"], &g["name"])
        });
        let (pe, pg) = (numbers(e), numbers(g));
        let mut all = true;
        for p in &pe {
            if !pg.contains(p) {
                all = false;
                s.missing(format!("contact {n}: phone {p}"));
            }
        }
        for p in &pg {
            if !pe.contains(p) {
                s.wrong(format!("contact {n}: phone {p}"));
            }
        }
        right += usize::from(all);
        right += usize::from(
            digits(text(e, "fax")) == digits(text(g, "fax")) || exact(s, "contact", &n, "fax", &e["fax"], &g["fax"]),
        );
        right += usize::from(exact(s, "contact", &n, "email", &e["email"], &g["email"]));
        report_only(s, "contact", &n, e, g, &["org"]);
        finish(s, e, right, 5);
    }
    leftovers(s, "contact", &es, &gs, &pairs, 1.0, |v| format!("{} {}", v["name"], v["phones"]));
}

fn attachments(s: &mut Score, expected: &Json, got: &Json) {
    let (es, gs) = (list(expected, "attachments"), list(got, "attachments"));
    let clean = |t: &str| {
        let t = normal(t);
        let t = t.trim_start_matches('《').trim_end_matches('》').to_string();
        match t.rsplit_once('.') {
            Some((head, ext)) if ext.len() <= 4 && ext.is_ascii() => head.trim_end_matches('》').to_string(),
            _ => t,
        }
    };
    let pairs = pair(&es, &gs, |e, g| match (e["title"].as_str(), g["title"].as_str()) {
        (Some(a), Some(b)) => {
            let l = similarity(&clean(a), &clean(b));
            (l >= 0.8).then_some(l)
        }
        _ => (normal(text(e, "label")) == normal(text(g, "label"))).then_some(0.5),
    });
    for &(i, j) in &pairs {
        let (e, g) = (es[i], gs[j]);
        if e["label"] != g["label"] {
            s.notes.push(format!("attachment {}: label {}", text(e, "label"), text(g, "label")));
        }
        report_only(s, "attachment", text(e, "label"), e, g, &[]);
        finish(s, e, 1, 1);
    }
    leftovers(s, "attachment", &es, &gs, &pairs, 1.0, |v| format!("{} {}", text(v, "label"), text(v, "title")));
}

fn warnings(s: &mut Score, expected: &Json, got: &Json) {
    let gs = list(got, "warnings");
    for e in list(expected, "warnings") {
        if optional(e) {
            continue;
        }
        let found = gs.iter().any(|g| {
            g["code"] == e["code"]
                && match (e["line"].as_i64(), g["line"].as_i64()) {
                    (Some(a), Some(b)) => (a - b).abs() <= 1,
                    (None, _) => true,
                    (Some(_), None) => false,
                }
        });
        s.earn(if found { 0.5 } else { 0.0 }, 0.5);
        if !found {
            s.missing(format!("warning {} line {}", text(e, "code"), e["line"]));
        }
    }
}
