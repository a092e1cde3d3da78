//! The six questions of the clients, behind one face, so that a fault can be tried on each.

use std::time::Duration;

use companion::clients::{ClientError, Http, HttpLimits, MemberCard, Retries, Wechat};
use companion::secrets::Secret;
use companion::views::AcquisitionMode;
use url::Url;

use crate::logs;

/// Words that must never appear where they were not sent. With characters that need escaping in a query.
pub(crate) const TOKEN: &str = "71_PLANTED+TOKEN/with=signs&more";
pub(crate) const APP_SECRET: &str = "PLANTEDSECRET0123456789abcdef012";
pub(crate) const KEY: &str = "PLANTED-member-card-key";
pub(crate) const APP_ID: &str = "wx0123456789abcdef";
pub(crate) const SPU: &str = "10000077";

pub(crate) const TOKEN_BODY: &str = r#"{"access_token":"71_new","expires_in":7200}"#;
pub(crate) const USAGE_BODY: &str = r#"{"errcode":0,"effectiveUse":"0","all":"0","total":0,"detailList":[]}"#;
pub(crate) const AVERAGE_BODY: &str = r#"{"errcode":0,"averageData":50}"#;
pub(crate) const SETTINGS_BODY: &str = r#"{"shop":"s","app_id":"wx","acquisition_mode":"manual","mode_changed_at":"2023-08-28T09:30:00+08:00","card_quota":1,"cards_issued":1,"cards_remaining":0,"sms_balance":0}"#;
pub(crate) const PASSED_ON_BODY: &str = r#"{"as_of":"2023-09-01T08:00:00+08:00","usage":{"errcode":0,"effectiveUse":"0","all":"0","total":0,"detailList":[]},"average":null}"#;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operation {
    StableToken,
    Usage,
    RecentAverage,
    Settings,
    SetMode,
    WechatUsage,
}

impl Operation {
    pub(crate) const ALL: [Self; 6] = [
        Self::StableToken,
        Self::Usage,
        Self::RecentAverage,
        Self::Settings,
        Self::SetMode,
        Self::WechatUsage,
    ];

    pub(crate) fn is_wechat(self) -> bool {
        matches!(self, Self::StableToken | Self::Usage | Self::RecentAverage)
    }

    /// A body that this operation accepts.
    pub(crate) fn good_body(self) -> &'static str {
        match self {
            Self::StableToken => TOKEN_BODY,
            Self::Usage => USAGE_BODY,
            Self::RecentAverage => AVERAGE_BODY,
            Self::Settings | Self::SetMode => SETTINGS_BODY,
            Self::WechatUsage => PASSED_ON_BODY,
        }
    }

    /// Method and path as the platform documents them.
    pub(crate) fn method_and_path(self) -> (&'static str, &'static str) {
        match self {
            Self::StableToken => ("POST", "/cgi-bin/stable_token"),
            Self::Usage => ("GET", "/wxa/charge/usage/get"),
            Self::RecentAverage => ("GET", "/wxa/charge/usage/get_recent_average"),
            Self::Settings => ("GET", "/member-card/v1/settings"),
            Self::SetMode => ("PUT", "/member-card/v1/settings/acquisition-mode"),
            Self::WechatUsage => ("GET", "/member-card/v1/wechat-usage"),
        }
    }

    /// Asks; only the error matters here.
    pub(crate) async fn ask(self, http: Http, base: Url) -> Result<(), ClientError> {
        let (wechat, member_card) = (Wechat::new(http.clone(), base.clone()), MemberCard::new(http, base));
        let (token, secret, key) = (secret(TOKEN), secret(APP_SECRET), secret(KEY));
        match self {
            Self::StableToken => wechat.stable_token(APP_ID, &secret).await.map(drop),
            Self::Usage => wechat.usage(&token, SPU).await.map(drop),
            Self::RecentAverage => wechat.recent_average(&token, SPU).await.map(drop),
            Self::Settings => member_card.settings(&key).await.map(drop),
            Self::SetMode => {
                member_card.set_mode(&key, AcquisitionMode::Manual, "id-1", "quota is out").await.map(drop)
            }
            Self::WechatUsage => member_card.wechat_usage(&key).await.map(drop),
        }
    }
}

pub(crate) fn secret(word: &str) -> Secret<String> {
    Secret::new(word.to_owned())
}

/// Limits no test runs into by being slow.
pub(crate) fn patient() -> HttpLimits {
    HttpLimits {
        connect: Duration::from_mins(1),
        first_byte: Duration::from_mins(1),
        whole: Duration::from_mins(2),
        body_bytes: 64 * 1_024,
    }
}

/// A client that repeats at once, and whose log is captured.
pub(crate) fn http(limits: HttpLimits) -> Http {
    logs::capture();
    let retries = Retries { extra_tries: 2, first_wait: Duration::from_millis(1) };
    Http::new(limits).unwrap().with_retries(retries)
}
