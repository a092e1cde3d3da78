//! Bulk purchase (集采): what a service provider bought, and what it hands on to mini-programs.
//!
//! The provider speaks with its own AppID and AppSecret; no such call takes a third-party platform's token **W**.

use std::time::Duration;

use billing_core::Yuan;
use chrono::{DateTime, Utc};
use reqwest::Method;

use super::Wechat;
use super::usage::{RowStatus, UsageReading};
use super::wire::{self, AssignQuestion, CancelQuestion, OrdersQuestion};
use crate::clients::error::ClientError;
use crate::clients::pages::{Keyed, PAGE_ROWS, read_all};
use crate::secrets::Secret;

/// One bulk order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderOrder {
    /// `DD` and digits.
    pub id: String,
    /// WeChat's number; its table is in no source we could reach. A paid order with an invoice showed 2.
    pub status: u64,
    pub created_at: Option<DateTime<Utc>>,
    pub updated_at: Option<DateTime<Utc>>,
    /// Yuan.
    pub price: Option<Yuan>,
    /// When paying began.
    pub payment_began_at: Option<DateTime<Utc>>,
    /// `None` until it is paid.
    pub paid_at: Option<DateTime<Utc>>,
    pub product: OrderProduct,
    /// `None` unless an invoice was asked for.
    pub invoice: Option<Invoice>,
    /// Calls of the pool used and in all, 0 to 10^12; `None` until it is paid.
    pub pool: Option<(u64, u64)>,
}

/// What was ordered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderProduct {
    /// Wholesale ids.
    pub spu_id: String,
    pub sku_id: String,
    pub biz_id: Option<String>,
    pub spu_name: Option<String>,
    pub sku_name: Option<String>,
    /// Units bought.
    pub count: Option<u64>,
    pub valid_from: Option<DateTime<Utc>>,
    pub valid_until: Option<DateTime<Utc>>,
}

/// An invoice that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Invoice {
    pub asked_at: Option<DateTime<Utc>>,
    /// WeChat's number; its table is in no source we could reach.
    pub status: Option<u64>,
}

/// A retail pack that a bulk order can be turned into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConvertibleSku {
    /// Retail ids.
    pub spu_id: String,
    pub sku_id: String,
    pub name: Option<String>,
    pub biz_id: Option<String>,
    /// Validity.
    pub valid_for: Option<Duration>,
    /// Calls in the pack, 0 to 10^12. The reading of this field is ours **A**.
    pub calls: Option<u64>,
}

/// Of what the convertible packs are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SkuQuestion<'a> {
    /// Of one order.
    Order(&'a str),
    /// Of a wholesale product.
    Product { spu_id: &'a str, sku_id: &'a str },
}

/// One allocation. `request_id` names it for ever: sent again it is the same allocation, and cancelling needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allocation<'a> {
    pub order_id: &'a str,
    /// Retail, from [`Wechat::convertible_skus`].
    pub sku_id: &'a str,
    pub receiver_app_id: &'a str,
    /// 10 to 64 characters.
    pub request_id: &'a str,
    /// When its validity begins; some products only.
    pub begins_at: Option<DateTime<Utc>>,
}

/// What became of an allocation that WeChat did not refuse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Assigned {
    /// Taken; carried out soon.
    Accepted,
    /// Being carried out (10121011).
    Pending,
    /// Carried out earlier, by the same request id (10121009).
    Done,
    /// 10121031: was seen instead of 10121009 on a repeat after success. On a first call its meaning is unknown.
    DoneIfRepeated,
}

impl Keyed for ProviderOrder {
    type Key = String;

    fn key(&self) -> String {
        self.id.clone()
    }
}

impl Wechat {
    /// `POST /wxa/charge/service-provider/order/query_list`, all pages of one consistent list.
    pub async fn provider_orders(
        &self,
        token: &Secret<String>,
        spu_id: &str,
    ) -> Result<Vec<ProviderOrder>, ClientError> {
        let path = "/wxa/charge/service-provider/order/query_list";
        let page_at = |offset: u64| async move {
            let body = OrdersQuestion { spu_id, offset, limit: PAGE_ROWS };
            let question = self.signed("wechat.provider_orders", Method::POST, path, token).json(&body)?;
            self.http.ask(&question, wire::orders_page).await
        };
        let (orders, ()) = read_all(self.hosts.name(), page_at).await?;
        Ok(orders)
    }

    /// `GET /wxa/charge/service-provider/order/get`
    pub async fn provider_order(
        &self,
        token: &Secret<String>,
        order_id: &str,
    ) -> Result<ProviderOrder, ClientError> {
        let path = "/wxa/charge/service-provider/order/get";
        let question =
            self.signed("wechat.provider_order", Method::GET, path, token).query("orderId", order_id);
        self.http.ask(&question, wire::order).await
    }

    /// `GET /wxa/charge/service-provider/package/get_convertible_skus`
    pub async fn convertible_skus(
        &self,
        token: &Secret<String>,
        of: SkuQuestion<'_>,
    ) -> Result<Vec<ConvertibleSku>, ClientError> {
        let path = "/wxa/charge/service-provider/package/get_convertible_skus";
        let question = self.signed("wechat.convertible_skus", Method::GET, path, token);
        let question = match of {
            SkuQuestion::Order(order_id) => question.query("orderId", order_id),
            SkuQuestion::Product { spu_id, sku_id } => {
                question.query("spSpuId", spu_id).query("spSkuId", sku_id)
            }
        };
        self.http.ask(&question, wire::skus).await
    }

    /// `POST /wxa/charge/service-provider/package/assign`. WeChat carries one request id out once for an order, so the
    /// call may be repeated, also after a crash. It is not repeated here: what 10121031 means depends on whether it is a
    /// repeat. Asking again later tells whether a pending allocation came about: there is no call that lists
    /// allocations **W**.
    pub async fn assign(
        &self,
        token: &Secret<String>,
        allocation: &Allocation<'_>,
    ) -> Result<Assigned, ClientError> {
        let path = "/wxa/charge/service-provider/package/assign";
        let body = AssignQuestion::from(allocation);
        let question = self.signed("wechat.assign", Method::POST, path, token).json(&body)?.once();
        self.http.ask(&question, wire::assigned).await
    }

    /// `POST /wxa/charge/service-provider/package/cancel_assign`, within seven days and while nothing of the pack is
    /// used **W**. Accepted here means asked for: the outcome follows. Cancelled earlier is success too.
    pub async fn cancel_assign(
        &self,
        token: &Secret<String>,
        order_id: &str,
        request_id: &str,
    ) -> Result<(), ClientError> {
        let path = "/wxa/charge/service-provider/package/cancel_assign";
        let body = CancelQuestion { order_id, request_id };
        let question = self.signed("wechat.cancel_assign", Method::POST, path, token).json(&body)?;
        self.http.ask(&question, wire::cancelled).await
    }

    /// `GET /wxa/charge/service-provider/usage/get`, all pages of one consistent list; `status`: only lots that stand so.
    pub async fn provider_usage(
        &self,
        token: &Secret<String>,
        spu_id: &str,
        status: Option<RowStatus>,
    ) -> Result<UsageReading, ClientError> {
        let path = "/wxa/charge/service-provider/usage/get";
        self.usage_list("wechat.provider_usage", path, token, spu_id, status).await
    }
}
