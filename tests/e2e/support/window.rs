//! Windows as the desktop sees them: closed by their frames and given the keyboard, not through the web view.

use x11rb::{
    CURRENT_TIME,
    connection::Connection as _,
    cookie::{Cookie, VoidCookie},
    errors::ReplyError,
    protocol::xproto::{
        AtomEnum, ClientMessageEvent, ConnectionExt as _, EventMask, InputFocus, MapState, Window,
    },
    rust_connection::RustConnection,
};

/// What the title of every window with a practice page says.
const FOREIGN: &str = "体验环境";

struct Screen {
    connection: RustConnection,
    root: Window,
}

/// Closes all windows of a process.
pub(crate) fn close_all(display: &str, pid: i32) {
    close(display, pid, |_| true).expect("the display");
}

/// Closes the main window of a process, whatever other windows it has.
pub(crate) fn close_main(display: &str, pid: i32) {
    close(display, pid, |title| !title.is_empty() && !title.contains(FOREIGN)).expect("the display");
}

/// Place and size of each window of a process that can be seen.
pub(crate) fn frames(display: &str, pid: i32) -> Vec<(i16, i16, u16, u16)> {
    let screen = Screen::open(display);
    let windows = screen.seen_of(pid);
    windows.iter().filter_map(|window| screen.frame(*window)).collect()
}

/// The titles of the windows of a process that can be seen.
pub(crate) fn titles(display: &str, pid: i32) -> Vec<String> {
    let screen = Screen::open(display);
    let windows = screen.seen_of(pid);
    windows
        .iter()
        .map(|window| String::from_utf8_lossy(&screen.property(*window, "_NET_WM_NAME")).into_owned())
        .collect()
}

/// Closes the windows of a process that show foreign pages.
pub(crate) fn close_foreign(display: &str, pid: i32) {
    close(display, pid, |title| title.contains(FOREIGN)).expect("the display");
}

/// Gives the keyboard to the foreign window on top, or to the main one: here is nobody else who would. A window that is
/// just coming or going may not take it.
pub(crate) fn focus(display: &str, foreign: bool) {
    let screen = Screen::open(display);
    let mut windows = screen.windows(|title| title.contains(FOREIGN) == foreign);
    windows.retain(|window| screen.is_seen(*window));
    if let Some(window) = windows.last() {
        let given = screen.connection.set_input_focus(InputFocus::PARENT, *window, CURRENT_TIME);
        drop(given.map_err(ReplyError::from).and_then(VoidCookie::check));
    }
}

fn close(display: &str, pid: i32, chosen: impl Fn(&str) -> bool) -> Result<(), ReplyError> {
    let screen = Screen::open(display);
    let (protocols, delete) = (screen.atom("WM_PROTOCOLS")?, screen.atom("WM_DELETE_WINDOW")?);
    for window in screen.windows(chosen) {
        if screen.is_of(window, pid) {
            let please = ClientMessageEvent::new(32, window, protocols, [delete, CURRENT_TIME, 0, 0, 0]);
            // Answered before the connection ends, and with it what the display has not yet read.
            screen.connection.send_event(false, window, EventMask::NO_EVENT, please)?.check()?;
        }
    }
    Ok(())
}

impl Screen {
    fn open(display: &str) -> Self {
        let (connection, number) = x11rb::connect(Some(display)).expect("a connection to the display");
        let root = connection.setup().roots[number].root;
        Self { connection, root }
    }

    /// Windows that can be closed and have such a title, the topmost last.
    fn windows(&self, chosen: impl Fn(&str) -> bool) -> Vec<Window> {
        let mut windows = self.windows_below(self.root);
        windows.retain(|window| {
            let title = self.property(*window, "_NET_WM_NAME");
            !self.property(*window, "WM_PROTOCOLS").is_empty() && chosen(&String::from_utf8_lossy(&title))
        });
        windows
    }

    fn atom(&self, name: &str) -> Result<u32, ReplyError> {
        Ok(self.connection.intern_atom(false, name.as_bytes())?.reply()?.atom)
    }

    /// Empty also for a window that has just gone, as menus do.
    fn property(&self, window: Window, name: &str) -> Vec<u8> {
        let asked = self.atom(name).and_then(|property| {
            let request = self.connection.get_property(false, window, property, AtomEnum::ANY, 0, 1024)?;
            request.reply()
        });
        asked.map(|reply| reply.value).unwrap_or_default()
    }

    /// The windows of a process that can be seen.
    fn seen_of(&self, pid: i32) -> Vec<Window> {
        let mut windows = self.windows(|_| true);
        windows.retain(|window| self.is_seen(*window) && self.is_of(*window, pid));
        windows
    }

    fn is_of(&self, window: Window, pid: i32) -> bool {
        let owner = self.property(window, "_NET_WM_PID");
        owner.first_chunk().is_some_and(|bytes| i32::from_ne_bytes(*bytes) == pid)
    }

    /// `None` for a window that has just gone.
    fn frame(&self, window: Window) -> Option<(i16, i16, u16, u16)> {
        let frame = self.connection.get_geometry(window).ok()?.reply().ok()?;
        let corner = self.connection.translate_coordinates(window, self.root, 0, 0).ok()?.reply().ok()?;
        Some((corner.dst_x, corner.dst_y, frame.width, frame.height))
    }

    fn is_seen(&self, window: Window) -> bool {
        let asked = self.connection.get_window_attributes(window).map_err(ReplyError::from);
        asked.and_then(Cookie::reply).is_ok_and(|reply| reply.map_state == MapState::VIEWABLE)
    }

    /// With a window manager the windows stand inside its frames.
    fn windows_below(&self, parent: Window) -> Vec<Window> {
        let tree = self.connection.query_tree(parent).map_err(ReplyError::from).and_then(Cookie::reply);
        let children = tree.map(|tree| tree.children).unwrap_or_default();
        let below = children.iter().flat_map(|child| self.windows_below(*child)).collect();
        [children, below].concat()
    }
}
