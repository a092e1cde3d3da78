use super::super::wechat::RowSource;
use super::*;
use crate::views::ErrorCode;

macro_rules! sample {
    ($name:literal) => {
        include_str!(concat!("../../../../../tests/fixtures/member_card/", $name))
    };
}

/// The sample with one piece of text replaced; the piece must be there.
fn changed(sample: &str, from: &str, to: &str) -> String {
    assert!(sample.contains(from), "{from} is not in the sample");
    sample.replacen(from, to, 1)
}

fn shape_error(field: &str) -> ClientError {
    ClientError::UnexpectedShape { host: "h".to_owned(), field: field.to_owned() }
}

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
    assert_eq!(settings("h", sample!("settings.json").as_bytes()), Ok(expected));
    let manual = changed(sample!("settings.json"), "authorized", "manual");
    assert_eq!(settings("h", manual.as_bytes()).unwrap().acquisition_mode, AcquisitionMode::Manual);
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
        let answer = changed(sample!("settings.json"), from, to);
        assert_eq!(settings("h", answer.as_bytes()), Err(shape_error(field)), "{field}");
    }
}

#[test]
fn figures_are_passed_on_with_the_instant_they_were_read() {
    let (usage, average) = wechat_usage("h", sample!("wechat_usage.json").as_bytes()).unwrap();
    assert_eq!((usage.effective_use, usage.all, usage.rows.len()), (194, 1_000, 1));
    assert_eq!(usage.as_of, Some(parse_instant("2023-09-01T00:00:00Z").unwrap()));
    assert_eq!(usage.rows[0].source, Some(RowSource::Trial));
    assert_eq!(average, Some(RecentAverage { calls: 50, at_most: true }));
}

#[test]
fn an_average_may_be_missing_in_three_ways() {
    let given = r#"{ "errcode": 0, "averageData": 50 }"#;
    for average in [r#"{ "errcode": 10122000 }"#, "null"] {
        let answer = changed(sample!("wechat_usage.json"), given, average);
        assert_eq!(wechat_usage("h", answer.as_bytes()).unwrap().1, None, "{average}");
    }
    let answer = changed(sample!("wechat_usage.json"), &format!(",\n  \"average\": {given}"), "");
    assert_eq!(wechat_usage("h", answer.as_bytes()).unwrap().1, None);
}

#[test]
fn what_wechat_refused_is_passed_on_too() {
    let refused = r#"{"as_of":"2023-09-01T08:00:00+08:00","usage":{"errcode":61007,"errmsg":"api is unauthorized to component rid: 64ec1f2a-3bd20d4e-0f9a1c55"},"average":null}"#;
    let error = wechat_usage("h", refused.as_bytes()).unwrap_err();
    assert_eq!(error.code(), ErrorCode::NotPermitted);
    assert_eq!(error.params()["rid"], "64ec1f2a-3bd20d4e-0f9a1c55");
    let answer =
        changed(sample!("wechat_usage.json"), r#"{ "errcode": 0, "averageData": 50 }"#, r#"{"errcode":-1}"#);
    assert_eq!(wechat_usage("h", answer.as_bytes()).unwrap_err().code(), ErrorCode::WechatBusy);
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
        let answer = changed(sample!("wechat_usage.json"), from, to);
        assert_eq!(wechat_usage("h", answer.as_bytes()), Err(shape_error(field)), "{field}: {to}");
    }
    assert_eq!(wechat_usage("h", b"{}"), Err(shape_error("usage")));
}
