use companion::views::{PriceListView, PriceRowDraft};
use tauri::{AppHandle, State};

use crate::{failure::Answer, handed::HandedBytes, shell::Shell};

#[tauri::command]
pub(crate) async fn get_price_list(
    app: AppHandle,
    shell: State<'_, Shell>,
    day: Option<String>,
) -> Answer<PriceListView> {
    Ok(shell.running(&app).await?.companion.get_price_list(day.as_deref()).await?)
}

#[tauri::command]
pub(crate) async fn set_price_row(
    app: AppHandle,
    shell: State<'_, Shell>,
    draft: PriceRowDraft,
) -> Answer<PriceListView> {
    Ok(shell.running(&app).await?.companion.set_price_row(draft).await?)
}

#[tauri::command]
pub(crate) async fn remove_price_row(
    app: AppHandle,
    shell: State<'_, Shell>,
    id: String,
    from: String,
) -> Answer<PriceListView> {
    Ok(shell.running(&app).await?.companion.remove_price_row(&id, &from).await?)
}

#[tauri::command]
pub(crate) async fn import_price_list(
    app: AppHandle,
    shell: State<'_, Shell>,
    name: String,
    bytes: HandedBytes,
) -> Answer<PriceListView> {
    Ok(shell.running(&app).await?.companion.import_price_list(&name, bytes.0).await?)
}

#[tauri::command]
pub(crate) async fn restore_price_list(
    app: AppHandle,
    shell: State<'_, Shell>,
    version: u64,
) -> Answer<PriceListView> {
    Ok(shell.running(&app).await?.companion.restore_price_list(version).await?)
}
