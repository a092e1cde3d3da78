//! Messages on their way to receivers that a test scripts, on a clock that only the test moves.

use std::path::Path;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use billing_core::alert::Alert;
use billing_core::time::parse_instant;
use billing_core::{CallsTotal, Tariff};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use tempfile::TempDir;
use testkit::server::{Answer, Nobody, Request, Server, ok, status};
use testkit::{files_with, until};
use tokio::sync::watch;

use super::delivery::{MONTHLY, resume, send_in_background};
use super::message::tests::words;
use super::page::{add_channel, get_channels, remove_channel, switch_channel, test_channel};
use crate::api::{ChannelKind, ChannelView, Environment, ErrorCode, Language, MessageState, Retry};
use crate::clients::{Http, HttpLimits};
use crate::context::{Context, JobKey, Platforms, Setup};
use crate::error::Error;
use crate::paths::Paths;
use crate::ports::{Clock, SystemRandomness, Timer};
use crate::secrets::{FailingSecrets, Failure, Secret, SecretError, SecretName};
use crate::store::accounts::{self, Account};
use crate::store::channels::{self, Problem};
use crate::store::settings::{self, QuietHours, Setting};
use crate::store::{Store, inbox};

const NOON: &str = "2026-03-10T12:00:00+08:00";
const SENT: &str = r#"{"errcode":0,"errmsg":"ok"}"#;

/// Clock and timer that only the test moves.
#[derive(Debug, Clone)]
struct Time(watch::Sender<DateTime<Utc>>);

impl Time {
    fn pass(&self, time: TimeDelta) {
        self.0.send_modify(|now| *now += time);
    }
}

impl Clock for Time {
    fn now(&self) -> DateTime<Utc> {
        *self.0.borrow()
    }
}

impl Timer for Time {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let end = self.now() + TimeDelta::from_std(duration).unwrap();
        let mut time = self.0.subscribe();
        Box::pin(async move { drop(time.wait_for(|now| *now >= end).await) })
    }
}

/// A shop with one mini-program.
struct Shop {
    home: TempDir,
    time: Time,
    secrets: Arc<FailingSecrets>,
    context: Context,
}

impl Shop {
    async fn open(start: &str) -> Self {
        let home = tempfile::tempdir().unwrap();
        let time = Time(watch::Sender::new(parse_instant(start).unwrap()));
        let secrets = Arc::new(FailingSecrets::new());
        let context = opened(home.path(), &time, &secrets).await;
        let at = time.now();
        let account = Account {
            id: "shop".to_owned(),
            name: "晋味小馆".to_owned(),
            environment: Environment::Live,
            created_at: at,
            archived_at: None,
        };
        context.store.ledger(move |db| accounts::insert(db, &account)).await.unwrap();
        Self { home, time, secrets, context }
    }

    /// The process is killed wherever its work stands, and started again.
    async fn killed(self) -> Self {
        let Self { home, time, secrets, context } = self;
        context.jobs.shut_down().await;
        drop(context);
        let context = opened(home.path(), &time, &secrets).await;
        resume(&context).await.unwrap();
        Self { home, time, secrets, context }
    }

    async fn adds(&self, kind: ChannelKind, path: &str, receiver: &Server) -> String {
        let address = Secret::from(format!("http://{}{path}", receiver.host()));
        self.adds_at(kind, address, None).await.unwrap()
    }

    async fn adds_at(
        &self,
        kind: ChannelKind,
        address: Secret<String>,
        signing: Option<&str>,
    ) -> Result<String, Error> {
        let added = add_channel(&self.context, kind, " 店长群 ", address, signing.map(Secret::from)).await?;
        Ok(added.channels.into_iter().next_back().unwrap().id)
    }

    /// A robot of WeCom's.
    async fn has_robot(&self, receiver: &Server) -> String {
        self.adds(ChannelKind::Wecom, "/cgi-bin/webhook/send?key=planted-key", receiver).await
    }

    /// As many alerts in one commit, as the watch raises them.
    async fn raises(&self, count: usize) {
        let context = self.context.clone();
        let at = self.time.now();
        let write = self.context.store.ledger(move |db| {
            let alert = Alert::PercentLeft { percent: 20, remaining: CallsTotal::default() };
            let mut raised = Vec::new();
            for _ in 0..count {
                let id = context.new_id();
                inbox::add(db, &id, "shop", &alert, at)?;
                raised.push(id);
            }
            channels::queue(db, &raised, at, || context.new_id())
        });
        write.await.unwrap();
        send_in_background(&self.context).await.unwrap();
    }

    async fn view(&self) -> ChannelView {
        get_channels(&self.context).await.unwrap().channels.remove(0)
    }

    /// Lets time pass second by second until something holds.
    async fn in_time<F: Future<Output = bool>>(&self, what: &str, holds: impl Fn() -> F) {
        until(what, || async {
            let over = holds().await;
            if !over {
                self.time.pass(TimeDelta::seconds(1));
            }
            over
        })
        .await;
    }

    /// Waits for the newest message to be in a state.
    async fn is(&self, state: MessageState) {
        self.in_time(&format!("{state:?}"), || async {
            self.view().await.last.is_some_and(|last| last.state == state)
        })
        .await;
    }

    /// Waits until no work is under way for a channel.
    async fn rests(&self, channel: &str) {
        let key = JobKey::Channel(channel.to_owned());
        self.in_time("the work is done", || async { !self.context.is_working_on(&key) }).await;
    }

    async fn is_quiet(&self, from: u32, to: u32) {
        let quiet = Some(QuietHours { from, to });
        self.context.store.ledger(move |db| settings::set_alerting(db, 7, quiet)).await.unwrap();
    }
}

async fn opened(home: &Path, time: &Time, secrets: &Arc<FailingSecrets>) -> Context {
    let paths = Paths::new(home);
    // The one before may be about to free the home.
    until("the home is free", || async { Store::open(&paths).is_ok() }).await;
    let setup = Setup {
        paths: paths.clone(),
        platforms: Platforms::default(),
        secrets: Arc::clone(secrets) as Arc<_>,
        clock: Arc::new(time.clone()),
        timer: Arc::new(time.clone()),
        randomness: Arc::new(SystemRandomness),
        language: Language::Zh,
        words: words(),
        version: "0.0.0-test".to_owned(),
    };
    let store = Store::open(&paths).unwrap();
    Context::new(setup, store, Http::new(HttpLimits::default()).unwrap(), Tariff::embedded().clone())
}

fn content(request: &Request) -> String {
    let body: Value = serde_json::from_str(&request.body).unwrap();
    body["text"]["content"].as_str().unwrap().to_owned()
}

fn code(outcome: Result<crate::api::ChannelsView, Error>) -> ErrorCode {
    outcome.unwrap_err().code()
}

#[tokio::test]
async fn every_kind_of_receiver_gets_its_own_request_and_its_yes_is_understood() {
    let shop = Shop::open(NOON).await;
    for (kind, path, signing, target, answer) in [
        (ChannelKind::Wecom, "/cgi-bin/webhook/send?key=a", None, "/cgi-bin/webhook/send?key=a", SENT),
        (
            ChannelKind::Dingtalk,
            "/robot/send?access_token=a",
            Some("SECthis is secret"),
            // Worked out by Python's `hmac`.
            "/robot/send?access_token=a&timestamp=1773115200000&sign=THdn0x5%2BdRzG4euPFcl2XM7MBbHt7Kfic0JfXTnkwHw%3D",
            SENT,
        ),
        (
            ChannelKind::Feishu,
            "/open-apis/bot/v2/hook/a",
            Some("demo"),
            "/open-apis/bot/v2/hook/a",
            r#"{"code":0,"msg":"success","data":{}}"#,
        ),
        (ChannelKind::Bark, "/device/words", None, "/push", r#"{"code":200,"message":"success"}"#),
        (ChannelKind::Serverchan, "/SCT12345T6.send", None, "/SCT12345T6.send", r#"{"code":0,"message":""}"#),
        (ChannelKind::Webhook, "/a?b=c", None, "/a?b=c", ""),
    ] {
        let receiver = Server::script(vec![ok(answer)]);
        let address = Secret::from(format!("http://{}{path}", receiver.host()));
        let channel = shop.adds_at(kind, address, signing).await.unwrap();
        let view = test_channel(&shop.context, &channel).await.unwrap().channels.remove(0);
        assert_eq!((view.kind, view.label.as_str(), view.on), (kind, "店长群", true));
        assert_eq!(view.last.unwrap().state, MessageState::Sent, "{kind:?}");
        let [request] = &receiver.requests()[..] else { panic!("{kind:?}: one request") };
        assert_eq!((request.method.as_str(), request.target.as_str()), ("POST", target));
        assert_eq!(request.header("content-type"), Some("application/json; charset=utf-8"));
        let body = &request.body;
        assert!(body.contains("测试消息") && body.contains("额度提醒就会发到这里"), "{body}");
        assert_eq!(
            body.contains("q6nAiPMowHOGHY5dqra5iUgveibkWdwZtGEOGhYnsXM="),
            kind == ChannelKind::Feishu
        );
        remove_channel(&shop.context, &channel).await.unwrap();
    }
}

#[tokio::test]
async fn a_test_says_why_it_did_not_arrive() {
    let shop = Shop::open(NOON).await;
    let elsewhere = Server::script(vec![ok(SENT)]);
    let redirect = format!(
        "HTTP/1.1 302 Found\r\nLocation: {}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        elsewhere.url()
    );
    for (answer, expected, state) in [
        (
            ok(r#"{"errcode":93000,"errmsg":"invalid webhook url"}"#),
            ErrorCode::ChannelAddressRefused,
            MessageState::Refused,
        ),
        (
            ok(r#"{"errcode":45009,"errmsg":"api freq out of limit"}"#),
            ErrorCode::ChannelLimited,
            MessageState::Refused,
        ),
        (Answer::Bytes(redirect.into_bytes()), ErrorCode::ChannelRedirects, MessageState::Refused),
        (ok("<html>please sign in</html>"), ErrorCode::ChannelUnclear, MessageState::Unclear),
        (status("502 Bad Gateway", ""), ErrorCode::ChannelUnclear, MessageState::Unclear),
        (Answer::Reset, ErrorCode::ChannelUnclear, MessageState::Unclear),
    ] {
        let receiver = Server::script(vec![answer]);
        let channel = shop.has_robot(&receiver).await;
        assert_eq!(code(test_channel(&shop.context, &channel).await), expected);
        let last = shop.view().await.last.unwrap();
        assert_eq!((last.state, last.problem.map(|problem| problem.code)), (state, Some(expected)));
        assert_eq!(receiver.requests().len(), 1, "{expected:?}");
        remove_channel(&shop.context, &channel).await.unwrap();
    }
    assert_eq!(elsewhere.requests().len(), 0, "a redirect is not followed");
    let nobody = Nobody::default();
    let address = Secret::from(format!("{}cgi-bin/webhook/send?key=a", nobody.url));
    let channel = shop.adds_at(ChannelKind::Wecom, address, None).await.unwrap();
    assert_eq!(code(test_channel(&shop.context, &channel).await), ErrorCode::Unreachable);
}

#[tokio::test]
async fn a_crossing_is_one_message_also_when_the_process_dies_before_it_is_sent() {
    let receiver = Server::script(vec![ok(SENT)]);
    let shop = Shop::open(NOON).await;
    let channel = shop.has_robot(&receiver).await;
    // Time does not pass: what is to be sent in a moment is not sent yet.
    shop.raises(1).await;
    let shop = shop.killed().await;
    assert_eq!((receiver.requests().len(), shop.view().await.waiting), (0, 1));
    shop.is(MessageState::Sent).await;
    let shop = shop.killed().await;
    shop.time.pass(TimeDelta::days(3));
    shop.rests(&channel).await;
    let [request] = &receiver.requests()[..] else { panic!("sent once") };
    assert_eq!(content(request), "验号管家：晋味小馆\n额度用完了");
    assert_eq!(shop.view().await.waiting, 0);
}

#[tokio::test]
async fn what_may_have_arrived_before_the_process_died_is_not_sent_again() {
    let receiver =
        Server::start(|_, before| if before == 0 { Answer::ThenSilence(Vec::new()) } else { ok(SENT) });
    let shop = Shop::open(NOON).await;
    let channel = shop.has_robot(&receiver).await;
    shop.raises(1).await;
    shop.in_time("the request came", || async { receiver.requests().len() == 1 }).await;
    let shop = shop.killed().await;
    let last = shop.view().await.last.unwrap();
    assert_eq!((last.state, last.problem.unwrap().code), (MessageState::Unclear, ErrorCode::ChannelUnclear));
    shop.time.pass(TimeDelta::hours(2));
    shop.rests(&channel).await;
    assert_eq!(receiver.requests().len(), 1);
    // What is raised later is another matter.
    shop.raises(1).await;
    shop.is(MessageState::Sent).await;
    assert_eq!(receiver.requests().len(), 2);
}

#[tokio::test]
async fn ten_thousand_alerts_at_once_are_one_message() {
    let receiver = Server::script(vec![ok(SENT)]);
    let shop = Shop::open(NOON).await;
    let channel = shop.has_robot(&receiver).await;
    shop.raises(10_000).await;
    assert_eq!(shop.view().await.waiting, 10_000);
    shop.is(MessageState::Sent).await;
    shop.rests(&channel).await;
    let [request] = &receiver.requests()[..] else { panic!("one message") };
    let said = content(request);
    assert!(said.len() <= 2_048, "{}", said.len());
    assert!(said.starts_with("验号管家：10000 条新提醒\n晋味小馆：额度用完了\n"), "{said}");
    assert!(said.ends_with("另有 9988 条，打开验号管家查看"), "{said}");
}

#[tokio::test]
async fn quiet_hours_over_midnight_are_waited_for_and_what_comes_meanwhile_joins() {
    let receiver = Server::script(vec![ok(SENT)]);
    let shop = Shop::open("2026-03-10T22:00:00+08:00").await;
    let channel = shop.has_robot(&receiver).await;
    shop.is_quiet(22, 8).await;
    for hours in [1, 2, 3, 3] {
        shop.raises(1).await;
        shop.time.pass(TimeDelta::seconds(5));
        shop.rests(&channel).await;
        shop.time.pass(TimeDelta::hours(hours));
        send_in_background(&shop.context).await.unwrap();
    }
    // 07:00 and some seconds.
    shop.rests(&channel).await;
    assert_eq!((receiver.requests().len(), shop.view().await.waiting), (0, 4));
    // Anybody may be woken by a button pressed on purpose.
    test_channel(&shop.context, &channel).await.unwrap();
    shop.time.pass(TimeDelta::hours(1));
    send_in_background(&shop.context).await.unwrap();
    shop.in_time("it is said", || async { receiver.requests().len() == 2 }).await;
    assert!(content(&receiver.requests()[1]).starts_with("验号管家：4 条新提醒"));
}

#[tokio::test]
async fn a_limit_is_waited_for_and_then_everything_is_one_message() {
    let limited = r#"{"errcode":130101,"errmsg":"send too fast, exceed 20 times per minute"}"#;
    let shop = Shop::open(NOON).await;
    let (times, time) = (Arc::new(Mutex::new(Vec::new())), shop.time.clone());
    let receiver = {
        let times = Arc::clone(&times);
        Server::start(move |_, before| {
            times.lock().unwrap().push(time.now());
            ok(if before == 0 { limited } else { SENT })
        })
    };
    let channel = shop.adds(ChannelKind::Dingtalk, "/robot/send?access_token=a", &receiver).await;
    shop.raises(1).await;
    shop.in_time("the limit was met", || async { shop.view().await.held.is_some() }).await;
    let held = shop.view().await.held.unwrap();
    assert_eq!((held.code, held.params["errcode"].as_str()), (ErrorCode::ChannelLimited, "130101"));
    // That more is raised meanwhile makes nothing sooner.
    shop.raises(1).await;
    shop.time.pass(TimeDelta::minutes(9));
    shop.is(MessageState::Sent).await;
    shop.rests(&channel).await;
    let times = times.lock().unwrap().clone();
    assert_eq!(times.len(), 2);
    assert!(times[1] - times[0] >= TimeDelta::minutes(10), "{times:?}");
    assert!(content(&receiver.requests()[1]).starts_with("验号管家：2 条新提醒"));
}

#[tokio::test]
async fn messages_of_one_channel_are_a_minute_apart_and_those_of_another_are_their_own() {
    let shop = Shop::open(NOON).await;
    let (times, time) = (Arc::new(Mutex::new(Vec::new())), shop.time.clone());
    let receiver = {
        let times = Arc::clone(&times);
        Server::start(move |_, _| {
            times.lock().unwrap().push(time.now());
            ok(SENT)
        })
    };
    let broken = Server::script(vec![ok(r#"{"errcode":93000}"#)]);
    shop.has_robot(&receiver).await;
    shop.has_robot(&broken).await;
    shop.raises(1).await;
    shop.in_time("both", || async { receiver.requests().len() + broken.requests().len() == 2 }).await;
    shop.raises(1).await;
    shop.in_time("both again", || async { receiver.requests().len() + broken.requests().len() == 4 }).await;
    let times = times.lock().unwrap().clone();
    assert!(times[1] - times[0] >= TimeDelta::minutes(1), "{times:?}");
    assert_eq!((receiver.requests().len(), broken.requests().len()), (2, 2));
}

#[tokio::test]
async fn what_cannot_be_sent_waits_for_a_day_and_then_stays_in_the_inbox() {
    let nobody = Nobody::default();
    let shop = Shop::open(NOON).await;
    let address = Secret::from(format!("{}a", nobody.url));
    let channel = shop.adds_at(ChannelKind::Webhook, address, None).await.unwrap();
    shop.raises(1).await;
    shop.in_time("it was met", || async { shop.view().await.held.is_some() }).await;
    assert_eq!(shop.view().await.held.unwrap().code, ErrorCode::Unreachable);
    shop.time.pass(TimeDelta::hours(25));
    shop.is(MessageState::GivenUp).await;
    shop.rests(&channel).await;
    let view = shop.view().await;
    assert_eq!((view.waiting, view.held), (0, None));
    assert_eq!(view.last.unwrap().problem.unwrap().code, ErrorCode::Unreachable);
    let unread = shop.context.store.ledger(|db| inbox::unread(db)).await.unwrap();
    assert_eq!(unread, 1);
}

#[tokio::test]
async fn a_locked_keyring_holds_a_message_up_and_loses_nothing() {
    let receiver = Server::script(vec![ok(SENT)]);
    let shop = Shop::open(NOON).await;
    let channel = shop.has_robot(&receiver).await;
    shop.secrets.fail(Some(Failure::Always(SecretError::Locked)));
    shop.raises(1).await;
    shop.time.pass(TimeDelta::seconds(30));
    assert_eq!(code(test_channel(&shop.context, &channel).await), ErrorCode::KeyringLocked);
    assert_eq!((receiver.requests().len(), shop.view().await.waiting), (0, 1));
    shop.secrets.fail(None);
    shop.is(MessageState::Sent).await;
    assert_eq!(receiver.requests().len(), 1);
}

#[tokio::test]
async fn a_channel_without_its_address_says_so() {
    let receiver = Server::script(vec![ok(SENT)]);
    let shop = Shop::open(NOON).await;
    let channel = shop.has_robot(&receiver).await;
    shop.context.remove_channel_secret(&channel).await.unwrap();
    assert_eq!(code(test_channel(&shop.context, &channel).await), ErrorCode::ChannelSecretGone);
    shop.raises(1).await;
    shop.is(MessageState::Refused).await;
    assert_eq!(shop.view().await.last.unwrap().problem.unwrap().code, ErrorCode::ChannelSecretGone);
    assert_eq!(receiver.requests().len(), 0);
}

#[tokio::test]
async fn a_month_has_its_allowance() {
    let receiver = Server::script(vec![ok(SENT)]);
    let shop = Shop::open(NOON).await;
    let channel = shop.has_robot(&receiver).await;
    let (id, at) = (channel.clone(), shop.time.now() - TimeDelta::days(2));
    let write = shop.context.store.ledger(move |db| {
        for number in 0..MONTHLY {
            let message = number.to_string();
            channels::begin_test(db, &message, &id, at)?;
            channels::finish(db, &message, MessageState::Sent, None)?;
        }
        Ok(())
    });
    write.await.unwrap();
    let refused = test_channel(&shop.context, &channel).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::ChannelUsedUp);
    assert_eq!(refused.retry(), Retry::Later(parse_instant("2026-04-01T00:00:00+08:00").unwrap().into()));
    shop.raises(1).await;
    shop.in_time("it is held", || async { shop.view().await.held.is_some() }).await;
    assert_eq!(shop.view().await.held.unwrap().code, ErrorCode::ChannelUsedUp);
    assert_eq!(receiver.requests().len(), 0);
}

#[tokio::test]
async fn tests_too_stay_below_the_limit_of_a_minute() {
    let receiver = Server::script(vec![ok(SENT)]);
    let shop = Shop::open(NOON).await;
    let channel = shop.has_robot(&receiver).await;
    for _ in 0..15 {
        test_channel(&shop.context, &channel).await.unwrap();
    }
    assert_eq!(code(test_channel(&shop.context, &channel).await), ErrorCode::ChannelLimited);
    assert_eq!(receiver.requests().len(), 15);
    shop.time.pass(TimeDelta::seconds(61));
    test_channel(&shop.context, &channel).await.unwrap();
}

#[tokio::test]
async fn what_was_read_or_switched_off_meanwhile_is_not_sent() {
    let receiver = Server::script(vec![ok(SENT)]);
    let shop = Shop::open(NOON).await;
    let channel = shop.has_robot(&receiver).await;
    shop.raises(3).await;
    let at = shop.time.now();
    shop.context.store.ledger(move |db| inbox::mark_read(db, None, at)).await.unwrap();
    shop.rests(&channel).await;
    shop.raises(1).await;
    switch_channel(&shop.context, &channel, false).await.unwrap();
    shop.rests(&channel).await;
    let view = switch_channel(&shop.context, &channel, true).await.unwrap().channels.remove(0);
    assert_eq!((view.waiting, view.on, view.last), (0, true, None));
    shop.time.pass(TimeDelta::minutes(5));
    shop.raises(1).await;
    shop.is(MessageState::Sent).await;
    assert_eq!(receiver.requests().len(), 1);
}

#[tokio::test]
async fn a_removed_channel_leaves_nothing_in_the_keyring_and_its_key_was_in_no_file() {
    let receiver = Server::script(vec![ok(SENT)]);
    let shop = Shop::open(NOON).await;
    let address = Secret::from(format!("http://{}/robot/send?access_token=planted-key", receiver.host()));
    let channel = shop.adds_at(ChannelKind::Dingtalk, address.duplicate(), Some("SECplanted")).await.unwrap();
    assert_eq!(shop.secrets.names(), [SecretName::of_channel(&channel)]);
    assert_eq!(
        shop.adds_at(ChannelKind::Dingtalk, address, None).await.unwrap_err().code(),
        ErrorCode::ChannelTwice
    );
    shop.raises(1).await;
    shop.is(MessageState::Sent).await;
    shop.raises(1).await;
    assert_eq!(files_with(shop.home.path(), &["planted"]), [""; 0]);
    // As long as the keyring is locked, the channel is there.
    shop.secrets.fail(Some(Failure::Always(SecretError::Locked)));
    assert_eq!(code(remove_channel(&shop.context, &channel).await), ErrorCode::KeyringLocked);
    assert_eq!(get_channels(&shop.context).await.unwrap().channels.len(), 1);
    shop.secrets.fail(None);
    assert_eq!(remove_channel(&shop.context, &channel).await.unwrap().channels, []);
    assert!(shop.secrets.names().is_empty());
    shop.rests(&channel).await;
    shop.time.pass(TimeDelta::minutes(5));
    shop.raises(1).await;
    assert_eq!(receiver.requests().len(), 1);
}

#[tokio::test]
async fn a_channel_whose_address_cannot_be_stored_is_not_added() {
    let shop = Shop::open(NOON).await;
    let address = || Secret::from("https://hooks.example.com/a");
    shop.secrets.fail(Some(Failure::Always(SecretError::Absent)));
    let refused = shop.adds_at(ChannelKind::Webhook, address(), None).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::KeyringAbsent);
    assert_eq!(get_channels(&shop.context).await.unwrap().channels, []);
    shop.secrets.fail(None);
    let wrong = shop.adds_at(ChannelKind::Wecom, address(), None).await.unwrap_err();
    assert_eq!(wrong.code(), ErrorCode::ChannelHostWrong);
    assert!(shop.secrets.names().is_empty());
}

#[tokio::test]
async fn a_message_speaks_the_language_of_the_shop() {
    let receiver = Server::script(vec![ok(SENT)]);
    let shop = Shop::open(NOON).await;
    shop.has_robot(&receiver).await;
    shop.context.store.ledger(|db| settings::set(db, Setting::Language, Language::En)).await.unwrap();
    shop.raises(1).await;
    shop.is(MessageState::Sent).await;
    assert_eq!(content(&receiver.requests()[0]), "Merchant Companion: 晋味小馆\nThe quota is used up");
}

/// What was raised while a message was under way waits in another one; when the first comes back undelivered, both are one.
#[tokio::test]
async fn a_message_that_comes_back_takes_up_what_was_raised_meanwhile() {
    let shop = Shop::open(NOON).await;
    let receiver = Server::script(vec![ok(SENT)]);
    let channel = shop.has_robot(&receiver).await;
    shop.raises(1).await;
    let context = shop.context.clone();
    let at = shop.time.now();
    let write = shop.context.store.ledger(move |db| {
        let first = channels::waiting(db, &channel)?.unwrap();
        assert!(channels::begin(db, &first.id, at)?);
        assert!(!channels::begin(db, &first.id, at)?, "once");
        let id = context.new_id();
        inbox::add(db, &id, "shop", &Alert::RunsOutSoon { in_days: 3 }, at)?;
        channels::queue(db, &[id], at, || context.new_id())?;
        assert_ne!(channels::waiting(db, &channel)?.unwrap().id, first.id);
        channels::hold(db, &first.id, None, Problem { code: ErrorCode::Unreachable, errcode: None })?;
        let waiting = channels::waiting(db, &channel)?.unwrap();
        assert_eq!(waiting.id, first.id);
        channels::alerts(db, &waiting.id)
    });
    assert_eq!(write.await.unwrap().len(), 2);
}
