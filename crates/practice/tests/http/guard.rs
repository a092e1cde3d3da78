//! Strangers are refused before anything else looks at them.

use crate::support::{ADMIN, RESTAURANT, world};
use reqwest::header::{HOST, ORIGIN};
use reqwest::{Method, StatusCode};

const PATHS: [&str; 5] =
    ["/", "/cgi-bin/token", "/practice/phone", "/practice/admin/state", "/member-card/v1/settings"];

#[tokio::test]
async fn another_host_name_or_origin_is_refused_everywhere() {
    let world = world().await;
    for path in PATHS {
        for (name, value) in [
            (HOST, "evil.example".to_owned()),
            (HOST, "127.0.0.1".to_owned()),
            (HOST, "127.0.0.1:1".to_owned()),
            (ORIGIN, "https://evil.example".to_owned()),
            (ORIGIN, "http://127.0.0.1:1".to_owned()),
            (ORIGIN, "null".to_owned()),
        ] {
            let request = world.client.get(world.at(path)).header(&name, &value).bearer_auth(ADMIN);
            let status = request.send().await.unwrap().status();
            assert_eq!(status, StatusCode::FORBIDDEN, "{path} {name}: {value}");
        }
    }
    let own = world.client.get(world.at("/")).header(ORIGIN, &world.base).send().await.unwrap();
    assert_eq!(own.status(), StatusCode::OK);
    let localhost = world.base.replace("127.0.0.1", "localhost");
    let by_name = world.client.get(world.at("/")).header(HOST, localhost.trim_start_matches("http://"));
    assert_eq!(by_name.send().await.unwrap().status(), StatusCode::OK);
}

#[tokio::test]
async fn another_site_may_only_link_here() {
    let world = world().await;
    let send = |method: Method, site: &'static str, mode: &'static str, dest: &'static str| {
        let request = world
            .client
            .request(method, world.at(&format!("/practice/claim/{RESTAURANT}")))
            .header("sec-fetch-site", site)
            .header("sec-fetch-mode", mode)
            .header("sec-fetch-dest", dest);
        async { request.send().await.unwrap().status() }
    };
    for site in ["cross-site", "same-site"] {
        assert_eq!(send(Method::GET, site, "navigate", "document").await, StatusCode::OK);
        assert_eq!(send(Method::POST, site, "navigate", "document").await, StatusCode::FORBIDDEN);
        assert_eq!(send(Method::GET, site, "no-cors", "image").await, StatusCode::FORBIDDEN);
        assert_eq!(send(Method::GET, site, "navigate", "iframe").await, StatusCode::FORBIDDEN);
    }
    assert_eq!(send(Method::GET, "same-origin", "cors", "empty").await, StatusCode::OK);
}

#[tokio::test]
async fn every_answer_has_a_strict_policy_and_no_cors() {
    let world = world().await;
    for path in PATHS {
        let answer = world.get(path).await;
        let policy = answer.headers()["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
        assert!(answer.headers().keys().all(|name| !name.as_str().starts_with("access-control")));
    }
    let page = world.page("/").await;
    assert!(page.html.contains("· 体验环境</title>") && page.has("practice.band"));
    assert!(!page.html.contains("<script") && !page.html.contains("style=\""));
}

#[tokio::test]
async fn every_page_says_that_it_is_practice() {
    let world = world().await;
    world.sign_in(RESTAURANT).await;
    let order = world.buy("q-365-1000").await;
    let order = format!("/wxamp/wxacharge/order/{order}");
    let pages = [
        "/".to_owned(),
        format!("/practice/account/{RESTAURANT}"),
        "/practice/provider".to_owned(),
        "/practice/phone".to_owned(),
        "/practice/phone/helper".to_owned(),
        format!("/practice/phone/helper/{RESTAURANT}/login"),
        format!("/practice/claim/{RESTAURANT}"),
        format!("/practice/card-office/{RESTAURANT}"),
        format!("/practice/card-office/{RESTAURANT}/sign-ups"),
        "/cgi-bin/loginpage".to_owned(),
        "/cgi-bin/chooseaccount".to_owned(),
        "/wxamp/wxacharge".to_owned(),
        "/wxamp/wxacharge/buy".to_owned(),
        "/wxamp/wxacharge/usage".to_owned(),
        "/wxamp/wxacharge/orders".to_owned(),
        "/wxamp/wxacharge/invoices".to_owned(),
        order.clone(),
        format!("{order}/refund"),
        format!("{order}/invoice"),
        "/wxamp/devprofile/get_profile".to_owned(),
        "/wxamp/there/is/no/such/page".to_owned(),
    ];
    for path in pages {
        let page = world.page(&path).await;
        assert!(page.has("practice.band") && page.html.contains("体验环境</title>"), "{path}: {}", page.html);
    }
}

#[tokio::test]
async fn administration_needs_its_token() {
    let world = world().await;
    for (method, path) in [
        (Method::GET, "state"),
        (Method::GET, "calls"),
        (Method::POST, "clock"),
        (Method::POST, "customers"),
        (Method::POST, "faults"),
        (Method::DELETE, "faults"),
        (Method::GET, "agents"),
        (Method::POST, "secrets"),
        (Method::PUT, "guards"),
        (Method::PUT, "limits"),
        (Method::PUT, "variants"),
        (Method::PUT, "push"),
        (Method::DELETE, "push"),
        (Method::GET, "pushes"),
        (Method::POST, "bulk-orders"),
        (Method::PUT, "relations"),
        (Method::POST, "tickets"),
        (Method::POST, "authorisations"),
        (Method::DELETE, "authorisations"),
    ] {
        let address = world.at(&format!("/practice/admin/{path}"));
        let without = world.client.request(method.clone(), &address).send().await.unwrap();
        assert_eq!(without.status(), StatusCode::UNAUTHORIZED, "{path}");
        let wrong = world.client.request(method, &address).bearer_auth("guess").send().await.unwrap();
        assert_eq!(wrong.status(), StatusCode::UNAUTHORIZED, "{path}");
    }
}
