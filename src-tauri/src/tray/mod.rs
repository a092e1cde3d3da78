//! The tray: how the worst account stands, and the way back to a window that was closed.

mod glyphs;
mod host;
mod icon;

use companion::{
    Companion, Error, StoreError,
    api::{AccountRow, AppView, Changed, Language},
};
use tauri::{
    AppHandle, Wry,
    image::Image,
    menu::{CheckMenuItemBuilder, Menu, MenuBuilder, MenuEvent, MenuItemBuilder},
    tray::{MouseButton, MouseButtonState, TrayIconBuilder, TrayIconEvent},
};
use tokio::sync::broadcast::{Receiver, error::RecvError};

use crate::{main_window, notices, saved_page, shell, words};
use icon::{Icon, SIDE};

const ID: &str = "main";
/// Accounts in the menu.
const LINES_MAX: usize = 5;
/// What an account's line in the menu is called, before the account.
const ACCOUNT: &str = "account/";

/// How the tray came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// Nobody shows trays yet.
    Waited,
    Shown,
    /// Nobody ever will.
    Impossible,
}

/// Everything the tray shows.
#[derive(Debug, PartialEq, Eq)]
struct Face {
    language: Language,
    icon: Icon,
    tooltip: String,
    /// Accounts with their lines, worst first.
    accounts: Vec<(String, String)>,
    /// How many have no line.
    more: usize,
    figures_hidden: bool,
}

/// Whether the tray can be seen now.
pub(crate) async fn is_shown(app: &AppHandle) -> bool {
    app.tray_by_id(ID).is_some() && host::is_there().await
}

/// Shows the tray, and keeps it up to date by what the application announces.
pub(crate) fn start(app: AppHandle, heard: Receiver<Changed>) {
    tauri::async_runtime::spawn(async move {
        if let Ok(mut hosts) = host::Hosts::listen().await {
            follow(&app, heard, &mut hosts).await;
        } else {
            shell::of(&app).note_tray(State::Impossible);
        }
    });
}

async fn follow(app: &AppHandle, mut heard: Receiver<Changed>, hosts: &mut host::Hosts) {
    let mut shown = None;
    loop {
        match Face::now(app).await {
            Ok(face) => {
                main_window::speak(app, face.language);
                if shown.as_ref() != Some(&face) {
                    shown = show(app, &face).then_some(face);
                }
            }
            Err(error) => tracing::warn!(code = ?error.code(), "the tray stays as it was"),
        }
        tokio::select! {
            changed = heard.recv() => {
                if matches!(changed, Err(RecvError::Closed)) {
                    return;
                }
            }
            () = hosts.next(), if shown.is_none() => {}
        }
        // One look for all that was announced meanwhile.
        while heard.try_recv().is_ok() {}
    }
}

/// Whether there is a tray that shows it.
fn show(app: &AppHandle, face: &Face) -> bool {
    match put(app, face) {
        Ok(()) => {
            shell::of(app).note_tray(State::Shown);
            true
        }
        Err(error) => {
            tracing::info!(%error, "nobody shows the tray");
            false
        }
    }
}

fn put(app: &AppHandle, face: &Face) -> tauri::Result<()> {
    let menu = menu(app, face)?;
    let icon = Image::new_owned(face.icon.rgba(), SIDE, SIDE);
    if let Some(tray) = app.tray_by_id(ID) {
        tray.set_icon(Some(icon))?;
        tray.set_tooltip(Some(&face.tooltip))?;
        return tray.set_menu(Some(menu));
    }
    let mut builder = TrayIconBuilder::with_id(ID)
        .icon(icon)
        .tooltip(&face.tooltip)
        .menu(&menu)
        .show_menu_on_left_click(false)
        .on_menu_event(on_menu)
        .on_tray_icon_event(|tray, event| {
            let (button, button_state) = (MouseButton::Left, MouseButtonState::Up);
            if matches!(event, TrayIconEvent::Click { button: b, button_state: s, .. } if (b, s) == (button, button_state)) {
                main_window::show(tray.app_handle(), None);
            }
        });
    if cfg!(target_os = "linux") {
        // What a panel calls it; on a Mac it would stand beside the icon.
        builder = builder.title(&words::of(face.language).app);
    }
    builder.build(app).map(drop)
}

fn menu(app: &AppHandle, face: &Face) -> tauri::Result<Menu<Wry>> {
    let words = words::of(face.language);
    let mut menu = MenuBuilder::new(app);
    for (account, line) in &face.accounts {
        menu = menu.text(format!("{ACCOUNT}{account}"), literal(line));
    }
    if face.accounts.is_empty() {
        menu = menu.item(&MenuItemBuilder::with_id("empty", &words.empty).enabled(false).build(app)?);
    }
    if face.more > 0 {
        menu = menu.text("more", words.more(face.more));
    }
    let hide = CheckMenuItemBuilder::with_id("hide", &words.hide).checked(face.figures_hidden).build(app)?;
    menu.separator()
        .text("open", &words.open)
        .text("refresh", &words.refresh)
        .item(&hide)
        .separator()
        .text("quit", &words.quit)
        .build()
}

/// A name's own `&` marks no letter.
fn literal(text: &str) -> String {
    text.replace('&', "&&")
}

fn on_menu(app: &AppHandle, event: MenuEvent) {
    match event.id().as_ref() {
        "open" => main_window::show(app, None),
        "more" => main_window::show(app, main_window::page("accounts")),
        "refresh" => refresh(app.clone()),
        "hide" => switch_figures(app.clone()),
        "quit" => app.exit(0),
        other => {
            if let Some(account) = other.strip_prefix(ACCOUNT) {
                main_window::show_account(app, account.to_owned());
            }
        }
    }
}

fn refresh(app: AppHandle) {
    tauri::async_runtime::spawn(async move {
        let read = async {
            let went = shell::of(&app).inner().running(&app).await?.companion.sync_all().await?;
            Ok::<_, Error>((went, Face::now(&app).await?))
        };
        match read.await {
            Ok((went, face)) => {
                let worst = face.accounts.into_iter().next();
                notices::say_read(&app, &went, worst, words::of(face.language));
            }
            Err(error) => tracing::warn!(code = ?error.code(), "usage could not be read from the tray"),
        }
    });
}

/// Hides figures, or shows them again.
fn switch_figures(app: AppHandle) {
    tauri::async_runtime::spawn(async move {
        let switch = async {
            let companion = &shell::of(&app).inner().running(&app).await?.companion;
            let hidden = companion.get_app().await?.figures_hidden;
            companion.hide_figures(!hidden).await?;
            saved_page::forget(shell::of(&app).paths.home())
                .map_err(|error| Error::from(StoreError::from(error)))
        };
        if let Err(error) = switch.await {
            tracing::warn!(code = ?error.code(), "figures could not be switched from the tray");
        }
    });
}

impl Face {
    async fn now(app: &AppHandle) -> Result<Self, Error> {
        let companion: &Companion = &shell::of(app).inner().running(app).await?.companion;
        let AppView { language, figures_hidden, .. } = companion.get_app().await?;
        Ok(Self { figures_hidden, ..Self::of(&companion.get_accounts().await?.accounts, language) })
    }

    /// `accounts` come worst first.
    fn of(accounts: &[AccountRow], language: Language) -> Self {
        let words = words::of(language);
        // One that is still being set up says nothing while others are at work.
        let at_work = |row: &&AccountRow| !row.archived && row.wizard_at.is_none();
        let mut rows: Vec<&AccountRow> = accounts.iter().filter(at_work).collect();
        if rows.is_empty() {
            rows = accounts.iter().filter(|row| !row.archived).collect();
        }
        let line = |row: &&AccountRow| words.account(&row.name, row.situation.kind, row.days_left);
        let worst = rows.first();
        Self {
            language,
            icon: Icon::of(worst.copied()),
            tooltip: worst.map_or_else(|| words.empty.clone(), line),
            accounts: rows.iter().take(LINES_MAX).map(|row| (row.id.clone(), line(row))).collect(),
            more: rows.len().saturating_sub(LINES_MAX),
            figures_hidden: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use companion::api::{AccountKind, Environment, Situation, SituationView, Step, Tone};

    use super::*;
    use icon::Figure;

    fn row(name: &str, kind: Situation, tone: Tone, days_left: Option<u32>) -> AccountRow {
        AccountRow {
            id: format!("id-{name}"),
            name: name.to_owned(),
            kind: AccountKind::MiniProgram,
            environment: Environment::Practice,
            archived: false,
            app_id: None,
            wizard_at: None,
            situation: SituationView { kind, tone, first: None, second: None },
            days_left,
            remaining: None,
            monthly: None,
            earliest: None,
            likely: None,
            latest: None,
            by_expiry: false,
            next_expiry: None,
            mode: None,
            read_at: None,
            typed_in: false,
            stale: false,
            tried_at: None,
            error: None,
        }
    }

    #[test]
    fn the_icon_speaks_of_the_worst_account_that_is_at_work() {
        let mut starting = row("新店", Situation::NotConnected, Tone::Muted, None);
        starting.wizard_at = Some(Step::Connect);
        let mut archived = row("旧店", Situation::DryUsedUp, Tone::Danger, Some(0));
        archived.archived = true;
        let rows = [
            starting.clone(),
            row("晋味", Situation::EndsSoonByUse, Tone::Warn, Some(6)),
            row("青禾", Situation::Enough, Tone::Calm, Some(140)),
            archived,
        ];
        let face = Face::of(&rows, Language::Zh);
        assert_eq!(face.icon, Icon { tone: Tone::Warn, figure: Figure::Days(6) });
        assert_eq!(face.tooltip, "晋味：大约还够 6 天");
        assert_eq!(face.accounts.len(), 2);
        let face = Face::of(&[starting], Language::En);
        assert_eq!(face.icon.figure, Figure::Unknown);
        assert_eq!(face.tooltip, "新店: no usage read yet");
    }

    #[test]
    fn unknown_is_never_zero() {
        let unknown = Figure::Unknown;
        assert_eq!(Face::of(&[], Language::Zh).icon.figure, unknown);
        for kind in [Situation::CannotRead, Situation::Stale, Situation::Unknown, Situation::Enough] {
            assert_eq!(Face::of(&[row("a", kind, Tone::Calm, None)], Language::Zh).icon.figure, unknown);
        }
        let dry = row("a", Situation::DryUsedUp, Tone::Danger, None);
        assert_eq!(Face::of(&[dry], Language::Zh).icon.figure, Figure::Days(0));
    }

    #[test]
    fn the_menu_lists_five_and_counts_the_others() {
        let rows: Vec<_> =
            (0..8).map(|n| row(&n.to_string(), Situation::Enough, Tone::Calm, Some(n))).collect();
        let face = Face::of(&rows, Language::Zh);
        assert_eq!((face.accounts.len(), face.more), (5, 3));
        assert_eq!(face.accounts[0].0, "id-0");
    }

    #[test]
    fn a_name_marks_no_letter_of_the_menu() {
        assert_eq!(literal("A & B"), "A && B");
    }
}
