//! A list in pages that may change while it is read.

use std::fmt::Write as _;

use companion::api::{ErrorCode, Retry};
use companion::clients::wechat::UsageReading;
use companion::clients::{ClientError, Wechat};
use testkit::server::{Answer, Request, Server, ok};

use crate::operations::{SPU, TOKEN, http, patient, secret};

fn row(id: &str, sku: &str) -> String {
    format!(
        r#"{{"pkgId":"{id}","status":1,"startTime":1693152000,"endTime":1708704000,"all":"100","used":"7","skuId":"{sku}"}}"#
    )
}

fn page(effective_use: u64, all: u64, total: usize, rows: &[String]) -> Answer {
    let rows = rows.join(",");
    ok(&format!(
        r#"{{"errcode":0,"effectiveUse":"{effective_use}","all":"{all}","total":{total},"detailList":[{rows}]}}"#
    ))
}

fn offset(request: &Request) -> usize {
    request.query("offset").unwrap().parse().unwrap()
}

fn limit(request: &Request) -> usize {
    request.query("limit").unwrap().parse().unwrap()
}

/// The page a platform with these lots gives.
fn honest(lots: &[String], request: &Request) -> Answer {
    assert!(limit(request) <= 20, "WeChat refuses more than 20 rows");
    let rows: Vec<_> =
        lots.iter().skip(offset(request)).take(limit(request)).map(|id| row(id, "1")).collect();
    page(7, 100, lots.len(), &rows)
}

fn lots(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("ZY{number}")).collect()
}

async fn usage(server: &Server) -> Result<UsageReading, ClientError> {
    Wechat::new(http(patient()), server.url()).usage(&secret(TOKEN), SPU).await
}

fn ids(reading: &UsageReading) -> Vec<String> {
    reading.rows.iter().map(|row| row.pkg_id.clone()).collect()
}

fn offsets(server: &Server) -> Vec<usize> {
    server.requests().iter().map(offset).collect()
}

#[tokio::test]
async fn all_pages_are_read_in_order() {
    for (count, expected) in [
        (0, vec![0]),
        (1, vec![0]),
        (20, vec![0]),
        (21, vec![0, 20]),
        (40, vec![0, 20]),
        (45, vec![0, 20, 40]),
    ] {
        let server = Server::start(move |request, _| honest(&lots(count), request));
        let reading = usage(&server).await.unwrap();
        assert_eq!(ids(&reading), lots(count));
        assert_eq!((reading.effective_use, reading.all, reading.as_of), (7, 100, None));
        assert_eq!(offsets(&server), expected, "{count} lots");
    }
}

#[tokio::test]
async fn a_lot_bought_between_two_pages_starts_the_reading_again() {
    // The new lot comes first in the list: without a second reading, the last lot of page one would come twice.
    let server = Server::start(|request, before| {
        let mut list = lots(30);
        if before > 0 {
            list.insert(0, "ZYnew".to_owned());
        }
        honest(&list, request)
    });
    let reading = usage(&server).await.unwrap();
    assert_eq!(ids(&reading).len(), 31);
    assert_eq!(ids(&reading)[0], "ZYnew");
    assert_eq!(offsets(&server), [0, 20, 0, 20]);
}

#[tokio::test]
async fn rows_that_change_places_between_two_pages_start_the_reading_again() {
    // A lot lapses and moves to the end; the total stays. Lot 20 would be missed and lot 0 would come twice.
    let server = Server::start(|request, before| {
        let mut list = lots(25);
        if before > 0 {
            list.rotate_left(1);
        }
        honest(&list, request)
    });
    let reading = usage(&server).await.unwrap();
    let mut read = ids(&reading);
    read.sort();
    let mut expected = lots(25);
    expected.sort();
    assert_eq!(read, expected);
    assert_eq!(offsets(&server), [0, 20, 0, 20]);
}

#[tokio::test]
async fn calls_made_meanwhile_only_move_the_sum() {
    let server = Server::start(|request, before| {
        let rows: Vec<_> = lots(30).iter().skip(offset(request)).take(20).map(|id| row(id, "1")).collect();
        page(1_000 + before as u64, 3_000, 30, &rows)
    });
    let reading = usage(&server).await.unwrap();
    assert_eq!((reading.effective_use, reading.rows.len()), (1_001, 30));
    assert_eq!(offsets(&server), [0, 20]);
}

#[tokio::test]
async fn a_list_that_never_settles_is_given_up() {
    let server = Server::start(|request, before| honest(&lots(30 + before), request));
    let error = usage(&server).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::WechatBusy);
    assert_eq!(error.retry(chrono::DateTime::UNIX_EPOCH), Retry::Now);
    assert_eq!(offsets(&server), [0, 20, 0, 20, 0, 20]);
}

#[tokio::test]
async fn fewer_rows_than_announced_are_believed_when_they_come_twice() {
    let steady = Server::start(|request, _| {
        let rows = if offset(request) == 0 { vec![row("ZY0", "1"), row("ZY1", "1")] } else { Vec::new() };
        page(7, 100, 3, &rows)
    });
    assert_eq!(ids(&usage(&steady).await.unwrap()), ["ZY0", "ZY1"]);
    assert_eq!(offsets(&steady), [0, 2, 0, 2]);
    // Other rows each time are not.
    let wild = Server::start(|request, before| {
        let rows = if offset(request) == 0 { vec![row(&format!("ZY{before}"), "1")] } else { Vec::new() };
        page(7, 100, 3, &rows)
    });
    let error = usage(&wild).await.unwrap_err();
    assert!(matches!(error, ClientError::Unsettled { .. }), "{error:?}");
    assert_eq!(offsets(&wild), [0, 1, 0, 1, 0, 1]);
}

#[tokio::test]
async fn an_endless_list_is_not_followed() {
    let announced = Server::start(|request, _| honest(&lots(1_001), request));
    let error = usage(&announced).await.unwrap_err();
    assert_eq!((error.code(), error.params()["field"].as_str()), (ErrorCode::UnexpectedShape, "total"));
    assert_eq!(announced.requests().len(), 1);
    let dripping =
        Server::start(|request, _| page(7, 100, 900, &[row(&format!("ZY{}", offset(request)), "1")]));
    let error = usage(&dripping).await.unwrap_err();
    assert_eq!((error.code(), error.params()["field"].as_str()), (ErrorCode::UnexpectedShape, "detailList"));
    assert_eq!(dripping.requests().len(), 60);
}

#[tokio::test]
async fn lots_without_an_id_are_told_apart_and_true_repeats_are_dropped() {
    let server = Server::start(|_, _| {
        page(7, 100, 4, &[row("", "1"), row("", "2"), row("ZY1", "1"), row("ZY1", "1")])
    });
    let reading = usage(&server).await.unwrap();
    let read = reading.rows.iter().fold(String::new(), |mut text, row| {
        write!(text, "[{} {}]", row.pkg_id, row.sku_id.as_deref().unwrap()).unwrap();
        text
    });
    assert_eq!(read, "[ 1][ 2][ZY1 1]");
}
