use companion::views::{AccountsView, SyncAllView};
use tauri::{AppHandle, State};

use crate::{failure::Answer, shell::Shell};

#[tauri::command]
pub(crate) async fn get_accounts(app: AppHandle, shell: State<'_, Shell>) -> Answer<AccountsView> {
    Ok(shell.running(&app).await?.companion.get_accounts().await?)
}

#[tauri::command]
pub(crate) async fn get_sync_all(app: AppHandle, shell: State<'_, Shell>) -> Answer<SyncAllView> {
    Ok(shell.running(&app).await?.companion.get_sync_all())
}

#[tauri::command]
pub(crate) async fn sync_all(app: AppHandle, shell: State<'_, Shell>) -> Answer<SyncAllView> {
    Ok(shell.running(&app).await?.companion.sync_all().await?)
}

#[tauri::command]
pub(crate) async fn cancel_sync_all(app: AppHandle, shell: State<'_, Shell>) -> Answer<()> {
    shell.running(&app).await?.companion.cancel_sync_all();
    Ok(())
}
