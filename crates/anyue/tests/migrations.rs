//! Migrations run from nothing, run twice, run over rows that were there before, and refuse to go backwards: on
//! the embedded database, and on PostgreSQL when `ANYUE_TEST_DATABASE` names a server.
//!
//! `migrations/samples/NNNN_….sql` holds rows as they stood after migration `NNNN`, one at least for each new table.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::str::FromStr as _;

use anyue::platform::audit;
use anyue::platform::clock::Clock;
use anyue::platform::db::{DatabaseUrl, Db, migrations, sql};
use anyue::platform::ids::JurisdictionId;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use tempfile::TempDir;

/// An empty database, and a way to speak to it below our own code.
struct Empty {
    url: DatabaseUrl,
    pool: Pool,
    _folder: TempDir,
}

enum Pool {
    Sqlite(sqlx::SqlitePool),
    Postgres(sqlx::PgPool),
}

impl Empty {
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let Ok(server) = std::env::var("ANYUE_TEST_DATABASE") else {
            let file = folder.path().join("anyue.db");
            let options =
                sqlx::sqlite::SqliteConnectOptions::new().filename(&file).create_if_missing(true).foreign_keys(true);
            let pool = sqlx::SqlitePool::connect_with(options).await.expect("a database");
            return Self { url: DatabaseUrl::Sqlite(file), pool: Pool::Sqlite(pool), _folder: folder };
        };
        let schema = format!("migrations_{}", hex::encode(rand::random::<[u8; 8]>()));
        let pool = sqlx::PgPool::connect(&server).await.expect("the PostgreSQL server of the tests");
        sqlx::raw_sql(sqlx::AssertSqlSafe(format!("CREATE SCHEMA {schema}"))).execute(&pool).await.expect("a schema");
        pool.close().await;
        let separator = if server.contains('?') { '&' } else { '?' };
        let url = format!("{server}{separator}options=-csearch_path%3D{schema}");
        let options = sqlx::postgres::PgConnectOptions::from_str(&url).expect("an address");
        let pool = sqlx::PgPool::connect_with(options).await.expect("a database");
        Self { url: DatabaseUrl::Postgres(url), pool: Pool::Postgres(pool), _folder: folder }
    }

    /// Runs the first migrations, so many of them.
    async fn migrate(&self, count: usize) {
        let first = migrations().iter().take(count).map(|(version, name, text)| {
            Migration::new(*version, Cow::Borrowed(name), MigrationType::Simple, sqlx::SqlStr::from_static(text), false)
        });
        let migrator = Migrator::with_migrations(first.collect());
        match &self.pool {
            Pool::Sqlite(pool) => migrator.run(pool).await,
            Pool::Postgres(pool) => migrator.run(pool).await,
        }
        .expect("the migration runs");
    }

    async fn run(&self, text: String) {
        let text = sqlx::raw_sql(sqlx::AssertSqlSafe(text));
        match &self.pool {
            Pool::Sqlite(pool) => text.execute(pool).await.map(|_| ()),
            Pool::Postgres(pool) => text.execute(pool).await.map(|_| ()),
        }
        .expect("the statement runs");
    }

    async fn open(&self) -> anyue::platform::Result<Db> {
        Db::open(&self.url, Clock::fixed("2022-06-13T08:30:00+08:00".parse().expect("an instant"))).await
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations")
}

/// The tables that a text of SQL makes or fills.
fn tables(text: &str, after: &str) -> Vec<String> {
    text.lines()
        .filter_map(|line| line.strip_prefix(after))
        .map(|rest| rest.split_whitespace().next().unwrap_or_default().to_owned())
        .collect()
}

#[tokio::test]
async fn every_migration_runs_over_the_rows_that_were_there_before_it() {
    let database = Empty::new().await;
    let mut made = Vec::new();
    for (count, (version, name, text)) in migrations().iter().enumerate() {
        database.migrate(count + 1).await;
        let sample = folder().join(format!("samples/{version:04}_{name}.sql"));
        let sample = std::fs::read_to_string(&sample).unwrap_or_else(|_| panic!("{} is missing", sample.display()));
        let filled = tables(&sample, "INSERT INTO ");
        for table in tables(text, "CREATE TABLE ") {
            // A table made anew takes the place of the old one.
            let anew = format!("ALTER TABLE {table} RENAME TO ");
            let table = tables(text, &anew).pop().map_or(table, |name| name.trim_end_matches(';').to_owned());
            assert!(filled.contains(&table), "samples/{version:04}_{name}.sql has no row for {table}");
            made.push(table);
        }
        database.run(sample).await;
    }
    let db = database.open().await.expect("the program opens what the migrations made");
    for table in made {
        let count: Option<i64> =
            sql(format!("SELECT COUNT(*) FROM {table}")).scalar(db.reader()).await.expect("a count");
        assert!(count.unwrap_or_default() > 0, "{table} lost its sample rows");
    }
    let town = JurisdictionId::from("town-samples");
    assert_eq!(audit::verify(db.reader(), &town).await.expect("the sample's trail holds"), 1);
}

#[tokio::test]
async fn opening_a_second_time_changes_nothing() {
    let database = Empty::new().await;
    let count = "SELECT COUNT(*) FROM _sqlx_migrations";
    for _ in 0..2 {
        let db = database.open().await.expect("it opens");
        let done: Option<i64> = sql(count).scalar(db.reader()).await.expect("a count");
        assert_eq!(done, Some(migrations().len() as i64));
        db.close().await.expect("it closes");
    }
}

#[tokio::test]
async fn a_database_of_a_newer_program_is_refused_and_left_alone() {
    let database = Empty::new().await;
    database.migrate(migrations().len()).await;
    database
        .run(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
              SELECT 9999, 'from the future', success, checksum, 0 FROM _sqlx_migrations WHERE version = 1"
                .to_owned(),
        )
        .await;
    let refused = database.open().await.err().expect("it must not open");
    assert!(refused.to_string().contains("9999"), "{refused}");
}

#[tokio::test]
async fn a_migration_changed_after_it_ran_is_noticed() {
    let database = Empty::new().await;
    database.migrate(migrations().len()).await;
    database.run("UPDATE _sqlx_migrations SET checksum = (SELECT checksum FROM _sqlx_migrations WHERE version = 2) WHERE version = 1".to_owned()).await;
    assert!(database.open().await.is_err());
}

#[test]
fn files_and_list_agree_and_are_numbered_without_gaps() {
    let mut files: Vec<String> = std::fs::read_dir(folder())
        .expect("migrations")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".sql"))
        .collect();
    files.sort();
    let listed: Vec<String> =
        migrations().iter().map(|(version, name, _)| format!("{version:04}_{name}.sql")).collect();
    assert_eq!(files, listed);
    assert!(migrations().iter().enumerate().all(|(place, (version, _, _))| *version == place as i64 + 1));
}
