//! A town to test in: real router, real database, a clock that stands still, seeded ids.
//!
//! ```ignore
//! let app = TestApp::new().await;
//! let village = app.unit("东沟村", UnitKind::Village).await;
//! let office = app.actor(Role::Office).await;
//! let answer = office.get("/units").await;
//! answer.assert_ok().assert_contains("东沟村");
//! ```
//! SQLite by default; with `ANYUE_TEST_DATABASE=postgres://…` every `TestApp` gets a schema of its own there,
//! so the whole suite runs on both engines. After every successful POST of a [`Client`] the harness checks
//! that exactly one event was added to the trail; [`Client::post_unaudited`] is for what is book-keeping.

mod client;
mod published;
pub mod samples;

use axum::Router;
use jiff::Timestamp;
use tempfile::TempDir;

pub use client::{Answer, Client};
pub use published::PublishedTown;

use crate::App;
use crate::config::Config;
use crate::features::units::api::{UnitKind, UnitRef};
use crate::platform::auth::{self, Actor, Role, Via};
use crate::platform::blobs::Blobs;
use crate::platform::clock::Clock;
use crate::platform::db::{DatabaseUrl, Db, sql};
use crate::platform::ids::{AccountId, Ids, JurisdictionId, UnitId};
use crate::platform::text_key::text_key;

/// Monday, 13 June 2022, 08:30 in Asia/Shanghai: when tests begin.
pub const START: &str = "2022-06-13T08:30:00+08:00";

/// The password of every account of a [`TestApp`].
pub const PASSWORD: &str = "qinglong-2022-test";

/// A town to test in.
pub struct TestApp {
    /// The program's shared things.
    pub app: App,
    /// The router that clients talk to.
    pub router: Router,
    /// The town.
    pub town: JurisdictionId,
    /// The unit at the top: 青龙山镇.
    pub root: UnitRef,
    _folder: TempDir,
}

impl TestApp {
    /// An empty town, 青龙山镇, at [`START`].
    pub async fn new() -> Self {
        let mut test = Self::without_town().await;
        insert_town(&test.app, &test.town, "青龙山镇").await;
        test.root = insert_unit(&test.app, &test.town, None, "青龙山镇", UnitKind::Township, "").await;
        test
    }

    /// A fresh installation in which nothing has been set up: neither `town` nor `root` is there.
    pub async fn without_town() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let clock = Clock::fixed(START.parse::<Timestamp>().expect("an instant"));
        let db = Db::open(&test_database(&folder).await, clock.clone()).await.expect("a database");
        let operator = opendal::Operator::new(
            opendal::services::Fs::default().root(folder.path().join("files").to_str().expect("a path")),
        )
        .expect("a folder");
        let blobs = Blobs::new(operator, &folder.path().join("spool")).expect("a folder");
        let ids = Ids::seeded(clock.clone(), rand::random());
        let mut config = Config::default();
        config.data.folder = folder.path().to_path_buf();
        config.site.sponsor_unit = "测试旗应急管理局".to_owned();
        let app = App::new(config, db, blobs, clock, ids);
        let town: JurisdictionId = app.ids.id();
        let root = UnitRef {
            id: UnitId::from(""),
            parent_id: None,
            path: String::new(),
            kind: UnitKind::Township,
            name: String::new(),
            industry: String::new(),
        };
        let router = crate::router::build(app.clone());
        Self { app, router, town, root, _folder: folder }
    }

    /// A unit directly below the town.
    pub async fn unit(&self, name: &str, kind: UnitKind) -> UnitRef {
        insert_unit(&self.app, &self.town, Some(&self.root), name, kind, "").await
    }

    /// A unit below another, with an industry.
    pub async fn unit_below(&self, parent: &UnitRef, name: &str, kind: UnitKind, industry: &str) -> UnitRef {
        insert_unit(&self.app, &self.town, Some(parent), name, kind, industry).await
    }

    /// Somebody signed in with a role for the whole town.
    pub async fn actor(&self, role: Role) -> Client {
        self.actor_at(role, &self.root).await
    }

    /// The liaison of a unit, signed in.
    pub async fn liaison_of(&self, unit: &UnitRef) -> Client {
        self.actor_at(Role::Liaison, unit).await
    }

    /// Somebody signed in with a role below a unit.
    pub async fn actor_at(&self, role: Role, unit: &UnitRef) -> Client {
        let account = self.account(&[(role, unit)]).await;
        self.signed_in(&account).await
    }

    /// The liaison of a unit under this name, signed in.
    pub async fn liaison_named(&self, unit: &UnitRef, name: &str) -> Client {
        let account = self.account(&[(Role::Liaison, unit)]).await;
        let tx = self.app.db.begin(&self.town).await.expect("a transaction");
        sql("UPDATE accounts SET name = $1 WHERE jurisdiction_id = $2 AND account_id = $3")
            .bind(name)
            .bind(&self.town)
            .bind(&account)
            .execute(&*tx)
            .await
            .expect("a name");
        tx.commit_unaudited("a test's name").await.expect("a commit");
        self.signed_in(&account).await
    }

    /// The holder of an account, signed in.
    pub async fn signed_in(&self, account: &AccountId) -> Client {
        let now = self.app.now();
        let tx = self.app.db.begin(&self.town).await.expect("a transaction");
        let session = auth::start_session(&tx, &self.app.ids, account, "测试设备", now).await.expect("a session");
        tx.commit_unaudited("a test's session").await.expect("a commit");
        let via = Via::Session(session.session_id);
        let actor = auth::actor_of_account(self.app.db.reader(), &self.town, account, via, now)
            .await
            .expect("a query")
            .expect("an account");
        Client::new(self, actor, session.secret)
    }

    /// Somebody who is not signed in.
    pub fn anonymous(&self) -> Client {
        Client::anonymous(self)
    }

    /// An active account with these roles and [`PASSWORD`]; its login is the role's code and a number.
    pub async fn account(&self, roles: &[(Role, &UnitRef)]) -> AccountId {
        static HASH: tokio::sync::OnceCell<String> = tokio::sync::OnceCell::const_new();
        let hash = HASH.get_or_init(|| async { auth::hash_password(PASSWORD.to_owned()).await.expect("a hash") }).await;
        let id: AccountId = self.app.ids.id();
        let code = roles.first().map_or("nobody", |(role, _)| role.code());
        let count: Option<i64> =
            sql("SELECT COUNT(*) FROM accounts").scalar(self.app.db.reader()).await.expect("a query");
        let login = format!("{code}-{}", count.unwrap_or_default() + 1);
        let now = self.app.now();
        let tx = self.app.db.begin(&self.town).await.expect("a transaction");
        sql("INSERT INTO accounts (jurisdiction_id, account_id, login, login_key, name, password_hash, state, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, $5, $6, 'active', $7, $7)")
            .bind(&self.town)
            .bind(&id)
            .bind(login.as_str())
            .bind(text_key(&login))
            .bind(format!("测试{}", roles.first().map_or("", |(role, _)| role.label())))
            .bind(hash.as_str())
            .bind(now)
            .execute(&*tx)
            .await
            .expect("an account");
        for (role, unit) in roles {
            sql("INSERT INTO account_roles (jurisdiction_id, account_role_id, account_id, unit_id, role, valid_from) VALUES ($1, $2, $3, $4, $5, $6)")
                .bind(&self.town)
                .bind(self.app.ids.id::<String>())
                .bind(&id)
                .bind(&unit.id)
                .bind(role.code())
                .bind(now)
                .execute(&*tx)
                .await
                .expect("a role");
        }
        tx.commit_unaudited("a test's account").await.expect("a commit");
        id
    }

    /// The program itself, acting in this town.
    pub fn system(&self) -> Actor {
        Actor::system(&self.town)
    }

    /// Moves the clock to an instant: `2022-06-16T12:00:00+08:00`.
    pub fn set_clock(&self, at: &str) {
        self.app.clock.set(at.parse().expect("an instant"));
    }

    /// Works off all background work that is due.
    pub async fn work_off(&self) -> usize {
        crate::jobs::work_off(&self.app).await.expect("background work")
    }

    /// How many events the trail of the town has.
    pub async fn trail_length(&self) -> i64 {
        sql("SELECT COUNT(*) FROM audit_events WHERE jurisdiction_id = $1")
            .bind(&self.town)
            .scalar(self.app.db.reader())
            .await
            .expect("a query")
            .unwrap_or_default()
    }
}

/// The database of one test.
async fn test_database(folder: &TempDir) -> DatabaseUrl {
    let Ok(server) = std::env::var("ANYUE_TEST_DATABASE") else {
        return DatabaseUrl::Sqlite(folder.path().join("anyue.db"));
    };
    let schema = format!("test_{}", hex::encode(rand::random::<[u8; 8]>()));
    let pool = sqlx::postgres::PgPool::connect(&server).await.expect("the PostgreSQL server of the tests");
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!("CREATE SCHEMA {schema}"))).execute(&pool).await.expect("a schema");
    pool.close().await;
    let separator = if server.contains('?') { '&' } else { '?' };
    DatabaseUrl::Postgres(format!("{server}{separator}options=-csearch_path%3D{schema}"))
}

async fn insert_town(app: &App, town: &JurisdictionId, name: &str) {
    let tx = app.db.begin(town).await.expect("a transaction");
    sql("INSERT INTO jurisdictions (jurisdiction_id, name, region_code, created_at) VALUES ($1, $2, 'CN-15', $3)")
        .bind(town)
        .bind(name)
        .bind(app.now())
        .execute(&*tx)
        .await
        .expect("a town");
    tx.commit_unaudited("a test's town").await.expect("a commit");
}

async fn insert_unit(
    app: &App,
    town: &JurisdictionId,
    parent: Option<&UnitRef>,
    name: &str,
    kind: UnitKind,
    industry: &str,
) -> UnitRef {
    let id: UnitId = app.ids.id();
    let path = format!("{}{id}/", parent.map_or("", |parent| parent.path.as_str()));
    let tx = app.db.begin(town).await.expect("a transaction");
    sql("INSERT INTO units (jurisdiction_id, unit_id, parent_id, path, kind, name, name_key, industry, state, created_at, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'active', $9, $9)")
        .bind(town)
        .bind(&id)
        .bind(parent.map(|parent| parent.id.0.clone()))
        .bind(path.as_str())
        .bind(kind.code())
        .bind(name)
        .bind(text_key(name))
        .bind(industry)
        .bind(app.now())
        .execute(&*tx)
        .await
        .expect("a unit");
    tx.commit_unaudited("a test's unit").await.expect("a commit");
    UnitRef {
        id,
        parent_id: parent.map(|parent| parent.id.clone()),
        path,
        kind,
        name: name.to_owned(),
        industry: industry.to_owned(),
    }
}
