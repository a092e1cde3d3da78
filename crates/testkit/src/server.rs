//! A server of a few lines that does exactly what a test tells it, wrong HTTP included.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use url::Url;

/// What the server does after it read a request. Then it closes the connection.
#[derive(Debug, Clone)]
pub enum Answer {
    /// Writes these bytes.
    Bytes(Vec<u8>),
    /// Writes these bytes, then waits until the client goes away.
    ThenSilence(Vec<u8>),
    /// Writes a head and this many bytes of JSON white space, or as many as the client takes.
    Huge { head: Vec<u8>, bytes: usize },
    /// Resets the connection (TCP RST).
    Reset,
}

/// One request as it arrived.
#[derive(Debug, Clone)]
pub struct Request {
    pub method: String,
    /// Path and query.
    pub target: String,
    /// Header lines as they came.
    pub head: String,
    pub body: String,
}

impl Request {
    /// A parameter of the query string, unescaped.
    pub fn query(&self, name: &str) -> Option<String> {
        let url = Url::parse("http://h").unwrap().join(&self.target).unwrap();
        url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }

    /// The path without the query.
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap()
    }

    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.into_iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

#[derive(Debug, Default)]
struct Log {
    requests: Vec<Request>,
    written: usize,
    /// Connections the client closed while the server still had something to say or to wait for.
    hung_up: usize,
}

/// A running server; it ends with the test's runtime.
#[derive(Debug, Clone)]
pub struct Server {
    address: SocketAddr,
    log: Arc<Mutex<Log>>,
}

impl Server {
    /// Answers every request by `answer`, which also learns how many came before.
    pub fn start(answer: impl Fn(&Request, usize) -> Answer + Send + Sync + 'static) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        // Small, so that what the server wrote is close to what the client took.
        socket.set_send_buffer_size(64 * 1_024).unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let listener = socket.listen(64).unwrap();
        let server = Self { address: listener.local_addr().unwrap(), log: Arc::default() };
        tokio::spawn(accept(listener, Arc::new(answer), Arc::clone(&server.log)));
        server
    }

    /// Gives these answers in turn, the last one for ever.
    pub fn script(answers: Vec<Answer>) -> Self {
        Self::start(move |_, before| answers[before.min(answers.len() - 1)].clone())
    }

    pub fn url(&self) -> Url {
        Url::parse(&format!("http://{}", self.address)).unwrap()
    }

    pub fn host(&self) -> String {
        self.address.to_string()
    }

    pub fn requests(&self) -> Vec<Request> {
        self.log.lock().unwrap().requests.clone()
    }

    /// Bytes of bodies the system took from the server.
    pub fn written(&self) -> usize {
        self.log.lock().unwrap().written
    }

    pub fn hung_up(&self) -> usize {
        self.log.lock().unwrap().hung_up
    }
}

type Answering = Arc<dyn Fn(&Request, usize) -> Answer + Send + Sync>;

async fn accept(listener: TcpListener, answer: Answering, log: Arc<Mutex<Log>>) {
    while let Ok((stream, _)) = listener.accept().await {
        let (answer, log) = (Arc::clone(&answer), Arc::clone(&log));
        tokio::spawn(async move { serve(stream, &answer, &log).await });
    }
}

async fn serve(mut stream: TcpStream, answer: &Answering, log: &Mutex<Log>) {
    let Some(request) = read_request(&mut stream).await else { return };
    let before = {
        let mut log = log.lock().unwrap();
        log.requests.push(request.clone());
        log.requests.len() - 1
    };
    match answer(&request, before) {
        Answer::Bytes(bytes) => {
            let _ = stream.write_all(&bytes).await;
            let _ = stream.shutdown().await;
        }
        Answer::ThenSilence(bytes) => {
            let _ = stream.write_all(&bytes).await;
            // Ends when the client closes; a client that never gives up lets the test hang, and fail.
            let _ = stream.read(&mut [0; 1]).await;
            log.lock().unwrap().hung_up += 1;
        }
        Answer::Huge { head, bytes } => {
            let _ = stream.write_all(&head).await;
            let piece = vec![b' '; 16 * 1_024];
            let mut left = bytes;
            while left > 0 {
                let Ok(taken) = stream.write(&piece[..left.min(piece.len())]).await else {
                    log.lock().unwrap().hung_up += 1;
                    return;
                };
                left -= taken;
                log.lock().unwrap().written += taken;
            }
        }
        Answer::Reset => stream.set_zero_linger().unwrap(),
    }
}

async fn read_request(stream: &mut TcpStream) -> Option<Request> {
    let mut bytes = Vec::new();
    let head_end = loop {
        if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break at;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(bytes[..head_end].to_vec()).unwrap();
    let mut first = head.lines().next()?.split(' ');
    let (method, target) = (first.next()?.to_owned(), first.next()?.to_owned());
    let mut request = Request { method, target, head: head.clone(), body: String::new() };
    let length: usize = request.header("content-length").map_or(0, |length| length.parse().unwrap());
    while bytes.len() < head_end + 4 + length {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    request.body = String::from_utf8(bytes[head_end + 4..].to_vec()).unwrap();
    Some(request)
}

/// An address nobody listens at, and nobody else can take.
#[derive(Debug)]
pub struct Nobody {
    pub url: Url,
    /// Bound, but not listening: whoever connects is refused.
    _socket: TcpSocket,
}

impl Default for Nobody {
    fn default() -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let url = Url::parse(&format!("http://{}", socket.local_addr().unwrap())).unwrap();
        Self { url, _socket: socket }
    }
}

/// An answer of status 200 with this body.
pub fn ok(body: &str) -> Answer {
    status("200 OK", body)
}

/// An answer with this status and body.
pub fn status(status: &str, body: &str) -> Answer {
    Answer::Bytes(message(status, body.len(), body))
}

/// The bytes of an answer that announces `length` bytes and carries `body`.
pub fn message(status: &str, length: usize, body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
    .into_bytes()
}
