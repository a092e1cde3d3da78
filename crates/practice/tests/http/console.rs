//! Signing in, buying, refunding: what a person does in the console and on the phone.

use crate::support::{BOOKSHOP, PASSWORD, RESTAURANT, world};
use reqwest::StatusCode;
use reqwest::header::SET_COOKIE;

#[tokio::test]
async fn the_helper_leads_to_login_email_and_password() {
    let world = world().await;
    assert!(world.page("/practice/phone").await.has("helper.search"));
    assert!(world.page("/practice/phone/search?q=开发者助手").await.has("helper.result"));
    let nothing = world.page("/practice/phone/search?q=小程序商店").await;
    assert!(nothing.has("helper.no_result") && !nothing.has("helper.result"));
    assert!(world.page("/practice/phone/scan").await.has("helper.scan_code"));
    let list = world.page("/practice/phone/helper").await;
    assert!(list.tag(&format!("helper.program.{RESTAURANT}")).contains("href"));
    let name = world.page(&format!("/practice/phone/helper/{RESTAURANT}")).await;
    assert!(name.text("helper.name").starts_with("晋味小馆会员中心"));
    let settings = world.page(&format!("/practice/phone/helper/{RESTAURANT}/settings")).await;
    assert_eq!(settings.text("helper.email_shown"), "未设置");
    assert!(!settings.has("helper.saved"));
}

#[tokio::test]
async fn bad_emails_and_passwords_are_refused_and_an_email_serves_one_account() {
    let world = world().await;
    let form = format!("/practice/phone/helper/{RESTAURANT}/login");
    let bad = [
        ("no-at-sign", PASSWORD),
        ("a@b", PASSWORD),
        ("two@@example.com", PASSWORD),
        ("blank in@example.com", PASSWORD),
        ("shop@example.com", "short1"),
        ("shop@example.com", "onlyletters"),
        ("shop@example.com", "12345678"),
        ("shop@example.com", "has a blank 1"),
    ];
    for (email, password) in bad {
        let refused = world.post(&form, &[("email", email), ("password", password)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{email} {password}");
        assert!(refused.has("page.error") && !refused.html.contains(password));
    }
    let saved = world.post(&form, &[("email", "Shop@Example.com"), ("password", PASSWORD)]).await;
    assert!(saved.has("helper.saved"));
    assert_eq!(saved.text("helper.email_shown"), "已设置");
    let other = format!("/practice/phone/helper/{BOOKSHOP}/login");
    let taken = world.post(&other, &[("email", "shop@example.com"), ("password", PASSWORD)]).await;
    assert!(taken.has("page.error"));
    assert!(
        world.post(&form, &[("email", "shop@example.com"), ("password", PASSWORD)]).await.has("helper.saved")
    );
}

#[tokio::test]
async fn nobody_gets_into_the_console_without_signing_in() {
    let world = world().await;
    for path in ["/wxamp/wxacharge", "/wxamp/devprofile/get_profile", "/wxamp/anything/else"] {
        assert_eq!(world.page(path).await.path, "/cgi-bin/loginpage");
    }
    let posted = world.post("/wxamp/wxacharge/order", &[("pack", "q-365-1000")]).await;
    assert_eq!(posted.path, "/cgi-bin/loginpage");
    let unset =
        world.post("/cgi-bin/bizlogin", &[("account", "shop@example.com"), ("password", PASSWORD)]).await;
    assert!(unset.has("page.error"), "no e-mail is set yet");
}

#[tokio::test]
async fn the_password_alone_is_not_enough_and_the_session_is_guarded() {
    let world = world().await;
    world
        .post(
            &format!("/practice/phone/helper/{RESTAURANT}/login"),
            &[("email", "shop@example.com"), ("password", PASSWORD)],
        )
        .await;
    let confirm =
        world.post("/cgi-bin/bizlogin", &[("account", "shop@example.com"), ("password", PASSWORD)]).await;
    assert_eq!(confirm.path, "/cgi-bin/loginauth");
    assert_eq!(world.page("/wxamp/wxacharge").await.path, "/cgi-bin/loginpage", "the scan is missing");

    let no_redirect = reqwest::Client::builder()
        .no_proxy()
        .cookie_store(true)
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let form =
        [("account", "shop@example.com"), ("password", PASSWORD), ("redirect_url", "https://evil.example/")];
    let answer = no_redirect.post(world.at("/cgi-bin/bizlogin")).form(&form).send().await.unwrap();
    let cookie = answer.headers()[SET_COOKIE].to_str().unwrap().to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    let next = answer.headers()["location"].to_str().unwrap().to_owned();
    assert!(!next.contains("evil"), "{next}");
    for evil in ["//evil.example", "/wxamp//evil.example", "/wxamp/\\evil", "https://evil.example/wxamp/"] {
        let scan =
            no_redirect.post(world.at("/cgi-bin/scan")).form(&[("redirect_url", evil)]).send().await.unwrap();
        assert!(!scan.headers()["location"].to_str().unwrap().contains("evil"));
    }
}

#[tokio::test]
async fn scanning_alone_offers_only_accounts_with_a_login() {
    let world = world().await;
    let choice = world.post("/cgi-bin/scan", &[("redirect_url", "/wxamp/wxacharge/usage")]).await;
    let button = format!("console.choose.{RESTAURANT}");
    assert!(choice.tag(&button).contains("disabled"), "{}", choice.html);
    let forced = world.post("/cgi-bin/chooseaccount", &[("app_id", RESTAURANT)]).await;
    assert_eq!(forced.path, "/cgi-bin/chooseaccount");

    world
        .post(
            &format!("/practice/phone/helper/{RESTAURANT}/login"),
            &[("email", "shop@example.com"), ("password", PASSWORD)],
        )
        .await;
    let choice = world.page("/cgi-bin/chooseaccount?redirect_url=/wxamp/wxacharge/usage").await;
    assert!(!choice.tag(&button).contains("disabled"));
    let form = [("app_id", RESTAURANT), ("redirect_url", "/wxamp/wxacharge/usage")];
    let inside = world.post("/cgi-bin/chooseaccount", &form).await;
    assert_eq!(inside.path, "/wxamp/wxacharge/usage");
    assert_eq!(inside.text("console.program"), "晋味小馆会员中心");
    assert_eq!(world.page("/wxamp/not/a/page").await.status, StatusCode::OK);
    assert_eq!(world.post("/cgi-bin/logout", &[]).await.path, "/cgi-bin/loginpage");
    assert_eq!(world.page("/wxamp/wxacharge").await.path, "/cgi-bin/loginpage");
}

#[tokio::test]
async fn five_wrong_passwords_make_one_wait() {
    let world = world().await;
    world
        .post(
            &format!("/practice/phone/helper/{RESTAURANT}/login"),
            &[("email", "shop@example.com"), ("password", PASSWORD)],
        )
        .await;
    let attempt = |password: &'static str| {
        let world = &world;
        async move {
            world.post("/cgi-bin/bizlogin", &[("account", "shop@example.com"), ("password", password)]).await
        }
    };
    for _ in 0..5 {
        assert!(attempt("wrong-password-1").await.has("page.error"));
    }
    assert!(attempt(PASSWORD).await.has("page.error"), "even the right one has to wait");
    world.advance(15 * 60).await;
    assert_eq!(attempt(PASSWORD).await.path, "/cgi-bin/loginauth");
}

#[tokio::test]
async fn a_purchase_needs_the_terms_and_is_granted_once() {
    let world = world().await;
    world.sign_in(RESTAURANT).await;
    let shelf = world.page("/wxamp/wxacharge/buy").await;
    assert!(shelf.html.contains("你的小程序最近平均用量约70次/月。"));
    assert!(shelf.html.contains("¥28,000.00 <s>¥30,000.00</s>"), "a discount shows the list price");
    let pack = "q-90-250";
    assert!(world.page("/wxamp/wxacharge/buy?days=90").await.has(&format!("console.pack.{pack}")));
    assert!(world.post("/wxamp/wxacharge/order", &[]).await.has("page.error"));

    let order = world.post("/wxamp/wxacharge/order", &[("pack", pack)]).await;
    let number = order.text("console.order_id");
    assert!(
        number.len() == 21 && number.starts_with("DD") && number[2..].bytes().all(|b| b.is_ascii_digit())
    );
    assert_eq!(order.text("console.amount"), "¥7.50");
    let refused = world.post(&format!("{}/accept", order.path), &[]).await;
    assert!(refused.has("page.error") && refused.has("console.terms"));
    assert_eq!(world.state(RESTAURANT).await["remaining"], 806);

    let pay = format!("{}/pay", order.path);
    let no_bank = world.post(&pay, &[("way", "bank"), ("bank_type", "enterprise"), ("card", "debit")]).await;
    assert!(no_bank.has("page.error"));
    let form = [("way", "bank"), ("bank_type", "enterprise"), ("bank", "招商银行"), ("card", "debit")];
    assert!(world.post(&pay, &form).await.has("console.paid"));
    assert!(world.post(&pay, &form).await.has("console.paid"), "a form sent twice");
    let state = world.state(RESTAURANT).await;
    assert_eq!(state["remaining"], 806 + 250);
    assert_eq!(state["orders"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn an_order_is_cancelled_or_expires_and_is_private() {
    let world = world().await;
    world.sign_in(RESTAURANT).await;
    let first = world.post("/wxamp/wxacharge/order", &[("pack", "q-365-1000")]).await;
    let cancelled = world.post(&format!("{}/cancel", first.path), &[]).await;
    assert!(cancelled.tag("console.order_state").contains("cancelled"));
    let paid = world.post(&format!("{}/pay", first.path), &[("way", "wechat")]).await;
    assert!(!paid.has("console.paid"));

    let second = world.post("/wxamp/wxacharge/order", &[("pack", "q-365-1000")]).await;
    world.advance(24 * 3_600).await;
    let late = world.post(&format!("{}/pay", second.path), &[("way", "wechat")]).await;
    assert!(late.tag("console.order_state").contains("expired"), "{}", late.html);
    assert_eq!(world.state(RESTAURANT).await["remaining"], 806);

    world.sign_in(BOOKSHOP).await;
    assert_eq!(world.page(&second.path).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_untouched_pack_goes_back_within_seven_days_and_takes_its_quota_along() {
    let world = world().await;
    world.sign_in(RESTAURANT).await;
    let number = world.buy("q-365-1000").await;
    assert_eq!(world.state(RESTAURANT).await["remaining"], 1_806);
    world.advance(7 * 86_400 - 60).await;
    let orders = world.page("/wxamp/wxacharge/orders").await;
    assert!(orders.has(&format!("console.refund.{number}")));
    let page = format!("/wxamp/wxacharge/order/{number}/refund");
    assert!(world.page(&page).await.has("console.refund.confirm"));
    let orders = world.post(&page, &[]).await;
    let state = format!("console.order_state.{number}");
    assert!(orders.tag(&state).contains("refunding"), "{}", orders.html);
    assert_eq!(world.state(RESTAURANT).await["remaining"], 806);
    assert!(world.post(&page, &[]).await.has("page.error"), "not twice");
    // Five working days are within fourteen days, whatever holidays there are.
    world.advance(14 * 86_400).await;
    assert!(world.page("/wxamp/wxacharge/orders").await.tag(&state).contains("refunded"));
}

#[tokio::test]
async fn a_used_or_old_pack_does_not_go_back_and_the_page_says_why() {
    let world = world().await;
    world.sign_in(RESTAURANT).await;
    let number = world.buy("q-365-1000").await;
    assert_eq!(world.customers(RESTAURANT, 807).await["succeeded"], 807);
    world.advance(7 * 86_400 + 1).await;
    let orders = world.page("/wxamp/wxacharge/orders").await;
    assert!(!orders.has(&format!("console.refund.{number}")));
    let why = orders.text(&format!("console.refund_reason.{number}"));
    assert_eq!(why, "资源包已经开始使用；支付已超过 7 天");
    let refused = world.post(&format!("/wxamp/wxacharge/order/{number}/refund"), &[]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(world.state(RESTAURANT).await["remaining"], 999);
}

#[tokio::test]
async fn the_console_shows_usage() {
    let world = world().await;
    world.sign_in(RESTAURANT).await;
    for path in ["/wxamp/wxacharge", "/wxamp/wxacharge/usage"] {
        let page = world.page(path).await;
        let figures = ["console.used", "console.remaining", "console.total"].map(|id| page.text(id));
        // The number and its unit may be one text or two.
        assert!(
            figures[0].starts_with("194") && figures[1].starts_with("806") && figures[2].starts_with("1,000")
        );
    }
    assert!(world.page("/wxamp/wxacharge/usage").await.has("console.lot.trial"));
    assert!(world.page("/wxamp/wxacharge/buy?capability=realtime").await.has("console.pack.r-365-1000"));
}

#[tokio::test]
async fn an_invoice_is_asked_for_issued_and_void_after_a_refund() {
    let world = world().await;
    world.sign_in(RESTAURANT).await;
    let number = world.buy("q-365-1000").await;
    let state = format!("console.invoice_state.{number}");
    let list = world.page("/wxamp/wxacharge/invoices").await;
    assert!(list.tag(&state).contains("none") && list.has(&format!("console.invoice.{number}")));
    let form = format!("/wxamp/wxacharge/order/{number}/invoice");
    let good = [
        ("kind", "ordinary"),
        ("title", "晋味餐饮有限公司"),
        ("tax_number", "91140100ma0abcde1x"),
        ("email", "caiwu@example.com"),
    ];
    for (field, value) in [
        ("kind", "none"),
        ("title", " "),
        ("tax_number", "911401"),
        ("email", "nowhere"),
        ("kind", "special"),
    ] {
        let bad = good.map(|(name, right)| (name, if name == field { value } else { right }));
        let refused = world.post(&form, &bad).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{field} {value}");
    }
    assert!(world.post(&form, &good).await.tag(&state).contains("underway"));
    assert!(world.post(&form, &good).await.tag(&state).contains("underway"), "a form sent twice");
    // Five working days are within fourteen days, whatever holidays there are.
    world.advance(14 * 86_400).await;
    assert!(world.page("/wxamp/wxacharge/invoices").await.tag(&state).contains("issued"));

    let second = world.buy("q-365-1000").await;
    let state = format!("console.invoice_state.{second}");
    world.post(&format!("/wxamp/wxacharge/order/{second}/invoice"), &good).await;
    world.post(&format!("/wxamp/wxacharge/order/{second}/refund"), &[("reason", "bought_twice")]).await;
    assert!(world.page("/wxamp/wxacharge/invoices").await.tag(&state).contains("void"));
    let order = world.page(&format!("/wxamp/wxacharge/order/{second}")).await;
    assert!(order.html.contains("重复购买") && order.has("console.refund_expected"), "{}", order.html);
    let refused = world.post(&format!("/wxamp/wxacharge/order/{second}/invoice"), &good).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "a refunded order has nothing to invoice");
}

#[tokio::test]
async fn orders_are_found_by_their_state() {
    let world = world().await;
    world.sign_in(RESTAURANT).await;
    let paid = world.buy("q-365-1000").await;
    let open = world.post("/wxamp/wxacharge/order", &[("pack", "q-90-250")]).await.text("console.order_id");
    let has = async |state: &str, number: &str| {
        world.page(&format!("/wxamp/wxacharge/orders{state}")).await.has(&format!("console.order.{number}"))
    };
    assert!(has("", &paid).await && has("", &open).await);
    assert!(has("?state=paid", &paid).await && !has("?state=paid", &open).await);
    assert!(has("?state=pending", &open).await && !has("?state=refund", &paid).await);
    let curve = world.page("/wxamp/wxacharge/usage?days=7").await;
    assert!(curve.html.contains("最近 7 天共"), "{}", curve.html);
}
