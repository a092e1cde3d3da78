//! A price list from a file, as people keep one: a spreadsheet with Chinese or English titles, TOML, or JSON. The rows
//! themselves are checked by `billing-core`.

use std::path::Path;

use billing_core::InputError;
use billing_core::tariff::PriceList;
use serde_json::Value;

use crate::api::ErrorCode;
use crate::error::Error;
use crate::infra::amounts::{half_width, typed_amount};
use crate::infra::blocking::run_blocking;
use crate::infra::tables::{HandedFile, Table, TableReader};

/// Titles of a table as shops and the page write them, without a unit in brackets, and the fields they mean.
const TITLES: [(&str, &str); 23] = [
    ("能力", "capability"),
    ("付费能力", "capability"),
    ("次数", "calls"),
    ("天数", "days"),
    ("有效天数", "days"),
    ("days valid", "days"),
    ("价格", "price"),
    ("原价", "list_price"),
    ("list price", "list_price"),
    ("起始日期", "listed_from"),
    ("从哪天起", "listed_from"),
    ("from", "listed_from"),
    ("from which day", "listed_from"),
    ("结束日期", "listed_until"),
    ("until", "listed_until"),
    ("来源", "source"),
    ("日期", "as_of"),
    ("核对日期", "as_of"),
    ("as of", "as_of"),
    ("推定", "assumed"),
    ("推测", "assumed"),
    ("编号", "id"),
    ("id", "id"),
];

/// Words of a table as shops and the page write them.
const WORDS: [(&str, &str); 12] = [
    ("快速验证", "quick"),
    ("手机号快速验证", "quick"),
    ("手机号快速验证组件", "quick"),
    ("quick verification", "quick"),
    ("实时验证", "realtime"),
    ("手机号实时验证", "realtime"),
    ("手机号实时验证组件", "realtime"),
    ("realtime verification", "realtime"),
    ("是", "true"),
    ("yes", "true"),
    ("否", "false"),
    ("no", "false"),
];

/// No list of packs is larger as text; a larger one would take its reader seconds.
const TEXT_MAX_MB: usize = 1;

/// Errors: `file_unreadable`, `file_too_large`, `price_invalid` with row and field.
pub(crate) async fn read(file: HandedFile, tables: &dyn TableReader) -> Result<PriceList, Error> {
    let ending = Path::new(&file.name).extension().map(|ending| ending.to_string_lossy().to_lowercase());
    match ending.as_deref() {
        Some("toml") => run_blocking(move || of_text(&file, from_toml)).await?,
        Some("json") => {
            run_blocking(move || of_text(&file, |text| Some(PriceList::from_json(text.as_bytes())))).await?
        }
        _ => {
            let cells = in_our_words(file.clone().table(tables).await?);
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
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut rows = table.rows.into_iter();
    let titles: Vec<String> = rows.next()?.iter().map(|title| our_title(title)).collect();
    writer.write_record(&titles).ok()?;
    for mut row in rows {
        // Cells that a spreadsheet leaves out at the end of a row are empty ones.
        row.resize(titles.len().max(row.len()), String::new());
        let title = |index: usize| titles.get(index).map_or("", String::as_str);
        writer.write_record(row.iter().enumerate().map(|(index, cell)| our_cell(title(index), cell))).ok()?;
    }
    writer.into_inner().ok()
}

fn our_word(words: &[(&str, &str)], theirs: &str) -> Option<String> {
    let plain = theirs.trim().to_lowercase();
    words.iter().find(|(word, _)| *word == plain).map(|(_, ours)| (*ours).to_owned())
}

/// `价格（元）` as `price`. A title that is not known stays as it is.
fn our_title(title: &str) -> String {
    let name = title.split(['（', '(']).next().unwrap_or(title).trim();
    our_word(&TITLES, name).unwrap_or_else(|| name.to_lowercase())
}

/// What the cell means under this title; one that means nothing stays as it is, for the core to refuse.
fn our_cell(title: &str, cell: &str) -> String {
    let meant = match title {
        "price" | "list_price" => typed_amount(cell).map(|amount| amount.to_string()),
        "calls" | "days" => Some(whole(cell)),
        "as_of" | "listed_from" | "listed_until" => day(cell),
        "capability" | "assumed" => our_word(&WORDS, cell),
        _ => None,
    };
    meant.unwrap_or_else(|| cell.to_owned())
}

/// `1,000 次` as `1000`.
fn whole(cell: &str) -> String {
    half_width(cell).trim().trim_end_matches(['次', '天']).replace([',', '，', ' '], "")
}

/// `2026/1/3` and `2026年1月3日`, as spreadsheets write days, as `2026-01-03`.
fn day(cell: &str) -> Option<String> {
    let plain = half_width(cell);
    let parts = plain.split(['-', '/', '.', '年', '月', '日']).map(str::trim).filter(|part| !part.is_empty());
    let parts: Vec<u32> = parts.map(|part| part.parse().ok()).collect::<Option<_>>()?;
    match parts.as_slice() {
        [year, month, day] if *year >= 1000 => Some(format!("{year:04}-{month:02}-{day:02}")),
        _ => None,
    }
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
