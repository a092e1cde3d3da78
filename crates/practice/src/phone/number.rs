//! A number that a customer types, of the mainland or of anywhere else. Its form is checked, and nobody checks whose it is
//! **S3**; numbers of abroad and of other lengths than eleven occur **W**.

/// Where a number can be from without its code being typed: the code, and the name in both languages. A zero before a
/// national number is left out after each of these codes.
pub(super) const REGIONS: [(&str, &str); 12] = [
    (MAINLAND, "中国大陆 Mainland China"),
    ("852", "中国香港 Hong Kong"),
    ("853", "中国澳门 Macao"),
    ("886", "中国台湾 Taiwan"),
    ("81", "日本 Japan"),
    ("82", "韩国 South Korea"),
    ("60", "马来西亚 Malaysia"),
    ("65", "新加坡 Singapore"),
    ("66", "泰国 Thailand"),
    ("61", "澳大利亚 Australia"),
    ("44", "英国 United Kingdom"),
    ("1", "美国、加拿大 United States, Canada"),
];

/// The code of the mainland.
pub(super) const MAINLAND: &str = "86";

/// Digits of a whole number, code included: E.164 has fifteen at most, and the shortest mobile numbers in use have eight.
const DIGITS: std::ops::RangeInclusive<usize> = 8..=15;

/// What is wrong with a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Objection {
    /// Something else than digits stands in it, or it begins with a code that there is not.
    NotANumber,
    /// A number of the mainland has eleven digits and begins with 1.
    Mainland,
    /// Too short or too long for E.164.
    Length,
}

impl Objection {
    /// What the customer reads, in Chinese and in English.
    pub(super) const fn text(self) -> (&'static str, &'static str) {
        match self {
            Self::NotANumber => (
                "只填数字。境外号码先选国家或地区，或以 + 和区号开头。",
                "Digits only. For a number from abroad, choose the country or begin with + and its code.",
            ),
            Self::Mainland => (
                "中国大陆手机号要 11 位数字，以 1 开头。境外号码请先选国家或地区。",
                "A mainland number has 11 digits and begins with 1. For another, choose the country.",
            ),
            Self::Length => (
                "这个号码太短或太长：连区号一共 8 到 15 位数字。",
                "This number is too short or too long: 8 to 15 digits with the country code.",
            ),
        }
    }
}

/// A typed number in one form, whichever way it was typed: eleven digits for the mainland, `+` and the whole number for
/// anywhere else. `code` is the one that was chosen; a code that was typed counts before it.
pub(super) fn read(code: &str, typed: &str) -> Result<String, Objection> {
    let is_filler = |character: char| character.is_whitespace() || matches!(character, '-' | '.' | '(' | ')');
    let compact: String = typed.chars().filter(|character| !is_filler(*character)).collect();
    let typed_whole = compact.strip_prefix('+').or_else(|| compact.strip_prefix("00"));
    let (whole, national) = match typed_whole {
        Some(whole) => (whole.to_owned(), whole.strip_prefix(MAINLAND)),
        None if code == MAINLAND => (String::new(), Some(compact.as_str())),
        None => (format!("{code}{}", compact.strip_prefix('0').unwrap_or(&compact)), None),
    };
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if let Some(national) = national {
        return match national {
            _ if !are_digits(national) => Err(Objection::NotANumber),
            _ if national.len() == 11 && national.starts_with('1') => Ok(national.to_owned()),
            _ => Err(Objection::Mainland),
        };
    }
    match whole.as_str() {
        _ if !are_digits(&whole) || whole.starts_with('0') => Err(Objection::NotANumber),
        _ if DIGITS.contains(&whole.len()) => Ok(format!("+{whole}")),
        _ => Err(Objection::Length),
    }
}

#[cfg(test)]
mod tests {
    use super::{MAINLAND, Objection, read};

    #[test]
    fn a_number_has_one_form_whichever_way_it_was_typed() {
        for (code, typed, number) in [
            (MAINLAND, "13800138000", "13800138000"),
            (MAINLAND, " 138-0013 8000", "13800138000"),
            (MAINLAND, "+86 138 0013 8000", "13800138000"),
            ("852", "0086 138 0013 8000", "13800138000"),
            ("852", "5123 4567", "+85251234567"),
            (MAINLAND, "+852 5123 4567", "+85251234567"),
            ("44", "07911 123456", "+447911123456"),
            (MAINLAND, "0044 7911 123456", "+447911123456"),
            ("1", "(201) 555-0123", "+12015550123"),
            (MAINLAND, "+290 51234", "+29051234"),
            (MAINLAND, "+123456789012345", "+123456789012345"),
        ] {
            assert_eq!(read(code, typed).as_deref(), Ok(number), "{code} {typed}");
        }
    }

    #[test]
    fn what_is_no_number_is_refused_with_the_reason() {
        for (code, typed, objection) in [
            (MAINLAND, "", Objection::Mainland),
            (MAINLAND, "1380013800", Objection::Mainland),
            (MAINLAND, "23800138000", Objection::Mainland),
            (MAINLAND, "+86 1380013800", Objection::Mainland),
            (MAINLAND, "abcdefghijk", Objection::NotANumber),
            (MAINLAND, "１３８００１３８０００", Objection::NotANumber),
            (MAINLAND, "+", Objection::Length),
            (MAINLAND, "+44+7911123456", Objection::NotANumber),
            (MAINLAND, "+0447911123456", Objection::NotANumber),
            ("852", "5123", Objection::Length),
            ("1", "+1234567890123456", Objection::Length),
            ("44", "seven", Objection::NotANumber),
        ] {
            assert_eq!(read(code, typed), Err(objection), "{code} {typed}");
        }
    }
}
