//! What every command starts from: the running application, or the reason why it does not run.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Instant,
};

use chrono::{DateTime, Utc};
use companion::{
    Companion, Error, Paths, Platforms, Setup,
    api::{Changed, Environment, ErrorCode, ErrorView, Language},
    ports::{Clock, SystemClock, SystemRandomness, SystemTimer},
    secrets::KeyringSecrets,
};
use practice::Practice;
use tauri::{AppHandle, Emitter as _, Manager as _, Url};
use tokio::sync::{OnceCell, broadcast::error::RecvError, watch};

use crate::{
    addresses, clipboard::SystemClipboard, notices, profiles, table_process::TableProcess, tray,
    windows::MAIN, words,
};

/// The event that tells pages what to fetch again.
pub(crate) const CHANGED: &str = "changed";

/// Lives as long as the process.
pub(crate) struct Shell {
    /// Every file and folder of the app.
    pub(crate) paths: Paths,
    pub(crate) started: Instant,
    pub(crate) clipboard: SystemClipboard,
    running: OnceCell<Running>,
    /// The host that each account's console was last refused.
    blocked: Mutex<HashMap<String, String>>,
    /// What the windows' titles speak.
    language: Mutex<Language>,
    tray: watch::Sender<tray::State>,
    /// The app goes on without its main window.
    in_tray: AtomicBool,
    /// The page asks what closing the window is to do.
    asking: AtomicBool,
}

/// The application and, inside the same process, the platform to practise with.
pub(crate) struct Running {
    pub(crate) companion: Companion,
    practice: Result<Practice, ErrorView>,
}

/// Practice goes by its own, movable time.
#[derive(Debug)]
struct PracticeTime(practice::PracticeClock);

impl Clock for PracticeTime {
    fn now(&self) -> DateTime<Utc> {
        self.0.now()
    }
}

impl Shell {
    pub(crate) fn new(paths: Paths) -> Self {
        Self {
            clipboard: SystemClipboard::new(&paths),
            paths,
            started: Instant::now(),
            running: OnceCell::new(),
            blocked: Mutex::default(),
            language: Mutex::new(Language::Zh),
            tray: watch::Sender::new(tray::State::Waited),
            in_tray: AtomicBool::default(),
            asking: AtomicBool::default(),
        }
    }

    pub(crate) fn language(&self) -> Language {
        *self.language.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether that is another language than before.
    pub(crate) fn set_language(&self, language: Language) -> bool {
        let mut spoken = self.language.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *spoken, language) != language
    }

    pub(crate) fn note_tray(&self, state: tray::State) {
        self.tray.send_replace(state);
    }

    /// Waits until it is known whether there is a tray.
    pub(crate) async fn tray(&self) -> tray::State {
        let mut heard = self.tray.subscribe();
        let known = heard.wait_for(|state| *state != tray::State::Waited).await;
        known.map_or(tray::State::Impossible, |state| *state)
    }

    pub(crate) fn is_in_tray(&self) -> bool {
        self.in_tray.load(Ordering::SeqCst)
    }

    pub(crate) fn set_in_tray(&self, in_tray: bool) {
        self.in_tray.store(in_tray, Ordering::SeqCst);
    }

    /// Notes whether the page is asking, and returns whether it was.
    pub(crate) fn set_asking(&self, asking: bool) -> bool {
        self.asking.swap(asking, Ordering::SeqCst)
    }

    /// The running application, if it has started.
    pub(crate) fn started(&self) -> Option<&Running> {
        self.running.get()
    }

    /// Remembers where an account's console was refused; `None` forgets it.
    pub(crate) fn note_blocked(&self, account: &str, url: Option<&Url>) {
        let mut blocked = self.blocked.lock().unwrap_or_else(PoisonError::into_inner);
        match url {
            Some(url) => {
                let target = url.host_str().unwrap_or_else(|| url.scheme());
                blocked.insert(account.to_owned(), target.to_owned());
            }
            None => drop(blocked.remove(account)),
        }
    }

    pub(crate) fn blocked_host(&self, account: &str) -> Option<String> {
        self.blocked.lock().unwrap_or_else(PoisonError::into_inner).get(account).cloned()
    }

    /// The running application; starts it, or waits while it starts. Errors: the start-up errors; the next call
    /// tries again, for the person may have made room on the disk or closed the other window meanwhile.
    pub(crate) async fn running(&self, app: &AppHandle) -> Result<&Running, Error> {
        self.running.get_or_try_init(|| start(app.clone(), self.paths.clone())).await
    }

    /// Stops background work and frees the files; for the app's exit.
    pub(crate) async fn close(&self) {
        self.clipboard.clear_now();
        if let Some(running) = self.running.get() {
            running.companion.clone().close().await;
        }
    }
}

impl Running {
    /// An address as a window is opened with it: pages of practice ask for a key.
    pub(crate) fn opening(&self, address: Url) -> Url {
        match &self.practice {
            Ok(practice) if practice.base_url().origin() == address.origin() => practice.opening(address),
            _ => address,
        }
    }

    /// The practice platform. Errors: why it could not start.
    pub(crate) fn practice(&self) -> Result<&Practice, Error> {
        self.practice.as_ref().map_err(|failure| Error::Reported(failure.clone()))
    }
}

/// Opens files and practice before the page asks for them.
pub(crate) fn start_early(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        // A failure is answered to the page, which asks for the same.
        let _answered_later = of(&app).running(&app).await;
    });
}

async fn start(app: AppHandle, paths: Paths) -> Result<Running, Error> {
    let practice = start_practice(&paths).await;
    let companion = Companion::open(Setup {
        platforms: Platforms {
            practice: practice.as_ref().ok().map(|practice| {
                addresses::practice(practice.base_url(), Arc::new(PracticeTime(practice.clock())))
            }),
            live: Some(addresses::live(Arc::new(SystemClock))?),
        },
        paths,
        secrets: Arc::new(KeyringSecrets::new()),
        clock: Arc::new(SystemClock),
        timer: Arc::new(SystemTimer),
        randomness: Arc::new(SystemRandomness),
        tables: Arc::new(TableProcess),
        language: Language::Zh,
        words: words::of_messages(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    })
    .await?;
    // People who work with the real WeChat are let in because practice cannot start.
    if let Err(failure) = &practice {
        let accounts = companion.get_app().await?.accounts;
        if !accounts.iter().any(|account| account.environment == Environment::Live) {
            return Err(Error::Reported(failure.clone()));
        }
    }
    companion.read_by_itself();
    clear_clipboard(companion.clone(), app.clone());
    pass_changes_on(&companion, app.clone());
    notices::show_alerts(app.clone(), companion.subscribe());
    tray::start(app.clone(), companion.subscribe());
    sweep_profiles(companion.clone(), app);
    Ok(Running { companion, practice })
}

async fn start_practice(paths: &Paths) -> Result<Practice, ErrorView> {
    let port = std::env::var("COMPANION_PRACTICE_PORT").ok().and_then(|port| port.parse().ok());
    let admin_token = std::env::var("COMPANION_PRACTICE_ADMIN_TOKEN").ok();
    let first_start = std::env::var("COMPANION_PRACTICE_START").ok().and_then(|text| text.parse().ok());
    let database = paths.practice().join("practice.db");
    let options = practice::Options {
        database,
        port,
        admin_token,
        first_start,
        reproducible: false,
        own_windows_only: true,
    };
    Practice::start_apart(options).await.map_err(|error| {
        tracing::error!(%error, "the practice platform did not start");
        practice_failure(&error).report(&SystemRandomness)
    })
}

fn practice_failure(error: &practice::StartError) -> Error {
    use practice::StartError;
    match error {
        StartError::PortTaken { port } => Error::refused(ErrorCode::PracticePortTaken).with("port", port),
        StartError::Database(_) | StartError::Io(_) => Error::refused(ErrorCode::PracticeFailed),
    }
}

/// Deletes the profiles of accounts that are gone, while the first page shows.
fn sweep_profiles(companion: Companion, app: AppHandle) {
    tauri::async_runtime::spawn(async move {
        // They may come back with the ledger that a restored one replaced.
        if companion.may_bring_accounts_back().await {
            return;
        }
        let accounts = match companion.get_settings().await {
            Ok(settings) => settings.accounts,
            Err(error) => {
                tracing::warn!(%error, "old profiles are looked for at the next start");
                return;
            }
        };
        // What frees the files does not wait for the disk.
        drop(companion);
        let known: BTreeSet<String> = accounts.into_iter().map(|account| account.id).collect();
        let swept = tauri::async_runtime::spawn_blocking(move || profiles::forget_unknown(&app, &known));
        if let Err(error) = swept.await {
            tracing::warn!(%error, "the sweep of old profiles stopped");
        }
    });
}

/// Clears a secret that an earlier run left in the clipboard; the keyring that it is compared with may keep one waiting.
fn clear_clipboard(companion: Companion, app: AppHandle) {
    tauri::async_runtime::spawn(async move { of(&app).clipboard.clear_left_over(&companion).await });
}

/// Tells the main window what changed. A listener that lags fetches everything again.
fn pass_changes_on(companion: &Companion, app: AppHandle) {
    let mut heard = companion.subscribe();
    tauri::async_runtime::spawn(async move {
        loop {
            let sent = match heard.recv().await {
                Ok(changed) => app.emit_to(MAIN, CHANGED, changed),
                Err(RecvError::Lagged(_)) => app.emit_to(MAIN, CHANGED, Changed::everything()),
                Err(RecvError::Closed) => return,
            };
            if let Err(error) = sent {
                tracing::warn!(%error, "a change could not be passed on");
            }
        }
    });
}

/// The shell's state, from anywhere that has the app.
pub(crate) fn of(app: &AppHandle) -> tauri::State<'_, Shell> {
    app.state::<Shell>()
}
