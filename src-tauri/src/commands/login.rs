use companion::{
    secrets::Secret,
    views::{CopiedView, LoginCheck, LoginField, WizardView},
};
use tauri::{AppHandle, State};

use crate::{clipboard, failure::Answer, shell::Shell};

#[tauri::command]
pub(crate) async fn check_login(
    app: AppHandle,
    shell: State<'_, Shell>,
    email: String,
    password: String,
) -> Answer<LoginCheck> {
    let companion = &shell.running(&app).await?.companion;
    Ok(companion.check_login(&Secret::new(email), &Secret::new(password)).await?)
}

#[tauri::command]
pub(crate) async fn suggest_password(app: AppHandle, shell: State<'_, Shell>) -> Answer<String> {
    Ok(shell.running(&app).await?.companion.suggest_password().await?.expose().to_owned())
}

#[tauri::command]
pub(crate) async fn save_login(
    app: AppHandle,
    shell: State<'_, Shell>,
    account: String,
    email: String,
    password: String,
) -> Answer<WizardView> {
    let companion = &shell.running(&app).await?.companion;
    Ok(companion.save_login(&account, Secret::new(email), Secret::new(password)).await?)
}

#[tauri::command]
pub(crate) async fn confirm_login_set(
    app: AppHandle,
    shell: State<'_, Shell>,
    account: String,
) -> Answer<WizardView> {
    Ok(shell.running(&app).await?.companion.confirm_login_set(&account).await?)
}

/// The one command that lets a saved secret out of Rust, when the person asks to see it.
#[tauri::command]
pub(crate) async fn reveal_login(
    app: AppHandle,
    shell: State<'_, Shell>,
    account: String,
    field: LoginField,
) -> Answer<String> {
    Ok(shell.running(&app).await?.companion.login_secret(&account, field).await?.expose().to_owned())
}

#[tauri::command]
pub(crate) async fn copy_login(
    app: AppHandle,
    shell: State<'_, Shell>,
    account: String,
    field: LoginField,
) -> Answer<CopiedView> {
    let secret = shell.running(&app).await?.companion.login_secret(&account, field).await?;
    shell.clipboard.copy(secret).await?;
    Ok(CopiedView { clears_in_seconds: clipboard::CLEARS_AFTER_SECONDS })
}
