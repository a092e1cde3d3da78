use super::*;
use crate::api::ErrorCode;
use crate::clients::samples::{changed, shape_error, wechat};
use crate::clients::wechat::{RowSource, RowStatus};
use billing_core::time::parse_instant;

fn at(text: &str) -> DateTime<Utc> {
    parse_instant(text).unwrap()
}

#[test]
fn an_order_mixes_milliseconds_seconds_and_fen() {
    let product = OrderProduct {
        spu_id: "10000117".to_owned(),
        sku_id: "20000176".to_owned(),
        biz_id: Some("17".to_owned()),
        spu_name: Some("集采-手机号快速验证组件".to_owned()),
        sku_name: Some("1000000次/365天".to_owned()),
        count: Some(1),
        valid_from: Some(at("2023-08-28T14:01:00+08:00")),
        valid_until: Some(at("2024-08-27T14:01:00+08:00")),
    };
    let expected = ProviderOrder {
        id: "DD1000000000000000001".to_owned(),
        status: 2,
        created_at: Some(at("2023-08-28T14:00:00+08:00")),
        updated_at: Some(at("2023-08-28T14:01:00+08:00")),
        price: Some(Yuan::from_fen(2_800_000)),
        payment_began_at: Some(at("2023-08-28T14:00:30+08:00")),
        paid_at: Some(at("2023-08-28T14:01:00+08:00")),
        product,
        invoice: Some(Invoice { asked_at: Some(at("2023-08-29T14:01:00+08:00")), status: Some(2) }),
        pool: Some((5_000, 1_000_000)),
    };
    assert_eq!(order("h", wechat!("provider_order.json")).unwrap(), expected);
    assert_eq!(expected.price.unwrap().to_string(), "28000.00");
}

#[test]
fn before_payment_there_is_no_pool_and_no_invoice() {
    let unpaid = order("h", wechat!("provider_order_unpaid.json")).unwrap();
    assert_eq!((unpaid.paid_at, unpaid.invoice, unpaid.pool), (None, None, None));
    assert!(unpaid.payment_began_at.is_some());
}

#[test]
fn a_validity_may_be_an_end_or_a_length() {
    let length =
        changed(wechat!("provider_order.json"), r#""validity": 1724738460"#, r#""validity": "31536000""#);
    assert_eq!(order("h", &length).unwrap().product.valid_until, Some(at("2024-08-27T14:01:00+08:00")));
    let zero =
        changed(wechat!("provider_order.json"), r#""finishPayTime": 1693202460"#, r#""finishPayTime": 0"#);
    assert_eq!(order("h", &zero).unwrap().paid_at, None);
}

#[test]
fn a_page_of_orders_is_read_and_a_wrong_field_is_named() {
    let sample = wechat!("provider_order_list.json");
    let page = orders_page("h", sample).unwrap();
    assert_eq!((page.total, page.rows[0].id.as_str()), (1, "DD1000000000000000003"));
    for (from, to, field) in [
        (r#""orderId": "DD1000000000000000003","#, "", "orderList[0].orderId"),
        (r#""status": 2,"#, "", "orderList[0].status"),
        (r#""spSkuId": "20000176","#, "", "orderList[0].orderProductInfo.spSkuId"),
        (r#""orderPrice": "2800000""#, r#""orderPrice": "planted-word""#, "orderList[0].orderPrice"),
        (r#""total": 1,"#, "", "total"),
    ] {
        assert_eq!(orders_page("h", &changed(sample, from, to)).unwrap_err(), shape_error(field), "{from}");
    }
    assert_eq!(orders_page("h", br#"{"errcode":0,"total":0}"#).unwrap().rows, []);
    assert_eq!(orders_page("h", br#"{"errcode":0,"total":1}"#).unwrap_err(), shape_error("orderList"));
}

#[test]
fn a_pack_says_how_long_and_how_much() {
    let sample = wechat!("provider_convertible_skus.json");
    let pack = ConvertibleSku {
        spu_id: "10000077".to_owned(),
        sku_id: "20000178".to_owned(),
        name: Some("5000次/365天".to_owned()),
        biz_id: Some("17".to_owned()),
        valid_for: Some(Duration::from_hours(365 * 24)),
        calls: Some(5_000),
    };
    assert_eq!(skus("h", sample).unwrap(), [pack]);
    // The attributes are described in no source; without them the ids still serve.
    let bare = br#"{"errcode":0,"skuList":[{"spuId":10000077,"skuId":20000178}]}"#;
    let bare = skus("h", bare).unwrap();
    assert_eq!((bare[0].spu_id.as_str(), bare[0].valid_for, bare[0].calls), ("10000077", None, None));
    assert_eq!(skus("h", br#"{"errcode":0}"#).unwrap(), []);
    assert_eq!(skus("h", b"{}").unwrap_err(), shape_error("skuList"));
}

#[test]
fn lots_of_a_provider_are_read_like_an_owners() {
    let page = super::super::usage_page("h", wechat!("provider_usage.json")).unwrap();
    let row = &page.rows[0];
    assert_eq!((row.status, row.used, row.source), (RowStatus::InForce, 5_000, Some(RowSource::Paid)));
    assert_eq!(row.order_id, None);
    let older =
        changed(wechat!("provider_usage.json"), r#""source": 2"#, r#""orderId": "DD1000000000000000001""#);
    let page = super::super::usage_page("h", &older).unwrap();
    assert_eq!(page.rows[0].order_id.as_deref(), Some("DD1000000000000000001"));
}

#[test]
fn three_refusals_of_an_allocation_say_that_all_is_well() {
    for (errcode, expected) in [
        (0, Assigned::Accepted),
        (10_121_009, Assigned::Done),
        (10_121_011, Assigned::Pending),
        (10_121_031, Assigned::DoneIfRepeated),
    ] {
        let answer = format!(r#"{{"errcode":{errcode}}}"#);
        assert_eq!(assigned("h", answer.as_bytes()), Ok(expected), "{errcode}");
    }
    assert_eq!(assigned("h", wechat!("ok.json")), Ok(Assigned::Accepted));
    for (errcode, code) in [
        (10_045, ErrorCode::NoRelationship),
        (10_121_010, ErrorCode::AllocationCancelled),
        (10_121_012, ErrorCode::PackNotAllocatable),
        (10_121_014, ErrorCode::AllocationRefused),
        (10_121_004, ErrorCode::WechatBusy),
    ] {
        // 10045 came without errmsg.
        let answer = format!(r#"{{"errcode":{errcode}}}"#);
        assert_eq!(assigned("h", answer.as_bytes()).unwrap_err().code(), code, "{errcode}");
    }
    // Something else answered: nothing was allocated.
    assert_eq!(assigned("h", b"{}").unwrap_err(), shape_error("errcode"));
}

#[test]
fn cancelled_earlier_is_cancelled() {
    for answer in [wechat!("ok.json"), br#"{"errcode":10121010}"#] {
        assert_eq!(cancelled("h", answer), Ok(()));
    }
    let refused = cancelled("h", br#"{"errcode":10121001}"#).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::OrderWrong);
    assert_eq!(cancelled("h", b"{}").unwrap_err(), shape_error("errcode"));
}
