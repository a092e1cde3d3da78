//! The routes, and the layers around them.

use crate::connection::{Loopback, Peer};
use crate::platform::Platform;
use crate::{admin, api, console, dashboard, faults, guard, member_card, pages, phone};
use axum::Router;
use axum::middleware;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// Every route. Order of the layers, from outside: the guard, then fault switches (interfaces only), then the handler.
fn router(platform: &Arc<Platform>) -> Router {
    let interfaces = api::routes()
        .merge(member_card::api::routes())
        .layer(middleware::from_fn_with_state(Arc::clone(platform), faults::wire::apply));
    interfaces
        .merge(admin::routes())
        .merge(dashboard::routes())
        .merge(console::routes())
        .merge(phone::routes())
        .merge(member_card::office::routes())
        .merge(pages::routes())
        .layer(middleware::from_fn_with_state(Arc::clone(platform), guard::check))
        .with_state(Arc::clone(platform))
}

/// Serves until `stopped` fires.
pub(crate) async fn serve(listener: TcpListener, platform: Arc<Platform>, stopped: oneshot::Receiver<()>) {
    let service = router(&platform).into_make_service_with_connect_info::<Peer>();
    let served = axum::serve(Loopback(listener), service).with_graceful_shutdown(async move {
        // A dropped sender means stop, too.
        let _ = stopped.await;
    });
    if let Err(error) = served.await {
        tracing::error!(%error, "practice platform");
    }
}
