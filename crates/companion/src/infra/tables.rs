//! Tables that a person hands over: CSV as spreadsheets of any age write it, and XLSX. Whatever is in the file, reading
//! it ends with rows or with a refusal.

use std::io::Cursor;

use calamine::{DataRef, Reader as _, Xlsx};
use encoding_rs::{Encoding, GB18030, UTF_8};

use crate::api::ErrorCode;
use crate::error::Error;
use crate::store::StoreError;
use archive::Refused;

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
    fn unreadable(&self) -> Error {
        Error::refused(ErrorCode::FileUnreadable).with("name", &self.name)
    }

    fn too_large(&self) -> Error {
        self.larger_than(FILE_MAX_MB)
    }

    fn larger_than(&self, limit_mb: usize) -> Error {
        let refused = Error::refused(ErrorCode::FileTooLarge);
        refused.with("name", &self.name).with("limit_mb", limit_mb)
    }

    /// Errors: `file_too_large` above this many MiB.
    pub(crate) fn within(&self, limit_mb: usize) -> Result<(), Error> {
        if self.bytes.len() > limit_mb << 20 { Err(self.larger_than(limit_mb)) } else { Ok(()) }
    }

    /// Reads the table on a thread of its own. A reader of foreign formats that gives up in the worst way is one more way
    /// of not being able to read. Errors: `file_unreadable`, `file_too_large`.
    pub(crate) async fn table(self) -> Result<Table, Error> {
        let file = self.clone();
        let read = tokio::task::spawn_blocking(move || self.read()).await;
        match read {
            Ok(outcome) => outcome,
            Err(stopped) if stopped.is_panic() => Err(file.unreadable()),
            Err(stopped) => Err(StoreError::Unexpected(stopped.to_string()).into()),
        }
    }

    fn read(&self) -> Result<Table, Error> {
        self.within(FILE_MAX_MB)?;
        let mut table = if self.bytes.starts_with(ZIP) { self.sheet()? } else { self.separated()? };
        for cell in table.rows.iter_mut().flatten() {
            let trimmed = cell.trim();
            if trimmed.len() < cell.len() {
                *cell = trimmed.to_owned();
            }
        }
        table.rows.retain(|row| row.iter().any(|cell| !cell.is_empty()));
        if table.rows.is_empty() { Err(self.unreadable()) } else { Ok(table) }
    }

    /// The text of the file: UTF-8, what its mark says, or the encoding of Chinese Windows.
    pub(crate) fn text(&self) -> Result<String, Error> {
        let marked = Encoding::for_bom(&self.bytes).map(|(encoding, _)| encoding);
        let encoding =
            marked.unwrap_or(if std::str::from_utf8(&self.bytes).is_ok() { UTF_8 } else { GB18030 });
        let (text, _, broken) = encoding.decode(&self.bytes);
        if broken || text.contains('\0') { Err(self.unreadable()) } else { Ok(text.into_owned()) }
    }

    fn separated(&self) -> Result<Table, Error> {
        let text = self.text()?;
        let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        let separator = [b',', b'\t', b';']
            .into_iter()
            .max_by_key(|separator| first.bytes().filter(|byte| byte == separator).count());
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(separator.unwrap_or(b','))
            .from_reader(text.as_bytes());
        let mut table = Table::default();
        let mut room = Room::default();
        for record in reader.records() {
            let record = record.map_err(|_| self.unreadable())?;
            let row: Vec<String> = record.iter().take(COLUMNS_MAX).map(str::to_owned).collect();
            room.take(row.len(), row.iter().map(String::len).sum()).ok_or_else(|| self.too_large())?;
            table.rows.push(row);
            if table.rows.len() > ROWS_MAX {
                return Err(self.too_large());
            }
        }
        Ok(table)
    }

    /// The first sheet with anything in it. Cell by cell: a sheet whose only cell stands in its last corner would
    /// otherwise be a rectangle of billions.
    fn sheet(&self) -> Result<Table, Error> {
        archive::examine(&self.bytes, UNFOLDED_MAX_MB << 20).map_err(|refused| match refused {
            Refused::Unreadable => self.unreadable(),
            Refused::TooLarge => self.too_large(),
        })?;
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(&self.bytes)).map_err(|_| self.unreadable())?;
        for name in book.sheet_names() {
            let mut cells = book.worksheet_cells_reader(&name).map_err(|_| self.unreadable())?;
            let mut table = Table::default();
            let mut room = Room::default();
            while let Some(cell) = cells.next_cell().map_err(|_| self.unreadable())? {
                let (row, column) = cell.get_position();
                let (Ok(row), Ok(column)) = (usize::try_from(row), usize::try_from(column)) else { continue };
                if length(cell.get_value()) > CELL_MAX {
                    return Err(self.too_large());
                }
                let text = cell_text(cell.get_value());
                if column >= COLUMNS_MAX || text.is_empty() {
                    continue;
                }
                let missing = (column + 1).saturating_sub(table.rows.get(row).map_or(0, Vec::len));
                if row >= ROWS_MAX || room.take(missing, text.len()).is_none() {
                    return Err(self.too_large());
                }
                if table.rows.len() <= row {
                    table.rows.resize(row + 1, Vec::new());
                }
                let cells = &mut table.rows[row];
                if cells.len() <= column {
                    cells.resize(column + 1, String::new());
                }
                cells[column] = text;
            }
            if !table.rows.is_empty() {
                return Ok(table);
            }
        }
        Ok(Table::default())
    }
}

/// What is left of a table's memory.
struct Room(usize);

impl Default for Room {
    fn default() -> Self {
        Self(TABLE_MAX_MB << 20)
    }
}

impl Room {
    /// Takes some cells with this much text in all; `None` when that is more than is left.
    fn take(&mut self, cells: usize, text: usize) -> Option<()> {
        self.0 = self.0.checked_sub(cells.saturating_mul(size_of::<String>()).saturating_add(text))?;
        Some(())
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
