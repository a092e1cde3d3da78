//! Tables for spreadsheets: CSV and XLSX with real types, in the shop's downloads folder.

mod cells;
mod csv;
mod file;
mod xlsx;

use crate::companion::Companion;
use crate::error::Error;
use crate::store::StoreError;
use crate::views::{ErrorCode, ExportFormat, ExportTable, ExportedView};
use cells::Sheet;

impl Companion {
    /// Writes a table into the folder for exports, beside whatever is there: a name that is taken gets a number. Errors:
    /// `disk_full`, `disk_read_only`, `disk_failed`; `internal` for a value that is not what its column says.
    pub async fn export_table(
        &self,
        format: ExportFormat,
        table: ExportTable,
    ) -> Result<ExportedView, Error> {
        let folder = self.shared.setup.paths.exports();
        let work = tokio::task::spawn_blocking(move || {
            let sheet = Sheet::read(&table).ok_or_else(|| Error::refused(ErrorCode::Internal))?;
            let (bytes, ending) = match format {
                ExportFormat::Csv => (csv::written(&sheet), "csv"),
                ExportFormat::Xlsx => (xlsx::written(&sheet), "xlsx"),
            };
            let bytes = bytes.map_err(|error| {
                tracing::error!(%error, "a table could not be written");
                Error::refused(ErrorCode::Internal)
            })?;
            let path = file::save(&folder, sheet.name, ending, &bytes).map_err(StoreError::from)?;
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            Ok(ExportedView { name, path: path.to_string_lossy().into_owned() })
        });
        work.await.map_err(|stopped| StoreError::Unexpected(stopped.to_string()))?
    }

    /// Where an exported file is, so that the system can show it. Errors: `not_found` when it is gone, or when the name is
    /// none of a file in the folder for exports.
    pub fn exported(&self, name: &str) -> Result<std::path::PathBuf, Error> {
        let path = self.shared.setup.paths.exports().join(name);
        let is_plain = !name.is_empty() && path.file_name().is_some_and(|file| file == name);
        if is_plain && path.is_file() { Ok(path) } else { Err(Error::refused(ErrorCode::NotFound)) }
    }
}

/// Why a table could not be put into a file format.
type Written = Result<Vec<u8>, Box<dyn std::error::Error + Send + Sync>>;

#[cfg(test)]
mod tests;
