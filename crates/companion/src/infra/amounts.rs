//! Amounts as people type them: with a sign of the yuan, with digits of full width.

use billing_core::Yuan;

/// The amount; `None` where the text is not one, or has more than two decimals.
pub(crate) fn typed_amount(text: &str) -> Option<Yuan> {
    half_width(text).trim().trim_start_matches(['¥', '￥']).trim_end_matches('元').trim().parse().ok()
}

/// Digits, points and blanks of full width as the narrow ones that they mean.
pub(crate) fn half_width(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '０'..='９' => char::from_digit(u32::from(c) - u32::from('０'), 10).unwrap_or(c),
            '．' | '。' => '.',
            '\u{3000}' => ' ',
            c => c,
        })
        .collect()
}
