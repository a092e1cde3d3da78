//! A shop owner's hands: every step of the onboarding wizard, with what has to be done in other windows for it.
//!
//! Each step has a first half, which ends when the app has acknowledged something, and a second half that goes on
//! from there and on to the next step; between the two a test may do its worst.

mod elsewhere;

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{
    album::{Album, choose_language},
    driver::{Driver, Engine},
    practice::MiniProgram,
    words::words,
    world::World,
};
use elsewhere::confirm_sign_in;

/// The steps that a paying account goes through, in order.
pub(crate) const STEPS: [&str; 11] = [
    "welcome",
    "eligibility",
    "way",
    "login",
    "console",
    "connect",
    "usage",
    "pack",
    "payment",
    "mode",
    "done",
];

/// What one shop answers, and what it was given on the way.
pub(crate) struct Shop {
    pub(crate) email: String,
    pub(crate) password: String,
    /// The pack to buy; without one the shop buys nothing yet.
    pub(crate) pack: Option<&'static str>,
    /// The acquisition mode chosen in the end.
    pub(crate) mode: &'static str,
    pub(crate) app_secret: String,
    pub(crate) access_key: String,
    language: &'static str,
    album: Option<Album>,
}

impl Shop {
    /// Buys a pack and lets members type their number.
    pub(crate) fn new() -> Self {
        Self {
            email: "owner@jinwei-canteen.example".to_owned(),
            password: "Lantern7&Vinegar'42".to_owned(), // with the characters that break naive quoting
            pack: Some("q-365-1000"),
            mode: "manual",
            app_secret: String::new(),
            access_key: String::new(),
            language: "zh",
            album: None,
        }
    }

    /// Buys nothing yet: the shortest way through.
    pub(crate) fn frugal() -> Self {
        Self { pack: None, ..Self::new() }
    }

    /// Buys nothing, and lets members go on authorising their number.
    pub(crate) fn authorising() -> Self {
        Self { mode: "authorized", ..Self::frugal() }
    }

    /// Has the app speak this language.
    pub(crate) fn speaking(self, language: &'static str) -> Self {
        Self { language, ..self }
    }

    /// What the app says to this shop.
    pub(crate) fn hears(&self, key: &str) -> String {
        words(self.language, key)
    }

    /// Takes pictures into `folder`.
    pub(crate) fn with_album(self, folder: PathBuf) -> Self {
        fs::create_dir_all(&folder).expect("a folder for pictures");
        Self { album: Some(Album::new(folder)), ..self }
    }

    /// Everything nobody but the keyring may keep.
    pub(crate) fn secrets(&self) -> Vec<&str> {
        let all = [&self.password, &self.app_secret, &self.access_key];
        all.into_iter().map(String::as_str).filter(|secret| !secret.is_empty()).collect()
    }

    /// Walks from the step on screen up to `last`, which is then on screen.
    pub(crate) async fn walk_to(&mut self, world: &World, last: &str) {
        let first = world.main().await.attribute("wizard", "data-at").await.unwrap_or_default();
        for step in STEPS.iter().skip_while(|step| **step != first).take_while(|step| **step != last) {
            if self.takes(step) {
                self.first_half(world, step).await;
                self.second_half(world, step).await;
            }
        }
        world.main().await.see(&format!("step.{last}")).await;
    }

    /// Whether this shop meets the step.
    pub(crate) fn takes(&self, step: &str) -> bool {
        step != "payment" || self.pack.is_some()
    }

    /// Up to something the app has acknowledged.
    pub(crate) async fn first_half(&mut self, world: &World, step: &str) {
        world.main().await.see(&format!("step.{step}")).await;
        match step {
            "welcome" => choose_language(world.app(), self.language).await,
            "eligibility" => self.answer_who_they_are(world).await,
            "way" => self.compare_ways(world).await,
            "login" => self.save_login(world).await,
            "console" => self.sign_in(world).await,
            "connect" => self.connect(world).await,
            "usage" => self.read_usage(world).await,
            "pack" => self.compare_packs(world).await,
            "payment" => self.pay(world).await,
            "mode" => self.connect_member_card(world).await,
            "done" => self.picture(world.app(), "summary").await,
            other => panic!("no step {other}"),
        }
    }

    /// From there to the next step.
    pub(crate) async fn second_half(&mut self, world: &World, step: &str) {
        let app = world.main().await;
        // Who keeps the mode is led on at once.
        let keeps = step == "mode" && world.practice.first().await.mode == self.mode;
        match step {
            "welcome" => {
                app.click("welcome.practice").await;
                app.fill("welcome.name", &world.practice.first().await.name).await;
                self.picture(app, "welcome").await;
            }
            "eligibility" => {
                app.see_attribute("eligibility.verdict", "data-kind", "pays").await;
                self.picture(app, "eligibility").await;
            }
            "way" => app.click("way.authorized").await,
            "login" => self.set_login_on_the_phone(world).await,
            "console" => app.see_attribute("console.state", "data-state", "signed_in").await,
            "connect" => app.see_attribute("connect.connected", "data-source", "app_secret").await,
            "usage" => app.see("usage.remaining").await,
            "pack" => self.pick_pack(app).await,
            "payment" => self.see_arrival(world).await,
            "mode" if keeps => app.click("mode.keep").await,
            "mode" => self.switch_mode(world).await,
            _ => {}
        }
        if !keeps {
            world.main().await.click("wizard.next").await;
        }
        let after = STEPS.iter().skip_while(|one| **one != step).skip(1).find(|step| self.takes(step));
        let wanted = after.map_or_else(|| "overview".to_owned(), |next| format!("step.{next}"));
        app.see(&wanted).await;
    }

    async fn answer_who_they_are(&mut self, world: &World) {
        let app = world.app();
        app.choose("eligibility.subject", "enterprise").await;
        app.choose("eligibility.category", "catering").await;
        app.tick("eligibility.verified").await;
        app.click("wizard.next").await;
        app.see("eligibility.verdict").await;
    }

    async fn compare_ways(&mut self, world: &World) {
        let app = world.app();
        app.click("way.authorized").await;
        app.press("way.slider", &fantoccini::key::Key::Right.to_string()).await;
        app.see("way.year_cost").await;
        self.picture(app, "way").await;
    }

    async fn save_login(&mut self, world: &World) {
        let app = world.app();
        app.fill("login.email", &self.email).await;
        app.fill("login.password", &self.password).await;
        app.see("login.strength").await;
        self.picture(app, "login-form").await;
        app.click("login.save").await;
        app.see("login.saved").await;
    }

    /// Signs in to the console in its window; the app notices.
    async fn sign_in(&mut self, world: &World) {
        let app = world.app();
        app.click("console.open").await;
        app.foreign_window("/cgi-bin/loginpage").await.see("console.signin").await;
        let app = world.main().await;
        self.picture(app, "console").await;
        app.foreign_window("/cgi-bin/loginpage").await;
        for (fill, field, expected) in [
            ("console.fill.email", "console.account", &self.email),
            ("console.fill.password", "console.password", &self.password),
        ] {
            match world.engine() {
                Engine::WebKit => world.main().await.click(fill).await,
                // No page may type into another's: the shop does it.
                Engine::Chromium => app.fill(field, expected).await,
            }
            app.foreign_window("/cgi-bin/loginpage").await.see_value(field, expected).await;
        }
        self.picture_of_page(app, "console-sign-in").await;
        confirm_sign_in(app).await;
        let app = world.main().await;
        if world.engine() == Engine::Chromium {
            // Nor may it see where another is.
            app.click("console.confirm").await;
        }
        app.see_attribute("console.state", "data-state", "signed_in").await;
    }

    /// Takes AppID and AppSecret from 开发设置 and hands them to the app.
    async fn connect(&mut self, world: &World) {
        let app = world.app();
        app.click("connect.way.app_secret").await;
        let (app_id, app_secret) = self.generate_app_secret(world).await;
        self.app_secret = app_secret;
        let app = world.main().await;
        app.fill("connect.app_id", &app_id).await;
        app.fill("connect.app_secret", &self.app_secret).await;
        self.picture(app, "connect").await;
        app.click("connect.save").await;
        app.see("connect.connected").await;
    }

    async fn read_usage(&mut self, world: &World) {
        let app = world.app();
        let program = world.practice.first().await;
        app.click("usage.sync").await;
        app.see_attribute("usage.remaining", "data-value", &program.remaining.to_string()).await;
        app.see_attribute("usage.used", "data-value", &program.used.to_string()).await;
        self.picture(app, "usage").await;
    }

    async fn compare_packs(&mut self, world: &World) {
        let app = world.app();
        app.see("pack.advice").await;
        app.see("pack.nothing").await;
        self.picture(app, "pack-advice").await;
    }

    async fn pick_pack(&mut self, app: &Driver) {
        match self.pack {
            None => app.tick("pack.nothing").await,
            Some(pack) => {
                app.click(&format!("pack.tab.{}", days_of(pack))).await;
                app.tick(&format!("pack.item.{pack}")).await;
            }
        }
        self.picture(app, "pack").await;
    }

    /// Hands over to the console, buys there and pays.
    async fn pay(&mut self, world: &World) {
        let app = world.app();
        app.tick("payment.terms_accept").await;
        self.picture(app, "payment").await;
        let console = self.console_window(world, "payment.begin", "console.buy").await;
        world.main().await.see_attribute("payment.state", "data-state", "waiting").await;
        self.picture(world.app(), "payment-waiting").await;
        world.app().console_window().await;
        console.click("console.buy").await;
        let pack = self.pack.unwrap_or_default();
        console.click(&format!("console.days.{}", days_of(pack))).await;
        console.tick(&format!("console.pack.{pack}")).await;
        self.picture_of_page(console, "console-buy").await;
        console.click("console.confirm").await;
        console.tick("console.terms").await;
        self.picture_of_page(console, "console-order").await;
        console.click("console.pay").await;
        self.picture_of_page(console, "console-pay").await;
        console.click("console.pay.wechat").await;
        console.see("console.paid").await;
    }

    /// Buys a pack from the page of packs, up to its arrival.
    pub(crate) async fn buy(&mut self, world: &World, pack: &'static str) {
        self.pack = Some(pack);
        let app = world.app();
        app.click(&format!("packs.tab.{}", days_of(pack))).await;
        app.click(&format!("packs.pick.{pack}")).await;
        self.pay(world).await;
        self.see_arrival(world).await;
    }

    /// The app finds the pack in the usage interface by itself.
    async fn see_arrival(&mut self, world: &World) {
        let app = world.main().await;
        app.see_attribute("payment.state", "data-state", "arrived").await;
        self.picture(app, "payment-arrived").await;
    }

    /// Makes an access key in the member card's back office and hands it to the app.
    async fn connect_member_card(&mut self, world: &World) {
        let app = world.app();
        app.click("mode.open_office").await;
        let office = app.foreign_window("/practice/card-office/").await;
        office.click("office.generate_key").await;
        office.text("office.access_key").await.trim().clone_into(&mut self.access_key);
        self.picture_of_page(office, "card-office").await;
        world.close_foreign_windows().await;
        app.fill("mode.access_key", &self.access_key).await;
        app.click("mode.connect").await;
        app.see_attribute("mode.state", "data-mode", "authorized").await;
    }

    /// Switches; the platform itself has to show the new mode.
    async fn switch_mode(&mut self, world: &World) {
        let app = world.app();
        app.click(&format!("mode.{}", self.mode)).await;
        app.click("mode.apply").await;
        app.see("mode.applied").await;
        app.see_attribute("mode.state", "data-mode", self.mode).await;
        assert_eq!(world.practice.first().await.mode, self.mode, "the platform's own mode");
        self.picture(app, "mode").await;
    }

    /// Pictures of a page of ours, if pictures are wanted.
    async fn picture(&mut self, app: &Driver, name: &str) {
        if let Some(album) = &mut self.album {
            album.keep(app, name).await;
        }
    }

    /// A picture of a practice page, which speaks Chinese.
    pub(crate) async fn picture_of_page(&mut self, page: &Driver, name: &str) {
        if let Some(album) = &mut self.album {
            album.keep_foreign(page, name).await;
        }
    }

    /// A picture that the app made itself.
    pub(crate) fn keep_file(&mut self, picture: &Path, name: &str) {
        if let Some(album) = &mut self.album {
            album.keep_file(picture, name);
        }
    }

    /// Takes the last picture and writes what the album holds.
    pub(crate) async fn finish_album(&mut self, app: &Driver, program: &MiniProgram) {
        self.picture(app, "overview").await;
        if let Some(album) = &self.album {
            album.finish(program);
        }
    }
}

/// The validity that stands in a pack's name, `q-365-1000`.
fn days_of(pack: &str) -> &str {
    pack.split('-').nth(1).unwrap_or_default()
}
