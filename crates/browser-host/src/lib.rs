//! The same commands as in the app's window, served over HTTP on this computer: the UI in any browser, on the real
//! application and the practice platform. For development and tests; no release contains it.
//!
//! The UI's files are anybody's to read. A command needs the token of this start, and whoever asks must have come by this
//! very address: another host name (DNS rebinding) or a page from elsewhere is refused before anything is done.

mod desktop;
mod guard;

use std::{convert::Infallible, net::Ipv4Addr, path::PathBuf, sync::Arc};

use axum::{
    Router,
    extract::{Path, State, rejection::JsonRejection},
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware,
    response::{
        IntoResponse, Response, Sse,
        sse::{Event, KeepAlive},
    },
    routing::{get, post},
};
use companion::{
    Addresses, Companion, MessageWords, Paths, Platform, Platforms, Setup,
    api::{Changed, Language},
    commands,
    ports::{Clock, SystemClock, SystemRandomness, SystemTimer},
    secrets::MemorySecrets,
    tables::InProcess,
};
use futures_util::{Stream, stream};
use practice::Practice;
use tokio::{net::TcpListener, sync::broadcast::error::RecvError, task::JoinHandle};
use tower_http::services::ServeDir;

use desktop::BrowserDesktop;

/// What the app's own window allows its pages (`tauri.conf.json`), with this host in place of IPC.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                      font-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'; \
                      frame-ancestors 'none'";

/// How to start.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Where every file goes.
    pub home: PathBuf,
    /// The built UI.
    pub ui: PathBuf,
    /// The loopback port; any free one when not given.
    pub port: Option<u16>,
    /// The token of practice's administration interface; a random, unknown one when not given.
    pub practice_token: Option<String>,
    /// Practice time at the first start of a new home; the machine's when not given.
    pub practice_start: Option<chrono::DateTime<chrono::Utc>>,
}

/// Why the host did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("practice: {0}")]
    Practice(#[from] practice::StartError),
    #[error("the application: {0}")]
    Companion(#[from] companion::Error),
    #[error("the port: {0}")]
    Port(#[from] std::io::Error),
}

/// The host while it runs. Dropping it ends it.
#[derive(Debug)]
pub struct BrowserHost {
    port: u16,
    token: String,
    companion: Companion,
    practice: Arc<Practice>,
    serving: JoinHandle<()>,
}

/// What every request needs.
#[derive(Clone)]
struct Shared {
    desktop: BrowserDesktop,
    guard: Arc<guard::Guard>,
}

/// Practice goes by its own, movable time.
#[derive(Debug)]
struct PracticeTime(practice::PracticeClock);

impl Clock for PracticeTime {
    fn now(&self) -> chrono::DateTime<chrono::Utc> {
        self.0.now()
    }
}

impl BrowserHost {
    /// Opens the home and practice in it, and serves on the loopback address.
    ///
    /// # Errors
    /// What kept practice, the application or the port.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let practice = practice::Options {
            database: options.home.join("practice").join("practice.db"),
            admin_token: options.practice_token,
            first_start: options.practice_start,
            ..practice::Options::default()
        };
        let practice = Arc::new(Practice::start(practice).await?);
        let companion = Companion::open(setup(&practice, options.home)).await?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port.unwrap_or(0))).await?;
        let port = listener.local_addr()?.port();
        let token = format!("{:032x}", rand::random::<u128>());
        let shared = Shared {
            desktop: BrowserDesktop::new(companion.clone(), Arc::clone(&practice)),
            guard: Arc::new(guard::Guard::new(port, token.clone())),
        };
        let router = router(shared, options.ui);
        let serving = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::error!(%error, "the browser host stopped");
            }
        });
        Ok(Self { port, token, companion, practice, serving })
    }

    /// Where a browser finds the UI, with the token in the address.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}/?token={}", self.port, self.token)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    pub fn token(&self) -> &str {
        &self.token
    }

    /// The application, to prepare a home with.
    pub fn companion(&self) -> &Companion {
        &self.companion
    }

    pub fn practice(&self) -> &Practice {
        &self.practice
    }
}

impl Drop for BrowserHost {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// Composed as in the shell, but with secrets in memory, and with practice alone.
fn setup(practice: &Practice, home: PathBuf) -> Setup {
    let addresses = Addresses::of_one_server(practice.base_url());
    let clock: Arc<dyn Clock> = Arc::new(PracticeTime(practice.clock()));
    Setup {
        paths: Paths::new(home),
        platforms: Platforms { practice: Some(Platform { addresses, clock }), live: None },
        secrets: Arc::new(MemorySecrets::default()),
        clock: Arc::new(SystemClock),
        timer: Arc::new(SystemTimer),
        randomness: Arc::new(SystemRandomness),
        tables: Arc::new(InProcess),
        language: Language::Zh,
        words: MessageWords::read(
            include_str!("../../../ui/src/locales/zh/phone.json"),
            include_str!("../../../ui/src/locales/en/phone.json"),
        ),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    }
}

fn router(shared: Shared, ui: PathBuf) -> Router {
    let asked = Router::new()
        .route("/command/{name}", post(command).fallback(another_method))
        .route("/changed", get(changed))
        .route_layer(middleware::from_fn_with_state(shared.clone(), guard::needs_token));
    Router::new()
        .merge(asked)
        .fallback_service(ServeDir::new(ui))
        .layer(middleware::from_fn_with_state(shared.clone(), guard::came_by_this_address))
        .layer(middleware::map_response(with_policy))
        .with_state(shared)
}

async fn with_policy(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    // The token is in the page's address.
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(HeaderName::from_static("x-content-type-options"), HeaderValue::from_static("nosniff"));
    response
}

/// The address of a page that the command opens: only a browser's page can open a window, and only at its own request.
const OPENS: HeaderName = HeaderName::from_static("x-opens");

/// A refusal of the command is an `ErrorView` with status 422.
async fn command(
    State(shared): State<Shared>,
    Path(name): Path<String>,
    arguments: Result<axum::Json<serde_json::Value>, JsonRejection>,
) -> Response {
    let arguments = match arguments {
        Ok(axum::Json(arguments)) => arguments,
        Err(error) => return guard::refused(error.status(), "body_unreadable", &error.body_text()),
    };
    let desktop = shared.desktop.for_request();
    let json = [(header::CONTENT_TYPE, "application/json")];
    let mut response = match commands::answer(desktop.clone(), &name, arguments).await {
        Ok(answer) => (json, answer).into_response(),
        Err(error) => (StatusCode::UNPROCESSABLE_ENTITY, axum::Json(error)).into_response(),
    };
    if let Some(address) = desktop.opened().and_then(|address| address.try_into().ok()) {
        response.headers_mut().insert(OPENS, address);
    }
    response
}

async fn another_method() -> Response {
    guard::refused(StatusCode::METHOD_NOT_ALLOWED, "method_unknown", "A command is posted.")
}

/// A stream of what changed. A listener that fell behind is told to fetch everything again.
async fn changed(State(shared): State<Shared>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let heard = shared.desktop.subscribe();
    let events = stream::unfold(heard, |mut heard| async {
        let changed = match heard.recv().await {
            Ok(changed) => changed,
            Err(RecvError::Lagged(_)) => Changed::everything(),
            Err(RecvError::Closed) => return None,
        };
        let event = Event::default().data(serde_json::json!(changed).to_string());
        Some((Ok(event), heard))
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}
