//! Quotas: 至少2场次, 不少于30户, 1个以上, and plain counts such as 组织1次.

use std::ops::Range;

use crate::chars::{Words, at, at_any, has_any, number};
use crate::model::Quota;

/// A quota where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Found {
    pub(crate) span: Range<usize>,
    pub(crate) quota: Quota,
    /// 至少, 不少于, 以上 rather than a plain count.
    pub(crate) explicit: bool,
    /// It counts pages of a report rather than deeds.
    pub(crate) material: bool,
}

const UNITS: &[&str] = &[
    "场次", "场", "次", "辆次", "户次", "人次", "批次", "课时", "期", "户", "条", "张", "辆", "个", "篇", "份", "名",
    "家", "块", "幅", "件", "处", "遍", "堂", "轮", "支", "人", "节", "套", "册", "台", "面", "部", "例", "项", "组",
];
const AT_LEAST: &[&str] = &["至少", "不少于", "不低于", "不得少于", "最少", "不得低于", "原则上不少于"];
const MATERIAL: &[&str] = &[
    "照片",
    "图片",
    "视频",
    "文字",
    "影像",
    "总结",
    "小结",
    "配图",
    "简报",
    "信息",
    "材料",
    "新闻稿",
    "字数",
    "报道",
    "稿件",
    "台账",
    "资料",
];
static VERBS: Words = Words::new(&[
    "组织",
    "开展",
    "举办",
    "召开",
    "举行",
    "进行",
    "安排",
    "演练",
    "培训",
    "检查",
    "集中学习",
    "张贴",
    "悬挂",
    "发放",
    "播放",
    "制作",
    "设置",
    "设",
    "选择",
]);

/// All quotas between `lo` and `hi`.
pub(crate) fn scan(t: &[char], lo: usize, hi: usize) -> Vec<Found> {
    let t = &t[..hi];
    let mut out: Vec<Found> = Vec::new();
    let mut i = lo;
    while i < hi {
        let found = at_least(t, lo, i).or_else(|| above(t, lo, i)).or_else(|| plain(t, lo, i));
        match found {
            Some(f) => {
                i = f.span.end.max(i + 1);
                out.push(f);
            }
            None => i += 1,
        }
    }
    out
}

fn count(t: &[char], i: usize) -> Option<(u32, &'static str, usize)> {
    let (n, e) = number(t, i, 5)?;
    if at_any(
        t,
        e,
        &[
            "个小时",
            "个月",
            "个工作日",
            "人大",
            "部分",
            "个百分",
            "条例",
            "部门",
            "次性",
            "家企业单位",
            "名单",
            "项制度",
            "台账",
            "面积",
            "节课",
            "组织",
        ],
    )
    .is_some()
        && !at(t, e, "家企业")
    {
        return None;
    }
    let (unit, m) = at_any(t, e, UNITS)?;
    (n > 0).then_some((n, unit, e + m))
}

/// 至少组织1次, 不少于2辆次, 至少举办一场.
fn at_least(t: &[char], lo: usize, i: usize) -> Option<Found> {
    let (_, n) = at_any(t, i, AT_LEAST)?;
    let from = i + n;
    for j in from..t.len().min(from + 9) {
        if matches!(t[j], '，' | '。' | '；' | '、') {
            return None;
        }
        let Some((min, unit, mut end)) = count(t, j) else { continue };
        // 1名, in 至少1名以上.
        if at(t, end, "以上") {
            end += 2;
        }
        let start = clause(t, lo, i);
        let near = &t[start.max(i.saturating_sub(6))..i];
        let verb = has_any(&t[from..j], &["报送", "上报", "推送", "发布", "推荐", "报", "刊发", "播发", "撰写"]);
        let tail = &t[end..t.len().min(end + 8)];
        let material = !verb
            && (has_any(near, MATERIAL)
                || matches!(unit, "张" | "篇" | "份" | "条" | "个" | "部")
                    && has_any(tail, MATERIAL)
                    && !has_any(near, &["推送", "发放", "发布", "悬挂", "张贴", "编发", "播放", "报送", "上报"]));
        let quota = Quota { min, unit: unit.to_string() };
        return Some(Found { span: start..end, quota, explicit: true, material });
    }
    None
}

/// 1个以上典型做法, 图片3张以上, 2场（次）以上.
fn above(t: &[char], lo: usize, i: usize) -> Option<Found> {
    if !t[i].is_ascii_digit() || i > lo && (t[i - 1].is_ascii_digit() || t[i - 1] == '.') {
        return None;
    }
    let (min, unit, end) = count(t, i)?;
    if !at(t, end, "以上") || matches!(unit, "人") {
        return None;
    }
    let start = clause(t, lo, i);
    let near = &t[start.max(i.saturating_sub(6))..i];
    let tail = &t[end + 2..t.len().min(end + 10)];
    let material = (has_any(near, MATERIAL) || matches!(unit, "张" | "篇" | "份" | "条") && has_any(tail, MATERIAL))
        && !has_any(near, &["宣传资料", "宣传材料", "宣传品"]);
    Some(Found { span: start..end + 2, quota: Quota { min, unit: unit.to_string() }, explicit: true, material })
}

/// 组织1次转移避险演练.
fn plain(t: &[char], lo: usize, i: usize) -> Option<Found> {
    let (_, n) = VERBS.at(t, i)?;
    let j = i + n;
    let (min, unit, end) = count(t, j)?;
    if !matches!(unit, "次" | "场" | "场次" | "期" | "堂" | "个" | "条" | "轮" | "份" | "处") || at(t, end, "以上")
    {
        return None;
    }
    let start = clause(t, lo, i);
    Some(Found { span: start..end, quota: Quota { min, unit: unit.to_string() }, explicit: false, material: false })
}

fn clause(t: &[char], lo: usize, i: usize) -> usize {
    let low = lo.max(i.saturating_sub(40));
    (low..i).rev().find(|&k| matches!(t[k], '，' | '；' | '。' | ':' | '、')).map_or(low, |k| k + 1)
}
