//! Addresses of receivers, as their products hand them out (`docs/owners-phone.md`). Every one holds a key.

use std::fmt;

use url::{Host, Url};

use crate::api::ChannelKind;
use crate::clients::http::is_this_computer;
use crate::secrets::Secret;

const WECOM: &str = "qyapi.weixin.qq.com";
const DINGTALK: &str = "oapi.dingtalk.com";
/// Of Feishu, and of its edition outside China.
const FEISHU: [&str; 2] = ["open.feishu.cn", "open.larksuite.com"];
const BARK: &str = "api.day.app";
const SERVERCHAN: &str = "sctapi.ftqq.com";
/// Of the third Server酱; before it stands the number of its user.
const SERVERCHAN_3: &str = ".push.ft07.com";
const FEISHU_PATH: &str = "/open-apis/bot/v2/hook/";
/// Of what DingTalk calls 加签.
const DINGTALK_SECRET: &str = "SEC";
/// Longer is no address that a product hands out.
const LONGEST: usize = 2_000;

/// Where and how to send: an address that fits its kind, with the key that signs for it.
pub(crate) struct Access {
    kind: ChannelKind,
    pub(super) url: Url,
    /// Bark has it in the body.
    pub(super) device: Option<Secret<String>>,
    pub(super) signing: Option<Secret<String>>,
}

/// Why an address cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum BadAccess {
    /// Not an address, not encrypted, or without the key that it should have.
    Address,
    /// Of another product than the one that was chosen.
    Host(String),
    /// The signing key is not one of this product's.
    Signing,
}

impl Access {
    /// Looks at an address as somebody copied it. Of Server酱 its key is enough.
    pub(crate) fn of(
        kind: ChannelKind,
        address: &Secret<String>,
        signing: Option<&Secret<String>>,
    ) -> Result<Self, BadAccess> {
        let text = address.expose().trim();
        let url = match kind {
            ChannelKind::Serverchan if is_sendkey(text) => of_sendkey(text)?,
            _ => parsed(text).ok_or(BadAccess::Address)?,
        };
        let is_local = is_this_computer(&url);
        if url.scheme() != "https" && !(is_local && url.scheme() == "http") {
            return Err(BadAccess::Address);
        }
        if !is_local && !is_of(kind, &url) {
            return Err(BadAccess::Host(host(&url)));
        }
        if !has_key(kind, &url) {
            return Err(BadAccess::Address);
        }
        let signing = signed(kind, signing)?;
        let (url, device) = if kind == ChannelKind::Bark { of_bark(url) } else { (url, None) };
        Ok(Self { kind, url, device, signing })
    }

    /// Whether both lead to one receiver, however their addresses were copied.
    pub(crate) fn leads_where(&self, other: &Self) -> bool {
        self.url == other.url
            && self.device.as_ref().map(Secret::expose) == other.device.as_ref().map(Secret::expose)
    }

    pub(crate) fn kind(&self) -> ChannelKind {
        self.kind
    }

    /// Who gets the messages: host, and port where it is not the usual one. Not a secret.
    pub(crate) fn host(&self) -> String {
        host(&self.url)
    }
}

/// Without the address, which is the key.
impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Access").field("kind", &self.kind).field("host", &self.host()).finish_non_exhaustive()
    }
}

/// The product of an address, where its host or its form shows it.
pub(crate) fn recognise(address: &Secret<String>) -> Option<ChannelKind> {
    let text = address.expose().trim();
    if is_sendkey(text) {
        return Some(ChannelKind::Serverchan);
    }
    of_host(&parsed(text)?)
}

fn of_host(url: &Url) -> Option<ChannelKind> {
    match url.host_str()? {
        WECOM => Some(ChannelKind::Wecom),
        DINGTALK => Some(ChannelKind::Dingtalk),
        host if FEISHU.contains(&host) => Some(ChannelKind::Feishu),
        BARK => Some(ChannelKind::Bark),
        host if host == SERVERCHAN || host.ends_with(SERVERCHAN_3) => Some(ChannelKind::Serverchan),
        _ => None,
    }
}

/// Bark and a receiver of the shop's own may be anywhere, but not at another product's.
fn is_of(kind: ChannelKind, url: &Url) -> bool {
    match of_host(url) {
        Some(found) => found == kind,
        None => matches!(kind, ChannelKind::Bark | ChannelKind::Webhook),
    }
}

fn parsed(text: &str) -> Option<Url> {
    let mut url = Url::parse(text).ok().filter(|_| text.len() <= LONGEST)?;
    // A password in an address would be on screen wherever the address is.
    let is_plain = url.username().is_empty() && url.password().is_none();
    url.set_fragment(None);
    let has_host = match url.host()? {
        Host::Domain(name) => !name.is_empty(),
        Host::Ipv4(_) | Host::Ipv6(_) => true,
    };
    (is_plain && has_host).then_some(url)
}

/// Whether the address has the path and the key of its product.
fn has_key(kind: ChannelKind, url: &Url) -> bool {
    let parameter = |name: &str| url.query_pairs().any(|(key, value)| key == name && !value.is_empty());
    let path = url.path();
    match kind {
        ChannelKind::Wecom => path == "/cgi-bin/webhook/send" && parameter("key"),
        ChannelKind::Dingtalk => path == "/robot/send" && parameter("access_token"),
        ChannelKind::Feishu => path.strip_prefix(FEISHU_PATH).is_some_and(|key| !key.is_empty()),
        ChannelKind::Bark => !device_of(url).is_empty(),
        ChannelKind::Serverchan => {
            path.strip_suffix(".send").is_some_and(|path| path.rsplit('/').next().is_some_and(is_sendkey))
        }
        ChannelKind::Webhook => true,
    }
}

/// The app copies addresses with words after the key.
fn device_of(url: &Url) -> &str {
    url.path().split('/').nth(1).unwrap_or_default()
}

fn of_bark(mut url: Url) -> (Url, Option<Secret<String>>) {
    let device = Secret::from(device_of(&url));
    url.set_path("/push");
    url.set_query(None);
    (url, Some(device))
}

fn is_sendkey(text: &str) -> bool {
    let is_word = text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_word && text.len() > 8 && text.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("SCT"))
}

/// The third Server酱 has the number of its user in the key, and in the host.
fn of_sendkey(key: &str) -> Result<Url, BadAccess> {
    let of_user = key.strip_prefix("sctp").and_then(|rest| rest.split_once('t'));
    let address = match of_user {
        Some((user, _)) if !user.is_empty() && user.bytes().all(|byte| byte.is_ascii_digit()) => {
            format!("https://{user}{SERVERCHAN_3}/send/{key}.send")
        }
        Some(_) => return Err(BadAccess::Address),
        None => format!("https://{SERVERCHAN}/{key}.send"),
    };
    Url::parse(&address).map_err(|_| BadAccess::Address)
}

fn signed(kind: ChannelKind, signing: Option<&Secret<String>>) -> Result<Option<Secret<String>>, BadAccess> {
    let Some(given) = signing.map(|given| given.expose().trim()).filter(|given| !given.is_empty()) else {
        return Ok(None);
    };
    match kind {
        ChannelKind::Dingtalk if !given.starts_with(DINGTALK_SECRET) => Err(BadAccess::Signing),
        ChannelKind::Dingtalk | ChannelKind::Feishu => Ok(Some(Secret::from(given))),
        // The others sign nothing.
        _ => Err(BadAccess::Signing),
    }
}

fn host(url: &Url) -> String {
    let name = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| name.to_owned(), |port| format!("{name}:{port}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(kind: ChannelKind, address: &str, signing: Option<&str>) -> Result<Access, BadAccess> {
        Access::of(kind, &Secret::from(address), signing.map(Secret::from).as_ref())
    }

    #[test]
    fn an_address_pasted_whole_names_its_product() {
        for (address, kind) in [
            (" https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=a-b ", Some(ChannelKind::Wecom)),
            ("https://oapi.dingtalk.com/robot/send?access_token=ab", Some(ChannelKind::Dingtalk)),
            ("https://open.feishu.cn/open-apis/bot/v2/hook/ab-c", Some(ChannelKind::Feishu)),
            ("https://open.larksuite.com/open-apis/bot/v2/hook/ab-c", Some(ChannelKind::Feishu)),
            ("https://api.day.app/devicekey/推送内容", Some(ChannelKind::Bark)),
            ("https://sctapi.ftqq.com/SCT123456Tabc.send", Some(ChannelKind::Serverchan)),
            ("https://77.push.ft07.com/send/sctp77tabcdef.send", Some(ChannelKind::Serverchan)),
            ("SCT123456Tabc", Some(ChannelKind::Serverchan)),
            ("https://hooks.example.com/a", None),
            ("ftqq", None),
            ("", None),
        ] {
            assert_eq!(recognise(&Secret::from(address)), kind, "{address}");
        }
    }

    #[test]
    fn an_address_becomes_what_its_product_documents() {
        let wecom = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=a-b";
        for (kind, address, url, device) in [
            (ChannelKind::Wecom, wecom, wecom, None),
            (
                ChannelKind::Bark,
                "https://api.day.app/devicekey/推送内容?x=1",
                "https://api.day.app/push",
                Some("devicekey"),
            ),
            (
                ChannelKind::Bark,
                "https://bark.example.com:8443/k",
                "https://bark.example.com:8443/push",
                Some("k"),
            ),
            (ChannelKind::Serverchan, "SCT123456Tabc", "https://sctapi.ftqq.com/SCT123456Tabc.send", None),
            (
                ChannelKind::Serverchan,
                "sctp77tabcdef",
                "https://77.push.ft07.com/send/sctp77tabcdef.send",
                None,
            ),
            (
                ChannelKind::Webhook,
                "https://hooks.example.com/a?b=c#d",
                "https://hooks.example.com/a?b=c",
                None,
            ),
            (ChannelKind::Webhook, "http://127.0.0.1:9/a", "http://127.0.0.1:9/a", None),
        ] {
            let access = of(kind, address, None).unwrap();
            assert_eq!(access.url.as_str(), url);
            assert_eq!(access.device.as_ref().map(Secret::expose), device);
        }
    }

    #[test]
    fn what_is_wrong_with_an_address_is_said_of_it() {
        let host = |name: &str| Some(BadAccess::Host(name.to_owned()));
        let wrong = Some(BadAccess::Address);
        for (kind, address, expected) in [
            (ChannelKind::Wecom, "", wrong.clone()),
            (ChannelKind::Wecom, "a word", wrong.clone()),
            (ChannelKind::Wecom, "http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=a", wrong.clone()),
            (ChannelKind::Wecom, "https://qyapi.weixin.qq.com/cgi-bin/webhook/send", wrong.clone()),
            (ChannelKind::Wecom, "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=", wrong.clone()),
            (
                ChannelKind::Wecom,
                "https://oapi.dingtalk.com/robot/send?access_token=a",
                host("oapi.dingtalk.com"),
            ),
            (ChannelKind::Wecom, "https://example.com/cgi-bin/webhook/send?key=a", host("example.com")),
            (ChannelKind::Webhook, "https://open.feishu.cn/open-apis/bot/v2/hook/a", host("open.feishu.cn")),
            (ChannelKind::Feishu, "https://open.feishu.cn/open-apis/bot/v2/hook/", wrong.clone()),
            (ChannelKind::Feishu, "https://open.feishu.cn.example.com/x", host("open.feishu.cn.example.com")),
            (ChannelKind::Bark, "https://api.day.app/", wrong.clone()),
            (ChannelKind::Serverchan, "sctpxt123456", wrong.clone()),
            (ChannelKind::Webhook, "https://user:word@example.com/a", wrong.clone()),
            (ChannelKind::Webhook, "http://192.168.1.2/a", wrong.clone()),
            (ChannelKind::Webhook, "file:///etc/hosts", wrong.clone()),
            (ChannelKind::Webhook, "https://hooks.example.com/a", None),
        ] {
            assert_eq!(of(kind, address, None).err(), expected, "{kind:?} {address}");
        }
        let long = format!("https://hooks.example.com/{}", "a".repeat(LONGEST));
        assert_eq!(of(ChannelKind::Webhook, &long, None).err(), wrong);
    }

    #[test]
    fn a_signing_key_is_one_of_its_product() {
        let dingtalk = "https://oapi.dingtalk.com/robot/send?access_token=a";
        let feishu = "https://open.feishu.cn/open-apis/bot/v2/hook/a";
        let wecom = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=a";
        for (kind, address, signing, expected) in [
            (ChannelKind::Dingtalk, dingtalk, " SEC1 ", None),
            (ChannelKind::Dingtalk, dingtalk, "  ", None),
            (ChannelKind::Dingtalk, dingtalk, "word", Some(BadAccess::Signing)),
            (ChannelKind::Feishu, feishu, "word", None),
            (ChannelKind::Wecom, wecom, "word", Some(BadAccess::Signing)),
        ] {
            assert_eq!(of(kind, address, Some(signing)).err(), expected, "{kind:?} {signing}");
        }
    }

    #[test]
    fn debug_shows_no_key() {
        let access = of(ChannelKind::Bark, "https://api.day.app/planted-word", None).unwrap();
        assert!(!format!("{access:?}").contains("planted"), "{access:?}");
    }
}
