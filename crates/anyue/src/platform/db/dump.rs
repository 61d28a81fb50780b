//! Every row of every table, as JSON lines: what a backup holds. The same text from both engines, so a town
//! that has outgrown SQLite is restored into PostgreSQL from its own backup.

use std::io::{BufRead, Write};

use futures_util::TryStreamExt as _;
use sea_orm::{
    AccessMode, ConnectionTrait, DatabaseTransaction, FromQueryResult, IsolationLevel, QueryResult, Statement,
    StreamTrait, TransactionOptions, TransactionTrait, Value,
};
use serde_json::Value as Json;

use super::{Db, Engine, insert_rows, sql};
use crate::platform::error::{Error, Result};

/// A table and its columns, in the order of their declaration.
#[derive(Clone, Debug)]
pub struct Table {
    /// Name.
    pub name: String,
    /// Columns.
    pub columns: Vec<Column>,
    /// Names of the primary key's columns.
    key: Vec<String>,
}

/// A column.
#[derive(Clone, Debug)]
pub struct Column {
    /// Name.
    pub name: String,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Number,
    Truth,
}

#[derive(FromQueryResult)]
struct ColumnRow {
    table_name: String,
    column_name: String,
    data_type: String,
    key_place: i64,
}

/// All tables of the product, by name; the migrator's own is left out.
pub async fn tables(db: &impl ConnectionTrait) -> Result<Vec<Table>> {
    let text = match db.get_database_backend() {
        sea_orm::DbBackend::Sqlite => {
            "SELECT m.name AS table_name, c.name AS column_name, c.type AS data_type, c.pk AS key_place \
             FROM sqlite_master m JOIN pragma_table_info(m.name) c \
             WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND m.name NOT LIKE '\\_sqlx%' ESCAPE '\\' \
             ORDER BY m.name, c.cid"
        }
        _ => {
            "SELECT CAST(c.table_name AS TEXT) AS table_name, CAST(c.column_name AS TEXT) AS column_name, \
               CAST(c.data_type AS TEXT) AS data_type, CAST(COALESCE(k.ordinal_position, 0) AS BIGINT) AS key_place \
             FROM information_schema.columns c \
             LEFT JOIN information_schema.table_constraints t ON t.table_schema = c.table_schema \
               AND t.table_name = c.table_name AND t.constraint_type = 'PRIMARY KEY' \
             LEFT JOIN information_schema.key_column_usage k ON k.constraint_schema = t.constraint_schema \
               AND k.constraint_name = t.constraint_name AND k.table_name = c.table_name AND k.column_name = c.column_name \
             WHERE c.table_schema = current_schema() AND c.table_name NOT LIKE '\\_sqlx%' \
             ORDER BY c.table_name, c.ordinal_position"
        }
    };
    let rows: Vec<ColumnRow> = sql(text).all(db).await?;
    let mut tables: Vec<Table> = Vec::new();
    let mut keys: Vec<Vec<(i64, String)>> = Vec::new();
    for row in rows {
        if tables.last().is_none_or(|table| table.name != row.table_name) {
            tables.push(Table { name: row.table_name.clone(), columns: Vec::new(), key: Vec::new() });
            keys.push(Vec::new());
        }
        let kind = match row.data_type.to_ascii_lowercase().as_str() {
            "text" => Kind::Text,
            "bigint" => Kind::Number,
            "boolean" => Kind::Truth,
            other => {
                return Err(Error::internal(format!(
                    "column {}.{} has the type {other}",
                    row.table_name, row.column_name
                )));
            }
        };
        if let (Some(table), Some(key)) = (tables.last_mut(), keys.last_mut()) {
            if row.key_place > 0 {
                key.push((row.key_place, row.column_name.clone()));
            }
            table.columns.push(Column { name: row.column_name, kind });
        }
    }
    for (table, mut key) in tables.iter_mut().zip(keys) {
        key.sort();
        table.key = key.into_iter().map(|(_, name)| name).collect();
    }
    Ok(tables)
}

/// A view of the whole database at one instant, while others go on writing.
pub async fn snapshot(db: &Db) -> Result<DatabaseTransaction> {
    let options = match db.engine {
        Engine::Sqlite => TransactionOptions::default(),
        Engine::Postgres => TransactionOptions {
            isolation_level: Some(IsolationLevel::RepeatableRead),
            access_mode: Some(AccessMode::ReadOnly),
            ..Default::default()
        },
    };
    Ok(db.reader.begin_with_options(options).await?)
}

impl Table {
    fn column_list(&self) -> String {
        self.columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>().join(", ")
    }

    /// Writes every row as a JSON array on a line, in the order of the primary key; the number of rows.
    pub async fn write_rows(&self, db: &DatabaseTransaction, out: &mut impl Write) -> Result<u64> {
        // Text sorts by bytes on both engines, so that both write the same file.
        let backend = ConnectionTrait::get_database_backend(db);
        let collate = if backend == sea_orm::DbBackend::Sqlite { "" } else { " COLLATE \"C\"" };
        let order = self
            .key
            .iter()
            .map(|name| {
                let text = self.columns.iter().any(|column| column.name == *name && column.kind == Kind::Text);
                format!("{name}{}", if text { collate } else { "" })
            })
            .collect::<Vec<_>>()
            .join(", ");
        let statement = Statement::from_string(
            backend,
            format!("SELECT {} FROM {} ORDER BY {order}", self.column_list(), self.name),
        );
        let mut stream = std::pin::pin!(db.stream_raw(statement).await?);
        let mut count = 0;
        while let Some(row) = stream.try_next().await? {
            let values = self
                .columns
                .iter()
                .enumerate()
                .map(|(i, column)| read(&row, i, column.kind))
                .collect::<Result<Vec<_>>>()?;
            serde_json::to_writer(&mut *out, &values)?;
            out.write_all(b"\n")?;
            count += 1;
        }
        Ok(count)
    }

    /// Inserts the rows that [`Table::write_rows`] wrote; the number of rows.
    pub async fn read_rows(&self, db: &impl ConnectionTrait, input: impl BufRead) -> Result<u64> {
        let into = format!("{} ({})", self.name, self.column_list());
        let (mut count, mut values) = (0, Vec::new());
        for line in input.lines() {
            let row: Vec<Json> = serde_json::from_str(&line?)?;
            if row.len() != self.columns.len() {
                return Err(Error::internal(format!("a row of {} has {} columns", self.name, row.len())));
            }
            for (json, column) in row.into_iter().zip(&self.columns) {
                values.push(value(json, column.kind)?);
            }
            count += 1;
            if count % 500 == 0 {
                insert_rows(db, &into, self.columns.len(), std::mem::take(&mut values)).await?;
            }
        }
        insert_rows(db, &into, self.columns.len(), values).await?;
        Ok(count)
    }
}

fn read(row: &QueryResult, index: usize, kind: Kind) -> Result<Json> {
    Ok(match kind {
        Kind::Text => Json::from(row.try_get_by_index::<Option<String>>(index)?),
        Kind::Number => Json::from(row.try_get_by_index::<Option<i64>>(index)?),
        Kind::Truth => Json::from(row.try_get_by_index::<Option<bool>>(index)?),
    })
}

fn value(json: Json, kind: Kind) -> Result<Value> {
    match (kind, json) {
        (Kind::Text, Json::Null) => Ok(Value::String(None)),
        (Kind::Number, Json::Null) => Ok(Value::BigInt(None)),
        (Kind::Truth, Json::Null) => Ok(Value::Bool(None)),
        (Kind::Text, Json::String(text)) => Ok(text.into()),
        (Kind::Number, Json::Number(number)) => {
            Ok(number.as_i64().ok_or_else(|| Error::internal("a number out of range"))?.into())
        }
        (Kind::Truth, Json::Bool(truth)) => Ok(truth.into()),
        (_, other) => Err(Error::internal(format!("a backup holds {other} where another type belongs"))),
    }
}

/// Begins the transaction that fills an empty database: references are checked at its end.
pub async fn begin_restore(db: &Db) -> Result<DatabaseTransaction> {
    let tx = db.writer.begin().await?;
    let statement = match db.engine {
        Engine::Sqlite => "PRAGMA defer_foreign_keys = ON",
        Engine::Postgres => "SET CONSTRAINTS ALL DEFERRED",
    };
    tx.execute_unprepared(statement).await?;
    Ok(tx)
}
