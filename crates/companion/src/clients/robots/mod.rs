//! Robots of chat groups, and other receivers that bring a message to somebody's phone (`docs/owners-phone.md`).
//!
//! [`Access`] is an address that was looked at, [`request`] makes the bytes that a receiver wants, [`answer`] reads what it
//! says. All three are pure; [`Robots`] alone speaks to the network.

mod access;
mod answer;
mod request;

use std::time::Duration;

use chrono::{DateTime, Utc};

pub(crate) use access::{Access, BadAccess, recognise};
pub(crate) use answer::Delivery;
pub(crate) use request::Wording;

use super::http::{Http, HttpLimits};

/// The only wait after which a message has certainly not arrived.
pub(crate) const CONNECT_SECONDS: u64 = 10;
/// A receiver answers at once or not at all.
const LIMITS: HttpLimits = HttpLimits {
    connect: Duration::from_secs(CONNECT_SECONDS),
    first_byte: Duration::from_secs(15),
    whole: Duration::from_secs(15),
    body_bytes: 64 * 1_024,
};

/// Sends messages. Keeps nothing.
#[derive(Debug)]
pub(crate) struct Robots(Http);

impl Robots {
    pub(crate) fn new(http: Http) -> Self {
        Self(http.with_limits(LIMITS))
    }

    /// Sends one message once. `now` signs it, so it must be right within an hour.
    pub(crate) async fn send(&self, access: &Access, text: &Wording, now: DateTime<Utc>) -> Delivery {
        let posted = match request::posted(access, text, now) {
            Ok(posted) => posted,
            Err(error) => return Delivery::Unsent(error),
        };
        match self.0.send_once(&posted).await {
            Ok(replied) => answer::read(access.kind(), &replied, now),
            Err(error) if error.is_certainly_unsent() => Delivery::Unsent(error),
            Err(error) => {
                tracing::info!(%error, "whether a message arrived is not known");
                Delivery::Unclear
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use testkit::server::{Answer, Nobody, Server, message, ok};

    use super::*;
    use crate::api::ChannelKind;
    use crate::secrets::Secret;

    async fn delivered(address: String, limits: HttpLimits) -> Delivery {
        let robots = Robots(Http::new(limits).unwrap());
        let access = Access::of(ChannelKind::Wecom, &Secret::from(address), None).unwrap();
        let words = || "x".to_owned();
        robots.send(&access, &Wording { group: words(), title: words(), text: words() }, Utc::now()).await
    }

    fn robot(address: &str) -> String {
        format!("{address}cgi-bin/webhook/send?key=a")
    }

    #[tokio::test]
    async fn what_left_this_computer_and_was_not_answered_is_unclear() {
        let limits = HttpLimits { whole: Duration::from_millis(300), body_bytes: 1_000, ..LIMITS };
        let sent = r#"{"errcode":0}"#;
        for answer in [
            Answer::ThenSilence(Vec::new()),
            Answer::ThenSilence(message("200 OK", sent.len() + 1, sent)),
            Answer::Bytes(message("200 OK", sent.len() + 1, sent)),
            Answer::Huge { head: message("200 OK", 5_000, ""), bytes: 5_000 },
            Answer::Reset,
        ] {
            let receiver = Server::script(vec![answer.clone()]);
            let delivery = delivered(robot(receiver.url().as_str()), limits).await;
            assert!(matches!(delivery, Delivery::Unclear), "{answer:?}: {delivery:?}");
            assert_eq!(receiver.requests().len(), 1, "{answer:?}: sent once");
        }
        let receiver = Server::script(vec![ok(sent)]);
        assert!(matches!(delivered(robot(receiver.url().as_str()), limits).await, Delivery::Sent));
    }

    #[tokio::test]
    async fn what_nobody_took_is_known_not_to_have_left() {
        let nobody = Nobody::default();
        let delivery = delivered(robot(nobody.url.as_str()), LIMITS).await;
        assert!(matches!(delivery, Delivery::Unsent(_)), "{delivery:?}");
    }
}
