//! Journey H: the bill beside the shop's own sign-ups, from the member-card platform and from files.

use billing_core::time::BEIJING;
use chrono::{DateTime, Utc};
use companion::Companion;
use companion::api::{BillColumns, BillReason, BillSource, BillVerdict, BillView, BillZone, ErrorCode};
use companion::secrets::Secret;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use testkit::world::{World, paying};
use testkit::{code, files_with};

/// An account with three readings, a day apart. On the second day three customers joined, one authorised twice, and of
/// one the code was never exchanged: six calls. The instant of these, and the AppID.
async fn with_a_day(world: &mut World, companion: &Companion) -> (String, String, DateTime<Utc>) {
    let (account, app_id) = world.connected(companion).await;
    world.next_day().await;
    let at = world.practice.clock().now();
    world.customers(&app_id, 3).await;
    world.customers_who(&app_id, 1, "repeat", true).await;
    world.customers_who(&app_id, 1, "authorise", false).await;
    companion.sync_usage(&account).await.unwrap();
    world.next_day().await;
    companion.sync_usage(&account).await.unwrap();
    (account, app_id, at)
}

fn reasons(bill: &BillView) -> Vec<(BillReason, u64)> {
    bill.reasons.iter().map(|one| (one.reason, one.calls)).collect()
}

/// charged, members, explained, open, missing, uncharged
fn sums(bill: &BillView) -> [u64; 6] {
    [bill.charged, bill.members, bill.explained, bill.open, bill.missing, bill.uncharged]
}

fn clock(at: DateTime<Utc>) -> String {
    at.with_timezone(&BEIJING).format("%Y-%m-%d %H:%M:%S").to_string()
}

#[tokio::test]
async fn the_platform_explains_every_call() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, app_id, at) = with_a_day(&mut world, &companion).await;
    assert_eq!(code(companion.compare_bill_platform(&account).await), ErrorCode::MemberCardNotConnected);
    let key = world.access_key(&app_id).await;
    companion.connect_member_card(&account, Secret::from(key)).await.unwrap();

    let bill = companion.compare_bill_platform(&account).await.unwrap();
    assert_eq!(bill.source, BillSource::MemberCard);
    assert_eq!(sums(&bill), [6, 4, 2, 0, 0, 0], "{bill:#?}");
    assert_eq!(reasons(&bill), [(BillReason::Again, 1), (BillReason::NotFetched, 1)]);
    assert_eq!((bill.extra, bill.app_id.as_deref()), (2, Some(app_id.as_str())));
    assert_eq!(bill.days.len(), 1);
    let day = &bill.days[0];
    assert_eq!(day.first, &clock(at)[..10], "the day in Beijing");
    let used: Vec<u64> = day.readings.iter().map(|reading| reading.used).collect();
    assert_eq!(used[1] - used[0], 6, "the readings around it");
    assert!(day.reasons.iter().all(|one| one.times.len() == 1));
}

#[tokio::test]
async fn a_spreadsheet_is_understood_and_what_it_lacks_is_left() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, _, at) = with_a_day(&mut world, &companion).await;
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, title) in (0_u16..).zip(["姓名", "手机号", "领卡时间", "状态"]) {
        sheet.write(0, column, title).unwrap();
    }
    let format = Format::new().set_num_format("yyyy-mm-dd hh:mm:ss");
    let people = ["13800138000", "13800138001", "13800138002", "13800138000", "13800138004"];
    for (row, phone) in (1_u32..).zip(people) {
        // A second apart each: the second authorisation of a person is no copy of the row of the first.
        let at = at + chrono::TimeDelta::seconds(i64::from(row));
        let time = ExcelDateTime::parse_from_str(&clock(at)).unwrap();
        sheet.write(row, 0, "张三").unwrap();
        sheet.write(row, 1, phone).unwrap();
        sheet.write_with_format(row, 2, &time, &format).unwrap();
        sheet.write(row, 3, if phone.ends_with('4') { "未换取号码" } else { "已发卡" }).unwrap();
    }
    let file = companion.read_bill_file(&account, "会员.xlsx", book.save_to_buffer().unwrap()).await.unwrap();
    let guess = BillColumns { time: Some(2), who: Some(1), outcome: Some(3), ..BillColumns::default() };
    assert_eq!((file.columns, file.rows, file.remembered), (guess, 5, false));
    assert_eq!(file.sample[0][1], "138****8000");

    let bill = companion.compare_bill_file(&account, file.columns).await.unwrap();
    assert_eq!(bill.source, BillSource::File("会员.xlsx".to_owned()));
    assert_eq!(sums(&bill), [6, 3, 2, 1, 0, 0], "{bill:#?}");
    assert_eq!(reasons(&bill), [(BillReason::Again, 1), (BillReason::NotFetched, 1)]);
    assert_eq!((bill.records, bill.left_out, bill.outside), (5, 0, 0));

    // Nobody's number is anywhere on disk.
    companion.close().await;
    for entry in walkdir(world.home.path()) {
        let bytes = std::fs::read(&entry).unwrap();
        assert!(!bytes.windows(11).any(|window| window == b"13800138000"), "{}", entry.display());
    }
}

fn walkdir(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { walkdir(&path) } else { vec![path] }).collect()
}

#[tokio::test]
async fn a_choice_of_columns_is_remembered_for_the_same_titles() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, _, at) = with_a_day(&mut world, &companion).await;
    // What a server in UTC exports, in the encoding of Chinese Windows.
    let time = at.format("%Y-%m-%d %H:%M:%S");
    let rows = (0..6).map(|one| format!("{one},{time},ok\r\n")).collect::<Vec<_>>().concat();
    let text = format!("编号,入库,状态\r\n{rows}x,昨天,ok\r\n");
    let bytes = encoding_rs::GBK.encode(&text).0.into_owned();
    let file = companion.read_bill_file(&account, "a.csv", bytes.clone()).await.unwrap();
    assert_eq!((file.columns.time, file.columns.zone), (Some(1), BillZone::Beijing));
    let chosen = BillColumns { zone: BillZone::Utc, outcome: None, ..file.columns };
    let bill = companion.compare_bill_file(&account, chosen).await.unwrap();
    assert_eq!(sums(&bill), [6, 6, 0, 0, 0, 0], "{bill:#?}");
    assert_eq!(bill.left_out, 1);

    companion.close().await;
    let companion = world.open().await;
    assert_eq!(
        code(companion.compare_bill_file(&account, chosen).await),
        ErrorCode::BillFileGone,
        "of this run only"
    );
    let again = companion.read_bill_file(&account, "b.csv", bytes).await.unwrap();
    assert_eq!((again.columns, again.remembered), (chosen, true));
    let other = companion.read_bill_file(&account, "c.csv", b"time\n2026-11-20".to_vec()).await.unwrap();
    assert!(!other.remembered);
}

#[tokio::test]
async fn the_first_customer_of_a_file_without_titles_is_not_stored() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, _, at) = with_a_day(&mut world, &companion).await;
    let text = format!("张三丰,13812345678,上周二,身份证110101200001011234\n李四,13800138001,{},", clock(at));
    let file = companion.read_bill_file(&account, "a.csv", text.into_bytes()).await.unwrap();
    companion.compare_bill_file(&account, file.columns).await.unwrap();
    companion.close().await;
    let found = files_with(world.home.path(), &["13812345678", "110101200001011234", "张三丰"]);
    assert!(found.is_empty(), "{found:?}");
}

/// A file of `rows`, compared by its guessed columns.
async fn compared(companion: &Companion, account: &str, rows: &[String]) -> BillView {
    let text = format!("时间,手机号,卡号\n{}", rows.join("\n"));
    let file = companion.read_bill_file(account, "会员.csv", text.into_bytes()).await.unwrap();
    companion.compare_bill_file(account, file.columns).await.unwrap()
}

/// A row of the customer with this number.
fn row(at: DateTime<Utc>, number: u64) -> String {
    format!("{},{},C{number}", clock(at), 13_000_000_000 + number)
}

#[tokio::test]
async fn days_that_a_file_does_not_cover_are_not_held_against_wechat() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, app_id, at) = with_a_day(&mut world, &companion).await;
    for _ in 0..3 {
        world.customers(&app_id, 5).await;
        world.next_day().await;
        companion.sync_usage(&account).await.unwrap();
    }
    // The file ends with the first of the four days.
    let rows: Vec<_> = (0..6).map(|number| row(at, number)).collect();
    let bill = compared(&companion, &account, &rows).await;
    assert_eq!(sums(&bill), [6, 6, 0, 0, 0, 0], "{bill:#?}");
    assert_eq!((bill.verdict, bill.days.len()), (BillVerdict::Agrees, 1));
    assert_eq!(bill.first.unwrap(), &clock(at)[..10]);
    assert_eq!(bill.last, bill.first);
    assert_eq!(bill.records_until.map(|at| at.to_string()[..19].replace('T', " ")), Some(clock(at)));
    assert_ne!(Some(bill.read_last), bill.last, "WeChat's readings go on");
    // A file of other days altogether.
    let bill = compared(&companion, &account, &[row(at - chrono::TimeDelta::days(90), 1)]).await;
    assert_eq!((bill.verdict, bill.first, bill.outside), (BillVerdict::NoCommonDay, None, 1));
}

#[tokio::test]
async fn rows_that_are_in_a_file_twice_count_once() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, _, at) = with_a_day(&mut world, &companion).await;
    let rows: Vec<_> = (0..6).chain(0..4).map(|number| row(at, number)).collect();
    let bill = compared(&companion, &account, &rows).await;
    assert_eq!((bill.records, bill.duplicates), (6, 4));
    assert_eq!(sums(&bill), [6, 6, 0, 0, 0, 0], "{bill:#?}");
    assert_eq!((bill.verdict, bill.reasons.len()), (BillVerdict::Agrees, 0));
}

#[tokio::test]
async fn a_file_of_another_shop_accuses_nobody() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, app_id, at) = with_a_day(&mut world, &companion).await;
    world.next_day().await;
    let quiet = world.practice.clock().now();
    world.customers(&app_id, 3).await;
    world.next_day().await;
    companion.sync_usage(&account).await.unwrap();
    // Many on the first day; on the others there is nobody, and WeChat charged three.
    let last = world.practice.clock().now() - chrono::TimeDelta::days(1);
    let mut rows: Vec<_> = (0..90).map(|number| row(at, number)).collect();
    rows.push(row(last, 900));
    let bill = compared(&companion, &account, &rows).await;
    assert!(bill.charged <= 9 && bill.recorded >= 90, "{quiet} {bill:#?}");
    assert_eq!(bill.verdict, BillVerdict::TooManyRecords);
    assert_eq!(bill.charged, bill.members + bill.explained + bill.open + bill.missing);
}

#[tokio::test]
async fn what_cannot_be_compared_says_why() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let fresh = paying(&companion).await;
    let file = companion.read_bill_file(&fresh, "a.csv", b"time\n2026-11-20".to_vec()).await.unwrap();
    assert_eq!(code(companion.compare_bill_file(&fresh, file.columns).await), ErrorCode::BillNoDays);
    assert_eq!(code(companion.compare_bill_platform(&fresh).await), ErrorCode::BillNoDays);
    assert_eq!(code(companion.read_bill_file(&fresh, "a.csv", Vec::new()).await), ErrorCode::FileUnreadable);

    let (account, _, _) = with_a_day(&mut world, &companion).await;
    assert_eq!(code(companion.compare_bill_file(&account, file.columns).await), ErrorCode::BillFileGone);
    companion.read_bill_file(&account, "a.csv", "时间\n昨天\n前天".into()).await.unwrap();
    for columns in [BillColumns::default(), BillColumns { time: Some(0), ..BillColumns::default() }] {
        assert_eq!(code(companion.compare_bill_file(&account, columns).await), ErrorCode::BillTimeMissing);
    }
}

/// What the work comes to, and how often something else got its turn meanwhile. On a runtime of one thread, work that is
/// not done elsewhere leaves no turn to anything.
async fn turns_during<T>(work: impl Future<Output = T>) -> (T, u64) {
    tokio::pin!(work);
    let mut turns = 0;
    loop {
        tokio::select! {
            biased;
            result = &mut work => return (result, turns),
            () = tokio::task::yield_now() => turns += 1,
        }
    }
}

#[tokio::test(flavor = "current_thread")]
async fn a_hundred_thousand_rows_do_not_hold_the_window_up() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, _, at) = with_a_day(&mut world, &companion).await;
    let time = clock(at);
    let file = |rows: u64| {
        let rows = (0..rows).map(|one| format!("{time},{}\n", 13_000_000_000_u64 + one));
        format!("时间,手机号\n{}", rows.collect::<Vec<_>>().concat()).into_bytes()
    };
    let compared = async |bytes| {
        let file = companion.read_bill_file(&account, "a.csv", bytes).await.unwrap();
        companion.compare_bill_file(&account, file.columns).await.unwrap()
    };
    let (_, turns_of_a_row) = turns_during(compared(file(1))).await;
    let (bill, turns) = turns_during(compared(file(100_000))).await;
    assert_eq!((bill.records, bill.members, bill.uncharged), (100_000, 6, 99_994));
    assert_eq!((bill.verdict, bill.recorded), (BillVerdict::TooManyRecords, 100_000));
    assert!(turns > 10 * turns_of_a_row, "{turns} turns, and {turns_of_a_row} with a single row");
}

#[tokio::test]
async fn a_ticket_is_a_file_that_people_can_read() {
    let world = World::new().await;
    let companion = world.open().await;
    let saved = companion.export_text("扣减核对说明".to_owned(), "一\n二".to_owned()).await.unwrap();
    assert_eq!(saved.name, "扣减核对说明.txt");
    assert_eq!(std::fs::read_to_string(&saved.path).unwrap(), "\u{feff}一\r\n二\r\n");
    assert_eq!(code(companion.export_text("x".to_owned(), "x".repeat(2 << 20)).await), ErrorCode::Internal);
}
