//! The UI on recorded answers, in the web engine that the app has, or in Chromium.
//!
//! `vite preview` serves it under the policy of the app's window. WebKitGTK brings a browser of its own for such
//! tests; its engine is the one that the shell embeds.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::Mutex,
    time::Duration,
};

use super::scenes::{Deed, Look, Scene};
use crate::support::{
    desktop::{Desktop, Keyring},
    driver::{Driver, Engine, Launch},
    home::{self, Home},
    process::{Group, wait_for},
};

/// Two browsers at a time: more only wait for each other on a small machine.
const BROWSERS: usize = 2;
/// When every scene takes place.
const NOW: &str = "2026-11-21T10:32:00%2B08:00";
const ARCHITECTURES: [&str; 2] = ["x86_64", "aarch64"];

/// Waits until the page has come to rest: its words stand, its fonts are there, nothing is being fetched. Movement and
/// the blinking caret are stopped.
const REST: &str = "const done = arguments[arguments.length - 1]; \
    const still = new CSSStyleSheet(); \
    still.replaceSync('*, *::before, *::after { animation: none !important; transition: none !important; caret-color: transparent !important }'); \
    document.adoptedStyleSheets = [still]; \
    let last = ''; let same = 0; \
    const look = () => { \
        const now = document.body.innerHTML; \
        same = now === last ? same + 1 : 0; last = now; \
        const busy = document.fonts.status !== 'loaded' || (!atWork && document.querySelector('main [aria-busy=true]')); \
        if (same >= 4 && !busy) requestAnimationFrame(() => setTimeout(done)); else setTimeout(look, 25); \
    }; \
    look();";

/// Leaves out scroll bars: GTK's lie over the page and fade after a while, so no two pictures of them are the same, and it
/// draws those of a box that scrolls whatever `scrollbar-width` says.
const NO_SCROLL_BARS: &str = "document.querySelectorAll('body *').forEach((box) => { \
        if (/auto|scroll/.test(getComputedStyle(box).overflow)) box.style.overflow = 'hidden'; \
    }); \
    arguments[0]();";

/// WebKit paints by the processor and in one thread: otherwise the edges of icons come out now one way, now the other.
const DRAWS_ALIKE: [(&str, &str); 2] =
    [("WEBKIT_SKIA_ENABLE_CPU_RENDERING", "1"), ("WEBKIT_SKIA_CPU_PAINTING_THREADS", "0")];

/// Changes one small thing of the page.
const ALTER: &str = include_str!("alter.js");

/// Serves `ui/dist-preview` until dropped.
struct Server {
    address: String,
    _vite: Group,
}

impl Server {
    async fn start(ui: &Path) -> Self {
        assert!(
            ui.join("dist-preview").is_dir(),
            "ui/dist-preview is missing: `cargo xtask pictures` builds it"
        );
        let port = home::free_port();
        let mut vite = Command::new("node");
        vite.args(["node_modules/vite/bin/vite.js", "preview", "--outDir", "dist-preview", "--port"]);
        vite.arg(port.to_string()).current_dir(ui).stdin(Stdio::null()).stdout(Stdio::null());
        let vite = Group::start(&mut vite);
        let listens = || std::net::TcpStream::connect(("127.0.0.1", port)).ok();
        wait_for("vite to serve", Duration::from_mins(1), listens).await;
        Self { address: format!("http://127.0.0.1:{port}"), _vite: vite }
    }
}

/// A browser, on a display of its own where it needs one. Fields go in this order.
pub(crate) struct Browser {
    pub(crate) page: Driver,
    address: String,
    _desktop: Option<Desktop>,
    _home: Home,
}

impl Browser {
    async fn start(engine: Engine, address: &str) -> Self {
        let home = Home::new();
        let (mini_browser, profile) = (program(), home.root().join("chromium"));
        let (launch, desktop) = match engine {
            Engine::WebKit => {
                let launch = Launch::WebKit { program: &mini_browser, arguments: &["--automation"] };
                (launch, Some(Desktop::start(&home, Keyring::Absent).await))
            }
            Engine::Chromium => (Launch::Chromium { profile: &profile }, None),
        };
        let mut command = match &desktop {
            Some(desktop) => desktop.command(launch.driver()),
            None => home.command(launch.driver()),
        };
        command.envs(DRAWS_ALIKE);
        let page = Driver::start(command, &launch, address, &home.output()).await;
        Self { page, address: address.to_owned(), _desktop: desktop, _home: home }
    }

    /// Shows a scene, and waits until it stands.
    pub(crate) async fn show(&self, scene: &Scene, look: Look) {
        self.visit(scene, look, "").await;
    }

    /// The same with every text longer and marked (`ui/src/locales/pseudo.ts`).
    pub(crate) async fn show_lengthened(&self, scene: &Scene, look: Look) {
        self.visit(scene, look, "&pseudo").await;
    }

    async fn visit(&self, scene: &Scene, look: Look, more: &str) {
        let Look { language, theme, size } = look;
        self.page.show_room(size).await;
        let query = format!("{}&lang={language}&theme={theme}&now={NOW}{more}", scene.query());
        self.page.go_to(&format!("{}/?{query}", self.address)).await;
        self.page.see(scene.shows).await;
        self.page.see_theme(theme).await;
        match scene.then {
            Some((_, Deed::Click(what, shows))) => {
                self.page.click(what).await;
                self.page.see(shows).await;
            }
            Some((_, Deed::Keys(keys))) => {
                self.page.press("app.find", &keys()).await;
                self.page.see_dialog().await;
            }
            None => {}
        }
        self.rest(scene).await;
    }

    /// Shows all of a scene that stands, and waits until it has come to rest again.
    pub(crate) async fn unfold(&self, scene: &Scene, look: Look) {
        self.page.show_whole(look.size).await;
        self.page.execute_async(NO_SCROLL_BARS).await;
        self.rest(scene).await;
    }

    /// Changes one small thing that can be seen; what it was, or nothing where the page has no such thing.
    pub(crate) async fn alter(&self, kind: &str) -> Option<String> {
        let script = format!("const [done] = arguments; ((...arguments) => {{ {ALTER} }})('{kind}', done);");
        self.page.lines(&script).await.pop()
    }

    /// Takes the last change back.
    pub(crate) async fn unalter(&self) {
        self.page.execute_async("window.unalter(); arguments[0]()").await;
    }

    async fn rest(&self, scene: &Scene) {
        self.page.execute_async(&format!("const atWork = {}; {REST}", scene.at_work)).await;
    }
}

/// Lets some browsers take the jobs one after another; what each of them came to, in no order.
pub(crate) async fn with_browsers<J: Copy, T>(
    engine: Engine,
    jobs: &[J],
    work: impl AsyncFn(&Browser, J) -> Option<T>,
) -> Vec<T> {
    let server = Server::start(&Path::new(env!("CARGO_MANIFEST_DIR")).join("ui")).await;
    let left = Mutex::new(jobs.iter());
    let results = Mutex::new(Vec::new());
    let worker = async || {
        let browser = Browser::start(engine, &server.address).await;
        loop {
            let next = left.lock().unwrap().next().copied();
            let Some(job) = next else { return };
            if let Some(result) = work(&browser, job).await {
                results.lock().unwrap().push(result);
            }
        }
    };
    const { assert!(BROWSERS == 2) };
    tokio::join!(worker(), worker());
    results.into_inner().unwrap()
}

/// The engine's own test browser, which lies beside its helpers.
fn program() -> PathBuf {
    let places = ARCHITECTURES.map(|one| format!("/usr/lib/{one}-linux-gnu/webkit2gtk-4.1/MiniBrowser"));
    let found = places.iter().map(PathBuf::from).find(|place| place.is_file());
    found.unwrap_or_else(|| panic!("WebKitGTK's MiniBrowser is at none of {places:?}"))
}
