//! Pages that only the application's own windows open.

use crate::support::{RESTAURANT, client};
use practice::{Options, Practice};
use reqwest::{Client, StatusCode, header, redirect::Policy};
use tempfile::TempDir;
use url::Url;

async fn started(folder: &TempDir) -> Practice {
    let database = folder.path().join("p.db");
    Practice::start(Options { database, own_windows_only: true, ..Options::default() }).await.unwrap()
}

async fn status(client: &Client, address: Url) -> StatusCode {
    client.get(address).send().await.unwrap().status()
}

#[tokio::test]
async fn a_page_opens_with_the_key_of_this_start_alone() {
    let folder = tempfile::tempdir().unwrap();
    let practice = started(&folder).await;
    let (window, stranger) = (client(), client());
    let page = practice.page("claim", Some(RESTAURANT));
    let mut without = page.clone();
    without.set_query(None);
    assert_eq!(status(&window, without.clone()).await, StatusCode::FORBIDDEN);
    let opened = window.get(page.clone()).send().await.unwrap();
    assert_eq!((opened.status(), opened.url().as_str()), (StatusCode::OK, without.as_str()));
    // What follows needs no key in its address.
    assert_eq!(status(&window, without.clone()).await, StatusCode::OK);
    assert_eq!(status(&window, practice.base_url().clone()).await, StatusCode::OK);

    let mut guessed = without.clone();
    guessed.set_query(Some("practice-key=0123456789"));
    for address in [without.clone(), guessed, practice.base_url().clone()] {
        assert_eq!(status(&stranger, address).await, StatusCode::FORBIDDEN);
    }
    let earlier = page;
    practice.shutdown().await;
    let practice = started(&folder).await;
    let mut again = earlier.clone();
    again.set_port(practice.base_url().port()).unwrap();
    assert_eq!(status(&window, again).await, StatusCode::FORBIDDEN, "a key of an earlier start");
    practice.shutdown().await;
}

#[tokio::test]
async fn nothing_is_changed_without_the_key() {
    let folder = tempfile::tempdir().unwrap();
    let practice = started(&folder).await;
    let before = practice.now();
    let clock = practice.base_url().join("practice/clock").unwrap();
    let mut with_key = practice.opening(clock.clone());
    for address in [clock, with_key.clone()] {
        let moved = client().post(address).form(&[("days", "30")]).send().await.unwrap();
        assert_eq!(moved.status(), StatusCode::FORBIDDEN);
    }
    assert!(practice.now() - before < chrono::TimeDelta::hours(1), "time was moved");
    // The key goes out of the address, and what else stands in it stays.
    with_key.query_pairs_mut().append_pair("next", "一 & two");
    let no_redirect = Client::builder().no_proxy().redirect(Policy::none()).build().unwrap();
    let answer = no_redirect.get(with_key).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert_eq!(answer.headers()[header::LOCATION], "/practice/clock?next=%E4%B8%80+%26+two");
    let cookie = answer.headers()[header::SET_COOKIE].to_str().unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite"), "{cookie}");
    practice.shutdown().await;
}

#[tokio::test]
async fn interfaces_need_no_key_but_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let practice = started(&folder).await;
    let token =
        practice.base_url().join("cgi-bin/token?grant_type=client_credential&appid=wx1&secret=x").unwrap();
    let answer = client().get(token).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(answer.text().await.unwrap().contains("errcode"));
    practice.shutdown().await;
}
