//! Verbs of handing in, and what is handed in.

use std::ops::Range;

use crate::actor;
use crate::chars::{Words, at, at_any, bracket_end, find_any, has_any};

/// A verb of handing in where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Verb {
    pub(crate) span: Range<usize>,
    /// What is handed in.
    pub(crate) object: Option<Range<usize>>,
    /// To whom.
    pub(crate) to: Option<Range<usize>>,
}

static LONG: Words = Words::new(&[
    "报送至",
    "报送到",
    "报送给",
    "报送",
    "上报至",
    "上报到",
    "上报",
    "报至",
    "报到",
    "报给",
    "提交至",
    "提交到",
    "提交",
    "交至",
    "交到",
    "交回",
    "送至",
    "送达",
    "送交",
    "送到",
    "反馈至",
    "反馈给",
    "反馈到",
    "反馈",
    "发送至",
    "发送到",
    "发送",
    "发至",
    "发到",
    "发往",
    "移交",
    "推荐",
    "上传至",
    "上传到",
    "上传",
    "递交",
    "呈报",
    "报备",
    "填报",
    "汇总报",
    "报告",
    "传至",
    "传真至",
    "寄至",
    "寄送",
    "投稿至",
    "报名至",
    "邮至",
    "汇报",
]);

const NOT_REPORT: &[&str] = &[
    "报道",
    "报名",
    "报警",
    "报纸",
    "报刊",
    "报告会",
    "报表",
    "报废",
    "报栏",
    "报修",
    "报销",
    "报社",
    "报案",
    "报复",
    "报酬",
    "报信",
    "报头",
    "报平安",
    "报考",
    "报价",
    "报备案",
    "报告单",
    "报告表",
    "报告书",
    "报告厅",
    "报告制度",
    "报幕",
    "报到",
];
const BEFORE_REPORT: &[char] = &[
    '通', '举', '海', '简', '情', '预', '播', '电', '板', '周', '日', '月', '墙', '旬', '画', '捷', '速', '快', '壁',
    '瞒', '迟', '漏', '谎', '误', '年', '季', '警', '申', '公', '党', '官', '早', '晚', '抄', '小', '学', '专', '线',
    '手',
];

/// The verb of handing in at `i`.
fn verb_at(t: &[char], i: usize) -> Option<usize> {
    let prev = i.checked_sub(1).map(|p| t[p]);
    if let Some((word, n)) = LONG.at(t, i) {
        if word == "报告"
            && (!(matches!(prev, Some('间' | '时' | '即' | '向' | '，'))
                || t[i.saturating_sub(12)..i].contains(&'向')
                || at_any(
                    t,
                    i + 2,
                    &["镇", "县", "市", "区", "旗", "调度", "所在", "本", "局", "公司", "安", "学校", "应急"],
                )
                .is_some())
                || at_any(t, i + 2, &["、", "和", "，", "。", "会", "制度", "；"]).is_some()
                    && !matches!(prev, Some('间' | '时' | '即')))
        {
            return None;
        }
        if word == "汇报" && at_any(t, i + n, &["演", "会"]).is_some() {
            return None;
        }
        if word == "报到" && at_any(t, i + n, &["，", "。", "；", "处", "时"]).is_some() {
            return None;
        }
        if word.starts_with('反') && at_any(t, i + n, &["表", "的", "机制", "渠道", "意见的"]).is_some() {
            return None;
        }
        if word.starts_with('推') && at_any(t, i + n, &["表", "的", "材料", "使用", "名额"]).is_some() {
            return None;
        }
        if matches!(word, "报送")
            && at_any(
                t,
                i + n,
                &[
                    "要求",
                    "材料包括",
                    "材料要",
                    "工作。",
                    "工作，",
                    "工作要",
                    "工作的",
                    "制度",
                    "时间",
                    "内容",
                    "不及时",
                    "情况纳入",
                    "日期",
                    "质量",
                    "数量",
                    "方式",
                    "渠道",
                    "邮箱",
                ],
            )
            .is_some()
        {
            return None;
        }
        if matches!(word, "上报") && at_any(t, i + n, &["制度", "要求"]).is_some()
            || word.starts_with("上传") && at_any(t, i + n, &["下达"]).is_some()
        {
            return None;
        }
        if word.starts_with("上报") && prev == Some('马')
            || prev.is_some_and(|p| matches!(p, '不' | '未' | '迟' | '瞒' | '漏' | '补') && word.contains('报'))
        {
            return None;
        }
        return Some(n);
    }
    match t[i] {
        '报' if prev.is_none_or(|p| !BEFORE_REPORT.contains(&p))
            && at_any(t, i, NOT_REPORT).is_none()
            && t.get(i + 1).is_some_and(|c| {
                !matches!(c, '，' | '。' | '、' | '”' | '（' | '）' | '》' | '的' | '人' | '；' | ':')
            }) =>
        {
            Some(1)
        }
        '交' if prev.is_none_or(|p| {
            !matches!(
                p,
                '社' | '成'
                    | '立'
                    | '公'
                    | '提'
                    | '移'
                    | '递'
                    | '转'
                    | '上'
                    | '性'
                    | '外'
                    | '相'
                    | '结'
                    | '送'
                    | '初'
                    | '学'
                    | '打'
                    | '神'
                    | '建'
                    | '海'
                    | '杂'
            )
        }) && at_any(
            t,
            i,
            &[
                "交通", "交流", "交叉", "交办", "交易", "交警", "交底", "交汇", "交付", "交代", "交接", "交往", "交界",
                "交友", "交管",
            ],
        )
        .is_none()
            && actor::receiver(t, i + 1, t.len().min(i + 20)).is_some() =>
        {
            Some(1)
        }
        '送' if prev.is_none_or(|p| {
            !matches!(
                p,
                '播' | '推'
                    | '赠'
                    | '护'
                    | '报'
                    | '发'
                    | '投'
                    | '运'
                    | '输'
                    | '抄'
                    | '接'
                    | '传'
                    | '递'
                    | '配'
                    | '选'
                    | '寄'
                    | '呈'
            )
        }) && actor::receiver(t, i + 1, t.len().min(i + 20))
            .is_some_and(|r| !has_any(&t[r], &["安全", "服务"])) =>
        {
            Some(1)
        }
        '发' if prev.is_none_or(|p| {
            !matches!(
                p,
                '印' | '下'
                    | '分'
                    | '突'
                    | '易'
                    | '引'
                    | '频'
                    | '激'
                    | '防'
                    | '开'
                    | '爆'
                    | '多'
                    | '始'
                    | '转'
                    | '颁'
                    | '出'
                    | '触'
                    | '散'
                    | '签'
                    | '核'
                    | '研'
                    | '自'
                    | '批'
                    | '复'
                    | '高'
                    | '群'
                    | '首'
                    | '播'
                    | '蒸'
                    | '制'
                    | '刊'
                    | '编'
            )
        }) && at_any(
            t,
            i,
            &[
                "发放", "发动", "发现", "发生", "发布", "发展", "发挥", "发言", "发票", "发电", "发扬", "发出", "发起",
                "发一", "发改", "发证", "发文", "发射", "发病",
            ],
        )
        .is_none()
            && actor::receiver(t, i + 1, t.len().min(i + 20)).is_some() =>
        {
            Some(1)
        }
        _ => None,
    }
}

/// All verbs of handing in inside `r`; `dates` are the phrases that are no part of an object.
pub(crate) fn verbs(t: &[char], r: Range<usize>, dates: &[Range<usize>]) -> Vec<Verb> {
    let mut out: Vec<Verb> = Vec::new();
    let mut i = r.start;
    while i < r.end && out.len() < 20 {
        if matches!(t[i], '《') {
            i = bracket_end(t, i, 80).filter(|e| *e <= r.end).unwrap_or(i + 1);
            continue;
        }
        let Some(n) = verb_at(t, i).filter(|n| i + n <= r.end) else {
            i += 1;
            continue;
        };
        let from = out.last().map_or(r.start, |v| {
            v.object.as_ref().map_or(v.span.end, |o| o.end.max(v.span.end)).max(v.to.as_ref().map_or(0, |o| o.end))
        });
        let to = actor::receiver(t, i + n, r.end).or_else(|| toward(t, from, i));
        let object = object(t, from, i, i + n, to.as_ref(), r.end, dates);
        out.push(Verb { span: i..i + n, object, to });
        i += n;
    }
    out
}

/// 向调度室报…: the receiver in front of the verb.
fn toward(t: &[char], from: usize, verb: usize) -> Option<Range<usize>> {
    let lo = from.max(verb.saturating_sub(24)).min(verb);
    let p = t[lo..verb].iter().rposition(|c| *c == '向')? + lo;
    let body = &t[p + 1..verb];
    let end = verb - if body.ends_with(&['及', '时']) { 2 } else { 0 };
    (end > p + 2 && !t[p + 1..end].iter().any(|c| matches!(c, '，' | '。' | '、'))).then_some(p + 1..end)
}

fn object(
    t: &[char],
    from: usize,
    verb: usize,
    after: usize,
    to: Option<&Range<usize>>,
    hi: usize,
    dates: &[Range<usize>],
) -> Option<Range<usize>> {
    // 将…报, 把…交: the object stands in front.
    let lo = from.max(verb.saturating_sub(160)).min(verb);
    let marked = (lo..verb).rev().find(|&k| {
        matches!(t[k], '将' | '把')
            && at_any(t, k, &["将于", "将在", "将会", "把关", "把握", "将来", "将按"]).is_none()
            && (k == 0 || !matches!(t[k - 1], '即' | '必'))
    });
    if let Some(k) = marked {
        let mut end = verb;
        loop {
            let before = end;
            if let Some(d) = dates.iter().find(|d| d.end <= end && d.end + 1 >= end && d.start > k) {
                end = d.start;
            }
            for word in [
                "一并",
                "及时",
                "统一",
                "电子版",
                "分别",
                "，",
                "同时",
                "于",
                "请",
                "连同",
                "通过",
                "以",
                "按时",
                "集中",
                "并",
                "再",
            ] {
                let n = word.chars().count();
                if word != "电子版" && end > k + 1 + n && t[end - n..end].iter().copied().eq(word.chars()) {
                    end -= n;
                }
            }
            if end == before {
                break;
            }
        }
        // …以纸质和电子版两种方式报, …通过邮箱报, …向调度室报: the channel is no part of the object.
        if let Some((p, _)) = find_any(
            &t[..end],
            k + 1,
            &["，通过", "，以", "以纸质", "以电子", "通过", "发送", "向", "，于", "，经", "请于", "，由"],
        ) {
            end = p;
        }
        if let Some(d) = dates.iter().find(|d| d.start > k && d.start < end) {
            if d.start > k + 1 {
                end = d.start;
            } else {
                return Some(d.end..end).filter(|o| o.end > o.start + 1);
            }
        }
        return (end > k + 1).then_some(k + 1..end);
    }
    // 报送活动总结: it follows.
    let start = to.filter(|r| r.start >= after).map_or(after, |r| r.end);
    let mut s = start;
    while let Some((_, n)) = at_any(t, s, &["至", "到", "给", "一次", "1次", "备案", "存档", "汇总", ":"]) {
        s += n;
    }
    let mut e = s;
    while e < hi.min(s + 80) {
        match t[e] {
            '（' | '“' | '《' => e = bracket_end(t, e, 60).filter(|x| *x <= hi).unwrap_or(e + 1),
            '，' | '。' | '；' | '）' => break,
            _ if dates.iter().any(|d| d.start == e) => break,
            _ => e += 1,
        }
    }
    if e > s + 1
        && !has_any(&t[s..e.min(s + 4)], &["联系", "电话", "邮箱"])
        && at_any(t, s, &["的", "和", "，", "工作群", "指定"]).is_none()
    {
        return Some(s..e);
    }
    // 工作总结请于7月5日前报送: it is the topic in front.
    let before =
        |from: usize| (lo..from).rev().find(|&k| matches!(t[k], '，' | '；' | '。' | ':')).map_or(lo, |k| k + 1);
    let mut clause = before(verb);
    let mut end = verb;
    if clause > lo + 1
        && at_any(t, clause, &["以纸质", "以电子", "以书面", "通过", "发送", "并以", "一并", "统一"]).is_some()
    {
        // 填写附件2，以纸质和电子版两种方式报…: the thing stands in the clause before.
        end = clause - 1;
        clause = before(end);
    }
    if let Some(d) = dates.iter().find(|d| d.start >= clause && d.end <= end && d.start > clause) {
        end = d.start;
    }
    if let Some((p, _)) = find_any(
        &t[..end],
        clause,
        &[
            "请于",
            "请在",
            "应于",
            "须于",
            "可随时",
            "随时",
            "及时",
            "以纸质",
            "以电子",
            "提前",
            "由",
            "须",
            "一并",
            "请",
            "统一",
            "于",
            "均",
        ],
    ) {
        end = p;
    }
    let mut begin = clause;
    if let Some((_, n)) = at_any(t, begin, &["填写", "并", "同时", "其中"]) {
        begin += n;
    }
    let text = &t[begin..end.max(begin)];
    (text.len() >= 2 && text.len() <= 60)
        .then_some(begin..end)
        .filter(|o| !at(t, o.start, "各") || has_any(&t[o.clone()], &["总结", "方案", "名单", "表"]))
}
