//! Charging until dry, in the right order, once per customer, and never more than there is.

use crate::support::{BOOKSHOP, Page, RESTAURANT, World, world};
use serde_json::json;

async fn tap(world: &World, app_id: &str, customer: u32) -> Page {
    world.post(&format!("/practice/claim/{app_id}/tap"), &[("customer", &customer.to_string())]).await
}

async fn agree(world: &World, app_id: &str, customer: u32) -> Page {
    let customer = customer.to_string();
    let form = [("customer", customer.as_str()), ("choice", "bound"), ("agree", "yes")];
    world.post(&format!("/practice/claim/{app_id}/answer"), &form).await
}

#[tokio::test]
async fn the_claim_page_charges_one_call_for_an_agreement_and_none_for_a_refusal() {
    let world = world().await;
    let start = world.page(&format!("/practice/claim/{RESTAURANT}?customer=7000")).await;
    assert!(start.has("claim.get") && start.html.contains("体验环境"));
    let sheet = tap(&world, RESTAURANT, 7_000).await;
    assert!(sheet.has("claim.sheet") && sheet.has("claim.number.2"), "{}", sheet.html);
    assert_eq!(world.state(RESTAURANT).await["used"], 194, "a tap costs nothing");

    let no = [("customer", "7000"), ("choice", "bound"), ("agree", "no")];
    let refused = world.post(&format!("/practice/claim/{RESTAURANT}/answer"), &no).await;
    assert!(refused.has("claim.refused"));
    assert_eq!(world.state(RESTAURANT).await["used"], 194);

    let success = agree(&world, RESTAURANT, 7_000).await;
    assert!(success.has("claim.success"), "{}", success.html);
    let card = success.text("claim.card_number");
    let state = world.state(RESTAURANT).await;
    assert_eq!((&state["used"], &state["remaining"]), (&195.into(), &805.into()));
    assert_eq!(state["cards_issued"], 647);

    let again = agree(&world, RESTAURANT, 7_000).await;
    assert_eq!(again.text("claim.card_number"), card, "the same number keeps its card");
    assert_eq!(world.state(RESTAURANT).await["used"], 196, "but a second authorisation costs again");
}

#[tokio::test]
async fn when_quota_is_gone_customers_see_the_notice() {
    let world = world().await;
    let tally = world.customers(RESTAURANT, 900).await;
    assert_eq!(tally, json!({ "succeeded": 806, "refused": 0, "no_quota": 94 }));
    let state = world.state(RESTAURANT).await;
    assert_eq!((&state["used"], &state["remaining"]), (&1_000.into(), &0.into()));
    let notice = tap(&world, RESTAURANT, 9_000).await;
    assert!(notice.has("claim.notice"));
    assert!(notice.html.contains("该功能使用次数已达当前小程序上限，暂时无法使用"));

    world.sign_in(RESTAURANT).await;
    world.buy("q-90-250").await;
    assert!(tap(&world, RESTAURANT, 9_000).await.has("claim.sheet"), "a paid pack is in effect at once");
}

#[tokio::test]
async fn the_last_call_goes_to_one_of_two_customers() {
    let world = world().await;
    assert_eq!(world.customers(RESTAURANT, 805).await["succeeded"], 805);
    let (one, two) = (8_001, 8_002);
    assert!(tap(&world, RESTAURANT, one).await.has("claim.sheet"));
    assert!(tap(&world, RESTAURANT, two).await.has("claim.sheet"), "both pass the query");
    let (one, two) = tokio::join!(agree(&world, RESTAURANT, one), agree(&world, RESTAURANT, two));
    let successes = [&one, &two].iter().filter(|page| page.has("claim.success")).count();
    let notices = [&one, &two].iter().filter(|page| page.has("claim.notice")).count();
    assert_eq!((successes, notices), (1, 1));
    assert_eq!(world.state(RESTAURANT).await["used"], 1_000);
}

#[tokio::test]
async fn forty_customers_at_once_never_charge_more_than_there_is() {
    let world = world().await;
    assert_eq!(world.customers(RESTAURANT, 786).await["succeeded"], 786);
    let crowd: Vec<_> = (0..40)
        .map(|number| {
            let (client, address) =
                (world.client.clone(), world.at(&format!("/practice/claim/{RESTAURANT}/answer")));
            tokio::spawn(async move {
                let customer = (6_000 + number).to_string();
                let form = [("customer", customer.as_str()), ("choice", "bound"), ("agree", "yes")];
                client.post(address).form(&form).send().await.unwrap().text().await.unwrap()
            })
        })
        .collect();
    let mut successes = 0;
    for customer in crowd {
        let page = customer.await.unwrap();
        assert!(page.contains("claim.success") != page.contains("claim.notice"));
        successes += u32::from(page.contains("claim.success"));
    }
    assert_eq!(successes, 20);
    assert_eq!(world.state(RESTAURANT).await["used"], 1_000);
}

#[tokio::test]
async fn the_trial_goes_first_and_then_what_ends_first() {
    let world = world().await;
    let token = world.token(BOOKSHOP).await;
    world.buy("q-365-1000").await;
    world.buy("q-90-250").await;
    assert_eq!(world.customers(BOOKSHOP, 1_100).await["succeeded"], 1_100);
    let usage = world.usage(&token).await;
    let used: Vec<_> =
        usage["detailList"].as_array().unwrap().iter().map(|row| row["used"].clone()).collect();
    assert_eq!(used, ["1000", "0", "100"], "trial, 365 days, 90 days");
    assert_eq!(usage["detailList"][0]["status"], 1, "used up within its validity is still in force");
}

#[tokio::test]
async fn manual_entry_costs_nothing_and_checks_only_the_form() {
    let world = world().await;
    world.post(&format!("/practice/card-office/{RESTAURANT}/mode"), &[("mode", "manual")]).await;
    let form = tap(&world, RESTAURANT, 5_000).await;
    assert!(form.has("claim.manual.number") && !form.has("claim.sheet"), "{}", form.html);
    let number = format!("/practice/claim/{RESTAURANT}/number");
    for bad in ["", "1380013800", "23800138000", "138001380000", "abcdefghijk"] {
        let refused = world.post(&number, &[("customer", "5000"), ("number", bad)]).await;
        assert!(refused.has("page.error"), "{bad}");
    }
    let success = world.post(&number, &[("customer", "5000"), ("number", "138 0013 8000")]).await;
    assert!(success.has("claim.success"), "{}", success.html);
    let state = world.state(RESTAURANT).await;
    assert_eq!((&state["used"], &state["cards_issued"]), (&194.into(), &647.into()));
}

#[tokio::test]
async fn manual_entry_takes_numbers_of_anywhere_and_no_file_has_them() {
    let mut world = world().await;
    world.post(&format!("/practice/card-office/{RESTAURANT}/mode"), &[("mode", "manual")]).await;
    assert!(tap(&world, RESTAURANT, 5_000).await.has("claim.manual.code"));
    let number = format!("/practice/claim/{RESTAURANT}/number");
    let typed = async |customer: &str, code: &str, typed: &str| {
        let form = [("customer", customer), ("code", code), ("number", typed)];
        world.post(&number, &form).await
    };
    for (customer, code, given, shown) in [
        ("5000", "86", "138 0013 8000", "138****8000"),
        ("5001", "86", "+44 7911 123456", "+44****3456"),
        ("5002", "852", "5123 4567", "+85****4567"),
    ] {
        let success = typed(customer, code, given).await;
        assert!(success.has("claim.success"), "{given}: {}", success.html);
        assert_eq!(success.text("claim.phone"), shown);
    }
    let card = typed("5001", "86", "+447911123456").await.text("claim.card_number");
    assert_eq!(typed("5003", "44", "07911 123456").await.text("claim.card_number"), card, "one member");

    let refused = typed("5004", "852", "5123").await;
    assert!(refused.has("page.error") && refused.html.contains("8 到 15 位"), "{}", refused.html);
    assert!(refused.html.contains("<p lang=\"en\">This number is too short"), "{}", refused.html);
    assert!(refused.html.contains("<option value=\"852\" selected>"), "what was chosen stays chosen");

    let folder = world.database().parent().unwrap().to_owned();
    let assert_absent = || {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let file = entry.unwrap().path();
            let bytes = std::fs::read(&file).unwrap();
            for digits in ["13800138000", "7911123456", "51234567"] {
                let found = bytes.windows(digits.len()).any(|window| window == digits.as_bytes());
                assert!(!found, "{digits} is in {}", file.display());
            }
        }
    };
    assert_absent();
    world.stop().await;
    assert_absent();
}

#[tokio::test]
async fn traffic_that_refuses_costs_nothing() {
    let world = world().await;
    let body = json!({ "app_id": RESTAURANT, "count": 30, "action": "refuse" });
    assert_eq!(world.admin("customers", body).await, json!({ "succeeded": 0, "refused": 30, "no_quota": 0 }));
    assert_eq!(world.state(RESTAURANT).await["used"], 194);
}
