//! What the settings page does: accounts put aside and away, and the shop's own price list.

use companion::api::{
    AccountKind, Advice, Environment, ErrorCode, PriceRowDraft, PricedCapability, ProxyChoice,
};
use companion::secrets::SecretError;
use companion::secrets::{Failure, Secret};
use testkit::world::{EMAIL, PASSWORD, World, paying};
use testkit::{code, until};

async fn ids(companion: &companion::Companion) -> Vec<String> {
    let view = companion.get_settings().await.unwrap();
    view.accounts.into_iter().map(|account| account.id).collect()
}

#[tokio::test]
async fn an_archived_account_is_left_alone_and_loses_nothing() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, _) = world.connected(&companion).await;
    let view = companion.archive_account(&account, true).await.unwrap();
    assert!(view.accounts[0].archived_at.is_some());
    assert!(companion.get_app().await.unwrap().accounts.is_empty(), "in no list");
    assert_eq!(companion.sync_all().await.unwrap().total, 0, "in no sync");
    assert_eq!(companion.get_usage(&account).await.unwrap().unwrap().remaining.value, 806);
    let view = companion.archive_account(&account, false).await.unwrap();
    assert_eq!(view.accounts[0].archived_at, None);
    assert_eq!(companion.sync_all().await.unwrap().total, 1);
}

#[tokio::test]
async fn a_name_is_the_shops_own_word_at_any_time() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, _) = world.connected(&companion).await;
    let view = companion.set_account_name(&account, " 晋味总店 ").await.unwrap();
    assert_eq!(view.accounts[0].name, "晋味总店");
    assert_eq!(code(companion.set_account_name(&account, " ").await), ErrorCode::NameEmpty);
    assert_eq!(code(companion.set_account_name("nobody", "x").await), ErrorCode::NotFound);
}

#[tokio::test]
async fn what_was_removed_can_come_back_whole() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, _) = world.connected(&companion).await;
    let secrets = world.secrets.names();
    assert!(companion.remove_account(&account).await.unwrap().accounts.is_empty());
    assert_eq!(code(companion.get_overview(&account).await), ErrorCode::NotFound);
    assert_eq!(code(companion.remove_account(&account).await), ErrorCode::NotFound, "once");
    companion.restore_account(&account).await.unwrap();
    assert_eq!(companion.get_usage(&account).await.unwrap().unwrap().remaining.value, 806);
    assert_eq!(world.secrets.names(), secrets);
    // Nobody destroys what is not on its way out.
    companion.finish_removal(&account).await.unwrap();
    assert_eq!(ids(&companion).await, [account]);
}

#[tokio::test]
async fn a_removed_account_leaves_nothing_behind() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, _) = world.connected(&companion).await;
    let other = paying(&companion).await;
    companion.save_login(&other, Secret::from(EMAIL), Secret::from(PASSWORD)).await.unwrap();
    companion.save_login(&account, Secret::from(EMAIL), Secret::from(PASSWORD)).await.unwrap();
    let profile = world.setup().paths.profile(&account);
    std::fs::create_dir_all(profile.join("cookies")).unwrap();
    companion.remove_account(&account).await.unwrap();
    assert!(profile.exists(), "nothing is destroyed yet");
    companion.finish_removal(&account).await.unwrap();
    assert!(!profile.exists());
    assert_eq!(world.secrets.names().len(), 1, "the other account's");
    assert_eq!(ids(&companion).await, [other]);
    assert_eq!(code(companion.restore_account(&account).await), ErrorCode::NotFound, "too late");
    companion.close().await;
    for file in [world.setup().paths.ledger(), world.setup().paths.cache()] {
        let db = rusqlite::Connection::open(file).unwrap();
        let tables =
            "SELECT t.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c WHERE c.name = 'account'";
        let tables: Vec<String> = db
            .prepare(tables)
            .unwrap()
            .query_map((), |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        assert!(tables.len() >= 3, "{tables:?}");
        for table in tables {
            let left: u32 = db
                .query_row(
                    &format!("SELECT count(*) FROM \"{table}\" WHERE account = ?1"),
                    [&account],
                    |row| row.get(0),
                )
                .unwrap();
            assert_eq!(left, 0, "{table}");
        }
    }
}

#[tokio::test]
async fn a_removal_that_was_interrupted_ends_at_the_next_start() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, _) = world.connected(&companion).await;
    companion.remove_account(&account).await.unwrap();
    world.secrets.fail(Some(Failure::Always(SecretError::Locked)));
    assert_eq!(code(companion.finish_removal(&account).await), ErrorCode::KeyringLocked);
    companion.close().await;
    // Still locked: the account stays out of sight, and nothing is given up.
    let companion = world.open().await;
    assert!(ids(&companion).await.is_empty());
    companion.close().await;
    world.secrets.fail(None);
    let companion = world.open().await;
    until("the secrets are gone", || async { world.secrets.names().is_empty() }).await;
    assert!(ids(&companion).await.is_empty());
}

#[tokio::test]
async fn the_proxy_is_shown_with_the_settings() {
    let world = World::new().await;
    let companion = world.open().await;
    assert_eq!(companion.get_settings().await.unwrap().proxy, ProxyChoice::System);
    companion.set_proxy(ProxyChoice::Direct).await.unwrap();
    assert_eq!(companion.get_settings().await.unwrap().proxy, ProxyChoice::Direct);
    assert!(companion.get_settings().await.unwrap().home.ends_with("app"));
}

fn dear(price: &str) -> PriceRowDraft {
    PriceRowDraft {
        capability: PricedCapability::Quick,
        calls: 1000,
        days: 365,
        price: price.to_owned(),
        list_price: None,
        from: "2026-01-01".to_owned(),
        until: None,
        source: "付费管理页面".to_owned(),
    }
}

#[tokio::test]
async fn every_price_shown_is_the_shops_own_once_it_has_one() {
    let world = World::new().await;
    let companion = world.open().await;
    let account = companion
        .start_account(Environment::Practice, AccountKind::MiniProgram, "晋味小馆会员中心")
        .await
        .unwrap()
        .account;
    let figures = companion::api::TypedFigures { used: 1000, remaining: 0, total: 1000 };
    companion
        .decide_eligibility(
            &account,
            companion::api::Subject::Enterprise,
            companion::api::ShopCategory::Catering,
            true,
        )
        .await
        .unwrap();
    companion.connect_typed_in(&account, figures).await.unwrap();
    let price = |packs: companion::api::PacksView| {
        packs.packs.into_iter().find(|pack| pack.id == "q-365-1000").unwrap()
    };
    let before = price(companion.get_packs(&account, Some(80)).await.unwrap());
    assert_eq!(before.price, "30.00");
    let built_in = companion.get_price_list(None).await.unwrap();
    assert_eq!((built_in.version, built_in.own_rows, built_in.fits), (0, 0, true));
    assert_eq!(built_in.capabilities[0].charging_starts.len(), 2, "both dates where sources disagree");

    companion.set_price_row(dear("￥２００．００元")).await.unwrap();
    let packs = companion.get_packs(&account, Some(80)).await.unwrap();
    assert!(matches!(&packs.advice, Advice::Buy { pack, .. } if pack != "q-365-1000"), "{:?}", packs.advice);
    let now = price(packs);
    assert_eq!((now.price.to_string().as_str(), now.source.as_str()), ("200.00", "付费管理页面"));
    // Before its first day the old row stands.
    let list = companion.get_price_list(Some("2025-12-31".into())).await.unwrap();
    let row = list.rows.iter().find(|row| row.id == "q-365-1000" && row.in_force).unwrap();
    assert_eq!((row.price.to_string().as_str(), row.own), ("30.00", false));

    // It survives a restart, and every change can be taken back.
    companion.close().await;
    let companion = world.open().await;
    assert_eq!(price(companion.get_packs(&account, Some(80)).await.unwrap()).price, "200.00");
    let version = companion.get_price_list(None).await.unwrap().version;
    companion.restore_price_list(0).await.unwrap();
    assert_eq!(price(companion.get_packs(&account, Some(80)).await.unwrap()).price, "30.00");
    companion.restore_price_list(version).await.unwrap();
    assert_eq!(price(companion.get_packs(&account, Some(80)).await.unwrap()).price, "200.00");
    companion.remove_price_row("q-365-1000", "2026-01-01".into()).await.unwrap();
    assert_eq!(price(companion.get_packs(&account, Some(80)).await.unwrap()).price, "30.00");
    assert_eq!(code(companion.restore_price_list(99).await), ErrorCode::NotFound);
}

#[tokio::test]
async fn a_later_row_ends_the_one_before_it() {
    let world = World::new().await;
    let companion = world.open().await;
    companion.set_price_row(dear("33")).await.unwrap();
    let later = PriceRowDraft { from: "2026-06-01".to_owned(), ..dear("36") };
    companion.set_price_row(later.clone()).await.unwrap();
    companion.set_price_row(PriceRowDraft { price: "37".to_owned(), ..later }).await.unwrap();
    let in_force = async |day: &str| {
        let list = companion.get_price_list(Some(day.into())).await.unwrap();
        list.rows.into_iter().find(|row| row.id == "q-365-1000" && row.in_force).unwrap().price
    };
    assert_eq!(in_force("2026-05-31").await, "33.00");
    assert_eq!(in_force("2026-06-01").await, "37.00");
    companion.remove_price_row("q-365-1000", "2026-06-01".into()).await.unwrap();
    assert_eq!(in_force("2026-06-01").await, "33.00");
}

#[tokio::test]
async fn a_bad_row_names_its_field_and_changes_nothing() {
    let world = World::new().await;
    let companion = world.open().await;
    let wrong = [
        ("price", PriceRowDraft { price: "3o".to_owned(), ..dear("1") }),
        ("price", PriceRowDraft { price: "1.001".to_owned(), ..dear("1") }),
        ("calls", PriceRowDraft { calls: 0, ..dear("1") }),
        ("days", PriceRowDraft { days: 4000, ..dear("1") }),
        ("from", PriceRowDraft { from: "2026-02-30".to_owned(), ..dear("1") }),
        ("until", PriceRowDraft { until: Some("2026-01-01".to_owned()), ..dear("1") }),
        ("list_price", PriceRowDraft { list_price: Some("0.5".to_owned()), ..dear("1") }),
        ("source", PriceRowDraft { source: " ".to_owned(), ..dear("1") }),
    ];
    for (field, draft) in wrong {
        let refused = companion.report(&companion.set_price_row(draft).await.unwrap_err());
        assert_eq!((refused.code, refused.params["field"].as_str()), (ErrorCode::PriceInvalid, field));
    }
    assert_eq!(companion.get_price_list(None).await.unwrap().version, 0);
}

#[tokio::test]
async fn price_lists_come_as_people_keep_them() {
    let world = World::new().await;
    let companion = world.open().await;
    let chinese = "付费能力,次数,有效天数,价格,来源,日期\n快速验证,1000,365,33,付费管理页面,2026-01-03\n";
    let (gbk, _, _) = encoding_rs::GBK.encode(chinese);
    let toml = "[[packs]]\ncapability = \"quick\"\ncalls = 1000\ndays = 365\nprice = 33\nsource = \"x\"\nas_of = 2026-01-03\n";
    for (name, bytes) in [
        ("utf8.csv", chinese.as_bytes().to_vec()),
        ("gbk.csv", gbk.into_owned()),
        ("价目.TOML", toml.as_bytes().to_vec()),
    ] {
        let list = companion.import_price_list(name, bytes).await.unwrap();
        let own: Vec<_> = list.rows.iter().filter(|row| row.own).collect();
        assert_eq!(own.len(), 1, "{name}");
        assert_eq!(
            (own[0].price.to_string(), own[0].from.to_string()),
            ("33.00".to_owned(), "2026-01-03".to_owned()),
            "{name}"
        );
    }
    // As the page writes them, in both languages, and as people and spreadsheets write days and numbers.
    for table in [
        "付费能力,次数,有效天数,价格（元）,原价（元）,从哪天起,来源,核对日期\n手机号快速验证,1000,365,￥２５．５０,30.00,2026-01-03,付费管理页面,2026/1/3\n",
        "Capability,Calls,Days valid,Price (yuan),List price (yuan),From which day,Source,As of\nQuick verification,\"1,000 次\",365 天,25.5,,2026年1月3日,console,2026-01-03\n",
    ] {
        let list = companion.import_price_list("page.csv", table.as_bytes().to_vec()).await.unwrap();
        let own: Vec<_> = list.rows.iter().filter(|row| row.own).collect();
        assert_eq!(own.len(), 1, "{table}");
        assert_eq!(
            (own[0].calls, own[0].price.to_string(), own[0].from.to_string()),
            (1000, "25.50".to_owned(), "2026-01-03".to_owned()),
            "{table}"
        );
    }
    let version = companion.get_price_list(None).await.unwrap().version;
    let refusals: [(&str, &[u8], ErrorCode); 5] = [
        ("empty.csv", b"", ErrorCode::FileUnreadable),
        ("zip.xlsx", b"PK\x03\x04 and nothing of it", ErrorCode::FileUnreadable),
        ("list.toml", b"packs = [", ErrorCode::FileUnreadable),
        (
            "row.csv",
            b"capability,calls,days,price,source,as_of\nquick,0,365,1,x,2026-01-01\n",
            ErrorCode::PriceInvalid,
        ),
        ("picture.csv", &[0x89, b'P', b'N', b'G', 0, 1, 2, 3], ErrorCode::FileUnreadable),
    ];
    for (name, bytes, expected) in refusals {
        assert_eq!(code(companion.import_price_list(name, bytes.to_vec()).await), expected, "{name}");
    }
    assert_eq!(companion.get_price_list(None).await.unwrap().version, version, "bad files change nothing");
}
