//! How the application comes by tokens, and when it asks for one more.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use companion::Companion;
use companion::api::{ErrorCode, UsageSource};
use testkit::clocks::Still;
use testkit::server::{Answer, Request, Server, ok, status};

use crate::application::Application;
use crate::operations::{AVERAGE_BODY, Operation, REFRESH_TOKEN};

const TOKEN_PATHS: [&str; 2] = ["/cgi-bin/stable_token", "/cgi-bin/component/api_authorizer_token"];

/// WeChat with one token in force at a time: `token-N`, where N is how often it was invalidated.
fn wechat(invalidated: &Arc<AtomicUsize>) -> Server {
    let invalidated = Arc::clone(invalidated);
    Server::start(move |request, _| answer(request, invalidated.load(Ordering::SeqCst)))
}

fn answer(request: &Request, number: usize) -> Answer {
    let token = format!("token-{number}");
    match request.path() {
        "/cgi-bin/stable_token" => ok(&format!(r#"{{"access_token":"{token}","expires_in":7200}}"#)),
        "/cgi-bin/component/api_authorizer_token" => ok(&format!(
            r#"{{"authorizer_access_token":"{token}","expires_in":7200,"authorizer_refresh_token":"refresh-{number}"}}"#
        )),
        _ if request.query("access_token").as_deref() != Some(token.as_str()) => {
            ok(r#"{"errcode":40001,"errmsg":"invalid credential"}"#)
        }
        "/wxa/charge/usage/get" => ok(Operation::Usage.good_body()),
        "/wxa/charge/usage/get_recent_average" => ok(AVERAGE_BODY),
        "/cgi-bin/openapi/quota/get" => ok(Operation::ApiQuota.good_body()),
        other => status("404 Not Found", other),
    }
}

fn tokens_asked_for(server: &Server) -> usize {
    server.requests().iter().filter(|request| TOKEN_PATHS.contains(&request.path())).count()
}

/// Two hundred who ask at once; how many got an answer.
async fn ask_at_once(companion: &Companion, account: &str) -> usize {
    let asked: Vec<_> = (0..200)
        .map(|_| {
            let (companion, account) = (companion.clone(), account.to_owned());
            tokio::spawn(async move { companion.get_api_quota(&account).await.map_err(|error| error.code()) })
        })
        .collect();
    let mut answered = 0;
    for one in asked {
        match one.await.unwrap() {
            Ok(_) => answered += 1,
            Err(code) => assert_eq!(code, ErrorCode::TokenStale),
        }
    }
    answered
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_hundred_callers_renew_an_invalidated_token_once() {
    let invalidated = Arc::default();
    let server = wechat(&invalidated);
    let application = Application::above(&server).await;
    let account = application.connected().await;
    assert_eq!(tokens_asked_for(&server), 1);
    for time in 1..=3 {
        invalidated.fetch_add(1, Ordering::SeqCst);
        assert_eq!(ask_at_once(&application.companion, &account).await, 200);
        assert_eq!(tokens_asked_for(&server), 1 + time, "renewed {time} times");
    }
    // Never forced, and never by the call that would cut off the shop's other systems.
    for request in server.requests() {
        assert_ne!(request.path(), "/cgi-bin/token");
        assert!(!request.body.contains(r#""force_refresh":true"#));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_token_that_stays_stale_is_not_renewed_over_and_over() {
    let stale = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&stale);
    let server = Server::start(move |request, _| {
        if seen.load(Ordering::SeqCst) == 1 && !TOKEN_PATHS.contains(&request.path()) {
            return ok(r#"{"errcode":40001,"errmsg":"invalid credential"}"#);
        }
        answer(request, 0)
    });
    let application = Application::above(&server).await;
    let account = application.connected().await;
    stale.store(1, Ordering::SeqCst);
    for _ in 0..3 {
        assert_eq!(ask_at_once(&application.companion, &account).await, 0);
        assert_eq!(tokens_asked_for(&server), 2);
    }
    // Once WeChat takes the token again, nothing stands in the way.
    stale.store(0, Ordering::SeqCst);
    assert_eq!(ask_at_once(&application.companion, &account).await, 200);
    assert_eq!(tokens_asked_for(&server), 2);
}

/// Whoever waits for a token shares the failure of asking for it, too.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_failing_renewal_is_not_tried_by_each_caller_in_turn() {
    let invalidated = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&invalidated);
    let server = Server::start(move |request, _| {
        let number = seen.load(Ordering::SeqCst);
        if number > 0 && TOKEN_PATHS.contains(&request.path()) {
            return ok(r#"{"errcode":40164,"errmsg":"invalid ip 203.0.113.7, not in whitelist"}"#);
        }
        answer(request, number)
    });
    // A failure is shared for two seconds, and here none pass, however long the crowd takes.
    let application = Application::at(&server, Arc::new(Still(chrono::DateTime::UNIX_EPOCH))).await;
    let account = application.connected().await;
    invalidated.store(1, Ordering::SeqCst);
    let asked: Vec<_> = (0..200)
        .map(|_| {
            let (companion, account) = (application.companion.clone(), account.clone());
            tokio::spawn(async move { companion.get_api_quota(&account).await.map_err(|error| error.code()) })
        })
        .collect();
    for one in asked {
        assert_eq!(one.await.unwrap(), Err(ErrorCode::IpNotAllowed));
    }
    assert_eq!(tokens_asked_for(&server), 2, "one to connect, one that failed");
}

#[tokio::test]
async fn an_authorisation_is_as_good_as_an_app_secret() {
    let invalidated = Arc::default();
    let server = wechat(&invalidated);
    let application = Application::above(&server).await;
    let account = application.account().await;
    application.authorise(&account).await.unwrap();
    let usage = application.companion.get_usage(&account).await.unwrap().unwrap();
    assert_eq!((usage.source, usage.remaining.value), (UsageSource::Authorisation, 806));
    // The refresh token that came with the answer is used from then on.
    invalidated.fetch_add(1, Ordering::SeqCst);
    application.companion.sync_usage(&account).await.unwrap();
    invalidated.fetch_add(1, Ordering::SeqCst);
    application.companion.sync_usage(&account).await.unwrap();
    let bodies: Vec<_> = server
        .requests()
        .into_iter()
        .filter(|request| request.path() == "/cgi-bin/component/api_authorizer_token")
        .map(|request| request.body)
        .collect();
    assert_eq!(bodies.len(), 3);
    for (body, refresh_token) in bodies.iter().zip([REFRESH_TOKEN, "refresh-0", "refresh-1"]) {
        assert!(body.contains(refresh_token), "{body}");
    }
    // In the keyring and nowhere else.
    assert_eq!(application.secrets.names().len(), 1);
}

#[tokio::test]
async fn an_authorisation_that_does_not_work_leaves_nothing_behind() {
    for (errcode, code) in [
        (42_001, ErrorCode::ComponentTokenStale),
        (61_003, ErrorCode::NotAuthorised),
        (61_004, ErrorCode::ComponentIpNotAllowed),
    ] {
        let server = Server::start(move |_, _| ok(&format!(r#"{{"errcode":{errcode}}}"#)));
        let application = Application::above(&server).await;
        let account = application.account().await;
        assert_eq!(application.authorise(&account).await, Err(code), "{errcode}");
        assert!(application.secrets.names().is_empty());
        assert_eq!(application.companion.get_usage(&account).await.unwrap(), None);
    }
}
