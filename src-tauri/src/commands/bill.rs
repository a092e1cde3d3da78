use companion::views::{BillColumns, BillFileView, BillView};
use tauri::{AppHandle, State};

use crate::{failure::Answer, handed::HandedBytes, shell::Shell};

#[tauri::command]
pub(crate) async fn read_bill_file(
    app: AppHandle,
    shell: State<'_, Shell>,
    account: String,
    name: String,
    bytes: HandedBytes,
) -> Answer<BillFileView> {
    Ok(shell.running(&app).await?.companion.read_bill_file(&account, &name, bytes.0).await?)
}

#[tauri::command]
pub(crate) async fn compare_bill_file(
    app: AppHandle,
    shell: State<'_, Shell>,
    account: String,
    columns: BillColumns,
) -> Answer<BillView> {
    Ok(shell.running(&app).await?.companion.compare_bill_file(&account, columns).await?)
}

#[tauri::command]
pub(crate) async fn compare_bill_platform(
    app: AppHandle,
    shell: State<'_, Shell>,
    account: String,
) -> Answer<BillView> {
    Ok(shell.running(&app).await?.companion.compare_bill_platform(&account).await?)
}
