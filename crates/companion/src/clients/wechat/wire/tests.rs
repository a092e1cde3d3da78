use super::*;
use crate::api::ErrorCode;
use crate::clients::samples::{changed, shape_error, survives_any_answer, wechat};
use crate::clients::wechat::{RecentAverage, RowSource, RowStatus, UsageRow};

fn at(text: &str) -> DateTime<Utc> {
    billing_core::time::parse_instant(text).unwrap()
}

#[test]
fn a_token_is_read_and_its_life_is_not_believed_beyond_two_hours() {
    let read = token("h", wechat!("stable_token.json")).unwrap();
    assert_eq!(read.value.expose(), "71_practice_token_of_two_hours");
    assert_eq!(read.expires_in, Duration::from_hours(2));
    assert!(!format!("{read:?}").contains("practice_token"));
    let long = token("h", &changed(wechat!("stable_token.json"), "7200", "999999999")).unwrap();
    assert_eq!(long.expires_in, Duration::from_hours(2));
}

#[test]
fn an_answer_without_a_token_is_no_token() {
    for (answer, field) in [
        (r#"{"expires_in":7200}"#, "access_token"),
        (r#"{"access_token":"","expires_in":7200}"#, "access_token"),
        (r#"{"access_token":7,"expires_in":7200}"#, "access_token"),
        (r#"{"access_token":"word"}"#, "expires_in"),
        (r#"{"access_token":"word","expires_in":-1}"#, "expires_in"),
        (r#"{"errcode":0}"#, "access_token"),
    ] {
        assert_eq!(token("h", answer.as_bytes()).unwrap_err(), shape_error(field), "{answer}");
    }
}

#[test]
fn the_same_errcode_means_the_secret_here_and_the_token_there() {
    let refused = wechat!("refused_40001.json");
    assert_eq!(token("h", refused).unwrap_err().code(), ErrorCode::AppSecretWrong);
    let stale = usage_page("h", refused).unwrap_err();
    assert_eq!(stale.code(), ErrorCode::TokenStale);
    assert!(stale.is_token_stale());
    assert_eq!(stale.params()["errcode"], "40001");
    assert_eq!(stale.params()["rid"], "64ec1f2b-1c0de5a7-22b7f3e9");
}

#[test]
fn a_refused_address_is_named() {
    let error = token("h", wechat!("refused_ip.json")).unwrap_err();
    assert_eq!(error.code(), ErrorCode::IpNotAllowed);
    assert_eq!(error.params()["ip"], "203.0.113.7");
    assert!(!error.is_token_stale());
}

#[test]
fn the_trial_quota_never_ends_and_has_no_id() {
    let page = usage_page("h", wechat!("usage_trial_before_billing.json")).unwrap();
    assert_eq!((page.sums.effective_use, page.sums.all, page.total), (0, 1_000, 1));
    let trial = UsageRow {
        pkg_id: String::new(),
        status: RowStatus::NotYet,
        start: at("2023-08-26T00:00:00+08:00"),
        end: None,
        all: 1_000,
        used: 0,
        sku_id: Some("20000093".to_owned()),
        source: Some(RowSource::Trial),
        order_id: None,
    };
    assert_eq!(page.rows, [trial]);
}

#[test]
fn packs_are_read_with_and_without_the_optional_fields() {
    let page = usage_page("h", wechat!("usage_packs.json")).unwrap();
    assert_eq!((page.sums.effective_use, page.sums.all, page.total), (1_194, 11_000, 4));
    let seen: Vec<_> = page.rows.iter().map(|row| (row.status, row.used, row.source)).collect();
    let expected = [
        (RowStatus::InForce, 1_000, Some(RowSource::Trial)),
        (RowStatus::InForce, 194, None),
        (RowStatus::NotYet, 0, Some(RowSource::Paid)),
        (RowStatus::Lapsed, 37, Some(RowSource::Allocated)),
    ];
    assert_eq!(seen, expected);
    assert_eq!(page.rows[1].end, Some(at("2024-02-24T00:00:00+08:00")));
    assert_eq!(page.rows[3].sku_id, None);
}

#[test]
fn numbers_and_strings_may_be_exchanged() {
    let page = usage_page("h", wechat!("usage_kinds_swapped.json")).unwrap();
    assert_eq!((page.sums.effective_use, page.sums.all, page.total), (194, 1_000, 1));
    let row = &page.rows[0];
    assert_eq!((row.all, row.used, row.status), (1_000, 194, RowStatus::InForce));
    assert_eq!(row.sku_id.as_deref(), Some("20000252"));
    assert_eq!(row.source, Some(RowSource::Other));
}

#[test]
fn an_empty_list_may_be_left_out_and_a_full_one_may_not() {
    let empty = br#"{"errcode":0,"effectiveUse":"0","all":"0","total":0}"#;
    assert_eq!(usage_page("h", empty).unwrap().rows, []);
    let missing = br#"{"errcode":0,"effectiveUse":"0","all":"0","total":3}"#;
    assert_eq!(usage_page("h", missing).unwrap_err(), shape_error("detailList"));
}

#[test]
fn a_wrong_field_is_named_and_its_value_is_not() {
    let packs = wechat!("usage_packs.json");
    for (from, to, field) in [
        (r#""effectiveUse": "1194","#, "", "effectiveUse"),
        (r#""all": "11000""#, r#""all": "planted-word""#, "all"),
        (r#""total": 4"#, r#""total": null"#, "total"),
        (r#""status": 3"#, r#""status": 9"#, "detailList[3].status"),
        (r#""used": "194""#, r#""used": "planted-word""#, "detailList[1].used"),
        (r#""used": "37","#, "", "detailList[3].used"),
        (r#""pkgId": "ZY1000000000000000002","#, "", "detailList[2].pkgId"),
        (r#""pkgId": "ZY1000000000000000002""#, r#""pkgId": 7"#, "detailList[2].pkgId"),
        (r#""startTime": 1693152000"#, r#""startTime": -1"#, "detailList[1].startTime"),
        (r#""endTime": 1708704000"#, r#""endTime": 1708704000000"#, "detailList[1].endTime"),
        (r#""skuId": "20000093""#, r#""skuId": {"planted-word":1}"#, "detailList[0].skuId"),
        (r#""source": 2"#, r#""source": "planted-word""#, "detailList[2].source"),
        (r#""errcode": 0"#, r#""errcode": "planted-word""#, "errcode"),
    ] {
        let error = usage_page("h", &changed(packs, from, to)).unwrap_err();
        assert_eq!(error, shape_error(field), "{from} -> {to}");
    }
}

#[test]
fn a_refusal_is_read_before_the_figures() {
    let odd = br#"{"errcode":45009,"errmsg":["reach max api daily quota limit"],"total":"planted-word"}"#;
    let error = usage_page("h", odd).unwrap_err();
    assert_eq!(error.code(), ErrorCode::RateDay);
    assert_eq!(usage_page("h", wechat!("refused_busy.json")).unwrap_err().code(), ErrorCode::WechatBusy);
}

#[test]
fn the_average_is_blurred_and_may_be_missing() {
    let exact = RecentAverage { calls: 260_000, at_most: false };
    assert_eq!(average("h", wechat!("average.json")), Ok(Some(exact)));
    let floor = RecentAverage { calls: 50, at_most: true };
    assert_eq!(average("h", wechat!("average_floor.json")), Ok(Some(floor)));
    assert_eq!(average("h", wechat!("average_none.json")), Ok(None));
    assert_eq!(average("h", wechat!("refused_40001.json")).unwrap_err().code(), ErrorCode::TokenStale);
    assert_eq!(average("h", br#"{"errcode":0}"#), Err(shape_error("averageData")));
}

#[test]
fn no_answer_makes_a_reader_panic() {
    let old = Secret::from("refresh");
    survives_any_answer(wechat!("stable_token.json"), token);
    survives_any_answer(wechat!("authorizer_token.json"), |host, answer| {
        authorizer_token(host, answer, &old)
    });
    survives_any_answer(wechat!("usage_packs.json"), usage_page);
    survives_any_answer(wechat!("provider_usage.json"), usage_page);
    survives_any_answer(wechat!("average.json"), average);
    survives_any_answer(wechat!("provider_order_list.json"), orders_page);
    survives_any_answer(wechat!("provider_order.json"), order);
    survives_any_answer(wechat!("provider_convertible_skus.json"), skus);
    survives_any_answer(wechat!("ok.json"), assigned);
    survives_any_answer(wechat!("ok.json"), cancelled);
    survives_any_answer(wechat!("quota_get.json"), api_quota);
    survives_any_answer(wechat!("rid_get.json"), call_report);
}

#[test]
fn an_authorisation_goes_on_with_the_refresh_token_that_is_given() {
    let old = Secret::from("old");
    let read = |answer: &[u8]| authorizer_token("h", answer, &old);
    let sample = wechat!("authorizer_token.json");
    let given = read(sample).unwrap();
    assert_eq!(given.token.value.expose(), "71_practice_authorizer_token");
    assert_eq!(given.refresh_token.expose(), "refreshtoken@@@practice");
    assert_eq!(given.token.expires_in, Duration::from_hours(2));
    for answer in [
        &br#"{"authorizer_access_token":"t","expires_in":7200}"#[..],
        br#"{"authorizer_access_token":"t","expires_in":7200,"authorizer_refresh_token":""}"#,
    ] {
        assert_eq!(read(answer).unwrap().refresh_token.expose(), "old");
    }
    assert_eq!(read(br#"{"expires_in":7200}"#).unwrap_err(), shape_error("authorizer_access_token"));
    assert_eq!(read(br#"{"errcode":42001}"#).unwrap_err().code(), ErrorCode::ComponentTokenStale);
    assert_eq!(read(br#"{"errcode":61023}"#).unwrap_err().code(), ErrorCode::NotAuthorised);
}

/// One body for each code of the checklist: each is read for what it is, with its rid.
#[test]
fn every_sampled_refusal_has_a_meaning() {
    let refusals: Vec<serde_json::Value> = serde_json::from_slice(wechat!("refusals.json")).unwrap();
    assert!(refusals.len() > 20);
    for body in refusals {
        let error = usage_page("h", body.to_string().as_bytes()).unwrap_err();
        let known = error.code() != ErrorCode::UnknownErrcode;
        // 40029 speaks of the code of a phone number, which the app never exchanges.
        assert_eq!(known, body["errcode"] != 40_029, "{body}");
        assert_eq!(error.params()["errcode"], body["errcode"].to_string());
        assert!(body["errmsg"].as_str().unwrap().ends_with(&error.params()["rid"]), "{body}");
    }
}
