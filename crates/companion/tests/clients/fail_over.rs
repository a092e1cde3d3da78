//! Where the usual address cannot be reached, the next one answers; and the way through a proxy.

use std::time::Duration;

use companion::api::ErrorCode;
use companion::clients::{Hosts, Http, HttpLimits, Proxy, Retries, Wechat};
use testkit::server::{Answer, Nobody, Server, ok, status};
use url::Url;

use crate::operations::{AVERAGE_BODY, SPU, TOKEN, http, patient, secret};

#[tokio::test]
async fn a_fallback_answers_where_the_usual_address_is_not_there() {
    let fallback = Server::script(vec![ok(AVERAGE_BODY)]);
    let nobody = Nobody::default();
    let hosts = Hosts::new(nobody.url.clone(), [fallback.url()]);
    for asked in 1..=3 {
        let wechat = Wechat::new(http(patient()), hosts.clone());
        assert_eq!(wechat.recent_average(&secret(TOKEN), SPU).await.unwrap().unwrap().calls, 50);
        assert_eq!(fallback.requests().len(), asked);
    }
}

#[tokio::test]
async fn an_answer_is_an_answer_and_no_reason_to_ask_elsewhere() {
    for answer in [status("502 Bad Gateway", ""), Answer::Reset, ok("<html></html>"), ok(r#"{"errcode":-1}"#)]
    {
        let usual = Server::script(vec![answer]);
        let fallback = Server::script(vec![ok(AVERAGE_BODY)]);
        let wechat = Wechat::new(http(patient()), Hosts::new(usual.url(), [fallback.url()]));
        assert!(wechat.recent_average(&secret(TOKEN), SPU).await.is_err());
        assert_eq!(fallback.requests().len(), 0);
    }
}

#[tokio::test]
async fn where_nobody_is_there_the_error_names_who_was_asked_last() {
    let (usual, fallback) = (Nobody::default(), Nobody::default());
    let wechat = Wechat::new(http(patient()), Hosts::new(usual.url.clone(), [fallback.url.clone()]));
    let error = wechat.recent_average(&secret(TOKEN), SPU).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::Unreachable);
    // Three tries: the usual one, the fallback, the usual one again.
    assert_eq!(error.params()["host"], usual.url.authority());
}

/// Asks somebody on the web, whom nobody knows; the proxy is on this computer and lets nobody through.
async fn through(proxy: &Proxy) -> ErrorCode {
    let limits = HttpLimits { whole: Duration::from_secs(5), ..patient() };
    let retries = Retries { extra_tries: 0, first_wait: Duration::from_millis(1) };
    let http = Http::through(proxy, limits).unwrap().with_retries(retries);
    let wechat = Wechat::new(http, Url::parse("https://wechat.invalid").unwrap());
    wechat.recent_average(&secret(TOKEN), SPU).await.unwrap_err().code()
}

#[tokio::test]
async fn the_web_is_reached_through_the_proxy_that_was_set() {
    let proxy = Server::script(vec![status("403 Forbidden", "")]);
    assert_eq!(through(&Proxy::Address(proxy.url())).await, ErrorCode::Unreachable);
    let requests = proxy.requests();
    assert_eq!((requests[0].method.as_str(), requests[0].target.as_str()), ("CONNECT", "wechat.invalid:443"));
    // The token travels inside the tunnel, which was never made.
    assert!(!format!("{requests:?}").contains("PLANTED"));
}

#[tokio::test]
async fn this_computer_is_reached_without_the_proxy() {
    let proxy = Server::script(vec![status("403 Forbidden", "")]);
    let platform = Server::script(vec![ok(AVERAGE_BODY)]);
    let http = Http::through(&Proxy::Address(proxy.url()), patient()).unwrap();
    let wechat = Wechat::new(http, platform.url());
    assert!(wechat.recent_average(&secret(TOKEN), SPU).await.is_ok());
    assert_eq!(proxy.requests().len(), 0);
}
