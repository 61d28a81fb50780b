//! Activity kinds: the codes of `data/activity_kinds.json` and the words that betray them.
//!
//! To teach the compiler a new word, add it to [`WORDS`]: under `sure` when it decides wherever it stands, under
//! `title` when it decides in a heading only.

use serde::Serialize;

use std::sync::LazyLock;

use crate::chars::{at, chars};

/// What sort of activity it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Kind {
    Kickoff,
    Study,
    Film,
    Lecture,
    LeaderTalk,
    ConsultDay,
    FiveIn,
    Drill,
    WarningEdu,
    HazardCheck,
    Whistle,
    Expose,
    Tour,
    OpenDay,
    Contest,
    Training,
    Media,
    Posters,
    Handout,
    Culture,
    Pledge,
    Volunteer,
    EnterpriseCulture,
    Create,
    Inspection,
    Expert,
    Campaign,
    Skill,
    Model,
    Standard,
    Plan,
    Report,
}

struct Words {
    kind: Kind,
    sure: &'static [&'static str],
    title: &'static [&'static str],
}

const fn words(kind: Kind, sure: &'static [&'static str], title: &'static [&'static str]) -> Words {
    Words { kind, sure, title }
}

/// The lexicon, in the order of the catalogue.
static WORDS: &[Words] = &[
    words(
        Kind::Kickoff,
        &[
            "启动仪式",
            "启动日",
            "启动视频会",
            "启动会",
            "动员部署会",
            "动员大会",
            "动员会",
            "开幕式",
            "新闻发布会",
            "誓师",
            "启动活动",
            "启动大会",
        ],
        &["启动", "动员"],
    ),
    words(
        Kind::Study,
        &[
            "理论学习",
            "中心组",
            "专题学习",
            "专题研讨",
            "集中宣讲",
            "辅导报告",
            "专题宣传贯彻",
            "集中学习",
            "重要论述精神",
            "学习贯彻",
            "重要论述",
        ],
        &["学习", "研讨", "宣贯", "宣传贯彻"],
    ),
    words(
        Kind::Film,
        &["专题片", "宣传片", "云课堂", "警示片", "警示教育片", "录制视频", "教育片"],
        &["观看", "放映", "影片", "电影"],
    ),
    words(
        Kind::Lecture,
        &[
            "大讲堂",
            "大家谈",
            "公开课",
            "微课堂",
            "班组会",
            "班前会",
            "在线访谈",
            "基层宣讲",
            "百名领导",
            "辩论赛",
            "读书活动",
            "宣讲",
            "主题班会",
            "班会课",
            "第一课",
            "板凳课堂",
            "安全课",
            "讲座",
            "国旗下讲话",
            "讲一课",
            "讲一堂",
            "小课堂",
            "大讲坛",
            "院坝会",
            "村民大会",
            "屋场会",
        ],
        &["课", "讲", "班会", "夜校", "课堂"],
    ),
    words(
        Kind::LeaderTalk,
        &[
            "主要负责人讲",
            "一把手",
            "第一责任人",
            "负责人谈",
            "负责人讲",
            "主播讲",
            "第一课",
            "五带头",
            "领导包片宣讲",
            "书记谈",
            "书记讲",
            "局长谈",
            "总经理讲",
            "厂长讲",
            "矿长讲",
            "校长讲",
            "镇长讲",
            "经理讲",
            "领导讲",
            "带头讲",
        ],
        &["谈安全", "领导"],
    ),
    words(
        Kind::ConsultDay,
        &["咨询日", "咨询活动", "集中宣传日", "咨询周", "云咨询", "宣传咨询", "现场咨询"],
        &["咨询", "集中宣传", "宣传日"],
    ),
    words(
        Kind::FiveIn,
        &[
            "五进",
            "进企业",
            "进农村",
            "进社区",
            "进学校",
            "进家庭",
            "七进",
            "五个一",
            "进门入户",
            "送安全",
            "消地结合",
            "进村",
            "进校园",
            "进村入户",
            "入户宣传",
            "六进",
            "进工地",
            "进乡村",
            "进万家",
            "农户家中",
            "进机关",
            "牧户",
            "进宿舍",
            "进班组",
        ],
        &["入户", "进户", "夜访", "敲门", "家里", "下乡", "进村"],
    ),
    words(
        Kind::Drill,
        &["演练", "桌面推演", "疏散", "应急处置方案", "体验活动", "逃生", "避险转移", "转移避险", "实战练兵"],
        &["逃生", "自救", "拉练", "演习", "撤离", "避险"],
    ),
    words(
        Kind::WarningEdu,
        &["警示教育", "警示片", "以案说法", "以案普法", "警示展", "事故案例", "典型案例警示", "以案促"],
        &["警示", "案例"],
    ),
    words(
        Kind::HazardCheck,
        &[
            "隐患排查",
            "大扫除",
            "查找身边",
            "隐患排查行动",
            "自查自改",
            "拉网式",
            "大起底",
            "排查整治",
            "大排查",
            "隐患整治",
            "查隐患",
            "自查",
            "排查",
            "隐患治理",
            "大检查",
            "集中清理",
            "起底",
        ],
        &["隐患", "清理", "清出来", "查一遍", "摸排", "自查", "找隐患", "整治", "体检"],
    ),
    words(Kind::Whistle, &["吹哨人", "随手拍", "12350", "举报", "有奖征集隐患", "经核实的，奖励"], &[]),
    words(Kind::Expose, &["曝光"], &["红黑榜"]),
    words(
        Kind::Tour,
        &[
            "万里行",
            "草原行",
            "江淮行",
            "三湘行",
            "楚天行",
            "海西行",
            "燕赵行",
            "陕西行",
            "中原行",
            "嘉州行",
            "兴安行",
            "齐鲁行",
            "龙舒行",
            "基层行",
            "专题行",
            "区域行",
            "网上行",
            "龙江行",
            "八桂行",
            "南粤行",
            "三晋行",
            "陇原行",
            "天山行",
            "巴渝行",
            "赣鄱行",
            "浙江行",
            "江苏行",
            "北疆行",
            "琼州行",
            "高原行",
            "塞上行",
            "京华行",
            "海河行",
            "吉林行",
            "辽宁行",
            "云岭行",
            "黔行",
            "八闽行",
        ],
        &["行”"],
    ),
    words(
        Kind::OpenDay,
        &["开放日", "体验馆", "体验场馆", "向居民开放", "向社会开放", "向公众开放", "进站参观", "开放周", "参观消防"],
        &["开放", "请居民进", "参观", "进站"],
    ),
    words(
        Kind::Contest,
        &[
            "竞赛",
            "答题",
            "安康杯",
            "知多少",
            "安全力",
            "链工宝",
            "我问你答",
            "知识竞答",
            "网上答",
            "擂台赛",
            "抢答",
            "知识测试",
        ],
        &["竞答", "比赛", "问答"],
    ),
    words(Kind::Training, &["培训", "应知应会", "轮训", "集中学习", "业务学习"], &["练兵", "教学"]),
    words(
        Kind::Media,
        &[
            "专题专栏",
            "专栏",
            "融媒体",
            "短视频",
            "公益广告",
            "短信",
            "大喇叭",
            "LED",
            "显示屏",
            "大屏",
            "公众号",
            "媒体",
            "广播",
            "微信",
            "录制",
            "抖音",
            "滚动播放",
            "报道",
            "循环播放",
            "播放",
        ],
        &["宣传", "媒体", "报道", "网上", "线上"],
    ),
    words(
        Kind::Posters,
        &[
            "横幅",
            "标语",
            "展板",
            "挂图",
            "海报",
            "宣传栏",
            "黑板报",
            "宣传车",
            "条幅",
            "图板",
            "板报",
            "电子屏",
            "宣传画",
            "彩旗",
            "橱窗",
        ],
        &["氛围", "宣传", "布展", "上墙"],
    ),
    words(
        Kind::Handout,
        &[
            "宣传单",
            "手册",
            "折页",
            "图书",
            "宣传品",
            "一封信",
            "宣传册",
            "明白卡",
            "发放资料",
            "宣传资料",
            "发放宣传",
            "明白纸",
            "倡议书",
            "传单",
            "读本",
            "提示卡",
            "口袋书",
        ],
        &["发放", "一封信", "送资料"],
    ),
    words(
        Kind::Culture,
        &[
            "文艺演出",
            "书画",
            "摄影",
            "征文",
            "微视频征集",
            "灯谜",
            "演讲",
            "小戏",
            "快板",
            "文化周",
            "文艺",
            "作品征集",
            "绘画",
            "手抄报",
            "文化活动",
            "短视频征集",
            "家属",
            "歌曲",
            "嘱托",
        ],
        &["文化", "征集", "大赛", "演出", "嘱托"],
    ),
    words(Kind::Pledge, &["承诺", "宣誓", "万人签名", "倡议", "签名", "责任书", "践诺"], &["签名", "承诺", "签订"]),
    words(
        Kind::Volunteer,
        &["红袖章", "志愿者", "网格员", "志愿服务", "走访", "联村干部", "包村干部"],
        &["志愿", "走访"],
    ),
    words(
        Kind::EnterpriseCulture,
        &[
            "红黑榜",
            "安全培训师",
            "特色工作法",
            "安全文化示范企业",
            "班组建设",
            "企业安全文化",
            "安全文化建设",
            "班组安全",
        ],
        &["文化建设", "班组"],
    ),
    words(
        Kind::Create,
        &[
            "示范岗",
            "平安校园",
            "平安农机",
            "安全社区",
            "创建",
            "示范社区",
            "示范村",
            "示范企业",
            "标准化建设",
            "示范创建",
        ],
        &["创建"],
    ),
    words(
        Kind::Inspection,
        &[
            "四不两直",
            "明察暗访",
            "联合执法",
            "督导检查",
            "专项执法",
            "执法检查",
            "安全检查",
            "检查",
            "督查",
            "执法",
            "督导",
            "夜查",
            "抽查",
            "暗访",
        ],
        &["检查", "执法", "督查", "巡查"],
    ),
    words(
        Kind::Expert,
        &[
            "远程会诊",
            "专家查隐患",
            "指导帮扶",
            "一件事全链条",
            "专家指导",
            "专家服务",
            "专家会诊",
            "送服务",
            "专家团",
            "安全体检",
            "技术服务",
            "专家",
        ],
        &["专家", "帮扶", "服务", "会诊"],
    ),
    words(
        Kind::Campaign,
        &[
            "专项整治",
            "集中攻坚",
            "三年行动",
            "自建房",
            "打非治违",
            "治本攻坚",
            "专项行动",
            "安全整治",
            "百日行动",
            "专项排查",
            "排查整治",
            "专项执法",
            "攻坚",
            "专项治理",
            "集中整治",
            "房屋安全",
        ],
        &["整治", "攻坚", "行动", "治理"],
    ),
    words(
        Kind::Skill,
        &["大练兵", "技能竞赛", "大比武", "技能比武", "趣味测试", "技能大赛", "比武", "练兵", "趣味运动", "技术比武"],
        &["技能", "比武"],
    ),
    words(
        Kind::Model,
        &[
            "精品典型",
            "最美应急人",
            "先进单位评选",
            "好新闻",
            "选树",
            "典型选树",
            "评选",
            "评比",
            "优秀作品",
            "表彰",
            "先进典型",
        ],
        &["典型", "选树", "评选", "表彰", "评比"],
    ),
    words(Kind::Standard, &["判定标准", "两个清单", "五个必学", "标准上墙"], &["判定标准"]),
    words(
        Kind::Plan,
        &[
            "制订一个实施方案",
            "逃生路线图",
            "梳理应急预案",
            "预案修订",
            "修订预案",
            "修订应急预案",
            "完善预案",
            "完善应急预案",
            "制定预案",
        ],
        &["预案", "路线图"],
    ),
    words(Kind::Report, &["工作信息", "信息报送", "总结报送"], &["总结", "信息"]),
];

/// A word of the lexicon: its kind's place, whether it is sure, and its text.
type Word = (usize, bool, &'static str);

/// The words by the low bits of their first character.
static INDEX: LazyLock<Vec<Vec<Word>>> = LazyLock::new(|| {
    let mut index = vec![Vec::new(); 1024];
    for (k, w) in WORDS.iter().enumerate() {
        for (sure, words) in [(true, w.sure), (false, w.title)] {
            for word in words {
                if let Some(c) = word.chars().next() {
                    index[c as usize & 1023].push((k, sure, *word));
                }
            }
        }
    }
    index
});

/// The kinds an activity has: those of its title first, then those its text names beyond doubt.
pub(crate) fn kinds(title: &[char], body: &[char]) -> Vec<Kind> {
    let mut best: Vec<Option<(u8, usize)>> = vec![None; WORDS.len()];
    for (text, in_title) in [(title, true), (body, false)] {
        for i in 0..text.len() {
            for &(k, sure, word) in &INDEX[text[i] as usize & 1023] {
                let rank = match (in_title, sure) {
                    (true, true) => 0,
                    (true, false) => 1,
                    (false, true) => 2,
                    (false, false) => continue,
                };
                if best[k].is_none_or(|b| (rank, i) < b) && at(text, i, word) {
                    best[k] = Some((rank, i));
                }
            }
        }
    }
    let mut found: Vec<(u8, usize, Kind)> =
        best.iter().zip(WORDS).filter_map(|(b, w)| b.map(|(rank, i)| (rank, i, w.kind))).collect();
    found.sort_by_key(|(rank, i, _)| (*rank, *i));
    let certain = found.iter().any(|(rank, _, _)| *rank == 0);
    // A weak word of the title gives way to a strong one; a long text names much in passing.
    let mut out: Vec<Kind> = Vec::new();
    for (rank, _, kind) in found {
        let weak_media = certain && rank == 1;
        if !(weak_media || rank == 2 && kind == Kind::Report) {
            out.push(kind);
        }
    }
    out.truncate(6);
    out
}

/// Whether a heading has a word of some kind of activity in it.
pub(crate) fn names_activity(title: &str) -> bool {
    !kinds(&chars(title), &[]).is_empty()
}
