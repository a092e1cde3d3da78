//! A notification daemon on the world's own bus (<https://specifications.freedesktop.org/notification-spec/latest/>).
#![allow(clippy::used_underscore_binding, reason = "the protocol has arguments that nobody reads here")]

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use zbus::{Connection, object_server::SignalEmitter, zvariant::OwnedValue};

use super::process::wait_for;

const SERVICE: &str = "org.freedesktop.Notifications";
const OBJECT: &str = "/org/freedesktop/Notifications";
const PATIENCE: Duration = Duration::from_secs(20);

/// What was shown.
#[derive(Debug, Clone)]
pub(crate) struct Shown {
    id: u32,
    pub(crate) title: String,
    pub(crate) text: String,
    actions: Vec<String>,
}

type Everything = Arc<Mutex<Vec<Shown>>>;

struct Daemon(Everything);

#[allow(clippy::unused_self, clippy::too_many_arguments, reason = "the protocol has them")]
#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Daemon {
    fn notify(
        &self,
        _app_name: &str,
        _replaces: u32,
        _icon: &str,
        title: String,
        text: String,
        actions: Vec<String>,
        _hints: HashMap<String, OwnedValue>,
        _expires: i32,
    ) -> u32 {
        let mut shown = self.0.lock().expect("what is shown");
        let id = u32::try_from(shown.len()).expect("a few") + 1;
        shown.push(Shown { id, title, text, actions });
        id
    }

    fn close_notification(&self, id: u32) {
        self.0.lock().expect("what is shown").retain(|shown| shown.id != id);
    }

    fn get_capabilities(&self) -> Vec<String> {
        ["actions", "body"].map(str::to_owned).into()
    }

    fn get_server_information(&self) -> (String, String, String, String) {
        let [name, vendor, version, protocol] = ["double", "tests", "1", "1.2"].map(str::to_owned);
        (name, vendor, version, protocol)
    }

    #[zbus(signal)]
    async fn action_invoked(emitter: &SignalEmitter<'_>, id: u32, action: &str) -> zbus::Result<()>;

    #[zbus(signal)]
    async fn notification_closed(emitter: &SignalEmitter<'_>, id: u32, reason: u32) -> zbus::Result<()>;
}

/// Shows notifications until dropped.
pub(crate) struct Notifications {
    bus: Connection,
    shown: Everything,
}

impl Notifications {
    /// A daemon on the bus at `address`.
    pub(crate) async fn start(address: &str) -> Self {
        let shown = Everything::default();
        let bus = zbus::connection::Builder::address(address)
            .and_then(|bus| bus.serve_at(OBJECT, Daemon(Arc::clone(&shown))))
            .and_then(|bus| bus.name(SERVICE))
            .expect("the daemon's names")
            .build()
            .await
            .expect("the world's bus");
        Self { bus, shown }
    }

    /// Waits for a notification.
    pub(crate) async fn see(&self) -> Shown {
        let last = || self.shown.lock().expect("what is shown").last().cloned();
        wait_for("a notification", PATIENCE, last).await
    }

    /// A click on the notification itself.
    pub(crate) async fn click(&self, shown: &Shown) {
        assert!(shown.actions.iter().any(|action| action == "default"), "it can be clicked: {shown:?}");
        let emitter = SignalEmitter::new(&self.bus, OBJECT).expect("an object");
        Daemon::action_invoked(&emitter, shown.id, "default").await.expect("a signal");
        Daemon::notification_closed(&emitter, shown.id, 2).await.expect("a signal");
    }
}
