//! What no source says, in one place. Everything here is assumed **A**: easy to find, easy to change.
//!
//! Assumed, too, but nothing that could stand here: the order in which a call with an AppSecret is checked
//! (`api::caller`), that a top-up arms alerts again and that one call announces only the deepest share it crosses (the billing
//! core), that events of providers come in the same envelope as all others (`push`).
//!
//! Facts with a source stand where they are used, with their mark; docs/wechat.md explains the marks.

use crate::component::Failure;
use crate::model::{Kind, Program, Standing};
use billing_core::time::beijing_text;
use billing_core::{Calls, Capability, LotView, Status, SubjectType};
use chrono::{DateTime, TimeDelta, Utc};
use ipnet::IpNet;
use std::net::IpAddr;
use std::time::Duration;

/// The sample answer of a pack-type product leaves open what the subscription times are.
pub(crate) const SERVICE_TIME_OF_PACKS: i64 = 0;

/// On usage detail the code for an unknown spuId is undocumented; the general "bad parameter" is used.
pub(crate) const UNKNOWN_SPU_ON_USAGE: i64 = 10_120_002;

/// What charge reads answer a mini-game's AppID: their pages name mini-programs only, so they do not know it.
pub(crate) const CHARGE_READS_OF_MINI_GAMES: i64 = 48_001;

/// What `errMsg` of a mini-game's callback begins with: the call, whether or not it had `isRealtime`.
pub(crate) const MINI_GAME_CALL: &str = "getPhoneNumber";

/// Calls a day and a minute of interfaces whose limits no page states.
pub(crate) const CALLS_A_DAY: u64 = 1_000_000;
/// See [`CALLS_A_DAY`].
pub(crate) const CALLS_A_MINUTE: u64 = 60_000;
/// No page gives a limit of `/cgi-bin/token` either (docs/wechat.md §4.1); developers have known this one for years.
pub(crate) const PLAIN_TOKENS_A_DAY: u64 = 2_000;

/// A wrong AppSecret. `/cgi-bin/token` lists both 40001 (wrong) and 40125 (illegal), the stable interface only 40125:
/// read as "well-formed but wrong" and "no AppSecret at all".
pub(crate) fn wrong_secret(path: &str, secret: &str) -> i64 {
    let well_formed = secret.len() == 32 && secret.bytes().all(|byte| byte.is_ascii_hexdigit());
    if path == "/cgi-bin/token" && well_formed { 40_001 } else { 40_125 }
}

/// A frozen account gets no tokens (50007 **W**); what calls with a token it still holds get is not said.
pub(crate) const FROZEN_ACCOUNT_CALLS: i64 = 50_002;

/// The whitelist's syntax is that of official accounts: single addresses or networks.
pub(crate) fn whitelist_entry(entry: &str) -> Option<IpNet> {
    entry.parse().ok().or_else(|| entry.parse::<IpAddr>().ok().map(IpNet::from))
}

/// `openid` that does not belong to the code: the likeliest code (docs/wechat.md §5).
pub(crate) const OPENID_MISMATCH: i64 = 40_003;

/// No `code` in the body.
pub(crate) const CODE_MISSING: i64 = 40_097;

/// Trial row of quick verification: seen in August 2023. That of realtime verification is invented.
pub(crate) const TRIAL_SKU_QUICK: u64 = 20_000_093;
/// See [`TRIAL_SKU_QUICK`].
pub(crate) const TRIAL_SKU_REALTIME: u64 = 20_000_094;
/// No public table maps SKUs to packs. Ours counts from here, in the order of the price list.
pub(crate) const FIRST_PACK_SKU_QUICK: u64 = 20_000_300;
/// See [`FIRST_PACK_SKU_QUICK`].
pub(crate) const FIRST_PACK_SKU_REALTIME: u64 = 20_000_500;

/// Packs of 180 and 90 days exist, but only one was ever seen (250 calls, 90 days). These stand for the others, at the
/// standard price: calls, days.
pub(crate) const UNLISTED_PACKS: [(u64, u64); 5] =
    [(500, 180), (1_000, 180), (5_000, 180), (500, 90), (1_000, 90)];

/// A wholesale pack of a provider: SKU, capability, calls, days, price in fen. One wholesale SKU is known from a sample;
/// its size and every price are invented, that of quick verification at the 0.026 a call that the notice of 2023 names
/// and no listed pack reaches.
pub(crate) const WHOLESALE_PACKS: [(u64, Capability, u64, u64, u64); 3] = [
    (20_000_176, Capability::Quick, 1_000_000, 365, 2_600_000),
    (20_000_177, Capability::Quick, 100_000, 365, 260_000),
    (20_000_276, Capability::Realtime, 100_000, 365, 400_000),
];

/// How WeChat calls a pack in an order: no sample was reachable.
pub(crate) fn pack_name(calls: u64, days: u16) -> String {
    format!("{calls}次/{days}天")
}

/// How the product of bulk orders is called; a library's comment has it so.
pub(crate) fn bulk_name(component: &str) -> String {
    format!("集采-{component}")
}

/// `spBizId` and `bizId`: "business id", explained nowhere.
pub(crate) const fn biz_id(capability: Capability) -> u32 {
    match capability {
        Capability::Quick => 17,
        Capability::Realtime => 18,
    }
}

/// Status of a bulk order. The table was not reachable; a paid order with an invoice shows 2.
pub(crate) const BULK_STATUS_PENDING: u8 = 1;
/// See [`BULK_STATUS_PENDING`].
pub(crate) const BULK_STATUS_PAID: u8 = 2;
/// Status of an invoice: the only one seen.
pub(crate) const INVOICE_STATUS: u8 = 2;

/// In which order a provider's orders are listed: newest first.
pub(crate) const BULK_ORDERS_BY: &str = "created_at DESC, rowid DESC";

/// Which retail packs a wholesale pack can be turned into: any of its capability that is not larger.
pub(crate) const fn can_become(wholesale: Calls, retail: Calls) -> bool {
    retail.get() <= wholesale.get()
}

/// How long a third-party platform's token works after another replaced it: as a plain one **W**.
pub(crate) const AGENT_HAND_OVER: TimeDelta = TimeDelta::minutes(5);

/// Who gets tokens by AppID and AppSecret. That providers may ask the stable interface is not said.
pub(crate) const SECRET_HOLDERS: [Kind; 2] = [Kind::MiniProgram, Kind::Provider];

/// The start vector of encrypted events: the standard of this scheme, not restated on the page.
pub(crate) fn start_vector(key: &[u8; 32]) -> &[u8] {
    key.split_at(16).0
}

/// `validity_end_time`: text, in a form that is not documented.
pub(crate) fn validity_end_time(at: DateTime<Utc>) -> String {
    beijing_text(at).replace('T', " ").chars().take(19).collect()
}

/// How long an allocation or its cancellation takes: known only as "asynchronous".
pub(crate) const ALLOCATION_TAKES: TimeDelta = TimeDelta::seconds(30);

/// An order has too few calls left: one of the codes from 10121014 on, whose texts were not reachable.
pub(crate) const NOT_ENOUGH_LEFT: i64 = 10_121_014;

/// A cancellation that may not be: its codes were not reachable. Also the result announced when a call was charged to the
/// pack between asking and cancelling.
pub(crate) const NOT_CANCELLED: i64 = 10_121_013;

/// Names of events on the wire. Only the first was seen; its page calls it `charge_mp_service_quota_notify`. The others are
/// formed alike, or are the names of their pages.
pub(crate) mod event_names {
    /// Share left, to the mini-program (seen **C**).
    pub(crate) const QUOTA: &str = "charge_service_quota_notify";
    /// A lot ends, to the mini-program.
    pub(crate) const VALIDITY: &str = "charge_service_validity_notify";
    /// The same two, to a third-party platform.
    pub(crate) const QUOTA_TO_PLATFORM: &str = "charge_open_service_quota_notify";
    /// See [`QUOTA_TO_PLATFORM`].
    pub(crate) const VALIDITY_TO_PLATFORM: &str = "charge_open_service_validity_notify";
    /// The same two, of a provider's own orders.
    pub(crate) const QUOTA_OF_PROVIDER: &str = "charge_sp_service_quota_notify";
    /// See [`QUOTA_OF_PROVIDER`]; the page was not reachable at all.
    pub(crate) const VALIDITY_OF_PROVIDER: &str = "charge_sp_service_validity_notify";
    /// Result of an allocation.
    pub(crate) const ASSIGNED: &str = "charge_sp_assign";
    /// Result of its cancellation.
    pub(crate) const ASSIGN_CANCELLED: &str = "charge_sp_cancel_assign";
}

/// Events that were not taken: the classic rule of official accounts, 5 s and three more attempts.
pub(crate) const PUSH_TIMEOUT: Duration = Duration::from_secs(5);
/// See [`PUSH_TIMEOUT`].
pub(crate) const PUSH_TRIES: u32 = 4;
/// Between two attempts.
pub(crate) const PUSH_PAUSE: Duration = Duration::from_millis(200);

/// A pending order is closed when it was not paid within this time.
pub(crate) const PENDING_ORDER_LIFE: TimeDelta = TimeDelta::hours(24);

/// WeChat's status of a row. "Used up" is no status of WeChat's: an exhausted pack within its validity is presumably
/// still in force, with `used == all`. A refunded one is lapsed. Lapsed rows stay listed.
pub(crate) fn row_status(lot: &LotView, now: DateTime<Utc>) -> Status {
    let refunded = !lot.refunded.is_zero();
    let ended = lot.expires_at.is_some_and(|end| end <= now);
    let begun = lot.effective_at.is_none_or(|start| start <= now);
    match (refunded || ended, begun) {
        (true, _) => Status::NoLonger,
        (false, true) => Status::InEffect,
        (false, false) => Status::NotYet,
    }
}

/// Whether a row's calls count in `effectiveUse`: only rows in force, so that WeChat's working formula
/// `all - effectiveUse` stays right after the first pack has lapsed.
pub(crate) fn counts_as_effective_use(status: Status) -> bool {
    status == Status::InEffect
}

/// The recent average looks back over this many days and calls each third of them a month.
pub(crate) const AVERAGE_DAYS: i64 = 90;
/// See [`AVERAGE_DAYS`].
pub(crate) const AVERAGE_MONTHS: u64 = 3;

/// How the average is blurred. Known: 50 means "50 or fewer" **W**. Assumed: tens below a thousand, above it two
/// significant digits.
pub(crate) fn blur_average(monthly: u64) -> u64 {
    const FLOOR: u64 = 50;
    if monthly <= FLOOR {
        return FLOOR;
    }
    let mut step = 10;
    while monthly / step >= 100 {
        step *= 10;
    }
    // 51 to 54 would round to the floor, which means something else.
    ((monthly + step / 2) / step * step).max(FLOOR + step)
}

/// Passwords of the console: the policy is in no source.
pub(crate) const PASSWORD_LENGTH: std::ops::RangeInclusive<usize> = 8..=64;

/// Wrong passwords before the console makes one wait.
pub(crate) const SIGN_IN_TRIES: usize = 5;
/// How long it makes one wait.
pub(crate) const SIGN_IN_WAIT: TimeDelta = TimeDelta::minutes(15);

/// How long a console sign-in lasts, by the machine's clock: moving practice time forward signs nobody out.
pub(crate) const SESSION_HOURS: i64 = 12;
/// How long a half-finished sign-in (password right, scan missing; scanned, account not chosen) can be continued.
pub(crate) const HALF_SIGN_IN_MINUTES: i64 = 10;

/// What stops the button before quota is even looked up; which comes first is in no source.
pub(crate) fn obstacle(program: &Program) -> Option<Failure> {
    match program.standing {
        _ if program.subject == SubjectType::Individual => Some(Failure::NoPermission),
        Standing::NoPermission => Some(Failure::NoPermission),
        Standing::Blocked => Some(Failure::Blocked),
        Standing::Good if !program.privacy_declared => Some(Failure::PrivacyNotDeclared),
        Standing::Good => None,
    }
}

/// How far practice time can be moved ahead of the machine's clock.
pub(crate) const FURTHEST_AHEAD: TimeDelta = TimeDelta::days(20 * 366);

/// A practice customer's number: fictitious numbers in the form of WeChat's cloud-test accounts.
pub(crate) fn customer_number(customer: u32, choice: NumberChoice) -> String {
    let first = match choice {
        NumberChoice::Bound => 12_066_600_000_u64,
        NumberChoice::Second => 12_088_801_234_u64,
    };
    (first + u64::from(customer)).to_string()
}

/// Which of their two numbers a customer picks on the authorisation sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NumberChoice {
    /// The number bound to WeChat.
    Bound,
    /// A number added by hand.
    Second,
}

/// Customers are numbered from 1; the bound keeps their numbers at eleven digits.
pub(crate) const LAST_CUSTOMER: u32 = 9_999_999;

/// When the practice mini-programs were created, long before the app is first opened.
pub(crate) fn created_before(first_start: DateTime<Utc>) -> DateTime<Utc> {
    first_start - TimeDelta::days(400)
}

#[cfg(test)]
mod tests {
    use super::{LAST_CUSTOMER, NumberChoice, blur_average, customer_number};

    #[test]
    fn averages_are_blurred() {
        let blurred =
            [1, 50, 51, 54, 65, 94, 999, 1_040, 1_049, 1_050, 259_999, u64::from(u32::MAX)].map(blur_average);
        assert_eq!(blurred, [50, 50, 60, 60, 70, 90, 1_000, 1_000, 1_000, 1_100, 260_000, 4_300_000_000]);
    }

    #[test]
    fn numbers_of_customers_never_meet() {
        let bound = customer_number(LAST_CUSTOMER, NumberChoice::Bound);
        let second = customer_number(1, NumberChoice::Second);
        assert!(bound < second && bound.len() == 11 && second.len() == 11);
        assert_eq!(customer_number(LAST_CUSTOMER, NumberChoice::Second).len(), 11);
    }
}
