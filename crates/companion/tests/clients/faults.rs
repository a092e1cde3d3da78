//! Fault by fault, operation by operation: which error comes out, and how often was asked.

use std::time::Duration;

use companion::api::ErrorCode;
use companion::clients::{ClientError, HttpLimits};
use testkit::server::{Answer, Nobody, Server, message, ok, status};

use crate::operations::{Operation, http, patient};

const MEGABYTE: usize = 1_024 * 1_024;

struct Fault {
    name: &'static str,
    answer: fn(Operation) -> Answer,
    limits: HttpLimits,
    /// At WeChat and at the member-card platform.
    codes: (ErrorCode, ErrorCode),
    tries: usize,
}

fn fault(name: &'static str, code: ErrorCode, tries: usize, answer: fn(Operation) -> Answer) -> Fault {
    Fault { name, answer, limits: patient(), codes: (code, code), tries }
}

fn impatient() -> HttpLimits {
    HttpLimits { first_byte: Duration::from_secs(1), whole: Duration::from_secs(2), ..patient() }
}

fn huge(announced: bool) -> Answer {
    let length = if announced { format!("Content-Length: {}\r\n", 30 * MEGABYTE) } else { String::new() };
    Answer::Huge {
        head: format!("HTTP/1.1 200 OK\r\n{length}Connection: close\r\n\r\n").into_bytes(),
        bytes: 30 * MEGABYTE,
    }
}

fn faults() -> Vec<Fault> {
    let mut faults = bodies();
    faults.extend(statuses());
    faults.extend(ways());
    faults
}

/// Answers of status 200 that are none.
fn bodies() -> Vec<Fault> {
    use ErrorCode as E;
    vec![
        Fault {
            codes: (E::UnknownErrcode, E::UnexpectedShape),
            ..fault("unknown errcode", E::UnknownErrcode, 1, |_| ok(r#"{"errcode":86000,"errmsg":"new"}"#))
        },
        fault("not JSON", E::NotJson, 1, |_| ok("<!DOCTYPE html><title>Sign in to the network</title>")),
        fault("cut short, length right", E::Truncated, 1, |operation| {
            let body = operation.good_body();
            ok(&body[..body.len() / 2])
        }),
        fault("closed before the announced end", E::Truncated, 1, |operation| {
            let body = operation.good_body();
            Answer::Bytes(message("200 OK", body.len(), &body[..body.len() / 2]))
        }),
        fault("closed inside a chunk", E::Truncated, 1, |_| {
            Answer::Bytes(
                b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n{\"errcode\":0".to_vec(),
            )
        }),
        fault("empty", E::Truncated, 1, |_| ok("")),
        fault("other shape", E::UnexpectedShape, 1, |_| ok(r#"{"hello":"world"}"#)),
    ]
}

/// Answers of another status.
fn statuses() -> Vec<Fault> {
    use ErrorCode as E;
    vec![
        fault("502", E::HttpStatus, 3, |_| status("502 Bad Gateway", "<html>bad gateway</html>")),
        fault("503 with a good body", E::HttpStatus, 3, |operation| {
            status("503 Busy", operation.good_body())
        }),
        fault("404", E::HttpStatus, 1, |_| status("404 Not Found", "{}")),
        fault("201 with a good body", E::HttpStatus, 1, |operation| {
            status("201 Created", operation.good_body())
        }),
        Fault {
            codes: (E::HttpStatus, E::MemberCardKeyWrong),
            ..fault("401", E::HttpStatus, 1, |_| {
                status("401 Unauthorized", r#"{"error":{"code":"bad_key"}}"#)
            })
        },
        Fault {
            codes: (E::HttpStatus, E::MemberCardNotOffered),
            ..fault("a call the platform does not have", E::HttpStatus, 1, |_| {
                status("404 Not Found", r#"{"error":{"code":"not_offered","message":"no"}}"#)
            })
        },
        Fault {
            codes: (E::HttpStatus, E::Internal),
            ..fault("a request id of another change", E::HttpStatus, 1, |_| {
                status("409 Conflict", r#"{"error":{"code":"request_id_reused","message":"no"}}"#)
            })
        },
        fault("too many requests", E::HttpStatus, 1, |_| {
            status("429 Too Many Requests", r#"{"error":{"code":"rate_limited","message":"no"}}"#)
        }),
        fault("redirect", E::HttpStatus, 1, |_| {
            Answer::Bytes(b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n".to_vec())
        }),
    ]
}

/// Answers that do not come, or do not end.
fn ways() -> Vec<Fault> {
    use ErrorCode as E;
    vec![
        Fault {
            limits: impatient(),
            ..fault("no first byte", E::Timeout, 1, |_| Answer::ThenSilence(Vec::new()))
        },
        Fault {
            limits: impatient(),
            ..fault("slow body", E::Timeout, 1, |_| {
                Answer::ThenSilence(message("200 OK", 100, "{\"errcode\":"))
            })
        },
        fault("30 MB announced", E::TooLarge, 1, |_| huge(true)),
        Fault {
            limits: HttpLimits { whole: Duration::from_secs(20), ..patient() },
            ..fault("30 MB announced, none sent", E::TooLarge, 1, |_| {
                Answer::ThenSilence(message("200 OK", 30 * MEGABYTE, ""))
            })
        },
        fault("30 MB unannounced", E::TooLarge, 1, |_| huge(false)),
        fault("reset", E::Unreachable, 3, |_| Answer::Reset),
        fault("closed without an answer", E::Unreachable, 3, |_| Answer::Bytes(Vec::new())),
        fault("no HTTP", E::Unreachable, 3, |_| Answer::Bytes(b"SSH-2.0-server\r\n\r\n".to_vec())),
    ]
}

#[tokio::test]
async fn every_fault_has_its_error_on_every_operation() {
    for fault in faults() {
        let http = http(fault.limits);
        // All at once: the slow faults take as long as their deadline.
        let asked = Operation::ALL.map(|operation| {
            let answer = fault.answer;
            let server = Server::start(move |_, _| answer(operation));
            (operation, server.clone(), tokio::spawn(operation.ask(http.clone(), server.url())))
        });
        for (operation, server, outcome) in asked {
            let error = outcome.await.unwrap().expect_err(&format!("{} on {operation:?}", fault.name));
            check(&fault, operation, &server, &error);
        }
    }
}

fn check(fault: &Fault, operation: Operation, server: &Server, error: &ClientError) {
    let case = format!("{} on {operation:?}: {error:?}", fault.name);
    let expected = if operation.is_wechat() { fault.codes.0 } else { fault.codes.1 };
    assert_eq!(error.code(), expected, "{case}");
    let requests = server.requests();
    // Who sends an allocation repeats it, see `Wechat::assign`.
    let tries = if operation == Operation::Assign { 1 } else { fault.tries };
    assert_eq!(requests.len(), tries, "{case}");
    for request in requests {
        assert_eq!((request.method.as_str(), request.path()), operation.method_and_path(), "{case}");
    }
    if error.host().is_some() {
        assert_eq!(error.params()["host"], server.host(), "{case}");
    }
}

/// The codes that practice can be told to answer with, for each a meaning on each operation.
#[tokio::test]
async fn every_code_of_the_checklist_means_something_on_every_operation() {
    const CHECKLIST: [i32; 13] =
        [-1, 40_001, 40_013, 40_125, 40_164, 40_243, 41_001, 42_001, 45_009, 45_011, 48_001, 50_007, 61_007];
    let http = http(patient());
    for errcode in CHECKLIST {
        for operation in Operation::ALL.into_iter().filter(|operation| operation.is_wechat()) {
            let body = format!(r#"{{"errcode":{errcode},"errmsg":"no rid: 64ec1f2b-1c0de5a7-22b7f3e9"}}"#);
            let server = Server::start(move |_, _| ok(&body));
            let case = format!("{errcode} on {operation:?}");
            let error = operation.ask(http.clone(), server.url()).await.expect_err(&case);
            assert_ne!(error.code(), ErrorCode::UnknownErrcode, "{case}");
            assert_eq!(error.params()["rid"], "64ec1f2b-1c0de5a7-22b7f3e9", "{case}: {error:?}");
        }
    }
}

/// A wrong type, a wrong clock: what counts is the answer itself.
#[tokio::test]
async fn what_stands_beside_an_answer_changes_nothing() {
    let beside = [
        "Content-Type: text/html",
        "Content-Type: application/octet-stream",
        "X-No-Type: at-all",
        "Content-Type: application/json\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT",
        "Content-Type: application/json\r\nDate: Fri, 31 Dec 2100 23:59:59 GMT",
    ];
    for head in beside {
        for operation in Operation::ALL {
            let body = operation.good_body();
            let length = body.len();
            let bytes = format!(
                "HTTP/1.1 200 OK\r\n{head}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
            );
            let server = Server::script(vec![Answer::Bytes(bytes.into_bytes())]);
            let outcome = operation.ask(http(patient()), server.url()).await;
            assert_eq!(outcome, Ok(()), "{head} on {operation:?}");
            assert_eq!(server.requests().len(), 1, "{head} on {operation:?}");
        }
    }
}

#[tokio::test]
async fn a_good_answer_is_accepted_by_the_same_clients() {
    for operation in Operation::ALL {
        let server = Server::script(vec![ok(operation.good_body())]);
        assert_eq!(operation.ask(http(patient()), server.url()).await, Ok(()), "{operation:?}");
        let requests = server.requests();
        assert_eq!((requests[0].method.as_str(), requests[0].path()), operation.method_and_path());
        assert!(requests[0].header("user-agent").unwrap().starts_with("MerchantCompanion/"));
    }
}

#[tokio::test]
async fn nobody_listens() {
    let nobody = Nobody::default();
    for operation in Operation::ALL {
        let error = operation.ask(http(patient()), nobody.url.clone()).await.unwrap_err();
        assert_eq!(error.code(), ErrorCode::Unreachable, "{operation:?}");
    }
}

#[tokio::test]
async fn an_unencrypted_way_out_is_refused_before_anything_is_sent() {
    let http = http(patient());
    for base in ["http://api.weixin.qq.com", "http://192.0.2.1:8080", "ftp://127.0.0.1"] {
        for operation in Operation::ALL {
            let error = operation.ask(http.clone(), url::Url::parse(base).unwrap()).await.unwrap_err();
            assert_eq!(error.code(), ErrorCode::TlsFailed, "{operation:?} at {base}");
        }
    }
}

#[tokio::test]
async fn a_huge_answer_is_not_read_to_its_end() {
    for announced in [true, false] {
        let server = Server::start(move |_, _| huge(announced));
        let limits = HttpLimits { body_bytes: 4 * MEGABYTE, ..patient() };
        let error = Operation::Usage.ask(http(limits), server.url()).await.unwrap_err();
        assert_eq!(error.params()["limit_mb"], "4");
        // The server notices the hang-up when it writes on; then the count is final.
        while server.hung_up() == 0 {
            assert!(server.written() < 30 * MEGABYTE, "everything was taken");
            tokio::task::yield_now().await;
        }
        let bound = if announced { 8 * MEGABYTE } else { 16 * MEGABYTE };
        assert!(server.written() < bound, "{} bytes were taken", server.written());
    }
}

#[tokio::test]
async fn a_body_of_exactly_the_limit_is_read_and_one_byte_more_is_not() {
    let limit = patient().body_bytes;
    let body = Operation::Usage.good_body();
    for (length, accepted) in [(limit, true), (limit + 1, false)] {
        let padded = format!("{body}{}", " ".repeat(length - body.len()));
        let server = Server::script(vec![ok(&padded)]);
        let outcome = Operation::Usage.ask(http(patient()), server.url()).await;
        assert_eq!(
            outcome.map_err(|error| error.code()),
            if accepted { Ok(()) } else { Err(ErrorCode::TooLarge) }
        );
    }
}

#[tokio::test]
async fn a_deadline_names_the_seconds_that_were_waited_for() {
    let silent = Server::script(vec![Answer::ThenSilence(Vec::new())]);
    let limits = HttpLimits { first_byte: Duration::from_millis(1_100), ..patient() };
    let error = Operation::RecentAverage.ask(http(limits), silent.url()).await.unwrap_err();
    assert_eq!(error.params()["seconds"], "2");
    let slow = Server::script(vec![Answer::ThenSilence(message("200 OK", 100, "{"))]);
    let limits = HttpLimits { whole: Duration::from_millis(200), ..patient() };
    let error = Operation::RecentAverage.ask(http(limits), slow.url()).await.unwrap_err();
    assert_eq!(error.params()["seconds"], "1");
    // The client lets go of the connection.
    while slow.hung_up() == 0 {
        tokio::task::yield_now().await;
    }
}
