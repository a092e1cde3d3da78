//! The shell: windows, permissions and composition. Everything it is asked it passes to `companion`; it decides nothing.

mod addresses;
mod clipboard;
mod commands;
mod console;
mod desktop;
mod logs;
mod practice_windows;
mod profiles;
mod saved_page;
mod shell;
mod windows;

use companion::Paths;
use tauri::{AppHandle, Manager as _, RunEvent};

use crate::shell::Shell;

/// Runs the app until its last window is closed.
pub fn run() {
    let home = std::env::var_os("COMPANION_HOME").map(std::path::PathBuf::from);
    let mut builder = tauri::Builder::default();
    if home.is_none() {
        // A redirected home may run next to another; the lock in the home refuses the same one twice.
        builder = builder.plugin(tauri_plugin_single_instance::init(|app, _, _| windows::show_main(app)));
    }
    let built = builder
        .plugin(tauri_plugin_opener::init())
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
            app.manage(Shell::new(paths));
            windows::open_main(app.handle(), start_early)?;
            Ok(())
        })
        .invoke_handler(commands::answer)
        .build(tauri::generate_context!());
    match built {
        Ok(app) => app.run(|app, event| {
            if matches!(event, RunEvent::Exit) {
                tauri::async_runtime::block_on(shell::of(app).close());
            }
        }),
        Err(error) => {
            tracing::error!(%error, "the app did not start");
            std::process::exit(1);
        }
    }
}

/// Opens files and practice before the page asks for them.
fn start_early(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        // A failure is answered to the page, which asks for the same.
        let _answered_later = shell::of(&app).running(&app).await;
    });
}
