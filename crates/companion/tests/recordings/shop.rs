//! A shop on its way through the wizard, as the pages take it: after every answer on to the next step.

use serde_json::{Value, json};
use testkit::world::{EMAIL, PASSWORD};

use crate::stage::Stage;

pub(crate) const NAME: &str = "晋味小馆会员中心";
pub(crate) const SMALL: &str = "q-365-1000";

/// An account of the first practice mini-program.
pub(crate) struct Shop {
    pub(crate) account: String,
    pub(crate) app_id: String,
    /// What it guesses, while nothing was read.
    pub(crate) monthly_calls: u64,
}

/// The wizard's steps in which something is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd)]
pub(crate) enum Done {
    Eligibility,
    Way,
    Login,
    Console,
    Connect,
    Usage,
    Pack,
    Payment,
    Mode,
    All,
}

impl Shop {
    pub(crate) async fn start(stage: &mut Stage) -> Self {
        let app_id = stage.world.app_id(0);
        Self::of_kind(stage, "mini_program", NAME, app_id).await
    }

    /// An account of the practice mini-game.
    pub(crate) async fn start_game(stage: &mut Stage) -> Self {
        let game = stage.world.practice.mini_games().remove(0);
        Self::of_kind(stage, "mini_game", &game.name, game.app_id).await
    }

    async fn of_kind(stage: &mut Stage, kind: &str, name: &str, app_id: String) -> Self {
        let started = json!({ "environment": "practice", "kind": kind, "name": name });
        let wizard = stage.act("start_account", started).await;
        let account = wizard["account"].as_str().unwrap().to_owned();
        Self { account, app_id, monthly_calls: 50 }
    }

    /// A shop that came so far.
    pub(crate) async fn that_did(stage: &mut Stage, last: Done) -> Self {
        let shop = Self::start(stage).await;
        shop.does_all(stage, last).await;
        shop
    }

    pub(crate) async fn does_all(&self, stage: &mut Stage, last: Done) {
        const ALL: [Done; 10] = [
            Done::Eligibility,
            Done::Way,
            Done::Login,
            Done::Console,
            Done::Connect,
            Done::Usage,
            Done::Pack,
            Done::Payment,
            Done::Mode,
            Done::All,
        ];
        for step in ALL.into_iter().filter(|step| *step <= last) {
            self.does(stage, step).await;
        }
    }

    /// Answers one step as an enterprise in catering would that buys the smallest pack.
    pub(crate) async fn does(&self, stage: &mut Stage, step: Done) {
        match step {
            Done::Eligibility => {
                let answers = json!({ "subject": "enterprise", "category": "catering", "verified": true });
                self.act(stage, "decide_eligibility", answers).await;
                self.goes_to(stage, "way").await;
            }
            Done::Way => {
                let way = json!({ "way": "authorized", "monthlyCalls": self.monthly_calls });
                self.act(stage, "choose_way", way).await;
                self.goes_to(stage, "login").await;
            }
            Done::Login => {
                self.act(stage, "save_login", json!({ "email": EMAIL, "password": PASSWORD })).await;
                self.act(stage, "confirm_login_set", json!({})).await;
                self.goes_to(stage, "console").await;
            }
            Done::Console => {
                stage.world.set_login(&self.app_id).await;
                stage.world.sign_in().await;
                self.act(stage, "confirm_signed_in", json!({})).await;
                self.goes_to(stage, "connect").await;
            }
            Done::Connect => {
                let secret = stage.world.app_secret().await;
                let access = json!({ "appId": self.app_id, "appSecret": secret });
                self.act(stage, "connect_app_secret", access).await;
                self.goes_to(stage, "usage").await;
            }
            Done::Usage => {
                self.act(stage, "confirm_usage_seen", json!({})).await;
                self.goes_to(stage, "pack").await;
            }
            Done::Pack => {
                self.act(stage, "pick_pack", json!({ "pack": SMALL })).await;
                self.goes_to(stage, "payment").await;
            }
            Done::Payment => {
                self.begins_purchase(stage).await;
                self.pays(stage, SMALL).await;
                self.goes_to(stage, "mode").await;
            }
            Done::Mode => {
                self.act(stage, "keep_mode", json!({})).await;
                self.goes_to(stage, "done").await;
            }
            Done::All => {
                self.act(stage, "finish_wizard", json!({})).await;
            }
        }
    }

    /// Opens the payment page; the first look for the arrival is over.
    pub(crate) async fn begins_purchase(&self, stage: &mut Stage) {
        self.act(stage, "begin_purchase", json!({})).await;
        self.act(stage, "check_arrival", json!({})).await;
    }

    /// Waits again; the first look for the arrival is over.
    pub(crate) async fn resumes_purchase(&self, stage: &mut Stage) {
        self.act(stage, "resume_purchase", json!({})).await;
        stage.ask("check_arrival", self.with(json!({}))).await;
    }

    pub(crate) async fn pays(&self, stage: &mut Stage, pack: &str) -> String {
        let order = stage.world.buy(pack).await;
        self.act(stage, "check_arrival", json!({})).await;
        order
    }

    pub(crate) async fn goes_to(&self, stage: &mut Stage, step: &str) {
        self.act(stage, "go_to_step", json!({ "step": step })).await;
    }

    /// A command about this account.
    pub(crate) async fn act(&self, stage: &mut Stage, command: &str, args: Value) -> Value {
        stage.act(command, self.with(args)).await
    }

    /// The arguments, with the account among them.
    pub(crate) fn with(&self, mut args: Value) -> Value {
        args["account"] = json!(self.account);
        args
    }

    /// So many customers, and a reading after them.
    pub(crate) async fn serves(&self, stage: &mut Stage, customers: u32) {
        stage.world.customers(&self.app_id, customers).await;
        self.act(stage, "sync_usage", json!({})).await;
    }

    /// Days with customers and a reading each: more at weekends.
    pub(crate) async fn lives(&self, stage: &mut Stage, days: u64) {
        const CUSTOMERS: [u32; 7] = [2, 1, 3, 2, 4, 6, 5];
        for customers in CUSTOMERS.into_iter().cycle().take(usize::try_from(days).unwrap()) {
            stage.world.customers(&self.app_id, customers).await;
            stage.ask("sync_usage", self.with(json!({}))).await;
            stage.pass_days(1).await;
        }
        self.act(stage, "sync_usage", json!({})).await;
    }

    pub(crate) async fn connects_card(&self, stage: &mut Stage) {
        let key = stage.world.access_key(&self.app_id).await;
        self.act(stage, "connect_member_card", json!({ "accessKey": key })).await;
    }

    /// Reading the usage fails: the platform cannot be reached.
    pub(crate) async fn fails_to_read(&self, stage: &mut Stage) {
        stage.is_cut_off().await;
        stage.companion().sync_usage(&self.account).await.unwrap_err();
    }
}
