//! WeChat's service API: tokens, the owner's figures, the service provider's orders and allocations, and what WeChat
//! says about its own interface.
//!
//! Tokens come from `stable_token` only, never forced: it hands out the same token while that is valid, so asking
//! neither kills a token in use elsewhere nor spends the shop's twenty forced renewals a day **W**. `/cgi-bin/token`
//! would kill the token of whatever other system the shop runs.
//!
//! `clear_quota` is left out on purpose: an account may clear its counters ten times a month, for all its systems
//! together **W**. These are the shop's to spend, not ours; we wait for the next minute or day instead.

mod interface;
mod provider;
mod usage;
mod wire;

use std::time::Duration;

use reqwest::Method;

pub use interface::{ApiQuota, CallReport, RateLimit};
pub use provider::{Allocation, Assigned, ConvertibleSku, Invoice, OrderProduct, ProviderOrder, SkuQuestion};
pub use usage::{RecentAverage, RowSource, RowStatus, UsageReading, UsageRow};
pub(crate) use wire::ALLOCATION_PENDING;
pub(super) use wire::{AverageBody, UsageBody, Verdict, average_after};

use super::error::ClientError;
use super::http::{Hosts, Http, Question};
use crate::secrets::Secret;
use wire::{AuthorizerQuestion, StableTokenQuestion};

/// WeChat's service API.
#[derive(Debug, Clone)]
pub struct Wechat {
    http: Http,
    hosts: Hosts,
}

/// An access token.
#[derive(Debug)]
pub struct Token {
    pub value: Secret<String>,
    /// How long it is still good, counted from the answer; at most two hours.
    pub expires_in: Duration,
}

/// An access token by a third-party platform's authorisation.
#[derive(Debug)]
pub struct AuthorizerToken {
    pub token: Token,
    /// The refresh token to use from now on: nearly always the one that was sent.
    pub refresh_token: Secret<String>,
}

/// A third-party platform (第三方平台) that a mini-program authorised.
#[derive(Debug)]
pub struct Component<'a> {
    /// The platform's own AppID.
    pub app_id: &'a str,
    /// Its `component_access_token`, good for two hours. It is made from tickets that WeChat sends to the platform's
    /// server, so a desktop app cannot make one itself.
    pub access_token: &'a Secret<String>,
}

impl Wechat {
    /// The API at these addresses, such as `https://api.weixin.qq.com` alone.
    pub fn new(http: Http, hosts: impl Into<Hosts>) -> Self {
        Self { http, hosts: hosts.into() }
    }

    fn question(&self, name: &'static str, method: Method, path: &'static str) -> Question {
        Question::new(&self.hosts, name, method, path)
    }

    /// A question that an access token signs. WeChat wants it in the query string **W**.
    fn signed(
        &self,
        name: &'static str,
        method: Method,
        path: &'static str,
        token: &Secret<String>,
    ) -> Question {
        self.question(name, method, path).query("access_token", token.expose())
    }

    /// `POST /cgi-bin/stable_token`: the valid token, or a new one in its last five minutes.
    pub async fn stable_token(&self, app_id: &str, secret: &Secret<String>) -> Result<Token, ClientError> {
        let body = StableTokenQuestion {
            grant_type: "client_credential",
            appid: app_id,
            secret: secret.expose(),
            force_refresh: false,
        };
        let question =
            self.question("wechat.stable_token", Method::POST, "/cgi-bin/stable_token").json(&body)?;
        self.http.ask(&question, wire::token).await
    }

    /// `POST /cgi-bin/component/api_authorizer_token`: an access token for a mini-program that authorised a third-party
    /// platform with permission set 18. Asking again after a lost answer is what the refresh token is for.
    ///
    /// The path and its fields are WeChat's open-platform documentation; our reference names the kind of token only.
    pub async fn authorizer_token(
        &self,
        component: &Component<'_>,
        app_id: &str,
        refresh_token: &Secret<String>,
    ) -> Result<AuthorizerToken, ClientError> {
        let body = AuthorizerQuestion {
            component_appid: component.app_id,
            authorizer_appid: app_id,
            authorizer_refresh_token: refresh_token.expose(),
        };
        let question = self
            .question("wechat.authorizer_token", Method::POST, "/cgi-bin/component/api_authorizer_token")
            .query("component_access_token", component.access_token.expose())
            .json(&body)?;
        self.http.ask(&question, |host, answer| wire::authorizer_token(host, answer, refresh_token)).await
    }
}
