//! What the app can show, each with the address under which the in-memory host shows it.

use fantoccini::key::Key;

/// One page in one of its states.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scene {
    /// Page and state, as the picture's file is called: `packs-waiting`.
    pub(crate) name: &'static str,
    /// What the in-memory host is asked for (`ui/src/ipc/fake/demo.ts`).
    pub(crate) query: &'static str,
    /// What is on screen when the scene stands.
    pub(crate) shows: &'static str,
    pub(crate) looks: &'static [Look],
    /// Keys that open what the scene is about.
    keys: Option<Keys>,
}

#[derive(Debug, Clone, Copy)]
enum Keys {
    Palette,
    Sheet,
}

impl Scene {
    /// A page as the shop finds it.
    const fn page(name: &'static str, query: &'static str, shows: &'static str) -> Self {
        Self { name, query, shows, looks: &PAGE_LOOKS, keys: None }
    }

    /// One of a page's other states.
    const fn state(name: &'static str, query: &'static str, shows: &'static str) -> Self {
        Self { looks: PAGE_LOOKS.split_at(2).0, ..Self::page(name, query, shows) }
    }

    const fn with(self, keys: Keys) -> Self {
        Self { keys: Some(keys), ..self }
    }

    /// What has to be typed before the scene stands.
    pub(crate) fn typed(&self) -> Option<String> {
        Some(match self.keys? {
            Keys::Palette => format!("{}k{}", Key::Control, Key::Null),
            Keys::Sheet => "?".to_owned(),
        })
    }
}

pub(crate) const SCENES: &[Scene] = &[
    Scene::page("overview", "overview", "overview.remaining"),
    Scene::state("overview-stale", "overview=stale", "overview.remaining"),
    Scene::state("overview-empty", "overview=empty", "overview"),
    Scene::page("accounts", "page=accounts", "accounts"),
    Scene::page("usage", "usage", "usage.chart"),
    Scene::state("usage-new", "usage=new", "usage"),
    Scene::page("packs", "packs", "packs.advice"),
    Scene::state("packs-buy", "packs=buy", "packs.advice"),
    Scene::state("packs-picked", "packs=picked", "packs"),
    Scene::state("packs-waiting", "packs=waiting", "packs"),
    Scene::state("packs-given_up", "packs=given_up", "packs"),
    Scene::state("packs-none", "packs=none", "packs"),
    Scene::page("orders", "orders", "orders"),
    Scene::state("orders-none", "orders=none", "orders"),
    Scene::page("member_card", "page=member_card", "member_card.mode"),
    Scene::state("member_card-empty", "page=member_card&state=empty", "member_card"),
    Scene::state("member_card-dry", "page=member_card&state=dry", "member_card.mode"),
    Scene::state("member_card-no_cards", "page=member_card&state=no_cards", "member_card.mode"),
    Scene::state("member_card-bare", "page=member_card&state=bare", "member_card.mode"),
    Scene::page("bill", "page=bill", "bill"),
    Scene::state("bill-file", "page=bill&state=file", "bill"),
    Scene::state("bill-no_days", "page=bill&state=no_days", "bill"),
    Scene::page("bulk", "page=bulk", "bulk"),
    Scene::state("bulk-empty", "page=bulk&state=empty", "bulk"),
    Scene::page("guide", "page=guide", "guide"),
    Scene::page("settings", "settings=general", "settings"),
    Scene::state("settings-accounts", "settings=accounts", "settings.accounts.table"),
    Scene::state("settings-prices", "settings=prices", "settings.prices.table"),
    Scene::state("settings-about", "settings=about", "settings"),
    Scene::page("wizard", "step=welcome", "step.welcome"),
    Scene::state("wizard-eligibility", "step=eligibility", "step.eligibility"),
    Scene::state("wizard-way", "step=way", "step.way"),
    Scene::state("wizard-login", "step=login", "step.login"),
    Scene::state("wizard-console", "step=console", "step.console"),
    Scene::state("wizard-connect", "step=connect", "step.connect"),
    Scene::state("wizard-usage", "step=usage", "step.usage"),
    Scene::state("wizard-pack", "step=pack", "step.pack"),
    Scene::state("wizard-payment", "step=payment", "step.payment"),
    Scene::state("wizard-mode", "step=mode", "step.mode"),
    Scene::state("wizard-done", "step=done", "step.done"),
    // Nothing could be read of what the shop has chosen, so this page speaks and looks as the system does.
    Scene {
        looks: &[look("en", "light", WINDOW)],
        ..Scene::state("frame-failed", "failed=disk_full", "app.failed")
    },
    Scene::state("frame-palette", "overview", "overview.remaining").with(Keys::Palette),
    Scene::state("frame-shortcuts", "overview", "overview.remaining").with(Keys::Sheet),
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
        format!("{}.{}-{}{size}", scene.name, self.language, self.theme)
    }
}

/// Every scene in every look it has.
pub(crate) fn sights() -> Vec<(&'static Scene, Look)> {
    SCENES.iter().flat_map(|scene| scene.looks.iter().map(move |look| (scene, *look))).collect()
}
