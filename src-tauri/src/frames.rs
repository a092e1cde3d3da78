//! Where windows stand and how large they are: as they were last, and always inside the screen.

use std::{collections::BTreeMap, fs, io, path::Path};

use serde::{Deserialize, Serialize};
use tauri::{
    AppHandle, Manager as _, Monitor, PhysicalPosition, PhysicalSize, WebviewWindow, WebviewWindowBuilder,
    Window, Wry,
};

use crate::shell;

/// Below the home directory; may be thrown away at any time.
const FILE: &str = "windows.json";
/// What a title bar takes, in logical pixels.
const TITLE_BAR: f64 = 40.0;

/// Where a window stands in pixels of the screen: its corner, and the size inside its frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Frame {
    x: i32,
    y: i32,
    width: u32,
    height: u32,
    maximized: bool,
}

/// Where a new window may stand, in pixels of the screen.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Room {
    x: i32,
    y: i32,
    width: u32,
    height: u32,
    scale: f64,
}

/// Lets a new window stand as the last of its name did, or have `size`; never more than the screen has room for.
pub(crate) fn fitted<'a>(
    app: &AppHandle,
    window: WebviewWindowBuilder<'a, Wry, AppHandle>,
    label: &str,
    size: (f64, f64),
    smallest: Option<(f64, f64)>,
) -> WebviewWindowBuilder<'a, Wry, AppHandle> {
    let before = load(shell::of(app).paths.home()).get(name(label)).copied();
    let Some(room) = room(app, before) else { return window.inner_size(size.0, size.1) };
    let fitted = fit(before, size, room);
    let (width, height) = (f64::from(fitted.width) / room.scale, f64::from(fitted.height) / room.scale);
    let mut window = window.inner_size(width, height).prevent_overflow();
    if let Some((least_width, least_height)) = smallest {
        window = window.min_inner_size(least_width.min(width), least_height.min(height));
    }
    if before.is_some() {
        let corner = (f64::from(fitted.x) / room.scale, f64::from(fitted.y) / room.scale);
        window = window.position(corner.0, corner.1).maximized(fitted.maximized);
    }
    window
}

/// Remembers where a window stands, for the next one of its name.
pub(crate) fn remember(window: &Window) {
    let home = shell::of(window.app_handle()).paths.home().to_owned();
    let mut frames = load(&home);
    let name = name(window.label());
    let Ok(now) = current(window, frames.get(name).copied()) else { return };
    if frames.get(name) == Some(&now) {
        return;
    }
    frames.insert(name.to_owned(), now);
    if let Err(error) = save(&frames, &home) {
        tracing::warn!(%error, "where a window stood could not be saved");
    }
}

/// Remembers all windows that are open.
pub(crate) fn remember_all(app: &AppHandle) {
    for window in app.webview_windows().values() {
        remember(&WebviewWindow::as_ref(window).window());
    }
}

/// The consoles of all accounts stand where the last one stood: nothing of an account stays in the file.
fn name(label: &str) -> &str {
    if label.starts_with("console-") { "console" } else { label }
}

fn current(window: &Window, before: Option<Frame>) -> tauri::Result<Frame> {
    let maximized = window.is_maximized()?;
    if let Some(before) = before.filter(|_| maximized) {
        return Ok(Frame { maximized, ..before });
    }
    let (PhysicalPosition { x, y }, PhysicalSize { width, height }) =
        (window.outer_position()?, window.inner_size()?);
    Ok(Frame { x, y, width, height, maximized })
}

/// The screen on which the window stood, else the first one.
fn room(app: &AppHandle, before: Option<Frame>) -> Option<Room> {
    let screens = app.available_monitors().ok()?;
    let rooms: Vec<Room> = screens.iter().map(Room::of).collect();
    let primary = app.primary_monitor().ok().flatten().map(|screen| Room::of(&screen));
    let stood = before.and_then(|frame| rooms.iter().find(|room| room.holds(frame)).copied());
    stood.or(primary).or_else(|| rooms.first().copied())
}

impl Room {
    fn of(screen: &Monitor) -> Self {
        let area = screen.work_area();
        Self {
            x: area.position.x,
            y: area.position.y,
            width: area.size.width,
            height: area.size.height,
            scale: screen.scale_factor(),
        }
    }

    /// Whether the middle of the window's title bar can be reached here.
    fn holds(&self, frame: Frame) -> bool {
        let across = i64::from(frame.x) + i64::from(frame.width / 2) - i64::from(self.x);
        let down = i64::from(frame.y) - i64::from(self.y);
        (0..i64::from(self.width)).contains(&across) && (0..i64::from(self.height)).contains(&down)
    }
}

/// As it stood or as a new one stands, moved and cut so that all of it is inside.
fn fit(before: Option<Frame>, size: (f64, f64), room: Room) -> Frame {
    let wanted = before.unwrap_or_else(|| Frame {
        x: room.x,
        y: room.y,
        width: pixels(size.0 * room.scale),
        height: pixels(size.1 * room.scale),
        maximized: false,
    });
    let width = wanted.width.min(room.width);
    let title_bar = pixels(TITLE_BAR * room.scale);
    let height = wanted.height.min(room.height.saturating_sub(title_bar));
    Frame {
        x: within(wanted.x, room.x, room.width - width),
        y: within(wanted.y, room.y, room.height.saturating_sub(height + title_bar)),
        width,
        height,
        maximized: wanted.maximized,
    }
}

fn within(wanted: i32, from: i32, spare: u32) -> i32 {
    wanted.clamp(from, from.saturating_add_unsigned(spare))
}

/// Sizes of windows are small and positive.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "rounded, and cut to the type's range"
)]
fn pixels(length: f64) -> u32 {
    length.round() as u32
}

fn load(home: &Path) -> BTreeMap<String, Frame> {
    let text = fs::read(home.join(FILE)).unwrap_or_default();
    serde_json::from_slice(&text).unwrap_or_default()
}

fn save(frames: &BTreeMap<String, Frame>, home: &Path) -> io::Result<()> {
    // Whole or not at all.
    let fresh = home.join(FILE).with_extension("new");
    fs::write(&fresh, serde_json::to_vec(frames)?)?;
    fs::rename(fresh, home.join(FILE))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAIN: (f64, f64) = (1280.0, 800.0);

    fn screen(width: u32, height: u32) -> Room {
        Room { x: 0, y: 0, width, height, scale: 1.0 }
    }

    #[test]
    fn every_window_fits_its_screen() {
        let sizes = [MAIN, (1100.0, 760.0), (420.0, 800.0), (1000.0, 760.0)];
        for (width, height, scale) in
            [(1366, 768, 1.0), (1280, 672, 1.0), (1024, 700, 1.0), (1366, 768, 2.0), (640, 360, 1.0)]
        {
            let room = Room { scale, ..screen(width, height) };
            for size in sizes {
                let frame = fit(None, size, room);
                let title_bar = pixels(TITLE_BAR * scale);
                assert!(
                    frame.width <= width && frame.height + title_bar <= height,
                    "{size:?} in {room:?}: {frame:?}"
                );
            }
        }
    }

    #[test]
    fn a_window_is_where_it_was_unless_the_screen_is_gone() {
        let before = Frame { x: 90, y: 40, width: 900, height: 600, maximized: false };
        assert_eq!(fit(Some(before), MAIN, screen(1366, 768)), before);
        let beyond = Frame { x: 3000, y: 2000, ..before };
        assert!(!screen(1366, 768).holds(beyond));
        let fitted = fit(Some(beyond), MAIN, screen(1366, 768));
        assert_eq!((fitted.x, fitted.y), (466, 128));
        let above = fit(
            Some(Frame { x: -500, y: -500, ..before }),
            MAIN,
            Room { x: 100, y: 50, ..screen(1366, 768) },
        );
        assert_eq!((above.x, above.y), (100, 50));
    }

    #[test]
    fn a_file_of_nobody_says_nothing() {
        let home = tempfile::tempdir().unwrap();
        assert!(load(home.path()).is_empty());
        fs::write(home.path().join(FILE), "{\"main\":{\"x\":").unwrap();
        assert!(load(home.path()).is_empty());
        let frame = Frame { x: 1, y: 2, width: 3, height: 4, maximized: true };
        let frames = BTreeMap::from([("main".to_owned(), frame)]);
        save(&frames, home.path()).unwrap();
        assert_eq!(load(home.path()), frames);
    }

    #[test]
    fn no_account_stays_in_the_file() {
        assert_eq!(name("console-0191d3a0-5b7c-7000-8000-000000000001"), "console");
        assert_eq!(name("practice-phone"), "practice-phone");
    }
}
