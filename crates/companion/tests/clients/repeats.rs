//! What is repeated, how often, and what a repeat sends.

use std::time::Duration;

use companion::api::{AcquisitionMode, ErrorCode, Retry};
use companion::clients::{HttpLimits, MemberCard, Retries, Wechat};
use testkit::server::{Answer, Server, ok, status};

use crate::operations::{
    APP_ID, APP_SECRET, KEY, Operation, SETTINGS_BODY, SPU, TOKEN, TOKEN_BODY, http, patient, secret, wish,
};

#[tokio::test]
async fn passing_faults_are_overcome() {
    for operation in Operation::ALL.into_iter().filter(|operation| *operation != Operation::Assign) {
        let server =
            Server::script(vec![status("502 Bad Gateway", ""), Answer::Reset, ok(operation.good_body())]);
        assert_eq!(operation.ask(http(patient()), server.url()).await, Ok(()), "{operation:?}");
        assert_eq!(server.requests().len(), 3, "{operation:?}");
    }
}

/// The table of repeats at WeChat: what is asked three times, whatever the question, and what once. All questions are
/// alike in this: each only reads, or carries a request id, or asks for the token that is valid anyway. An allocation is
/// repeated by whoever sends it, since what one of its answers means depends on that.
#[tokio::test]
async fn busy_is_asked_again_twice_and_no_other_refusal_is() {
    let table = [
        (-1, 3),
        (10_121_004, 3),
        (40_001, 1),
        (40_014, 1),
        (42_001, 1),
        (45_011, 1),
        (45_009, 1),
        (40_164, 1),
        (48_001, 1),
        (10_045, 1),
        (10_121_011, 1),
        (10_120_002, 1),
        (10_122_000, 1),
        (86_000, 1),
    ];
    for (errcode, tries) in table {
        let http = http(patient());
        for operation in Operation::ALL.into_iter().filter(|operation| operation.is_wechat()) {
            let server = Server::start(move |_, _| ok(&format!(r#"{{"errcode":{errcode}}}"#)));
            let _ = operation.ask(http.clone(), server.url()).await;
            let tries = if operation == Operation::Assign { 1 } else { tries };
            assert_eq!(server.requests().len(), tries, "{errcode} on {operation:?}");
        }
    }
}

#[tokio::test]
async fn an_allocation_is_left_to_its_owner_to_repeat_under_the_same_request_id() {
    let server = Server::script(vec![Answer::Reset, status("500 Oops", ""), ok(r#"{"errcode":0}"#)]);
    for expected in [Err(ErrorCode::Unreachable), Err(ErrorCode::HttpStatus), Ok(())] {
        let outcome = Operation::Assign.ask(http(patient()), server.url()).await;
        assert_eq!(outcome.map_err(|error| error.code()), expected);
    }
    let requests = server.requests();
    assert_eq!(requests.len(), 3);
    for request in requests {
        assert_eq!(
            request.body,
            format!(
                r#"{{"orderId":"DD1","skuId":"20000178","receiverAppId":"{APP_ID}","requestId":"0198-request"}}"#
            )
        );
    }
}

/// A platform that says when it wants to be asked again is not asked before.
#[tokio::test(start_paused = true)]
async fn a_wait_that_was_asked_for_is_kept() {
    let busy = || Answer::Bytes(b"HTTP/1.1 503 Busy\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n".to_vec());
    let server = Server::script(vec![busy(), ok(SETTINGS_BODY)]);
    // Paused time goes on by itself only as far as somebody waits.
    let began = tokio::time::Instant::now();
    Operation::Settings.ask(http(patient()), server.url()).await.unwrap();
    assert_eq!(began.elapsed().as_secs(), 1);
    assert_eq!(server.requests().len(), 2);
    // Longer than the question may take in all: the error comes at once, and says when.
    let server = Server::script(vec![Answer::Bytes(
        b"HTTP/1.1 503 Busy\r\nRetry-After: 600\r\nContent-Length: 0\r\n\r\n".to_vec(),
    )]);
    let error = Operation::Settings.ask(http(patient()), server.url()).await.unwrap_err();
    assert_eq!(server.requests().len(), 1);
    assert_eq!(
        error.retry(chrono::DateTime::UNIX_EPOCH),
        Retry::Later(chrono::DateTime::from_timestamp(600, 0).unwrap().into())
    );
}

#[tokio::test]
async fn a_repeated_change_of_mode_carries_the_same_request_id() {
    let server = Server::script(vec![Answer::Reset, status("500 Oops", ""), ok(SETTINGS_BODY)]);
    let client = MemberCard::new(http(patient()), server.url());
    let settings = client.set_mode(&secret(KEY), wish("0198-id"), "额度用完").await.unwrap();
    assert_eq!(settings.acquisition_mode, AcquisitionMode::Manual);
    let requests = server.requests();
    assert_eq!(requests.len(), 3);
    for request in requests {
        assert_eq!(
            request.body,
            r#"{"acquisition_mode":"manual","request_id":"0198-id","reason":"额度用完","if_mode":"authorized"}"#
        );
        assert_eq!(request.header("content-type"), Some("application/json"));
        assert_eq!(request.header("authorization"), Some(format!("Bearer {KEY}").as_str()));
    }
}

#[tokio::test]
async fn a_token_is_asked_for_without_force_and_with_the_secret_in_the_body_only() {
    let server = Server::script(vec![status("500 Oops", ""), ok(TOKEN_BODY)]);
    let client = Wechat::new(http(patient()), server.url());
    let token = client.stable_token(APP_ID, &secret(APP_SECRET)).await.unwrap();
    assert_eq!(token.value.expose(), "71_new");
    for request in server.requests() {
        assert_eq!(
            request.body,
            format!(
                r#"{{"grant_type":"client_credential","appid":"{APP_ID}","secret":"{APP_SECRET}","force_refresh":false}}"#
            )
        );
        assert_eq!(request.target, "/cgi-bin/stable_token");
        assert!(!request.head.contains(APP_SECRET));
    }
}

#[tokio::test]
async fn the_token_arrives_unharmed_in_the_query() {
    let server = Server::script(vec![ok(Operation::RecentAverage.good_body())]);
    let client = Wechat::new(http(patient()), server.url());
    let average = client.recent_average(&secret(TOKEN), SPU).await.unwrap().unwrap();
    assert_eq!((average.calls, average.at_most), (50, true));
    let request = &server.requests()[0];
    assert_eq!(request.query("access_token").as_deref(), Some(TOKEN));
    assert_eq!(request.query("spuId").as_deref(), Some(SPU));
}

#[tokio::test]
async fn no_repeat_begins_that_could_not_end_in_time() {
    let server = Server::script(vec![status("502 Bad Gateway", "")]);
    let limits = HttpLimits { whole: Duration::from_secs(30), ..patient() };
    let retries = Retries { extra_tries: 2, first_wait: Duration::from_secs(40) };
    let error = Operation::Usage.ask(http(limits).with_retries(retries), server.url()).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::HttpStatus);
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn one_deadline_covers_all_repeats() {
    let server = Server::script(vec![status("502 Bad Gateway", ""), Answer::ThenSilence(Vec::new())]);
    let limits = HttpLimits { whole: Duration::from_secs(2), ..patient() };
    let error = Operation::Settings.ask(http(limits), server.url()).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::Timeout);
    assert_eq!(server.requests().len(), 2);
}
