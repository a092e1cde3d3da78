//! The two ways out of this computer: to itself, and to the web.

use std::error::Error;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::{Client, ClientBuilder, redirect};
use url::{Host, Url};

use super::HttpLimits;
use crate::clients::error::ClientError;

/// How the app names itself to platforms.
const USER_AGENT: &str = concat!("MerchantCompanion/", env!("CARGO_PKG_VERSION"));

/// Through which proxy the web is reached. This computer is always reached directly.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Proxy {
    /// As the system says.
    #[default]
    System,
    /// No proxy, whatever the system says.
    Direct,
    /// Through this one: `http` or `https`, without user name and password.
    Address(Url),
}

impl Proxy {
    /// Whether an address can be a proxy's. One with a password in it is refused: secrets live in the keyring, and a
    /// proxy that wants one is set up in the system.
    pub fn is_usable(address: &Url) -> bool {
        matches!(address.scheme(), "http" | "https")
            && address.has_host()
            && address.username().is_empty()
            && address.password().is_none()
    }
}

/// The HTTP clients of [`super::Http`].
#[derive(Clone)]
pub(super) struct WayOut {
    /// For this computer: no proxy.
    local: Client,
    /// For everyone else: https only. `None` where the system has no trusted certificates.
    web: Option<Client>,
}

impl WayOut {
    pub(super) fn new(limits: HttpLimits, proxy: &Proxy) -> Result<Self, ClientError> {
        // An error means that a provider is installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        // `localhost` must mean this computer, whatever a name server says.
        let loopback = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];
        let loopback = loopback.map(|ip| SocketAddr::new(ip, 0));
        let local = || common(limits).no_proxy().resolve_to_addrs("localhost", &loopback);
        // A system without trusted certificates (a bare container) still reaches a platform on this computer.
        let local = local()
            .build()
            .or_else(|_| local().tls_certs_only([]).build())
            .map_err(|_| ClientError::Setup)?;
        let web = common(limits).https_only(true);
        let web = match proxy {
            Proxy::System => web,
            Proxy::Direct => web.no_proxy(),
            Proxy::Address(address) => {
                let all = reqwest::Proxy::all(address.clone()).map_err(|_| ClientError::Setup)?;
                web.proxy(all)
            }
        };
        Ok(Self { local, web: web.build().ok() })
    }

    /// The client for an address; without encryption nothing leaves this computer.
    pub(super) fn client_for(&self, url: &Url, host: &str) -> Result<&Client, ClientError> {
        match (url.scheme(), is_this_computer(url)) {
            ("http" | "https", true) => Ok(&self.local),
            ("https", false) => {
                self.web.as_ref().ok_or_else(|| ClientError::TlsFailed { host: host.to_owned() })
            }
            _ => Err(ClientError::NotEncrypted { host: host.to_owned() }),
        }
    }
}

fn common(limits: HttpLimits) -> ClientBuilder {
    Client::builder()
        .user_agent(USER_AGENT)
        .redirect(redirect::Policy::none())
        .referer(false)
        .connect_timeout(limits.connect)
}

/// Whether an address is one of this computer, which nothing leaves on the way there.
pub(in crate::clients) fn is_this_computer(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

/// TLS errors travel inside `io::Error`s, whose `source` skips the error they wrap.
pub(super) fn is_about_tls(error: &(dyn Error + 'static)) -> bool {
    let wrapped = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    error.is::<rustls::Error>()
        || wrapped.is_some_and(|inner| is_about_tls(inner))
        || error.source().is_some_and(is_about_tls)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_stays_on_this_computer() {
        let way_out = WayOut::new(HttpLimits::default(), &Proxy::System).unwrap();
        for (base, allowed) in [
            ("http://127.0.0.1:8080", true),
            ("http://127.9.9.9", true),
            ("http://[::1]:8080/", true),
            ("http://LOCALHOST:1", true),
            ("http://api.weixin.qq.com", false),
            ("http://localhost.example.com", false),
            ("http://0.0.0.0", false),
            ("http://[::ffff:127.0.0.1]", false),
            ("http://192.168.1.2", false),
            ("ftp://127.0.0.1", false),
            ("data:text/plain,hi", false),
        ] {
            let url = Url::parse(base).unwrap();
            assert_eq!(way_out.client_for(&url, "h").is_ok(), allowed, "{base}");
        }
    }

    #[test]
    fn a_proxy_is_an_address_without_a_password() {
        for (text, usable) in [
            ("http://192.168.1.2:8080", true),
            ("https://proxy.example.com", true),
            ("http://user@192.168.1.2:8080", false),
            ("http://user:word@192.168.1.2:8080", false),
            ("ftp://192.168.1.2", false),
            ("data:text/plain,hi", false),
        ] {
            assert_eq!(Proxy::is_usable(&Url::parse(text).unwrap()), usable, "{text}");
        }
    }
}
