//! Tables that a person hands over: CSV as spreadsheets of any age write it, and XLSX. Whatever is in the file, reading
//! it ends with rows or with a refusal; the shell has it read in a process of its own ([`answer`]), as anybody may have
//! made the file.

use std::fmt;
use std::io::{self, BufWriter, Cursor, Read, Write};
use std::pin::Pin;

use calamine::{DataRef, Reader as _, Xlsx};
use encoding_rs::{Encoding, GB18030, UTF_8};
use serde::{Deserialize, Serialize};

use crate::api::ErrorCode;
use crate::error::Error;
use crate::store::StoreError;

mod archive;

/// Larger files are no shop's records.
pub(crate) const FILE_MAX_MB: usize = 20;
/// What a spreadsheet may unfold to.
const UNFOLDED_MAX_MB: u64 = 150;
/// What a table may take in memory: its texts and its cells, also empty ones.
const TABLE_MAX_MB: usize = 128;
/// The longest text that Excel has in a cell, in bytes of up to four a character.
const CELL_MAX: usize = 4 * 32_767;
/// Rows and columns that are read; what lies beyond is left out of columns, and refused of rows.
const ROWS_MAX: usize = 300_000;
const COLUMNS_MAX: usize = 64;

/// How every spreadsheet of today begins: it is a ZIP archive.
const ZIP: &[u8] = b"PK\x03\x04";

/// What came of reading a table: its cells as text, trimmed, without empty rows.
pub type Reading = Result<Vec<Vec<String>>, Refused>;

/// Why a table is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refused {
    /// It is no table, or one whose parts contradict themselves.
    Unreadable,
    /// It is or unfolds to more than is read.
    TooLarge,
}

/// Reads tables where nothing else is harmed by what is in them.
pub trait TableReader: Send + Sync + fmt::Debug {
    /// Reads one. Errors: it could not be tried at all.
    fn read(&self, file: Vec<u8>) -> Pin<Box<dyn Future<Output = io::Result<Reading>> + Send>>;
}

/// Reads tables on a thread of this process: for what has no other program to start, as tests have not.
#[derive(Debug, Clone, Copy, Default)]
pub struct InProcess;

impl TableReader for InProcess {
    fn read(&self, file: Vec<u8>) -> Pin<Box<dyn Future<Output = io::Result<Reading>> + Send>> {
        Box::pin(async move {
            match tokio::task::spawn_blocking(move || read(&file)).await {
                Ok(reading) => Ok(reading),
                // A reader of foreign formats that gives up in the worst way is one more way of not being able to read.
                Err(stopped) if stopped.is_panic() => Ok(Err(Refused::Unreadable)),
                Err(stopped) => Err(io::Error::other(stopped)),
            }
        })
    }
}

/// Reads a table from `input` and writes its [`Reading`] as JSON to `output`: the work of a process that does only this.
///
/// # Errors
/// One of the two could not be read or written.
pub fn answer(mut input: impl Read, output: impl Write) -> io::Result<()> {
    let mut file = Vec::new();
    input.read_to_end(&mut file)?;
    let mut output = BufWriter::new(output);
    serde_json::to_writer(&mut output, &read(&file))?;
    output.flush()
}

/// A file as it was handed over.
#[derive(Clone)]
pub(crate) struct HandedFile {
    /// Without its folder; for messages only.
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

/// The cells of a table as text, trimmed; rows without any text are left out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Table {
    pub(crate) rows: Vec<Vec<String>>,
}

impl HandedFile {
    fn refused(&self, refused: Refused) -> Error {
        match refused {
            Refused::Unreadable => Error::refused(ErrorCode::FileUnreadable).with("name", &self.name),
            Refused::TooLarge => self.larger_than(FILE_MAX_MB),
        }
    }

    fn larger_than(&self, limit_mb: usize) -> Error {
        let refused = Error::refused(ErrorCode::FileTooLarge);
        refused.with("name", &self.name).with("limit_mb", limit_mb)
    }

    /// Errors: `file_too_large` above this many MiB.
    pub(crate) fn within(&self, limit_mb: usize) -> Result<(), Error> {
        if self.bytes.len() > limit_mb << 20 { Err(self.larger_than(limit_mb)) } else { Ok(()) }
    }

    /// Has the table read. Errors: `file_unreadable`, `file_too_large`.
    pub(crate) async fn table(mut self, reader: &dyn TableReader) -> Result<Table, Error> {
        self.within(FILE_MAX_MB)?;
        match reader.read(std::mem::take(&mut self.bytes)).await {
            Ok(Ok(rows)) => Ok(Table { rows }),
            Ok(Err(refused)) => Err(self.refused(refused)),
            Err(error) => Err(StoreError::Unexpected(error.to_string()).into()),
        }
    }

    /// The text of the file: UTF-8, what its mark says, or the encoding of Chinese Windows.
    pub(crate) fn text(&self) -> Result<String, Error> {
        text(&self.bytes).map_err(|refused| self.refused(refused))
    }
}

fn read(file: &[u8]) -> Reading {
    let mut rows = if file.starts_with(ZIP) { sheet(file)? } else { separated(file)? };
    for cell in rows.iter_mut().flatten() {
        let trimmed = cell.trim();
        if trimmed.len() < cell.len() {
            *cell = trimmed.to_owned();
        }
    }
    rows.retain(|row| row.iter().any(|cell| !cell.is_empty()));
    if rows.is_empty() { Err(Refused::Unreadable) } else { Ok(rows) }
}

fn text(file: &[u8]) -> Result<String, Refused> {
    let marked = Encoding::for_bom(file).map(|(encoding, _)| encoding);
    let encoding = marked.unwrap_or(if std::str::from_utf8(file).is_ok() { UTF_8 } else { GB18030 });
    let (text, _, broken) = encoding.decode(file);
    if broken || text.contains('\0') { Err(Refused::Unreadable) } else { Ok(text.into_owned()) }
}

fn separated(file: &[u8]) -> Reading {
    let text = text(file)?;
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let separator = [b',', b'\t', b';']
        .into_iter()
        .max_by_key(|separator| first.bytes().filter(|byte| byte == separator).count());
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator.unwrap_or(b','))
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    let mut room = Room::default();
    for record in reader.records() {
        let record = record.map_err(|_| Refused::Unreadable)?;
        let row: Vec<String> = record.iter().take(COLUMNS_MAX).map(str::to_owned).collect();
        room.take(row.len(), row.iter().map(String::len).sum())?;
        rows.push(row);
        if rows.len() > ROWS_MAX {
            return Err(Refused::TooLarge);
        }
    }
    Ok(rows)
}

/// The first sheet with anything in it. Cell by cell: a sheet whose only cell stands in its last corner would otherwise
/// be a rectangle of billions.
fn sheet(file: &[u8]) -> Reading {
    archive::examine(file, UNFOLDED_MAX_MB << 20)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(file)).map_err(|_| Refused::Unreadable)?;
    for name in book.sheet_names() {
        let mut cells = book.worksheet_cells_reader(&name).map_err(|_| Refused::Unreadable)?;
        let mut rows: Vec<Vec<String>> = Vec::new();
        let mut room = Room::default();
        while let Some(cell) = cells.next_cell().map_err(|_| Refused::Unreadable)? {
            let (row, column) = cell.get_position();
            let (Ok(row), Ok(column)) = (usize::try_from(row), usize::try_from(column)) else { continue };
            if length(cell.get_value()) > CELL_MAX {
                return Err(Refused::TooLarge);
            }
            let text = cell_text(cell.get_value());
            if column >= COLUMNS_MAX || text.is_empty() {
                continue;
            }
            if row >= ROWS_MAX {
                return Err(Refused::TooLarge);
            }
            let missing = (column + 1).saturating_sub(rows.get(row).map_or(0, Vec::len));
            room.take(missing, text.len())?;
            if rows.len() <= row {
                rows.resize(row + 1, Vec::new());
            }
            let cells = &mut rows[row];
            if cells.len() <= column {
                cells.resize(column + 1, String::new());
            }
            cells[column] = text;
        }
        if !rows.is_empty() {
            return Ok(rows);
        }
    }
    Ok(Vec::new())
}

/// What is left of a table's memory.
struct Room(usize);

impl Default for Room {
    fn default() -> Self {
        Self(TABLE_MAX_MB << 20)
    }
}

impl Room {
    /// Takes some cells with this much text in all. Errors: that is more than is left.
    fn take(&mut self, cells: usize, text: usize) -> Result<(), Refused> {
        let size = cells.saturating_mul(size_of::<String>()).saturating_add(text);
        self.0 = self.0.checked_sub(size).ok_or(Refused::TooLarge)?;
        Ok(())
    }
}

/// Bytes of a text; of what is no text, 0.
fn length(value: &DataRef<'_>) -> usize {
    match value {
        DataRef::SharedString(text) => text.len(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.len(),
        _ => 0,
    }
}

/// What the spreadsheet shows, as plain text: whole numbers without a point, instants as `2026-11-20 10:32:05`, days as
/// `2026-11-20`.
fn cell_text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Empty | DataRef::Error(_) => String::new(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(truth) => truth.to_string(),
        DataRef::DateTime(instant) => instant.as_datetime().map_or_else(
            || instant.as_f64().to_string(),
            |at| at.to_string().trim_end_matches(" 00:00:00").to_owned(),
        ),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
    }
}

#[cfg(test)]
mod tests;
