use companion::{
    secrets::Secret,
    views::{TypedFigures, UsageCurveView, UsageView, WizardView},
};
use tauri::{AppHandle, State};

use crate::{failure::Answer, shell::Shell};

#[tauri::command]
pub(crate) async fn connect_app_secret(
    app: AppHandle,
    shell: State<'_, Shell>,
    account: String,
    app_id: String,
    app_secret: String,
) -> Answer<WizardView> {
    let companion = &shell.running(&app).await?.companion;
    Ok(companion.connect_app_secret(&account, &app_id, Secret::new(app_secret)).await?)
}

#[tauri::command]
pub(crate) async fn connect_member_card_usage(
    app: AppHandle,
    shell: State<'_, Shell>,
    account: String,
    access_key: String,
) -> Answer<WizardView> {
    let companion = &shell.running(&app).await?.companion;
    Ok(companion.connect_member_card_usage(&account, Secret::new(access_key)).await?)
}

#[tauri::command]
pub(crate) async fn connect_typed_in(
    app: AppHandle,
    shell: State<'_, Shell>,
    account: String,
    figures: TypedFigures,
) -> Answer<WizardView> {
    Ok(shell.running(&app).await?.companion.connect_typed_in(&account, figures).await?)
}

#[tauri::command]
pub(crate) async fn get_usage(
    app: AppHandle,
    shell: State<'_, Shell>,
    account: String,
) -> Answer<Option<UsageView>> {
    Ok(shell.running(&app).await?.companion.get_usage(&account).await?)
}

#[tauri::command]
pub(crate) async fn get_usage_curve(
    app: AppHandle,
    shell: State<'_, Shell>,
    account: String,
) -> Answer<UsageCurveView> {
    Ok(shell.running(&app).await?.companion.get_usage_curve(&account).await?)
}

#[tauri::command]
pub(crate) async fn sync_usage(
    app: AppHandle,
    shell: State<'_, Shell>,
    account: String,
) -> Answer<UsageView> {
    Ok(shell.running(&app).await?.companion.sync_usage(&account).await?)
}

#[tauri::command]
pub(crate) async fn confirm_usage_seen(
    app: AppHandle,
    shell: State<'_, Shell>,
    account: String,
) -> Answer<WizardView> {
    Ok(shell.running(&app).await?.companion.confirm_usage_seen(&account).await?)
}
