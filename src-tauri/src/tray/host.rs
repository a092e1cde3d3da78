//! Whether this desktop shows a tray. Windows and macOS always do; on Linux somebody on the bus has to
//! (<https://www.freedesktop.org/wiki/Specifications/StatusNotifierItem/>), and GNOME by itself has nobody.

#[cfg(target_os = "linux")]
pub(crate) use on_the_bus::{Hosts, is_there};

#[cfg(target_os = "linux")]
mod on_the_bus {
    use zbus::{
        Connection, MatchRule, MessageStream, Proxy, export::ordered_stream::OrderedStreamExt as _,
        message::Type,
    };

    const WATCHER: &str = "org.kde.StatusNotifierWatcher";

    /// Whether somebody shows trays now.
    pub(crate) async fn is_there() -> bool {
        async fn asked() -> zbus::Result<bool> {
            let bus = Connection::session().await?;
            let watcher = Proxy::new(&bus, WATCHER, "/StatusNotifierWatcher", WATCHER).await?;
            watcher.get_property("IsStatusNotifierHostRegistered").await
        }
        asked().await.unwrap_or(false)
    }

    /// Those who begin to show trays from now on, such as a panel that starts later than the app.
    pub(crate) struct Hosts {
        watchers: MessageStream,
        hosts: MessageStream,
    }

    impl Hosts {
        /// Errors: there is no bus.
        pub(crate) async fn listen() -> zbus::Result<Self> {
            let bus = Connection::session().await?;
            let watchers = MatchRule::builder()
                .msg_type(Type::Signal)
                .interface("org.freedesktop.DBus")?
                .member("NameOwnerChanged")?
                .arg(0, WATCHER)?
                .build();
            let hosts = MatchRule::builder()
                .msg_type(Type::Signal)
                .interface(WATCHER)?
                .member("StatusNotifierHostRegistered")?
                .build();
            Ok(Self {
                watchers: MessageStream::for_match_rule(watchers, &bus, None).await?,
                hosts: MessageStream::for_match_rule(hosts, &bus, None).await?,
            })
        }

        /// Waits for the next one; for ever where the bus has gone.
        pub(crate) async fn next(&mut self) {
            let heard = tokio::select! {
                heard = self.watchers.next() => heard,
                heard = self.hosts.next() => heard,
            };
            if heard.is_none() {
                std::future::pending::<()>().await;
            }
        }
    }
}

#[cfg(not(target_os = "linux"))]
#[expect(clippy::unused_async, reason = "Linux has to ask")]
pub(crate) async fn is_there() -> bool {
    true
}

/// Nobody has to come where the system itself shows trays.
#[cfg(not(target_os = "linux"))]
pub(crate) struct Hosts;

#[cfg(not(target_os = "linux"))]
impl Hosts {
    #[expect(clippy::unused_async, reason = "Linux has to ask")]
    pub(crate) async fn listen() -> Result<Self, std::io::Error> {
        Ok(Self)
    }

    pub(crate) async fn next(&mut self) {
        std::future::pending::<()>().await;
    }
}
