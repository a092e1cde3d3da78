//! What a purchase is worth to the shop: the price of an errand, which plans are ranked by (`docs/billing-rules.md` §10).

use billing_core::Yuan;

use crate::api::{ErrorCode, SettingsView, Tag};
use crate::context::Context;
use crate::error::Error;
use crate::infra::amounts::typed_amount;
use crate::settings::page::get_settings;
use crate::store::settings::{self, Setting};

/// More is a slip of the finger.
const FEN_MAX: u64 = 100_000;

/// Sets what a purchase is worth to the shop, in yuan. Errors: `errand_price_invalid`.
pub(crate) async fn set_errand_price(context: &Context, price: &str) -> Result<SettingsView, Error> {
    let price = given(price).ok_or_else(|| Error::refused(ErrorCode::ErrandPriceInvalid))?;
    context.store.write_ledger(move |db| settings::set(db, Setting::ErrandPrice, price.to_string())).await?;
    context.changed_everywhere(&[Tag::App, Tag::Usage]);
    get_settings(context).await
}

/// No more than a day of somebody's time.
fn given(text: &str) -> Option<Yuan> {
    typed_amount(text).filter(|price| price.fen().is_some_and(|fen| fen <= FEN_MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_taken_as_people_type_them() {
        for (text, taken) in [
            ("5", Some("5.00")),
            (" ¥7.50 ", Some("7.50")),
            ("￥２５．５０", Some("25.50")),
            ("0", Some("0.00")),
            ("12元", Some("12.00")),
            ("1000", Some("1000.00")),
            ("1000.01", None),
            ("-1", None),
            ("0.001", None),
            ("", None),
            ("五块", None),
        ] {
            assert_eq!(given(text).map(|price| price.to_string()).as_deref(), taken, "{text}");
        }
    }
}
