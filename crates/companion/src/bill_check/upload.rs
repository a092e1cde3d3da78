//! A file of sign-ups as it was handed over.

use crate::bill_check::records::{instant, masked};
use crate::infra::tables::Table;

/// Rows shown before anything is compared, and looked at to guess columns.
const SAMPLE_ROWS: usize = 5;

/// A table in which every row is as wide as its titles.
pub(crate) struct BillFile {
    pub(super) name: String,
    /// Empty texts where the file has none.
    pub(super) titles: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
}

// The rows are other people's phone numbers: they stand in no log.
impl std::fmt::Debug for BillFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BillFile").field("rows", &self.rows.len()).finish_non_exhaustive()
    }
}

impl BillFile {
    /// The first row are the titles, unless a time stands in it.
    pub(super) fn of(name: String, table: Table) -> Self {
        let mut rows = table.rows;
        let width = rows.iter().map(Vec::len).max().unwrap_or_default();
        let has_titles = rows.first().is_some_and(|row| row.iter().all(|cell| instant(cell).is_none()));
        let mut titles = if has_titles { rows.remove(0) } else { Vec::new() };
        titles.resize(width, String::new());
        Self { name, titles, rows }
    }

    /// The first rows with phone numbers masked.
    pub(super) fn sample(&self) -> Vec<Vec<String>> {
        let cells = |row: &Vec<String>| row.iter().map(|cell| masked(cell)).collect();
        self.rows.iter().take(SAMPLE_ROWS).map(cells).collect()
    }

    /// Whether one of the first rows has such a cell in the column.
    pub(super) fn has(&self, column: usize, such: impl Fn(&str) -> bool) -> bool {
        let mut cells = self.rows.iter().take(SAMPLE_ROWS).filter_map(|row| row.get(column));
        cells.any(|cell| such(cell))
    }
}
