//! A purchase: handed over to the console, recognised on arrival.

use url::Url;

use crate::companion::Companion;
use crate::error::Error;
use crate::views::{ErrorCode, PurchaseView, WizardView};

impl Companion {
    /// Writes down that the shop is handed over to the console; the shell opens it then.
    pub async fn begin_purchase(&self, account: &str) -> Result<PurchaseView, Error> {
        Err(Error::refused(ErrorCode::Internal))
    }

    /// Asks the usage interface whether the pack is there.
    pub async fn check_arrival(&self, account: &str) -> Result<PurchaseView, Error> {
        Err(Error::refused(ErrorCode::Internal))
    }

    /// Stops waiting.
    pub async fn give_up_purchase(&self, account: &str) -> Result<WizardView, Error> {
        Err(Error::refused(ErrorCode::Internal))
    }

    /// Where the console is opened to pay for what was picked: the official deep link that lands on 付费管理.
    pub async fn purchase_address(&self, account: &str) -> Result<Url, Error> {
        Err(Error::refused(ErrorCode::Internal))
    }
}
