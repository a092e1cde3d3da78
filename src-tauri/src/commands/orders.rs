use companion::views::{OrderNote, OrdersView};
use tauri::{AppHandle, State};

use crate::{failure::Answer, shell::Shell};

#[tauri::command]
pub(crate) async fn get_orders(
    app: AppHandle,
    shell: State<'_, Shell>,
    account: String,
) -> Answer<OrdersView> {
    Ok(shell.running(&app).await?.companion.get_orders(&account).await?)
}

#[tauri::command]
pub(crate) async fn note_order(
    app: AppHandle,
    shell: State<'_, Shell>,
    account: String,
    order: String,
    note: OrderNote,
) -> Answer<OrdersView> {
    Ok(shell.running(&app).await?.companion.note_order(&account, &order, note).await?)
}
