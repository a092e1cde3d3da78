//! Orders: every purchase seen or made, whether it can be given back, and what the shop wrote down about it.

use std::sync::Arc;

use crate::api::{ErrorCode, Instant, OrderNote, OrdersView, RefundView, Tag, UsageSource};
use crate::context::{Context, JobKey};
use crate::error::Error;
use crate::forecast::outlook::{Outlook, outlook};
use crate::infra::jobs::Attempt;
use crate::purchasing::status;
use crate::snapshot::AccountSnapshot;
use crate::store::orders::{self, Order};
use crate::store::purchases::{self, Purchase};
use crate::store::{Db, StoreError};
use crate::usage::state::Usage;
use crate::usage::sync::read_usage;

/// Every purchase seen or made, newest first.
pub(crate) async fn get_orders(context: &Context, account: &str) -> Result<OrdersView, Error> {
    let (known, (orders, purchases)) = context.snapshot_with(account, all_orders).await?;
    let outlook = outlook(context, &known).await?;
    Ok(orders_view(&known, &outlook, &orders, &purchases))
}

/// Writes down what the shop did about an order in the console. After a refund was asked for, usage is read again:
/// the lot's end is what confirms it. Errors: `not_found`, `not_refundable`, `order_number_invalid`.
pub(crate) async fn note_order(
    context: &Context,
    usage: &Arc<Usage>,
    account: &str,
    order: &str,
    note: OrderNote,
) -> Result<OrdersView, Error> {
    let (known, (orders, purchases)) = context.snapshot_with(account, all_orders).await?;
    let mut stored = orders
        .into_iter()
        .find(|stored| stored.id == order)
        .ok_or_else(|| Error::refused(ErrorCode::NotFound))?;
    let asked = note == OrderNote::RefundAsked;
    match note {
        OrderNote::RefundAsked => {
            let outlook = outlook(context, &known).await?;
            let judged = status::order_view(&known, &outlook, &stored, &purchases);
            if !matches!(judged.refund, RefundView::Possible { .. } | RefundView::Asked { .. }) {
                return Err(Error::refused(ErrorCode::NotRefundable));
            }
            stored.refund_asked_at.get_or_insert(known.now);
        }
        OrderNote::RefundNotAsked => stored.refund_asked_at = None,
        OrderNote::InvoiceAsked => {
            stored.invoice_asked_at.get_or_insert(known.now);
        }
        OrderNote::InvoiceNotAsked => stored.invoice_asked_at = None,
        OrderNote::Number { number } => stored.number = order_number(&number)?,
    }
    context.store.write_ledger(move |db| orders::save(db, &stored)).await?;
    context.changed(&known.account.id, &[Tag::Purchase]);
    if asked {
        look_for_refund(context, usage, &known);
    }
    get_orders(context, account).await
}

/// Reads usage once in the background. A reading that fails is stored with the account and shown there.
fn look_for_refund(context: &Context, usage: &Arc<Usage>, known: &AccountSnapshot) {
    let Some(connection) = known.connection.clone() else { return };
    if connection.source == UsageSource::TypedIn {
        return;
    }
    let (account, usage) = (known.account.clone(), Arc::clone(usage));
    let backoff = context.backoff(account.environment, known.now);
    context.start_job(JobKey::Refund(account.id.clone()), backoff, move |context| {
        let (account, connection, usage) = (account.clone(), connection.clone(), Arc::clone(&usage));
        async move {
            if let Err(error) = read_usage(&context, &usage, &account, &connection).await {
                tracing::info!(code = ?error.code(), "the refund could not be looked for");
            }
            Attempt::Done
        }
    });
}

/// The orders of an account, and its purchases that were handed over.
fn all_orders(db: &Db<'_>, account: &str) -> Result<(Vec<Order>, Vec<Purchase>), StoreError> {
    Ok((orders::of(db, account)?, purchases::handed_over(db, account)?))
}

fn orders_view(
    known: &AccountSnapshot,
    outlook: &Outlook,
    orders: &[Order],
    purchases: &[Purchase],
) -> OrdersView {
    let mut views: Vec<_> = purchases.iter().filter_map(status::unarrived_view).collect();
    views.extend(orders.iter().map(|order| status::order_view(known, outlook, order, purchases)));
    let typed_in = known.connection.as_ref().is_some_and(|connection| connection.typed.is_some());
    let figures = known.figures.as_ref().filter(|_| !typed_in);
    OrdersView {
        account: known.account.id.clone(),
        orders: views,
        read_at: figures.map(|figures| Instant(figures.read_at)),
        typed_in,
    }
}

/// WeChat's order numbers are `DD` and digits: 19 in every one that was seen \[S3\].
fn order_number(typed: &str) -> Result<Option<String>, Error> {
    let number = typed.trim();
    let digits = number.strip_prefix("DD").unwrap_or_default();
    let sound = (10..=30).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    match number {
        "" => Ok(None),
        _ if sound => Ok(Some(number.to_owned())),
        _ => Err(Error::refused(ErrorCode::OrderNumberInvalid)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_number_is_two_letters_and_digits() {
        let number = |typed| order_number(typed).map_err(|error| error.code());
        assert_eq!(number(" DD3034220985269108737 "), Ok(Some("DD3034220985269108737".to_owned())));
        assert_eq!(number("  "), Ok(None));
        for wrong in
            ["3034220985269108737", "DD", "DD12345", "DD30342209852691O8737", "dd3034220985269108737"]
        {
            assert_eq!(number(wrong), Err(ErrorCode::OrderNumberInvalid), "{wrong}");
        }
    }
}
