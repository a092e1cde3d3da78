use companion::{
    Companion, Error,
    secrets::Secret,
    views::{ConsolePage, Environment, ErrorCode, LoginField, WizardView},
};
use tauri::{AppHandle, Manager as _, State, Url};

use crate::{
    failure::Answer,
    shell::{self, Shell},
    windows::{self, Foreign},
};

#[tauri::command]
pub(crate) async fn open_console(
    app: AppHandle,
    shell: State<'_, Shell>,
    account: String,
    page: ConsolePage,
) -> Answer<()> {
    open(&app, &shell.running(&app).await?.companion, &account, page).await
}

/// Types a saved secret into the console's own field: only on request, only while the window shows the console.
#[tauri::command]
pub(crate) async fn fill_console(
    app: AppHandle,
    shell: State<'_, Shell>,
    account: String,
    field: LoginField,
) -> Answer<()> {
    let companion = &shell.running(&app).await?.companion;
    let console = companion.console_address(&account, ConsolePage::Charge).await?;
    let Some(window) = app.get_webview_window(&label(&account)) else {
        return Err(Error::refused(ErrorCode::WindowFailed).into());
    };
    if window.url()?.origin() != console.origin() {
        return Err(Error::refused(ErrorCode::WindowFailed).into());
    }
    let secret = companion.login_secret(&account, field).await?;
    Ok(window.eval(typing(field, &secret).expose())?)
}

#[tauri::command]
pub(crate) async fn confirm_signed_in(
    app: AppHandle,
    shell: State<'_, Shell>,
    account: String,
) -> Answer<WizardView> {
    Ok(shell.running(&app).await?.companion.confirm_signed_in(&account).await?)
}

/// Opens the account's console window, which has a profile of its own, and watches for the sign-in.
pub(super) async fn open(
    app: &AppHandle,
    companion: &Companion,
    account: &str,
    page: ConsolePage,
) -> Answer<()> {
    let url = companion.console_address(account, page).await?;
    let wizard = companion.get_wizard(account).await?;
    let mark = if wizard.environment == Environment::Practice { " · 体验环境" } else { "" };
    let of_account = account.to_owned();
    windows::open_foreign(
        app,
        Foreign {
            label: label(account),
            title: format!("{} · 微信公众平台{mark}", wizard.name),
            url,
            size: (1100.0, 760.0),
            profile: account.to_owned(),
            on_loaded: Box::new(move |app, url| reached(app.clone(), of_account.clone(), url)),
        },
    )?;
    Ok(())
}

fn label(account: &str) -> String {
    format!("console-{account}")
}

fn reached(app: AppHandle, account: String, url: Url) {
    tauri::async_runtime::spawn(async move {
        let Ok(running) = shell::of(&app).inner().running(&app).await else { return };
        if let Err(error) = running.companion.console_reached(&account, &url).await {
            tracing::warn!(code = ?error.code(), "the sign-in could not be recorded");
        }
    });
}

/// A script that fills one field and tells the page so, as typing would.
fn typing(field: LoginField, secret: &Secret<String>) -> Secret<String> {
    let name = match field {
        LoginField::Email => "account",
        LoginField::Password => "password",
    };
    let value = serde_json::Value::String(secret.expose().to_owned()).to_string();
    Secret::new(format!(
        "(() => {{ const field = document.querySelector('input[name={name}]'); if (!field) return; \
         field.focus(); field.value = {value}; \
         field.dispatchEvent(new Event('input', {{ bubbles: true }})); \
         field.dispatchEvent(new Event('change', {{ bubbles: true }})); }})()"
    ))
}
