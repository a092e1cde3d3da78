//! Files for the shop, in its downloads folder: tables for spreadsheets, CSV and XLSX with real types, and pictures.

mod cells;
mod csv;
mod file;
mod xlsx;

use crate::api::{ErrorCode, ExportFormat, ExportTable, ExportedView};
use crate::context::Context;
use crate::error::Error;
use crate::infra::blocking::run_blocking;
use crate::store::StoreError;
use cells::Sheet;

/// What every PNG begins with (PNG specification, section 5.2).
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
/// Bytes of the largest picture taken: a page twice its size has a few hundred thousand.
const PICTURE_MAX: usize = 16 << 20;
/// Bytes of the longest text taken: a ticket of three years has a tenth of them.
const TEXT_MAX: usize = 1 << 20;

/// Writes a table into the folder for exports: a name that is taken gets a number. Errors:
/// `disk_full`, `disk_read_only`, `disk_failed`; `internal` for a value that is not what its column says.
pub(crate) async fn export_table(
    context: &Context,
    format: ExportFormat,
    table: ExportTable,
) -> Result<ExportedView, Error> {
    exported_to_disk(context, move || {
        let sheet = Sheet::read(&table).ok_or_else(|| Error::refused(ErrorCode::Internal))?;
        let (bytes, ending) = match format {
            ExportFormat::Csv => (csv::written(&sheet), "csv"),
            ExportFormat::Xlsx => (xlsx::written(&sheet), "xlsx"),
        };
        let bytes = bytes.map_err(|error| {
            tracing::error!(%error, "a table could not be written");
            Error::refused(ErrorCode::Internal)
        })?;
        Ok((sheet.name.to_owned(), ending, bytes))
    })
    .await
}

/// Writes a picture that the page took of itself, as [`export_table`] writes tables. Errors: those of the disk;
/// `internal` when it is no PNG, or one above 16 MiB.
pub(crate) async fn export_picture(
    context: &Context,
    name: String,
    png: Vec<u8>,
) -> Result<ExportedView, Error> {
    if !png.starts_with(PNG) || png.len() > PICTURE_MAX {
        tracing::error!(bytes = png.len(), "what is to be saved as a picture is not one");
        return Err(Error::refused(ErrorCode::Internal));
    }
    exported_to_disk(context, move || Ok((name, "png", png))).await
}

/// Writes a text that a person will read, as [`export_table`] writes tables. Errors: those of the disk; `internal`
/// for a text above 1 MiB.
pub(crate) async fn export_text(
    context: &Context,
    name: String,
    text: String,
) -> Result<ExportedView, Error> {
    if text.len() > TEXT_MAX {
        tracing::error!(bytes = text.len(), "a text to be saved is too long");
        return Err(Error::refused(ErrorCode::Internal));
    }
    // With lines as Windows ends them, and the mark by which its editors know the encoding.
    let lines = text.lines().collect::<Vec<_>>().join("\r\n");
    exported_to_disk(context, move || Ok((name, "txt", format!("\u{feff}{lines}\r\n").into_bytes()))).await
}

/// Makes a file away from the async threads: its name, its ending and its bytes.
async fn exported_to_disk(
    context: &Context,
    make: impl FnOnce() -> Result<(String, &'static str, Vec<u8>), Error> + Send + 'static,
) -> Result<ExportedView, Error> {
    let folder = context.setup.paths.exports();
    run_blocking(move || {
        let (name, ending, bytes) = make()?;
        let path = file::save(&folder, &name, ending, &bytes).map_err(StoreError::from)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(ExportedView { name, path: path.to_string_lossy().into_owned() })
    })
    .await?
}

/// Where an exported file is, so that the system can show it. Errors: `not_found` when it is gone, or when the name is
/// none of a file in the folder for exports.
pub(crate) fn exported(context: &Context, name: &str) -> Result<std::path::PathBuf, Error> {
    let path = context.setup.paths.exports().join(name);
    let is_plain = !name.is_empty() && path.file_name().is_some_and(|file| file == name);
    if is_plain && path.is_file() { Ok(path) } else { Err(Error::refused(ErrorCode::NotFound)) }
}

/// Why a table could not be put into a file format.
type Written = Result<Vec<u8>, Box<dyn std::error::Error + Send + Sync>>;

#[cfg(test)]
mod tests;
