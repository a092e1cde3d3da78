//! The bytes that each receiver wants (`docs/owners-phone.md`). Pure.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use ring::hmac;
use serde::Serialize;
use url::Url;
use zeroize::Zeroizing;

use super::access::Access;
use crate::api::ChannelKind;
use crate::clients::error::ClientError;
use crate::clients::http::Posted;
use crate::secrets::Secret;

/// What to send: a line, and more below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wording {
    /// The application's name, by which a phone groups its messages.
    pub(crate) group: String,
    pub(crate) title: String,
    pub(crate) text: String,
}

/// Bytes of a text of WeCom's.
const WECOM_BYTES: usize = 2_048;
/// Bytes of a text of DingTalk's, and of a whole message of Feishu's less what stands around its text.
const GROUP_BYTES: usize = 18_000;
/// Bytes of a text of Bark's: Apple's push takes 4,096 with everything around it.
const BARK_BYTES: usize = 2_500;
/// Characters of a title of Server酱's.
const SERVERCHAN_TITLE: usize = 32;
const SERVERCHAN_BYTES: usize = 32_000;

#[derive(Serialize)]
struct Content<'a> {
    content: &'a str,
}

/// WeCom's and DingTalk's.
#[derive(Serialize)]
struct OfGroup<'a> {
    msgtype: &'static str,
    text: Content<'a>,
}

#[derive(Serialize)]
struct FeishuContent<'a> {
    text: &'a str,
}

#[derive(Serialize)]
struct OfFeishu<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    timestamp: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sign: Option<String>,
    msg_type: &'static str,
    content: FeishuContent<'a>,
}

#[derive(Serialize)]
struct OfBark<'a> {
    device_key: &'a str,
    title: &'a str,
    body: &'a str,
    group: &'a str,
}

#[derive(Serialize)]
struct OfServerchan<'a> {
    title: &'a str,
    desp: &'a str,
}

#[derive(Serialize)]
struct OfWebhook<'a> {
    title: &'a str,
    text: &'a str,
}

/// The request for one message at `now`, by which it is signed.
pub(super) fn posted(access: &Access, text: &Wording, now: DateTime<Utc>) -> Result<Posted, ClientError> {
    let mut url = access.url.clone();
    let whole = format!("{}\n{}", text.title, text.text);
    let body = match access.kind() {
        ChannelKind::Wecom => of_group(&whole, WECOM_BYTES),
        ChannelKind::Dingtalk => {
            if let Some(key) = &access.signing {
                sign_dingtalk(&mut url, key, now);
            }
            of_group(&whole, GROUP_BYTES)
        }
        ChannelKind::Feishu => {
            let seconds = now.timestamp().to_string();
            let sign = access.signing.as_ref().map(|key| feishu_sign(key, &seconds));
            json(&OfFeishu {
                timestamp: sign.is_some().then_some(seconds),
                sign,
                msg_type: "text",
                content: FeishuContent { text: shortened(&whole, GROUP_BYTES) },
            })
        }
        ChannelKind::Bark => json(&OfBark {
            device_key: access.device.as_ref().map(Secret::expose).unwrap_or_default(),
            title: &text.title,
            body: shortened(&text.text, BARK_BYTES),
            group: &text.group,
        }),
        ChannelKind::Serverchan => {
            // In Markdown a line goes on after one line break.
            let desp = whole.replace('\n', "\n\n");
            json(&OfServerchan {
                title: beginning(&text.title, SERVERCHAN_TITLE),
                desp: shortened(&desp, SERVERCHAN_BYTES),
            })
        }
        ChannelKind::Webhook => json(&OfWebhook { title: &text.title, text: &text.text }),
    };
    Ok(Posted { url, host: access.host(), body: body? })
}

fn of_group(text: &str, bytes: usize) -> Result<Zeroizing<Vec<u8>>, ClientError> {
    json(&OfGroup { msgtype: "text", text: Content { content: shortened(text, bytes) } })
}

fn json(message: &impl Serialize) -> Result<Zeroizing<Vec<u8>>, ClientError> {
    serde_json::to_vec(message).map(Zeroizing::new).map_err(|_| ClientError::Setup)
}

/// `timestamp` in milliseconds, `sign` over it and the key, with the key.
fn sign_dingtalk(url: &mut Url, key: &Secret<String>, now: DateTime<Utc>) {
    let millis = now.timestamp_millis();
    let signed = Zeroizing::new(format!("{millis}\n{}", key.expose()));
    let sign = hmac_sha256(key.expose().as_bytes(), signed.as_bytes());
    url.query_pairs_mut().append_pair("timestamp", &millis.to_string()).append_pair("sign", &sign);
}

/// Over nothing, with the time and the key: the other way round than DingTalk's.
fn feishu_sign(key: &Secret<String>, seconds: &str) -> String {
    let signing = Zeroizing::new(format!("{seconds}\n{}", key.expose()));
    hmac_sha256(signing.as_bytes(), b"")
}

fn hmac_sha256(key: &[u8], message: &[u8]) -> String {
    STANDARD.encode(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), message))
}

/// The beginning of a text, of at most this number of bytes.
fn shortened(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}

/// The beginning of a text, of at most this number of characters.
fn beginning(text: &str, characters: usize) -> &str {
    text.char_indices().nth(characters).map_or(text, |(end, _)| &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;
    use billing_core::time::parse_instant;

    fn now() -> DateTime<Utc> {
        parse_instant("2026-03-10T12:00:00+08:00").unwrap()
    }

    fn text() -> Wording {
        let words = |text: &str| text.to_owned();
        Wording {
            group: words("验号管家"),
            title: words("验号管家：晋味小馆"),
            text: words("剩余额度不超过 20%"),
        }
    }

    fn sent(kind: ChannelKind, address: &str, signing: Option<&str>, text: &Wording) -> (String, String) {
        let access = Access::of(kind, &Secret::from(address), signing.map(Secret::from).as_ref()).unwrap();
        let posted = posted(&access, text, now()).unwrap();
        (posted.url.to_string(), String::from_utf8(posted.body.to_vec()).unwrap())
    }

    /// The signatures were worked out by Python's `hmac`, from the documents alone.
    #[test]
    fn each_receiver_gets_the_bytes_that_its_document_asks_for() {
        const WECOM: &str = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=a-b";
        const DINGTALK: &str = "https://oapi.dingtalk.com/robot/send?access_token=ab";
        const FEISHU: &str = "https://open.feishu.cn/open-apis/bot/v2/hook/ab-c";
        const SERVERCHAN: &str = "https://sctapi.ftqq.com/SCT123456Tabc.send";
        const GROUP: &str =
            r#"{"msgtype":"text","text":{"content":"验号管家：晋味小馆\n剩余额度不超过 20%"}}"#;
        for (kind, address, signing, url, body) in [
            (ChannelKind::Wecom, WECOM, None, WECOM, GROUP),
            (ChannelKind::Dingtalk, DINGTALK, None, DINGTALK, GROUP),
            (
                ChannelKind::Dingtalk,
                DINGTALK,
                Some("SECthis is secret"),
                "https://oapi.dingtalk.com/robot/send?access_token=ab&timestamp=1773115200000&sign=THdn0x5%2BdRzG4euPFcl2XM7MBbHt7Kfic0JfXTnkwHw%3D",
                GROUP,
            ),
            (
                ChannelKind::Feishu,
                FEISHU,
                None,
                FEISHU,
                r#"{"msg_type":"text","content":{"text":"验号管家：晋味小馆\n剩余额度不超过 20%"}}"#,
            ),
            (
                ChannelKind::Feishu,
                FEISHU,
                Some("demo"),
                FEISHU,
                r#"{"timestamp":"1773115200","sign":"q6nAiPMowHOGHY5dqra5iUgveibkWdwZtGEOGhYnsXM=","msg_type":"text","content":{"text":"验号管家：晋味小馆\n剩余额度不超过 20%"}}"#,
            ),
            (
                ChannelKind::Bark,
                "https://api.day.app/devicekey/推送内容",
                None,
                "https://api.day.app/push",
                r#"{"device_key":"devicekey","title":"验号管家：晋味小馆","body":"剩余额度不超过 20%","group":"验号管家"}"#,
            ),
            (
                ChannelKind::Serverchan,
                "SCT123456Tabc",
                None,
                SERVERCHAN,
                r#"{"title":"验号管家：晋味小馆","desp":"验号管家：晋味小馆\n\n剩余额度不超过 20%"}"#,
            ),
            (
                ChannelKind::Webhook,
                "https://hooks.example.com/a?b=c",
                None,
                "https://hooks.example.com/a?b=c",
                r#"{"title":"验号管家：晋味小馆","text":"剩余额度不超过 20%"}"#,
            ),
        ] {
            let (found_url, found_body) = sent(kind, address, signing, &text());
            assert_eq!((found_url.as_str(), found_body.as_str()), (url, body), "{kind:?} {signing:?}");
        }
    }

    /// RFC 4231, test case 2.
    #[test]
    fn the_hash_is_that_of_the_standard() {
        let expected: [u8; 32] = [
            0x5b, 0xdc, 0xc1, 0x46, 0xbf, 0x60, 0x75, 0x4e, 0x6a, 0x04, 0x24, 0x26, 0x08, 0x95, 0x75, 0xc7,
            0x5a, 0x00, 0x3f, 0x08, 0x9d, 0x27, 0x39, 0x83, 0x9d, 0xec, 0x58, 0xb9, 0x64, 0xec, 0x38, 0x43,
        ];
        assert_eq!(hmac_sha256(b"Jefe", b"what do ya want for nothing?"), STANDARD.encode(expected));
    }

    #[test]
    fn a_long_message_is_cut_where_the_receiver_would_refuse_it() {
        let long = Wording { title: "店".repeat(700), text: "额度".repeat(9_000), ..text() };
        let content = |kind, address| {
            let (_, body) = sent(kind, address, None, &long);
            (body.len(), serde_json::from_str::<serde_json::Value>(&body).unwrap())
        };
        let (_, wecom) =
            content(ChannelKind::Wecom, "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=a");
        let wecom = wecom["text"]["content"].as_str().unwrap();
        assert!((2_046..=2_048).contains(&wecom.len()), "{}", wecom.len());
        let (bytes, _) = content(ChannelKind::Feishu, "https://open.feishu.cn/open-apis/bot/v2/hook/a");
        assert!(bytes <= 20_000, "{bytes}");
        let (bytes, _) =
            content(ChannelKind::Dingtalk, "https://oapi.dingtalk.com/robot/send?access_token=a");
        assert!(bytes <= 20_000, "{bytes}");
        let (_, serverchan) = content(ChannelKind::Serverchan, "SCT123456Tabc");
        assert_eq!(serverchan["title"].as_str().unwrap().chars().count(), 32);
    }
}
