//! Who may do what: `authorisation.txt` has one row for every route, and requests decide whether it tells the truth.
//!
//! A request is *refused* when it is answered 401, 403 or 404, or sent to the sign-in page; everything else, a
//! message about a wrong field included, means the person was let in. Ids in addresses are those of the world of
//! the test: a campaign of the town with one receiver (东沟村), whose liaison is the column `liaison`; the column
//! `stranger` is the liaison of another village. A route without a row fails, and so does a row without a route.

use std::collections::BTreeMap;

use anyue::features::accounts::api::{self as accounts, NewToken};
use anyue::features::units::api::{UnitKind, UnitRef};
use anyue::platform::auth::{Role, Via};
use anyue::platform::blobs;
use anyue::platform::db::sql;
use anyue::platform::ids::{AccountId, Secret};
use anyue::router;
use anyue::testing::{Answer, Client, TestApp};
use futures_util::StreamExt as _;

const TABLE: &str = include_str!("authorisation.txt");

const COLUMNS: [&str; 10] =
    ["public", "office", "leader", "liaison", "inspector", "custodian", "sysadmin", "secadmin", "auditor", "stranger"];

/// A row: who is let in, and what is sent.
#[derive(Clone, Debug)]
struct Row {
    method: String,
    path: String,
    allowed: Vec<bool>,
    /// Empty, `files`, or a form (`a=b&c=d`) with `{unit}`, `{account}` … for ids of the world.
    body: String,
}

fn rows() -> Vec<Row> {
    let line = |line: &str| {
        let mut words = line.split_whitespace();
        let mut word = || words.next().unwrap_or_else(|| panic!("a row too short: {line}"));
        let (method, path) = (word().to_owned(), word().to_owned());
        let allowed = (0..COLUMNS.len())
            .map(|_| match word() {
                "+" => true,
                "-" => false,
                other => panic!("{other} is neither + nor - in: {line}"),
            })
            .collect();
        Row { method, path, allowed, body: words.next().unwrap_or_default().to_owned() }
    };
    TABLE.lines().map(str::trim).filter(|text| !text.is_empty() && !text.starts_with('#')).map(line).collect()
}

#[test]
fn every_route_has_one_row_and_every_row_its_route() {
    let mut routes: Vec<String> =
        router::table().into_iter().map(|route| format!("{} {}", route.method, route.path)).collect();
    let mut rows: Vec<String> = rows().into_iter().map(|row| format!("{} {}", row.method, row.path)).collect();
    routes.sort();
    rows.sort();
    let missing: Vec<&String> = routes.iter().filter(|route| !rows.contains(route)).collect();
    let stale: Vec<&String> = rows.iter().filter(|row| !routes.contains(row)).collect();
    assert!(
        missing.is_empty() && stale.is_empty(),
        "routes without a row: {missing:#?}\nrows without a route: {stale:#?}"
    );
    assert_eq!(routes.len(), rows.len(), "a route has two rows");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_row_tells_the_truth() {
    let (reading, changing): (Vec<Row>, Vec<Row>) = rows().into_iter().partition(|row| row.method == "GET");
    let world = World::new().await;
    let mut wrong = Vec::new();
    for row in &reading {
        wrong.extend(world.check(row).await);
    }
    let changed = futures_util::stream::iter(changing)
        .map(|row| async move { World::new().await.check(&row).await })
        .buffer_unordered(4)
        .collect::<Vec<_>>()
        .await;
    wrong.extend(changed.into_iter().flatten());
    wrong.sort();
    assert!(wrong.is_empty(), "{} untrue:\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test]
async fn the_scope_that_is_described_is_the_one_a_token_needs() {
    let world = World::new().await;
    let (office, liaison) = (&world.clients[1], &world.clients[3]);
    let mut wrong = Vec::new();
    for row in rows().iter().filter(|row| row.path.starts_with("/api/v1/")) {
        let operation = &anyue::api::description()["paths"][&row.path][row.method.to_lowercase()];
        let Some(scope) = operation["security"][0]["bearer"][0].as_str() else { continue };
        let client = if row.allowed[1] { office } else { liaison };
        let others: Vec<String> = accounts::scopes_of(&client.actor).into_iter().filter(|held| held != scope).collect();
        let new = NewToken {
            account_id: client.actor.account_id.clone(),
            name: "测试".to_owned(),
            scopes: others,
            expires_at: world.test.app.now() + 86_400_000,
        };
        let secret = accounts::create_token(&world.test.app, &client.actor, new).await.expect("a token");
        let answer = world.ask(row, &client.with_token(secret.reveal())).await;
        if answer.status.as_u16() != 403 || !answer.text().contains(scope) {
            wrong.push(format!("{} {}: {scope} is described, without it: {}", row.method, row.path, answer.status));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A town with one of everything, and somebody for each column.
struct World {
    test: TestApp,
    clients: Vec<Client>,
    own: UnitRef,
    other: UnitRef,
    /// Values of the parameters of addresses, by `prefix{name}` or `{name}`; the longest that fits counts.
    samples: BTreeMap<&'static str, String>,
}

impl World {
    async fn new() -> Self {
        let test = TestApp::new().await;
        let own = test.unit("东沟村", UnitKind::Village).await;
        let other = test.unit("西沟村", UnitKind::Village).await;
        let clients = vec![
            test.anonymous(),
            test.actor(Role::Office).await,
            test.actor(Role::Leader).await,
            test.liaison_of(&own).await,
            test.actor(Role::Inspector).await,
            test.actor(Role::Custodian).await,
            test.actor(Role::Sysadmin).await,
            test.actor(Role::Secadmin).await,
            test.actor(Role::Auditor).await,
            test.liaison_of(&other).await,
        ];
        let mut world = Self { test, clients, own, other, samples: BTreeMap::new() };
        world.fill().await;
        world
    }

    /// Writes one of everything and notes its id. Rows are written directly: no area's rules are under test here.
    async fn fill(&mut self) {
        let test = &self.test;
        let (app, town, now) = (&test.app, &test.town, test.app.now());
        let liaison: AccountId = self.clients[3].actor.account_id.clone();
        let stored = app.blobs.put(town, b"notice".to_vec()).await.expect("a file");
        let tx = app.db.begin(town).await.expect("a transaction");
        let mut samples: BTreeMap<&'static str, String> = BTreeMap::new();
        let root = test.root.id.as_str();
        let own = self.own.id.as_str();

        let campaign: String = app.ids.id();
        sql("INSERT INTO campaigns (jurisdiction_id, campaign_id, issuer_unit_id, state, title, edition, created_by, created_at, updated_at, published_at) \
             VALUES ($1, $2, $3, 'published', '安全生产月', 1, 'system', $4, $4, $4)")
            .bind(town).bind(campaign.as_str()).bind(root).bind(now).execute(&*tx).await.expect("a campaign");
        let (draft, unwanted): (String, String) = (app.ids.id(), app.ids.id());
        for id in [&draft, &unwanted] {
            sql("INSERT INTO campaigns (jurisdiction_id, campaign_id, issuer_unit_id, state, title, created_by, created_at, updated_at) \
                 VALUES ($1, $2, $3, 'draft', '安全生产月', 'system', $4, $4)")
                .bind(town).bind(id.as_str()).bind(root).bind(now).execute(&*tx).await.expect("a campaign");
        }
        sql("INSERT INTO campaign_receivers (jurisdiction_id, campaign_id, unit_id, added_at) VALUES ($1, $2, $3, $4)")
            .bind(town)
            .bind(campaign.as_str())
            .bind(own)
            .bind(now)
            .execute(&*tx)
            .await
            .expect("a receiver");
        let (activity, duty, ad_hoc): (String, String, String) = (app.ids.id(), app.ids.id(), app.ids.id());
        sql("INSERT INTO activities (jurisdiction_id, activity_id, campaign_id, ordinal, title) VALUES ($1, $2, $3, 1, '主题宣讲')")
            .bind(town).bind(activity.as_str()).bind(draft.as_str()).execute(&*tx).await.expect("an activity");
        for (id, kind, schedule) in
            [(&duty, "submit", "{\"once\":\"2022-06-20T12:00\"}"), (&ad_hoc, "ad_hoc_report", "{\"ad_hoc\":true}")]
        {
            sql("INSERT INTO duties (jurisdiction_id, duty_id, campaign_id, ordinal, kind, title, schedule, parts) \
                 VALUES ($1, $2, $3, 1, $4, '报送方案', $5, '[\"text\",\"liaison_form\"]')")
            .bind(town)
            .bind(id.as_str())
            .bind(campaign.as_str())
            .bind(kind)
            .bind(schedule)
            .execute(&*tx)
            .await
            .expect("a duty");
        }
        let draft_duty: String = app.ids.id();
        sql("INSERT INTO duties (jurisdiction_id, duty_id, campaign_id, ordinal, kind, title, schedule, parts) \
             VALUES ($1, $2, $3, 1, 'submit', '报送方案', '{\"once\":\"2022-06-20T12:00\"}', '[\"text\"]')")
        .bind(town)
        .bind(draft_duty.as_str())
        .bind(draft.as_str())
        .execute(&*tx)
        .await
        .expect("a duty");
        let occurrence: String = app.ids.id();
        let submission: String = app.ids.id();
        sql("INSERT INTO occurrences (jurisdiction_id, occurrence_id, campaign_id, duty_id, unit_id, period_key, due_at, state, submission_id, submitted_at, late, updated_at) \
             VALUES ($1, $2, $3, $4, $5, 'once', $6, 'submitted', $7, $8, $9, $8)")
            .bind(town).bind(occurrence.as_str()).bind(campaign.as_str()).bind(duty.as_str()).bind(own)
            .bind(now + 7 * 86_400_000).bind(submission.as_str()).bind(now).bind(false)
            .execute(&*tx).await.expect("an occurrence");
        sql("INSERT INTO submissions (jurisdiction_id, submission_id, occurrence_id, unit_id, revision, state, payload, idempotency_key, created_by, created_by_name, created_at, submitted_at, updated_at) \
             VALUES ($1, $2, $3, $4, 1, 'submitted', $5, 'key', $6, '李桂兰', $7, $7, $7)")
            .bind(town).bind(submission.as_str()).bind(occurrence.as_str()).bind(own)
            .bind("{\"text\":\"已开展\",\"unit_plan\":\"\",\"liaison_form\":{\"name\":\"李桂兰\"}}").bind(&liaison).bind(now)
            .execute(&*tx).await.expect("a submission");
        sql("INSERT INTO occurrences (jurisdiction_id, occurrence_id, campaign_id, duty_id, unit_id, period_key, state, updated_at) \
             VALUES ($1, $2, $3, $4, $5, 'ad_hoc', 'open', $6)")
            .bind(town).bind(app.ids.id::<String>()).bind(campaign.as_str()).bind(ad_hoc.as_str()).bind(own).bind(now)
            .execute(&*tx).await.expect("a standing occurrence");
        let record: String = app.ids.id();
        sql("INSERT INTO records (jurisdiction_id, record_id, unit_id, kind, title, state, held_on, idempotency_key, created_by, created_by_name, created_at, updated_at, seq) \
             VALUES ($1, $2, $3, 'drill', '应急演练', 'reported', '2022-06-13', 'key-record', $4, '李桂兰', $5, $5, 1)")
            .bind(town).bind(record.as_str()).bind(own).bind(&liaison).bind(now).execute(&*tx).await.expect("a record");
        sql("INSERT INTO record_units (jurisdiction_id, record_id, unit_id, role, held_on) VALUES ($1, $2, $3, 'host', '2022-06-13')")
            .bind(town).bind(record.as_str()).bind(own).execute(&*tx).await.expect("a record's unit");
        let (correction, freeze): (String, String) = (app.ids.id(), app.ids.id());
        sql("INSERT INTO statistics_corrections (jurisdiction_id, correction_id, campaign_id, unit_id, slot, span, from_day, until_day, amount, reason, made_by, made_by_name, made_at) \
             VALUES ($1, $2, $3, $4, 'drill_n', 'week', '2022-06-10', '2022-06-16', 3, '漏记', 'system', '萨仁', $5)")
            .bind(town).bind(correction.as_str()).bind(campaign.as_str()).bind(own).bind(now).execute(&*tx).await.expect("a correction");
        sql("INSERT INTO statistics_freezes (jurisdiction_id, freeze_id, campaign_id, from_day, until_day, edition, document, sha256, frozen_by, frozen_by_name, frozen_at) \
             VALUES ($1, $2, $3, '2022-01-01', '2022-01-06', 1, 'notice', $4, 'system', '萨仁', $5)")
            .bind(town).bind(freeze.as_str()).bind(campaign.as_str()).bind(stored.sha256.as_str()).bind(now).execute(&*tx).await.expect("a freeze");
        let archive: String = app.ids.id();
        sql("INSERT INTO archives (jurisdiction_id, archive_id, campaign_id, wish, originals, state, requested_by, requested_by_name, requested_at) \
             VALUES ($1, $2, $3, '{\"copies\":true}', $4, 'ready', 'system', '萨仁', $5)")
            .bind(town).bind(archive.as_str()).bind(campaign.as_str()).bind(false).bind(now).execute(&*tx).await.expect("an archive");
        let message: String = app.ids.id();
        sql("INSERT INTO messages (jurisdiction_id, message_id, unit_id, kind, title, body, link, dedup_key, created_at) \
             VALUES ($1, $2, $3, 'other', '通知', '请看', '/work', 'key', $4)")
            .bind(town).bind(message.as_str()).bind(own).bind(now).execute(&*tx).await.expect("a message");
        let of_campaign =
            blobs::link(&tx, &app.ids, &stored, "通知.txt", "text/plain", "campaign", &campaign, &liaison, now)
                .await
                .expect("a file");
        let of_submission =
            blobs::link(&tx, &app.ids, &stored, "录像.mp4", "video/mp4", "submission", &submission, &liaison, now)
                .await
                .expect("a file");
        sql(
            "INSERT INTO contents (jurisdiction_id, sha256, format, integrity, copy_sha256, thumbnail_sha256, made_at) \
             VALUES ($1, $2, 'mp4', 'whole', $2, $2, $3)",
        )
        .bind(town)
        .bind(stored.sha256.as_str())
        .bind(now)
        .execute(&*tx)
        .await
        .expect("what was made of it");
        let token: String = app.ids.id();
        sql("INSERT INTO api_tokens (jurisdiction_id, api_token_id, account_id, name, token_hash, scopes, created_at, expires_at) \
             VALUES ($1, $2, $3, '汇总', $4, 'duties:read', $5, $6)")
            .bind(town).bind(token.as_str()).bind(&liaison).bind(Secret::presented("x").hash()).bind(now).bind(now + 86_400_000)
            .execute(&*tx).await.expect("a token");
        let job: String = app.ids.id();
        sql("INSERT INTO jobs (jurisdiction_id, job_id, kind, payload, state, run_at, created_at) VALUES ($1, $2, 'x', '{}', 'failed', $3, $3)")
            .bind(town).bind(job.as_str()).bind(now).execute(&*tx).await.expect("a job");
        let role: Option<String> = sql("SELECT account_role_id FROM account_roles WHERE account_id = $1")
            .bind(&liaison)
            .scalar(&*tx)
            .await
            .expect("a role");
        let document: String = app.ids.id();
        sql("INSERT INTO documents (jurisdiction_id, document_id, unit_id, kind, state, title, search_key, content, \
             version, created_by, created_by_name, created_at, updated_by_name, updated_at) \
             VALUES ($1, $2, $3, 'notice', 'draft', '通知', '通知', '{}', 1, 'system', '系统', $4, '系统', $4)")
        .bind(town)
        .bind(document.as_str())
        .bind(root)
        .bind(now)
        .execute(&*tx)
        .await
        .expect("a document");
        tx.commit_unaudited("the world of a test").await.expect("a commit");

        samples.extend([
            ("/documents/{id}", document),
            ("/documents/templates/{code}", "brief".to_owned()),
            ("/retention/classes/{code}", "messages".to_owned()),
            ("/retention/holds/{id}", "no-such-hold".to_owned()),
            ("/documents/{id}/file/{format}", "docx".to_owned()),
            ("{secret}", "no-such-link".to_owned()),
            ("{format}", "xlsx".to_owned()),
            ("{step}", "up".to_owned()),
            ("{unit_id}", own.to_owned()),
            ("{archive_id}", archive),
            ("{activity_id}", activity),
            ("{duty_id}", duty.clone()),
            ("{file_id}", of_campaign.0.clone()),
            ("{other}", of_submission.0.clone()),
            ("/accounts/{id}", liaison.0.clone()),
            ("/accounts/{id}/roles/{role}", role.expect("a role")),
            ("/accounts/{id}/tokens/{token}", token.clone()),
            ("/me/tokens/{id}", token),
            ("/jobs/{id}", job),
            ("/units/{id}", own.to_owned()),
            ("/api/v1/units/{id}", own.to_owned()),
            ("/units/imports/{id}", "no-such-import".to_owned()),
            ("/campaigns/{id}", campaign.clone()),
            ("/campaigns/{id}/confirm", draft.clone()),
            ("/campaigns/{id}/discard", unwanted),
            ("/campaigns/{id}/receivers", draft.clone()),
            ("/campaigns/{id}/publish", draft.clone()),
            ("/campaigns/{id}/activities", draft.clone()),
            ("/campaigns/{id}/duties", draft.clone()),
            ("/campaigns/{id}/duties/{duty_id}", draft_duty),
            ("/api/v1/campaigns/{id}", campaign.clone()),
            ("/api/v1/campaigns/{id}/publish", draft),
            ("/work/campaigns/{id}", campaign),
            ("/work/do/{id}", occurrence.clone()),
            ("/work/ad-hoc/{duty_id}", ad_hoc),
            ("/occurrences/{id}", occurrence.clone()),
            ("/api/v1/occurrences/{id}", occurrence),
            ("/submissions/{id}", submission.clone()),
            ("/api/v1/submissions/{id}", submission),
            ("/api/v1/duties/{id}", duty),
            ("/messages/{id}", message),
            ("{code}", "study".to_owned()),
            ("/records/kinds/{code}/{step}", "up".to_owned()),
            ("/statistics/corrections/{id}", correction),
            ("/statistics/form/rows/{code}", "quiz".to_owned()),
            ("/statistics/form/slots/{code}", "drill_n".to_owned()),
            ("{part}", "rows".to_owned()),
            ("/statistics/form/{part}/{code}", "study".to_owned()),
            ("/statistics/frozen/{id}", freeze),
            ("/work/records/{id}", record.clone()),
            ("/records/{id}", record.clone()),
            ("/api/v1/records/{id}", record),
            ("/api/v1/work/drafts/{id}", "draft-of-a-phone".to_owned()),
            ("/api/v1/work/received/{key}", "key-record".to_owned()),
            ("/api/v1/files/{id}", of_submission.0.clone()),
            ("/files/{id}", of_submission.0),
        ]);
        self.samples = samples;
    }

    /// Sends the row's request as everybody; a sentence for each column that is not as the row says.
    async fn check(&self, row: &Row) -> Vec<String> {
        let mut wrong = Vec::new();
        for ((column, client), allowed) in COLUMNS.iter().zip(&self.clients).zip(&row.allowed) {
            let answer = self.ask(row, client).await;
            let status = answer.status.as_u16();
            let to_sign_in = matches!(status, 303 | 307) && answer.location().contains("?next=");
            let refused = matches!(status, 401 | 403 | 404) || to_sign_in;
            if refused == *allowed || status >= 500 {
                let says = if *allowed { "let in" } else { "refused" };
                wrong.push(format!("{} {}: {column} should be {says}, was answered {status}", row.method, row.path));
            }
        }
        wrong
    }

    async fn ask(&self, row: &Row, client: &Client) -> Answer {
        let path = self.address(&row.path, client);
        if row.method == "GET" {
            return client.get(&path).await;
        }
        if row.body == "files" {
            return client.post_files_unaudited(&path, &[], &[("file", "a.txt", "一、通知".as_bytes())]).await;
        }
        let body = row
            .body
            .replace("{unit}", self.own.id.as_str())
            .replace("{other}", self.other.id.as_str())
            .replace("{campaign}", &self.samples["/campaigns/{id}"])
            .replace("{occurrence}", &self.samples["/work/do/{id}"])
            .replace("{account}", self.clients[3].actor.account_id.as_str());
        let api = row.path.starts_with("/api/");
        let media_type = if api { "application/json" } else { "application/x-www-form-urlencoded" };
        let body = if api && body.is_empty() { "{}".to_owned() } else { body };
        client.send(&row.method, &path, Some(media_type), body).await
    }

    /// The address with ids of the world in the place of parameters.
    fn address(&self, path: &str, client: &Client) -> String {
        let mut address = String::new();
        let mut rest = path;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').expect("a parameter");
            address += before;
            let at = path.len() - after.len();
            address += &self.sample(path, at, name, client);
            rest = after;
        }
        address + rest
    }

    fn sample(&self, path: &str, end: usize, name: &str, client: &Client) -> String {
        if path.starts_with("/me/sessions/") {
            return match &client.actor.via {
                Via::Session(session) => session.clone(),
                _ => "nobody".to_owned(),
            };
        }
        // A key that goes on behind the parameter says which thing is meant where it has several; the longest wins.
        let fits = |key: &&&str| {
            let last = key.rfind('{').map(|at| &key[at..]).unwrap_or_default();
            let own = last.trim_start_matches('{').split('}').next().unwrap_or_default() == name;
            path.starts_with(**key) && own && key.rfind('}').is_some_and(|at| at + 1 == end)
        };
        let bare = format!("{{{name}}}");
        self.samples
            .keys()
            .filter(fits)
            .max_by_key(|key| key.len())
            .or_else(|| self.samples.keys().find(|key| **key == bare))
            .and_then(|key| self.samples.get(key))
            .unwrap_or_else(|| panic!("{path}: no sample for {{{name}}}; add one to World::fill"))
            .clone()
    }
}
