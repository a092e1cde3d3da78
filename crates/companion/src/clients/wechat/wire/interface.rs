//! Limits of calls, and reports on calls.

use std::net::IpAddr;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use url::Url;

use super::{Hidden, Verdict, accepted, instant};
use crate::clients::answer::JsonPath;
use crate::clients::error::ClientError;
use crate::clients::refusal::Asked;
use crate::clients::wechat::interface::{ApiQuota, CallReport, RateLimit};
use crate::clients::whole::{Errcode, WireInt};

/// Body of `POST /cgi-bin/openapi/quota/get`.
#[derive(Serialize)]
pub(in crate::clients::wechat) struct QuotaQuestion<'a> {
    pub(in crate::clients::wechat) cgi_path: &'a str,
}

/// Body of `POST /cgi-bin/openapi/rid/get`.
#[derive(Serialize)]
pub(in crate::clients::wechat) struct RidQuestion<'a> {
    pub(in crate::clients::wechat) rid: &'a str,
}

#[derive(Deserialize)]
struct QuotaAnswer {
    quota: Option<QuotaBody>,
    rate_limit: Option<RateBody>,
    component_rate_limit: Option<RateBody>,
}

#[derive(Deserialize)]
struct QuotaBody {
    daily_limit: Option<WireInt>,
    used: Option<WireInt>,
    remain: Option<WireInt>,
}

#[derive(Deserialize)]
struct RateBody {
    call_count: Option<WireInt>,
    refresh_second: Option<WireInt>,
}

impl RateBody {
    fn limit(self) -> Option<RateLimit> {
        Some(RateLimit { calls: self.call_count?.0, within: Duration::from_secs(self.refresh_second?.0) })
    }
}

/// Reads the limits of a path.
pub(in crate::clients::wechat) fn api_quota(host: &str, answer: &[u8]) -> Result<ApiQuota, ClientError> {
    let body: QuotaAnswer = accepted(host, Asked::Data, answer)?;
    let quota = JsonPath { host, path: "" }.need("quota", body.quota)?;
    let here = JsonPath { host, path: "quota." };
    Ok(ApiQuota {
        daily: here.need("daily_limit", quota.daily_limit)?.0,
        used: here.need("used", quota.used)?.0,
        remaining: here.need("remain", quota.remain)?.0,
        rate: body.rate_limit.and_then(RateBody::limit),
        component_rate: body.component_rate_limit.and_then(RateBody::limit),
    })
}

#[derive(Deserialize)]
struct ReportAnswer {
    request: Option<ReportBody>,
}

/// `request_body` is not read at all. What is read and may hold a secret is wiped.
#[derive(Deserialize)]
struct ReportBody {
    invoke_time: Option<WireInt>,
    cost_in_ms: Option<WireInt>,
    request_url: Option<Hidden>,
    response_body: Option<Hidden>,
    client_ip: Option<String>,
}

/// Reads the report on a call.
pub(in crate::clients::wechat) fn call_report(host: &str, answer: &[u8]) -> Result<CallReport, ClientError> {
    let body: ReportAnswer = accepted(host, Asked::Data, answer)?;
    let report = JsonPath { host, path: "" }.need("request", body.request)?;
    let called_at = report.invoke_time.and_then(instant);
    Ok(CallReport {
        called_at: JsonPath { host, path: "request." }.need("invoke_time", called_at)?,
        took: report.cost_in_ms.map(|WireInt(millis)| Duration::from_millis(millis)),
        path: report.request_url.and_then(|Hidden(url)| path_of(url.expose())),
        errcode: report.response_body.and_then(|Hidden(answer)| errcode_of(answer.expose())),
        client_ip: report.client_ip.and_then(|ip| ip.parse::<IpAddr>().ok()).map(|ip| ip.to_canonical()),
    })
}

/// The path of an address. WeChat's sample is a bare query string, token and all: of anything but an address or a plain
/// path nothing is taken.
fn path_of(url: &str) -> Option<String> {
    let plain = |path: &str| {
        path.starts_with('/')
            && path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/_.-".contains(&byte))
    };
    let path = match Url::parse(url) {
        Ok(url) => url.path().to_owned(),
        Err(_) => url.split(['?', '#']).next()?.to_owned(),
    };
    Some(path).filter(|path| plain(path))
}

fn errcode_of(answer: &str) -> Option<i64> {
    let verdict: Verdict = serde_json::from_str(answer).ok()?;
    verdict.errcode.map(|Errcode(errcode)| errcode)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::ErrorCode;
    use crate::clients::samples::{changed, shape_error, wechat};
    use billing_core::time::parse_instant;

    #[test]
    fn the_limits_of_a_path_are_read() {
        let quota = api_quota("h", wechat!("quota_get.json")).unwrap();
        let limit = RateLimit { calls: 60_000, within: Duration::from_mins(1) };
        let expected = ApiQuota {
            daily: 1_000_000,
            used: 3,
            remaining: 999_997,
            rate: Some(limit),
            component_rate: Some(limit),
        };
        assert_eq!(quota, expected);
        let alone = br#"{"errcode":0,"quota":{"daily_limit":"10","used":0,"remain":"10"}}"#;
        assert_eq!(api_quota("h", alone).unwrap().rate, None);
        let error = api_quota("h", br#"{"errcode":0,"quota":{"daily_limit":1,"used":0}}"#).unwrap_err();
        assert_eq!(error, shape_error("quota.remain"));
        assert_eq!(api_quota("h", br#"{"errcode":76021}"#).unwrap_err().code(), ErrorCode::BadRequest);
    }

    #[test]
    fn a_report_holds_nothing_secret() {
        let sample = wechat!("rid_get.json");
        let report = call_report("h", sample).unwrap();
        let expected = CallReport {
            called_at: parse_instant("2023-08-28T14:00:00+08:00").unwrap(),
            took: Some(Duration::from_millis(30)),
            path: None,
            errcode: Some(10_120_003),
            client_ip: Some("203.0.113.7".parse().unwrap()),
        };
        assert_eq!(report, expected);
        for (url, path) in [
            (
                "https://api.weixin.qq.com/wxa/charge/usage/get?access_token=word",
                Some("/wxa/charge/usage/get"),
            ),
            ("/wxa/charge/usage/get?access_token=word", Some("/wxa/charge/usage/get")),
            ("/access_token=word", None),
            ("/wxa/charge;access_token:word", None),
            ("access_token=word", None),
            ("data:access_token=word", None),
            ("", None),
        ] {
            let quoted = "access_token=71_practice_token_of_two_hours&spuId=10000077&offset=0&limit=21";
            let report = call_report("h", &changed(sample, quoted, url)).unwrap();
            assert_eq!(report.path.as_deref(), path, "{url}");
        }
        assert_eq!(call_report("h", br#"{"errcode":76003}"#).unwrap_err().code(), ErrorCode::CallUnknown);
        assert_eq!(call_report("h", br#"{"errcode":0}"#).unwrap_err(), shape_error("request"));
    }
}
