//! Quotas that no date has taken.

use super::again::DURING;
use super::scene::Scene;
use super::{Context, Once, Reader};
use crate::chars::has_any;
use crate::date::Carry;
use crate::model::{Deadline, DutyKind, Moment};
use crate::quota;
use crate::when::Phrase;

impl Reader<'_> {
    /// Quotas that no date has taken.
    pub(super) fn quotas(
        &mut self,
        s: &Scene<'_>,
        (quotas, used): (&[quota::Found], &[bool]),
        phrases: &[Phrase],
        first_once: usize,
        context: &Context,
    ) {
        let t = &s.text.c;
        for (q, used) in quotas.iter().zip(used) {
            if *used {
                continue;
            }
            let during = context.during && has_any(&t[s.u.start..q.span.end], DURING);
            if !q.explicit && !during {
                continue;
            }
            let clause = s.own_clause(&q.span);
            if has_any(&t[clause], &["滚动播", "循环播", "播放", "播出"]) {
                continue;
            }
            let month = phrases.iter().rev().find(|p| {
                p.is_month()
                    && p.span.end <= q.span.end
                    && q.span.end - p.span.end < 24
                    && !t[p.span.end..q.span.end].contains(&'，')
            });
            let month = month.and_then(|p| {
                p.meaning(self.known.year, self.known.signed, &mut Carry::default()).days.first().cloned()?.ok()
            });
            // A window in the heading takes the quota of the text below it.
            let heading = self.out.once[..first_once].iter_mut().rev().find(|o| {
                o.clause == s.clause
                    && o.in_title
                    && o.own_date
                    && o.deadline.kind == DutyKind::Event
                    && o.deadline.quota.is_none()
                    && o.deadline.start.is_some()
                    && !o.listed
                    && o.first.is_some()
            });
            if let Some(o) = heading
                && !during
                && !t[q.span.clone()].contains(&'每')
                && s.title.is_some()
            {
                o.deadline.quota = Some(q.quota.clone());
                continue;
            }
            let mut end = q.span.end;
            while end < s.u.end && end < q.span.end + 12 && !matches!(t[end], '，' | '；' | '。' | '、' | '（' | ':')
            {
                end += 1;
            }
            let span = q.span.start..end;
            // 11月底前悬挂横幅至少2条，张贴海报不少于5张: the second stands under the same date.
            let same = self.out.once[first_once..].iter().rev().find(|o| {
                o.deadline.kind == DutyKind::Do
                    && o.deadline.quota.is_some()
                    && o.deadline.relative.is_none()
                    && o.deadline.due.is_some()
            });
            if let Some((first, last)) = month
                && s.title.is_some()
            {
                self.out.spans.push((s.clause, first, Some(last)));
            }
            let due = if let Some((_, last)) = month {
                Some(Moment { date: last, time: None })
            } else if during {
                self.known.end.map(|date| Moment { date, time: None })
            } else {
                same.and_then(|o| o.deadline.due)
            };
            self.past(due, &s.text.printed(span.clone()), s.text.line(span.start));
            let who = s.who(&(q.span.end.saturating_sub(1)..q.span.end)).or_else(|| context.who.clone());
            self.out.once.push(Once {
                deadline: Deadline {
                    text: s.text.printed(span.clone()),
                    due,
                    start: None,
                    what: s.text.printed(span.clone()),
                    kind: DutyKind::Do,
                    who,
                    to: None,
                    quota: Some(q.quota.clone()),
                    relative: None,
                    lines: s.text.lines(span),
                },
                clause: s.clause,
                own_date: false,
                first: None,
                listed: false,
                in_title: s.in_title,
            });
        }
    }
}

/// 开展1次 rather than 开展一次: a count, not a manner of speaking.
pub(super) fn counts_in_digits(t: &[char]) -> bool {
    t.iter().any(char::is_ascii_digit)
}
