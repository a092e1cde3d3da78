//! Every question of the clients, behind one face, so that a fault can be tried on each.

use std::time::Duration;

use companion::api::AcquisitionMode;
use companion::clients::member_card::SignUpQuestion;
use companion::clients::wechat::{Allocation, Component, SkuQuestion};
use companion::clients::{ClientError, Http, HttpLimits, MemberCard, ModeWish, Retries, Wechat};
use companion::secrets::Secret;
use url::Url;

use crate::logs;

/// Words that must never appear where they were not sent. With characters that need escaping in a query.
pub(crate) const TOKEN: &str = "71_PLANTED+TOKEN/with=signs&more";
pub(crate) const APP_SECRET: &str = "PLANTEDSECRET0123456789abcdef012";
pub(crate) const KEY: &str = "PLANTED-member-card-key";
pub(crate) const COMPONENT_TOKEN: &str = "72_PLANTED+COMPONENT/token";
pub(crate) const REFRESH_TOKEN: &str = "refreshtoken@@@PLANTED";
pub(crate) const APP_ID: &str = "wx0123456789abcdef";
pub(crate) const SPU: &str = "10000077";

macro_rules! sample {
    ($name:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/", $name))
    };
}

pub(crate) const TOKEN_BODY: &str = r#"{"access_token":"71_new","expires_in":7200}"#;
pub(crate) const AVERAGE_BODY: &str = r#"{"errcode":0,"averageData":50}"#;
pub(crate) const SETTINGS_BODY: &str = r#"{"shop":"s","app_id":"wx","acquisition_mode":"manual","mode_changed_at":"2023-08-28T09:30:00+08:00","card_quota":1,"cards_issued":1,"cards_remaining":0,"sms_balance":0}"#;
const SIGN_UPS_BODY: &str = r#"{"items":[],"next_cursor":"c","has_more":false}"#;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operation {
    StableToken,
    AuthorizerToken,
    Usage,
    RecentAverage,
    ApiQuota,
    CallReport,
    ProviderOrders,
    ProviderOrder,
    ConvertibleSkus,
    Assign,
    CancelAssign,
    ProviderUsage,
    Settings,
    SetMode,
    WechatUsage,
    Statistics,
    SignUps,
}

use Operation as O;

impl Operation {
    pub(crate) const ALL: [Self; 17] = [
        O::StableToken,
        O::AuthorizerToken,
        O::Usage,
        O::RecentAverage,
        O::ApiQuota,
        O::CallReport,
        O::ProviderOrders,
        O::ProviderOrder,
        O::ConvertibleSkus,
        O::Assign,
        O::CancelAssign,
        O::ProviderUsage,
        O::Settings,
        O::SetMode,
        O::WechatUsage,
        O::Statistics,
        O::SignUps,
    ];

    pub(crate) fn is_wechat(self) -> bool {
        !matches!(self, O::Settings | O::SetMode | O::WechatUsage | O::Statistics | O::SignUps)
    }

    /// A body that this operation accepts.
    pub(crate) fn good_body(self) -> &'static str {
        match self {
            O::StableToken => TOKEN_BODY,
            O::AuthorizerToken => sample!("wechat/authorizer_token.json"),
            O::Usage => sample!("wechat/usage_get.json"),
            O::RecentAverage => AVERAGE_BODY,
            O::ApiQuota => sample!("wechat/quota_get.json"),
            O::CallReport => sample!("wechat/rid_get.json"),
            O::ProviderOrders => sample!("wechat/provider_order_list.json"),
            O::ProviderOrder => sample!("wechat/provider_order.json"),
            O::ConvertibleSkus => sample!("wechat/provider_convertible_skus.json"),
            O::Assign | O::CancelAssign => sample!("wechat/ok.json"),
            O::ProviderUsage => sample!("wechat/provider_usage.json"),
            O::Settings | O::SetMode => SETTINGS_BODY,
            O::WechatUsage => sample!("member_card/wechat_usage.json"),
            O::Statistics => sample!("member_card/statistics.json"),
            O::SignUps => SIGN_UPS_BODY,
        }
    }

    /// Method and path as the platform documents them.
    pub(crate) fn method_and_path(self) -> (&'static str, &'static str) {
        match self {
            O::StableToken => ("POST", "/cgi-bin/stable_token"),
            O::AuthorizerToken => ("POST", "/cgi-bin/component/api_authorizer_token"),
            O::Usage => ("GET", "/wxa/charge/usage/get"),
            O::RecentAverage => ("GET", "/wxa/charge/usage/get_recent_average"),
            O::ApiQuota => ("POST", "/cgi-bin/openapi/quota/get"),
            O::CallReport => ("POST", "/cgi-bin/openapi/rid/get"),
            O::ProviderOrders => ("POST", "/wxa/charge/service-provider/order/query_list"),
            O::ProviderOrder => ("GET", "/wxa/charge/service-provider/order/get"),
            O::ConvertibleSkus => ("GET", "/wxa/charge/service-provider/package/get_convertible_skus"),
            O::Assign => ("POST", "/wxa/charge/service-provider/package/assign"),
            O::CancelAssign => ("POST", "/wxa/charge/service-provider/package/cancel_assign"),
            O::ProviderUsage => ("GET", "/wxa/charge/service-provider/usage/get"),
            O::Settings => ("GET", "/member-card/v1/settings"),
            O::SetMode => ("PUT", "/member-card/v1/settings/acquisition-mode"),
            O::WechatUsage => ("GET", "/member-card/v1/wechat-usage"),
            O::Statistics => ("GET", "/member-card/v1/statistics"),
            O::SignUps => ("GET", "/member-card/v1/sign-ups"),
        }
    }

    /// Asks; only the error matters here.
    pub(crate) async fn ask(self, http: Http, base: Url) -> Result<(), ClientError> {
        if self.is_wechat() {
            self.ask_wechat(&Wechat::new(http, base)).await
        } else {
            self.ask_member_card(&MemberCard::new(http, base)).await
        }
    }

    async fn ask_wechat(self, wechat: &Wechat) -> Result<(), ClientError> {
        let (token, secret) = (secret(TOKEN), secret(APP_SECRET));
        let (order, pack) = ("DD1", "20000178");
        match self {
            O::StableToken => wechat.stable_token(APP_ID, &secret).await.map(drop),
            O::AuthorizerToken => {
                let access_token = &Secret::from(COMPONENT_TOKEN);
                let component = Component { app_id: "wxcomponent", access_token };
                wechat.authorizer_token(&component, APP_ID, &Secret::from(REFRESH_TOKEN)).await.map(drop)
            }
            O::RecentAverage => wechat.recent_average(&token, SPU).await.map(drop),
            O::ApiQuota => wechat.api_quota(&token, "/wxa/charge/usage/get").await.map(drop),
            O::CallReport => wechat.call_report(&token, "64ec1f2a-3bd20d4e-0f9a1c55").await.map(drop),
            O::ProviderOrders => wechat.provider_orders(&token, SPU).await.map(drop),
            O::ProviderOrder => wechat.provider_order(&token, order).await.map(drop),
            O::ConvertibleSkus => wechat.convertible_skus(&token, SkuQuestion::Order(order)).await.map(drop),
            O::Assign => {
                let (sku_id, receiver_app_id, request_id) = (pack, APP_ID, "0198-request");
                let allocation =
                    Allocation { order_id: order, sku_id, receiver_app_id, request_id, begins_at: None };
                wechat.assign(&token, &allocation).await.map(drop)
            }
            O::CancelAssign => wechat.cancel_assign(&token, order, "0198-request").await,
            O::ProviderUsage => wechat.provider_usage(&token, SPU, None).await.map(drop),
            _ => wechat.usage(&token, SPU).await.map(drop),
        }
    }

    async fn ask_member_card(self, platform: &MemberCard) -> Result<(), ClientError> {
        let key = secret(KEY);
        match self {
            O::SetMode => platform.set_mode(&key, wish("id-1"), "quota is out").await.map(drop),
            O::WechatUsage => platform.wechat_usage(&key).await.map(drop),
            O::Statistics => platform.statistics(&key, None, 30).await.map(drop),
            O::SignUps => platform.sign_ups(&key, &SignUpQuestion::default()).await.map(drop),
            _ => platform.settings(&key).await.map(drop),
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

/// The manual way, wanted by somebody who saw the authorised one.
pub(crate) fn wish(request_id: &str) -> ModeWish<'_> {
    ModeWish {
        mode: AcquisitionMode::Manual,
        seen: Some(AcquisitionMode::Authorized),
        request_id,
        lease: None,
    }
}
