use companion::{
    secrets::Secret,
    views::{AllocationPlanView, AllocationView, BulkOrderView, Environment, PickedShare, ProviderView},
};
use tauri::{AppHandle, State};

use crate::{failure::Answer, shell::Shell};

#[tauri::command]
pub(crate) async fn connect_provider(
    app: AppHandle,
    shell: State<'_, Shell>,
    environment: Environment,
    name: String,
    app_id: String,
    app_secret: String,
) -> Answer<ProviderView> {
    let companion = &shell.running(&app).await?.companion;
    Ok(companion.connect_provider(environment, &name, &app_id, Secret::new(app_secret)).await?)
}

#[tauri::command]
pub(crate) async fn get_providers(app: AppHandle, shell: State<'_, Shell>) -> Answer<Vec<ProviderView>> {
    Ok(shell.running(&app).await?.companion.get_providers().await?)
}

#[tauri::command]
pub(crate) async fn get_bulk_orders(
    app: AppHandle,
    shell: State<'_, Shell>,
    provider: String,
) -> Answer<Vec<BulkOrderView>> {
    Ok(shell.running(&app).await?.companion.get_bulk_orders(&provider).await?)
}

#[tauri::command]
pub(crate) async fn plan_allocations(
    app: AppHandle,
    shell: State<'_, Shell>,
    provider: String,
    order: String,
    cover_days: Option<u32>,
) -> Answer<AllocationPlanView> {
    let companion = &shell.running(&app).await?.companion;
    Ok(companion.plan_allocations(&provider, &order, cover_days).await?)
}

#[tauri::command]
pub(crate) async fn send_allocations(
    app: AppHandle,
    shell: State<'_, Shell>,
    provider: String,
    order: String,
    picks: Vec<PickedShare>,
) -> Answer<Vec<AllocationView>> {
    let companion = &shell.running(&app).await?.companion;
    Ok(companion.send_allocations(&provider, &order, picks).await?)
}

#[tauri::command]
pub(crate) async fn retry_allocations(
    app: AppHandle,
    shell: State<'_, Shell>,
    provider: String,
) -> Answer<Vec<AllocationView>> {
    Ok(shell.running(&app).await?.companion.retry_allocations(&provider).await?)
}

#[tauri::command]
pub(crate) async fn get_allocations(
    app: AppHandle,
    shell: State<'_, Shell>,
    provider: String,
) -> Answer<Vec<AllocationView>> {
    Ok(shell.running(&app).await?.companion.get_allocations(&provider).await?)
}

#[tauri::command]
pub(crate) async fn cancel_allocation(
    app: AppHandle,
    shell: State<'_, Shell>,
    id: String,
) -> Answer<AllocationView> {
    Ok(shell.running(&app).await?.companion.cancel_allocation(&id).await?)
}
