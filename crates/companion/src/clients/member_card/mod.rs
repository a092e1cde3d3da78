//! The shop's member-card platform: settings, the change of acquisition mode, sign-ups, and WeChat's figures passed on.
//! Its interface is written down in `crates/practice/openapi/member-card.yaml`.

mod records;
mod wire;

use chrono::{DateTime, Utc};
use reqwest::Method;

pub use records::{
    Component, Outcome, ProgramVersion, SignUp, SignUpCounts, SignUpDay, SignUpPage, SignUpQuestion,
    Statistics,
};

use super::error::ClientError;
use super::http::{Hosts, Http, Question};
use super::wechat::{RecentAverage, UsageReading};
use crate::api::AcquisitionMode;
use crate::secrets::Secret;
use wire::{LeaseQuestion, ModeQuestion};

/// A member-card platform at one address. It knows the shop by its access key.
#[derive(Debug, Clone)]
pub struct MemberCard {
    http: Http,
    hosts: Hosts,
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

/// A change of mode that somebody wants.
#[derive(Debug, Clone, Copy)]
pub struct ModeWish<'a> {
    pub mode: AcquisitionMode,
    /// What was in force when it was asked for; `None`: not known, and changed whatever it is.
    pub seen: Option<AcquisitionMode>,
    /// One for each change that is meant.
    pub request_id: &'a str,
    /// The holder of the guard's lease, without which nothing is changed; `None` where a person wants it.
    pub lease: Option<&'a str>,
}

impl MemberCard {
    /// The platform at this address, whose paths begin with `/member-card/v1`.
    pub fn new(http: Http, hosts: impl Into<Hosts>) -> Self {
        Self { http, hosts: hosts.into() }
    }

    /// A question signed with the access key.
    fn signed(
        &self,
        name: &'static str,
        method: Method,
        path: &'static str,
        key: &Secret<String>,
    ) -> Result<Question, ClientError> {
        Ok(Question::new(&self.hosts, name, method, path).bearer(key)?.reading_status(wire::refusal))
    }

    /// `GET /member-card/v1/settings`
    pub async fn settings(&self, key: &Secret<String>) -> Result<Settings, ClientError> {
        let question = self.signed("member_card.settings", Method::GET, "/member-card/v1/settings", key)?;
        self.http.ask(&question, wire::settings).await
    }

    /// `PUT /member-card/v1/settings/acquisition-mode`; answers the settings right after the change, which may be old by
    /// now: what is in force is read back.
    ///
    /// The platform carries out one `request_id` once and answers repeats alike, so the call is repeated when it fails
    /// in passing, and may be repeated after a crash.
    ///
    /// # Errors
    /// [`ClientError::ModeDiffers`] when another mode is in force than the one that was seen, [`ClientError::LeaseHeld`]
    /// when the lease is no longer its holder's; nothing is changed then.
    pub async fn set_mode(
        &self,
        key: &Secret<String>,
        wish: ModeWish<'_>,
        reason: &str,
    ) -> Result<Settings, ClientError> {
        let path = "/member-card/v1/settings/acquisition-mode";
        let body = ModeQuestion {
            acquisition_mode: wish.mode,
            request_id: wish.request_id,
            reason,
            if_mode: wish.seen,
            lease: wish.lease,
        };
        let question = self.signed("member_card.set_mode", Method::PUT, path, key)?.json(&body)?;
        self.http.ask(&question, wire::settings).await
    }

    /// `PUT /member-card/v1/guard-lease`: takes or renews the lease of a computer, for up to an hour; gives it back with
    /// 0 seconds. Repeats are renewals.
    ///
    /// # Errors
    /// [`ClientError::LeaseHeld`] when another computer has it, [`ClientError::NotOffered`] by a platform without leases.
    pub async fn take_lease(
        &self,
        key: &Secret<String>,
        holder: &str,
        label: &str,
        seconds: u32,
    ) -> Result<(), ClientError> {
        let path = "/member-card/v1/guard-lease";
        let body = LeaseQuestion { holder, label, seconds };
        let question = self.signed("member_card.guard_lease", Method::PUT, path, key)?.json(&body)?;
        self.http.ask(&question, |host, answer| wire::lease(host, answer, holder)).await
    }

    /// `GET /member-card/v1/wechat-usage`: WeChat's figures, with the instant the platform read them.
    ///
    /// # Errors
    /// WeChat's refusals are passed on too. A stale token among them is the platform's own to renew.
    pub async fn wechat_usage(
        &self,
        key: &Secret<String>,
    ) -> Result<(UsageReading, Option<RecentAverage>), ClientError> {
        let path = "/member-card/v1/wechat-usage";
        let question = self.signed("member_card.wechat_usage", Method::GET, path, key)?;
        self.http.ask(&question, wire::wechat_usage).await
    }
}
