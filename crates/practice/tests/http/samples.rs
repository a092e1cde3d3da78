//! Answers held against the samples typed from docs/wechat.md: the same fields, of the same kinds.

use crate::support::{RESTAURANT, errcode, sample, shape, world};
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn tokens_and_management_answers_have_the_shape_of_the_samples() {
    let world = world().await;
    let secret = world.secret_of(RESTAURANT).await;
    let stable = world.stable_token(RESTAURANT, &secret, false).await;
    assert_eq!(shape(&stable), shape(&sample("stable_token")));
    let query = format!("grant_type=client_credential&appid={RESTAURANT}&secret={secret}");
    let plain = world.json(&format!("/cgi-bin/token?{query}")).await;
    assert_eq!(shape(&plain), shape(&sample("token")));

    let token = stable["access_token"].as_str().unwrap();
    let average = format!("/wxa/charge/usage/get_recent_average?access_token={token}&spuId=10000077");
    assert_eq!(shape(&world.json(&average).await), shape(&sample("average")));
    let call = |path: &str, body: Value| {
        let path = format!("{path}?access_token={token}");
        let world = &world;
        async move { world.post_json(&path, body).await }
    };
    let path = json!({ "cgi_path": "/wxa/charge/usage/get" });
    let quota = call("/cgi-bin/openapi/quota/get", path.clone()).await;
    assert_eq!(shape(&quota), shape(&sample("quota_get")));
    let cleared = call("/cgi-bin/openapi/quota/clear", path).await;
    assert_eq!(cleared, sample("ok"));
    let refused = world.json("/wxa/charge/usage/get?access_token=").await;
    assert_eq!(errcode(&refused), 41_001);
    let refused = call("/cgi-bin/clear_quota", json!({})).await;
    let rid = refused["errmsg"].as_str().unwrap().rsplit(' ').next().unwrap();
    let told = call("/cgi-bin/openapi/rid/get", json!({ "rid": rid })).await;
    assert_eq!(shape(&told), shape(&sample("rid_get")));
}

/// Where sources contradict each other, both forms can be had.
#[tokio::test]
async fn the_other_form_of_an_answer_can_be_chosen() {
    let world = world().await;
    let token = world.token_of(RESTAURANT).await;
    let usual = world.usage(&token).await;
    assert_eq!((usual.get("errmsg"), &usual["detailList"][0]["source"]), (None, &1.into()));
    let choices = json!({
        "usage_errmsg": true, "usage_source": false, "country_code_number": true, "average_text": true,
    });
    world.administer(Method::PUT, "variants", choices).await;
    let other = world.usage(&token).await;
    assert_eq!((&other["errmsg"], other["detailList"][0].get("source")), (&"ok".into(), None));
    let average = format!("/wxa/charge/usage/get_recent_average?access_token={token}&spuId=10000077");
    assert_eq!(world.json(&average).await["averageData"], "70");
    let visit = json!({ "app_id": RESTAURANT, "count": 1, "action": "authorise", "exchange": false });
    let code = world.admin("customers", visit).await["codes"][0].clone();
    let path = format!("/wxa/business/getuserphonenumber?access_token={token}");
    let number = world.post_json(&path, json!({ "code": code })).await;
    assert_eq!(shape(&number), shape(&sample("getuserphonenumber_number_code")));
    world.administer(Method::PUT, "variants", json!({})).await;
    assert_eq!(world.usage(&token).await, {
        let mut usual = usual;
        usual["effectiveUse"] = "195".into();
        usual["detailList"][0]["used"] = "195".into();
        usual
    });
}
