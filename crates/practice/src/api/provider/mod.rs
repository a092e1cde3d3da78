//! Bulk purchase (集采): `/wxa/charge/service-provider/…` **W**.

mod wire;

use super::call::{Call, Page, text};
use super::caller::Caller;
use super::context::{Context, Reply, done, written};
use super::error::{ApiError, Stop};
use super::usage::Long;
use crate::assumed::{
    ALLOCATION_TAKES, BULK_STATUS_PAID, BULK_STATUS_PENDING, INVOICE_STATUS, NOT_CANCELLED, NOT_ENOUGH_LEFT,
    UNKNOWN_SPU_ON_USAGE, biz_id, pack_name,
};
use crate::catalogue::{self, Offer};
use crate::faults::Fault;
use crate::store::bulk::{self, BulkOrder};
use crate::store::error::invalid_row;
use billing_core::pool::{CANCEL_WINDOW, RequestId};
use billing_core::{Capability, Status};
use chrono::TimeDelta;
use serde_json::{Map, Value};
use wire::{
    Attributes, Invoice, Order, OrderAnswer, OrderList, PayInfo, Product, Proportion, Quota, Sku, SkuList,
    Usage, UsageList, UsageRow,
};

pub(super) const ASSIGN: &str = "/wxa/charge/service-provider/package/assign";
pub(super) const CANCEL: &str = "/wxa/charge/service-provider/package/cancel_assign";

fn shown(context: &Context<'_>, order: &BulkOrder) -> Result<Order, Stop> {
    let pool = bulk::pool(context.connection, order)?;
    let used = pool.bought().saturating_sub(pool.left());
    let pack = catalogue::wholesale(order.sku_id).ok_or_else(|| invalid_row("no such wholesale pack"))?;
    let changed = order.paid_at.max(order.invoice_at).unwrap_or(order.created_at);
    Ok(Order {
        order_id: order.id.clone(),
        status: if order.paid_at.is_some() { BULK_STATUS_PAID } else { BULK_STATUS_PENDING },
        create_time: order.created_at.timestamp_millis(),
        update_time: changed.timestamp_millis(),
        order_price: order
            .price
            .fen()
            .ok_or_else(|| invalid_row("a price in fractions of a fen"))?
            .to_string(),
        pay_info: PayInfo {
            apply_pay_time: order.created_at.timestamp(),
            finish_pay_time: order.paid_at.map(|at| at.timestamp()),
        },
        order_product_info: Product {
            sp_spu_id: catalogue::bulk_spu(order.capability).to_owned(),
            sp_sku_id: order.sku_id.to_string(),
            sp_biz_id: biz_id(order.capability),
            spu_name: catalogue::bulk_spu_name(order.capability),
            sku_name: pack_name(pack.calls.get(), pack.days.get()),
            sku_cnt: order.count,
            validity_begin_time: order.begins_at().timestamp(),
            validity: order.ends_at().timestamp(),
        },
        invoice_info: order
            .invoice_at
            .map(|at| Invoice { invoice_apply_time: at.timestamp(), invoice_status: INVOICE_STATUS }),
        usage: order.paid_at.map(|_| Usage { used: Long(used.get()), all: Long(order.calls.get()) }),
    })
}

/// `POST /wxa/charge/service-provider/order/query_list`
pub(super) fn order_list(context: &mut Context<'_>, call: &Call, caller: &Caller) -> Reply {
    let object = call.object()?;
    let capability = bulk_capability(text(&object, "spuId").as_deref())?;
    let number = |name| object.get(name).and_then(Value::as_u64);
    // The page of this call lists no other code than this.
    let page = Page::new(number("offset"), number("limit"), call).map_err(|_| ApiError::of(10_120_002))?;
    let mut orders = bulk::all(context.connection, &caller.app_id, capability)?;
    let total = page.cut(&mut orders);
    let order_list = orders.iter().map(|order| shown(context, order)).collect::<Result<_, _>>()?;
    written(&OrderList { errcode: 0, errmsg: "ok", total, order_list })
}

/// `GET /wxa/charge/service-provider/order/get`
pub(super) fn order(context: &mut Context<'_>, call: &Call, caller: &Caller) -> Reply {
    let order = find(context, caller, call.parameter("orderId"))?;
    written(&OrderAnswer { errcode: 0, errmsg: "ok", order: shown(context, &order)? })
}

fn bulk_capability(spu: Option<&str>) -> Result<Capability, ApiError> {
    let spu = spu.ok_or_else(|| ApiError::bad_parameter("spuId"))?;
    catalogue::capability_of_bulk_spu(spu).ok_or_else(|| ApiError::of(UNKNOWN_SPU_ON_USAGE))
}

/// Finds an order by its id: 10120002 if the id is missing, 10120800 if it is malformed, 10121001 if there is no such order.
fn find(context: &Context<'_>, caller: &Caller, id: Option<&str>) -> Result<BulkOrder, Stop> {
    let id = id.ok_or_else(|| ApiError::bad_parameter("orderId"))?;
    let digits = id.strip_prefix("DD").filter(|digits| digits.len() == 19);
    if !digits.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit())) {
        return Err(ApiError::of(10_120_800).into());
    }
    bulk::find(context.connection, &caller.app_id, id)?.ok_or_else(|| ApiError::of(10_121_001).into())
}

/// `GET /wxa/charge/service-provider/package/get_convertible_skus`
pub(super) fn convertible_skus(context: &mut Context<'_>, call: &Call, caller: &Caller) -> Reply {
    let sku_id = if call.parameter("orderId").is_some() {
        // Given together with the ids, the order wins.
        find(context, caller, call.parameter("orderId"))?.sku_id
    } else {
        let capability = bulk_capability(call.parameter("spSpuId"))?;
        let sku = call.parameter("spSkuId").and_then(|sku| sku.parse().ok()).and_then(catalogue::wholesale);
        let sku = sku.filter(|sku| sku.capability == capability);
        sku.ok_or_else(|| ApiError::bad_parameter("spSkuId"))?.sku_id
    };
    let offers = catalogue::convertible(sku_id, context.now);
    let sku_list = offers.iter().map(sku).collect::<Result<_, _>>()?;
    written(&SkuList { errcode: 0, errmsg: "ok", sku_list })
}

fn sku(offer: &Offer) -> Result<Sku, Stop> {
    let tariff = catalogue::tariff(offer.capability).ok_or_else(|| invalid_row("no tariff"))?;
    Ok(Sku {
        spu_id: tariff.spu_id.value.clone(),
        sku_id: Long(offer.sku_id),
        sku_name: pack_name(offer.calls.get(), offer.days.get()),
        biz_id: biz_id(offer.capability),
        attr: Attributes {
            duration: offer.days.length().num_seconds().to_string(),
            duration_type: 1,
            granularity: 99,
            proportion: Proportion { quota: Quota { quota: Long(offer.calls.get()) } },
        },
    })
}

/// What both asking and cancelling begin with.
fn order_and_request(
    context: &Context<'_>,
    caller: &Caller,
    object: &Map<String, Value>,
) -> Result<(BulkOrder, RequestId), Stop> {
    let request = text(object, "requestId").and_then(|id| RequestId::new(id).ok());
    let request = request.ok_or_else(|| ApiError::bad_parameter("requestId"))?;
    let order = find(context, caller, text(object, "orderId").as_deref())?;
    if order.paid_at.is_none() {
        return Err(ApiError::of(10_121_001).into());
    }
    Ok((order, request))
}

/// `POST /wxa/charge/service-provider/package/assign`: accepted now, carried out later; one request id is one
/// allocation of its order.
pub(super) fn assign(context: &mut Context<'_>, call: &Call, caller: &Caller) -> Reply {
    let object = call.object()?;
    if object.get("beginTime").is_some_and(|begin| begin.as_u64().is_none()) {
        return Err(ApiError::bad_parameter("beginTime").into());
    }
    let sku = text(&object, "skuId").ok_or_else(|| ApiError::bad_parameter("skuId"))?;
    let receiver = text(&object, "receiverAppId").ok_or_else(|| ApiError::bad_parameter("receiverAppId"))?;
    let (order, request) = order_and_request(context, caller, &object)?;
    if let Some(known) = bulk::assignment(context.connection, &order.id, &request)? {
        let repeated = match (known.done_at, known.cancelled_at) {
            (_, Some(_)) => 10_121_010,
            (None, None) => 10_121_011,
            (Some(_), None) => context.platform.variants.read().repeated_assign,
        };
        return Err(ApiError::of(repeated).into());
    }
    if context.now >= order.ends_at() {
        return Err(ApiError::of(10_121_012).into());
    }
    let offers = catalogue::convertible(order.sku_id, context.now);
    let offer = offers.iter().find(|offer| offer.sku_id.to_string() == sku);
    let offer = offer.ok_or_else(|| ApiError::of(10_121_013))?;
    if !bulk::is_related(context.connection, &caller.app_id, &receiver)? {
        return Err(ApiError::of(10_045).into());
    }
    if bulk::pool(context.connection, &order)?.left() < offer.calls {
        return Err(ApiError::of(NOT_ENOUGH_LEFT).into());
    }
    let takes = match call.fault {
        Some(Fault::LateAllocation { seconds }) => TimeDelta::seconds(seconds.into()),
        _ => ALLOCATION_TAKES,
    };
    let times = (context.now, context.now + takes);
    let told_twice = matches!(call.fault, Some(Fault::AllocationToldTwice));
    bulk::ask(context.connection, context.accounts, &order, &request, (offer, &receiver), times, told_twice)?;
    Ok(done())
}

/// `POST /wxa/charge/service-provider/package/cancel_assign`: within seven days, if nothing of it was used.
pub(super) fn cancel_assign(context: &mut Context<'_>, call: &Call, caller: &Caller) -> Reply {
    let (order, request) = order_and_request(context, caller, &call.object()?)?;
    let known = bulk::assignment(context.connection, &order.id, &request)?;
    let known = known.ok_or_else(|| ApiError::of(NOT_CANCELLED))?;
    let Some(done_at) = known.done_at else { return Err(ApiError::of(10_121_011).into()) };
    if known.cancelled_at.is_some() {
        return Err(ApiError::of(10_121_010).into());
    }
    if known.cancel_due_at.is_some() {
        return Err(ApiError::of(10_121_011).into());
    }
    let account = context.accounts.get(&known.receiver, order.capability)?;
    let lots = account.lots(context.now);
    let lot = lots.iter().find(|lot| Some(lot.lot.as_str()) == known.lot.as_deref());
    let untouched = lot.is_some_and(|lot| lot.used.is_zero() && lot.status != Status::NoLonger);
    if !untouched || context.now - done_at > CANCEL_WINDOW {
        return Err(ApiError::of(NOT_CANCELLED).into());
    }
    bulk::ask_to_cancel(context.connection, context.accounts, &known, context.now + ALLOCATION_TAKES)?;
    Ok(done())
}

/// `GET /wxa/charge/service-provider/usage/get`: the provider's own lots, one a paid order.
pub(super) fn usage(context: &mut Context<'_>, call: &Call, caller: &Caller) -> Reply {
    let capability = bulk_capability(call.parameter("spuId"))?;
    let page = Page::of(call)?;
    let only = match call.parameter("status") {
        None => None,
        Some(status @ ("1" | "2" | "3")) => status.parse::<u8>().ok(),
        Some(_) => return Err(ApiError::bad_parameter("status").into()),
    };
    let with_order = context.platform.variants.read().provider_rows_with_order;
    let (mut all, mut effective_use) = (0, 0);
    let mut detail_list = Vec::new();
    for order in bulk::all(context.connection, &caller.app_id, capability)? {
        if order.paid_at.is_none() {
            continue;
        }
        let pool = bulk::pool(context.connection, &order)?;
        let used = pool.bought().saturating_sub(pool.left()).get();
        let status = if context.now < order.ends_at() { Status::InEffect } else { Status::NoLonger };
        if status == Status::InEffect {
            all += order.calls.get();
            effective_use += used;
        }
        detail_list.push(UsageRow {
            pkg_id: order.package.clone(),
            status: status.code(),
            start_time: order.begins_at().timestamp(),
            end_time: order.ends_at().timestamp(),
            all: Long(order.calls.get()),
            used: Long(used),
            spu_id: catalogue::bulk_spu(capability).to_owned(),
            sku_id: Long(order.sku_id),
            source: billing_core::Source::Paid.code(),
            order_id: with_order.then_some(order.id),
        });
    }
    detail_list.retain(|row| only.is_none_or(|only| only == row.status));
    let total = page.cut(&mut detail_list);
    written(&UsageList {
        errcode: 0,
        errmsg: "ok",
        effective_use: Long(effective_use),
        effective_all: Long(all),
        all: Long(all),
        total,
        detail_list,
    })
}
