//! A member, as far as practice stores one. Some people type their real number, so the number itself is in no file: an id that
//! is the same whenever it is given, and the number with its middle hidden.

use crate::ids;

/// Who a sign-up is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) id: String,
    pub(crate) phone_masked: String,
}

impl Member {
    /// The member of a shop with this number.
    pub(crate) fn of(app_id: &str, phone: &str) -> Self {
        let hash = ids::digest_hex(&format!("member {app_id} {phone}"));
        let id = format!("m_{}", hash.chars().take(20).collect::<String>());
        Self { id, phone_masked: masked(phone) }
    }
}

/// `120****0001`: of a shorter number less is shown, so that four digits are always hidden.
pub(crate) fn masked(phone: &str) -> String {
    const HEAD: usize = 3;
    const HIDDEN: usize = 4;
    let tail = phone.len().saturating_sub(HEAD + HIDDEN).min(4);
    match (phone.get(..HEAD), phone.get(phone.len() - tail..)) {
        (Some(head), Some(tail)) if !tail.is_empty() => format!("{head}****{tail}"),
        _ => "****".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Member, masked};

    #[test]
    fn four_digits_of_every_number_are_hidden() {
        for (phone, shown) in [
            ("13800138000", "138****8000"),
            ("+447911123456", "+44****3456"),
            ("+85251234567", "+85****4567"),
            ("+29051234", "+29****34"),
            ("1234567", "****"),
            ("", "****"),
        ] {
            assert_eq!(masked(phone), shown);
        }
    }

    #[test]
    fn a_member_is_one_in_each_shop_and_the_number_is_not_in_it() {
        let member = Member::of("wx1", "13800138000");
        assert_eq!(member, Member::of("wx1", "13800138000"));
        assert_ne!(member.id, Member::of("wx2", "13800138000").id);
        assert!(!format!("{member:?}").contains("13800138000"));
    }
}
