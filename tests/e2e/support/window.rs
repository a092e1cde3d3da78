//! Windows as the desktop sees them: closed by their frames, not through the web view.

use x11rb::{
    CURRENT_TIME,
    connection::Connection as _,
    errors::ReplyError,
    protocol::xproto::{AtomEnum, ClientMessageEvent, ConnectionExt as _, EventMask, Window},
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

/// Closes the windows of a process that show foreign pages.
pub(crate) fn close_foreign(display: &str, pid: i32) {
    close(display, pid, |title| title.contains(FOREIGN)).expect("the display");
}

fn close(display: &str, pid: i32, chosen: impl Fn(&str) -> bool) -> Result<(), ReplyError> {
    let (connection, number) = x11rb::connect(Some(display)).expect("a connection to the display");
    let root = connection.setup().roots[number].root;
    let screen = Screen { connection, root };
    let (protocols, delete) = (screen.atom("WM_PROTOCOLS")?, screen.atom("WM_DELETE_WINDOW")?);
    for window in screen.windows_below(screen.root) {
        let owner = screen.property(window, "_NET_WM_PID");
        let ours = owner.first_chunk().is_some_and(|bytes| i32::from_ne_bytes(*bytes) == pid);
        let closes = !screen.property(window, "WM_PROTOCOLS").is_empty();
        let title = screen.property(window, "_NET_WM_NAME");
        if ours && closes && chosen(&String::from_utf8_lossy(&title)) {
            let please = ClientMessageEvent::new(32, window, protocols, [delete, CURRENT_TIME, 0, 0, 0]);
            screen.connection.send_event(false, window, EventMask::NO_EVENT, please)?;
        }
    }
    screen.connection.flush()?;
    Ok(())
}

impl Screen {
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

    /// With a window manager the windows stand inside its frames.
    fn windows_below(&self, parent: Window) -> Vec<Window> {
        let tree = self
            .connection
            .query_tree(parent)
            .map_err(ReplyError::from)
            .and_then(x11rb::cookie::Cookie::reply);
        let children = tree.map(|tree| tree.children).unwrap_or_default();
        let below = children.iter().flat_map(|child| self.windows_below(*child)).collect();
        [children, below].concat()
    }
}
