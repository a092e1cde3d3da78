//! The app's windows through WebDriver: real clicks, real keys, what a person would see.
//!
//! Every call has a time limit, every wait a condition and a deadline; when one is missed the report says what
//! was on screen instead.

mod hands;
mod keyboard;
mod launch;
mod layout;

use std::{
    fmt::Write as _,
    fs,
    future::Future,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use fantoccini::{Client, ClientBuilder, Locator, elements::Element, error::CmdError, wd::WindowHandle};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::Value;

use super::process::{Group, LOOK_AGAIN, wait_for};

pub(crate) use hands::Hand;
pub(crate) use launch::{Engine, Launch};

/// The longest a person would accept, times what a busy test machine needs.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);
/// One call of the driver. A driver that does not answer by now never will.
const CALL: Duration = Duration::from_secs(20);
const START: Duration = Duration::from_mins(1);

/// Paints a dot that changes, because the driver waits for a frame before it takes a picture and a still page
/// draws none.
const KEEP_DRAWING: &str = "const dot = document.createElement('div'); dot.id = 'e2e-dot'; \
    Object.assign(dot.style, { position: 'fixed', right: 0, bottom: 0, width: '1px', height: '1px', zIndex: 9999 }); \
    document.body.append(dot); let on = false; \
    dot.timer = setInterval(() => { on = !on; dot.style.background = on ? '#fefefe' : '#fdfdfd'; }, 50);";
const STOP_DRAWING: &str =
    "const dot = document.getElementById('e2e-dot'); if (dot) { clearInterval(dot.timer); dot.remove(); }";
const WHAT_IS_THERE: &str = "return [location.href, document.title, \
    [...document.querySelectorAll('[data-testid]')].filter((one) => one.checkVisibility()) \
    .map((one) => one.dataset.testid + (one.dataset.code ? '=' + one.dataset.code : '') + (one.dataset.state ? '=' + one.dataset.state : '')).join(' ')]";

/// A driver with the one app or browser it may start.
pub(crate) struct Driver {
    client: Client,
    hand: Hand,
    /// What the addresses of our own pages begin with.
    own: String,
    _group: Group,
}

impl Driver {
    /// Starts the driver with `command`'s environment, and through it what is to be launched. Pages whose address begins with
    /// `own` are ours.
    pub(crate) async fn start(mut command: Command, launch: &Launch<'_>, own: &str, output: &Path) -> Self {
        let port = super::home::free_port();
        let log = fs::OpenOptions::new().create(true).append(true).open(output).expect("a file for output");
        command
            .args(launch.listening(port))
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .stdout(Stdio::from(log.try_clone().expect("a second handle")))
            .stderr(Stdio::from(log));
        let group = Group::start(&mut command);
        wait_for("the driver to listen", START, || std::net::TcpStream::connect(("127.0.0.1", port)).ok())
            .await;
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let address = format!("http://127.0.0.1:{port}");
        let session = builder.capabilities(launch.capabilities()).connect(&address);
        let client = match tokio::time::timeout(START, session).await {
            Ok(Ok(client)) => client,
            Ok(Err(error)) => panic!("the app did not start: {error}"),
            Err(late) => panic!("the app did not start within {START:?}: {late}"),
        };
        Self { client, hand: Hand::Pointer, own: own.to_owned(), _group: group }
    }

    /// Works with this hand from now on.
    pub(crate) fn by(self, hand: Hand) -> Self {
        Self { hand, ..self }
    }

    /// Goes to the app's own window.
    pub(crate) async fn main_window(&self) -> &Self {
        self.window("the main window", |url| self.is_own(url)).await
    }

    /// Goes to the window that shows a foreign page whose path begins with `path`.
    pub(crate) async fn foreign_window(&self, path: &str) -> &Self {
        self.window(path, |url| !self.is_own(url) && url.path().starts_with(path)).await
    }

    /// Goes to the console's window, signed in or not.
    pub(crate) async fn console_window(&self) -> &Self {
        let console =
            |url: &url::Url| url.path().starts_with("/wxamp/") || url.path().starts_with("/cgi-bin/login");
        self.window("of the console", |url| !self.is_own(url) && console(url)).await
    }

    fn is_own(&self, url: &url::Url) -> bool {
        url.as_str().starts_with(&self.own)
    }

    /// Closes every window but our own, as the driver can where the windows have no frames.
    pub(crate) async fn close_foreign_windows(&self) {
        self.until("foreign windows to close", async || {
            for handle in self.client.windows().await? {
                self.client.switch_to_window(handle).await?;
                if !self.is_own(&self.client.current_url().await?) {
                    self.client.close_window().await?;
                }
            }
            Ok(Some(()))
        })
        .await;
    }

    /// Waits until this many windows are open.
    pub(crate) async fn see_windows(&self, number: usize) {
        self.until(&format!("{number} open window(s)"), async || {
            Ok((self.client.windows().await?.len() == number).then_some(()))
        })
        .await;
    }

    /// Waits until the element is visible.
    pub(crate) async fn see(&self, testid: &str) {
        self.visible(testid).await;
    }

    /// Waits until nothing visible has this name.
    pub(crate) async fn see_no_more(&self, testid: &str) {
        self.until(&format!("{testid} to go away"), async || {
            Ok(self.shown(testid).await?.is_none().then_some(()))
        })
        .await;
    }

    /// Whether it is visible now.
    pub(crate) async fn sees(&self, testid: &str) -> bool {
        self.call(testid, self.shown(testid)).await.is_some()
    }

    /// Waits until one of the elements is visible, and tells which.
    pub(crate) async fn see_one_of(&self, testids: &[&'static str]) -> &'static str {
        self.until(&format!("one of {testids:?}"), async || {
            for testid in testids {
                if self.shown(testid).await?.is_some() {
                    return Ok(Some(*testid));
                }
            }
            Ok(None)
        })
        .await
    }

    /// Whether a click would do something.
    pub(crate) async fn is_ready(&self, testid: &str) -> bool {
        let element = self.visible(testid).await;
        let disabled = self.call(testid, element.attr("aria-disabled")).await;
        disabled.as_deref() != Some("true") && self.call(testid, element.is_enabled()).await
    }

    pub(crate) async fn text(&self, testid: &str) -> String {
        self.until(&format!("the text of {testid}"), async || match self.shown(testid).await? {
            Some(element) => element.text().await.map(Some),
            None => Ok(None),
        })
        .await
    }

    pub(crate) async fn attribute(&self, testid: &str, name: &str) -> Option<String> {
        let element = self.visible(testid).await;
        self.call(testid, element.attr(name)).await
    }

    /// Waits until `testid` has the attribute with this value.
    pub(crate) async fn see_attribute(&self, testid: &str, name: &str, value: &str) {
        self.until(&format!("{testid} with {name}={value}"), async || match self.shown(testid).await? {
            Some(element) => Ok((element.attr(name).await?.as_deref() == Some(value)).then_some(())),
            None => Ok(None),
        })
        .await;
    }

    /// Waits until the text of `testid` holds `part`.
    pub(crate) async fn see_text(&self, testid: &str, part: &str) {
        self.until(&format!("{testid} to say {part:?}"), async || match self.shown(testid).await? {
            Some(element) => Ok(element.text().await?.contains(part).then_some(())),
            None => Ok(None),
        })
        .await;
    }

    /// Waits until `value` stands in the field; says nothing of it otherwise, since it may be a secret.
    pub(crate) async fn see_value(&self, testid: &str, value: &str) {
        self.until(&format!("{testid} to be filled"), async || match self.shown(testid).await? {
            Some(field) => Ok((field.prop("value").await?.as_deref() == Some(value)).then_some(())),
            None => Ok(None),
        })
        .await;
    }

    /// Waits for an error box with this code; its words must say something, not only its code.
    pub(crate) async fn see_error(&self, code: &str) {
        self.see_attribute("error", "data-code", code).await;
        let words = self.text("error").await;
        assert!(words.chars().count() > 12 && !words.contains(code), "error {code} says only {words:?}");
    }

    /// Runs a script that calls back in the page, for what no person could do but a hostile page would.
    pub(crate) async fn execute_async(&self, script: &str) -> Value {
        self.call("a script", self.client.execute_async(script, vec![])).await
    }

    /// Gives the window in front another size, in pixels.
    pub(crate) async fn resize(&self, width: u32, height: u32) {
        self.call("another size", self.client.set_window_size(width, height)).await;
    }

    /// Waits until the page is painted in this theme.
    pub(crate) async fn see_theme(&self, theme: &str) {
        self.until(&format!("the {theme} theme"), async || {
            let Some(page) = self.client.find_all(Locator::Css("html")).await?.pop() else { return Ok(None) };
            Ok((page.attr("data-theme").await?.as_deref() == Some(theme)).then_some(()))
        })
        .await;
    }

    /// A picture of the page in front.
    pub(crate) async fn picture(&self) -> Vec<u8> {
        self.try_picture().await.unwrap_or_else(|| panic!("no picture of the page"))
    }

    async fn try_picture(&self) -> Option<Vec<u8>> {
        drop(limited(self.client.execute(KEEP_DRAWING, vec![])).await?);
        let picture = limited(self.client.screenshot()).await;
        drop(limited(self.client.execute(STOP_DRAWING, vec![])).await);
        picture
    }

    async fn window(&self, what: &str, wanted: impl Fn(&url::Url) -> bool) -> &Self {
        // A window may vanish between being listed and being looked at; the next look gets it right.
        let handle: WindowHandle = self
            .until(&format!("the window {what}"), async || {
                for handle in self.client.windows().await? {
                    self.client.switch_to_window(handle.clone()).await?;
                    if wanted(&self.client.current_url().await?) {
                        return Ok(Some(handle));
                    }
                }
                Ok(None)
            })
            .await;
        self.call(what, self.client.switch_to_window(handle)).await;
        self.take_keyboard().await;
        self
    }

    async fn visible(&self, testid: &str) -> Element {
        self.until(testid, async || self.shown(testid).await).await
    }

    async fn shown(&self, testid: &str) -> Result<Option<Element>, CmdError> {
        let selector = format!("[data-testid=\"{testid}\"]");
        for element in self.client.find_all(Locator::Css(&selector)).await? {
            if element.is_displayed().await? {
                return Ok(Some(element));
            }
        }
        Ok(None)
    }

    /// One call, whose failure is the test's failure.
    async fn call<T>(&self, what: &str, call: impl Future<Output = Result<T, CmdError>>) -> T {
        match tokio::time::timeout(CALL, call).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) => self.give_up(&format!("{what}: {error}")).await,
            Err(_) => self.give_up(&format!("{what}: the driver did not answer within {CALL:?}")).await,
        }
    }

    /// Tries until there is something; a page may change between two calls of one try.
    async fn until<T>(&self, what: &str, attempt: impl AsyncFn() -> Result<Option<T>, CmdError>) -> T {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let last = match tokio::time::timeout(CALL, attempt()).await {
                Ok(Ok(Some(found))) => return found,
                Ok(Ok(None)) => String::new(),
                Ok(Err(error)) if passes(&error) => format!(" ({error:?})"),
                Ok(Err(error)) => self.give_up(&format!("{what}: {error}")).await,
                Err(_) => " (the driver did not answer)".to_owned(),
            };
            if Instant::now() > deadline {
                self.give_up(&format!("waited {PATIENCE:?} in vain for {what}{last}")).await;
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    /// Fails the test with everything that helps to see why.
    async fn give_up(&self, why: &str) -> ! {
        let mut report = why.to_owned();
        if let Some(there) = limited(self.client.execute(WHAT_IS_THERE, vec![])).await {
            let _ = write!(report, "\n  on screen: {there}");
        }
        if let Some(picture) = self.try_picture().await {
            let name = std::thread::current().name().unwrap_or("test").replace("::", "-");
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target").join("e2e-failures");
            let file = folder.join(format!("{name}.png"));
            if fs::create_dir_all(&folder).and_then(|()| fs::write(&file, picture)).is_ok() {
                let _ = write!(report, "\n  picture: {}", file.display());
            }
        }
        panic!("{report}");
    }
}

async fn limited<T>(call: impl Future<Output = Result<T, CmdError>>) -> Option<T> {
    tokio::time::timeout(CALL, call).await.ok()?.ok()
}

/// Errors that a page in motion explains.
fn passes(error: &CmdError) -> bool {
    error.is_no_such_element()
        || error.is_stale_element_reference()
        || error.is_element_not_interactable()
        || error.is_no_such_window()
        || error.is_javascript_error()
        || matches!(error, CmdError::Standard(said) if is_in_motion(&said.error(), &said.message))
}

/// What the drivers say when a page is left while they look at it.
fn is_in_motion(kind: &str, message: &str) -> bool {
    kind == "element click intercepted" || message.contains("before the unload event")
}
