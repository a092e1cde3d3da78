use super::*;
use crate::api::ErrorCode;
use crate::clients::samples::{changed, member_card, shape_error, survives_any_answer};
use crate::clients::wechat::RowSource;

#[test]
fn settings_are_read_field_by_field() {
    let expected = Settings {
        shop: "晋味小馆".to_owned(),
        app_id: "wx00000000practice1".to_owned(),
        acquisition_mode: AcquisitionMode::Authorized,
        mode_changed_at: parse_instant("2023-08-28T01:30:00Z").unwrap(),
        card_quota: 10_000,
        cards_issued: 646,
        cards_remaining: 9_354,
        sms_balance: 550,
    };
    assert_eq!(settings("h", member_card!("settings.json")), Ok(expected));
    let manual = changed(member_card!("settings.json"), "authorized", "manual");
    assert_eq!(settings("h", &manual).unwrap().acquisition_mode, AcquisitionMode::Manual);
}

#[test]
fn a_missing_or_strange_setting_is_named() {
    for (from, to, field) in [
        (r#""shop": "晋味小馆","#, "", "shop"),
        (r#""app_id": "wx00000000practice1""#, r#""app_id": null"#, "app_id"),
        (r#""authorized""#, r#""sms""#, "acquisition_mode"),
        ("2023-08-28T09:30:00+08:00", "yesterday", "mode_changed_at"),
        ("646", "-646", "cards_issued"),
        (r#""sms_balance": 550"#, r#""sms": 550"#, "sms_balance"),
    ] {
        let answer = changed(member_card!("settings.json"), from, to);
        assert_eq!(settings("h", &answer), Err(shape_error(field)), "{field}");
    }
}

#[test]
fn figures_are_passed_on_with_the_instant_they_were_read() {
    let (usage, average) = wechat_usage("h", member_card!("wechat_usage.json")).unwrap();
    assert_eq!((usage.effective_use, usage.all, usage.rows.len()), (194, 1_000, 1));
    assert_eq!(usage.as_of, Some(parse_instant("2023-09-01T00:00:00Z").unwrap()));
    assert_eq!(usage.rows[0].source, Some(RowSource::Trial));
    assert_eq!(average, Some(RecentAverage { calls: 50, at_most: true }));
}

#[test]
fn an_average_may_be_missing_in_three_ways() {
    let given = r#"{ "errcode": 0, "averageData": 50 }"#;
    for average in [r#"{ "errcode": 10122000 }"#, "null"] {
        let answer = changed(member_card!("wechat_usage.json"), given, average);
        assert_eq!(wechat_usage("h", &answer).unwrap().1, None, "{average}");
    }
    let answer = changed(member_card!("wechat_usage.json"), &format!(",\n  \"average\": {given}"), "");
    assert_eq!(wechat_usage("h", &answer).unwrap().1, None);
}

#[test]
fn what_wechat_refused_is_passed_on_too() {
    let refused = r#"{"as_of":"2023-09-01T08:00:00+08:00","usage":{"errcode":61007,"errmsg":"api is unauthorized to component rid: 64ec1f2a-3bd20d4e-0f9a1c55"},"average":null}"#;
    let error = wechat_usage("h", refused.as_bytes()).unwrap_err();
    assert_eq!(error.code(), ErrorCode::NotPermitted);
    assert_eq!(error.params()["rid"], "64ec1f2a-3bd20d4e-0f9a1c55");
    let answer = changed(
        member_card!("wechat_usage.json"),
        r#"{ "errcode": 0, "averageData": 50 }"#,
        r#"{"errcode":-1}"#,
    );
    assert_eq!(wechat_usage("h", &answer).unwrap_err().code(), ErrorCode::WechatBusy);
}

#[test]
fn a_passed_on_field_is_named_with_its_place() {
    for (from, to, field) in [
        (r#""as_of": "2023-09-01T08:00:00+08:00","#, "", "as_of"),
        ("2023-09-01T08:00:00+08:00", "2023-09-01 08:00", "as_of"),
        (r#""total": 1"#, r#""total": 2"#, "usage.total"),
        (r#""used": "194""#, r#""used": "x""#, "usage.detailList[0].used"),
        (r#""pkgId": "","#, "", "usage.detailList[0].pkgId"),
        (r#""averageData": 50"#, r#""averageData": "x""#, "average.averageData"),
        (r#""averageData": 50"#, r#""data": 50"#, "average.averageData"),
    ] {
        let answer = changed(member_card!("wechat_usage.json"), from, to);
        assert_eq!(wechat_usage("h", &answer), Err(shape_error(field)), "{field}: {to}");
    }
    assert_eq!(wechat_usage("h", b"{}"), Err(shape_error("usage")));
}

#[test]
fn no_answer_makes_a_reader_panic() {
    survives_any_answer(member_card!("settings.json"), settings);
    survives_any_answer(member_card!("wechat_usage.json"), wechat_usage);
    survives_any_answer(member_card!("statistics.json"), statistics);
    survives_any_answer(member_card!("sign_ups.json"), sign_up_page);
    survives_any_answer(member_card!("settings.json"), |host, answer| {
        refusal(host, 404, answer).map_or(Ok(()), Err)
    });
}
