//! Records from a table: times as people write them, and phone numbers that nobody keeps.

use std::collections::HashSet;
use std::hash::{BuildHasher as _, RandomState};

use billing_core::bill::{SignUp, Version};
use billing_core::time::BEIJING;
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeZone as _, Utc};

use super::upload::BillFile;
use crate::api::{BillColumns, BillZone};

/// Digits of a mobile number of the mainland.
const PHONE_DIGITS: usize = 11;
/// Digits of an instant in seconds and in milliseconds since 1970, from 2001 to 2286.
const SECONDS_DIGITS: usize = 10;
const MILLISECONDS_DIGITS: usize = 13;

/// The shop's records, each sign-up once.
pub(super) struct Records {
    pub(super) sign_ups: Vec<SignUp>,
    /// Every sign-up there was is among them: a platform's, not a file's.
    pub(super) whole: bool,
    /// Rows whose time cannot be read.
    pub(super) left_out: usize,
    /// Rows that repeat another one in every cell.
    pub(super) duplicates: usize,
}

impl BillFile {
    /// Returns the records of the rows, by these columns.
    pub(super) fn records(&self, columns: BillColumns) -> Records {
        // A new state for each reading, so that signs of two files say nothing together.
        let signs = RandomState::new();
        let (mut left_out, mut duplicates) = (0_usize, 0_usize);
        let mut seen = HashSet::new();
        let records = self.rows.iter().filter_map(|row| {
            let cell = |column: Option<u32>| {
                let text = row.get(usize::try_from(column?).ok()?)?;
                (!text.is_empty()).then_some(text.as_str())
            };
            let Some(at) = cell(columns.time).and_then(|text| instant_in(text, columns.zone)) else {
                left_out = left_out.saturating_add(1);
                return None;
            };
            // The same row twice is one sign-up, exported twice. Rows that name nobody may be of two customers.
            if cell(columns.who).is_some() && !seen.insert(row) {
                duplicates = duplicates.saturating_add(1);
                return None;
            }
            Some(SignUp {
                at,
                who: cell(columns.who).and_then(|text| sign(text, &signs)),
                version: cell(columns.version).map_or(Version::Release, version),
                authorised: cell(columns.way).is_none_or(|text| !has(text, &TYPED)),
                fetched: cell(columns.outcome).is_none_or(|text| !has(text, &NOT_FETCHED)),
                known: cell(columns.outcome).is_some_and(|text| has(text, &KNOWN)),
            })
        });
        let sign_ups = records.collect();
        Records { sign_ups, whole: false, left_out, duplicates }
    }
}

const TYPED: [&str; 5] = ["手动", "手填", "输入", "manual", "typed"];
const NOT_FETCHED: [&str; 8] =
    ["未获取", "未换取", "没换到", "失败", "not fetched", "not_fetched", "failed", "error"];
const KNOWN: [&str; 6] = ["已是会员", "已有会员", "老会员", "已注册", "already_member", "already a member"];

fn has(text: &str, words: &[&str]) -> bool {
    let text = text.to_lowercase();
    words.iter().any(|word| text.contains(word))
}

fn version(text: &str) -> Version {
    if has(text, &["体验", "trial"]) {
        Version::Trial
    } else if has(text, &["开发", "develop", "dev"]) {
        Version::Develop
    } else {
        Version::Release
    }
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// What phone numbers are written with.
fn is_of_phones(letter: char) -> bool {
    letter.is_ascii_digit() || matches!(letter, ' ' | '-' | '(' | ')' | '+')
}

/// The digits of a phone number, without the country and what people put in between.
pub(super) fn phone(cell: &str) -> Option<String> {
    let bare: String = cell.chars().filter(|letter| !matches!(letter, ' ' | '-' | '(' | ')' | '+')).collect();
    let bare = bare.strip_prefix("0086").or_else(|| bare.strip_prefix("86")).unwrap_or(&bare);
    let is_phone = bare.len() == PHONE_DIGITS && bare.starts_with('1') && is_digits(bare);
    is_phone.then(|| bare.to_owned())
}

/// Stands for the person the cell names. A number that was masked already could be anybody's.
fn sign(text: &str, signs: &RandomState) -> Option<u64> {
    if text.contains('*') {
        return None;
    }
    Some(signs.hash_one(phone(text).as_deref().unwrap_or(text)))
}

/// `138****8000` of a phone number, wherever it stands in the cell and however it is written; anything else as it is.
pub(super) fn masked(cell: &str) -> String {
    let mut text = String::new();
    let mut rest = cell;
    while let Some(begin) = rest.find(is_of_phones) {
        let (before, from) = rest.split_at(begin);
        let (run, after) = from.split_at(from.find(|letter| !is_of_phones(letter)).unwrap_or(from.len()));
        text.push_str(before);
        match phone(run) {
            Some(digits) => text.push_str(&run.replace(run.trim(), &hidden(&digits))),
            None => text.push_str(&long_runs_hidden(run)),
        }
        rest = after;
    }
    text + rest
}

/// Every long run of digits keeps its ends.
fn long_runs_hidden(text: &str) -> String {
    let parts = text.split_inclusive(|letter: char| !letter.is_ascii_digit());
    let shown = parts.map(|part| {
        let digits = part.trim_end_matches(|letter: char| !letter.is_ascii_digit());
        let end = part.get(digits.len()..).unwrap_or_default();
        if digits.len() >= PHONE_DIGITS { hidden(digits) + end } else { part.to_owned() }
    });
    shown.collect()
}

fn hidden(digits: &str) -> String {
    let (start, rest) = digits.split_at(3);
    format!("{start}****{}", rest.get(rest.len().saturating_sub(4)..).unwrap_or_default())
}

/// An instant as tables have it; Beijing time unless it says otherwise.
pub(super) fn instant(text: &str) -> Option<DateTime<Utc>> {
    instant_in(text, BillZone::Beijing)
}

fn instant_in(text: &str, zone: BillZone) -> Option<DateTime<Utc>> {
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Some(at.to_utc());
    }
    if is_digits(text) {
        let number = text.parse().ok()?;
        return match text.len() {
            SECONDS_DIGITS => DateTime::from_timestamp(number, 0),
            MILLISECONDS_DIGITS => DateTime::from_timestamp_millis(number),
            _ => None,
        };
    }
    let local = local_time(text)?;
    match zone {
        BillZone::Beijing => Some(BEIJING.from_local_datetime(&local).single()?.to_utc()),
        BillZone::Utc => Some(local.and_utc()),
    }
}

/// `2026-11-20 10:32:05`, `2026/11/20 9:05`, `2026年11月20日 9:05`, `2026年11月20日 9时5分`; a day alone is its noon.
fn local_time(text: &str) -> Option<NaiveDateTime> {
    let (day, time) = text.split_once([' ', 'T', '日']).unwrap_or((text, ""));
    let day = day.replace(['/', '.', '年', '月'], "-");
    let day = NaiveDate::parse_from_str(day.trim_end_matches('日'), "%Y-%m-%d").ok()?;
    let time = clock_digits(time.trim());
    if time.is_empty() {
        return day.and_hms_opt(12, 0, 0);
    }
    let formats = ["%H:%M:%S%.f", "%H:%M"];
    let time = formats.iter().find_map(|format| NaiveTime::parse_from_str(&time, format).ok())?;
    Some(day.and_time(time))
}

/// Returns `9:5:0` of `9时5分0秒`, and anything else as it is.
fn clock_digits(time: &str) -> String {
    let digits = time.replace(['时', '点', '分'], ":").replace('秒', "");
    // A trailing sign that separates nothing: `9时5分`.
    digits.trim_end_matches(':').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use billing_core::time::beijing_text;

    #[test]
    fn numbers_are_masked_wherever_they_stand() {
        let rows = [
            ("13800138000", "138****8000"),
            ("+86 138-0013-8000", "138****8000"),
            ("张三 13800138000", "张三 138****8000"),
            ("张三 138-0013-8000（微信）", "张三 138****8000（微信）"),
            ("8613800138000 转 12", "138****8000 转 12"),
            ("138001380001234", "138****1234"),
            ("2026-11-20 10:32", "2026-11-20 10:32"),
            ("No. 42", "No. 42"),
            ("", ""),
        ];
        for (cell, expected) in rows {
            assert_eq!(masked(cell), expected);
        }
    }

    #[test]
    fn the_same_person_has_one_sign_however_the_number_is_written() {
        let signs = RandomState::new();
        assert_eq!(sign("13800138000", &signs), sign("+86 138 0013 8000", &signs));
        assert_ne!(sign("13800138000", &signs), sign("13800138001", &signs));
        assert_eq!(sign("138****8000", &signs), None, "anybody's");
        assert_ne!(sign("13800138000", &signs), sign("13800138000", &RandomState::new()), "of one file only");
    }

    #[test]
    fn times_are_beijing_times() {
        let rows = [
            ("2026-11-20 23:59:30", "2026-11-20T23:59:30+08:00"),
            ("2026-11-20 23:59:30.500", "2026-11-20T23:59:30+08:00"),
            ("2026/11/20 9:05", "2026-11-20T09:05:00+08:00"),
            ("2026年11月20日 09:05", "2026-11-20T09:05:00+08:00"),
            ("2026年11月20日09:05", "2026-11-20T09:05:00+08:00"),
            ("2026年12月01日 09时04分", "2026-12-01T09:04:00+08:00"),
            ("2026年12月1日9时4分5秒", "2026-12-01T09:04:05+08:00"),
            ("2026-12-01 9点04分", "2026-12-01T09:04:00+08:00"),
            ("2026-11-20T16:30:00Z", "2026-11-21T00:30:00+08:00"),
            ("2026.11.20", "2026-11-20T12:00:00+08:00"),
            ("2026年11月20日", "2026-11-20T12:00:00+08:00"),
            ("1795192200", "2026-11-21T00:30:00+08:00"),
            ("1795192200000", "2026-11-21T00:30:00+08:00"),
        ];
        for (text, expected) in rows {
            let read = instant(text).map(|at| beijing_text(at).replace(".500", ""));
            assert_eq!(read.as_deref(), Some(expected), "{text}");
        }
        for text in [
            "",
            "昨天",
            "2026-02-30",
            "20261120",
            "2026-11-20 25:00",
            "2026-11-20 9时",
            "2026年11月20日 25时04分",
            "13800138000",
        ] {
            assert_eq!(instant(text), None, "{text}");
        }
        let utc = instant_in("2026-11-20 16:30", BillZone::Utc).map(beijing_text);
        assert_eq!(utc.as_deref(), Some("2026-11-21T00:30:00+08:00"));
    }

    #[test]
    fn words_of_platforms_are_understood() {
        assert_eq!(
            ["正式版", "体验版", "develop", ""].map(version),
            [Version::Release, Version::Trial, Version::Develop, Version::Release]
        );
        assert!(has("会员手动输入", &TYPED) && !has("授权获取", &TYPED));
        assert!(has("number_not_fetched", &NOT_FETCHED) && !has("已发卡", &NOT_FETCHED));
        assert!(has("已是会员", &KNOWN) && !has("新会员", &KNOWN));
    }

    #[test]
    fn identical_rows_that_name_a_person_count_once() {
        let row = |text: &str| text.split(',').map(str::to_owned).collect::<Vec<_>>();
        let rows = [
            row("2026-11-20 10:32,13800138000,A1"),
            row("2026-11-20 10:32,13800138000,A1"),
            row("2026-11-20 10:32,13800138000,A2"),
            row("2026-11-20 10:32,138****8000,A1"),
            row("2026-11-20 10:32,138****8000,A1"),
            row("2026-11-20 10:32,,"),
            row("2026-11-20 10:32,,"),
        ];
        let file = BillFile { name: "x".to_owned(), titles: vec![String::new(); 3], rows: rows.to_vec() };
        let of = |who| {
            let records = file.records(BillColumns { time: Some(0), who, ..BillColumns::default() });
            (records.sign_ups.len(), records.duplicates)
        };
        assert_eq!(of(Some(1)), (5, 2));
        assert_eq!(of(None), (7, 0), "two customers may come in one minute");
    }

    proptest::proptest! {
        #[test]
        fn no_cell_shows_a_whole_number_or_stops_the_reading(cell in "[0-9 +年月日T:./ -]{0,30}|\\PC{0,30}") {
            let _may_be_a_time = (instant(&cell), instant_in(&cell, BillZone::Utc));
            let shown = masked(&cell);
            let longest = shown.split(|letter: char| !letter.is_ascii_digit()).map(str::len).max();
            assert!(longest.unwrap_or_default() < PHONE_DIGITS, "{cell} is shown as {shown}");
        }
    }
}
