use companion::views::{
    AcquisitionMode, EligibilityView, Environment, ShopCategory, Step, Subject, SummaryView, WaysView,
    WizardView,
};
use tauri::{AppHandle, State, WebviewWindow};

use crate::{failure::Answer, shell::Shell};

#[tauri::command]
pub(crate) async fn start_account(
    app: AppHandle,
    shell: State<'_, Shell>,
    environment: Environment,
    name: String,
) -> Answer<WizardView> {
    let running = shell.running(&app).await?;
    if environment == Environment::Practice {
        running.practice()?;
    }
    Ok(running.companion.start_account(environment, &name).await?)
}

#[tauri::command]
pub(crate) async fn get_wizard(
    app: AppHandle,
    shell: State<'_, Shell>,
    account: String,
) -> Answer<WizardView> {
    Ok(shell.running(&app).await?.companion.get_wizard(&account).await?)
}

#[tauri::command]
pub(crate) async fn go_to_step(
    app: AppHandle,
    shell: State<'_, Shell>,
    account: String,
    step: Step,
) -> Answer<WizardView> {
    Ok(shell.running(&app).await?.companion.go_to_step(&account, step).await?)
}

#[tauri::command]
pub(crate) async fn rename_account(
    app: AppHandle,
    shell: State<'_, Shell>,
    account: String,
    environment: Environment,
    name: String,
) -> Answer<WizardView> {
    Ok(shell.running(&app).await?.companion.rename_account(&account, environment, &name).await?)
}

#[tauri::command]
pub(crate) async fn decide_eligibility(
    app: AppHandle,
    shell: State<'_, Shell>,
    account: String,
    subject: Subject,
    category: ShopCategory,
    verified: bool,
) -> Answer<EligibilityView> {
    let companion = &shell.running(&app).await?.companion;
    Ok(companion.decide_eligibility(&account, subject, category, verified).await?)
}

#[tauri::command]
pub(crate) async fn compare_ways(
    app: AppHandle,
    shell: State<'_, Shell>,
    monthly_calls: u64,
) -> Answer<WaysView> {
    Ok(shell.running(&app).await?.companion.compare_ways(monthly_calls).await?)
}

#[tauri::command]
pub(crate) async fn choose_way(
    app: AppHandle,
    shell: State<'_, Shell>,
    account: String,
    way: AcquisitionMode,
    monthly_calls: u64,
) -> Answer<WizardView> {
    Ok(shell.running(&app).await?.companion.choose_way(&account, way, monthly_calls).await?)
}

#[tauri::command]
pub(crate) async fn finish_wizard(
    app: AppHandle,
    shell: State<'_, Shell>,
    account: String,
) -> Answer<WizardView> {
    Ok(shell.running(&app).await?.companion.finish_wizard(&account).await?)
}

#[tauri::command]
pub(crate) async fn get_summary(
    app: AppHandle,
    shell: State<'_, Shell>,
    account: String,
) -> Answer<SummaryView> {
    Ok(shell.running(&app).await?.companion.get_summary(&account).await?)
}

/// The system's print dialog, which can also save as PDF.
#[tauri::command]
pub(crate) async fn print_summary(window: WebviewWindow) -> Answer<()> {
    Ok(window.print()?)
}
