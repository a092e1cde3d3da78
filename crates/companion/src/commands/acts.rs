//! Commands that take more than one call of the application.

use super::desktop::Desktop;
use crate::{
    Error,
    api::{
        AccountKind, AddingView, AppView, BackgroundView, Closing, ConsolePage, Environment, PurchaseView,
        WizardView,
    },
    settings::backup,
};

/// Adds what only the desktop knows.
pub(super) async fn completed<D: Desktop>(desktop: &D, mut view: AppView) -> Result<AppView, Error> {
    view.practice = desktop.practice().await.ok();
    view.live_member_card = desktop.has_live_member_card();
    Ok(view)
}

/// The page that the next window shows first has the figures as they were.
pub(super) async fn hide_figures<D: Desktop>(desktop: &D, hidden: bool) -> Result<AppView, Error> {
    let view = desktop.app().await?.hide_figures(hidden).await?;
    desktop.forget_page()?;
    completed(desktop, view).await
}

/// An account in practice needs the practice platform.
pub(super) async fn start_account<D: Desktop>(
    desktop: &D,
    environment: Environment,
    kind: AccountKind,
    name: &str,
) -> Result<WizardView, Error> {
    if environment == Environment::Practice {
        desktop.practice().await?;
    }
    desktop.app().await?.start_account(environment, kind, name).await
}

/// Accounts in practice need the practice platform.
pub(super) async fn add_accounts<D: Desktop>(
    desktop: &D,
    environment: Environment,
    name: &str,
    bytes: Vec<u8>,
) -> Result<AddingView, Error> {
    if environment == Environment::Practice {
        desktop.practice().await?;
    }
    desktop.app().await?.add_accounts(environment, name, bytes).await
}

/// The intent is on disk before the console opens.
pub(super) async fn begin_purchase<D: Desktop>(desktop: &D, account: &str) -> Result<PurchaseView, Error> {
    let purchase = desktop.app().await?.begin_purchase(account).await?;
    desktop.open_console(account, ConsolePage::Charge).await?;
    Ok(purchase)
}

/// The way back has closed: the account's console window goes, and then everything it had.
pub(super) async fn finish_removal<D: Desktop>(desktop: &D, account: &str) -> Result<(), Error> {
    desktop.close_console(account);
    desktop.forget_page()?;
    desktop.app().await?.finish_removal(account).await
}

/// The page that is saved for the next start shows the ledger of now.
pub(super) async fn restore_backup<D: Desktop>(desktop: &D, name: String) -> Result<(), Error> {
    let running = desktop.is_running();
    backup::order_restore(desktop.paths(), name, running).await?;
    desktop.forget_page()?;
    if running { desktop.restart() } else { Ok(()) }
}

/// What the shop chose, and what this desktop can do.
pub(super) async fn background<D: Desktop>(desktop: &D) -> Result<BackgroundView, Error> {
    let closing = desktop.app().await?.get_closing().await?;
    let (tray, at_log_in) = (desktop.has_tray().await, desktop.starts_at_log_in());
    Ok(BackgroundView { tray, closing, at_log_in })
}

/// The choice is on disk before the window goes.
pub(super) async fn answer_closing<D: Desktop>(desktop: &D, closing: Option<Closing>) -> Result<(), Error> {
    if let Some(closing) = closing {
        desktop.app().await?.set_closing(closing).await?;
    }
    desktop.close_main(closing);
    Ok(())
}
