//! Names and secrets that the platform hands out, and how it remembers secrets: as hashes only.

use crate::store::error::Stored;
use crate::store::numbers::{number, set_number};
use chrono::{DateTime, Utc};
use rand::RngExt;
use rusqlite::Connection;
use sha2::{Digest, Sha256};
use std::fmt::Write;
use subtle::ConstantTimeEq;

const HEX: &[u8] = b"0123456789abcdef";
const WORD: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

fn pick(alphabet: &[u8], length: usize) -> String {
    let mut rng = rand::rng();
    (0..length).map(|_| char::from(alphabet[rng.random_range(0..alphabet.len())])).collect()
}

/// Names of the stored numbers that orders and packages are numbered by.
const SERIES: &str = "number_series";
const HANDED_OUT: &str = "numbers_handed_out";

/// Begins the numbers of a new database: a series of its own, or the one that is the same each time.
pub(crate) fn begin(connection: &Connection, reproducible: bool) -> Stored<()> {
    set_number(connection, SERIES, if reproducible { 0 } else { rand::random() })
}

/// Nineteen digits that no order or package has had yet. They follow from the series and from how many there are.
fn next_digits(connection: &Connection) -> Stored<String> {
    let series = number(connection, SERIES)?.unwrap_or_default();
    let handed_out = number(connection, HANDED_OUT)?.unwrap_or_default() + 1;
    set_number(connection, HANDED_OUT, handed_out)?;
    let hash = digest(&format!("number {series} {handed_out}"));
    let digits = hash.first_chunk().map_or(0, |first| u64::from_be_bytes(*first));
    Ok(format!("{}", 1_000_000_000_000_000_000 + digits % 9_000_000_000_000_000_000))
}

/// An order number: `DD` and 19 digits **S3**.
pub(crate) fn order_number(connection: &Connection) -> Stored<String> {
    Ok(format!("DD{}", next_digits(connection)?))
}

/// A package number: `ZY` and 19 digits **W** (samples).
pub(crate) fn package_number(connection: &Connection) -> Stored<String> {
    Ok(format!("ZY{}", next_digits(connection)?))
}

/// A member card's number: 12 digits.
pub(crate) fn card_number() -> String {
    format!("8{}", pick(b"0123456789", 11))
}

/// The name of a billing event that grants nothing.
pub(crate) fn event_name(kind: &str) -> String {
    format!("{kind}-{}", pick(HEX, 24))
}

/// An AppSecret: 32 hexadecimal digits.
pub(crate) fn app_secret() -> String {
    pick(HEX, 32)
}

/// A dynamic code: 64 hexadecimal digits **W** (samples).
pub(crate) fn phone_code() -> String {
    pick(HEX, 64)
}

/// The customer's openid within one mini-program.
pub(crate) fn openid(app_id: &str, customer: u32) -> String {
    let hash = digest(&format!("openid {app_id} {customer}"));
    let tail: String = hash.iter().take(25).map(|byte| char::from(WORD[usize::from(byte % 64)])).collect();
    format!("oPr{tail}")
}

/// An account's original id, by which messages name it.
pub(crate) fn original_id(app_id: &str) -> String {
    let hash = digest_hex(&format!("original id {app_id}"));
    format!("gh_{}", hash.chars().take(12).collect::<String>())
}

/// Sixteen random characters before an encrypted message **W**.
pub(crate) fn random_16() -> String {
    pick(HEX, 16)
}

/// A nonce: ten digits.
pub(crate) fn nonce() -> String {
    format!("{}{}", pick(b"123456789", 1), pick(b"0123456789", 9))
}

/// What an address has to send back when it is checked: 19 digits.
pub(crate) fn echo() -> String {
    format!("{}{}", pick(b"123456789", 1), pick(b"0123456789", 18))
}

/// How every access token of the practice platform begins.
pub(crate) const TOKEN_MARK: &str = "99_PRACTICE-";
const TOKEN_TAIL: usize = 124;

/// An access token.
pub(crate) fn access_token() -> String {
    format!("{TOKEN_MARK}{}", pick(WORD, TOKEN_TAIL))
}

/// Whether a text could be an access token of this platform at all.
pub(crate) fn looks_like_token(text: &str) -> bool {
    text.strip_prefix(TOKEN_MARK)
        .is_some_and(|tail| tail.len() == TOKEN_TAIL && tail.bytes().all(|byte| WORD.contains(&byte)))
}

/// A member-card access key.
pub(crate) fn access_key() -> String {
    format!("mck_practice_{}", pick(WORD, 40))
}

/// A login e-mail address that is nobody's: offered where one is asked for, and used for the accounts that the stand-alone
/// platform makes up.
pub(crate) fn made_up_email(app_id: &str) -> String {
    let digits = app_id.trim_start_matches(|c: char| !c.is_ascii_digit()).trim_start_matches('0');
    format!("shop{digits}@practice.example")
}

/// The AppSecret that the stand-alone platform gives a mini-program: known to everybody, good for nothing else.
pub fn known_app_secret(app_id: &str) -> String {
    digest_hex(&format!("known AppSecret {app_id}")).chars().take(32).collect()
}

/// The access key that the stand-alone platform gives a shop.
pub(crate) fn known_access_key(app_id: &str) -> String {
    let hash = digest_hex(&format!("known access key {app_id}"));
    format!("mck_practice_{}", hash.chars().take(40).collect::<String>())
}

/// A number that belongs to a customer of a mini-program.
pub(crate) fn stable_number(app_id: &str, customer: u32) -> u64 {
    let hash = digest(&format!("number {app_id} {customer}"));
    hash.first_chunk().map_or(0, |first| u64::from_be_bytes(*first))
}

/// A session or administration secret.
pub(crate) fn secret() -> String {
    pick(WORD, 43)
}

/// A request id as it ends every error message **W**: `8hex-8hex-8hex`, the first part from the clock.
pub(crate) fn rid(now: DateTime<Utc>) -> String {
    format!("{:08x}-{}-{}", now.timestamp() & 0xffff_ffff, pick(HEX, 8), pick(HEX, 8))
}

/// When a request was made, by its id; nothing for what is no request id.
pub(crate) fn instant_of_rid(rid: &str) -> Option<DateTime<Utc>> {
    let parts: Vec<&str> = rid.split('-').collect();
    let hex = |part: &&str| part.len() == 8 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    if parts.len() != 3 || !parts.iter().all(hex) {
        return None;
    }
    let seconds = u32::from_str_radix(parts.first()?, 16).ok()?;
    DateTime::from_timestamp(seconds.into(), 0)
}

/// A refresh token of an authorisation, in the form seen **C**.
pub(crate) fn refresh_token() -> String {
    format!("refreshtoken@@@{}", pick(WORD, 43))
}

/// A third-party platform's ticket, in the form seen **C**.
pub(crate) fn ticket() -> String {
    format!("ticket@@@{}", pick(WORD, 80))
}

/// What is stored instead of a secret of high entropy.
pub(crate) fn digest(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// The same as text.
pub(crate) fn digest_hex(secret: &str) -> String {
    digest(secret).iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Whether a secret has a stored hash, in constant time.
pub(crate) fn matches(secret: &str, stored_hex: &str) -> bool {
    digest_hex(secret).as_bytes().ct_eq(stored_hex.as_bytes()).into()
}
