//! Commands that take more than one call of the application.

use super::desktop::Desktop;
use crate::{
    Error,
    api::{AppView, ConsolePage, Environment, PurchaseView, WizardView},
};

/// Adds what only the desktop knows.
pub(super) async fn completed<D: Desktop>(desktop: &D, mut view: AppView) -> Result<AppView, Error> {
    view.practice = desktop.practice().await.ok();
    view.live_member_card = desktop.has_live_member_card();
    Ok(view)
}

/// An account in practice needs the practice platform.
pub(super) async fn start_account<D: Desktop>(
    desktop: &D,
    environment: Environment,
    name: &str,
) -> Result<WizardView, Error> {
    if environment == Environment::Practice {
        desktop.practice().await?;
    }
    desktop.app().await?.start_account(environment, name).await
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
