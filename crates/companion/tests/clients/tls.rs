//! Certificates nobody vouches for, and other failures of the handshake.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use companion::api::{ErrorCode, Retry};
use companion::clients::HttpLimits;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection};
use url::Url;

use crate::operations::{Operation, http, patient};

/// Serves each connection on a thread of its own; they end with the process.
fn serve(connection: impl Fn(TcpStream) + Send + Sync + 'static) -> (Url, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = Url::parse(&format!("https://{}", listener.local_addr().unwrap())).unwrap();
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    let connection = Arc::new(connection);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            counted.fetch_add(1, Ordering::SeqCst);
            let connection = Arc::clone(&connection);
            thread::spawn(move || connection(stream));
        }
    });
    (url, count)
}

fn self_signed() -> Arc<ServerConfig> {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    Arc::new(config.with_no_client_auth().with_single_cert(vec![made.cert.der().clone()], key).unwrap())
}

#[tokio::test]
async fn a_self_signed_certificate_is_refused_and_nothing_is_sent() {
    let config = self_signed();
    let received = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&received);
    let (url, connections) = serve(move |mut stream| {
        let mut tls = ServerConnection::new(Arc::clone(&config)).unwrap();
        let read = rustls::Stream::new(&mut tls, &mut stream).read(&mut [0; 64]);
        counted.fetch_add(read.unwrap_or_default(), Ordering::SeqCst);
    });
    let http = http(patient());
    for operation in Operation::ALL {
        let error = operation.ask(http.clone(), url.clone()).await.unwrap_err();
        assert_eq!(error.code(), ErrorCode::TlsFailed, "{operation:?}: {error}");
        assert_eq!(error.retry(chrono::DateTime::UNIX_EPOCH), Retry::Never);
    }
    assert_eq!(
        connections.load(Ordering::SeqCst),
        Operation::ALL.len(),
        "a refused certificate is not tried again"
    );
    assert_eq!(received.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_platform_that_speaks_no_tls_is_refused() {
    for reply in [&b"HTTP/1.1 400 Bad Request\r\n\r\n"[..], &[0x15, 3, 3, 0, 2, 2, 40]] {
        let (url, _) = serve(move |mut stream| {
            let _ = stream.read(&mut [0; 1_024]);
            let _ = stream.write_all(reply);
            let _ = stream.read(&mut [0; 1_024]);
        });
        let error = Operation::Settings.ask(http(patient()), url).await.unwrap_err();
        assert_eq!(error.code(), ErrorCode::TlsFailed, "{reply:?}: {error}");
    }
}

#[tokio::test]
async fn a_handshake_that_never_ends_is_a_connect_timeout_and_is_tried_again() {
    let (url, connections) = serve(|mut stream| {
        // Reads until the client hangs up, and never answers.
        while stream.read(&mut [0; 1_024]).is_ok_and(|count| count > 0) {}
    });
    let limits = HttpLimits { connect: Duration::from_secs(1), ..patient() };
    let error = Operation::StableToken.ask(http(limits), url).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::Timeout);
    assert_eq!(error.params()["seconds"], "1");
    assert_eq!(connections.load(Ordering::SeqCst), 3);
}
