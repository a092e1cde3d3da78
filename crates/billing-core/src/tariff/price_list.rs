//! A price list of the shop's own: typed in, or imported as JSON or CSV, each row with its source and its date.

use super::check::{check_dates, check_pack};
use super::{Capability, Pack, SourceNote, Tariff};
use crate::input::{self, InputError, Object, Word, required};
use crate::{Calls, Days, Yuan};
use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// Most rows of an import: far more than any shop keeps, few enough to be read at once.
const ROWS_MAX: usize = 10_000;

/// Rows that were checked: [`Tariff::with_price_list`] puts them over a tariff.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PriceList(Vec<Pack>);

/// A row as it is written. What may be left out has an obvious value.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    /// `q-365-1000` and so on, unless given.
    id: Option<String>,
    capability: Option<Word<Capability>>,
    calls: Option<Calls>,
    days: Option<Days>,
    price: Option<Yuan>,
    /// The price, unless given.
    list_price: Option<Yuan>,
    /// `as_of`, unless given.
    listed_from: Option<NaiveDate>,
    listed_until: Option<NaiveDate>,
    /// Key of a source of the tariff, or the shop's own words.
    source: Option<String>,
    as_of: Option<NaiveDate>,
    /// No, unless given.
    assumed: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    packs: Vec<Object<Row>>,
}

impl Row {
    fn pack(self, path: &str) -> Result<Pack, InputError> {
        let Word(capability) = required(self.capability, path, "capability")?;
        let calls = required(self.calls, path, "calls")?;
        let days = required(self.days, path, "days")?;
        let price = required(self.price, path, "price")?;
        let as_of = required(self.as_of, path, "as_of")?;
        let source = required(self.source, path, "source")?;
        if source.trim().is_empty() {
            return Err(InputError::new(format!("{path}.source"), "a row says where its price was read"));
        }
        let letter = match capability {
            Capability::Quick => 'q',
            Capability::Realtime => 'r',
        };
        Ok(Pack {
            id: self.id.unwrap_or_else(|| format!("{letter}-{days}-{calls}")),
            capability,
            calls,
            days,
            price,
            list_price: self.list_price.unwrap_or(price),
            listed_from: self.listed_from.unwrap_or(as_of),
            listed_until: self.listed_until,
            source,
            as_of,
            assumed: self.assumed.unwrap_or(false),
        })
    }
}

impl PriceList {
    /// Checks rows, for example after the shop edited them. A refusal names the row: `packs[2].price`.
    pub fn new(packs: Vec<Pack>) -> Result<Self, InputError> {
        Self::checked(packs.into_iter().enumerate().map(|(index, pack)| (format!("packs[{index}]"), pack)))
    }

    /// Reads `{ "packs": [ … ] }`, rows as in a tariff. `capability`, `calls`, `days`, `price`, `source` and `as_of` are
    /// required. A refusal names the row: `packs[2].price`.
    pub fn from_json(json: &[u8]) -> Result<Self, InputError> {
        let Object(wire): Object<Wire> = input::parse(json)?;
        let rows = wire.packs.into_iter().enumerate().map(|(index, Object(row))| {
            let path = format!("packs[{index}]");
            row.pack(&path).map(|pack| (path, pack))
        });
        Self::checked(rows.collect::<Result<Vec<_>, _>>()?.into_iter())
    }

    /// Reads a table with a line of titles, the same as the fields of a row. A refusal names the line: `line 3.price`.
    pub fn from_csv(table: &[u8]) -> Result<Self, InputError> {
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(table);
        let titles = reader.headers().map_err(|error| not_a_table(&error))?.clone();
        if let Some(twice) =
            titles.iter().enumerate().find(|(n, title)| titles.iter().take(*n).any(|t| t == *title))
        {
            return Err(InputError::new("line 1", format_args!("the title {:?} occurs twice", twice.1)));
        }
        let rows = reader.records().map(|record| {
            let record = record.map_err(|error| not_a_table(&error))?;
            let path = format!("line {}", record.position().map_or(0, csv::Position::line));
            let cells = titles.iter().zip(&record).filter(|(_, cell)| !cell.is_empty());
            let row =
                Value::Object(cells.map(|(title, cell)| (title.to_owned(), value(title, cell))).collect());
            let row: Row = serde_path_to_error::deserialize(row)
                .map_err(|error| InputError::new(format!("{path}.{}", error.path()), error.inner()))?;
            row.pack(&path).map(|pack| (path, pack))
        });
        Self::checked(rows.collect::<Result<Vec<_>, _>>()?.into_iter())
    }

    /// The rows.
    pub fn packs(&self) -> &[Pack] {
        &self.0
    }

    fn checked(rows: impl Iterator<Item = (String, Pack)>) -> Result<Self, InputError> {
        let rows: Vec<_> = rows.collect();
        if rows.len() > ROWS_MAX {
            return Err(InputError::new("packs", format_args!("more than {ROWS_MAX} rows")));
        }
        rows.iter().try_for_each(|(path, pack)| check_pack(pack, path))?;
        check_dates(rows.iter().map(|(path, pack)| (path.clone(), pack)))?;
        Ok(Self(rows.into_iter().map(|(_, pack)| pack).collect()))
    }
}

impl Tariff {
    /// This tariff with a price list of the shop's over it. From the first day that the list gives for an id on, its rows
    /// take the place of the tariff's; before that day, and for all other ids, the tariff's stand. A source that the
    /// tariff does not know is the shop's own words, and is shown as such.
    pub fn with_price_list(&self, list: &PriceList) -> Result<Self, InputError> {
        let mut first_day: BTreeMap<&str, NaiveDate> = BTreeMap::new();
        for pack in &list.0 {
            let day = first_day.entry(&pack.id).or_insert(pack.listed_from);
            *day = pack.listed_from.min(*day);
        }
        let mut tariff = self.clone();
        tariff.packs.retain_mut(|pack| {
            let Some(replaced) = first_day.get(pack.id.as_str()) else { return true };
            pack.listed_until = Some(pack.listed_until.map_or(*replaced, |until| until.min(*replaced)));
            pack.listed_from < *replaced
        });
        for pack in &list.0 {
            if tariff.source(&pack.source).is_none() {
                let (key, title) = (pack.source.clone(), pack.source.clone());
                tariff.sources.push(SourceNote { key, title_zh: title.clone(), title_en: title });
            }
        }
        tariff.packs.extend(list.0.iter().cloned());
        tariff.check()?;
        Ok(tariff)
    }
}

/// A cell as JSON has it: numbers and truth where the row has them, text elsewhere.
fn value(title: &str, cell: &str) -> Value {
    match title {
        "calls" | "days" => cell.parse().map_or_else(|_| cell.into(), |number: u64| number.into()),
        "assumed" => cell.parse().map_or_else(|_| cell.into(), |truth: bool| truth.into()),
        _ => cell.into(),
    }
}

#[allow(clippy::wildcard_enum_match_arm, reason = "the rest speak for themselves, now and in later versions")]
fn not_a_table(error: &csv::Error) -> InputError {
    let path = error.position().map_or_else(String::new, |position| format!("line {}", position.line()));
    match error.kind() {
        csv::ErrorKind::Utf8 { .. } => InputError::new(path, "the table is not UTF-8 text"),
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            InputError::new(path, format_args!("{len} columns where the titles are {expected_len}"))
        }
        _ => InputError::new(path, error),
    }
}
