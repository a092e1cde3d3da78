//! A table with its values read as what its columns say.

use billing_core::time::{BEIJING, parse_day, parse_instant};
use chrono::{NaiveDate, NaiveDateTime};
use rust_decimal::Decimal;

use crate::api::{ExportKind, ExportTable, ExportValue};

/// A table whose values are read.
#[derive(Debug)]
pub(super) struct Sheet<'a> {
    pub(super) name: &'a str,
    pub(super) columns: Vec<(&'a str, ExportKind)>,
    pub(super) rows: Vec<Vec<Cell<'a>>>,
}

/// One value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Cell<'a> {
    Empty,
    Text(&'a str),
    Count(u64),
    Money(Decimal),
    /// As a clock in Beijing shows it: a spreadsheet knows no time zones.
    Moment(NaiveDateTime),
    Day(NaiveDate),
}

impl<'a> Sheet<'a> {
    /// `None` when a row is not as long as the head, or a value is not what its column says.
    pub(super) fn read(table: &'a ExportTable) -> Option<Self> {
        let columns: Vec<_> =
            table.columns.iter().map(|column| (column.head.as_str(), column.kind)).collect();
        let row = |row: &'a Vec<Option<ExportValue>>| {
            let cells = row.iter().zip(&columns).map(|(value, (_, kind))| Cell::read(value.as_ref(), *kind));
            cells.collect::<Option<Vec<_>>>().filter(|cells| cells.len() == columns.len())
        };
        let rows = table.rows.iter().map(row).collect::<Option<Vec<_>>>()?;
        Some(Self { name: &table.name, columns, rows })
    }
}

impl<'a> Cell<'a> {
    fn read(value: Option<&'a ExportValue>, kind: ExportKind) -> Option<Self> {
        let Some(value) = value else { return Some(Self::Empty) };
        match (kind, value) {
            (ExportKind::Count, ExportValue::Count(count)) => Some(Self::Count(*count)),
            (ExportKind::Text, ExportValue::Text(text)) => Some(Self::Text(text)),
            (ExportKind::Money, ExportValue::Text(text)) => text.parse().ok().map(Self::Money),
            (ExportKind::Moment, ExportValue::Text(text)) => {
                Some(Self::Moment(parse_instant(text).ok()?.with_timezone(&BEIJING).naive_local()))
            }
            (ExportKind::Day, ExportValue::Text(text)) => parse_day(text).ok().map(Self::Day),
            (ExportKind::Count, ExportValue::Text(_)) | (_, ExportValue::Count(_)) => None,
        }
    }
}
