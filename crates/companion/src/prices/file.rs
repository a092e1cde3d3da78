//! A price list from a file, as people keep one: a spreadsheet with Chinese or English titles, TOML, or JSON. The rows
//! themselves are checked by `billing-core`.

use std::path::Path;

use billing_core::InputError;
use billing_core::tariff::PriceList;
use serde_json::Value;

use crate::api::ErrorCode;
use crate::error::Error;
use crate::infra::blocking::run_blocking;
use crate::infra::tables::{HandedFile, Table};

/// Titles of a table as shops write them, and the fields they mean.
const TITLES: [(&str, &str); 13] = [
    ("能力", "capability"),
    ("付费能力", "capability"),
    ("次数", "calls"),
    ("天数", "days"),
    ("有效天数", "days"),
    ("价格", "price"),
    ("原价", "list_price"),
    ("起始日期", "listed_from"),
    ("结束日期", "listed_until"),
    ("来源", "source"),
    ("日期", "as_of"),
    ("核对日期", "as_of"),
    ("推定", "assumed"),
];

/// Words of a table as shops write them.
const WORDS: [(&str, &str); 6] = [
    ("快速验证", "quick"),
    ("手机号快速验证组件", "quick"),
    ("实时验证", "realtime"),
    ("手机号实时验证组件", "realtime"),
    ("是", "true"),
    ("否", "false"),
];

/// No list of packs is larger as text; a larger one would take its reader seconds.
const TEXT_MAX_MB: usize = 1;

/// Errors: `file_unreadable`, `file_too_large`, `price_invalid` with row and field.
pub(crate) async fn read(file: HandedFile) -> Result<PriceList, Error> {
    let ending = Path::new(&file.name).extension().map(|ending| ending.to_string_lossy().to_lowercase());
    match ending.as_deref() {
        Some("toml") => run_blocking(move || of_text(&file, from_toml)).await?,
        Some("json") => {
            run_blocking(move || of_text(&file, |text| Some(PriceList::from_json(text.as_bytes())))).await?
        }
        _ => {
            let cells = in_our_words(file.clone().table().await?);
            of_outcome(&file, cells.map(|cells| PriceList::from_csv(&cells)))
        }
    }
}

type Outcome = Result<PriceList, InputError>;

fn of_text(file: &HandedFile, parse: impl Fn(&str) -> Option<Outcome>) -> Result<PriceList, Error> {
    file.within(TEXT_MAX_MB)?;
    of_outcome(file, parse(&file.text()?))
}

fn from_toml(text: &str) -> Option<Outcome> {
    let json = json_of(toml::Value::Table(text.parse().ok()?));
    Some(PriceList::from_json(json.to_string().as_bytes()))
}

/// `None`: the file is not what its name says.
fn of_outcome(file: &HandedFile, outcome: Option<Outcome>) -> Result<PriceList, Error> {
    let unreadable = || Error::refused(ErrorCode::FileUnreadable).with("name", &file.name);
    outcome.ok_or_else(unreadable)?.map_err(|refused| {
        // A refusal of no row is one of the whole file.
        let is_of_a_row = refused.path.starts_with("line ") || refused.path.starts_with("packs[");
        if is_of_a_row { row_refused(&refused) } else { unreadable() }
    })
}

/// The table as CSV with the titles and words that the core knows.
fn in_our_words(table: Table) -> Option<Vec<u8>> {
    let translated = |cell: String, words: &[(&str, &str)]| {
        words.iter().find(|(theirs, _)| *theirs == cell).map_or(cell.clone(), |(_, ours)| (*ours).to_owned())
    };
    let mut writer = csv::Writer::from_writer(Vec::new());
    let width = table.rows.first()?.len();
    for (index, mut row) in table.rows.into_iter().enumerate() {
        let words: &[(&str, &str)] = if index == 0 { &TITLES } else { &WORDS };
        // Cells that a spreadsheet leaves out at the end of a row are empty ones.
        row.resize(width.max(row.len()), String::new());
        writer.write_record(row.into_iter().map(|cell| translated(cell, words))).ok()?;
    }
    writer.into_inner().ok()
}

/// TOML as JSON. Dates and prices become text, as the core reads them: `30.5` is written as it stands.
fn json_of(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => text.into(),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Float(number) => number.to_string().into(),
        toml::Value::Boolean(truth) => truth.into(),
        toml::Value::Datetime(date) => date.to_string().into(),
        toml::Value::Array(values) => values.into_iter().map(json_of).collect(),
        toml::Value::Table(table) => Value::Object(
            table
                .into_iter()
                .map(|(key, value)| {
                    let is_money = key == "price" || key == "list_price";
                    let value = match json_of(value) {
                        Value::Number(number) if is_money => number.to_string().into(),
                        value => value,
                    };
                    (key, value)
                })
                .collect(),
        ),
    }
}

/// `packs[2].price` and `line 3.price`: the third row, its price. Of a whole row the field is empty.
pub(crate) fn row_refused(refused: &InputError) -> Error {
    let (row_path, field) = refused.path.rsplit_once('.').unwrap_or((&refused.path, ""));
    let number: String = row_path.chars().filter(char::is_ascii_digit).collect();
    let number = number.parse::<u64>().unwrap_or(0);
    let row = if row_path.starts_with("packs[") { number.saturating_add(1) } else { number };
    Error::refused(ErrorCode::PriceInvalid).with("row", row).with("field", field)
}
