//! Usage detail and recent average, field by field.

use crate::support::{BOOKSHOP, QUICK, REALTIME, RESTAURANT, SCHOOL, errcode, sample, shape, world};

#[tokio::test]
async fn the_trial_row_is_as_the_reference_says() {
    let world = world().await;
    let token = world.token(RESTAURANT).await;
    let mut usage = world.usage(&token).await;
    let mut sample = sample("usage_get");
    // When the trial begins depends on when the mini-program was created.
    let start = usage["detailList"][0]["startTime"].take();
    sample["detailList"][0]["startTime"].take();
    assert_eq!(usage, sample);
    assert!(start.as_i64().unwrap() < world.practice().now().timestamp());
}

#[tokio::test]
async fn a_paid_pack_shows_up_with_its_ids_and_times() {
    let world = world().await;
    let token = world.token(RESTAURANT).await;
    world.buy("q-365-1000").await;
    let usage = world.usage(&token).await;
    let sample = sample("usage_get");
    assert_eq!(shape(&usage["detailList"][1]), shape(&sample["detailList"][0]));
    assert_eq!((&usage["all"], &usage["total"]), (&"2000".into(), &2.into()));
    let row = &usage["detailList"][1];
    let package = row["pkgId"].as_str().unwrap();
    assert!(
        package.len() == 21 && package.starts_with("ZY") && package[2..].bytes().all(|b| b.is_ascii_digit())
    );
    assert_eq!((&row["status"], &row["source"]), (&1.into(), &2.into()));
    assert_eq!(row["endTime"].as_i64().unwrap() - row["startTime"].as_i64().unwrap(), 31_536_000);

    world.advance(365 * 86_400).await;
    let token = world.stable_token(RESTAURANT, &world.secret().await, false).await;
    let usage = world.usage(token["access_token"].as_str().unwrap()).await;
    assert_eq!(usage["detailList"][1]["status"], 3, "lapsed rows stay listed");
    assert_eq!((&usage["all"], &usage["effectiveUse"]), (&"1000".into(), &"194".into()));
}

/// The page lists the parameters as a body of a GET; its samples and every library send them in the address.
#[tokio::test]
async fn parameters_are_read_from_the_address_and_a_body_is_ignored() {
    let world = world().await;
    let token = world.token(RESTAURANT).await;
    let ask = |query: String, body: &'static str| {
        let request =
            world.client.get(world.at(&format!("/wxa/charge/usage/get?access_token={token}{query}")));
        async move { request.body(body).send().await.unwrap().json::<serde_json::Value>().await.unwrap() }
    };
    let parameters = format!("&spuId={QUICK}&offset=0&limit=20");
    let usual = world.usage(&token).await;
    assert_eq!(ask(parameters, r#"{"spuId":"1","offset":9,"limit":99}"#).await, usual);
    let in_the_body = ask(String::new(), r#"{"spuId":"10000077","offset":0,"limit":20}"#).await;
    assert_eq!(errcode(&in_the_body), 10_120_002);
}

#[tokio::test]
async fn rows_are_paged() {
    let world = world().await;
    let token = world.token(BOOKSHOP).await;
    for _ in 0..3 {
        world.buy("q-90-250").await;
    }
    let page = |offset: u32, limit: u32| {
        let path =
            format!("/wxa/charge/usage/get?access_token={token}&spuId={QUICK}&offset={offset}&limit={limit}");
        let world = &world;
        async move { world.json(&path).await }
    };
    let (first, second, past) = (page(0, 3).await, page(3, 3).await, page(9, 3).await);
    assert_eq!(first["detailList"].as_array().unwrap().len(), 3);
    assert_eq!(second["detailList"].as_array().unwrap().len(), 1);
    assert_eq!(past["detailList"].as_array().unwrap().len(), 0);
    assert!([&first, &second, &past].iter().all(|page| page["total"] == 4 && page["all"] == "1750"));
    assert_eq!(first["detailList"][0]["pkgId"], "");
}

#[tokio::test]
async fn bad_parameters_and_tokens_are_named() {
    let world = world().await;
    let token = world.token(RESTAURANT).await;
    let get = |query: String| {
        let world = &world;
        async move { errcode(&world.json(&format!("/wxa/charge/usage/get?{query}")).await) }
    };
    let with = |rest: &str| format!("access_token={token}&{rest}");
    assert_eq!(get(with(&format!("spuId={QUICK}&offset=0&limit=21"))).await, 10_120_003);
    for bad in ["offset=0", "limit=20", "offset=-1&limit=20", "offset=0&limit=x", "offset=0&limit=0"] {
        assert_eq!(get(with(&format!("spuId={QUICK}&{bad}"))).await, 10_120_002, "{bad}");
    }
    assert_eq!(get(with("offset=0&limit=20")).await, 10_120_002);
    assert_eq!(get(with("spuId=10000058&offset=0&limit=20")).await, 10_120_002);
    let good = format!("spuId={QUICK}&offset=0&limit=20");
    assert_eq!(get(good.clone()).await, 41_001);
    assert_eq!(get(format!("access_token=short&{good}")).await, 40_014);
    let (head, _) = token.split_at(token.len() - 4);
    assert_eq!(get(format!("access_token={head}zzzz&{good}")).await, 40_001);
    let posted = world.client.post(world.at(&format!("/wxa/charge/usage/get?{}", with(&good)))).send().await;
    assert_eq!(errcode(&posted.unwrap().json().await.unwrap()), 43_001);
}

#[tokio::test]
async fn the_average_is_blurred_and_never_below_fifty() {
    let world = world().await;
    let token = world.token(RESTAURANT).await;
    let average = |token: String, spu: &str| {
        let path = format!("/wxa/charge/usage/get_recent_average?access_token={token}&spuId={spu}");
        let world = &world;
        async move { world.json(&path).await }
    };
    // 194 calls within three months: 65 a month.
    assert_eq!(average(token.clone(), QUICK).await["averageData"], 70);
    assert_eq!(errcode(&average(token.clone(), REALTIME).await), 10_122_000);
    assert_eq!(errcode(&average(token.clone(), "1").await), 10_120_700);
    assert_eq!(errcode(&average(token, "").await), 10_120_002);

    let token = world.token(BOOKSHOP).await;
    assert_eq!(errcode(&average(token.clone(), QUICK).await), 10_122_000);
    world.customers(BOOKSHOP, 3).await;
    assert_eq!(average(token, QUICK).await["averageData"], 50);
}

#[tokio::test]
async fn a_free_account_is_counted_but_not_charged() {
    let world = world().await;
    let token = world.token(SCHOOL).await;
    assert_eq!(world.customers(SCHOOL, 1_200).await["succeeded"], 1_200, "a query always passes");
    let usage = world.usage(&token).await;
    assert_eq!((&usage["all"], &usage["effectiveUse"]), (&"1000".into(), &"0".into()));
    let path = format!("/wxa/charge/usage/get_recent_average?access_token={token}&spuId={QUICK}");
    assert_eq!(world.json(&path).await["averageData"], 400);
}
