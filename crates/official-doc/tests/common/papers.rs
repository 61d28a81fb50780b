//! Invented documents of every form: what the tests measure and the example writes.

use jiff::civil::{Date, date};
use official_doc::write::{
    Align, Annex, Attendance, Block, Cell, DocNumber, Document, Form, Heading, Imprint, ImprintPage, Level, Manner,
    Numbering, Orientation, Paragraph, Picture, Run, Signature, Table, Urgency,
};

const TOWN: &str = "白银镇人民政府";

fn heading(level: Level, title: &str) -> Block {
    Block::heading(level, title)
}

/// A heading with text that goes on in the same paragraph.
fn run_in(level: Level, title: &str, text: &str) -> Block {
    Block::Heading(Heading {
        level,
        numbering: Numbering::Automatic,
        title: title.to_owned(),
        run_in: vec![Run::new(text)],
    })
}

fn signature(manner: Manner) -> Option<Signature> {
    Some(Signature { issuer: TOWN.to_owned(), manner })
}

fn imprint(cc: &[&str], print_date: Date) -> Option<Imprint> {
    Some(Imprint {
        addressees: None,
        cc_addressees: cc.iter().map(|name| (*name).to_owned()).collect(),
        printer: "白银镇党政综合办公室".to_owned(),
        print_date,
        page: ImprintPage::Last,
    })
}

/// A township's notice with ten tasks and two annexes, the second a wide table.
pub fn notice() -> Document {
    let mut notice = Document::new(Form::Notice, "关于开展2022年全镇“安全生产月”和“安全生产草原行”活动的通知");
    notice.issuer_mark = Some("白银镇人民政府文件".to_owned());
    notice.doc_number = DocNumber::Assigned("白政发[2022]021号".to_owned());
    notice.addressees = Some("各村、各厂矿企业,镇直各单位".to_owned());
    notice.blocks = vec![
        Block::text(
            "2022年6月是第21个全国“安全生产月”。为进一步普及安全知识、增强全民安全意识,经镇政府研究,决定在全镇组织开展“安全生产月”活动。现将有关事项通知如下。",
        ),
        heading(Level::One, "总体要求"),
        Block::text(
            "坚持人民至上、生命至上,围绕防范化解重大安全风险,把宣传教育同隐患排查整治结合起来,推动各单位落实主体责任,营造人人讲安全、个个会应急的良好氛围。",
        ),
        heading(Level::One, "活动时间"),
        Block::text("6月1日至6月30日,部分活动贯穿全年。"),
        heading(Level::One, "活动内容"),
    ];
    for (title, text) in [
        ("组织专题学习。", "各单位要在6月10日前至少组织1次集中学习,主要负责人带头讲安全。"),
        ("开展宣传咨询日活动。", "6月16日,在镇文化广场设置咨询台,发放宣传资料,接受群众咨询。"),
        ("推进安全宣传“五进”。", "结合实际进企业、进农村、进社区、进学校、进家庭,入户讲解用火、用电、用气常识。"),
        ("组织应急演练。", "6月20日前,各厂矿企业至少组织1次疏散逃生或者现场处置演练,演练后要评估并留存资料。"),
        ("开展警示教育。", "组织从业人员观看警示教育片,以案说法,举一反三。"),
        ("开展隐患排查整治。", "各单位对照判定标准全面自查自改,建立问题隐患和整改措施清单,做到闭环管理。"),
        ("畅通举报渠道。", "公布举报电话和受理方式,鼓励群众举报身边的安全隐患,依规兑现奖励。"),
        ("举办知识竞赛。", "组织干部职工参加网上答题,以赛促学。"),
        ("开放体验场馆。", "配合消防救援站做好公众开放日预约和组织工作。"),
        ("做好媒体宣传。", "通过广播、电子屏、公众号等持续宣传,及时推广好的做法。"),
    ] {
        notice.blocks.push(run_in(Level::Two, title, text));
    }
    notice.blocks.extend([
        heading(Level::One, "有关要求"),
        run_in(Level::Two, "加强组织领导。", "各单位要制定活动方案,明确责任人和联络员,确保各项活动落到实处。"),
        run_in(Level::Two, "务求工作实效。", "要轻车简从、不搞形式,并做到以下几点:"),
        run_in(
            Level::Three,
            "按时报送。",
            "6月20日前报送活动方案和联络员反馈表(附件1),6月期间每周四12:00前报送进展情况统计表(附件2)。",
        ),
        run_in(Level::Three, "如实填报。", "没有开展的活动不得虚报,数字要有据可查。"),
        run_in(Level::Four, "纸质材料", "一式两份,加盖公章。"),
        run_in(Level::Four, "电子材料", "包括照片、视频和文字,注明时间、地点和人数。"),
        Block::text("联系人:陈某某,联系电话:0900-1234567。"),
    ]);
    notice.attach(feedback_form());
    notice.attach(statistics());
    notice.signature = signature(Manner::Sealed);
    notice.issue_date = Some(date(2022, 6, 12));
    notice.note = Some("此件公开发布".to_owned());
    notice.imprint = imprint(&["县应急管理局", "县安全生产委员会办公室"], date(2022, 6, 12));
    notice
}

fn feedback_form() -> Annex {
    let rows = [["单位名称", ""], ["联络员姓名", ""], ["职务", ""], ["联系电话", ""], ["电子邮箱", ""]];
    Annex {
        labelled: true,
        title: "“安全生产月”活动联络员反馈表".to_owned(),
        orientation: Orientation::Portrait,
        blocks: vec![
            Block::Table(Table {
                widths: vec![46.0, 110.0],
                rows: rows.iter().map(|row| vec![Cell::centred(row[0]), Cell::new(row[1])]).collect(),
                points: 14.0,
                ..Table::default()
            }),
            Block::text("注:请于6月20日前报送镇应急管理办公室。"),
        ],
    }
}

fn statistics() -> Annex {
    let head = |text: &str, columns, rows| Cell::centred(text).spanning(columns, rows);
    let mut rows = vec![
        vec![
            head("序号", 1, 2),
            head("活动内容", 1, 2),
            head("开展情况", 3, 1),
            head("隐患排查", 2, 1),
            head("备注", 1, 2),
        ],
        ["场次", "参与人次", "发放资料(份)", "发现(项)", "已整改(项)"].map(Cell::centred).to_vec(),
    ];
    for (index, name) in
        ["专题学习", "宣传咨询日", "安全宣传“五进”", "应急演练", "警示教育", "隐患排查整治"].iter().enumerate()
    {
        let mut row = vec![Cell::centred((index + 1).to_string()), Cell::new(*name)];
        row.extend((0..6).map(|_| Cell::centred("")));
        rows.push(row);
    }
    Annex {
        labelled: true,
        title: "“安全生产月”活动进展情况统计表".to_owned(),
        orientation: Orientation::Landscape,
        blocks: vec![Block::Table(Table {
            widths: vec![14.0, 55.0, 24.0, 28.0, 32.0, 24.0, 28.0, 20.0],
            header_rows: 2,
            rows,
            points: 12.0,
            caption: None,
        })],
    }
}

/// A report upward with two signers and what goes above the mark.
pub fn report() -> Document {
    let mut report = Document::new(Form::Report, "白银镇人民政府关于2022年上半年安全生产工作情况的报告");
    report.copy_no = Some(12);
    report.secrecy = Some("内部资料".to_owned());
    report.urgency = Some(Urgency::Urgent);
    report.issuer_mark = Some("白银镇人民政府文件".to_owned());
    report.doc_number = DocNumber::Assigned("白政字〔2022〕33号".to_owned());
    report.signers = vec!["李某某".to_owned(), "王某某".to_owned(), "赵某".to_owned()];
    report.addressees = Some("县人民政府".to_owned());
    report.blocks = vec![
        Block::text("按照县政府统一部署,我镇扎实推进安全生产各项工作,现将上半年有关情况报告如下。"),
        heading(Level::One, "主要工作"),
        heading(Level::Two, "排查整治情况"),
        Block::text("上半年共检查生产经营单位52家次,发现隐患87项,已整改81项,其余6项均已明确责任人和时限。"),
        Block::Table(Table {
            widths: vec![20.0, 60.0, 38.0, 38.0],
            header_rows: 1,
            rows: vec![
                ["序号", "行业领域", "发现(项)", "已整改(项)"].map(Cell::new).to_vec(),
                ["1", "工贸企业", "41", "39"].map(Cell::centred).to_vec(),
                ["2", "道路交通", "28", "26"].map(Cell::centred).to_vec(),
                ["3", "自建房", "18", "16"].map(Cell::centred).to_vec(),
            ],
            points: 12.0,
            caption: Some("表1 上半年隐患排查整治情况".to_owned()),
        }),
        heading(Level::Two, "宣传教育情况"),
        Block::text("组织应急演练14场,参与680人次。"),
        Block::Picture(Picture {
            bytes: include_bytes!("../../fixtures/drill.jpg").to_vec(),
            width: 90.0,
            description: "演练现场".to_owned(),
            caption: Some("图1 6月16日疏散演练现场".to_owned()),
        }),
        heading(Level::One, "下一步打算"),
        Block::text("对尚未整改的隐患逐项盯办,7月底前全部销号。"),
        Block::text("特此报告。"),
    ];
    report.signature = signature(Manner::Unsealed);
    report.issue_date = Some(date(2022, 7, 4));
    report.note = Some("联系人:陈某某,电话:0900-1234567".to_owned());
    report.imprint = imprint(&[], date(2022, 7, 4));
    report
}

/// A letter.
pub fn letter() -> Document {
    let mut letter = Document::new(Form::Letter, "关于商请协助开展应急演练的函");
    letter.issuer_mark = Some(TOWN.to_owned());
    letter.doc_number = DocNumber::Assigned("白政函〔2022〕7号".to_owned());
    letter.addressees = Some("县消防救援大队".to_owned());
    letter.blocks = vec![
        Block::text(
            "为提高我镇厂矿企业员工的应急处置能力,我镇拟于6月16日上午9:00在镇工业集中区举办疏散逃生演练,预计参加人员120人。现商请贵大队派员到场指导,并协助提供烟雾模拟设备。",
        ),
        Block::text("如蒙同意,请于6月10日前函复。"),
        Block::text("专此致函。"),
    ];
    letter.signature = signature(Manner::Sealed);
    letter.issue_date = Some(date(2022, 6, 2));
    letter.note = Some("联系人:陈某某,电话:0900-1234567".to_owned());
    letter
}

/// Minutes.
pub fn minutes() -> Document {
    let mut minutes = Document::new(Form::Minutes, "安全生产专题会议纪要");
    minutes.issuer_mark = Some("白银镇人民政府会议纪要".to_owned());
    minutes.doc_number = DocNumber::Assigned("第5期".to_owned());
    minutes.blocks = vec![
        Block::text(
            "2022年6月8日,镇长李某某主持召开安全生产专题会议,研究部署“安全生产月”活动和自建房安全隐患排查工作。现将会议议定事项纪要如下:",
        ),
        run_in(
            Level::One,
            "关于“安全生产月”活动。",
            "会议同意活动方案,由镇应急管理办公室牵头,各村、各企业于6月20日前报送方案。",
        ),
        run_in(Level::One, "关于自建房排查。", "会议明确,各村于6月底前完成经营性自建房首轮排查,建立台账。"),
    ];
    minutes.attendance = vec![
        Attendance {
            label: "出席".to_owned(),
            names: "李某某、王某某、赵某、陈某某,镇应急管理办公室孙某、镇派出所周某、镇市场监督管理所吴某".to_owned(),
        },
        Attendance { label: "请假".to_owned(), names: "郑某".to_owned() },
    ];
    minutes.issue_date = Some(date(2022, 6, 9));
    minutes.imprint = imprint(&["镇党委、人大,各村,镇直各单位"], date(2022, 6, 9));
    minutes
}

/// A notice whose number was not given yet, with its plan on a new page.
pub fn draft() -> Document {
    let mut draft = Document::new(Form::Notice, "关于印发《白银镇自建房安全专项整治实施方案》的通知");
    draft.issuer_mark = Some("白银镇安全生产委员会办公室文件".to_owned());
    draft.doc_number = DocNumber::Draft;
    draft.addressees = Some("各村、镇直有关单位".to_owned());
    draft.blocks = vec![Block::text("现将《白银镇自建房安全专项整治实施方案》印发给你们,请结合实际认真贯彻执行。")];
    draft.signature =
        Some(Signature { issuer: "白银镇安全生产委员会办公室".to_owned(), manner: Manner::Unsealed });
    draft.issue_date = Some(date(2022, 6, 12));
    draft.annexes.push(Annex {
        labelled: false,
        title: "白银镇自建房安全专项整治实施方案".to_owned(),
        orientation: Orientation::Portrait,
        blocks: vec![
            Block::text("为扎实做好全镇自建房安全专项整治工作,制定本方案。"),
            heading(Level::One, "工作目标"),
            Block::text("6月底前完成经营性自建房排查,年底前完成全部自建房排查。"),
            heading(Level::One, "工作步骤"),
            run_in(Level::Two, "排查摸底。", "逐户填写排查表,拍照留存。"),
            run_in(Level::Two, "分类整治。", "对存在重大安全隐患的,立即停止使用,撤离人员。"),
        ],
    });
    draft
}

/// A stamp instead of a seal, a request of one matter.
pub fn request() -> Document {
    let mut request = Document::new(Form::Request, "关于请求解决村级微型消防站建设资金的请示");
    request.issuer_mark = Some("白银镇人民政府文件".to_owned());
    request.doc_number = DocNumber::Assigned("白政字〔2022〕28号".to_owned());
    request.signers = vec!["李某某".to_owned()];
    request.addressees = Some("县人民政府".to_owned());
    request.blocks = vec![
        Block::text("我镇现有行政村11个,其中6个村尚未建立微型消防站。经测算,共需资金18万元,恳请县政府予以解决。"),
        Block::text("妥否,请批示。"),
    ];
    request.signature = signature(Manner::Stamped("镇长".to_owned()));
    request.issue_date = Some(date(2022, 5, 20));
    request
}

/// Text that fills pages: long paragraphs of nothing but Chinese characters, and headings of every level.
pub fn full_pages() -> Document {
    let mut circular = Document::new(Form::Circular, "关于全镇安全生产检查情况的通报");
    circular.issuer_mark = Some("白银镇人民政府文件".to_owned());
    circular.doc_number = DocNumber::Assigned("白政发〔2022〕30号".to_owned());
    circular.addressees = Some("各村、各企业".to_owned());
    circular.blocks = vec![Block::text("检查情况通报如下".repeat(340))];
    circular.signature = signature(Manner::Sealed);
    circular.issue_date = Some(date(2022, 6, 30));
    circular.imprint = imprint(&["县应急管理局"], date(2022, 6, 30));
    circular
}

/// Blanks to fill in, and a paragraph of every kind.
pub fn plan() -> Document {
    let mut plan = Document::new(Form::Plan, "白银镇2022年“安全生产月”\n活动方案");
    plan.blocks = vec![
        heading(Level::One, "组织领导"),
        Block::Paragraph(Paragraph {
            runs: vec![
                Run::new("组长:"),
                Run { text: "　　　　　　".to_owned(), underlined: true, bold: false },
                Run { text: "(请填写)".to_owned(), underlined: false, bold: true },
            ],
            align: Align::Text,
        }),
        Block::PageBreak,
        Block::Paragraph(Paragraph { runs: vec![Run::new("第二页")], align: Align::Centre }),
    ];
    plan
}

/// All of them, with the names of their files.
pub fn all() -> Vec<(&'static str, Document)> {
    vec![
        ("通知", notice()),
        ("报告", report()),
        ("函", letter()),
        ("纪要", minutes()),
        ("草稿", draft()),
        ("请示", request()),
        ("通报", full_pages()),
        ("方案", plan()),
    ]
}
