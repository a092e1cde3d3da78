//! Answers of the provider interfaces, field by field **W**.
#![allow(clippy::struct_field_names, reason = "the names on the wire")]

use crate::api::usage::Long;
use serde::Serialize;

/// Milliseconds and seconds, money in fen as text: as on the page **W**.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Order {
    pub(super) order_id: String,
    pub(super) status: u8,
    pub(super) create_time: i64,
    pub(super) update_time: i64,
    pub(super) order_price: String,
    pub(super) pay_info: PayInfo,
    pub(super) order_product_info: Product,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) invoice_info: Option<Invoice>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) usage: Option<Usage>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PayInfo {
    pub(super) apply_pay_time: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) finish_pay_time: Option<i64>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Product {
    pub(super) sp_spu_id: String,
    pub(super) sp_sku_id: String,
    pub(super) sp_biz_id: u32,
    pub(super) spu_name: String,
    pub(super) sku_name: String,
    pub(super) sku_cnt: u64,
    pub(super) validity_begin_time: i64,
    /// An absolute end, although its name says a length.
    pub(super) validity: i64,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Invoice {
    pub(super) invoice_apply_time: i64,
    pub(super) invoice_status: u8,
}

#[derive(Debug, Serialize)]
pub(super) struct Usage {
    pub(super) used: Long,
    pub(super) all: Long,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OrderList {
    pub(super) errcode: i64,
    pub(super) errmsg: &'static str,
    pub(super) total: usize,
    pub(super) order_list: Vec<Order>,
}

#[derive(Debug, Serialize)]
pub(super) struct OrderAnswer {
    pub(super) errcode: i64,
    pub(super) errmsg: &'static str,
    pub(super) order: Order,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SkuList {
    pub(super) errcode: i64,
    pub(super) errmsg: &'static str,
    pub(super) sku_list: Vec<Sku>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Sku {
    pub(super) spu_id: String,
    pub(super) sku_id: Long,
    pub(super) sku_name: String,
    pub(super) biz_id: u32,
    pub(super) attr: Attributes,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Attributes {
    /// Documented as a number, text in the sample.
    pub(super) duration: String,
    pub(super) duration_type: u8,
    pub(super) granularity: u8,
    pub(super) proportion: Proportion,
}

#[derive(Debug, Serialize)]
pub(super) struct Proportion {
    pub(super) quota: Quota,
}

#[derive(Debug, Serialize)]
pub(super) struct Quota {
    pub(super) quota: Long,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct UsageList {
    pub(super) errcode: i64,
    pub(super) errmsg: &'static str,
    pub(super) effective_use: Long,
    pub(super) effective_all: Long,
    pub(super) all: Long,
    pub(super) total: usize,
    pub(super) detail_list: Vec<UsageRow>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct UsageRow {
    pub(super) pkg_id: String,
    pub(super) status: u8,
    pub(super) start_time: i64,
    pub(super) end_time: i64,
    pub(super) all: Long,
    pub(super) used: Long,
    pub(super) spu_id: String,
    pub(super) sku_id: Long,
    pub(super) source: u8,
    /// Only on the older page's sample.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) order_id: Option<String>,
}
