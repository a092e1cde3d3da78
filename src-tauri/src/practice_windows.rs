//! Windows and clock of the embedded practice platform.

use std::time::Duration;

use companion::{
    Error,
    api::{ErrorCode, PracticePage, PracticeView},
};
use practice::Practice;
use tauri::{AppHandle, Url};

use crate::{
    profiles::Profile,
    shell::Running,
    windows::{self, Foreign},
    words,
};

/// A phone held upright.
const PHONE: (f64, f64) = (420.0, 800.0);
const OFFICE: (f64, f64) = (1000.0, 760.0);

/// Opens a page of the practice platform, of the account's own mini-program where it is about one.
pub(crate) async fn open(
    app: &AppHandle,
    running: &Running,
    which: PracticePage,
    account: Option<&str>,
) -> Result<(), Error> {
    let titles = &words::of(running.companion.get_app().await?.language).practice;
    let (name, title, size) = match which {
        PracticePage::Phone => ("phone", &titles.phone, PHONE),
        PracticePage::CardOffice => ("card-office", &titles.card_office, OFFICE),
        PracticePage::Claim => ("claim", &titles.claim, PHONE),
        PracticePage::Provider => ("provider", &titles.provider, OFFICE),
    };
    let practice = running.practice()?;
    let app_id = match account {
        Some(account) => Some(mini_program(running, account).await?),
        None => None,
    };
    show(app, name, title, practice.page(name, app_id.as_deref()), size)
}

/// Moves practice's clock forward.
pub(crate) async fn advance(practice: &Practice, days: u32) -> Result<PracticeView, Error> {
    practice.advance(Duration::from_secs(u64::from(days) * 86_400)).await.map_err(|error| {
        tracing::error!(%error, "practice time did not move");
        Error::refused(ErrorCode::PracticeFailed)
    })?;
    Ok(view(practice))
}

/// What screens need to know of the practice platform.
pub(crate) fn view(practice: &Practice) -> PracticeView {
    PracticeView {
        mini_programs: practice.mini_programs().into_iter().map(|program| program.name).collect(),
        mini_games: practice.mini_games().into_iter().map(|game| game.name).collect(),
        now: practice.now().into(),
    }
}

fn show(app: &AppHandle, name: &str, title: &str, url: Url, size: (f64, f64)) -> Result<(), Error> {
    windows::open_foreign(
        app,
        Foreign {
            label: format!("practice-{name}"),
            title: title.to_owned(),
            url,
            size,
            // The customers' and the shop's own devices; the console has a profile per account instead.
            profile: Profile::Practice,
            on_loaded: Box::new(|_, _| ()),
            on_blocked: Box::new(|_| ()),
        },
    )
    .map_err(windows::failed)
}

async fn mini_program(running: &Running, account: &str) -> Result<String, Error> {
    let wizard = running.companion.get_wizard(account).await?;
    let connected = wizard.connection.and_then(|connection| connection.app_id);
    let app_id = running.practice()?.app_id_of(connected, &wizard.name);
    app_id.ok_or_else(|| Error::refused(ErrorCode::PracticeFailed))
}
