//! Errors as the platform words them: `errcode`, `errmsg`, and a fresh `rid` at the end **W**.

use crate::store::error::StoreError;
use serde_json::Value;
use std::borrow::Cow;

/// An error as the platform reports it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ApiError {
    errcode: i64,
    text: Cow<'static, str>,
}

impl ApiError {
    /// With WeChat's words for the code.
    pub(crate) fn of(errcode: i64) -> Self {
        let found = TEXTS.iter().find(|(known, _)| *known == errcode);
        Self { errcode, text: found.map_or("practice fault", |(_, text)| text).into() }
    }

    /// With words that say more.
    pub(crate) fn with(errcode: i64, text: String) -> Self {
        Self { errcode, text: text.into() }
    }

    /// A parameter of the charge interfaces that is missing or makes no sense.
    pub(crate) fn bad_parameter(name: &str) -> Self {
        Self::with(10_120_002, format!("invalid parameter: {name}"))
    }

    /// The body. One code was seen without any message **C**.
    pub(crate) fn body(&self, rid: &str) -> Value {
        if self.text.is_empty() {
            return serde_json::json!({ "errcode": self.errcode });
        }
        serde_json::json!({ "errcode": self.errcode, "errmsg": format!("{} rid: {rid}", self.text) })
    }
}

/// A value, or WeChat's refusal.
pub(crate) type Answer<T> = Result<T, ApiError>;

/// Why a handler stopped.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The platform says no.
    Refused(ApiError),
    /// The store failed; the caller sees -1.
    Store(StoreError),
}

impl From<ApiError> for Stop {
    fn from(error: ApiError) -> Self {
        Self::Refused(error)
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<rusqlite::Error> for Stop {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

/// WeChat's words, by code. Those of the charge interfaces are ours: the pages give their meaning only.
const TEXTS: [(i64, &str); 59] = [
    (-1, "system error"),
    (10_045, ""),
    (40_001, "invalid credential, access_token is invalid or not latest"),
    (40_002, "invalid grant_type"),
    (40_003, "invalid openid"),
    (40_013, "invalid appid"),
    (40_014, "invalid access_token"),
    (40_029, "invalid code"),
    (40_097, "invalid args"),
    (40_125, "invalid appsecret"),
    (40_164, "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist"),
    (40_201, "invalid url"),
    (40_202, "invalid action"),
    (40_203, "invalid check_operator"),
    (40_243, "appsecret frozen"),
    (41_001, "access_token missing"),
    (41_002, "appid missing"),
    (41_004, "appsecret missing"),
    (42_001, "access_token expired"),
    (43_001, "require GET method"),
    (43_002, "require POST method"),
    (44_002, "empty post data"),
    (45_009, "reach max api daily quota limit"),
    (45_011, "api minute-quota reach limit, must slower, retry next minute"),
    (47_001, "data format error"),
    (48_001, "api unauthorized"),
    (48_006, "forbid to clear quota because of reaching the limit"),
    (50_002, "user limited"),
    (50_004, "api forbidden for this account"),
    (50_007, "account frozen"),
    (61_003, "component is not authorized by this account"),
    (61_004, "access clientip is not registered"),
    (61_006, "component ticket is invalid"),
    (61_007, "api is unauthorized to component"),
    (61_023, "refresh_token is invalid"),
    (76_001, "rid not found"),
    (76_002, "rid is error"),
    (76_003, "could not query this rid,no permission"),
    (76_004, "rid time is error"),
    (76_021, "cgi_path not found, please check"),
    (76_022, "could not use this cgi_path, no permission"),
    (89_503, "this ip is waiting for the administrator's confirmation"),
    (89_506, "this ip was refused by the administrator, wait 24 hours"),
    (89_507, "this ip was refused by the administrator, wait 1 hour"),
    (10_120_002, "invalid parameter"),
    (10_120_003, "limit is too large"),
    (10_120_405, "method not allowed"),
    (10_120_700, "illegal spuId"),
    (10_120_800, "illegal order id"),
    (10_121_001, "order id is illegal or the order is in a wrong state"),
    (10_121_004, "system error"),
    (10_121_009, "duplicate request, already assigned"),
    (10_121_010, "the assignment was cancelled"),
    (10_121_011, "assign in progress"),
    (10_121_012, "the package has expired"),
    (10_121_013, "invalid package"),
    (10_121_014, "unknown assign error"),
    (10_121_031, "assign refused"),
    (10_122_000, "no recent usage data"),
];

#[cfg(test)]
mod tests {
    use super::TEXTS;

    #[test]
    fn every_code_has_one_text() {
        assert!(TEXTS.iter().skip(1).is_sorted_by(|one, next| one.0 < next.0));
    }
}
