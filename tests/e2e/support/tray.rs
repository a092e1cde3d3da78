//! A panel that shows trays: the watcher and the host of the protocol, on the world's own bus
//! (<https://www.freedesktop.org/wiki/Specifications/StatusNotifierItem/>). It asks what a panel asks, and clicks.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use zbus::{
    Connection, Proxy,
    message::Header,
    object_server::SignalEmitter,
    zvariant::{OwnedObjectPath, OwnedValue, Structure, Value},
};

use super::process::LOOK_AGAIN;

const WATCHER: &str = "org.kde.StatusNotifierWatcher";
const ITEM: &str = "org.kde.StatusNotifierItem";
const MENU: &str = "com.canonical.dbusmenu";
const PATIENCE: Duration = Duration::from_secs(20);

/// A menu's entry: its id, its properties, its own entries.
type Entry = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);

/// Pictures as they cross the bus.
type Pictures = Vec<(i32, i32, Vec<u8>)>;

/// Names of the items that registered, in their order.
type Items = Arc<Mutex<Vec<String>>>;

struct Watcher(Items);

#[allow(clippy::unused_self, reason = "the protocol has them")]
#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    async fn register_status_notifier_item(
        &self,
        service: String,
        #[zbus(header)] header: Header<'_>,
        #[zbus(signal_emitter)] emitter: SignalEmitter<'_>,
    ) {
        // An object's path stands for its sender.
        let name = match header.sender() {
            Some(sender) if service.starts_with('/') => sender.to_string(),
            _ => service,
        };
        self.0.lock().expect("the items").push(name.clone());
        Self::status_notifier_item_registered(&emitter, &name).await.expect("a signal");
    }

    fn register_status_notifier_host(&self, service: String) {
        drop(service);
    }

    #[zbus(property)]
    fn registered_status_notifier_items(&self) -> Vec<String> {
        self.0.lock().expect("the items").clone()
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }

    #[zbus(signal)]
    async fn status_notifier_item_registered(emitter: &SignalEmitter<'_>, service: &str) -> zbus::Result<()>;
}

/// The panel; it goes when dropped.
pub(crate) struct Panel {
    bus: Connection,
    items: Items,
}

/// What the app shows in it.
pub(crate) struct Item<'a> {
    panel: &'a Panel,
    name: String,
}

/// A picture of the item: its sides, and opacity, red, green and blue row by row.
pub(crate) struct Picture {
    pub(crate) width: i32,
    pub(crate) height: i32,
    pub(crate) argb: Vec<u8>,
}

impl Panel {
    /// A panel on the bus at `address`.
    pub(crate) async fn start(address: &str) -> Self {
        let items = Items::default();
        let bus = zbus::connection::Builder::address(address)
            .and_then(|bus| bus.serve_at("/StatusNotifierWatcher", Watcher(Arc::clone(&items))))
            .and_then(|bus| bus.name(WATCHER))
            .expect("the panel's names")
            .build()
            .await
            .expect("the world's bus");
        Self { bus, items }
    }

    /// Waits for the app's item.
    pub(crate) async fn item(&self) -> Item<'_> {
        let name =
            until("an item in the tray", async || self.items.lock().expect("the items").last().cloned());
        Item { panel: self, name: name.await }
    }
}

impl Item<'_> {
    async fn proxy(&self) -> Proxy<'_> {
        let name = self.name.clone();
        let builder = zbus::proxy::Builder::<Proxy<'_>>::new(&self.panel.bus)
            .destination(name)
            .and_then(|proxy| proxy.path("/StatusNotifierItem"))
            .and_then(|proxy| proxy.interface(ITEM))
            .expect("the item's names");
        // What it shows now, never what it showed before.
        builder.cache_properties(zbus::proxy::CacheProperties::No).build().await.expect("the item")
    }

    /// The pictures it offers.
    pub(crate) async fn pictures(&self) -> Vec<Picture> {
        let pictures: Pictures = self.proxy().await.get_property("IconPixmap").await.expect("pictures");
        pictures.into_iter().map(|(width, height, argb)| Picture { width, height, argb }).collect()
    }

    /// What it says to a pointer that rests on it.
    pub(crate) async fn tooltip(&self) -> String {
        let tip: OwnedValue = self.proxy().await.get_property("ToolTip").await.expect("a tooltip");
        let tip = Structure::try_from(tip).expect("a tooltip's parts");
        let (_, _, _, text): (String, Pictures, String, String) = tip.try_into().expect("a tooltip's text");
        text
    }

    /// Waits until the tooltip is this one.
    pub(crate) async fn see_tooltip(&self, wanted: &str) {
        until(&format!("the tooltip {wanted:?}"), async || (self.tooltip().await == wanted).then_some(()))
            .await;
    }

    /// A click with the left button.
    pub(crate) async fn click(&self) {
        self.proxy().await.call::<_, _, ()>("Activate", &(0_i32, 0_i32)).await.expect("a click");
    }

    async fn menu(&self) -> Proxy<'_> {
        let path: OwnedObjectPath = self.proxy().await.get_property("Menu").await.expect("a menu");
        Proxy::new(&self.panel.bus, self.name.clone(), path, MENU).await.expect("the menu")
    }

    async fn entries(&self) -> Vec<(i32, String)> {
        let asked = (0_i32, -1_i32, Vec::<String>::new());
        let (_, (_, _, entries)): (u32, Entry) =
            self.menu().await.call("GetLayout", &asked).await.expect("the menu's entries");
        let entries = entries.into_iter().map(|entry| {
            let entry = Structure::try_from(entry).expect("an entry's parts");
            let (id, mut properties, _): Entry = entry.try_into().expect("an entry");
            let label = properties.remove("label").and_then(|label| String::try_from(label).ok());
            (id, label.unwrap_or_default())
        });
        entries.collect()
    }

    /// What its menu offers, without the lines between.
    pub(crate) async fn labels(&self) -> Vec<String> {
        self.entries().await.into_iter().map(|(_, label)| label).filter(|label| !label.is_empty()).collect()
    }

    /// Chooses the entry whose label begins so. Nobody waits for an answer: who is told to quit may have gone before it.
    pub(crate) async fn choose(&self, label: &str) {
        let entries = self.entries().await;
        let found = entries.iter().find(|(_, text)| text.starts_with(label));
        let (id, _) = found.unwrap_or_else(|| panic!("{label} is not among {entries:?}"));
        let clicked = (*id, "clicked", Value::from(0_i32), 0_u32);
        self.menu().await.call_noreply("Event", &clicked).await.expect("a click");
    }
}

async fn until<T>(what: &str, mut condition: impl AsyncFnMut() -> Option<T>) -> T {
    let waited = async {
        loop {
            if let Some(found) = condition().await {
                return found;
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    };
    let found = tokio::time::timeout(PATIENCE, waited).await;
    found.unwrap_or_else(|late| panic!("waited {PATIENCE:?} in vain for {what}: {late}"))
}
