use companion::{
    Error, StoreError,
    views::{ProxyChoice, SettingsView},
};
use tauri::{AppHandle, State};

use super::console;
use crate::{failure::Answer, kept_page::KeptPage, shell::Shell};

#[tauri::command]
pub(crate) async fn get_settings(app: AppHandle, shell: State<'_, Shell>) -> Answer<SettingsView> {
    Ok(shell.running(&app).await?.companion.get_settings().await?)
}

#[tauri::command]
pub(crate) async fn set_account_name(
    app: AppHandle,
    shell: State<'_, Shell>,
    account: String,
    name: String,
) -> Answer<SettingsView> {
    Ok(shell.running(&app).await?.companion.set_account_name(&account, &name).await?)
}

#[tauri::command]
pub(crate) async fn archive_account(
    app: AppHandle,
    shell: State<'_, Shell>,
    account: String,
    archived: bool,
) -> Answer<SettingsView> {
    Ok(shell.running(&app).await?.companion.archive_account(&account, archived).await?)
}

#[tauri::command]
pub(crate) async fn remove_account(
    app: AppHandle,
    shell: State<'_, Shell>,
    account: String,
) -> Answer<SettingsView> {
    Ok(shell.running(&app).await?.companion.remove_account(&account).await?)
}

#[tauri::command]
pub(crate) async fn restore_account(
    app: AppHandle,
    shell: State<'_, Shell>,
    account: String,
) -> Answer<SettingsView> {
    Ok(shell.running(&app).await?.companion.restore_account(&account).await?)
}

/// The way back has closed: the account's console window goes, and then everything it had.
#[tauri::command]
pub(crate) async fn finish_removal(app: AppHandle, shell: State<'_, Shell>, account: String) -> Answer<()> {
    console::close(&app, &account);
    KeptPage::forget(shell.paths.home()).map_err(|error| Error::from(StoreError::from(error)))?;
    Ok(shell.running(&app).await?.companion.finish_removal(&account).await?)
}

#[tauri::command]
pub(crate) async fn set_proxy(
    app: AppHandle,
    shell: State<'_, Shell>,
    choice: ProxyChoice,
) -> Answer<SettingsView> {
    let companion = &shell.running(&app).await?.companion;
    companion.set_proxy(choice).await?;
    Ok(companion.get_settings().await?)
}
