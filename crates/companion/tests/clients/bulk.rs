//! Allocations: what is sent, how often, and what becomes of it.

use std::sync::{Arc, Mutex};

use companion::api::{AllocationState as S, AllocationView, Environment, ErrorCode, PickedShare, SendAnswer};
use companion::secrets::Secret;
use serde_json::Value;
use testkit::server::{Answer, Request, Server, ok, status};

use crate::application::Application;
use crate::operations::{APP_ID, APP_SECRET, Operation, TOKEN_BODY};

const ASSIGN: &str = "/wxa/charge/service-provider/package/assign";
const CANCEL: &str = "/wxa/charge/service-provider/package/cancel_assign";

/// Answers of the allocation call in turn, the last one for ever; everything else works.
fn wechat(answers: Vec<Answer>) -> Server {
    let told = Arc::new(Mutex::new(0_usize));
    Server::start(move |request, _| match request.path() {
        "/cgi-bin/stable_token" => ok(TOKEN_BODY),
        ASSIGN => {
            let mut told = told.lock().unwrap();
            *told += 1;
            answers[(*told - 1).min(answers.len() - 1)].clone()
        }
        CANCEL => ok(r#"{"errcode":0}"#),
        "/wxa/charge/service-provider/order/query_list" => ok(Operation::ProviderOrders.good_body()),
        "/wxa/charge/service-provider/package/get_convertible_skus" => {
            ok(Operation::ConvertibleSkus.good_body())
        }
        other => status("404 Not Found", other),
    })
}

fn errcode(code: i64) -> Answer {
    ok(&format!(r#"{{"errcode":{code}}}"#))
}

async fn provider(application: &Application) -> String {
    let secret = Secret::from(APP_SECRET);
    let connected = application.companion.connect_provider(Environment::Live, "代理", APP_ID, secret).await;
    connected.unwrap().id
}

async fn send(
    application: &Application,
    provider: &str,
    (order, sku, receiver): (&str, &str, &str),
) -> Result<Vec<AllocationView>, ErrorCode> {
    let pick = PickedShare { app_id: receiver.to_owned(), sku: sku.to_owned(), count: 1 };
    let sent = application.companion.send_allocations(provider, order, vec![pick], "batch", false).await;
    match sent.map_err(|error| error.code())? {
        SendAnswer::Sent { allocations } => Ok(allocations),
        asked @ SendAnswer::AskFirst { .. } => unreachable!("{asked:?}"),
    }
}

/// Sends one allocation.
async fn allocate(application: &Application, provider: &str) -> AllocationView {
    send(application, provider, ("DD1", "20000178", APP_ID)).await.unwrap().remove(0)
}

fn request_ids(server: &Server) -> Vec<String> {
    let sent = server.requests().into_iter().filter(|request| request.path() == ASSIGN);
    sent.map(|request: Request| {
        let body: Value = serde_json::from_str(&request.body).unwrap();
        body["requestId"].as_str().unwrap().to_owned()
    })
    .collect()
}

/// The state once it is `wanted`.
async fn becomes(application: &Application, provider: &str, wanted: S) -> AllocationView {
    let followed = tokio::time::timeout(std::time::Duration::from_secs(20), async {
        loop {
            let newest = application.companion.get_allocations(provider).await.unwrap().remove(0);
            if newest.state == wanted {
                break newest;
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    });
    followed.await.expect("the state that was waited for never came")
}

#[tokio::test]
async fn an_accepted_allocation_is_followed_to_its_end_under_one_request_id() {
    let server = wechat(vec![
        Answer::Reset,
        errcode(0),
        errcode(10_121_011),
        errcode(10_121_004),
        errcode(10_121_009),
    ]);
    let application = Application::above(&server).await;
    let provider = provider(&application).await;
    let taken = allocate(&application, &provider).await;
    assert_eq!(taken.state, S::Open);
    becomes(&application, &provider, S::Done).await;
    let ids = request_ids(&server);
    assert!(ids.len() >= 5 && ids.iter().all(|id| *id == taken.id), "{ids:?}");
}

#[tokio::test]
async fn an_answer_that_never_came_leaves_it_open_and_it_is_finished_behind() {
    let server = wechat(vec![Answer::Reset, Answer::Reset, Answer::Reset, errcode(10_121_009)]);
    let application = Application::above(&server).await;
    let provider = provider(&application).await;
    allocate(&application, &provider).await;
    let done = becomes(&application, &provider, S::Done).await;
    assert!(request_ids(&server).iter().all(|id| *id == done.id));
}

#[tokio::test]
async fn a_refusal_ends_it_with_its_reason() {
    for (code, meaning, state) in [
        (10_045, ErrorCode::NoRelationship, S::Failed),
        (10_121_012, ErrorCode::PackNotAllocatable, S::Failed),
        (10_121_001, ErrorCode::OrderWrong, S::Failed),
        // Seen on repeats after success; on a first call it can only be a refusal.
        (10_121_031, ErrorCode::AllocationRefused, S::Failed),
    ] {
        let server = wechat(vec![errcode(code)]);
        let application = Application::above(&server).await;
        let provider = provider(&application).await;
        allocate(&application, &provider).await;
        let kept = becomes(&application, &provider, state).await;
        assert_eq!(kept.code, Some(meaning), "{code}");
        assert_eq!(request_ids(&server).len(), 1, "{code}");
    }
}

#[tokio::test]
async fn a_repeat_that_meets_10121031_was_carried_out() {
    let server = wechat(vec![errcode(0), errcode(10_121_031)]);
    let application = Application::above(&server).await;
    let provider = provider(&application).await;
    allocate(&application, &provider).await;
    becomes(&application, &provider, S::Done).await;
}

#[tokio::test]
async fn a_cancelled_allocation_is_cancelled_when_wechat_says_so() {
    let server = wechat(vec![errcode(10_121_009), errcode(10_121_009), errcode(10_121_010)]);
    let application = Application::above(&server).await;
    let provider = provider(&application).await;
    allocate(&application, &provider).await;
    let done = becomes(&application, &provider, S::Done).await;
    let asked = application.companion.cancel_allocation(&done.id).await.unwrap();
    assert_eq!(asked.state, S::Cancelling);
    becomes(&application, &provider, S::Cancelled).await;
}

#[tokio::test]
async fn what_is_missing_is_refused_before_anything_is_written() {
    let server = wechat(vec![errcode(0)]);
    let application = Application::above(&server).await;
    let provider = provider(&application).await;
    for (order, sku, receiver) in [("", "1", APP_ID), ("DD1", " ", APP_ID), ("DD1", "1", "wx1")] {
        let refused = send(&application, &provider, (order, sku, receiver)).await;
        assert_eq!(refused, Err(ErrorCode::AllocationInvalid));
    }
    assert!(application.companion.get_allocations(&provider).await.unwrap().is_empty());
    let orders = application.companion.get_bulk_orders(&provider).await.unwrap();
    assert_eq!(
        (orders[0].price.unwrap().to_string(), orders[0].total),
        ("28000.00".to_owned(), Some(1_000_000))
    );
    let packs = application.companion.get_convertible_packs(&provider, "DD1").await.unwrap();
    assert_eq!((packs[0].calls, packs[0].days), (Some(5_000), Some(365)));
}
