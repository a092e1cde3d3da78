//! What WeChat's `errcode` means for the shop.

use std::fmt;
use std::net::IpAddr;

use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};

use crate::api::{ErrorCode, Instant, Retry};
use billing_core::time::{beijing_day, beijing_midnight};

/// What was asked when WeChat refused; a few codes mean different things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// A token, with AppID and AppSecret.
    Token,
    /// A token, with a third-party platform's own token and a refresh token.
    Component,
    /// Anything else, with a token.
    Data,
}

/// WeChat answered, and the answer is no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    code: ErrorCode,
    errcode: i64,
    rid: Option<String>,
    ip: Option<IpAddr>,
}

impl Refusal {
    /// Reads a refusal. Of `errmsg` only a well-formed rid and an IP address are read; the prose could quote anything.
    pub(super) fn read(asked: Asked, errcode: i64, errmsg: &str) -> Self {
        let code = code_of(asked, errcode);
        let names_ip = matches!(code, ErrorCode::IpNotAllowed | ErrorCode::ComponentIpNotAllowed);
        let ip = if names_ip { find_ip(errmsg) } else { None };
        Self { code, errcode, rid: find_rid(errmsg).map(str::to_owned), ip }
    }

    /// What it means.
    pub fn code(&self) -> ErrorCode {
        self.code
    }

    /// WeChat's number for it.
    pub fn errcode(&self) -> i64 {
        self.errcode
    }

    /// WeChat's reference for its own support, such as `64ec1f2a-3bd20d4e-0f9a1c55`.
    pub fn rid(&self) -> Option<&str> {
        self.rid.as_deref()
    }

    /// The address WeChat saw the call come from; only where a whitelist refused it.
    pub fn ip(&self) -> Option<IpAddr> {
        self.ip
    }

    /// When asking again can help, seen from `now`.
    pub(super) fn retry(&self, now: DateTime<Utc>) -> Retry {
        match self.code {
            // -1 "busy"; a stale token is replaced and the call repeated; an unknown code may pass.
            ErrorCode::WechatBusy
            | ErrorCode::TokenStale
            | ErrorCode::UnknownErrcode
            | ErrorCode::NoUsageYet => Retry::Now,
            ErrorCode::RateMinute => later(next_minute(now)),
            ErrorCode::RateDay => later(next_beijing_day(now)),
            // 89506: refused for 24 h; 89507: for 1 h.
            ErrorCode::IpRefused if self.errcode == 89_507 => {
                later(now.checked_add_signed(TimeDelta::hours(1)))
            }
            ErrorCode::IpRefused => later(now.checked_add_signed(TimeDelta::hours(24))),
            _ => Retry::Never,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "errcode {} ({:?})", self.errcode, self.code)?;
        self.rid.as_ref().map_or(Ok(()), |rid| write!(f, ", rid {rid}"))
    }
}

fn code_of(asked: Asked, errcode: i64) -> ErrorCode {
    match (errcode, asked) {
        // 10121004 is the provider interface's own -1.
        (-1 | 10_121_004, _) => ErrorCode::WechatBusy,
        (40_013, _) => ErrorCode::AppIdWrong,
        // Where AppID and AppSecret are sent, 40001 speaks of the AppSecret; elsewhere of the token.
        (40_001, Asked::Token) | (40_125, _) => ErrorCode::AppSecretWrong,
        (40_001 | 40_014 | 42_001, Asked::Component) => ErrorCode::ComponentTokenStale,
        (40_001, Asked::Data) | (40_014 | 42_001, _) => ErrorCode::TokenStale,
        (40_243, _) => ErrorCode::AppSecretFrozen,
        (40_164, _) => ErrorCode::IpNotAllowed,
        (89_503, _) => ErrorCode::ConfirmationPending,
        (89_506 | 89_507, _) => ErrorCode::IpRefused,
        (45_011, _) => ErrorCode::RateMinute,
        (45_009, _) => ErrorCode::RateDay,
        (48_001 | 50_004 | 61_007 | 76_022, _) => ErrorCode::NotPermitted,
        (50_002 | 50_007, _) => ErrorCode::AccountFrozen,
        // 61023, an invalid refresh token, is in WeChat's table of all codes only.
        (61_003 | 61_023, _) => ErrorCode::NotAuthorised,
        (61_004, _) => ErrorCode::ComponentIpNotAllowed,
        (10_045, _) => ErrorCode::NoRelationship,
        (10_120_800 | 10_121_001, _) => ErrorCode::OrderWrong,
        (10_121_010, _) => ErrorCode::AllocationCancelled,
        (10_121_012 | 10_121_013, _) => ErrorCode::PackNotAllocatable,
        // From 10121014 on the texts are in no source we could reach; all speak of allocations.
        (10_121_000..=10_121_999, _) => ErrorCode::AllocationRefused,
        (76_001..=76_004, _) => ErrorCode::CallUnknown,
        (
            40_002 | 40_097 | 41_001 | 41_002 | 41_004 | 43_002 | 44_002 | 47_001 | 76_021 | 10_120_002
            | 10_120_003 | 10_120_405 | 10_120_700,
            _,
        ) => ErrorCode::BadRequest,
        (10_122_000, _) => ErrorCode::NoUsageYet,
        _ => ErrorCode::UnknownErrcode,
    }
}

/// `Retry::Later` at `at`; an instant beyond the calendar is never.
fn later(at: Option<DateTime<Utc>>) -> Retry {
    at.map_or(Retry::Never, |at| Retry::Later(Instant(at)))
}

/// The start of the next minute: WeChat counts by the minute.
pub(super) fn next_minute(now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let minute = TimeDelta::minutes(1);
    now.duration_trunc(minute).ok()?.checked_add_signed(minute)
}

/// 00:00 in Beijing on the day after `now`'s.
fn next_beijing_day(now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    beijing_midnight(beijing_day(now).succ_opt()?)
}

/// The reference after `rid:`: three groups of eight hexadecimal digits. Anything else is not taken.
fn find_rid(errmsg: &str) -> Option<&str> {
    let (_, rest) = errmsg.rsplit_once("rid:")?;
    let rid = rest.split_whitespace().next()?;
    let is_group = |group: &str| group.len() == 8 && group.bytes().all(|byte| byte.is_ascii_hexdigit());
    (rid.split('-').count() == 3 && rid.split('-').all(is_group)).then_some(rid)
}

/// The caller's address in `invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist` and its kin. The IPv4 form
/// is preferred, because the whitelist page asks for it.
fn find_ip(errmsg: &str) -> Option<IpAddr> {
    let addresses = || {
        errmsg
            .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '[' | ']' | '(' | ')'))
            .filter_map(|word| word.parse::<IpAddr>().ok())
            .map(|ip| ip.to_canonical())
    };
    addresses().find(IpAddr::is_ipv4).or_else(|| addresses().next())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ErrorCode as E;

    fn at(text: &str) -> DateTime<Utc> {
        billing_core::time::parse_instant(text).unwrap()
    }

    fn data(errcode: i64) -> Refusal {
        Refusal::read(Asked::Data, errcode, "")
    }

    #[test]
    fn every_documented_errcode_has_a_meaning() {
        let meanings = [
            (E::WechatBusy, &[-1, 10_121_004][..]),
            (E::AppIdWrong, &[40_013]),
            (E::AppSecretWrong, &[40_125]),
            (E::AppSecretFrozen, &[40_243]),
            (E::IpNotAllowed, &[40_164]),
            (E::ConfirmationPending, &[89_503]),
            (E::IpRefused, &[89_506, 89_507]),
            (E::TokenStale, &[40_001, 40_014, 42_001]),
            (E::RateMinute, &[45_011]),
            (E::RateDay, &[45_009]),
            (E::NotPermitted, &[48_001, 61_007, 50_004, 76_022]),
            (E::NotAuthorised, &[61_003, 61_023]),
            (E::ComponentIpNotAllowed, &[61_004]),
            (E::NoRelationship, &[10_045]),
            (E::OrderWrong, &[10_120_800, 10_121_001]),
            (E::AllocationCancelled, &[10_121_010]),
            (E::PackNotAllocatable, &[10_121_012, 10_121_013]),
            (E::AllocationRefused, &[10_121_014, 10_121_031, 10_121_999]),
            (E::CallUnknown, &[76_001, 76_002, 76_003, 76_004]),
            (E::AccountFrozen, &[50_002, 50_007]),
            (
                E::BadRequest,
                &[
                    10_120_002, 10_120_003, 10_120_700, 43_002, 44_002, 47_001, 41_001, 41_002, 41_004,
                    40_002, 40_097, 76_021, 10_120_405,
                ],
            ),
            (E::NoUsageYet, &[10_122_000]),
            (E::UnknownErrcode, &[1, -2, 40_003, 48_006, 99_999_999]),
        ];
        for (meaning, errcodes) in meanings {
            for errcode in errcodes {
                assert_eq!(data(*errcode).code(), meaning, "{errcode}");
            }
        }
        assert_eq!(Refusal::read(Asked::Token, 40_001, "").code(), E::AppSecretWrong);
        assert_eq!(Refusal::read(Asked::Token, 40_014, "").code(), E::TokenStale);
        for errcode in [40_001, 40_014, 42_001] {
            assert_eq!(
                Refusal::read(Asked::Component, errcode, "").code(),
                E::ComponentTokenStale,
                "{errcode}"
            );
        }
    }

    #[test]
    fn waiting_times_follow_the_limit_that_was_hit() {
        // 23:59:30 in Beijing on 28 August is 15:59:30 UTC.
        let now = at("2023-08-28T23:59:30+08:00");
        for (errcode, expected) in [
            (45_011, Retry::Later(Instant(at("2023-08-29T00:00:00+08:00")))),
            (45_009, Retry::Later(Instant(at("2023-08-29T00:00:00+08:00")))),
            (89_506, Retry::Later(Instant(at("2023-08-29T23:59:30+08:00")))),
            (89_507, Retry::Later(Instant(at("2023-08-29T00:59:30+08:00")))),
            (-1, Retry::Now),
            (42_001, Retry::Now),
            (40_164, Retry::Never),
            (89_503, Retry::Never),
            (48_001, Retry::Never),
        ] {
            assert_eq!(data(errcode).retry(now), expected, "{errcode}");
        }
        // Exactly at midnight the day's quota is fresh for the whole day that begins.
        assert_eq!(
            data(45_009).retry(at("2023-08-29T00:00:00+08:00")),
            Retry::Later(Instant(at("2023-08-30T00:00:00+08:00")))
        );
        assert_eq!(data(45_011).retry(DateTime::<Utc>::MAX_UTC), Retry::Never);
    }

    #[test]
    fn the_callers_address_is_found_in_every_known_style() {
        for (errmsg, expected) in [
            (
                "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist rid: 64ec1f2a-3bd20d4e-0f9a1c55",
                "203.0.113.7",
            ),
            ("invalid ip 203.0.113.7, not in whitelist", "203.0.113.7"),
            ("invalid ip ::ffff:203.0.113.7, not in whitelist", "203.0.113.7"),
            ("invalid ip 2001:db8::7, not in whitelist", "2001:db8::7"),
            ("invalid ip 2001:db8::7 ipv6 2001:db8::7 203.0.113.7", "203.0.113.7"),
        ] {
            let refusal = Refusal::read(Asked::Token, 40_164, errmsg);
            assert_eq!(refusal.ip().map(|ip| ip.to_string()).as_deref(), Some(expected), "{errmsg}");
        }
        for errmsg in ["", "not in whitelist", "invalid ip 203.0.113.999, not in whitelist"] {
            assert_eq!(Refusal::read(Asked::Token, 40_164, errmsg).ip(), None, "{errmsg}");
        }
        assert_eq!(Refusal::read(Asked::Token, 40_013, "from 203.0.113.7").ip(), None);
    }

    #[test]
    fn only_a_well_formed_rid_is_logged() {
        for (errmsg, expected) in [
            ("system error rid: 64ec1f2a-3bd20d4e-0f9a1c55", Some("64ec1f2a-3bd20d4e-0f9a1c55")),
            ("system error rid:64ec1f2a-3bd20d4e-0f9a1c55 ", Some("64ec1f2a-3bd20d4e-0f9a1c55")),
            ("invalid credential, rid: planted-word-here", None),
            ("rid: 64ec1f2a-3bd20d4e", None),
            ("rid: 64ec1f2-3bd20d4e-0f9a1c55", None),
            ("rid: 64ec1f2a-3bd20d4e-0f9a1c55-00000000", None),
            ("rid:", None),
            ("", None),
        ] {
            assert_eq!(Refusal::read(Asked::Data, -1, errmsg).rid(), expected, "{errmsg}");
        }
    }
}
