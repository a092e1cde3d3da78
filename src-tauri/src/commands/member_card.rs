use companion::{
    secrets::Secret,
    views::{AcquisitionMode, MemberCardView, WizardView},
};
use tauri::{AppHandle, State};

use crate::{failure::Answer, shell::Shell};

#[tauri::command]
pub(crate) async fn connect_member_card(
    app: AppHandle,
    shell: State<'_, Shell>,
    account: String,
    access_key: String,
) -> Answer<MemberCardView> {
    let companion = &shell.running(&app).await?.companion;
    Ok(companion.connect_member_card(&account, Secret::new(access_key)).await?)
}

#[tauri::command]
pub(crate) async fn get_member_card(
    app: AppHandle,
    shell: State<'_, Shell>,
    account: String,
) -> Answer<MemberCardView> {
    Ok(shell.running(&app).await?.companion.get_member_card(&account).await?)
}

#[tauri::command]
pub(crate) async fn sync_member_card(
    app: AppHandle,
    shell: State<'_, Shell>,
    account: String,
) -> Answer<MemberCardView> {
    Ok(shell.running(&app).await?.companion.sync_member_card(&account).await?)
}

#[tauri::command]
pub(crate) async fn set_mode(
    app: AppHandle,
    shell: State<'_, Shell>,
    account: String,
    mode: AcquisitionMode,
) -> Answer<MemberCardView> {
    Ok(shell.running(&app).await?.companion.set_mode(&account, mode).await?)
}

#[tauri::command]
pub(crate) async fn undo_mode(
    app: AppHandle,
    shell: State<'_, Shell>,
    account: String,
    change: String,
) -> Answer<MemberCardView> {
    Ok(shell.running(&app).await?.companion.undo_mode(&account, &change).await?)
}

#[tauri::command]
pub(crate) async fn keep_mode(
    app: AppHandle,
    shell: State<'_, Shell>,
    account: String,
) -> Answer<WizardView> {
    Ok(shell.running(&app).await?.companion.keep_mode(&account).await?)
}
