//! Rhythms: what comes again and again.

use std::ops::Range;

use jiff::civil::Date;

use super::count::counts_in_digits;
use super::scene::Scene;
use super::{Context, Reader};
use crate::chars::{at, at_any, bracket_end, has_any};
use crate::date::Carry;
use crate::model::{Code, DutyKind, Recurring};
use crate::quota;
use crate::rhythm::{Freq, Rhythm};
use crate::submit::Verb;
use crate::text::Text;
use crate::when::{self, Phrase, Shape};

/// Words for the time of the campaign.
pub(super) const DURING: &[&str] = &[
    "活动期间",
    "安全生产月”期间",
    "安全月”期间",
    "活动月内",
    "活动月期间",
    "活动月中",
    "安全生产月期间",
    "”活动期间",
    "整个活动期间",
    "演练周期间",
    "宣传周期间",
    "教育周期间",
    "行动期间",
    "整治期间",
    "宣传月期间",
    "安全生产月”内",
    "月”期间",
];

/// Words for a report that is due even if nothing happened.
const ZERO: &[&str] = &[
    "零报告",
    "“零”报告",
    "“零报告",
    "无活动也要报",
    "没有活动也要报",
    "没有情况也要报",
    "无情况也要报",
    "无内容也要报",
    "报“零”",
    "0报告",
    "没有开展活动的也要",
    "无也要报",
    "无情况报零",
    "报零",
    "没有的也要报",
    "无事报平安",
    "无活动的也要",
    "没有活动的也",
    "无情况也",
    "没有情况也",
    "未开展活动的也",
    "也要报送",
];

impl Reader<'_> {
    pub(super) fn rhythm(
        &mut self,
        s: &Scene<'_>,
        r: &Rhythm,
        (phrases, rhythms): (&[Phrase], &[Rhythm]),
        context: &mut Context,
        quotas: &[quota::Found],
        used: &mut [bool],
    ) {
        let t = &s.text.c;
        let verb = s.verb(&r.span);
        let own = s.own_clause(&r.span);
        if r.rule.freq == Freq::Adhoc && (s.in_title && s.u.len() <= 11 || own.len() < r.span.len() + 3) {
            // （三）及时报送信息 is a heading, no duty.
            return;
        }
        let kind = if verb.is_some() || r.rule.freq == Freq::Adhoc || t[r.span.clone()].contains(&'报') {
            DutyKind::Submit
        } else {
            DutyKind::Do
        };
        let line = s.text.line(r.span.start);
        if r.time_lost {
            self.warnings.add(
                Code::DigitsLost,
                line,
                format!("“{}”的钟点缺字，请对照原件补上", s.text.printed(r.span.clone())),
            );
        }
        let (mut from, mut until) = (None, None);
        if r.rule.freq != Freq::Adhoc {
            if context.during && has_any(&t[s.sentence_start(&r.span)..r.span.end], DURING) {
                (from, until) = (self.known.start, self.known.end);
                let own = &t[s.sentence_start(&r.span)..r.span.end];
                // “草原行”活动期间 is that campaign's time, not the month's.
                if let Some(open) = own.iter().rposition(|c| *c == '“')
                    && let Some(end) = bracket_end(own, open, 30)
                    && at_any(own, end, &["活动期间", "期间"]).is_some()
                    && !has_any(&own[open..end], &["安全生产月", "安全月"])
                {
                    let name = crate::chars::string(&own[open + 1..end - 1]);
                    let other = self.others.iter().find(|o| o.name.contains(&name));
                    (from, until) = other.map_or((None, None), |o| (o.start, o.end));
                }
            }
            for p in phrases.iter().filter(|p| !p.before && p.shape != Shape::List) {
                let near =
                    p.span.end <= r.span.start || at_any(t, p.span.start, &["截至", "截止", "至", "到"]).is_some();
                let m = p.meaning(self.known.year, self.known.signed, &mut context.carry);
                let Some(Ok((first, last))) = m.days.first().cloned() else { continue };
                if !near || !is_window_of_rhythm(t, p, rhythms, s.verbs) {
                    continue;
                }
                if p.onward {
                    from = first.or(Some(last));
                } else if matches!(p.prefix, "截至" | "截止" | "截止到" | "截止至" | "至" | "到")
                    && p.span.start > r.span.start
                {
                    until = Some(last);
                } else if p.shape == Shape::Window || p.is_month() {
                    (from, until) = (first, Some(last));
                }
            }
            // …，截至12月: a month closes the rhythm.
            for p in phrases.iter().filter(|p| p.span.start > r.span.end && p.before && p.prefix.starts_with("截")) {
                let m = p.meaning(self.known.year, self.known.signed, &mut context.carry);
                if let Some(Ok((_, last))) = m.days.first() {
                    until = Some(*last);
                }
            }
        }
        if r.rule.freq != Freq::Adhoc {
            from = from.or_else(|| year_onward(t, s.u.start, r.span.start));
            if s.title.is_some() && (from.is_some() || until.is_some()) && !context.during {
                self.out.spans.push((s.clause, from, until));
            }
        }
        let quota = quotas.iter().enumerate().find(|(k, q)| {
            !used[*k]
                && (q.explicit || counts_in_digits(&t[q.span.clone()]))
                && r.rule.freq != Freq::Adhoc
                && q.span.end > r.span.end
                && q.span.end <= s.governed(&r.span).end
        });
        let quota = quota.map(|(k, q)| {
            used[k] = true;
            q.quota.clone()
        });
        let zero = has_any(&t[s.u.start..s.paragraph_end()], ZERO);
        // The verb makes the phrase easier to find again.
        let mut span = r.span.clone();
        if let Some(v) = verb
            && v.span.start >= span.end
            && v.span.start <= span.end + 8
            && !t[span.end..v.span.start].contains(&'，')
        {
            span.end = v.span.end;
        } else if !r.precise && r.rule.freq != Freq::Adhoc {
            let stop = (span.end..s.u.end.min(span.end + 14))
                .find(|&k| matches!(t[k], '，' | '；' | '。'))
                .unwrap_or(s.u.end.min(span.end + 14));
            span.end = stop.max(span.end);
        } else if r.rule.freq == Freq::Adhoc {
            let open = own.start.max(span.start.saturating_sub(16));
            if open < span.start && !s.dates.iter().any(|d| d.start < span.start && d.end > open) {
                span.start = open;
            }
        }
        let rule_text = s.text.printed(span.clone());
        self.out.again.push(Recurring {
            text: rule_text,
            what: s.what(&r.span, kind, verb),
            rule: r.rule.clone(),
            from,
            until,
            zero_report: zero && kind == DutyKind::Submit && r.rule.freq != Freq::Adhoc,
            kind,
            who: s.who(&r.span).or_else(|| context.who.clone()),
            to: verb.and_then(|v| v.to.clone()).map(|r| s.text.printed(r)).filter(|_| kind == DutyKind::Submit),
            quota,
            lines: s.text.lines(r.span.clone()),
        });
    }

    /// 自6月13日起执行 gives the rhythm in front of it its first day.
    pub(super) fn begins(&mut self, _clause: usize, text: &Text, r: Range<usize>) {
        let phrases = when::scan(&text.c, r.start, r.end, &[]);
        let Some(p) = phrases.first() else { return };
        let m = p.meaning(self.known.year, self.known.signed, &mut Carry::default());
        if let (Some(Ok((first, last))), Some(rule)) = (m.days.first(), self.out.again.last_mut())
            && rule.lines[1] == text.line(r.start)
            && rule.from.is_none()
        {
            rule.from = first.or(Some(*last));
        }
    }
}

/// Whether a phrase says from when to when a rhythm goes.
pub(super) fn is_window_of_rhythm(t: &[char], p: &Phrase, rhythms: &[Rhythm], verbs: &[Verb]) -> bool {
    if p.before && !p.prefix.starts_with("截") {
        return false;
    }
    rhythms.iter().filter(|r| r.rule.freq != Freq::Adhoc).any(|r| {
        if p.span.end <= r.span.start {
            let between = &t[p.span.end..r.span.start];
            let first = rhythms.iter().find(|r| r.span.start >= p.span.end).map_or(r.span.start, |r| r.span.start);
            let own = verbs.iter().any(|v| v.span.start >= p.span.end && v.span.end <= first);
            return between.len() < 90
                && !own
                && (p.shape == Shape::Window || p.onward || p.is_month())
                && !between.contains(&'。');
        }
        p.span.start >= r.span.end
            && matches!(p.prefix, "截至" | "截止" | "截止到" | "截止至" | "至" | "到")
            && p.span.start - r.span.end < 60
    })
}

/// Whether a rhythm is a duty and not a chance, a broadcast or a measure.
pub(super) fn is_duty(r: &Rhythm, t: &[char], after: &[char], own: Range<usize>, reports: bool) -> bool {
    let clause = &t[own];
    if has_any(
        clause,
        &[
            "机会",
            "抽取",
            "抽奖",
            "可获得",
            "答题次数",
            "积分",
            "黄金时段",
            "滚动播",
            "循环播",
            "播出",
            "播发",
            "播放",
            "获奖",
            "红包",
            "限答",
            "可答",
            "奖励",
            "最多",
        ],
    ) && !reports
    {
        return false;
    }
    if reports || t[r.span.clone()].contains(&'报') {
        return true;
    }
    if at_any(after, 0, &["的", "有", "可", "均", "都", "限", "批", "级", "户", "人", "名", "以来", "初", "数"])
        .is_some()
    {
        return false;
    }
    const DEEDS: &[&str] = &[
        "放映", "巡回", "巡演", "入户", "夜查", "下发", "到所", "到村", "到企", "到两", "曝光", "组织", "开展", "检查",
        "排查", "查找", "巡查", "召开", "汇总", "调度", "通报", "举办", "举行", "学习", "培训", "演练", "录制", "发布",
        "推送", "讲", "宣讲", "自查", "推出", "刊发", "报道", "研判", "督查", "督导", "更新", "走访", "带队", "播",
        "评比", "例会", "一期", "一次", "1次", "1期", "一题", "一课", "会", "暗访", "抽查", "分析", "曝光", "清理",
    ];
    let reach = &after[..after.len().min(40)];
    let first = &reach[..reach.iter().position(|c| matches!(c, '，' | '。' | '；')).unwrap_or(reach.len())];
    has_any(first, DEEDS)
        || has_any(clause, &["每周一次", "每月一次", "每季度一次"])
        || r.precise && r.rule.freq != Freq::Daily && has_any(reach, DEEDS)
        || matches!(r.rule.freq, Freq::Weekly | Freq::Monthly | Freq::Yearly) && has_any(clause, &["不少于", "至少"])
}

/// 自2012年起: the first day of that year.
pub(super) fn year_onward(t: &[char], lo: usize, hi: usize) -> Option<Date> {
    let lo = lo.max(hi.saturating_sub(30));
    (lo..hi).find_map(|i| {
        let (y, e) = crate::chars::digits(t, i, 4).filter(|(y, e)| *e == i + 4 && (1990..2100).contains(y))?;
        (at(t, e, "年起") || at(t, e, "年开始")).then(|| Date::new(y as i16, 1, 1).ok()).flatten()
    })
}
