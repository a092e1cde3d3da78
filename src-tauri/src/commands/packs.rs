use companion::views::{ConsolePage, PacksView, PlansView, PurchaseView, WhatIf, WizardView};
use tauri::{AppHandle, State};

use super::console;
use crate::{failure::Answer, shell::Shell};

#[tauri::command]
pub(crate) async fn get_packs(
    app: AppHandle,
    shell: State<'_, Shell>,
    account: String,
    monthly_calls: Option<u64>,
) -> Answer<PacksView> {
    Ok(shell.running(&app).await?.companion.get_packs(&account, monthly_calls).await?)
}

#[tauri::command]
pub(crate) async fn compare_plans(
    app: AppHandle,
    shell: State<'_, Shell>,
    account: String,
    what_if: WhatIf,
) -> Answer<PlansView> {
    Ok(shell.running(&app).await?.companion.compare_plans(&account, what_if).await?)
}

#[tauri::command]
pub(crate) async fn get_purchase(
    app: AppHandle,
    shell: State<'_, Shell>,
    account: String,
) -> Answer<Option<PurchaseView>> {
    Ok(shell.running(&app).await?.companion.get_purchase(&account).await?)
}

#[tauri::command]
pub(crate) async fn resume_purchase(
    app: AppHandle,
    shell: State<'_, Shell>,
    account: String,
) -> Answer<PurchaseView> {
    Ok(shell.running(&app).await?.companion.resume_purchase(&account).await?)
}

#[tauri::command]
pub(crate) async fn pick_pack(
    app: AppHandle,
    shell: State<'_, Shell>,
    account: String,
    pack: String,
) -> Answer<WizardView> {
    Ok(shell.running(&app).await?.companion.pick_pack(&account, &pack).await?)
}

#[tauri::command]
pub(crate) async fn buy_nothing(
    app: AppHandle,
    shell: State<'_, Shell>,
    account: String,
) -> Answer<WizardView> {
    Ok(shell.running(&app).await?.companion.buy_nothing(&account).await?)
}

/// The intent is on disk before the console opens.
#[tauri::command]
pub(crate) async fn begin_purchase(
    app: AppHandle,
    shell: State<'_, Shell>,
    account: String,
) -> Answer<PurchaseView> {
    let companion = &shell.running(&app).await?.companion;
    let purchase = companion.begin_purchase(&account).await?;
    console::open(&app, companion, &account, ConsolePage::Charge).await?;
    Ok(purchase)
}

#[tauri::command]
pub(crate) async fn check_arrival(
    app: AppHandle,
    shell: State<'_, Shell>,
    account: String,
) -> Answer<PurchaseView> {
    Ok(shell.running(&app).await?.companion.check_arrival(&account).await?)
}

#[tauri::command]
pub(crate) async fn give_up_purchase(
    app: AppHandle,
    shell: State<'_, Shell>,
    account: String,
) -> Answer<WizardView> {
    Ok(shell.running(&app).await?.companion.give_up_purchase(&account).await?)
}
