//! What receivers say of a message (`docs/owners-phone.md`): most of them say no with HTTP status 200. Pure.

use std::time::Duration;

use billing_core::time::{beijing_day, beijing_midnight};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

use crate::api::{ChannelKind, ErrorCode};
use crate::clients::error::ClientError;
use crate::clients::http::Replied;

/// What became of a message.
#[derive(Debug)]
pub(crate) enum Delivery {
    Sent,
    /// Not delivered; the receiver wants to be left alone for so long.
    Limited {
        wait: Duration,
        errcode: Option<i64>,
    },
    /// Not delivered, and the same message would be refused again.
    Refused {
        code: ErrorCode,
        errcode: Option<i64>,
    },
    /// It may have been delivered.
    Unclear,
    /// It never left this computer.
    Unsent(ClientError),
}

/// Limits of the robots are counted by the minute.
const MINUTE: Duration = Duration::from_mins(1);
/// DingTalk bars a robot for ten minutes.
const DINGTALK_BAR: Duration = Duration::from_mins(10);
/// A day's limit may end a little later than the day.
const AFTER_MIDNIGHT: Duration = Duration::from_mins(5);

/// The verdict, by whatever name a receiver has for it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Verdict {
    /// WeCom, DingTalk.
    errcode: Option<Value>,
    errmsg: Option<Value>,
    /// Feishu, Bark, Server酱.
    code: Option<Value>,
    msg: Option<Value>,
    message: Option<Value>,
    /// DingTalk's guard against floods: how many seconds to wait.
    punish: Option<Value>,
    wait: Option<Value>,
    /// Receivers of other makers.
    ok: Option<Value>,
    success: Option<Value>,
}

impl Verdict {
    /// Empty where the answer is not a JSON object.
    fn of(body: &[u8]) -> Self {
        let object = serde_json::from_slice(body).ok().filter(Value::is_object);
        object.and_then(|object| serde_json::from_value(object).ok()).unwrap_or_default()
    }

    fn errcode(&self) -> Option<i64> {
        number(self.errcode.as_ref())
    }

    fn code(&self) -> Option<i64> {
        number(self.code.as_ref())
    }

    /// Whatever it says in prose, to tell apart what has one number; it goes no further.
    fn says(&self, words: &[&str]) -> bool {
        let said = [&self.errmsg, &self.msg, &self.message];
        let said: Vec<_> =
            said.into_iter().flatten().filter_map(Value::as_str).map(str::to_lowercase).collect();
        words.iter().any(|word| said.iter().any(|text| text.contains(word)))
    }
}

/// A number, or its digits in a string.
fn number(value: Option<&Value>) -> Option<i64> {
    match value? {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// Reads an answer that came at `now`.
pub(super) fn read(kind: ChannelKind, replied: &Replied, now: DateTime<Utc>) -> Delivery {
    let verdict = Verdict::of(&replied.body);
    match replied.status {
        300..=399 => return refused(ErrorCode::ChannelRedirects, Some(i64::from(replied.status))),
        429 => return limited(replied.retry_after.unwrap_or(MINUTE), Some(429)),
        503 => {
            if let Some(wait) = replied.retry_after {
                return limited(wait, Some(503));
            }
        }
        _ => {}
    }
    let read = match kind {
        ChannelKind::Wecom => wecom(&verdict),
        ChannelKind::Dingtalk => dingtalk(&verdict),
        ChannelKind::Feishu => feishu(&verdict),
        ChannelKind::Bark => bark(&verdict),
        ChannelKind::Serverchan => serverchan(&verdict, now),
        ChannelKind::Webhook => webhook(&verdict, replied.status),
    };
    read.unwrap_or_else(|| by_status(replied.status))
}

fn refused(code: ErrorCode, errcode: Option<i64>) -> Delivery {
    Delivery::Refused { code, errcode }
}

fn limited(wait: Duration, errcode: Option<i64>) -> Delivery {
    Delivery::Limited { wait, errcode }
}

/// An answer without a verdict. One of status 200 may come from anybody between here and the receiver.
fn by_status(status: u16) -> Delivery {
    match status {
        401 | 403 | 404 | 410 => refused(ErrorCode::ChannelAddressRefused, Some(i64::from(status))),
        408 => Delivery::Unclear,
        400..=499 => refused(ErrorCode::ChannelRefused, Some(i64::from(status))),
        _ => Delivery::Unclear,
    }
}

fn wecom(verdict: &Verdict) -> Option<Delivery> {
    let errcode = verdict.errcode()?;
    Some(match errcode {
        0 => Delivery::Sent,
        // -1 is "busy, ask again later".
        -1 | 45_009 | 45_033 => limited(MINUTE, Some(errcode)),
        93_000 => refused(ErrorCode::ChannelAddressRefused, Some(errcode)),
        _ => refused(ErrorCode::ChannelRefused, Some(errcode)),
    })
}

fn dingtalk(verdict: &Verdict) -> Option<Delivery> {
    let Some(errcode) = verdict.errcode() else {
        verdict.punish.as_ref()?;
        let seconds = number(verdict.wait.as_ref()).and_then(|seconds| u64::try_from(seconds).ok());
        return Some(limited(
            Duration::from_secs(seconds.unwrap_or_default()).clamp(MINUTE, DINGTALK_BAR),
            None,
        ));
    };
    let code = match errcode {
        0 => return Some(Delivery::Sent),
        -1 => return Some(limited(MINUTE, Some(errcode))),
        130_101 | 410_100 => return Some(limited(DINGTALK_BAR, Some(errcode))),
        // One number for its three ways of keeping strangers out.
        310_000 if verdict.says(&["keyword"]) => ErrorCode::ChannelKeywordRefused,
        310_000 if verdict.says(&["sign", "timestamp"]) => ErrorCode::ChannelSignRefused,
        310_000 if verdict.says(&["ip ", "whitelist"]) => ErrorCode::ChannelIpRefused,
        _ if verdict.says(&["token"]) => ErrorCode::ChannelAddressRefused,
        _ => ErrorCode::ChannelRefused,
    };
    Some(refused(code, Some(errcode)))
}

fn feishu(verdict: &Verdict) -> Option<Delivery> {
    let errcode = verdict.code()?;
    let code = match errcode {
        0 => return Some(Delivery::Sent),
        11_232 | 99_991_400 => return Some(limited(MINUTE, Some(errcode))),
        // Usually a malformed message, which ours is not; also said of too many.
        9_499 if verdict.says(&["too many"]) => return Some(limited(MINUTE, Some(errcode))),
        19_021 => ErrorCode::ChannelSignRefused,
        19_022 => ErrorCode::ChannelIpRefused,
        19_024 => ErrorCode::ChannelKeywordRefused,
        19_001 => ErrorCode::ChannelAddressRefused,
        _ => ErrorCode::ChannelRefused,
    };
    Some(refused(code, Some(errcode)))
}

fn bark(verdict: &Verdict) -> Option<Delivery> {
    let errcode = verdict.code()?;
    Some(match errcode {
        200 => Delivery::Sent,
        429 => limited(MINUTE, Some(errcode)),
        _ if verdict.says(&["device", "unregistered"]) => {
            refused(ErrorCode::ChannelAddressRefused, Some(errcode))
        }
        _ => refused(ErrorCode::ChannelRefused, Some(errcode)),
    })
}

fn serverchan(verdict: &Verdict, now: DateTime<Utc>) -> Option<Delivery> {
    let errcode = verdict.code()?;
    Some(match errcode {
        0 => Delivery::Sent,
        // One number for a wrong key and for the end of the day's allowance.
        _ if verdict.says(&["次数", "上限"]) => limited(until_tomorrow(now), Some(errcode)),
        _ if verdict.says(&["频率", "too fast", "频繁"]) => limited(MINUTE, Some(errcode)),
        _ if verdict.says(&["key", "token"]) => refused(ErrorCode::ChannelAddressRefused, Some(errcode)),
        _ => refused(ErrorCode::ChannelRefused, Some(errcode)),
    })
}

/// A receiver of somebody's own makes no promise but its status; a plain no in the answer is believed all the same.
fn webhook(verdict: &Verdict, status: u16) -> Option<Delivery> {
    if !(200..=299).contains(&status) {
        return None;
    }
    let errcode =
        verdict.errcode().or_else(|| verdict.code()).filter(|code| *code != 0 && !(200..=299).contains(code));
    let says_no = [&verdict.ok, &verdict.success].into_iter().any(|said| *said == Some(Value::Bool(false)));
    Some(if errcode.is_some() || says_no {
        refused(ErrorCode::ChannelRefused, errcode)
    } else {
        Delivery::Sent
    })
}

/// Until the next midnight in Beijing, and a little longer.
fn until_tomorrow(now: DateTime<Utc>) -> Duration {
    let tomorrow = beijing_day(now).succ_opt().and_then(beijing_midnight);
    let left = tomorrow.and_then(|at| at.signed_duration_since(now).to_std().ok());
    left.unwrap_or(DINGTALK_BAR).saturating_add(AFTER_MIDNIGHT)
}

#[cfg(test)]
mod tests {
    use billing_core::time::parse_instant;
    use zeroize::Zeroizing;

    use super::*;

    fn short(delivery: &Delivery) -> String {
        match delivery {
            Delivery::Sent => "sent".to_owned(),
            Delivery::Limited { wait, errcode } => {
                format!("limited {} {}", wait.as_secs(), errcode.unwrap_or_default())
            }
            Delivery::Refused { code, errcode } => format!("{code:?} {}", errcode.unwrap_or_default()),
            Delivery::Unclear => "unclear".to_owned(),
            Delivery::Unsent(error) => format!("unsent {error:?}"),
        }
    }

    fn read_at(kind: ChannelKind, status: u16, retry_after: Option<u64>, body: &str) -> String {
        let replied = Replied {
            status,
            retry_after: retry_after.map(Duration::from_secs),
            body: Zeroizing::new(body.as_bytes().to_vec()),
        };
        short(&read(kind, &replied, parse_instant("2026-03-10T22:00:00+08:00").unwrap()))
    }

    #[test]
    fn a_no_inside_an_answer_of_status_200_is_a_no() {
        let [wecom, dingtalk, feishu] = [ChannelKind::Wecom, ChannelKind::Dingtalk, ChannelKind::Feishu];
        let [bark, serverchan, webhook] = [ChannelKind::Bark, ChannelKind::Serverchan, ChannelKind::Webhook];
        for (kind, body, expected) in [
            (wecom, r#"{"errcode":0,"errmsg":"ok"}"#, "sent"),
            (wecom, r#"{"errcode":45009,"errmsg":"api freq out of limit"}"#, "limited 60 45009"),
            (wecom, r#"{"errcode":93000,"errmsg":"invalid webhook url"}"#, "ChannelAddressRefused 93000"),
            (wecom, r#"{"errcode":40008,"errmsg":"invalid message type"}"#, "ChannelRefused 40008"),
            (wecom, r#"{"errcode":-1,"errmsg":"system busy"}"#, "limited 60 -1"),
            (dingtalk, r#"{"errcode":0,"errmsg":"ok"}"#, "sent"),
            (
                dingtalk,
                r#"{"errcode":130101,"errmsg":"send too fast, exceed 20 times per minute"}"#,
                "limited 600 130101",
            ),
            (dingtalk, r#"{"errcode":410100,"errmsg":"..."}"#, "limited 600 410100"),
            (
                dingtalk,
                r#"{"errcode":310000,"errmsg":"keywords not in content"}"#,
                "ChannelKeywordRefused 310000",
            ),
            (dingtalk, r#"{"errcode":310000,"errmsg":"sign not match"}"#, "ChannelSignRefused 310000"),
            (dingtalk, r#"{"errcode":310000,"errmsg":"invalid timestamp"}"#, "ChannelSignRefused 310000"),
            (
                dingtalk,
                r#"{"errcode":310000,"errmsg":"ip 1.2.3.4 not in whitelist"}"#,
                "ChannelIpRefused 310000",
            ),
            (dingtalk, r#"{"errcode":300001,"errmsg":"token is not exist"}"#, "ChannelAddressRefused 300001"),
            (dingtalk, r#"{"status":1111,"wait":5,"source":"x5","punish":"deny"}"#, "limited 60 0"),
            (feishu, r#"{"code":0,"msg":"success","data":{},"StatusCode":0}"#, "sent"),
            (
                feishu,
                r#"{"code":19021,"msg":"sign match fail or timestamp is not within one hour"}"#,
                "ChannelSignRefused 19021",
            ),
            (feishu, r#"{"code":19022,"msg":"Ip Not Allowed"}"#, "ChannelIpRefused 19022"),
            (feishu, r#"{"code":19024,"msg":"Key Words Not Found"}"#, "ChannelKeywordRefused 19024"),
            (feishu, r#"{"code":9499,"msg":"Bad Request","data":{}}"#, "ChannelRefused 9499"),
            (feishu, r#"{"code":9499,"msg":"too many request","data":{}}"#, "limited 60 9499"),
            (feishu, r#"{"code":11232,"msg":"frequency limited"}"#, "limited 60 11232"),
            (
                feishu,
                r#"{"code":19001,"msg":"param invalid: incoming webhook access token invalid"}"#,
                "ChannelAddressRefused 19001",
            ),
            (bark, r#"{"code":200,"message":"success","timestamp":1}"#, "sent"),
            (
                bark,
                r#"{"code":400,"message":"failed to get device token: not found"}"#,
                "ChannelAddressRefused 400",
            ),
            (serverchan, r#"{"code":0,"message":"","data":{"pushid":"1"}}"#, "sent"),
            (serverchan, r#"{"code":40001,"message":"[AUTH]错误的Key"}"#, "ChannelAddressRefused 40001"),
            (
                serverchan,
                r#"{"code":40001,"message":"超过当天的发送次数限制[5]"}"#,
                // Two hours to midnight, and five minutes.
                "limited 7500 40001",
            ),
            (webhook, "", "sent"),
            (webhook, "ok", "sent"),
            (webhook, r#"{"code":200}"#, "sent"),
            (webhook, r#"{"errcode":"45009"}"#, "ChannelRefused 45009"),
            (webhook, r#"{"ok":false}"#, "ChannelRefused 0"),
        ] {
            assert_eq!(read_at(kind, 200, None, body), expected, "{kind:?} {body}");
        }
    }

    #[test]
    fn an_answer_without_a_verdict_is_not_taken_for_a_yes() {
        for kind in [ChannelKind::Wecom, ChannelKind::Dingtalk, ChannelKind::Feishu, ChannelKind::Bark] {
            for body in
                ["", "<html>sign in</html>", "{}", r#"{"errcode":null,"code":null}"#, "[0]", r#"{"err"#]
            {
                assert_eq!(read_at(kind, 200, None, body), "unclear", "{kind:?} {body}");
            }
        }
    }

    #[test]
    fn a_status_says_whether_a_message_may_have_arrived() {
        for kind in [ChannelKind::Wecom, ChannelKind::Webhook] {
            for (status, retry_after, expected) in [
                (302, None, "ChannelRedirects 302"),
                (400, None, "ChannelRefused 400"),
                (404, None, "ChannelAddressRefused 404"),
                (408, None, "unclear"),
                (429, None, "limited 60 429"),
                (429, Some(90), "limited 90 429"),
                (500, None, "unclear"),
                (502, None, "unclear"),
                (503, None, "unclear"),
                (503, Some(30), "limited 30 503"),
            ] {
                assert_eq!(read_at(kind, status, retry_after, ""), expected, "{kind:?} {status}");
            }
        }
        // Bark and Server酱 have both: a status, and a verdict that says more.
        let body = r#"{"code":400,"message":"device key is empty"}"#;
        assert_eq!(read_at(ChannelKind::Bark, 400, None, body), "ChannelAddressRefused 400");
    }
}
