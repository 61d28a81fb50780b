//! Reports with their records, through the router.

mod earlier;
mod questions;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::civil::date;
use seal::Presented;

use super::store::of_submission;
use crate::features::duties::api::{self as duties, DutyKind, State as Stand, Submission, WorkItem};
use crate::features::records::api::{self as records, Facts, New, Record, RecordId, State};
use crate::features::units::api::UnitRef;
use crate::testing::{Answer, Client, PublishedTown};

struct Situation {
    town: PublishedTown,
    liaison: Client,
    item: WorkItem,
    path: String,
}

impl Situation {
    /// A village and the report of this week, which asks for evidence.
    async fn new() -> Self {
        let town = PublishedTown::new().await;
        let liaison = town.test.liaison_of(&town.village).await;
        let today = town.test.app.clock.today();
        let items = town.items(&town.village).await;
        let week = |item: &WorkItem| item.period_start <= Some(today) && Some(today) <= item.period_end;
        let item = items.into_iter().find(|item| item.duty.kind == DutyKind::WeeklyReport && week(item)).unwrap();
        let path = format!("/work/do/{}", item.id);
        Self { town, liaison, item, path }
    }

    /// The village and its launch day.
    async fn launch() -> Self {
        let mut s = Self::new().await;
        let items = s.town.items(&s.town.village).await;
        let launch =
            items.into_iter().find(|item| item.duty.kind == DutyKind::Event && item.duty.title.contains("启动"));
        s.item = launch.expect("the launch day");
        s.path = format!("/work/do/{}", s.item.id);
        s
    }

    async fn add(&self, actor: &Client, unit: &UnitRef, facts: Facts) -> RecordId {
        let new = New {
            unit_id: unit.id.clone(),
            facts,
            idempotency_key: self.town.test.app.ids.id(),
            report: false,
            draft: None,
        };
        records::create(&self.town.test.app, &actor.actor, new).await.unwrap()
    }

    /// A study session of the village on 13 June with a photo, held and not reported.
    async fn held(&self, title: &str) -> RecordId {
        let id = self.add(&self.liaison, &self.town.village, study(title)).await;
        self.photo(&self.liaison, &id).await;
        id
    }

    async fn photo(&self, actor: &Client, id: &RecordId) {
        let blob = self.town.test.app.blobs.put(&self.town.test.town, b"photo".to_vec()).await.unwrap();
        let cmd = records::AddFile { record: id.to_string(), name: "现场.jpg".to_owned(), blob };
        records::add_file(&self.town.test.app, &actor.actor, cmd).await.unwrap();
    }

    async fn record(&self, id: &RecordId) -> Record {
        records::record(self.town.test.app.db.reader(), &self.town.test.town, id).await.unwrap().unwrap()
    }

    async fn state(&self, id: &RecordId) -> State {
        self.record(id).await.state
    }

    async fn stand(&self) -> Stand {
        duties::occurrence(self.town.test.app.db.reader(), &self.town.test.town, &self.item.id)
            .await
            .unwrap()
            .unwrap()
            .state
    }

    async fn sent(&self) -> Vec<Submission> {
        duties::submissions_of(self.town.test.app.db.reader(), &self.town.test.town, &self.item.id).await.unwrap()
    }

    /// The records of what was sent last.
    async fn pinned(&self) -> Vec<RecordId> {
        let last = self.sent().await.remove(0).id;
        let items = of_submission(self.town.test.app.db.reader(), &self.town.test.town, &last).await.unwrap();
        items.into_iter().map(|item| item.record_id).collect()
    }

    /// Presses a button of the page.
    async fn press(&self, key: &str, action: &str, more: &[(&str, &str)]) -> Answer {
        let page = self.liaison.get(&format!("{}?edit=1", self.path)).await.text();
        let version = page.split("name=\"version\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        let version = version.unwrap_or("0").to_owned();
        let fields = [&[("version", version.as_str()), ("key", key), ("action", action)], more].concat();
        self.liaison.post_files_unaudited(&self.path, &fields, &[]).await
    }

    async fn send(&self, key: &str) -> Answer {
        self.press(key, "send", &[]).await
    }

    async fn review(&self, step: &str, fields: &[(&str, &str)]) -> Answer {
        let id = self.sent().await.remove(0).id;
        self.town.office.post(&format!("/submissions/{id}/{step}"), fields).await
    }

    /// An upload for the report that has begun.
    async fn begin_upload(&self, name: &str) {
        let occurrence = STANDARD.encode(self.item.id.as_str());
        let metadata = format!("filename {},occurrence {occurrence}", STANDARD.encode(name));
        let headers = [("tus-resumable", "1.0.0"), ("upload-length", "9"), ("upload-metadata", metadata.as_str())];
        let answer = self.liaison.send_raw("POST", "/api/v1/uploads", &headers, axum::body::Body::empty()).await;
        answer.assert_status(201);
    }
}

fn study(title: &str) -> Facts {
    Facts { title: title.to_owned(), ..Facts::new("study", date(2022, 6, 13)) }
}

#[tokio::test]
async fn one_press_reports_the_records_of_the_period_and_gives_a_receipt_that_verifies() {
    let s = Situation::new().await;
    let page = s.liaison.get(&s.path).await;
    page.assert_contains("本期活动").assert_contains("加一项活动").assert_contains("本周无活动");
    s.liaison.get(&format!("{}/receipt.txt", s.path)).await.assert_status(409).assert_contains("还没有回执");
    let (one, other) = (s.held("学习一").await, s.held("学习二").await);
    let early = Facts { held_on: date(2022, 5, 1), ..study("从前") };
    let early = s.add(&s.liaison, &s.town.village, early).await;
    let page = s.liaison.get(&s.path).await;
    page.assert_contains("学习一").assert_contains("2项").assert_lacks("本周无活动</button>");
    page.assert_contains("以前未上报的").assert_contains("从前").assert_lacks(&format!("value=\"{early}\" checked"));

    let before = s.town.test.trail_length().await;
    s.send("key-00000001").await.assert_leads_to(&s.path);
    assert_eq!(s.state(&one).await, State::Reported);
    assert_eq!(s.state(&early).await, State::Held);
    let mut pinned = s.pinned().await;
    pinned.sort();
    assert_eq!(pinned, std::collections::BTreeSet::from([one, other]).into_iter().collect::<Vec<_>>());
    assert!(s.town.test.trail_length().await > before);
    let page = s.liaison.get(&s.path).await;
    page.assert_contains("回执编号")
        .assert_contains("class=\"qr\"")
        .assert_contains("保存到相册")
        .assert_contains("学习二");

    let text = s.liaison.get(&format!("{}/receipt.txt", s.path)).await.assert_ok().text();
    let keys = s.town.test.app.keyring.public().unwrap();
    let presented: Presented = text.parse().unwrap();
    presented.verify(&keys).unwrap();
    assert_eq!((presented.count(), presented.statement().issuer()), (4, "青龙山镇"), "two records with a photo each");
    for personal in ["测试联络员", "东沟村", "学习"] {
        assert!(!text.contains(personal), "{personal}");
    }
    let picture = s.liaison.get(&format!("{}/receipt.png", s.path)).await;
    assert!(picture.assert_ok().bytes.starts_with(b"\x89PNG"));
    let mine = s.town.test.liaison_of(&s.town.mine).await;
    mine.get(&format!("{}/receipt.txt", s.path)).await.assert_status(404);
}

#[tokio::test]
async fn files_of_the_report_and_of_its_records_stand_in_the_receipt() {
    let s = Situation::new().await;
    let id = s.held("学习").await;
    let hash = records::files_of(s.town.test.app.db.reader(), &s.town.test.town, &id).await.unwrap()[0].sha256.clone();
    let fields = [("version", "0"), ("key", "key-00000001"), ("action", "send"), ("text", "补充一句")];
    s.liaison.post_files_unaudited(&s.path, &fields, &[("files", "签到.txt", b"list")]).await.assert_leads_to(&s.path);
    let text = s.liaison.get(&format!("{}/receipt.txt", s.path)).await.text();
    let presented: Presented = text.parse().unwrap();
    let labels: Vec<&str> = presented.items().unwrap().iter().map(|item| item.kind.label()).collect();
    assert_eq!(labels, ["活动记录", "文字", "文件", "文件"]);
    assert!(text.contains(&hash));
    s.liaison.get(&s.path).await.assert_contains("1个文件");
}

#[tokio::test]
async fn nothing_happened_cannot_be_said_when_something_was_held() {
    let s = Situation::new().await;
    s.held("学习").await;
    let answer = s.press("key-00000001", "zero", &[]).await;
    answer.assert_status(422).assert_contains("本期有1项已经开展的活动");
    assert_eq!(s.stand().await, Stand::Open);
    let other = Situation::new().await;
    other.press("key-00000001", "zero", &[]).await.assert_leads_to(&other.path);
    other.liaison.get(&other.path).await.assert_contains("已收到零报告").assert_contains("class=\"qr\"");
}

#[tokio::test]
async fn what_was_planned_for_a_day_gone_by_is_asked_about() {
    let s = Situation::new().await;
    let planned = Facts { held_on: date(2022, 6, 14), ..study("入户") };
    let id = s.add(&s.liaison, &s.town.village, planned).await;
    s.photo(&s.liaison, &id).await;
    s.liaison.get(&s.path).await.assert_contains("计划中").assert_lacks("是否已经开展");
    s.town.test.set_clock("2022-06-15T09:00:00+08:00");
    s.liaison.get(&s.path).await.assert_contains("是否已经开展");
    let held = format!("/work/records/{id}/held?back={}", s.path);
    s.liaison.post(&held, &[]).await.assert_leads_to(&s.path);
    s.send("key-00000001").await.assert_leads_to(&s.path);
    assert_eq!(s.state(&id).await, State::Reported);
}

#[tokio::test]
async fn a_record_written_for_a_report_leads_back_to_it() {
    let s = Situation::new().await;
    let page = s.liaison.get(&format!("/work/records/new?kind=study&back={}", s.path)).await;
    page.assert_contains("保存，回到报送").assert_lacks("先保存，以后报送");
    s.liaison
        .get(&format!("/work/records/new?back={}", s.path))
        .await
        .assert_contains("kind=study&#38;back=%2Fwork%2Fdo");
    let unit = s.town.village.id.as_str();
    let mut fields = vec![("unit", unit), ("key", "key-of-form-1"), ("kind", "study"), ("held_on", "2022-06-13")];
    fields.push(("back", s.path.as_str()));
    s.liaison.post("/work/records/new", &fields).await.assert_leads_to(&format!("{}?with=", s.path));
    s.liaison.get(&s.path).await.assert_contains("专题学习").assert_contains("1项");
    // Nothing but a report is led back to.
    fields[1].1 = "key-of-form-2";
    fields[4].1 = "//elsewhere.example";
    s.liaison.post("/work/records/new", &fields).await.assert_leads_to("/work/records/");
}

#[tokio::test]
async fn the_same_report_sent_five_times_at_once_is_one_with_one_receipt() {
    let s = Situation::new().await;
    let id = s.held("学习").await;
    let body = serde_json::json!({ "occurrence_id": s.item.id }).to_string();
    let headers = [("content-type", "application/json"), ("idempotency-key", "device-1-000001")];
    let send = || s.liaison.send_raw("POST", "/api/v1/submissions", &headers, body.clone());
    let (a, b, c, d, e) = tokio::join!(send(), send(), send(), send(), send());
    let mut made = 0;
    let mut texts = Vec::new();
    for answer in [a, b, c, d, e] {
        made += usize::from(answer.status.as_u16() == 201);
        assert!(answer.status.is_success(), "{}", answer.text());
        let json = answer.json();
        assert_eq!(json["records"][0]["record_id"], id.as_str());
        texts.push(json["receipt"]["text"].as_str().unwrap().to_owned());
    }
    texts.dedup();
    assert_eq!((made, texts.len(), s.sent().await.len()), (1, 1, 1));
    assert_eq!(s.record(&id).await.version, 2, "reported once");
    let whole = s.town.office.get(&format!("/api/v1/submissions/{}", s.sent().await[0].id)).await.json();
    assert_eq!(whole["receipt"]["text"], texts[0].as_str());
    assert_eq!(whole["records"][0]["own"], true);
}

#[tokio::test]
async fn the_page_pressed_five_times_at_once_is_one_report_too() {
    let s = Situation::new().await;
    let id = s.held("学习").await;
    let send = || s.send("key-00000001");
    let (a, b, c, d, e) = tokio::join!(send(), send(), send(), send(), send());
    for answer in [a, b, c, d, e] {
        answer.assert_leads_to(&s.path);
    }
    assert_eq!((s.sent().await.len(), s.record(&id).await.version), (1, 2));
}

#[tokio::test]
async fn no_receipt_before_every_file_is_here() {
    let s = Situation::new().await;
    s.held("学习").await;
    s.begin_upload("演练 “全程”.mp4").await;
    let answer = s.send("key-00000001").await;
    answer
        .assert_status(422)
        .assert_contains("演练 “全程”.mp4")
        .assert_contains("还在上传")
        .assert_contains("取消上传");
    assert_eq!(s.stand().await, Stand::Open);
    let text = answer.text();
    let give_up = text.split("value=\"give-up:").nth(1).unwrap().split('"').next().unwrap();
    let stranger = s.town.test.liaison_of(&s.town.mine).await;
    let fields = [("version", "0"), ("key", "k"), ("action", &*format!("give-up:{give_up}"))];
    stranger.post_files_unaudited(&s.path, &fields, &[]).await.assert_status(404);
    s.press("key-00000001", &format!("give-up:{give_up}"), &[]).await.assert_leads_to(&s.path);
    s.send("key-00000001").await.assert_leads_to(&s.path);
    assert_eq!(s.stand().await, Stand::Submitted);
}

#[tokio::test]
async fn a_record_that_cannot_be_reported_yet_is_named_and_nothing_is_sent() {
    let s = Situation::new().await;
    let whole = s.held("学习").await;
    s.add(&s.liaison, &s.town.village, Facts { title: "宣讲".to_owned(), ..Facts::new("five_in", date(2022, 6, 13)) })
        .await;
    let answer = s.send("key-00000001").await;
    answer.assert_status(422).assert_contains("“宣讲”：请选择进到哪里");
    assert_eq!((s.stand().await, s.state(&whole).await), (Stand::Open, State::Held));
}

#[tokio::test]
async fn a_joint_record_goes_along_at_the_co_host_and_is_reported_by_its_host() {
    let s = Situation::new().await;
    let mine = s.town.test.liaison_of(&s.town.mine).await;
    let joint = Facts { co_hosts: vec![s.town.village.id.clone()], ..study("联合学习") };
    let id = s.add(&mine, &s.town.mine, joint).await;
    s.photo(&mine, &id).await;
    s.liaison.get(&s.path).await.assert_contains("联合学习").assert_contains("联合");
    s.press("key-00000001", "zero", &[]).await.assert_status(422);
    s.send("key-00000001").await.assert_leads_to(&s.path);
    assert_eq!(s.state(&id).await, State::Held, "its host has not reported it");
    s.liaison.get(&s.path).await.assert_contains("由主办单位上报");
    // The host takes it back altogether: what was sent stays.
    records::record(s.town.test.app.db.reader(), &s.town.test.town, &id).await.unwrap().unwrap();
    mine.post(&format!("/work/records/{id}/discard"), &[]).await.assert_status(303);
    s.liaison.get(&s.path).await.assert_contains("联合学习").assert_contains("已删除");
    s.review("accept", &[]).await.assert_status(303);
}

#[tokio::test]
async fn the_office_accepts_everything_with_one_press_and_takes_it_back_with_one() {
    let s = Situation::new().await;
    let (one, other) = (s.held("学习一").await, s.held("学习二").await);
    s.send("key-00000001").await.assert_leads_to(&s.path);
    s.town.office.post(&format!("/records/{one}/accept"), &[]).await.assert_status(303);
    s.town.test.set_clock("2022-06-13T10:00:00+08:00");
    let id = s.sent().await.remove(0).id;
    let page = s.town.office.get(&format!("/submissions/{id}")).await;
    page.assert_contains("学习一").assert_contains("通过，连同1项活动").assert_contains("对活动“学习二”的意见");
    s.review("accept", &[]).await.assert_status(303);
    assert_eq!((s.stand().await, s.state(&other).await), (Stand::Accepted, State::Accepted));
    s.review("undo-accept", &[]).await.assert_status(303);
    assert_eq!((s.stand().await, s.state(&other).await), (Stand::Submitted, State::Reported));
    assert_eq!(s.state(&one).await, State::Accepted, "that was another press");
}

#[tokio::test]
async fn only_what_was_marked_comes_back_and_only_that_is_asked_for() {
    let s = Situation::new().await;
    let (good, bad) = (s.held("学习一").await, s.held("学习二").await);
    s.press("key-00000001", "send", &[("text", "本周小结")]).await.assert_leads_to(&s.path);
    s.review("return", &[("comment", ""), ("accept_rest", "1")]).await.assert_status(422);
    let field = format!("record:{bad}");
    s.review("return", &[(&field, "请补充人数"), ("accept_rest", "1")]).await.assert_status(303);
    assert_eq!((s.state(&good).await, s.state(&bad).await), (State::Accepted, State::Returned));
    assert_eq!(s.stand().await, Stand::Returned);
    s.liaison.get("/work/messages").await;

    let page = s.liaison.get(&s.path).await;
    page.assert_contains("请补充人数").assert_contains("这次不用再填").assert_lacks("name=\"text\"");
    let unchanged = s.send("key-00000002").await;
    unchanged.assert_status(422).assert_contains("“学习二”：已退回，还没有修改");
    let edit = format!("/work/records/{bad}/edit");
    s.liaison.get(&format!("{edit}?back={}", s.path)).await.assert_contains("请补充人数");
    let version = s.record(&bad).await.version.to_string();
    let fields = [
        ("version", version.as_str()),
        ("kind", "study"),
        ("title", "学习二"),
        ("held_on", "2022-06-13"),
        ("m_participants", "30"),
        ("back", s.path.as_str()),
    ];
    s.liaison.post(&edit, &fields).await.assert_leads_to(&s.path);
    s.send("key-00000002").await.assert_leads_to(&s.path);
    let sent = s.sent().await;
    assert_eq!((sent.len(), sent[0].payload.text.as_str()), (2, "本周小结"), "what was not asked for is as it was");
    assert_eq!((s.state(&good).await, s.state(&bad).await), (State::Accepted, State::Reported));
    s.liaison.get(&s.path).await.assert_contains("报送记录");
    s.review("accept", &[]).await.assert_status(303);
    assert_eq!(s.state(&bad).await, State::Accepted);
}

#[tokio::test]
async fn a_part_that_was_marked_is_asked_for_alone() {
    let s = Situation::new().await;
    s.held("学习").await;
    s.press("key-00000001", "send", &[("text", "本周小结")]).await.assert_leads_to(&s.path);
    s.review("return", &[("text", "太短")]).await.assert_status(303);
    let page = s.liaison.get(&s.path).await;
    page.assert_contains("太短").assert_contains("name=\"text\"");
    s.press("key-00000002", "send", &[("text", "本周开展了三次排查")]).await.assert_leads_to(&s.path);
    assert_eq!(s.sent().await[0].payload.text, "本周开展了三次排查");
}

#[tokio::test]
async fn a_report_with_a_record_in_correction_waits() {
    let s = Situation::new().await;
    let id = s.held("学习").await;
    s.send("key-00000001").await.assert_leads_to(&s.path);
    s.town.office.post(&format!("/records/{id}/return"), &[("comment", "请补充")]).await.assert_status(303);
    s.review("accept", &[]).await.assert_status(409).assert_contains("还在退回修改中");
    let submission = s.sent().await.remove(0).id;
    let duty = format!("/duties/{}/accept", s.item.duty.id);
    s.town.office.post(&duty, &[("submission", submission.as_str())]).await.assert_status(409);
    assert_eq!(s.stand().await, Stand::Submitted);
    let version = s.record(&id).await.version.to_string();
    let fields = [("version", version.as_str()), ("kind", "study"), ("held_on", "2022-06-13"), ("text", "补充")];
    s.liaison.post(&format!("/work/records/{id}/edit"), &fields).await.assert_status(303);
    s.town.office.get(&format!("/submissions/{submission}")).await.assert_contains("报送之后有修改");
    s.town.office.post(&duty, &[("submission", submission.as_str())]).await.assert_status(303);
    assert_eq!((s.stand().await, s.state(&id).await), (Stand::Accepted, State::Accepted));
    let at = s.town.test.app.now();
    s.town.office.post(&format!("/duties/{}/undo-accept?at={at}", s.item.duty.id), &[]).await.assert_status(303);
    assert_eq!(s.state(&id).await, State::Reported);
}

#[tokio::test]
async fn launch_day_is_answered_by_a_record_of_its_kind() {
    let s = Situation::launch().await;
    let page = s.liaison.get(&s.path).await;
    page.assert_contains("用活动记录答复").assert_contains("写一条活动记录");
    s.send("key-00000001").await.assert_status(422).assert_contains("请填写文字说明");
    let to = s.press("key-00000001", "record", &[("has_records", "1")]).await;
    to.assert_leads_to("/work/records/new?kind=kickoff");
    s.liaison.get(to.location()).await.assert_contains("保存，回到报送");
    let kickoff = Facts { title: "动员会".to_owned(), ..Facts::new("kickoff", date(2022, 6, 8)) };
    let (id, other) = (s.add(&s.liaison, &s.town.village, kickoff).await, s.held("学习").await);
    let page = s.liaison.get(&format!("{}?with={id}", s.path)).await;
    page.assert_contains(&format!("value=\"{id}\" checked")).assert_lacks(&format!("value=\"{other}\" checked"));
    let ticked = [("has_records", "1"), ("record", id.as_str())];
    s.press("key-00000001", "save", &ticked).await.assert_leads_to(&s.path);
    s.liaison.get(&s.path).await.assert_contains(&format!("value=\"{id}\" checked"));
    s.send("key-00000001").await.assert_leads_to(&s.path);
    assert_eq!(s.pinned().await, std::slice::from_ref(&id));
    assert_eq!((s.state(&id).await, s.state(&other).await), (State::Reported, State::Held));
    s.review("accept", &[]).await.assert_status(303);
    assert_eq!(s.state(&id).await, State::Accepted);
    // The same record also belongs to the week: it is written once.
    let mine = s.town.test.liaison_of(&s.town.mine).await;
    mine.get(&s.path).await.assert_status(404);
}

#[tokio::test]
async fn somebody_elses_record_cannot_be_chosen() {
    let s = Situation::launch().await;
    let mine = s.town.test.liaison_of(&s.town.mine).await;
    let id = s.add(&mine, &s.town.mine, study("别家的")).await;
    let ticked = [("has_records", "1"), ("record", id.as_str())];
    s.press("key-00000001", "send", &ticked).await.assert_status(422).assert_contains("请填写文字说明");
}
