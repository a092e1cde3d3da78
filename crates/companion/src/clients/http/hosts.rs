//! The addresses of one platform, and which of them to ask.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use url::Url;

/// How long a fallback is preferred once it answered where the usual address could not be reached.
const RETURN_AFTER: Duration = Duration::from_mins(10);

/// The addresses of one platform: the usual one, and those that serve the same when it cannot be reached. Cheap to
/// clone; clones share what was learnt.
#[derive(Clone)]
pub struct Hosts(Arc<Shared>);

struct Shared {
    usual: Host,
    fallbacks: Vec<Host>,
    preferred: Mutex<Option<Preferred>>,
}

/// The fallback that answered last, and when it was turned to.
#[derive(Clone, Copy)]
struct Preferred {
    turn: usize,
    since: Instant,
}

/// One address.
pub(super) struct Host {
    pub(super) url: Url,
    /// What errors and log lines call it: host, and port where it is not the usual one.
    pub(super) name: String,
}

impl Hosts {
    /// The addresses everything on a platform begins with. Of each, a path counts; user name, query and fragment are
    /// not.
    pub fn new(usual: Url, fallbacks: impl IntoIterator<Item = Url>) -> Self {
        Self(Arc::new(Shared {
            usual: Host::new(usual),
            fallbacks: fallbacks.into_iter().map(Host::new).collect(),
            preferred: Mutex::default(),
        }))
    }

    /// What the platform as a whole is called in errors.
    pub(in crate::clients) fn name(&self) -> &str {
        &self.0.usual.name
    }

    /// The turn to begin a question with.
    pub(super) fn first_turn(&self) -> usize {
        let preferred = *self.0.preferred.lock().unwrap_or_else(PoisonError::into_inner);
        preferred.filter(|preferred| preferred.since.elapsed() < RETURN_AFTER).map_or(0, |one| one.turn)
    }

    /// The address whose turn it is: the usual one, its fallbacks, and round again.
    pub(super) fn at(&self, turn: usize) -> &Host {
        let here = turn % (self.0.fallbacks.len() + 1);
        here.checked_sub(1).and_then(|here| self.0.fallbacks.get(here)).unwrap_or(&self.0.usual)
    }

    /// Somebody is there: a fallback is asked first for a while, since the usual address was not.
    pub(super) fn reached(&self, turn: usize) {
        let turn = turn % (self.0.fallbacks.len() + 1);
        let mut preferred = self.0.preferred.lock().unwrap_or_else(PoisonError::into_inner);
        match (turn, *preferred) {
            (0, _) => *preferred = None,
            (_, Some(known)) if known.turn == turn => {
                // Still the one: its time runs on, so that the usual address gets its chance again.
                if known.since.elapsed() >= RETURN_AFTER {
                    *preferred = Some(Preferred { turn, since: Instant::now() });
                }
            }
            _ => *preferred = Some(Preferred { turn, since: Instant::now() }),
        }
    }
}

impl From<Url> for Hosts {
    fn from(usual: Url) -> Self {
        Self::new(usual, [])
    }
}

impl fmt::Debug for Hosts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.usual.name)
    }
}

impl Host {
    fn new(mut url: Url) -> Self {
        url.set_query(None);
        url.set_fragment(None);
        // Neither can fail on an address with a host, and one without is refused before anything is sent.
        let _ = url.set_username("");
        let _ = url.set_password(None);
        let name = match (url.host_str(), url.port()) {
            (Some(host), Some(port)) => format!("{host}:{port}"),
            (Some(host), None) => host.to_owned(),
            (None, _) => String::new(),
        };
        Self { url, name }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts() -> Hosts {
        let url = |text: &str| Url::parse(text).unwrap();
        Hosts::new(url("https://a.example.com"), [url("https://b.example.com"), url("https://c.example.com")])
    }

    #[test]
    fn an_address_drops_what_could_be_secret() {
        let hosts =
            Hosts::from(Url::parse("https://user:word@card.example.com:8443/api/?key=word#word").unwrap());
        assert_eq!(format!("{hosts:?}"), "card.example.com:8443");
        assert_eq!(hosts.at(0).url.as_str(), "https://card.example.com:8443/api/");
    }

    #[test]
    fn turns_go_round() {
        let hosts = hosts();
        let names: Vec<_> = (0..5).map(|turn| hosts.at(turn).name.clone()).collect();
        let [a, b, c] = ["a.example.com", "b.example.com", "c.example.com"];
        assert_eq!(names, [a, b, c, a, b]);
        let alone = Hosts::from(Url::parse("https://a.example.com").unwrap());
        assert_eq!(alone.at(7).name, a);
    }

    #[tokio::test(start_paused = true)]
    async fn a_fallback_that_answered_is_asked_first_until_the_usual_address_gets_its_chance() {
        let hosts = hosts();
        hosts.reached(1);
        assert_eq!(hosts.first_turn(), 1);
        tokio::time::advance(RETURN_AFTER.mul_f32(0.9)).await;
        // That it goes on answering does not prolong its time.
        hosts.reached(1);
        assert_eq!(hosts.first_turn(), 1);
        tokio::time::advance(RETURN_AFTER.mul_f32(0.2)).await;
        assert_eq!(hosts.first_turn(), 0);
        hosts.reached(4);
        assert_eq!(hosts.first_turn(), 1);
        hosts.reached(0);
        assert_eq!(hosts.first_turn(), 0);
    }
}
