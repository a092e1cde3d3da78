//! The shell: windows, permissions and composition. Everything it is asked it passes to `companion`; it decides nothing.

mod addresses;
mod clipboard;
mod closing;
mod command_line;
mod commands;
mod console;
mod desktop;
mod frames;
mod hidden;
mod logs;
mod main_window;
mod notices;
mod practice_windows;
mod profiles;
mod saved_page;
mod shell;
mod table_process;
mod tray;
mod web_engine;
mod windows;
mod words;

use std::{path::PathBuf, process::ExitCode};

use companion::Paths;
use tauri::{AppHandle, Manager as _, RunEvent, Window, WindowEvent};

use crate::{command_line::Check, shell::Shell, windows::MAIN};

/// Runs the app until it is quit, or answers the command line.
pub fn run() -> ExitCode {
    if table_process::is_asked(std::env::args_os()) {
        return table_process::answer();
    }
    let home = std::env::var_os("COMPANION_HOME").map(PathBuf::from);
    let context = tauri::generate_context!();
    let folder = || {
        let local = dirs::data_local_dir().map(|data| data.join(&context.config().identifier));
        home.clone().or(local).map(Paths::new)
    };
    if let Some(exit) = command_line::answered(folder) {
        return exit;
    }
    if let (_, Some(problem)) = web_engine::look() {
        web_engine::report(problem, folder().as_ref());
        return ExitCode::from(Check::WebView as u8);
    }
    let mut builder = tauri::Builder::default();
    if home.is_none() {
        // A redirected home may run next to another; the lock in the home refuses the same one twice.
        builder = builder.plugin(tauri_plugin_single_instance::init(|app, arguments, _| {
            main_window::show(app, main_window::asked_page(&arguments));
        }));
    }
    let built = builder
        .plugin(tauri_plugin_opener::init())
        .plugin(tauri_plugin_autostart::Builder::new().arg(hidden::ARGUMENT).build())
        .plugin(tauri_plugin_notification::init())
        .on_window_event(on_window)
        .setup(move |app| {
            // One variable redirects every file, what is exported too.
            let paths = if let Some(home) = home {
                Paths::new(home)
            } else {
                let paths = Paths::new(app.path().app_local_data_dir()?);
                // Not every Linux desktop names a folder for downloads.
                match app.path().download_dir() {
                    Ok(folder) => paths.exporting_to(folder),
                    Err(_) => paths,
                }
            };
            logs::start(&paths.logs());
            companion::log_panics();
            let restores = paths.restore_order().exists();
            app.manage(Shell::new(paths));
            notices::listen(app.handle());
            let arguments: Vec<String> = std::env::args().collect();
            // The person who restored a backup looks at the app.
            if hidden::is_asked(&arguments) && !restores {
                hidden::start(app.handle());
                return Ok(());
            }
            main_window::open(app.handle(), main_window::asked_page(&arguments))?;
            Ok(())
        })
        .invoke_handler(commands::answer)
        .build(context);
    match built {
        Ok(app) => {
            app.run(on_event);
            ExitCode::SUCCESS
        }
        Err(error) => {
            tracing::error!(%error, "the app did not start");
            ExitCode::FAILURE
        }
    }
}

fn on_window(window: &Window, event: &WindowEvent) {
    let (app, is_main) = (window.app_handle(), window.label() == MAIN);
    match event {
        WindowEvent::CloseRequested { api, .. } => {
            frames::remember(window);
            if is_main {
                closing::requested(app, api);
            }
        }
        WindowEvent::Destroyed if is_main => closing::gone(app),
        _ => {}
    }
}

fn on_event(app: &AppHandle, event: RunEvent) {
    match event {
        // The last window has gone; whoever quits says so.
        RunEvent::ExitRequested { code: None, api, .. } if shell::of(app).is_in_tray() => api.prevent_exit(),
        RunEvent::ExitRequested { .. } => frames::remember_all(app),
        #[cfg(target_os = "macos")]
        RunEvent::Reopen { .. } => main_window::show(app, None),
        RunEvent::Exit => tauri::async_runtime::block_on(shell::of(app).close()),
        _ => {}
    }
}
