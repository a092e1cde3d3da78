//! How our values stand in columns: instants as Unix milliseconds, counts as integers, choices by their words.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Error, Row};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::StoreError;
use crate::model::stored::StoredWord;

/// An instant.
#[derive(Debug, Clone, Copy)]
pub(super) struct At(pub(super) DateTime<Utc>);

impl ToSql for At {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.timestamp_millis().into())
    }
}

impl FromSql for At {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let millis = value.as_i64()?;
        DateTime::from_timestamp_millis(millis).map(At).ok_or(FromSqlError::OutOfRange(millis))
    }
}

/// A count of calls or cards.
#[derive(Debug, Clone, Copy)]
pub(super) struct Count(pub(super) u64);

impl ToSql for Count {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let count =
            i64::try_from(self.0).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
        Ok(count.into())
    }
}

impl FromSql for Count {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let count = value.as_i64()?;
        u64::try_from(count).map(Count).map_err(|_| FromSqlError::OutOfRange(count))
    }
}

/// A choice, by its frozen word.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word<T>(pub(super) T);

/// A word that this version does not know.
#[derive(Debug, thiserror::Error)]
#[error("a word nobody knows")]
struct UnknownWord;

/// The same, with its row: the ledger holds what was acknowledged, so nothing in it is passed over.
#[derive(Debug, thiserror::Error)]
#[error("a word nobody knows in {table}, row {row}")]
pub(super) struct UnknownWordIn {
    pub(super) table: &'static str,
    pub(super) row: String,
}

impl<T: StoredWord> ToSql for Word<T> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.word().into())
    }
}

impl<T: StoredWord> FromSql for Word<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        T::of_word(value.as_str()?).map(Word).ok_or_else(|| FromSqlError::other(UnknownWord))
    }
}

/// Reads a row of the ledger. An unknown word in it is an error that names the table and the row, by the column `key`.
pub(super) fn ledger_row<T>(
    row: &Row<'_>,
    (table, key): (&'static str, &str),
    read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    read(row).map_err(|error| match error {
        Error::FromSqlConversionFailure(column, kind, cause) if cause.is::<UnknownWord>() => {
            let row = row.get(key).unwrap_or_default();
            Error::FromSqlConversionFailure(column, kind, Box::new(UnknownWordIn { table, row }))
        }
        other => other,
    })
}

/// Reads a row of the cache. What cannot be read of it is not known: it is read from the platform again.
pub(super) fn cache_row<T>(read: rusqlite::Result<T>) -> rusqlite::Result<Option<T>> {
    match read {
        Ok(value) => Ok(Some(value)),
        Err(Error::QueryReturnedNoRows) => Ok(None),
        Err(
            Error::FromSqlConversionFailure(..)
            | Error::IntegralValueOutOfRange(..)
            | Error::InvalidColumnType(..),
        ) => {
            tracing::info!("a row of the cache is not known");
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// A list or a table of values, as JSON.
#[derive(Debug, Clone)]
pub(super) struct Json<T>(pub(super) T);

impl<T: Serialize> ToSql for Json<T> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        serde_json::to_string(&self.0)
            .map(Into::into)
            .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
    }
}

impl<T: DeserializeOwned> FromSql for Json<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        serde_json::from_str(value.as_str()?).map(Json).map_err(FromSqlError::other)
    }
}

/// The rows of the cache that are known, by their account.
pub(super) fn known_only<T>(
    rows: impl Iterator<Item = rusqlite::Result<(String, Option<T>)>>,
) -> Result<HashMap<String, T>, StoreError> {
    let known =
        rows.filter_map(|row| row.map(|(account, value)| value.map(|value| (account, value))).transpose());
    Ok(known.collect::<Result<_, _>>()?)
}

/// A choice inside JSON, by its frozen word.
pub(super) mod as_word {
    use serde::de::{Deserialize as _, Deserializer, Error as _};
    use serde::ser::Serializer;

    use crate::model::stored::StoredWord;

    pub(in super::super) fn serialize<T: StoredWord, S: Serializer>(
        value: &T,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(value.word())
    }

    pub(in super::super) fn deserialize<'de, T: StoredWord, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<T, D::Error> {
        T::of_word(&String::deserialize(deserializer)?).ok_or_else(|| D::Error::custom("a word nobody knows"))
    }
}
