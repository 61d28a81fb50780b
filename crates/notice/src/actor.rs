//! Who does something, and to whom it is handed in.

use std::ops::Range;

use crate::chars::{Words, at, at_any, bracket_end, ends_any, is_han};

/// Nouns a doer ends with.
static NOUNS: Words = Words::new(&[
    "企业",
    "部门",
    "单位",
    "社区",
    "村",
    "嘎查",
    "村委会",
    "居委会",
    "委会",
    "乡镇",
    "镇",
    "苏木",
    "街道",
    "政府",
    "委员会",
    "办公室",
    "局",
    "站",
    "所",
    "中心",
    "办",
    "科",
    "处",
    "工会",
    "车间",
    "班组",
    "承包队",
    "商铺",
    "学校",
    "中学",
    "小学",
    "幼儿园",
    "校长",
    "负责人",
    "干部",
    "师生",
    "学生",
    "家长",
    "班主任",
    "网格员",
    "委会主任",
    "副主任",
    "书记",
    "镇长",
    "经理",
    "班组长",
    "市、区）",
    "区）",
    "公司",
    "集团",
    "矿",
    "厂",
    "支部",
    "党委",
    "党总支",
    "志愿者",
    "成员",
    "街道办",
    "办事处",
    "局里",
    "宣传部",
    "媒体",
    "居）",
    "村（居）",
    "物业",
    "场所",
    "人员",
    "职工",
    "员工",
    "党员",
    "各班",
    "年级组",
    "食堂",
    "校车队",
    "总务处",
    "德育处",
    "部",
    "室",
    "团委",
    "妇联",
    "大队",
    "派出所",
    "队",
    "消防站",
    "网格",
    "县",
    "区",
    "旗",
    "市",
    "组",
    "店",
    "户主",
    "渔船",
    "船员",
    "商户",
    "经营户",
    "院",
    "管委会",
    "站所",
    "机构",
    "教师",
    "园区",
    "景区",
    "小组",
    "分队",
    "合作社",
    "卫生院",
    "嘎查达",
    "安全员",
    "驾驶员",
    "行业",
    "系统",
    "会员",
    "村民",
    "群众",
    "工区",
    "班",
    "股",
    "林场",
    "牧场",
    "专班",
    "医院",
    "矿山",
    "各方",
    "领导",
    "委",
]);

/// Words with which a predicate begins.
static PREDICATES: Words = Words::new(&[
    "要",
    "应",
    "须",
    "需",
    "在",
    "于",
    "对",
    "把",
    "将",
    "以",
    "按",
    "向",
    "每",
    "至少",
    "各组",
    "各推荐",
    "各到",
    "各完成",
    "各开展",
    "各举办",
    "各设",
    "各报",
    "各确定",
    "分别",
    "可",
    "必须",
    "务必",
    "结合",
    "围绕",
    "根据",
    "负责",
    "牵头",
    "会同",
    "联合",
    "组织",
    "开展",
    "举办",
    "召开",
    "举行",
    "参加",
    "参与",
    "完成",
    "报",
    "提交",
    "填",
    "做好",
    "制定",
    "制订",
    "落实",
    "利用",
    "通过",
    "发动",
    "走进",
    "上门",
    "对照",
    "听到",
    "登录",
    "设点",
    "设置",
    "设立",
    "同步",
    "悬挂",
    "张贴",
    "播放",
    "发放",
    "印制",
    "编印",
    "推送",
    "推荐",
    "确定",
    "收齐",
    "汇总",
    "统一",
    "认真",
    "积极",
    "广泛",
    "深入",
    "集中",
    "及时",
    "立即",
    "全面",
    "逐",
    "带队",
    "带领",
    "到",
    "自查",
    "检查",
    "排查",
    "录制",
    "制作",
    "安排",
    "选派",
    "派",
    "拍摄",
    "配合",
    "协助",
    "承办",
    "主办",
    "建立",
    "明确",
    "选",
    "不得",
    "均",
    "都",
    "也要",
    "自行",
    "定期",
    "随时",
    "继续",
    "持续",
    "切实",
    "强化",
    "加强",
    "进一步",
    "带头",
    "讲",
    "观看",
    "收看",
    "学习",
    "使用",
    "运用",
    "依托",
    "充分",
    "不少于",
    "形成",
    "通报",
    "调度",
    "巡查",
    "入户",
    "撤离",
    "集合",
    "轮流",
    "开设",
    "刊播",
    "发布",
    "采取",
    "聚焦",
    "紧扣",
    "坚持",
    "分",
    "为",
    "自",
    "从",
    "提前",
    "着力",
    "抓好",
    "抓住",
    "严格",
    "张",
    "利",
    "送",
    "交",
    "协调",
    "督促",
    "指导",
    "实施",
    "协同",
    "最少",
    "不低于",
    "参照",
    "做到",
    "整理",
    "出动",
    "覆盖率",
    "随机",
    "领取",
    "自觉",
    "登记",
    "查",
    "分批",
    "宣传",
    "互",
    "全部",
    "全员",
    "共同",
]);

/// The doer that begins at `i`, up to `hi`.
pub(crate) fn doer(t: &[char], i: usize, hi: usize) -> Option<Range<usize>> {
    let mut start = i;
    for _ in 0..4 {
        let Some((_, n)) = at_any(
            t,
            start,
            &["请", "同时", "并", "其中", "由", "要求", "，", "、", "组织全镇", "组织全县", "组织全市", "组织各", "凡"],
        ) else {
            break;
        };
        // 组织全镇各村…举行: the doers are those who are gathered.
        start += if at(t, start, "组织") { 2 } else { n };
        if start >= hi {
            return None;
        }
        if at_any(t, start, &["全", "各"]).is_some() {
            break;
        }
    }
    let stop = hi.min(start + 60).min(t.len());
    let mut j = start;
    while j < stop {
        match t[j] {
            '（' | '“' | '《' => {
                j = bracket_end(t, j, 40).filter(|e| *e <= stop)?;
            }
            '，' => {
                if !(NOUNS.end(&t[start..j]) && at_any(t, j + 1, &["各", "相关", "有关"]).is_some()) {
                    return None;
                }
                j += 1;
            }
            '。' | '；' | '-' | '|' => return None,
            ':' => return (j > start + 1 && NOUNS.end(&t[start..j])).then_some(start..j),
            c if c.is_ascii_digit() => return None,
            '上' | '下' if at_any(t, j, &["上旬", "下旬"]).is_some() => return None,
            _ => j += 1,
        }
        if j >= start + 2
            && j < stop
            && NOUNS.end(&t[start..j])
            && PREDICATES.at(t, j).is_some()
            && plausible(&t[start..j])
            && !(at(t, j, "为重点")
                || at(t, j, "为主")
                || at(t, j, "组织机构")
                || at(t, j, "应急")
                || at(t, j, "报名")
                || at(t, j, "自建")
                || at(t, j, "要求")
                || at(t, j, "安全"))
        {
            return Some(start..j);
        }
    }
    None
}

/// A doer is a noun phrase: it has no verb of its own in front.
fn plausible(t: &[char]) -> bool {
    let starts = at_any(
        t,
        0,
        &[
            "开展",
            "加强",
            "组织",
            "做好",
            "强化",
            "推动",
            "通过",
            "围绕",
            "根据",
            "按照",
            "结合",
            "为",
            "对",
            "在",
            "将",
            "把",
            "向",
            "以",
            "到",
            "从",
            "于",
            "深入",
            "进一步",
            "严格",
            "落实",
            "建立",
            "引导",
            "督促",
            "普及",
            "确保",
            "报",
            "要",
            "发动",
            "集中",
            "利用",
            "充分",
            "参加",
            "广泛",
            "积极",
            "不",
            "没有",
            "发现",
            "发放",
            "宣传",
            "讲",
            "查",
            "让",
            "使",
            "与",
            "和",
            "及",
            "本周",
            "的",
            "前",
            "后",
            "内",
            "进",
            "上",
            "下",
            "设",
            "做",
            "是",
            "有",
            "能",
            "开",
            "现",
            "经",
            "就",
            "制定",
            "制作",
            "确定",
            "召开",
            "举办",
            "提高",
            "增强",
            "推进",
            "教育",
            "动员",
            "邀请",
            "采取",
            "针对",
            "突出",
        ],
    );
    starts.is_none() && t.iter().filter(|c| is_han(**c)).count() >= 2
}

/// The doers that begin a clause inside `r`, in order; `from` lists further places where a clause may begin.
pub(crate) fn doers(t: &[char], r: Range<usize>, from: &[usize]) -> Vec<Range<usize>> {
    let mut starts: Vec<usize> = vec![r.start];
    starts.extend(from.iter().copied().filter(|i| r.contains(i)));
    for i in r.clone() {
        if matches!(t[i], '，' | '；' | '。' | ':') && i + 1 < r.end {
            starts.push(i + 1);
        }
        if at(t, i, "期间") && i + 2 < r.end {
            starts.push(i + 2);
        }
        if t[i] == '由' && i + 1 < r.end {
            starts.push(i + 1);
        }
    }
    starts.sort_unstable();
    starts.dedup();
    starts.truncate(60);
    let mut out: Vec<Range<usize>> = Vec::new();
    for s in starts {
        if out.last().is_some_and(|last| s < last.end) || out.len() > 12 {
            continue;
        }
        if let Some(found) = doer(t, s, r.end) {
            out.push(found);
        }
    }
    out
}

/// Nouns a receiver ends with.
static RECEIVERS: Words = Words::new(&[
    "办公室",
    "办",
    "站",
    "局",
    "处",
    "科",
    "室",
    "所",
    "部",
    "中心",
    "委员会",
    "政府",
    "社区",
    "群",
    "邮箱",
    "秘书处",
    "安委会",
    "指挥部",
    "大队",
    "公司",
    "安办",
    "安委办",
    "队",
    "组",
    "平台",
    "系统",
    "委",
    "村",
    "股",
    "院",
    "会",
    "单位",
    "厅",
    "网格员",
    "班主任",
    "公众号",
    "组长",
    "主管",
    "老师",
    "老师处",
    "联络员",
    "书记",
    "镇长",
    "部门",
]);

/// The receiver behind a verb such as 报, up to `hi`.
pub(crate) fn receiver(t: &[char], i: usize, hi: usize) -> Option<Range<usize>> {
    let mut start = i;
    while let Some((_, n)) = at_any(t, start, &["送", "至", "到", "给", "往"]) {
        start += n;
    }
    let stop = hi.min(start + 36).min(t.len());
    let mut best = None;
    let mut j = start;
    while j < stop {
        match t[j] {
            '，' | '。' | '；' | '、' | ':' | '“' | '《' | '）' => break,
            '（' => match bracket_end(t, j, 20).filter(|e| *e < stop && ends_any(&t[start..*e], &["区）", "办）"]))
            {
                Some(e) => j = e,
                None => break,
            },
            _ => j += 1,
        }
        if j > start + 1 && RECEIVERS.end(&t[start..j]) {
            best = Some(start..j);
        }
    }
    let best = best?;
    // What is left up to the stop must not be the object: 报办公室总结 is rare, 报会议记录 is not a receiver.
    let after = best.end;
    let closed = t.get(after).is_none_or(|c| !is_han(*c))
        || at_any(
            t,
            after,
            &[
                "备案",
                "汇总",
                "存档",
                "审",
                "留存",
                "和",
                "邮箱",
                "工作群",
                "联系",
                "指定",
                "统一",
                "进行",
                "处",
                "备查",
            ],
        )
        .is_some()
        || after >= hi;
    closed.then_some(best)
}
