use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A table for a spreadsheet, with its words as they stand on the screen.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
pub struct ExportTable {
    /// Names the file and the sheet.
    pub name: String,
    pub columns: Vec<ExportColumn>,
    /// One value per column and row.
    pub rows: Vec<Vec<Option<ExportValue>>>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
pub struct ExportColumn {
    pub head: String,
    pub kind: ExportKind,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ExportKind {
    Text,
    /// A whole number.
    Count,
    /// Yuan as text with two decimals: `30.00`.
    Money,
    /// An instant as text, RFC 3339; written in Beijing time.
    Moment,
    /// A day as text: `2027-03-12`.
    Day,
}

/// A value of a cell; what it means is its column's matter.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(untagged)]
pub enum ExportValue {
    Count(u64),
    Text(String),
}

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    Csv,
    Xlsx,
}

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ExportedView {
    /// Its name without the folder.
    pub name: String,
    /// The whole path.
    pub path: String,
}
