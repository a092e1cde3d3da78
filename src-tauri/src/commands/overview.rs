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
