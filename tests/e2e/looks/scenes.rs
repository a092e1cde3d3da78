//! What the app can show, in the words of the preview that shows it.

use fantoccini::key::Key;

/// One page in one of its states.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scene {
    pub(crate) page: &'static str,
    /// Which of the states that the preview has for the page (`ui/src/testing/scenes.ts`); the usual one has no
    /// name.
    state: &'static str,
    /// What is on screen when the scene stands.
    pub(crate) shows: &'static str,
    pub(crate) looks: &'static [Look],
    /// What is done then, and what the scene is called after that.
    pub(crate) then: Option<(&'static str, Deed)>,
    /// It says that it is at work, and goes on saying so.
    pub(crate) at_work: bool,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Deed {
    /// Keys that open a dialog.
    Keys(fn() -> String),
    /// A click on this brings about that.
    Click(&'static str, &'static str),
}

impl Scene {
    /// A page as the shop finds it.
    const fn page(page: &'static str, shows: &'static str) -> Self {
        Self { page, state: "", shows, looks: &PAGE_LOOKS, then: None, at_work: false }
    }

    /// One of a page's other states.
    const fn state(page: &'static str, state: &'static str, shows: &'static str) -> Self {
        Self { state, looks: PAGE_LOOKS.split_at(2).0, ..Self::page(page, shows) }
    }

    /// A state in which a page has little to show: one look tells all of it.
    const fn bare(page: &'static str, state: &'static str, shows: &'static str) -> Self {
        Self { looks: PAGE_LOOKS.split_at(1).0, ..Self::state(page, state, shows) }
    }

    /// A page that waits for its answer.
    const fn loading(page: &'static str) -> Self {
        Self { at_work: true, ..Self::bare(page, "loading", LOADING) }
    }

    const fn then(self, name: &'static str, deed: Deed) -> Self {
        Self { then: Some((name, deed)), ..self }
    }

    const fn at_work(self) -> Self {
        Self { at_work: true, ..self }
    }

    /// Page and state, as the picture's file is called: `packs-waiting`.
    pub(crate) fn name(&self) -> String {
        match (self.then, self.state) {
            (Some((name, _)), _) => name.to_owned(),
            (None, "") => self.page.to_owned(),
            (None, state) => format!("{}-{state}", self.page),
        }
    }

    /// What the preview is asked for.
    pub(crate) fn query(&self) -> String {
        format!("page={}&state={}", self.page, self.state)
    }
}

/// The hairline above a page.
const LOADING: &str = "loading";
/// The records are fetched from the platform, and compared.
const FETCH: Deed = Deed::Click("bill.fetch", "bill.answer");

pub(crate) const SCENES: &[Scene] = &[
    Scene::page("overview", "overview.remaining"),
    Scene::state("overview", "empty", "overview"),
    Scene::state("overview", "stale", "overview.stale"),
    Scene::state("overview", "offline", "error"),
    Scene::state("overview", "game", "overview"),
    Scene::state("overview", "", "overview.remaining")
        .then("overview-hidden", Deed::Click("app.hide_figures", "overview.remaining")),
    Scene::bare("overview", "error", "error"),
    Scene::loading("overview"),
    Scene::page("accounts", "accounts"),
    Scene::state("accounts", "offline", "accounts"),
    Scene::state("accounts", "many", "accounts")
        .then("accounts-many", Deed::Click("accounts.add_many", "accounts.many")),
    Scene::bare("accounts", "error", "error"),
    Scene::page("usage", "usage.chart"),
    Scene::state("usage", "new", "usage"),
    Scene::state("usage", "empty", "usage.none"),
    Scene::state("usage", "stale", "usage.stale"),
    Scene::bare("usage", "error", "error"),
    Scene::loading("usage"),
    Scene::page("packs", "packs.advice"),
    Scene::state("packs", "buy", "packs.advice"),
    Scene::state("packs", "picked", "packs"),
    Scene::state("packs", "waiting", "packs"),
    Scene::state("packs", "given_up", "packs"),
    Scene::state("packs", "empty", "packs"),
    Scene::state("packs", "stale", "packs.stale"),
    Scene::bare("packs", "error", "error"),
    Scene::loading("packs"),
    Scene::page("orders", "orders"),
    Scene::state("orders", "empty", "orders.none"),
    Scene::state("orders", "stale", "orders.stale"),
    Scene::bare("orders", "error", "error"),
    Scene::loading("orders"),
    Scene::page("member_card", "member_card.mode"),
    Scene::state("member_card", "empty", "member_card"),
    Scene::state("member_card", "dry", "member_card.mode"),
    Scene::state("member_card", "no_cards", "member_card.mode"),
    Scene::state("member_card", "bare", "member_card.mode"),
    Scene::state("member_card", "guarded", "guard.acts"),
    Scene::state("member_card", "stale", "member_card.mode").at_work(),
    Scene::state("member_card", "offline", "error"),
    Scene::bare("member_card", "error", "error"),
    Scene::loading("member_card"),
    Scene::page("bill", "bill"),
    Scene::state("bill", "file", "bill"),
    Scene::state("bill", "empty", "bill.no_days"),
    Scene::state("bill", "stale", "bill.stale"),
    Scene::state("bill", "", "bill").then("bill-answer", FETCH),
    Scene::state("bill", "explained", "bill").then("bill-explained", FETCH),
    Scene::state("bill", "agrees", "bill").then("bill-agrees", FETCH),
    Scene::bare("bill", "error", "error"),
    Scene::bare("bill", "offline", "bill").then("bill-offline", Deed::Click("bill.fetch", "error")),
    Scene::bare("bill", "loading", "bill").then("bill-loading", Deed::Click("bill.fetch", LOADING)).at_work(),
    Scene::page("bulk", "bulk"),
    Scene::state("bulk", "empty", "bulk"),
    Scene::bare("bulk", "error", "error"),
    Scene::bare("bulk", "offline", "error"),
    Scene::loading("bulk"),
    Scene::page("inbox", "inbox.unread"),
    Scene::state("inbox", "seen", "inbox.read"),
    Scene::state("inbox", "empty", "inbox.none"),
    Scene::bare("inbox", "error", "error"),
    Scene::loading("inbox"),
    Scene::page("guide", "guide"),
    Scene::page("settings", "settings"),
    Scene::state("settings", "accounts", "settings.accounts.table"),
    Scene::state("settings", "prices", "settings.prices.table"),
    Scene::state("settings", "backups", "backups.list"),
    Scene::state("settings", "privacy", "settings.privacy"),
    Scene::state("settings", "about", "settings"),
    Scene::state("settings", "channels", "channels.list"),
    Scene::state("settings", "channels", "channels.list")
        .then("settings-channel", Deed::Click("channels.add", "channels.dialog")),
    Scene::bare("settings", "error", "error"),
    Scene::loading("settings"),
    Scene::page("wizard", "step.welcome"),
    Scene::state("wizard", "eligibility", "step.eligibility"),
    Scene::state("wizard", "way", "step.way"),
    Scene::state("wizard", "login", "step.login"),
    Scene::state("wizard", "console", "step.console"),
    Scene::state("wizard", "connect", "step.connect"),
    Scene::state("wizard", "usage", "step.usage"),
    Scene::state("wizard", "pack", "step.pack"),
    Scene::state("wizard", "payment", "step.payment"),
    Scene::state("wizard", "mode", "step.mode"),
    Scene::state("wizard", "done", "step.done"),
    Scene::state("wizard", "game", "step.connect"),
    // Nothing could be read of what the shop has chosen, so this page speaks and looks as the system does.
    Scene { looks: &[look("en", "light", WINDOW)], ..Scene::state("failed", "disk_full", "app.failed") },
    Scene::state("overview", "", "overview.remaining")
        .then("frame-palette", Deed::Keys(|| format!("{}k{}", Key::Control, Key::Null))),
    Scene::state("overview", "", "overview.remaining").then("frame-shortcuts", Deed::Keys(|| "?".to_owned())),
];

/// How a scene can look.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look {
    pub(crate) language: &'static str,
    pub(crate) theme: &'static str,
    /// In CSS pixels: at 200 % a window of 1280 × 800 has room for 640 × 400 of them, and lays out alike.
    pub(crate) size: (u32, u32),
}

const WINDOW: (u32, u32) = (1280, 800);
const SMALLEST: (u32, u32) = (1024, 700);

const fn look(language: &'static str, theme: &'static str, size: (u32, u32)) -> Look {
    Look { language, theme, size }
}

/// The first two show each language and each theme once; a page is looked at crosswise too, in the smallest window, and
/// at 200 %.
const PAGE_LOOKS: [Look; 6] = [
    look("zh", "light", WINDOW),
    look("en", "dark", WINDOW),
    look("zh", "dark", WINDOW),
    look("en", "light", WINDOW),
    look("en", "light", SMALLEST),
    look("zh", "light", DOUBLED[0]),
];
/// What is left of the usual and of the smallest window at 200 %.
pub(crate) const DOUBLED: [(u32, u32); 2] = [(640, 400), (512, 350)];

impl Look {
    /// Languages and themes are looked at in the usual window.
    pub(crate) fn is_usual(&self) -> bool {
        self.size == WINDOW
    }

    /// A wordy language, in the smallest window.
    pub(crate) const fn tight() -> Self {
        look("en", "light", SMALLEST)
    }

    /// The file of this scene's picture in this look, without its ending.
    pub(crate) fn file(&self, scene: &Scene) -> String {
        let size = match self.size {
            WINDOW => String::new(),
            (width, height) => format!("-{width}x{height}"),
        };
        format!("{}.{}-{}{size}", scene.name(), self.language, self.theme)
    }
}

/// Set: only scenes whose name begins so are looked at.
const ONLY: &str = "COMPANION_PICTURES_OF";

/// Whether no scene is left out.
pub(crate) fn all_are_wanted() -> bool {
    std::env::var_os(ONLY).is_none()
}

/// Every scene that is wanted in every look it has.
pub(crate) fn sights() -> Vec<(&'static Scene, Look)> {
    let only = std::env::var(ONLY).unwrap_or_default();
    let wanted = SCENES.iter().filter(|scene| scene.name().starts_with(&only));
    wanted.flat_map(|scene| scene.looks.iter().map(move |look| (scene, *look))).collect()
}
