//! The units a notice addresses: the 主送 line and its parts.

use crate::chars::{chars, ends_any, has_any, starts_any};
use crate::model::{Addressee, Addressees, UnitKind};
use crate::text::Text;

/// Words a part of a 主送 line ends with or contains.
const UNIT_WORDS: &[&str] = &[
    "单位",
    "部门",
    "企业",
    "公司",
    "村",
    "嘎查",
    "委",
    "社区",
    "街道",
    "乡镇",
    "镇",
    "苏木",
    "学校",
    "中学",
    "小学",
    "幼儿园",
    "局",
    "办",
    "站",
    "所",
    "科",
    "室",
    "处",
    "中心",
    "政府",
    "园区",
    "开发区",
    "管区",
    "企事业",
    "商铺",
    "店",
    "班级",
    "年级",
    "系部",
    "院",
    "车间",
    "班组",
    "工段",
    "厂",
    "矿",
    "队",
    "部",
    "股",
    "组",
    "人员",
    "会",
    "食堂",
    "集团",
    "机关",
    "网格",
    "居民",
    "经营户",
    "场所",
    "公园",
    "景区",
    "医院",
    "农场",
    "林场",
    "市",
    "县",
    "区",
    "旗",
    "场",
    "团",
    "工程",
    "项目",
    "同志",
    "商户",
    "业主",
    "师生",
    "家长",
    "分校",
    "户",
    "机构",
    "成员",
];

/// Whether the text is a list of units. `strict` is for a line without a colon.
pub(crate) fn is_list(t: &[char], strict: bool) -> bool {
    if t.len() < 2
        || has_any(
            t,
            &["如下", "现将", "关于", "http", "主题", "时间", "来源", "通知", "事项", "联系", "编辑", "《", "附件"],
        )
    {
        return false;
    }
    if t.iter().any(|c| c.is_ascii_digit()) {
        return false;
    }
    let parts = split(t);
    let unit = |p: &[char]| {
        let bare: Vec<char> = without_brackets(p);
        ends_any(&bare, UNIT_WORDS)
    };
    let good = parts.iter().filter(|(a, b)| unit(&t[*a..*b])).count();
    if strict {
        let addressed = starts_any(
            t,
            &["各", "全", "有关", "相关", "驻", "辖区", "镇", "乡", "县", "区", "市", "旗", "公司", "局", "本"],
        );
        return good == parts.len() && addressed && (parts.len() > 1 || starts_any(t, &["各", "全"]));
    }
    good * 2 >= parts.len().max(1) && good > 0
}

fn without_brackets(p: &[char]) -> Vec<char> {
    let mut depth = 0usize;
    let mut out = Vec::new();
    for c in p {
        match c {
            '（' => depth += 1,
            '）' => depth = depth.saturating_sub(1),
            c if depth == 0 => out.push(*c),
            _ => {}
        }
    }
    out
}

/// The parts between 、 ， and spaces, brackets kept whole.
fn split(t: &[char]) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let (mut from, mut depth) = (0usize, 0usize);
    for (i, c) in t.iter().enumerate() {
        match c {
            '（' => depth += 1,
            '）' => depth = depth.saturating_sub(1),
            '、' | '，' | '；' if depth == 0 => {
                if i > from {
                    out.push((from, i));
                }
                from = i + 1;
            }
            _ => {}
        }
    }
    if from < t.len() {
        out.push((from, t.len()));
    }
    out
}

/// The 主送 line with its parts.
pub(crate) fn addressees(text: &Text) -> Addressees {
    let items = split(&text.c)
        .into_iter()
        .map(|(a, b)| Addressee { text: text.printed(a..b), unit_kinds: kinds(&text.c[a..b]) })
        .collect();
    Addressees { value: text.printed(0..text.len()), lines: text.all_lines(), items }
}

/// The kinds of unit that one part addresses.
fn kinds(t: &[char]) -> Vec<UnitKind> {
    use UnitKind::{Community, County, Department, Enterprise, Mine, Other, School, Subunit, Township, Village};
    let has = |words: &[&str]| has_any(t, words);
    let bare = without_brackets(t);
    let ends = |words: &[&str]| ends_any(&bare, words);
    let mut out = Vec::new();
    let mut add = |k| {
        if !out.contains(&k) {
            out.push(k);
        }
    };
    if ends(&[
        "车间",
        "班级",
        "班组",
        "年级组",
        "科室",
        "工段",
        "承包队",
        "食堂",
        "校车队",
        "总务处",
        "系部",
        "各部门店",
        "主力店",
        "店铺",
        "教研组",
        "项目部",
        "处室",
        "班",
        "股室",
        "队",
        "分厂",
        "工区",
        "作业区",
        "教研室",
        "后勤处",
        "年级",
        "各系",
        "各部",
        "各科",
    ]) || has(&["公司各", "校内各", "厂属", "本校", "院属", "矿属", "公司所属", "各处"])
    {
        return vec![Subunit];
    }
    if has(&["乡镇", "苏木镇", "镇人民政府", "乡人民政府", "街道", "苏木"])
        && !ends(&["中心", "所", "站", "企业", "校", "学"])
        || bare == chars("各镇")
        || bare == chars("各乡")
    {
        add(Township);
    }
    if ends(&[
        "县（市、区）",
        "县人民政府",
        "区人民政府",
        "市人民政府",
        "旗人民政府",
        "旗县",
        "市县",
        "各县",
        "各区",
        "各旗",
        "各市",
        "盟市",
        "各县市区",
        "旗县市区",
    ]) || bare.starts_with(&['各', '县'])
        || bare.starts_with(&['各', '旗', '县'])
        || bare.starts_with(&['各', '区', '县'])
    {
        add(County);
    }
    if has(&["村", "嘎查"]) && !ends(&["企业", "校", "学"]) {
        add(Village);
    }
    if has(&["社区", "居委", "居民", "（居", "居）"]) && !has(&["医院"]) {
        add(Community);
    }
    if has(&["企业", "公司", "商铺", "企事业", "商户", "厂", "经营", "集团", "店", "酒店", "园区企业", "合作社"])
    {
        add(Enterprise);
    }
    if has(&["矿"]) {
        add(Mine);
    }
    if has(&["学校", "中学", "小学", "中小学", "幼儿园", "院校", "高校", "学院"]) {
        add(School);
    }
    if has(&[
        "部门",
        "镇直",
        "乡直",
        "县直",
        "区直",
        "市直",
        "旗直",
        "局属",
        "成员单位",
        "企事业",
        "站所",
        "办公室",
        "中心",
        "委办局",
        "委、办、局",
        "局",
        "机关",
        "直属",
        "派驻",
        "七站八所",
        "事业单位",
        "委员会",
    ]) && !has(&["村民委员会", "居民委员会", "管理委员会", "相关单位", "企业有关单位"])
        || ends(&["办", "站", "所", "科", "室"])
    {
        add(Department);
    }
    if out.is_empty() {
        out.push(Other);
    }
    out
}
