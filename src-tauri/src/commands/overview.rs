use companion::views::OverviewView;
use tauri::{AppHandle, State};

use crate::{failure::Answer, shell::Shell};

#[tauri::command]
pub(crate) async fn get_overview(
    app: AppHandle,
    shell: State<'_, Shell>,
    account: String,
) -> Answer<OverviewView> {
    Ok(shell.running(&app).await?.companion.get_overview(&account).await?)
}

#[tauri::command]
pub(crate) async fn set_reminder(
    app: AppHandle,
    shell: State<'_, Shell>,
    account: String,
    day: Option<String>,
) -> Answer<OverviewView> {
    Ok(shell.running(&app).await?.companion.set_reminder(&account, day).await?)
}
