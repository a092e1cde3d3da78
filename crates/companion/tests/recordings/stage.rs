//! A world that is the same each time, and the notes taken of what its application answers.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chrono::{DateTime, TimeDelta};
use companion::ports::{Randomness, Timer};
use companion::{Companion, Setup, commands};
use practice::{Options, Practice};
use serde_json::{Value, json};
use testkit::clocks::PracticeTime;
use testkit::desktop::Desk;
use testkit::world::World;
use tokio::sync::Notify;

use crate::recording::{Line, keep};

/// When every scene takes place; `ui/src/testing/recorded.ts` stops the pages' clock there.
pub(crate) const NOW: &str = "2026-11-21T10:32:00+08:00";

/// Counts, so that ids are the same each time and differ from each other.
#[derive(Debug, Default)]
struct Counting(AtomicU64);

impl Randomness for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        let count = self.0.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        for (byte, of_count) in bytes.iter_mut().rev().zip(count.iter().rev().chain(std::iter::repeat(&0))) {
            *byte = *of_count;
        }
    }
}

/// Rings when a scene says so: background work makes its first attempt, and no scene depends on when the next one comes.
#[derive(Debug, Default)]
struct Bell(Arc<Notify>);

impl Timer for Bell {
    fn sleep(&self, _: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let bell = Arc::clone(&self.0);
        Box::pin(async move { bell.notified().await })
    }
}

pub(crate) struct Stage {
    pub(crate) world: World,
    desk: Desk,
    bell: Arc<Notify>,
    /// The answers of commands that changed something since the last scene.
    acts: Vec<Line>,
    /// Hosts on this computer, and those that they stand for.
    stands_for: Vec<(String, &'static str)>,
}

impl Stage {
    /// A world that began so many days before the scenes take place.
    pub(crate) async fn days_ago(days: i64) -> Self {
        Self::with_programs(days, None).await
    }

    /// The same with as many mini-programs as given, each with its own past, and AppSecrets that are known.
    pub(crate) async fn with_programs(days: i64, programs: Option<u32>) -> Self {
        let home = tempfile::tempdir().unwrap();
        let start = DateTime::parse_from_rfc3339(NOW).unwrap().to_utc() - TimeDelta::days(days);
        let options = Options { first_start: Some(start), reproducible: true, ..World::options(&home) };
        let practice = match programs {
            Some(programs) => Practice::start_stand_alone(options, programs).await,
            None => Practice::start(options).await,
        };
        let world = World::of(practice.unwrap(), home);
        let clock = Arc::new(PracticeTime(world.practice.clock()));
        let mut setup = world.setup();
        setup.platforms.practice.as_mut().unwrap().clock = Arc::clone(&clock) as Arc<_>;
        let bell = Arc::<Notify>::default();
        let companion = Companion::open(Setup {
            clock,
            timer: Arc::new(Bell(Arc::clone(&bell))),
            randomness: Arc::new(Counting::default()),
            version: "0.1.0".to_owned(),
            ..setup
        });
        let desk = Desk::new(companion.await.unwrap(), &world.practice);
        Self { world, desk, bell, acts: Vec::new(), stands_for: Vec::new() }
    }

    /// What the UI would get; a refusal fails the test.
    pub(crate) async fn ask(&self, command: &str, args: Value) -> Value {
        let answer = commands::answer(self.desk.clone(), command, args.clone()).await;
        let answer = answer.unwrap_or_else(|error| panic!("{command} {args}: {error:?}"));
        // Ids are counted: whatever takes one takes it now.
        self.companion().wait_for_forecasts_and_alerts().await;
        serde_json::from_str(&answer).unwrap()
    }

    /// The same of a command that leads to the next scene, which notes the answer.
    pub(crate) async fn act(&mut self, command: &str, args: Value) -> Value {
        let answer = self.ask(command, args).await;
        self.acts.retain(|line| !line.is_of(command));
        self.acts.push(Line::act(command, answer.clone()));
        answer
    }

    /// Notes what every read of a page is answered, and how this scene came about.
    pub(crate) async fn scene(&mut self, name: &str) {
        self.scene_with(name, &[]).await;
    }

    /// The same with questions that few pages ask.
    pub(crate) async fn scene_with(&mut self, name: &str, more: &[(&str, Value)]) {
        assert_eq!(self.world.practice.now(), DateTime::parse_from_rfc3339(NOW).unwrap(), "{name}");
        let mut lines = std::mem::take(&mut self.acts);
        for (command, args) in self.questions().await.into_iter().chain(more.iter().cloned()) {
            let answer = commands::answer(self.desk.clone(), command, args.clone()).await;
            lines.push(Line::read(command, args, answer));
        }
        let address = self.world.practice.base_url();
        let address = format!("{}:{}", address.host_str().unwrap(), address.port().unwrap());
        // As it stands in an answer: with the signs of Windows escaped.
        let home = serde_json::to_string(&self.world.home.path().join("app")).unwrap();
        // All that differs from run to run: where the world is.
        let mut differs =
            vec![(home.trim_matches('"'), "/shop/merchant-companion"), (&*address, "api.weixin.qq.com")];
        differs.extend(self.stands_for.iter().map(|(ours, stands)| (ours.as_str(), *stands)));
        keep(name, &lines, &differs);
    }

    /// A receiver on this computer is noted as another one.
    pub(crate) fn stands_for(&mut self, receiver: String, host: &'static str) {
        self.stands_for.push((receiver, host));
    }

    /// Notes the answers of commands alone.
    pub(crate) async fn only_acts(&mut self, name: &str, commands: &[(&str, Value)]) {
        self.acts.clear();
        for (command, args) in commands {
            self.act(command, args.clone()).await;
        }
        keep(name, &std::mem::take(&mut self.acts), &[]);
    }

    /// What pages ask by themselves, of each account and provider there is; of many accounts, of the active one.
    async fn questions(&self) -> Vec<(&'static str, Value)> {
        let app = self.ask("get_app", json!({})).await;
        let every = [
            "get_app",
            "get_accounts",
            "get_sync_all",
            "get_adding",
            "get_consoles",
            "get_settings",
            "get_providers",
        ];
        let mut questions: Vec<_> = every.map(|command| (command, json!({}))).into();
        let accounts = app["accounts"].as_array().unwrap();
        for account in accounts.iter().filter(|one| accounts.len() <= 3 || one["id"] == app["active"]) {
            let account = &account["id"];
            let of_one = [
                "get_wizard",
                "get_summary",
                "get_usage",
                "get_usage_curve",
                "get_purchase",
                "get_orders",
                "get_member_card",
                "get_guard",
                "get_overview",
            ];
            questions.extend(of_one.map(|command| (command, json!({ "account": account }))));
            questions.push(("get_packs", json!({ "account": account, "monthlyCalls": null })));
            let as_known = json!({ "monthly_calls": null, "campaign": null, "max_purchases": null });
            questions.push(("compare_plans", json!({ "account": account, "whatIf": as_known })));
        }
        questions
    }

    /// A week of copies, of the same times and sizes in each run.
    pub(crate) async fn has_backups(&self) {
        let is_copied = || async { self.ask("get_backups", json!({})).await != json!([]) };
        testkit::until("there is a copy", is_copied).await;
        let folder = self.world.home.path().join("app/backups");
        std::fs::remove_dir_all(&folder).unwrap();
        std::fs::create_dir(&folder).unwrap();
        let files = [
            ("ledger-2026-11-21.db", "2026-11-21T09:05:00+08:00", 417_792),
            ("ledger-2026-11-20.db", "2026-11-20T08:58:00+08:00", 413_696),
            ("ledger-2026-11-19.db", "2026-11-19T21:40:00+08:00", 409_600),
            ("ledger-2026-11-16.db", "2026-11-16T09:01:00+08:00", 397_312),
            ("ledger-before-update.db", "2026-11-18T09:12:00+08:00", 405_504),
            ("ledger-replaced-20261117T063000Z.db", "2026-11-17T14:30:00+08:00", 1_261_568),
        ];
        for (name, written, bytes) in files {
            let file = std::fs::File::create(folder.join(name)).unwrap();
            file.set_len(bytes).unwrap();
            file.set_modified(DateTime::parse_from_rfc3339(written).unwrap().into()).unwrap();
        }
    }

    /// WeChat cannot be reached from now on.
    pub(crate) async fn is_cut_off(&self) {
        for path in ["/wxa/charge/usage/get", "/wxa/charge/usage/get_recent_average", "/cgi-bin/stable_token"]
        {
            self.world.fault(path, json!({ "kind": "reset" }), None).await;
        }
    }

    /// Background work need wait no longer.
    pub(crate) fn rings(&self) {
        self.bell.notify_waiters();
    }

    pub(crate) fn companion(&self) -> &Companion {
        self.desk.companion()
    }

    pub(crate) async fn pass_days(&self, days: u64) {
        self.world.practice.advance(Duration::from_hours(24 * days)).await.unwrap();
    }
}
