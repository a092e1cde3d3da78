//! Money: yuan with two decimals, unit prices with up to four. Never floating point.

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;
use std::str::FromStr;

/// Digits before the point that a written amount may have. More is a slip of the keyboard, not a price.
const WHOLE_DIGITS_MAX: usize = 15;

/// An amount in yuan, at least 0, exact to the cent (分).
///
/// ```
/// use billing_core::Yuan;
/// let price: Yuan = "7.5".parse()?;
/// assert_eq!(price.to_string(), "7.50");
/// assert!("7.505".parse::<Yuan>().is_err());
/// assert!("-1".parse::<Yuan>().is_err());
/// # Ok::<(), billing_core::money::AmountError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Yuan(Decimal);

/// The price of one call in yuan, at least 0, up to four decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnitPrice(Decimal);

/// Why a text is no amount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// A minus sign.
    #[error("amount {0:?} is negative")]
    Negative(String),
    /// More decimals than the unit has.
    #[error("amount {text:?} has more than {allowed} decimals")]
    TooManyDecimals {
        /// The text as written.
        text: String,
        /// Decimals the unit has.
        allowed: usize,
    },
    /// More than 15 digits before the point.
    #[error("amount {0:?} is too large")]
    TooLarge(String),
    /// Anything else that is not digits, point, digits.
    #[error("{0:?} is not an amount like 30.00")]
    NotAnAmount(String),
}

/// Reads `digits[.digits]`, and nothing else: no sign, blank, exponent or separator.
fn parse_amount(text: &str, decimals_max: usize) -> Result<Decimal, AmountError> {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, decimals) = match text.split_once('.') {
        Some((whole, decimals)) => (whole, Some(decimals)),
        None => (text, None),
    };
    if let Some(positive) = text.strip_prefix('-')
        && parse_amount(positive, decimals_max).is_ok()
    {
        return Err(AmountError::Negative(text.to_owned()));
    }
    if !digits(whole) || !decimals.is_none_or(digits) {
        return Err(AmountError::NotAnAmount(text.to_owned()));
    }
    if decimals.is_some_and(|decimals| decimals.len() > decimals_max) {
        return Err(AmountError::TooManyDecimals { text: text.to_owned(), allowed: decimals_max });
    }
    if whole.len() > WHOLE_DIGITS_MAX {
        return Err(AmountError::TooLarge(text.to_owned()));
    }
    Decimal::from_str_exact(text).map_err(|_| AmountError::NotAnAmount(text.to_owned()))
}

impl Yuan {
    /// Nothing.
    pub const ZERO: Self = Self(Decimal::ZERO);

    /// The number itself.
    pub const fn get(self) -> Decimal {
        self.0
    }

    /// An amount of `fen` cents.
    pub fn from_fen(fen: u64) -> Self {
        Self(Decimal::from_i128_with_scale(i128::from(fen), 2))
    }

    /// The same for sums that may leave 64 bits; nothing where they leave what a decimal can hold.
    pub fn from_many_fen(fen: u128) -> Option<Self> {
        Decimal::try_from_i128_with_scale(i128::try_from(fen).ok()?, 2).ok().map(Self)
    }

    /// The amount in cents, unless it leaves 64 bits.
    pub fn fen(self) -> Option<u64> {
        use rust_decimal::prelude::ToPrimitive;
        self.0.checked_mul(Decimal::ONE_HUNDRED)?.to_u64()
    }

    /// The sum, unless it leaves what a decimal can hold.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The difference, unless it would be negative.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).filter(|rest| !rest.is_sign_negative() || rest.is_zero()).map(Self)
    }

    /// The price of one call when `calls` of them cost this, rounded half up to four decimals; nothing for no calls.
    pub fn per_call(self, calls: crate::Calls) -> Option<UnitPrice> {
        use rust_decimal::RoundingStrategy::MidpointAwayFromZero;
        let each = self.0.checked_div(Decimal::from(calls.get()))?;
        Some(UnitPrice(each.round_dp_with_strategy(4, MidpointAwayFromZero).normalize()))
    }
}

impl UnitPrice {
    /// The number itself.
    pub const fn get(self) -> Decimal {
        self.0
    }

    /// What `calls` cost at this price, rounded half up to the cent.
    pub fn times(self, calls: crate::Calls) -> Option<Yuan> {
        use rust_decimal::RoundingStrategy::MidpointAwayFromZero;
        let amount = self.0.checked_mul(Decimal::from(calls.get()))?;
        Some(Yuan(amount.round_dp_with_strategy(2, MidpointAwayFromZero)))
    }
}

impl FromStr for Yuan {
    type Err = AmountError;
    fn from_str(text: &str) -> Result<Self, AmountError> {
        parse_amount(text, 2).map(Self)
    }
}

impl FromStr for UnitPrice {
    type Err = AmountError;
    fn from_str(text: &str) -> Result<Self, AmountError> {
        parse_amount(text, 4).map(|price| Self(price.normalize()))
    }
}

impl fmt::Display for Yuan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2}", self.0)
    }
}

impl fmt::Display for UnitPrice {
    /// At least two decimals, more only where they say something: `0.03`, `0.027`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.0.normalize();
        if shown.scale() < 2 { write!(f, "{shown:.2}") } else { write!(f, "{shown}") }
    }
}

impl Serialize for Yuan {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Serialize for UnitPrice {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Amounts are JSON strings: a JSON number would pass through a float in other readers.
struct AmountText<T>(std::marker::PhantomData<T>);

impl<T: FromStr<Err = AmountError>> de::Visitor<'_> for AmountText<T> {
    type Value = T;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an amount as text, like \"30.00\"")
    }
    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}

impl<'de> Deserialize<'de> for Yuan {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(AmountText(std::marker::PhantomData))
    }
}

impl<'de> Deserialize<'de> for UnitPrice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(AmountText(std::marker::PhantomData))
    }
}
