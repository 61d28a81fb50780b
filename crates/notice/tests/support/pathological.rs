//! Texts made to cost most.

/// Inputs that invite quadratic work.
pub(crate) fn all() -> Vec<(&'static str, Vec<String>)> {
    let head = ["关于开展2024年“安全生产月”活动的通知", "各村、各企业：", "现将有关事项通知如下：一、活动内容"];
    let mut out = Vec::new();
    for unit in [
        "6月",
        "6月6日、",
        "（一）",
        "附件",
        "每周四上午",
        "、",
        "1",
        "（",
        "《",
        "“",
        "）",
        "一、",
        "联系人：",
        "电话：13800000000",
        "主题",
        "主题是“",
        "将",
        "报送",
        "至少1次",
        "各村要",
        "，",
        "。",
        "每月10日、",
        "|",
        "由各村",
        "结束后",
        "2024年",
        "前",
        "附件1：",
        "x",
        " 1 ",
        "2024年、",
        "各村、",
        "（一）开展演练。",
        "1.",
        "向",
        "期间",
        "及时",
        "发",
        "者第",
        "以为主题",
    ] {
        let big = unit.repeat(1_000_000 / unit.len());
        let mut lines: Vec<String> = head.iter().map(|s| s.to_string()).collect();
        lines.push(big.clone());
        out.push((unit, lines));
        out.push((unit, vec![big]));
    }
    let mut many: Vec<String> = head.iter().map(|s| s.to_string()).collect();
    many.extend((0..100_000).map(|i| format!("（{}）各村于6月{}日前报送方案。", i % 90, i % 30 + 1)));
    out.push(("100000 lines", many));
    let mut short: Vec<String> = head.iter().map(|s| s.to_string()).collect();
    short.extend((0..100_000).map(|_| "一".to_string()));
    out.push(("100000 short lines", short));
    for (name, line) in [
        ("items", "一、开展演练"),
        ("dates", "6月6日"),
        ("tables", "时间|活动|单位"),
        ("organs", "某镇人民政府"),
        ("titles", "关于开展活动的"),
        ("plans", "2024年安全生产活动方案"),
        ("attached", "附件1"),
        ("names", "联系人：某某"),
    ] {
        let mut lines: Vec<String> = head.iter().map(|s| s.to_string()).collect();
        lines.extend((0..12_000).map(|_| line.to_string()));
        out.push((name, lines));
    }
    out
}
