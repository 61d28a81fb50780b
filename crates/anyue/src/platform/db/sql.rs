//! Statements written once for both engines: `$1` placeholders, values bound in order.

use sea_orm::{ConnectionTrait, FromQueryResult, Statement, TryGetable, Value};

use crate::platform::error::Result;

/// A statement and its values.
#[derive(Debug)]
pub struct Sql {
    text: String,
    values: Vec<Value>,
}

/// Begins a statement. Placeholders are `$1`, `$2` …, bound in this order by [`Sql::bind`].
pub fn sql(text: impl Into<String>) -> Sql {
    Sql { text: text.into(), values: Vec::new() }
}

/// So many values at most are listed in one statement: far within every engine's limit.
const PORTION: usize = 500;

/// `$5, $6, $7` for `placeholders(5, 3)`: for `IN (…)`.
pub fn placeholders(first: usize, count: usize) -> String {
    (first..first + count).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
}

impl Sql {
    /// Binds the next value.
    #[must_use]
    pub fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    /// Binds several values, in order.
    #[must_use]
    pub fn bind_all<V: Into<Value>>(mut self, values: impl IntoIterator<Item = V>) -> Self {
        self.values.extend(values.into_iter().map(Into::into));
        self
    }

    /// This statement once for each portion of `many`, `IN (...)` replaced by placeholders.
    fn portions<'v, V>(self, many: &'v [V]) -> impl Iterator<Item = Self>
    where
        &'v V: Into<Value>,
    {
        let Self { text, values } = self;
        many.chunks(PORTION).map(move |portion| {
            let list = format!("IN ({})", placeholders(values.len() + 1, portion.len()));
            Self { text: text.replace("IN (...)", &list), values: values.clone() }.bind_all(portion)
        })
    }

    fn statement(self, db: &impl ConnectionTrait) -> Statement {
        Statement::from_sql_and_values(db.get_database_backend(), self.text, self.values)
    }

    /// Carries it out; the number of rows changed.
    pub async fn execute(self, db: &impl ConnectionTrait) -> Result<u64> {
        let statement = self.statement(db);
        Ok(db.execute_raw(statement).await?.rows_affected())
    }

    /// The first row.
    pub async fn one<T: FromQueryResult>(self, db: &impl ConnectionTrait) -> Result<Option<T>> {
        let statement = self.statement(db);
        let row = db.query_one_raw(statement).await?;
        Ok(row.map(|row| T::from_query_result(&row, "")).transpose()?)
    }

    /// All rows.
    pub async fn all<T: FromQueryResult>(self, db: &impl ConnectionTrait) -> Result<Vec<T>> {
        let statement = self.statement(db);
        let rows = db.query_all_raw(statement).await?;
        Ok(rows.iter().map(|row| T::from_query_result(row, "")).collect::<Result<_, _>>()?)
    }

    /// All rows, where `IN (...)` in the text stands for any number of values, bound last. They are asked for in
    /// portions: what an `ORDER BY` or a `GROUP BY` says holds within one.
    pub async fn all_in<'v, T, V>(self, db: &impl ConnectionTrait, many: &'v [V]) -> Result<Vec<T>>
    where
        T: FromQueryResult,
        &'v V: Into<Value>,
    {
        let mut rows = Vec::new();
        for portion in self.portions(many) {
            rows.extend(portion.all(db).await?);
        }
        Ok(rows)
    }

    /// Carries it out for any number of values, as [`Sql::all_in`] reads them; the number of rows changed.
    pub async fn execute_in<'v, V>(self, db: &impl ConnectionTrait, many: &'v [V]) -> Result<u64>
    where
        &'v V: Into<Value>,
    {
        let mut changed = 0;
        for portion in self.portions(many) {
            changed += portion.execute(db).await?;
        }
        Ok(changed)
    }

    /// The first column of the first row.
    pub async fn scalar<T: TryGetable>(self, db: &impl ConnectionTrait) -> Result<Option<T>> {
        let statement = self.statement(db);
        let row = db.query_one_raw(statement).await?;
        Ok(row.map(|row| row.try_get_by_index::<T>(0)).transpose()?)
    }

    /// The first column of every row.
    pub async fn scalars<T: TryGetable>(self, db: &impl ConnectionTrait) -> Result<Vec<T>> {
        let statement = self.statement(db);
        let rows = db.query_all_raw(statement).await?;
        Ok(rows.iter().map(|row| row.try_get_by_index::<T>(0)).collect::<Result<_, _>>()?)
    }
}

/// Inserts rows in chunks that stay within every engine's limit of bound values.
///
/// `into` is `table (column, …)` with `width` columns; `values` holds the rows one after another.
pub async fn insert_rows(db: &impl ConnectionTrait, into: &str, width: usize, values: Vec<Value>) -> Result<()> {
    let per_chunk = (500 * width).min(30_000 / width * width);
    for chunk in values.chunks(per_chunk) {
        let rows: Vec<String> =
            (0..chunk.len() / width).map(|row| format!("({})", placeholders(row * width + 1, width))).collect();
        sql(format!("INSERT INTO {into} VALUES {}", rows.join(", ")))
            .bind_all(chunk.iter().cloned())
            .execute(db)
            .await?;
    }
    Ok(())
}
