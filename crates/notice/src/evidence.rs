//! Evidence: what is to be handed in or kept as proof, sorted by the words that name it.

use std::ops::Range;
use std::sync::LazyLock;

use crate::chars::{at, at_any, find, find_any, has_any};
use crate::model::{CopyForm, Evidence, EvidenceType as E};
use crate::submit::Verb;
use crate::text::Text;

/// Words and what they are; an earlier, longer word hides a later one at the same place.
const WORDS: &[(&str, &[E])] = &[
    ("统计表", &[E::Form]),
    ("登记表", &[E::Form]),
    ("反馈表", &[E::Form]),
    ("周报表", &[E::Form]),
    ("月报表", &[E::Form]),
    ("报表", &[E::Form]),
    ("联系表", &[E::Form]),
    ("自查表", &[E::Form]),
    ("检查表", &[E::Form]),
    ("汇总表", &[E::Form]),
    ("信息表", &[E::Form]),
    ("推荐表", &[E::Form]),
    ("申报表", &[E::Form]),
    ("报名表", &[E::Form]),
    ("情况表", &[E::Form]),
    ("进度表", &[E::Form]),
    ("附表", &[E::Form]),
    ("附件", &[E::Form]),
    ("签到表", &[E::SignIn]),
    ("签到簿", &[E::SignIn]),
    ("签到册", &[E::SignIn]),
    ("签到", &[E::SignIn]),
    ("评估报告", &[E::Summary]),
    ("自查报告", &[E::Summary]),
    ("复查报告", &[E::Summary]),
    ("检查报告", &[E::Summary]),
    ("书面报告", &[E::Summary]),
    ("情况报告", &[E::Summary]),
    ("总结报告", &[E::Summary]),
    ("演练报告", &[E::Summary]),
    ("演练评估", &[E::Summary]),
    ("文字总结", &[E::Summary]),
    ("总结", &[E::Summary]),
    ("文字小结", &[E::Text]),
    ("小结", &[E::Summary]),
    ("方案", &[E::Plan]),
    ("活动计划", &[E::Plan]),
    ("工作计划", &[E::Plan]),
    ("脚本", &[E::Plan]),
    ("影音", &[E::Video]),
    ("影像", &[E::Video]),
    ("音像", &[E::Audio, E::Video]),
    ("视频", &[E::Video]),
    ("录像", &[E::Video]),
    ("音频", &[E::Audio]),
    ("录音", &[E::Audio]),
    ("图文", &[E::Text, E::Photo]),
    ("扫描件", &[]),
    ("照片", &[E::Photo]),
    ("图片", &[E::Photo]),
    ("图像", &[E::Photo]),
    ("拍照", &[E::Photo]),
    ("配图", &[E::Photo]),
    ("截图", &[E::Photo]),
    ("图表", &[E::Data]),
    ("联络员名单", &[E::Roster]),
    ("回执（附", &[E::Form]),
    ("名单", &[E::Roster]),
    ("花名册", &[E::Roster]),
    ("回执", &[E::Roster]),
    ("联系方式", &[E::Roster]),
    ("名册", &[E::Roster]),
    ("值班表", &[E::Roster]),
    ("姓名、电话", &[E::Roster]),
    ("会议记录", &[E::Minutes]),
    ("会议纪要", &[E::Minutes]),
    ("纪要", &[E::Minutes]),
    ("台账", &[E::Ledger]),
    ("隐患清单", &[E::Ledger]),
    ("问题清单", &[E::Ledger]),
    ("责任清单", &[E::Ledger]),
    ("整改清单", &[E::Ledger]),
    ("清单", &[E::Ledger]),
    ("台帐", &[E::Ledger]),
    ("典型案例", &[E::Case]),
    ("执法案例", &[E::Case]),
    ("案例", &[E::Case]),
    ("新闻稿", &[E::News]),
    ("宣传报道", &[E::News]),
    ("工作信息", &[E::News]),
    ("篇信息", &[E::News]),
    ("条信息", &[E::News]),
    ("简报", &[E::News]),
    ("报道", &[E::News]),
    ("稿件", &[E::News]),
    ("典型做法", &[E::Experience]),
    ("典型经验", &[E::Experience]),
    ("经验做法", &[E::Experience]),
    ("突出做法", &[E::Experience]),
    ("好的做法", &[E::Experience]),
    ("经验材料", &[E::Experience]),
    ("特色做法", &[E::Experience]),
    ("亮点", &[E::Experience]),
    ("好经验", &[E::Experience]),
    ("先进经验", &[E::Experience]),
    ("特色项目", &[E::Experience]),
    ("先进做法", &[E::Experience]),
    ("统计数据", &[E::Data]),
    ("数据", &[E::Data]),
    ("进展", &[E::Data]),
    ("统计", &[E::Data]),
    ("书面", &[E::Text]),
    ("文字", &[E::Text]),
    ("教案", &[E::Text]),
    ("走访记录", &[E::Text]),
    ("记录", &[E::Text]),
    ("情况", &[E::Text]),
    ("动态", &[E::Text]),
    ("信息", &[E::Text]),
    ("进度", &[E::Text]),
    ("材料", &[]),
    ("资料", &[]),
    ("课件", &[E::Other]),
    ("作品", &[E::Other]),
];

/// Low bits of the words' first characters: most places need no look at the list.
static FIRST: LazyLock<[bool; 1024]> = LazyLock::new(|| {
    let mut table = [false; 1024];
    for c in WORDS.iter().filter_map(|(w, _)| w.chars().next()) {
        table[c as usize & 1023] = true;
    }
    table
});

/// What sorts of evidence a text names.
pub(crate) fn types(t: &[char]) -> Vec<E> {
    let mut out: Vec<E> = Vec::new();
    let mut i = 0;
    while i < t.len() {
        if !FIRST[t[i] as usize & 1023] {
            i += 1;
            continue;
        }
        let hit = WORDS.iter().filter(|(w, _)| at(t, i, w)).max_by_key(|(w, _)| w.chars().count());
        let Some((word, kinds)) = hit else {
            i += 1;
            continue;
        };
        // 附件2 names a form only when nothing else is said.
        for k in *kinds {
            if !out.contains(k) {
                out.push(*k);
            }
        }
        i += word.chars().count();
    }
    // 情况统计表 is a form, 活动信息和照片 is text and photo, but 统计表 needs no 情况.
    let named = out.iter().any(|k| !matches!(k, E::Text | E::Data));
    if named && out.contains(&E::Text) && only_in_form(t) {
        out.retain(|k| *k != E::Text);
    }
    if named && out.contains(&E::Data) && only_in_form(t) {
        out.retain(|k| *k != E::Data);
    }
    if out.contains(&E::Form) && out.len() > 1 && !has_any(t, &["表"]) {
        out.retain(|k| *k != E::Form);
    }
    out
}

/// Whether 情况, 信息, 进展 only qualify a noun behind them: 进展情况统计表, 信息总结.
fn only_in_form(t: &[char]) -> bool {
    let mut i = 0;
    let mut any = false;
    while let Some((j, w)) =
        find_any(t, i, &["情况", "动态", "信息", "进展", "进度", "统计", "数据", "记录", "文字", "书面"])
    {
        i = j + w.chars().count();
        any = true;
        if matches!(w, "文字" | "书面") && at_any(t, i, &["总结", "报告"]).is_none() {
            return false;
        }
        let qualifies = at_any(
            t,
            i,
            &["统计", "表", "汇总", "反馈", "情况", "总结", "登记", "报告", "的总结", "清单", "台账", "一览"],
        )
        .is_some();
        if !qualifies && !matches!(w, "文字" | "书面") {
            return false;
        }
    }
    any
}

/// In which form a sentence asks for it.
fn copies(t: &[char]) -> Vec<CopyForm> {
    let mut out = Vec::new();
    let no_paper = has_any(t, &["不再报纸质", "不报纸质", "无需纸质", "不需纸质", "无须纸质"]);
    if has_any(t, &["纸质", "书面材料", "盖章"]) && !no_paper {
        out.push(CopyForm::Paper);
    }
    if has_any(t, &["电子版", "电子档", "电子文档", "电子稿", "工作群", "电子邮箱", "邮箱", "电子件"])
    {
        out.push(CopyForm::Electronic);
    }
    if has_any(t, &["传真"]) && !has_any(t, &["传真:", "传真电话", "（传真）"]) {
        out.push(CopyForm::Fax);
    }
    out
}

const KEPT: &[&str] = &[
    "存档备查",
    "留存备查",
    "备查",
    "存档",
    "归档",
    "整理成册",
    "建档",
    "留存",
    "拍照",
    "建立台账",
    "建立工作台账",
    "建立隐患台账",
    "建立排查台账",
    "收齐",
];

/// Evidence of a sentence: objects of handing in, and what is kept.
pub(crate) fn of_sentence(text: &Text, r: Range<usize>, verbs: &[Verb], out: &mut Vec<Evidence>) {
    let t = &text.c;
    let mut spans: Vec<Range<usize>> = Vec::new();
    for v in verbs {
        if let Some(o) = &v.object {
            spans.push(o.clone());
        }
    }
    if let Some(i) = find(&t[..r.end], r.start, "材料包括").or_else(|| find(&t[..r.end], r.start, "资料包括")) {
        let end = (i..r.end).find(|&k| matches!(t[k], '。' | '；')).unwrap_or(r.end);
        spans.push(i + 4 + usize::from(t.get(i + 4) == Some(&':'))..end);
    }
    let mut from = r.start;
    while let Some((i, w)) = find_any(&t[..r.end], from, KEPT) {
        let end = i + w.chars().count();
        let clause = (r.start..i).rev().find(|&k| matches!(t[k], '，' | '；' | '。' | ':')).map_or(r.start, |k| k + 1);
        let mut begin = clause;
        if i < clause + 5 && clause > r.start {
            // 演练方案、签到表整理成册，存档备查: the things stand in the clause before.
            begin = (r.start..clause - 1)
                .rev()
                .find(|&k| matches!(t[k], '，' | '；' | '。' | ':'))
                .map_or(r.start, |k| k + 1);
        }
        if let Some(k) = t[begin..i.max(begin)].iter().rposition(|c| matches!(c, '将' | '把')) {
            begin += k + 1;
        }
        let stop = if w.contains("台账") || w == "拍照" { end } else { i.max(begin) };
        if stop > begin {
            spans.push(begin..stop);
        }
        from = end;
    }
    // 留存影像资料, 填写检查记录, 形成复查报告: the thing follows the verb.
    let mut from = r.start;
    while let Some((i, w)) = find_any(&t[..r.end], from, &["留存", "填写", "形成", "建立", "收集", "整理"])
    {
        let start = i + w.chars().count();
        let end = (start..r.end.min(start + 40))
            .find(|&k| matches!(t[k], '，' | '；' | '。' | '报') && !at(t, k, "报告") && !at(t, k, "报表"))
            .unwrap_or(r.end.min(start + 40));
        let solid =
            types(&t[start..end]).iter().any(|k| !matches!(k, E::Text | E::Data | E::Experience | E::Plan | E::News))
                || w == "填写" && has_any(&t[start..end], &["记录", "表"]);
        if end > start + 1 && solid && !has_any(&t[start..end], &["备查"]) {
            spans.push(start..end);
        }
        from = start;
    }
    let whole = &t[r.clone()];
    for s in spans {
        if s.end <= s.start || out.len() >= 100 {
            continue;
        }
        let mut kinds = types(&t[s.clone()]);
        if kinds.is_empty() && has_any(&t[s.clone()], &["材料"]) {
            kinds.push(E::Text);
        }
        let lines = text.lines(s.clone());
        let printed = text.printed(s.clone());
        let seen = out.iter().any(|e| e.lines == lines && (e.text.contains(&printed) || printed.contains(&e.text)));
        if kinds.is_empty() || seen {
            continue;
        }
        let near = &t[s.start.max(r.start)..r.end.min(s.end + 60)];
        let copies =
            if has_any(whole, &["两种方式", "材料", "电子版"]) { copies(near) } else { copies(&t[s.clone()]) };
        out.push(Evidence { text: printed, types: kinds, copies, lines });
    }
}

/// 以上材料通过镇政务工作群报送: the form that a later sentence gives to what the one before listed.
pub(crate) fn channel(t: &[char]) -> Vec<CopyForm> {
    if has_any(t, &["以上材料", "上述材料", "以上资料", "所有材料"]) { copies(t) } else { Vec::new() }
}
