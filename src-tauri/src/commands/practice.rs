//! Windows and clock of the embedded practice platform.

use std::time::Duration;

use companion::{
    Error,
    views::{ErrorCode, PracticeView},
};
use practice::Practice;
use tauri::{AppHandle, Emitter as _, State, Url};

use crate::{
    everything,
    failure::Answer,
    profiles::Profile,
    shell::{Running, Shell},
    windows::{self, Foreign, MAIN},
};

/// A phone held upright.
const PHONE: (f64, f64) = (420.0, 800.0);
const OFFICE: (f64, f64) = (1000.0, 760.0);

#[tauri::command]
pub(crate) async fn open_practice_phone(app: AppHandle, shell: State<'_, Shell>) -> Answer<()> {
    let practice = shell.running(&app).await?.practice()?;
    show(&app, "practice-phone", "手机 · 体验环境", page(practice, &["practice", "phone"])?, PHONE)
}

#[tauri::command]
pub(crate) async fn open_practice_card_office(
    app: AppHandle,
    shell: State<'_, Shell>,
    account: String,
) -> Answer<()> {
    let url = page_of(shell.running(&app).await?, &account, "card-office").await?;
    show(&app, "practice-card-office", "会员卡平台 · 体验环境", url, OFFICE)
}

#[tauri::command]
pub(crate) async fn open_practice_claim(
    app: AppHandle,
    shell: State<'_, Shell>,
    account: String,
) -> Answer<()> {
    let url = page_of(shell.running(&app).await?, &account, "claim").await?;
    show(&app, "practice-claim", "顾客的手机 · 体验环境", url, PHONE)
}

#[tauri::command]
pub(crate) async fn open_practice_provider(app: AppHandle, shell: State<'_, Shell>) -> Answer<()> {
    let practice = shell.running(&app).await?.practice()?;
    show(
        &app,
        "practice-provider",
        "服务商平台 · 体验环境",
        page(practice, &["practice", "provider"])?,
        OFFICE,
    )
}

#[tauri::command]
pub(crate) async fn advance_practice_clock(
    app: AppHandle,
    shell: State<'_, Shell>,
    days: u32,
) -> Answer<PracticeView> {
    let practice = shell.running(&app).await?.practice()?;
    practice.advance(Duration::from_secs(u64::from(days) * 86_400)).await.map_err(|error| {
        tracing::error!(%error, "practice time did not move");
        Error::refused(ErrorCode::PracticeFailed)
    })?;
    app.emit_to(MAIN, "changed", everything())?;
    Ok(view(practice))
}

/// What screens need to know of the practice platform.
pub(super) fn view(practice: &Practice) -> PracticeView {
    PracticeView {
        mini_programs: practice.mini_programs().into_iter().map(|program| program.name).collect(),
        now: practice.now().to_rfc3339(),
    }
}

/// A practice page of the account's own mini-program.
async fn page_of(running: &Running, account: &str, name: &str) -> Answer<Url> {
    let app_id = mini_program(running, account).await?;
    page(running.practice()?, &["practice", name, &app_id])
}

fn page(practice: &Practice, path: &[&str]) -> Answer<Url> {
    let mut url = practice.base_url().clone();
    url.path_segments_mut().map_err(|()| Error::refused(ErrorCode::Internal))?.clear().extend(path);
    Ok(url)
}

fn show(app: &AppHandle, label: &str, title: &str, url: Url, size: (f64, f64)) -> Answer<()> {
    windows::open_foreign(
        app,
        Foreign {
            label: label.to_owned(),
            title: title.to_owned(),
            url,
            size,
            // The customers' and the shop's own devices; the console has a profile per account instead.
            profile: Profile::Practice,
            on_loaded: Box::new(|_, _| ()),
            on_blocked: Box::new(|_| ()),
        },
    )?;
    Ok(())
}

/// The AppID in practice: the connected one, else that of the mini-program with the account's name, else the first.
async fn mini_program(running: &Running, account: &str) -> Answer<String> {
    let wizard = running.companion.get_wizard(account).await?;
    if let Some(app_id) = wizard.connection.and_then(|connection| connection.app_id) {
        return Ok(app_id);
    }
    let programs = running.practice()?.mini_programs();
    let named = programs.iter().find(|program| program.name == wizard.name).or(programs.first());
    named
        .map(|program| program.app_id.clone())
        .ok_or_else(|| Error::refused(ErrorCode::PracticeFailed).into())
}
