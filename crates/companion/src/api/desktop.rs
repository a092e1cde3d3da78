//! What a page hands to the windows around it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Theme;

/// A page's markup, and how the document around it was set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SavedPage {
    pub lang: String,
    pub theme: Theme,
    pub html: String,
}

/// Official pages that may be opened in the system browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum HelpPage {
    OfficialChargeGuide,
    OfficialComponentGuide,
}

/// Pages of the practice platform that a person looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PracticePage {
    /// The shop's own phone.
    Phone,
    /// A customer's phone.
    Claim,
    CardOffice,
    /// The service provider's desk.
    Provider,
}

/// What closing the main window does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Closing {
    /// The app goes on in the tray.
    Tray,
    Quit,
}

/// What the app does while nobody looks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct BackgroundView {
    /// This desktop shows a tray. Without one, closing the window always quits.
    pub tray: bool,
    /// `None`: asked when the window is closed.
    pub closing: Option<Closing>,
    /// Started when the person logs in; `None` where the system cannot say.
    pub at_log_in: Option<bool>,
}
