//! No secret that was sent comes back in an error or a log line, even when a platform quotes it.

use testkit::server::{Answer, Request, Server, message, ok, status};

use crate::logs;
use crate::operations::{APP_SECRET, COMPONENT_TOKEN, KEY, Operation, REFRESH_TOKEN, TOKEN, http, patient};

/// Pieces that survive escaping: each planted word contains one.
const PLANTED: &str = "PLANTED";

/// Everything the client sent, in a form that fits inside a JSON string.
fn quoted(request: &Request) -> String {
    format!("{} {} {}", request.target, request.head, request.body).replace(['"', '\\', '\r', '\n'], " ")
}

type Quoting = (&'static str, fn(&Request) -> Answer);

fn quoting_answers() -> Vec<Quoting> {
    vec![
        ("in errmsg", |request| {
            ok(&format!(r#"{{"errcode":40164,"errmsg":"{} rid: {}"}}"#, quoted(request), quoted(request)))
        }),
        ("as errcode", |request| ok(&format!(r#"{{"errcode":"{}"}}"#, quoted(request)))),
        ("as a page", |request| ok(&format!("<html>{}</html>", quoted(request)))),
        ("as a key", |request| ok(&format!(r#"{{"{}":{{}}}}"#, quoted(request)))),
        ("as every value", |request| {
            let word = quoted(request);
            ok(&format!(
                r#"{{"access_token":["{word}"],"effectiveUse":"{word}","averageData":"{word}","shop":["{word}"],"acquisition_mode":"{word}","usage":"{word}","as_of":"{word}"}}"#
            ))
        }),
        ("in a redirect", |request| {
            let target = &request.target;
            Answer::Bytes(
                format!("HTTP/1.1 302 Found\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n").into_bytes(),
            )
        }),
        ("with a status", |request| status("500 Oops", &quoted(request))),
        ("cut short", |request| Answer::Bytes(message("200 OK", 9_999, &quoted(request)))),
        ("not at all", |_| Answer::Reset),
    ]
}

#[tokio::test]
async fn nothing_planted_comes_back() {
    for word in [TOKEN, APP_SECRET, KEY, COMPONENT_TOKEN, REFRESH_TOKEN] {
        assert!(word.contains(PLANTED));
    }
    let http = http(patient());
    for (name, answer) in quoting_answers() {
        for operation in Operation::ALL {
            let server = Server::start(move |request, _| answer(request));
            let error = operation.ask(http.clone(), server.url()).await.unwrap_err();
            let sent = server.requests().iter().map(quoted).collect::<String>();
            assert!(sent.contains(PLANTED), "{operation:?} sent nothing secret, so the test shows nothing");
            let shown = format!("{error} {error:?} {error:#?} {:?}", error.params());
            assert!(!shown.contains(PLANTED), "{name} on {operation:?}: {shown}");
            assert!(
                std::error::Error::source(&error).is_none(),
                "{name} on {operation:?}: a source could say more"
            );
        }
    }
    let lines = logs::text();
    assert!(lines.contains("asking again"), "the log was not captured");
    // The libraries speak too, at their most talkative.
    for library in ["reqwest", "hyper_util"] {
        assert!(lines.contains(library), "nothing of {library} was captured");
    }
    let told: Vec<_> = lines.lines().filter(|line| line.contains(PLANTED)).collect();
    assert!(told.is_empty(), "{told:#?}");
}
