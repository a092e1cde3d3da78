use companion::views::{ErrorCode, ExportFormat, ExportTable, ExportedView};
use tauri::{AppHandle, State};
use tauri_plugin_opener::OpenerExt as _;

use crate::{failure::Answer, handed::HandedBytes, shell::Shell};

#[tauri::command]
pub(crate) async fn export_table(
    app: AppHandle,
    shell: State<'_, Shell>,
    format: ExportFormat,
    table: ExportTable,
) -> Answer<ExportedView> {
    Ok(shell.running(&app).await?.companion.export_table(format, table).await?)
}

/// A picture that the page took of itself, as base64 text.
#[tauri::command]
pub(crate) async fn export_picture(
    app: AppHandle,
    shell: State<'_, Shell>,
    name: String,
    png: HandedBytes,
) -> Answer<ExportedView> {
    Ok(shell.running(&app).await?.companion.export_picture(name, png.0).await?)
}

/// A text for a person to read.
#[tauri::command]
pub(crate) async fn export_text(
    app: AppHandle,
    shell: State<'_, Shell>,
    name: String,
    text: String,
) -> Answer<ExportedView> {
    Ok(shell.running(&app).await?.companion.export_text(name, text).await?)
}

/// The same text into the clipboard, where it is to be pasted.
#[tauri::command]
pub(crate) async fn copy_text(shell: State<'_, Shell>, text: String) -> Answer<()> {
    Ok(shell.clipboard.copy_text(text).await?)
}

/// Opens the folder with the file in it; only files that were exported can be asked for.
#[tauri::command]
pub(crate) async fn show_export(app: AppHandle, shell: State<'_, Shell>, name: String) -> Answer<()> {
    let path = shell.running(&app).await?.companion.exported(&name)?;
    app.opener().reveal_item_in_dir(path).map_err(|error| {
        tracing::error!(%error, "the folder could not be opened");
        companion::Error::refused(ErrorCode::WindowFailed).into()
    })
}
