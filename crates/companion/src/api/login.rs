use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{AccountId, Environment};

/// What is wrong with an e-mail address for a mini-program's login.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum EmailProblem {
    Empty,
    NotAnAddress,
    /// Longer than 254 characters.
    TooLong,
}

/// What is wrong with a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PasswordProblem {
    /// Fewer than 8 characters.
    TooShort,
    /// Letters and digits or symbols are both needed.
    OneKindOnly,
    /// A space or a character that is not plain ASCII.
    ForbiddenCharacter,
    ContainsEmail,
    /// Guessed quickly.
    Guessable,
}

/// The verdict on what is being typed; nothing is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct LoginCheck {
    pub email: Option<EmailProblem>,
    pub password: Vec<PasswordProblem>,
    /// 0 (guessed at once) to 4 (very strong).
    pub strength: u8,
}

/// What can be copied to the clipboard or filled into the console window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LoginField {
    Email,
    Password,
}

/// A secret on its way into the clipboard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct CopiedView {
    /// Seconds until the clipboard is cleared.
    pub clears_in_seconds: u32,
}

/// A console window that is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ConsoleView {
    #[ts(as = "AccountId")]
    pub account: String,
    pub name: String,
    pub environment: Environment,
    /// The host whose page it shows now.
    pub host: Option<String>,
    /// That host is WeChat's or Tencent's own, over TLS.
    pub official: bool,
    /// Where its page wanted to go last and was not let; `None`: nowhere.
    pub blocked: Option<String>,
    /// This system keeps the accounts' sign-ins apart. Where it does not, signing in to one signs the others out.
    pub separate: bool,
}

/// Pages the console window can be sent to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ConsolePage {
    /// The official deep link that lands on 付费管理 after signing in.
    Charge,
    /// 开发管理 → 开发设置, where AppID and AppSecret are.
    DevSettings,
}
