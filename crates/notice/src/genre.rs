//! Is it a notice at all? News reports, forms, laws, summaries and explanations are not.

use crate::chars::{ends_any, find, has_any, starts_any};
use crate::docnum;
use crate::head::TITLE_ENDS;
use crate::heading::marker;
use crate::text::Text;

/// `None` for a notice; otherwise what it is, in words for the clerk.
pub(crate) fn other_genre(texts: &[Text]) -> Option<&'static str> {
    if texts.is_empty() {
        return Some("没有读到文字");
    }
    let head: Vec<&Text> = texts.iter().take(25).collect();
    let any = |words: &[&str]| texts.iter().take(400).any(|t| has_any(&t.c, words));
    let in_head = |words: &[&str]| head.iter().any(|t| has_any(&t.c, words));
    let titles: Vec<&&Text> =
        head.iter().filter(|t| t.len() <= 90 && !t.c.contains(&'。') && marker(&t.c).is_none()).collect();
    let ends = |words: &[&str]| titles.iter().take(8).any(|t| ends_any(&t.c, words));

    let mut notice = 0i32;
    if titles.iter().any(|t| {
        ends_any(trim_bracket(&t.c), TITLE_ENDS) && has_any(&t.c, &["关于", "转发", "安全", "活动", "印发", "年"])
    }) {
        notice += 3;
    }
    if titles.iter().any(|t| t.len() <= 8 && ends_any(&t.c, &["通知", "方案"])) {
        notice += 2;
    }
    if texts.iter().take(12).any(|t| docnum::read(&t.c).is_some()) || in_head(&["发文字号", "文号:"]) {
        notice += 2;
    }
    if any(&[
        "现将",
        "通知如下",
        "特制定本",
        "特制定如下",
        "制定本方案",
        "印发给你们",
        "转发给你们",
        "安排如下",
        "事项通知",
        "请遵照执行",
        "请认真贯彻",
        "如下方案",
        "特此通知",
        "函告如下",
    ]) {
        notice += 3;
    }
    if head.iter().any(|t| t.len() <= 200 && t.c.contains(&':') && starts_any(&t.c, &["各", "主送"])) {
        notice += 2;
    }
    let sections = texts
        .iter()
        .take(400)
        .filter(|t| {
            t.len() <= 24
                && has_any(
                    &t.c,
                    &[
                        "活动主题",
                        "活动时间",
                        "指导思想",
                        "活动内容",
                        "工作要求",
                        "主要内容",
                        "活动安排",
                        "总体要求",
                        "组织领导",
                        "工作目标",
                    ],
                )
        })
        .count();
    notice += sections.min(3) as i32;
    if any(&["请各", "请于", "报送", "各单位要"]) {
        notice += 1;
    }

    let first = texts.iter().find(|t| t.len() >= 5)?;
    let news = i32::from(in_head(&["来源:", "记者", "通讯员", "本报讯", "网讯", "讯（"])) * 2
        + i32::from(any(&[
            "责任编辑",
            "据了解",
            "记者从",
            "记者获悉",
            "表示，",
            "吸引群众",
            "余人次",
            "日前",
            "近日",
            "纷纷表示",
        ])) * 2
        + i32::from(any(&["本报讯", "本网讯", "融媒体中心讯", "（记者"])) * 2;
    if ends(&["的解读", "政策解读", "图解", "解读", "答记者问", "问答"])
        || has_any(&first.c, &["一图读懂", "政策解读", "图解"])
    {
        return Some("这是一篇政策解读，不是通知，没有提取任务");
    }
    if ends_any(trim_bracket(&first.c), &["条例", "安全生产法", "实施细则", "法"]) && any(&["第一条"]) {
        return Some("这是一部法规，不是通知，没有提取任务");
    }
    if ends_any(trim_bracket(&first.c), &["讲话", "致辞", "发言稿"]) && notice < 5 {
        return Some("这是一篇讲话，不是通知，没有提取任务");
    }
    if ends_any(
        trim_bracket(&first.c),
        &[
            "总结",
            "工作汇报",
            "情况汇报",
            "情况报告",
            "工作报告",
            "简报",
            "活动纪实",
            "总结报告",
            "承诺书",
            "试题",
            "题库",
            "活动侧记",
        ],
    ) && notice < 6
    {
        return Some("这是一份总结或汇报，不是通知，没有提取任务");
    }
    if ends_any(trim_bracket(&first.c), &["表", "登记表", "反馈表", "统计表", "回执", "签到表", "检查表", "名单"])
        && first.len() < 60
        && notice < 4
        && !ends_any(&first.c, &["安排表"])
    {
        return Some("这是一份表格，不是通知，没有提取任务");
    }
    if ends_any(&first.c, &["倡议书", "公开信", "一封信"]) && notice < 5 {
        return Some("这是一份倡议书或公开信，不是通知，没有提取任务");
    }
    if news >= 2 && notice < 5 || notice < 3 {
        return Some(if news >= 2 {
            "这是一篇新闻报道，不是通知，没有提取任务"
        } else {
            "没有找到通知应有的标题、主送或正文，没有提取任务"
        });
    }
    None
}

fn trim_bracket(t: &[char]) -> &[char] {
    match find(t, 1, "（") {
        Some(open) if t.last() == Some(&'）') && open > 4 => &t[..open],
        _ => t,
    }
}
