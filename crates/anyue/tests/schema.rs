//! Policies of the schema (docs/database.md), checked on the tables that the migrations really made: on the
//! embedded database, and on PostgreSQL when `ANYUE_TEST_DATABASE` names a server.

use std::collections::{BTreeMap, BTreeSet};

use anyue::platform::db::{Engine, migrations, sql};
use anyue::testing::TestApp;
use sea_orm::FromQueryResult;

#[derive(Clone, Debug, FromQueryResult)]
struct Column {
    table_name: String,
    name: String,
    kind: String,
}

#[derive(Clone, Debug, FromQueryResult)]
struct IndexColumn {
    table_name: String,
    index_name: String,
    is_unique: bool,
    is_primary: bool,
    name: String,
}

#[derive(Clone, Debug, FromQueryResult)]
struct ForeignKey {
    table_name: String,
    constraint_name: String,
    name: String,
    target: String,
}

/// An index: table, unique, primary, columns in order.
struct Index {
    table: String,
    name: String,
    unique: bool,
    primary: bool,
    columns: Vec<String>,
}

struct Schema {
    columns: Vec<Column>,
    indexes: Vec<Index>,
    /// Table, columns, target.
    foreign_keys: Vec<(String, Vec<String>, String)>,
}

const SQLITE: [&str; 3] = [
    "SELECT m.name AS table_name, c.name AS name, lower(c.type) AS kind FROM sqlite_master m, pragma_table_info(m.name) c \
     WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND m.name NOT LIKE '\\_sqlx%' ESCAPE '\\' ORDER BY m.name, c.cid",
    "SELECT m.name AS table_name, i.name AS index_name, i.\"unique\" AS is_unique, i.origin = 'pk' AS is_primary, c.name AS name \
     FROM sqlite_master m, pragma_index_list(m.name) i, pragma_index_info(i.name) c \
     WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND m.name NOT LIKE '\\_sqlx%' ESCAPE '\\' ORDER BY m.name, i.name, c.seqno",
    "SELECT m.name AS table_name, CAST(k.id AS TEXT) AS constraint_name, k.\"from\" AS name, k.\"table\" AS target \
     FROM sqlite_master m, pragma_foreign_key_list(m.name) k WHERE m.type = 'table' ORDER BY m.name, k.id, k.seq",
];

const POSTGRES: [&str; 3] = [
    "SELECT table_name::text AS table_name, column_name::text AS name, data_type::text AS kind FROM information_schema.columns \
     WHERE table_schema = current_schema() AND table_name NOT LIKE '\\_sqlx%' ORDER BY table_name, ordinal_position",
    "SELECT t.relname::text AS table_name, i.relname::text AS index_name, x.indisunique AS is_unique, x.indisprimary AS is_primary, \
     a.attname::text AS name FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid \
     JOIN pg_namespace n ON n.oid = t.relnamespace CROSS JOIN LATERAL unnest(x.indkey) WITH ORDINALITY k(attnum, place) \
     JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum \
     WHERE n.nspname = current_schema() AND t.relname NOT LIKE '\\_sqlx%' ORDER BY t.relname, i.relname, k.place",
    "SELECT t.relname::text AS table_name, c.conname::text AS constraint_name, a.attname::text AS name, f.relname::text AS target \
     FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class f ON f.oid = c.confrelid \
     JOIN pg_namespace n ON n.oid = t.relnamespace CROSS JOIN LATERAL unnest(c.conkey) WITH ORDINALITY k(attnum, place) \
     JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum \
     WHERE c.contype = 'f' AND n.nspname = current_schema() ORDER BY t.relname, c.conname, k.place",
];

impl Schema {
    async fn read(test: &TestApp) -> Self {
        let db = test.app.db.reader();
        let [columns, indexes, keys] = match test.app.db.engine() {
            Engine::Sqlite => SQLITE,
            Engine::Postgres => POSTGRES,
        };
        let columns: Vec<Column> = sql(columns).all(db).await.expect("columns");
        let mut by_index: BTreeMap<(String, String), Index> = BTreeMap::new();
        for row in sql(indexes).all::<IndexColumn>(db).await.expect("indexes") {
            let index = by_index.entry((row.table_name.clone(), row.index_name.clone())).or_insert_with(|| Index {
                table: row.table_name,
                name: row.index_name,
                unique: row.is_unique,
                primary: row.is_primary,
                columns: Vec::new(),
            });
            index.columns.push(row.name);
        }
        let mut by_key: BTreeMap<(String, String), (Vec<String>, String)> = BTreeMap::new();
        for row in sql(keys).all::<ForeignKey>(db).await.expect("foreign keys") {
            let key = by_key.entry((row.table_name, row.constraint_name)).or_insert_with(|| (Vec::new(), row.target));
            key.0.push(row.name);
        }
        Self {
            columns,
            indexes: by_index.into_values().collect(),
            foreign_keys: by_key.into_iter().map(|((table, _), (columns, target))| (table, columns, target)).collect(),
        }
    }

    fn tables(&self) -> BTreeSet<&str> {
        self.columns.iter().map(|column| column.table_name.as_str()).collect()
    }
}

#[tokio::test]
async fn every_row_belongs_to_a_town() {
    let schema = Schema::read(&TestApp::new().await).await;
    assert!(schema.tables().len() >= 25, "the schema was not read: {:?}", schema.tables());
    for table in schema.tables() {
        let has = schema.columns.iter().any(|column| column.table_name == table && column.name == "jurisdiction_id");
        assert!(has, "{table} has no jurisdiction_id");
    }
}

#[tokio::test]
async fn every_unique_index_begins_with_the_town_or_is_the_primary_key() {
    let schema = Schema::read(&TestApp::new().await).await;
    for index in schema.indexes.iter().filter(|index| index.unique && !index.primary) {
        assert_eq!(index.columns[0], "jurisdiction_id", "{}.{} must begin with the town", index.table, index.name);
    }
    for table in schema.tables() {
        let primary = schema.indexes.iter().find(|index| index.table == table && index.primary);
        let primary = primary.unwrap_or_else(|| panic!("{table} has no primary key"));
        let (town_first, single) = (primary.columns[0] == "jurisdiction_id", primary.columns.len() == 1);
        assert!(town_first || (single && primary.columns[0].ends_with("_id")), "{table}: {:?}", primary.columns);
    }
}

#[tokio::test]
async fn columns_have_the_four_types_of_the_house() {
    let schema = Schema::read(&TestApp::new().await).await;
    for Column { table_name, name, kind } in &schema.columns {
        assert!(["text", "bigint", "boolean"].contains(&kind.as_str()), "{table_name}.{name} is {kind}");
        let wanted = match name.as_str() {
            name if name.ends_with("_at") || name == "at" || name == "valid_from" || name == "valid_to" => "bigint",
            name if name.ends_with("_id")
                || name.ends_with("_on")
                || name.ends_with("_key")
                || name.ends_with("_hash") =>
            {
                "text"
            }
            "state" | "kind" | "name" | "path" => "text",
            "version" | "ordinal" | "seq" | "size" | "minutes" | "edition" | "revision" => "bigint",
            _ => continue,
        };
        assert_eq!(kind, wanted, "{table_name}.{name}");
    }
}

#[tokio::test]
async fn names_are_plain_english_words() {
    let schema = Schema::read(&TestApp::new().await).await;
    let plain = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_lowercase())
            && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    };
    for Column { table_name, name, .. } in &schema.columns {
        assert!(plain(table_name) && plain(name), "{table_name}.{name}");
        assert!(table_name.ends_with('s'), "{table_name}: tables are plural");
        assert!(
            !["id", "uuid", "type", "status", "data", "value1"].contains(&name.as_str()),
            "{table_name}.{name} says too little"
        );
    }
}

#[tokio::test]
async fn guard_rails_no_column_counts_visits_or_keeps_score() {
    let schema = Schema::read(&TestApp::new().await).await;
    for Column { table_name, name, .. } in &schema.columns {
        for word in
            ["visit", "login_count", "sign_in_count", "online", "streak", "points", "score", "rank", "last_login"]
        {
            assert!(!name.contains(word), "{table_name}.{name}: guard rails G2, G4");
        }
    }
}

#[tokio::test]
async fn every_foreign_key_has_an_index() {
    let schema = Schema::read(&TestApp::new().await).await;
    let mut bare = Vec::new();
    for (table, columns, target) in &schema.foreign_keys {
        let wanted: Vec<&String> = columns.iter().filter(|column| *column != "jurisdiction_id").collect();
        let found = schema.indexes.iter().filter(|index| index.table == *table).any(|index| {
            let after: Vec<&String> = index.columns.iter().filter(|column| *column != "jurisdiction_id").collect();
            after.starts_with(&wanted)
        });
        if !found {
            bare.push(format!("{table} ({}) → {target}", columns.join(", ")));
        }
    }
    assert!(bare.is_empty(), "without an index, deleting and joining read the whole table:\n{}", bare.join("\n"));
}

/// Words that are open by design: a new kind of job or event needs no migration.
const OPEN_WORDS: &[&str] = &[
    "jobs.kind",
    "audit_events.kind",
    "audit_events.subject_kind",
    // Codes of the catalogue of kinds, which grows without a migration.
    "records.kind",
    "record_values.kind",
];

#[test]
fn every_closed_list_of_words_is_checked_by_the_database() {
    let mut bare = Vec::new();
    for (_, file, text) in migrations() {
        let mut table = "";
        for line in text.lines() {
            if let Some(rest) = line.strip_prefix("CREATE TABLE ") {
                table = rest.split_whitespace().next().unwrap_or_default();
            }
            let name = line.split_whitespace().next().unwrap_or_default();
            let is_word = ["state", "kind", "role", "purpose"].contains(&name) || name.ends_with("_kind");
            if is_word
                && line.contains(" TEXT")
                && !line.contains("CHECK (")
                && !OPEN_WORDS.contains(&&*format!("{table}.{name}"))
            {
                bare.push(format!("{file}: {table}.{name}"));
            }
        }
    }
    assert!(bare.is_empty(), "enums are TEXT with CHECK: {bare:?}");
}

#[test]
fn migrations_are_plain_and_the_same_for_both_engines() {
    for (version, file, text) in migrations() {
        assert!(text.starts_with("-- "), "{version} {file} begins with what it is for");
        let code: String =
            text.lines().map(|line| line.split("--").next().unwrap_or_default()).collect::<Vec<_>>().join(" ");
        let words: Vec<String> = code.split(|c: char| !c.is_ascii_alphabetic()).map(str::to_uppercase).collect();
        for word in [
            "AUTOINCREMENT",
            "SERIAL",
            "JSONB",
            "BYTEA",
            "BLOB",
            "TIMESTAMP",
            "VARCHAR",
            "INTEGER",
            "REAL",
            "PRAGMA",
            "ROWID",
        ] {
            assert!(!words.iter().any(|found| found == word), "{version} {file}: {word} is not portable here");
        }
    }
}
