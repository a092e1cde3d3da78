//! The shop's member-card platform: settings, the change of acquisition mode, and WeChat's figures passed on.

use chrono::{DateTime, Utc};
use reqwest::Method;
use url::Url;

use super::error::ClientError;
use super::http::{Base, Http};
use super::member_card_wire::{self as wire, ModeQuestion};
use super::wechat::{RecentAverage, UsageReading};
use crate::secrets::Secret;
use crate::views::AcquisitionMode;

/// HTTP's word for a key that is not accepted.
const UNAUTHORIZED: u16 = 401;

/// A member-card platform at one address. It knows the shop by its access key.
#[derive(Debug, Clone)]
pub struct MemberCard {
    http: Http,
    base: Base,
}

/// The shop's settings and balances on the platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    pub shop: String,
    /// The AppID of the mini-program that issues the cards.
    pub app_id: String,
    pub acquisition_mode: AcquisitionMode,
    pub mode_changed_at: DateTime<Utc>,
    /// Cards, 0 to 10^12; the same for the next two.
    pub card_quota: u64,
    pub cards_issued: u64,
    pub cards_remaining: u64,
    /// Text messages left.
    pub sms_balance: u64,
}

impl MemberCard {
    /// The platform at `base`, whose paths begin with `/member-card/v1`.
    pub fn new(http: Http, base: Url) -> Self {
        Self { http, base: Base::new(base) }
    }

    /// `GET /member-card/v1/settings`
    pub async fn settings(&self, key: &Secret<String>) -> Result<Settings, ClientError> {
        let question = self
            .base
            .question("member_card.settings", Method::GET, "/member-card/v1/settings")
            .bearer(key)?;
        self.http.ask(&question, |answer| wire::settings(self.base.host(), answer)).await.map_err(about_key)
    }

    /// `PUT /member-card/v1/settings/acquisition-mode`; answers the settings after the change.
    ///
    /// The platform carries out one `request_id` once and answers repeats alike, so the call is repeated when it fails
    /// in passing, and may be repeated after a crash.
    pub async fn set_mode(
        &self,
        key: &Secret<String>,
        mode: AcquisitionMode,
        request_id: &str,
        reason: &str,
    ) -> Result<Settings, ClientError> {
        let question = self
            .base
            .question("member_card.set_mode", Method::PUT, "/member-card/v1/settings/acquisition-mode")
            .bearer(key)?
            .json(&ModeQuestion { acquisition_mode: mode.into(), request_id, reason })?;
        self.http.ask(&question, |answer| wire::settings(self.base.host(), answer)).await.map_err(about_key)
    }

    /// `GET /member-card/v1/wechat-usage`: WeChat's figures, with the instant the platform read them.
    ///
    /// # Errors
    /// WeChat's refusals are passed on too. A stale token among them is the platform's own to renew.
    pub async fn wechat_usage(
        &self,
        key: &Secret<String>,
    ) -> Result<(UsageReading, Option<RecentAverage>), ClientError> {
        let question = self
            .base
            .question("member_card.wechat_usage", Method::GET, "/member-card/v1/wechat-usage")
            .bearer(key)?;
        self.http
            .ask(&question, |answer| wire::wechat_usage(self.base.host(), answer))
            .await
            .map_err(about_key)
    }
}

fn about_key(error: ClientError) -> ClientError {
    match error {
        ClientError::HttpStatus { host, status: UNAUTHORIZED } => ClientError::KeyRefused { host },
        other => other,
    }
}
