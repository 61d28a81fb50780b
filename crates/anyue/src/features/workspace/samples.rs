//! The pages of the workspace with invented content, for the tests of templates.

use super::fill_form::FillForm;
use super::fill_page::{About, FillPage, HandedInPage, Proof, Receipt};
use super::model::{Card, OwnUnit, Todo};
use super::notice::{Changed, NoticePage};
use super::reports::{Filter, Group, ReportsPage, Row};
use super::todo::{Notice, Standing, TodoPage};
use super::typeset;
use crate::features::duties::api::{BoardState, EvidenceDemand, LiaisonForm, Part, Review};
use crate::features::evidence::api::Shown;
use crate::features::reports::api::{Cards, ItemShown};
use crate::platform::error::FieldErrors;
use crate::platform::ids::UnitId;
use crate::platform::web::{Frame, FrameUser};
use crate::testing::samples::html;

/// Name and rendered HTML of each page.
pub fn all() -> Vec<(&'static str, String)> {
    vec![
        ("workspace/todo", html(&TodoPage::sample())),
        ("workspace/notice", html(&NoticePage::sample())),
        ("workspace/fill", html(&FillPage::sample())),
        ("workspace/handed_in", html(&HandedInPage::sample())),
        ("workspace/reports", html(&ReportsPage::sample())),
    ]
}

const CAMPAIGN: &str = "青龙山镇2022年“安全生产月”活动实施方案";

fn frame(title: &str, active: &'static str) -> Frame {
    Frame {
        title: title.to_owned(),
        site_name: "青龙山镇安全生产".to_owned(),
        active,
        unread: 2,
        user: Some(FrameUser {
            name: "王二柱".to_owned(),
            unit_name: "东沟村".to_owned(),
            is_liaison: true,
            ..FrameUser::default()
        }),
        today: "2022年6月13日（周一）".to_owned(),
        ..Frame::default()
    }
}

fn units() -> Vec<OwnUnit> {
    let unit = |id: &str, name: &str| OwnUnit { id: UnitId::from(id), name: name.to_owned() };
    vec![unit("1", "东沟村"), unit("2", "东沟村小学")]
}

fn card(title: &str, due: &str, button: &'static str) -> Card {
    Card {
        title: title.to_owned(),
        campaign: CAMPAIGN.to_owned(),
        due: due.to_owned(),
        clause: "五/（四）".to_owned(),
        source_text: "请于6月20日前将联络员反馈表和活动方案报镇平安建设办公室。".to_owned(),
        minutes: "约25分钟".to_owned(),
        href: "/work/do/1".to_owned(),
        button,
        ..Card::default()
    }
}

pub(super) fn todo() -> TodoPage {
    let overdue = Card {
        overdue: true, ..card("启动仪式活动情况", "6月10日（周五）　已逾期3天", "去填报")
    };
    let returned = Card {
        state: BoardState::Returned.label(),
        returned: "联络员手机号少一位。".to_owned(),
        ..card("报送联络员反馈表和活动方案", "6月20日（周一）　还有7天", "去修改")
    };
    let done = Card {
        state: BoardState::Received.label(),
        handed_in: "6月13日 08:40".to_owned(),
        clause: String::new(),
        ..card("签收通知", "6月14日（周二）", "查看")
    };
    TodoPage {
        frame: frame("待办", "work"),
        greeting: "王二柱，上午好".to_owned(),
        units: units(),
        unit: String::new(),
        todo: Todo {
            now: vec![overdue, returned, card("每周四上午报送活动开展情况", "6月16日（周四）12:00　还有3天", "去填报")],
            later: vec![card("每周四上午报送活动开展情况", "6月23日（周四）12:00　还有10天", "去填报")],
            missed: vec![card(
                "每周四上午报送活动开展情况",
                "6月9日（周四）12:00　收到通知时已过期，可以补报",
                "去填报",
            )],
            done: vec![done],
        },
        standing: vec![Standing {
            title: "大型活动随时报送".to_owned(),
            about: CAMPAIGN.to_owned(),
            action: "/work/ad-hoc/1".to_owned(),
            unit_id: "1".to_owned(),
        }],
        notices: vec![Notice {
            title: CAMPAIGN.to_owned(),
            about: "青政发〔2022〕121号　6月13日 08:30收到".to_owned(),
            href: "/work/campaigns/1".to_owned(),
            changed: true,
        }],
    }
}

pub(super) fn notice() -> NoticePage {
    let text = "青政发〔2022〕121号\n关于印发“安全生产月”活动实施方案的通知\n各村、各厂矿企业、相关单位：\n现将方案印发给你们，请认真组织实施。\n一、活动主题\n遵守安全生产法 当好第一责任人\n青龙山镇人民政府\n2022年6月10日";
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    NoticePage {
        frame: frame("通知", "work"),
        id: "1".to_owned(),
        title: CAMPAIGN.to_owned(),
        facts: vec![
            ("发文机关", "青龙山镇人民政府".to_owned()),
            ("文号", "青政发〔2022〕121号".to_owned()),
            ("活动主题", "遵守安全生产法 当好第一责任人".to_owned()),
            ("活动时间", "6月1日至6月30日".to_owned()),
        ],
        remarks: "请各村把方案一并报来。".to_owned(),
        edition: 2,
        changes: vec![Changed {
            about: "6月14日 09:10，萨仁".to_owned(),
            note: "按旗里要求提前".to_owned(),
            sentences: vec!["报送时间由每周五改为每周四上午。".to_owned()],
        }],
        closed: false,
        cards: vec![card("报送联络员反馈表和活动方案", "6月20日（周一）　还有7天", "去填报")],
        standing: vec![("大型活动随时报送".to_owned(), "/work/ad-hoc/1".to_owned())],
        activities: vec![("（五）“6·16”安全宣传咨询日".to_owned(), "各村　6月16日".to_owned(), "四/（五）".to_owned())],
        lines: typeset::typeset(&lines),
        files: vec![("附件1 联络员反馈表.docx".to_owned(), "24 KB".to_owned(), "/files/1".to_owned())],
        unit: units().remove(0),
        units: units(),
        acknowledged: String::new(),
        can_pass_on: true,
    }
}

fn about() -> About {
    About {
        id: "1".to_owned(),
        title: "报送联络员反馈表和活动方案".to_owned(),
        unit: "东沟村".to_owned(),
        campaign: CAMPAIGN.to_owned(),
        notice: "/work/campaigns/1?unit=1".to_owned(),
        due: "6月20日（周一）　还有7天".to_owned(),
        clause: "五/（四）".to_owned(),
        source_text: "请于6月20日前报镇平安建设办公室。".to_owned(),
        hand_in_to: "镇平安建设办公室".to_owned(),
        ..About::default()
    }
}

pub(super) fn fill() -> FillPage {
    FillPage {
        frame: frame("填报", "work"),
        about: about(),
        parts: vec![Part::LiaisonForm, Part::UnitPlan, Part::Text, Part::Files],
        hides: true,
        report: Some(Cards::sample(false)),
        review: Some(Review {
            comment: "表中手机号少一位，方案请补负责人。".to_owned(),
            parts: [("liaison_form".to_owned(), "手机号只有10位。".to_owned())].into(),
        }),
        form: FillForm {
            version: "3".to_owned(),
            key: "0190".to_owned(),
            liaison: LiaisonForm {
                name: "王二柱".to_owned(),
                mobile: "1394760000".to_owned(),
                ..LiaisonForm::default()
            },
            ..FillForm::default()
        },
        errors: FieldErrors::one("mobile", "手机：请填写11位手机号码。"),
        files: Shown::samples(),
        evidence: vec![EvidenceDemand {
            what: "书面、图像、视频印证资料".to_owned(),
            types: vec!["photo".to_owned()],
            clause: "五/（四）".to_owned(),
            purpose: "印证活动开展".to_owned(),
            keep: "活动结束后一年".to_owned(),
        }],
        zero_report: true,
        prefilled: true,
        saved: "6月13日 08:52".to_owned(),
        other: None,
        again: true,
    }
}

pub(super) fn handed_in() -> HandedInPage {
    HandedInPage {
        frame: frame("已报送", "work"),
        about: about(),
        state: BoardState::Received.label().to_owned(),
        sentence: "已收到，等待审核。审核之前还可以修改。".to_owned(),
        receipt: Some(Receipt {
            title: "已收到".to_owned(),
            number: "7A31C0D2E9F4".to_owned(),
            time: "6月13日 08:55".to_owned(),
            at: "2022-06-13 08:55".to_owned(),
            by: "王二柱".to_owned(),
            proof: Some(Proof {
                code: crate::platform::web::qr::svg("AY1.0", "回执的二维码"),
                parts: vec![("活动记录", "0a1b2c3d4e5f".to_owned())],
            }),
        }),
        records: ItemShown::samples(),
        texts: vec![
            ("联络员姓名".to_owned(), "王二柱".to_owned()),
            ("活动方案".to_owned(), "成立小组，逐户排查。".to_owned()),
        ],
        files: Shown::samples(),
        can_correct: true,
        has_form: true,
        next: Some(("每周四上午报送活动开展情况：6月16日（周四）12:00　还有3天".to_owned(), "/work/do/2".to_owned())),
        history: vec![
            ("第2次".to_owned(), "6月13日 08:55　王二柱".to_owned(), "待审核".to_owned()),
            ("第1次".to_owned(), "6月13日 08:40　王二柱".to_owned(), "已退回".to_owned()),
        ],
    }
}

pub(super) fn reports() -> ReportsPage {
    let row = |title: &str, state: BoardState, handed_in: &str| Row {
        title: title.to_owned(),
        unit: "东沟村".to_owned(),
        due: "6月16日（周四）12:00　还有3天".to_owned(),
        handed_in: handed_in.to_owned(),
        state: state.label(),
        href: "/work/do/1".to_owned(),
    };
    ReportsPage {
        frame: frame("我的报送", "reports"),
        filter: Filter { q: "方案".to_owned(), ..Filter::default() },
        units: units(),
        groups: vec![Group {
            title: CAMPAIGN.to_owned(),
            href: "/work/campaigns/1".to_owned(),
            rows: vec![
                row("签收通知", BoardState::Received, "6月13日 08:40"),
                row("每周四上午报送活动开展情况", BoardState::NotYet, ""),
            ],
        }],
        counts: BoardState::ALL.iter().map(|state| (state.code(), state.label(), 1)).collect(),
    }
}
