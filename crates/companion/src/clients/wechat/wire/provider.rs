//! Bulk orders, the packs they can be turned into, and allocations.
//!
//! Units are mixed inside one order, as they are on the wire: milliseconds, seconds, fen **W**.

use std::time::Duration;

use billing_core::Yuan;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{Id, Verdict, accepted, instant};
use crate::clients::answer::{JsonPath, decode};
use crate::clients::error::ClientError;
use crate::clients::pages::Page;
use crate::clients::refusal::Asked;
use crate::clients::wechat::provider::{
    Allocation, Assigned, ConvertibleSku, Invoice, OrderProduct, ProviderOrder,
};
use crate::clients::whole::{Errcode, Millis, WireInt};

/// A `validity` below this is a number of seconds, above it an instant: no pack lasts until 2001, nor for thirty years
/// **A**. WeChat's sample shows an instant.
const INSTANTS_FROM: u64 = 1_000_000_000;
/// Repeated, and carried out earlier.
const ALREADY_ASSIGNED: i64 = 10_121_009;
const ALLOCATION_CANCELLED: i64 = 10_121_010;
/// Also the answer to a second call that takes an allocation back.
pub(crate) const ALLOCATION_PENDING: i64 = 10_121_011;
/// Seen where 10121009 was to be expected.
const ALREADY_ASSIGNED_PERHAPS: i64 = 10_121_031;

/// Body of `POST /wxa/charge/service-provider/order/query_list`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::clients::wechat) struct OrdersQuestion<'a> {
    pub(in crate::clients::wechat) spu_id: &'a str,
    pub(in crate::clients::wechat) offset: u64,
    pub(in crate::clients::wechat) limit: u64,
}

/// Body of `POST /wxa/charge/service-provider/package/assign`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::clients::wechat) struct AssignQuestion<'a> {
    order_id: &'a str,
    sku_id: &'a str,
    receiver_app_id: &'a str,
    request_id: &'a str,
    /// Milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    begin_time: Option<i64>,
}

impl<'a> From<&Allocation<'a>> for AssignQuestion<'a> {
    fn from(allocation: &Allocation<'a>) -> Self {
        let Allocation { order_id, sku_id, receiver_app_id, request_id, begins_at } = *allocation;
        let begin_time = begins_at.map(|at| at.timestamp_millis());
        Self { order_id, sku_id, receiver_app_id, request_id, begin_time }
    }
}

/// Body of `POST /wxa/charge/service-provider/package/cancel_assign`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::clients::wechat) struct CancelQuestion<'a> {
    pub(in crate::clients::wechat) order_id: &'a str,
    pub(in crate::clients::wechat) request_id: &'a str,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OrdersBody {
    total: Option<WireInt>,
    order_list: Option<Vec<OrderBody>>,
}

#[derive(Deserialize)]
struct OneOrderBody {
    order: Option<OrderBody>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OrderBody {
    order_id: Option<String>,
    status: Option<WireInt>,
    create_time: Option<Millis>,
    update_time: Option<Millis>,
    /// Fen.
    order_price: Option<WireInt>,
    pay_info: Option<PayBody>,
    order_product_info: Option<ProductBody>,
    invoice_info: Option<InvoiceBody>,
    usage: Option<PoolBody>,
}

/// Seconds.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PayBody {
    apply_pay_time: Option<WireInt>,
    finish_pay_time: Option<WireInt>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ProductBody {
    sp_spu_id: Option<Id>,
    sp_sku_id: Option<Id>,
    sp_biz_id: Option<Id>,
    spu_name: Option<String>,
    sku_name: Option<String>,
    sku_cnt: Option<WireInt>,
    /// Seconds.
    validity_begin_time: Option<WireInt>,
    validity: Option<WireInt>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct InvoiceBody {
    /// Seconds.
    invoice_apply_time: Option<WireInt>,
    invoice_status: Option<WireInt>,
}

#[derive(Deserialize)]
struct PoolBody {
    used: Option<WireInt>,
    all: Option<WireInt>,
}

/// Reads a page of bulk orders.
pub(in crate::clients::wechat) fn orders_page(
    host: &str,
    answer: &[u8],
) -> Result<Page<ProviderOrder, ()>, ClientError> {
    let body: OrdersBody = accepted(host, Asked::Data, answer)?;
    let here = JsonPath { host, path: "" };
    let WireInt(total) = here.need("total", body.total)?;
    // An empty list may be left out; a list with rows may not.
    let orders = match body.order_list {
        None if total == 0 => Vec::new(),
        list => here.need("orderList", list)?,
    };
    let rows = orders.into_iter().enumerate().map(|(index, order)| {
        let path = format!("orderList[{index}].");
        order.order(JsonPath { path: &path, ..here })
    });
    Ok(Page { total, rows: rows.collect::<Result<_, _>>()?, sums: () })
}

/// Reads one bulk order.
pub(in crate::clients::wechat) fn order(host: &str, answer: &[u8]) -> Result<ProviderOrder, ClientError> {
    let body: OneOrderBody = accepted(host, Asked::Data, answer)?;
    let order = JsonPath { host, path: "" }.need("order", body.order)?;
    order.order(JsonPath { host, path: "order." })
}

impl OrderBody {
    fn order(self, here: JsonPath<'_>) -> Result<ProviderOrder, ClientError> {
        let id = self.order_id.filter(|id| !id.is_empty());
        let product = here.need("orderProductInfo", self.order_product_info)?;
        let path = format!("{}orderProductInfo.", here.path);
        let paid = self.pay_info.as_ref();
        Ok(ProviderOrder {
            id: here.need("orderId", id)?,
            status: here.need("status", self.status)?.0,
            created_at: self.create_time.and_then(instant_of_millis),
            updated_at: self.update_time.and_then(instant_of_millis),
            price: self.order_price.map(|WireInt(fen)| Yuan::from_fen(fen)),
            payment_began_at: paid.and_then(|paid| paid.apply_pay_time).and_then(given_instant),
            paid_at: paid.and_then(|paid| paid.finish_pay_time).and_then(given_instant),
            product: product.product(JsonPath { path: &path, ..here })?,
            invoice: self.invoice_info.map(|invoice| Invoice {
                asked_at: invoice.invoice_apply_time.and_then(given_instant),
                status: invoice.invoice_status.map(|WireInt(status)| status),
            }),
            pool: self.usage.and_then(|pool| Some((pool.used?.0, pool.all?.0))),
        })
    }
}

impl ProductBody {
    fn product(self, here: JsonPath<'_>) -> Result<OrderProduct, ClientError> {
        let valid_from = self.validity_begin_time.and_then(given_instant);
        Ok(OrderProduct {
            spu_id: here.need("spSpuId", self.sp_spu_id.and_then(Id::text))?,
            sku_id: here.need("spSkuId", self.sp_sku_id.and_then(Id::text))?,
            biz_id: self.sp_biz_id.and_then(Id::text),
            spu_name: self.spu_name,
            sku_name: self.sku_name,
            count: self.sku_cnt.map(|WireInt(count)| count),
            valid_from,
            valid_until: self.validity.and_then(|validity| valid_until(valid_from, validity)),
        })
    }
}

fn instant_of_millis(Millis(millis): Millis) -> Option<DateTime<Utc>> {
    i64::try_from(millis).ok().and_then(DateTime::from_timestamp_millis).filter(|_| millis > 0)
}

/// An instant in seconds; 0 stands for "not yet".
fn given_instant(seconds: WireInt) -> Option<DateTime<Utc>> {
    instant(seconds).filter(|_| seconds.0 > 0)
}

fn valid_until(from: Option<DateTime<Utc>>, WireInt(validity): WireInt) -> Option<DateTime<Utc>> {
    if validity >= INSTANTS_FROM {
        return instant(WireInt(validity));
    }
    from?.checked_add_signed(TimeDelta::try_seconds(i64::try_from(validity).ok()?)?)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SkusBody {
    errcode: Option<Errcode>,
    sku_list: Option<Vec<SkuBody>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SkuBody {
    spu_id: Option<Id>,
    sku_id: Option<Id>,
    sku_name: Option<String>,
    biz_id: Option<Id>,
    attr: Option<AttrBody>,
}

#[derive(Deserialize)]
struct AttrBody {
    /// Seconds; documented as a number, sent as a string.
    duration: Option<WireInt>,
    proportion: Option<ProportionBody>,
}

#[derive(Deserialize)]
struct ProportionBody {
    quota: Option<QuotaBody>,
}

#[derive(Deserialize)]
struct QuotaBody {
    quota: Option<WireInt>,
}

/// Reads the packs an order can be turned into.
pub(in crate::clients::wechat) fn skus(
    host: &str,
    answer: &[u8],
) -> Result<Vec<ConvertibleSku>, ClientError> {
    let body: SkusBody = accepted(host, Asked::Data, answer)?;
    // An empty list may be left out of an answer that is one.
    let skus = match (body.sku_list, body.errcode) {
        (None, Some(_)) => Vec::new(),
        (list, _) => JsonPath { host, path: "" }.need("skuList", list)?,
    };
    let skus = skus.into_iter().enumerate().map(|(index, sku)| {
        let path = format!("skuList[{index}].");
        let here = JsonPath { host, path: &path };
        let (duration, proportion) = sku.attr.map_or((None, None), |attr| (attr.duration, attr.proportion));
        Ok(ConvertibleSku {
            spu_id: here.need("spuId", sku.spu_id.and_then(Id::text))?,
            sku_id: here.need("skuId", sku.sku_id.and_then(Id::text))?,
            name: sku.sku_name,
            biz_id: sku.biz_id.and_then(Id::text),
            valid_for: duration.map(|WireInt(seconds)| Duration::from_secs(seconds)),
            calls: proportion
                .and_then(|part| part.quota)
                .and_then(|quota| quota.quota)
                .map(|WireInt(calls)| calls),
        })
    });
    skus.collect()
}

/// Reads what became of an allocation. Three of WeChat's refusals say that nothing is wrong.
pub(in crate::clients::wechat) fn assigned(host: &str, answer: &[u8]) -> Result<Assigned, ClientError> {
    match verdict(host, answer) {
        Ok(()) => Ok(Assigned::Accepted),
        Err(ClientError::Refused(refusal)) => match refusal.errcode() {
            ALREADY_ASSIGNED => Ok(Assigned::Done),
            ALLOCATION_PENDING => Ok(Assigned::Pending),
            ALREADY_ASSIGNED_PERHAPS => Ok(Assigned::DoneIfRepeated),
            _ => Err(ClientError::Refused(refusal)),
        },
        Err(error) => Err(error),
    }
}

/// Reads the answer to a cancellation. Cancelled earlier is as good.
pub(in crate::clients::wechat) fn cancelled(host: &str, answer: &[u8]) -> Result<(), ClientError> {
    match verdict(host, answer) {
        Err(ClientError::Refused(refusal)) if refusal.errcode() == ALLOCATION_CANCELLED => Ok(()),
        read => read,
    }
}

/// The verdict of an answer that has nothing else. It must be there: only tokens come without one.
fn verdict(host: &str, answer: &[u8]) -> Result<(), ClientError> {
    let verdict: Verdict = decode(host, answer)?;
    JsonPath { host, path: "" }.need("errcode", verdict.errcode)?;
    verdict.check(Asked::Data)
}

#[cfg(test)]
mod tests;
