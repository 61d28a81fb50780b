//! A unit of a sentence with its dates, verbs and doers, and what each of them governs.

use std::ops::Range;

use crate::chars::{bracket_end, has_any};
use crate::model::DutyKind;
use crate::submit::Verb;
use crate::text::Text;
use crate::when::Phrase;

/// A unit with what stands in it.
pub(super) struct Scene<'a> {
    pub(super) text: &'a Text,
    pub(super) u: Range<usize>,
    pub(super) dates: &'a [Range<usize>],
    pub(super) verbs: &'a [Verb],
    pub(super) doers: &'a [Range<usize>],
    pub(super) title: Option<&'a str>,
    pub(super) clause: usize,
    pub(super) in_title: bool,
}

impl Scene<'_> {
    /// From the anchor to the next one.
    pub(super) fn governed(&self, anchor: &Range<usize>) -> Range<usize> {
        // 每天上午9:30前、晚上21:30前: both govern what follows the second.
        let t = &self.text.c;
        let mut last = anchor.end;
        while let Some(d) = self.dates.iter().find(|d| d.start == last + 1 && matches!(t[last], '、' | '和' | '及'))
        {
            last = d.end;
        }
        let end = self.dates.iter().map(|d| d.start).find(|s| *s >= last).unwrap_or(self.u.end);
        anchor.end.min(end)..end
    }

    pub(super) fn governed_text(&self, anchor: &Range<usize>) -> &[char] {
        &self.text.c[self.governed(anchor)]
    }

    /// From the end of the anchor before to this one.
    pub(super) fn lead(&self, anchor: &Range<usize>) -> Range<usize> {
        let start = self.dates.iter().rev().map(|d| d.end).find(|e| *e <= anchor.start).unwrap_or(self.u.start);
        start.min(anchor.start)..anchor.start
    }

    pub(super) fn own_clause(&self, anchor: &Range<usize>) -> Range<usize> {
        let t = &self.text.c;
        let start = (self.u.start..anchor.start)
            .rev()
            .find(|&k| matches!(t[k], '，' | '；' | '。' | ':'))
            .map_or(self.u.start, |k| k + 1);
        let end = (anchor.end..self.u.end).find(|&k| matches!(t[k], '，' | '；' | '。')).unwrap_or(self.u.end);
        start..end
    }

    pub(super) fn sentence_start(&self, anchor: &Range<usize>) -> usize {
        (0..anchor.start)
            .rev()
            .take(300)
            .find(|&k| self.text.c[k] == '。')
            .map_or(anchor.start.saturating_sub(300), |k| k + 1)
            .min(anchor.start)
    }

    pub(super) fn paragraph_end(&self) -> usize {
        self.text.len().min(self.u.end + 80)
    }

    /// The verb of handing in that an anchor governs.
    pub(super) fn verb(&self, anchor: &Range<usize>) -> Option<&Verb> {
        let governed = self.governed(anchor);
        let t = &self.text.c;
        let after = self.verbs.iter().find(|v| v.span.start >= governed.start && v.span.start < governed.end);
        // A comma and a new doer in between hand the verb to somebody else only when a deed stands first.
        if let Some(v) = after {
            let between = &t[governed.start..v.span.start];
            let foreign = between.contains(&'，')
                && has_any(between, &["召开", "举行", "开放", "举办", "开展", "演练", "检查", "宣传"])
                && !has_any(between, &["将", "把"]);
            if !foreign {
                return Some(v);
            }
        }
        // 报送时间为6月20日前; 总结…报镇应急办（6月20日前）.
        let lead = self.lead(anchor);
        let open = anchor.start > 0 && matches!(t[anchor.start - 1], '（');
        self.verbs
            .iter()
            .rev()
            .find(|v| open && v.span.start >= lead.start && v.span.end <= anchor.start && after.is_none())
    }

    pub(super) fn who(&self, anchor: &Range<usize>) -> Option<String> {
        let governed = self.governed(anchor);
        let lead = self.lead(anchor);
        let t = &self.text.c;
        let stop = self.verb(anchor).map_or(governed.end, |v| v.span.start.max(governed.start));
        let before = self
            .doers
            .iter()
            .rev()
            .find(|d| d.start >= lead.start && d.end <= anchor.start && !t[d.end..anchor.start].contains(&'。'));
        let after = self.doers.iter().find(|d| d.start >= governed.start && d.end <= stop);
        before.or(after).map(|d| self.text.printed(d.clone()))
    }

    /// The printed phrase, with what ties it to its verb.
    pub(super) fn span(&self, p: &Phrase) -> Range<usize> {
        p.span.clone()
    }

    pub(super) fn what(&self, anchor: &Range<usize>, kind: DutyKind, verb: Option<&Verb>) -> String {
        let t = &self.text.c;
        if let Some(object) = verb.and_then(|v| v.object.clone()).filter(|_| kind == DutyKind::Submit) {
            return self.text.printed(object);
        }
        if kind == DutyKind::Event
            && let Some(title) = self.title
        {
            return title.to_string();
        }
        let mut governed = self.governed(anchor);
        while governed.start < governed.end && matches!(t[governed.start], '，' | '）' | '、' | ':' | '（') {
            governed.start += 1;
        }
        if let Some(d) = self.doers.iter().find(|d| d.start == governed.start) {
            governed.start = d.end;
        }
        let end = governed.clone().find(|&k| matches!(t[k], '，' | '；' | '。')).unwrap_or(governed.end);
        if end > governed.start + 1 {
            return self.text.printed(governed.start..end.min(governed.start + 60));
        }
        if let Some(title) = self.title {
            return title.to_string();
        }
        let lead = self.lead(anchor);
        let start = (lead.clone()).rev().find(|&k| matches!(t[k], '，' | '；' | '。')).map_or(lead.start, |k| k + 1);
        let own = self.own_clause(anchor);
        let range = if lead.end > start + 1 { start..lead.end } else { own.start..own.end.max(anchor.end) };
        self.text.printed(range)
    }
}

/// Sentences of a range: up to 。！？, and never longer than 400 characters.
pub(super) fn sentences(t: &[char], r: Range<usize>) -> Vec<Range<usize>> {
    cut(t, r, &['。', '！', '？'])
}

/// Units of a sentence: up to ；.
pub(super) fn units(t: &[char], r: Range<usize>) -> Vec<Range<usize>> {
    cut(t, r, &['；'])
}

const LONGEST: usize = 400;

fn cut(t: &[char], r: Range<usize>, stops: &[char]) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut from = r.start;
    let mut i = r.start;
    while i < r.end {
        if matches!(t[i], '（' | '“' | '《')
            && let Some(e) = bracket_end(t, i, 60)
            && e <= r.end
        {
            i = e;
            continue;
        }
        if stops.contains(&t[i]) || i - from >= LONGEST {
            out.push(from..i + 1);
            from = i + 1;
        }
        i += 1;
    }
    if from < r.end {
        out.push(from..r.end);
    }
    out
}

/// Titles in 《》 and names in “”: what looks like a date there is none.
pub(super) fn names(t: &[char], r: Range<usize>) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut i = r.start;
    while i < r.end {
        if matches!(t[i], '《' | '“')
            && let Some(e) = bracket_end(t, i, 80)
            && e <= r.end
        {
            out.push(i..e);
            i = e;
        } else {
            i += 1;
        }
    }
    out
}
