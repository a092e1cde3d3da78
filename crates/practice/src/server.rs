//! The routes, and the layers around them.

use crate::connection::Connection;
use crate::platform::Platform;
use crate::{admin, api, console, dashboard, faults, guard, member_card, page_key, pages, phone};
use axum::Router;
use axum::extract::ConnectInfo;
use axum::http::Request;
use axum::middleware;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, oneshot};

/// Every route. Order of the layers, from outside: the guard, then fault switches (interfaces only) or the key (pages only), then the handler.
fn router(platform: &Arc<Platform>) -> Router {
    let interfaces = api::routes()
        .merge(member_card::api::routes())
        .layer(middleware::from_fn_with_state(Arc::clone(platform), faults::wire::apply));
    let windows = dashboard::routes()
        .merge(console::routes())
        .merge(phone::routes())
        .merge(member_card::office::routes())
        .merge(pages::routes())
        .layer(middleware::from_fn_with_state(Arc::clone(platform), page_key::check));
    interfaces
        .merge(admin::routes())
        .merge(windows)
        .layer(middleware::from_fn_with_state(Arc::clone(platform), guard::check))
        .with_state(Arc::clone(platform))
}

/// What one client may take up.
#[derive(Debug, Clone, Copy)]
struct Limits {
    /// How long a request may take to send its headers, and a connection may wait for the next request.
    headers: Duration,
    /// Connections open at once; more wait until one ends.
    connections: usize,
}

const LIMITS: Limits = Limits { headers: Duration::from_secs(30), connections: 64 };

/// Pause after a connection that could not be accepted, such as when no file descriptor is left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves until `stopped` fires, then lets open requests finish.
pub(crate) async fn serve(listener: TcpListener, platform: Arc<Platform>, stopped: oneshot::Receiver<()>) {
    accept(listener, router(&platform), LIMITS, stopped).await;
}

async fn accept(listener: TcpListener, router: Router, limits: Limits, stopped: oneshot::Receiver<()>) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(limits.headers);
    let (open, seats) = (GracefulShutdown::new(), Arc::new(Semaphore::new(limits.connections)));
    let mut stopped = std::pin::pin!(stopped);
    loop {
        let next = async {
            let seat = Arc::clone(&seats).acquire_owned().await;
            (seat, listener.accept().await)
        };
        let (seat, accepted) = tokio::select! {
            accepted = next => accepted,
            // A dropped sender means stop, too.
            _ = &mut stopped => break,
        };
        let (stream, address) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        let connection = Connection::new(stream, address.ip());
        let peer = connection.peer();
        let app = TowerToHyperService::new(router.clone());
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(peer.clone()));
            app.call(request)
        });
        let served = open.watch(http.serve_connection(TokioIo::new(connection), service));
        tokio::spawn(async move {
            if let Err(error) = served.await {
                tracing::debug!(%error, "a connection ended early");
            }
            drop(seat);
        });
    }
    drop(listener);
    open.shutdown().await;
}

#[cfg(test)]
mod tests {
    use super::{Limits, accept};
    use axum::{Router, routing::get};
    use std::net::SocketAddr;
    use std::time::Duration;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};
    use tokio::sync::oneshot;

    const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n";

    async fn served(limits: Limits) -> (SocketAddr, oneshot::Sender<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let router = Router::new().route("/", get(|| async { "here" }));
        tokio::spawn(accept(listener, router, limits, stopped));
        (address, stop)
    }

    #[tokio::test]
    async fn a_request_that_never_ends_is_cut_off() {
        let (address, _stop) = served(Limits { headers: Duration::from_millis(200), connections: 64 }).await;
        let mut half = TcpStream::connect(address).await.unwrap();
        half.write_all(b"GET / HTTP/1.1\r\nHost: he").await.unwrap();
        let mut answer = Vec::new();
        let ended = tokio::time::timeout(Duration::from_secs(20), half.read_to_end(&mut answer)).await;
        assert!(ended.is_ok(), "the server waits for the rest of the headers for ever");
    }

    #[tokio::test]
    async fn connections_beyond_the_limit_wait_until_another_ends() {
        let (address, _stop) = served(Limits { headers: Duration::from_mins(1), connections: 2 }).await;
        let (first, second) = (TcpStream::connect(address).await, TcpStream::connect(address).await);
        let mut third = TcpStream::connect(address).await.unwrap();
        third.write_all(REQUEST).await.unwrap();
        let mut answer = Vec::new();
        let early = tokio::time::timeout(Duration::from_millis(300), third.read_to_end(&mut answer)).await;
        assert!(early.is_err(), "the third connection was served: {answer:?}");
        drop((first, second));
        third.read_to_end(&mut answer).await.unwrap();
        assert!(answer.ends_with(b"here"), "{answer:?}");
    }
}
