//! Numbers, money and times as the pages write them.

use billing_core::time::BEIJING;
use billing_core::{AccountKind, SubjectType, Yuan};
use chrono::{DateTime, Utc};

/// Digits in groups of three: `1,000`.
pub(crate) fn calls(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Pack sizes as the console writes them **S3**: `5000`, `1万`, `1000万`.
pub(crate) fn calls_short(number: u64) -> String {
    if number >= 10_000 && number.is_multiple_of(10_000) {
        format!("{}万", number / 10_000)
    } else {
        number.to_string()
    }
}

/// `¥1,500.00`
pub(crate) fn money(amount: Yuan) -> String {
    let text = amount.to_string();
    let (whole, cents) = text.split_once('.').unwrap_or((&text, "00"));
    match whole.parse::<u64>() {
        Ok(whole) => format!("¥{}.{cents}", calls(whole)),
        Err(_) => format!("¥{text}"),
    }
}

/// `2026-08-01 10:32` in Beijing time.
pub(crate) fn date_time(at: DateTime<Utc>) -> String {
    at.with_timezone(&BEIJING).format("%Y-%m-%d %H:%M").to_string()
}

/// `2026-08-01` in Beijing time.
pub(crate) fn day(at: DateTime<Utc>) -> String {
    at.with_timezone(&BEIJING).format("%Y-%m-%d").to_string()
}

/// 小程序 or 小游戏
pub(crate) const fn kind_name(kind: AccountKind) -> &'static str {
    match kind {
        AccountKind::MiniProgram => "小程序",
        AccountKind::MiniGame => "小游戏",
    }
}

/// 主体类型
pub(crate) const fn subject_name(subject: SubjectType) -> &'static str {
    match subject {
        SubjectType::Government => "政府",
        SubjectType::NonProfit => "非营利组织",
        SubjectType::PublicInstitution => "事业单位",
        SubjectType::Enterprise => "企业",
        SubjectType::IndividualBusiness => "个体工商户",
        SubjectType::Media => "媒体",
        SubjectType::OtherOrganisation => "其他组织",
        SubjectType::Individual => "个人",
    }
}
