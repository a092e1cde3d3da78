//! The tariff (docs/billing-rules.md §2, docs/billing-rules.md §7): price lists of a shop's own, and which one applied on a day.

use billing_core::tariff::PriceList;
use billing_core::{AccountKind, Capability, Pack, Tariff};
use chrono::NaiveDate;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The table of docs/billing-rules.md §2, with the source of each entry.
#[test]
fn the_tariff_holds_what_the_sources_say() {
    let rows = [
        (
            AccountKind::MiniProgram,
            Capability::Quick,
            "10000077",
            false,
            Some("10000117"),
            "0.03",
            "2023-08-28T00:00:00+08:00",
        ),
        (
            AccountKind::MiniProgram,
            Capability::Realtime,
            "10000086",
            false,
            Some("10000120"),
            "0.04",
            "2023-08-28T00:00:00+08:00",
        ),
        (
            AccountKind::MiniGame,
            Capability::Quick,
            "10000077",
            true,
            None,
            "0.03",
            "2025-08-04T00:00:00+08:00",
        ),
        (
            AccountKind::MiniGame,
            Capability::Realtime,
            "10000086",
            true,
            None,
            "0.04",
            "2023-08-28T00:00:00+08:00",
        ),
    ];
    let tariff = Tariff::embedded();
    for (kind, capability, spu_id, assumed, bulk, price, start) in rows {
        let entry = tariff.capability(kind, capability).unwrap();
        assert_eq!((entry.spu_id.value.as_str(), entry.spu_id.assumed), (spu_id, assumed));
        assert_eq!(entry.bulk_spu_id.as_ref().map(|id| id.value.as_str()), bulk);
        assert_eq!(entry.unit_price.value.to_string(), price);
        assert_eq!(billing_core::time::beijing_text(entry.charging_starts()), start);
        assert_eq!(entry.trial.value.get(), 1_000);
    }
    assert_eq!(tariff.capabilities.len(), rows.len());
}

/// [W] says 28 August, [S3] said 26 August: both are kept, the newer is in force.
#[test]
fn both_start_dates_are_kept() {
    let starts =
        &Tariff::embedded().capability(AccountKind::MiniProgram, Capability::Quick).unwrap().charging_starts;
    assert_eq!(starts.in_force.source, "wechat_docs");
    assert_eq!(starts.superseded.len(), 1);
    assert_eq!(starts.superseded[0].source, "notice_2023");
    assert_eq!(billing_core::time::beijing_day(starts.superseded[0].at), day("2023-08-26"));
    assert!(starts.superseded[0].as_of < starts.in_force.as_of);
}

/// [S3] The price list of docs/billing-rules.md §7, and the price of a call.
#[test]
fn the_price_list_is_the_one_of_the_guide() {
    let rows = [
        ("q-365-1000", "30.00", "30.00", "0.03"),
        ("q-365-5000", "150.00", "150.00", "0.03"),
        ("q-365-10000", "300.00", "300.00", "0.03"),
        ("q-365-50000", "1500.00", "1500.00", "0.03"),
        ("q-365-100000", "3000.00", "3000.00", "0.03"),
        ("q-365-500000", "15000.00", "15000.00", "0.03"),
        ("q-365-1000000", "28000.00", "30000.00", "0.028"),
        ("q-365-5000000", "140000.00", "150000.00", "0.028"),
        ("q-365-10000000", "270000.00", "300000.00", "0.027"),
        ("q-90-250", "7.50", "7.50", "0.03"),
    ];
    let packs = Tariff::embedded().packs(Capability::Quick, day("2024-01-01"));
    let shown: Vec<_> = packs
        .iter()
        .map(|pack| {
            (
                pack.id.as_str(),
                pack.price.to_string(),
                pack.list_price.to_string(),
                pack.price_per_call().unwrap().to_string(),
            )
        })
        .collect();
    let expected: Vec<_> =
        rows.iter().map(|row| (row.0, row.1.to_owned(), row.2.to_owned(), row.3.to_owned())).collect();
    assert_eq!(shown, expected);
    for pack in packs {
        assert_eq!(pack.id, format!("q-{}-{}", pack.days, pack.calls));
        assert_eq!((pack.assumed, pack.source.as_str()), (false, "guide_2023"));
    }
}

/// No source lists packs of realtime verification: ours are marked, and follow the standard price [W].
#[test]
fn realtime_packs_are_marked_as_assumed() {
    let tariff = Tariff::embedded();
    let unit = tariff.capability(AccountKind::MiniProgram, Capability::Realtime).unwrap().unit_price.value;
    let packs = tariff.packs(Capability::Realtime, day("2024-01-01"));
    assert!(!packs.is_empty());
    for pack in packs {
        assert!(pack.assumed && pack.source == "assumption", "{}", pack.id);
        assert_eq!(Some(pack.price), unit.times(pack.calls), "{}", pack.id);
    }
}

#[test]
fn no_pack_is_listed_before_the_notice() {
    let tariff = Tariff::embedded();
    assert!(tariff.packs(Capability::Quick, day("2023-06-25")).is_empty());
    assert_eq!(tariff.packs(Capability::Quick, day("2023-06-26")).len(), 10);
}

#[test]
fn alert_thresholds_are_those_of_wechat() {
    let alerts = &Tariff::embedded().alerts;
    assert_eq!(alerts.percent_left.value, [20, 10, 5, 0]);
    assert_eq!(alerts.days_before_end.value, [15, 7, 3, 1]);
}

/// What a loader must refuse, and the entry that it must name.
#[test]
fn a_bad_tariff_names_its_entry() {
    let text = serde_json::to_string(Tariff::embedded()).unwrap();
    let rows = [
        (r#""source":"guide_2023","as_of""#, r#""source":"hearsay","as_of""#, "packs[0].source"),
        (r#""calls":1000,"#, r#""calls":0,"#, "packs[0].calls"),
        (r#""price":"30.00""#, r#""price":"30.01""#, "packs[0].price"),
        (r#""id":"q-365-5000""#, r#""id":"q-365-1000""#, "packs[1].listed_from"),
        (r#""id":"q-365-5000""#, r#""id":"""#, "packs[1].id"),
        (r#""listed_until":null"#, r#""listed_until":"2023-06-26""#, "packs[0].listed_until"),
        (r#""days":365"#, r#""days":366000"#, "packs[0].days"),
        (r#""value":"0.03""#, r#""value":"0.03001""#, "capabilities[0].unit_price.value"),
        (r#""value":"0.03""#, r#""value":0.03"#, "capabilities[0].unit_price.value"),
        (
            r#""superseded":[{"at":"2023-08-26T00:00:00+08:00","source":"notice_2023","as_of":"2023-06-26""#,
            r#""superseded":[{"at":"2023-08-26T00:00:00+08:00","source":"notice_2023","as_of":"2033-06-26""#,
            "capabilities[0].charging_starts.superseded",
        ),
        (r#""capability":"realtime""#, r#""capability":"quick""#, "capabilities[1]"),
        (r#""rule":"medical_or_education""#, r#""rule":"government_or_non_profit""#, "free_rules"),
        ("[20,10,5,0]", "[20,10,10,0]", "alerts.percent_left.value"),
        ("[20,10,5,0]", "[101,10,5,0]", "alerts.percent_left.value"),
        ("[15,7,3,1]", "[1,3,7,15]", "alerts.days_before_end.value"),
        (r#""key":"notice_2023""#, r#""key":"wechat_docs""#, "sources[1].key"),
        (r#""source":"holidays_2023""#, r#""source":"holidays_1923""#, "holidays[0].source"),
        (r#""year":2024"#, r#""year":2023"#, "holidays[1].year"),
        (r#""year":2023"#, r#""year":"2023""#, "holidays[0].year"),
        (r#""to":"2023-01-02""#, r#""to":"2022-12-30""#, "holidays[0].off"),
        (r#""to":"2023-01-02""#, r#""to":"2022-12-31""#, "holidays[0].off"),
        ("2023-01-28", "2023-01-30", "holidays[0].working"),
        ("2023-01-28", "2024-01-27", "holidays[0].working"),
        ("2023-01-28", "2023-01-21", "holidays[0].working"),
        (r#""version""#, r#""edition""#, "edition"),
    ];
    assert_eq!(Tariff::from_json(text.as_bytes()).as_ref(), Ok(Tariff::embedded()));
    for (from, to, path) in rows {
        assert!(text.contains(from), "{from}");
        let refused = Tariff::from_json(text.replacen(from, to, 1).as_bytes()).expect_err(to);
        assert_eq!(refused.path, path, "{from} -> {to}: {refused}");
    }
}

/// Months and years that people work or do not: the State Council's notices, one row per kind of day.
#[test]
fn working_days_follow_the_notices() {
    let rows = [
        ("2022-12-30", None),
        ("2022-12-31", Some(false)), // announced with the holidays of 2023
        ("2023-01-02", Some(false)),
        ("2023-01-28", Some(true)), // a Saturday that is worked
        ("2023-10-06", Some(false)),
        ("2024-02-09", Some(true)), // New Year's Eve 2024 was only recommended as a day off
        ("2024-02-17", Some(false)),
        ("2024-05-11", Some(true)),
        ("2025-01-28", Some(false)), // New Year's Eve is a holiday since 2025
        ("2025-10-08", Some(false)),
        ("2026-02-14", Some(true)),
        ("2026-02-23", Some(false)),
        ("2026-06-19", Some(false)),
        ("2026-12-31", Some(true)),
        ("2027-01-01", None),
        ("2027-01-02", None),
    ];
    for (text, working) in rows {
        assert_eq!(Tariff::embedded().holidays.is_working(day(text)), working, "{text}");
        assert_eq!(Tariff::embedded().on(day(text)).working, working, "{text}");
    }
}

/// Days off and make-up days of each notice: as many as it says.
#[test]
fn each_year_has_the_days_of_its_notice() {
    let days = Tariff::embedded().holidays.years().iter().map(|year| {
        let off: i64 = year.off.iter().map(|off| (off.to - off.from).num_days() + 1).sum();
        (year.year, year.as_of.to_string(), off, year.working.len())
    });
    let expected = [
        (2023, "2022-12-08".to_owned(), 3 + 7 + 1 + 5 + 3 + 8, 7),
        (2024, "2023-10-25".to_owned(), 1 + 8 + 3 + 5 + 1 + 3 + 7, 8),
        (2025, "2024-11-12".to_owned(), 1 + 8 + 3 + 5 + 3 + 8, 5),
        (2026, "2025-11-04".to_owned(), 3 + 9 + 3 + 5 + 3 + 3 + 7, 6),
    ];
    assert_eq!(days.collect::<Vec<_>>(), expected);
}

/// What a day's answer says about charging: the start in docs/billing-rules.md §2.
#[test]
fn charging_is_in_force_from_its_start_on() {
    let rows = [
        ("2023-08-27", [false, false, false, false]),
        ("2023-08-28", [true, true, false, true]),
        ("2025-08-03", [true, true, false, true]),
        ("2025-08-04", [true, true, true, true]),
    ];
    for (text, charged) in rows {
        let in_force = Tariff::embedded().on(day(text)).capabilities;
        assert_eq!(in_force.iter().map(|entry| entry.charged).collect::<Vec<_>>(), charged, "{text}");
    }
}

/// `id price from` of the quick packs of 1,000 and 2,000 calls on a day.
fn listed(tariff: &Tariff, on: &str) -> Vec<String> {
    let packs = tariff.packs(Capability::Quick, day(on)).into_iter();
    let packs = packs.filter(|pack| [1_000, 2_000].contains(&pack.calls.get()));
    packs.map(|pack| format!("{} {} {}", pack.id, pack.price, pack.source)).collect()
}

const OWN: &str = "\
capability,calls,days,price,list_price,listed_from,listed_until,source,as_of,assumed
quick,1000,365,33.00,,2025-01-01,2025-07-01,付费管理页面,2025-01-03,
quick,1000,365,36.00,40.00,2025-07-01,,付费管理页面,2025-07-01,false
quick,2000,180,60.00,,,,guide_2023,2025-03-01,true
";

/// From its first day on a list of the shop's own takes the place of ours, id by id; before that day ours stands.
#[test]
fn the_price_list_of_a_day_is_the_one_that_was_in_force() {
    let list = PriceList::from_csv(OWN.as_bytes()).unwrap();
    let tariff = Tariff::embedded().with_price_list(&list).unwrap();
    let rows: [(&str, &[&str]); 6] = [
        ("2023-06-25", &[]),
        ("2024-12-31", &["q-365-1000 30.00 guide_2023"]),
        ("2025-01-01", &["q-365-1000 33.00 付费管理页面"]),
        ("2025-03-01", &["q-365-1000 33.00 付费管理页面", "q-180-2000 60.00 guide_2023"]),
        ("2025-06-30", &["q-365-1000 33.00 付费管理页面", "q-180-2000 60.00 guide_2023"]),
        ("2025-07-01", &["q-365-1000 36.00 付费管理页面", "q-180-2000 60.00 guide_2023"]),
    ];
    for (on, expected) in rows {
        assert_eq!(listed(&tariff, on), expected, "{on}");
    }
    let own = |id: &str| tariff.packs.iter().find(|pack| pack.id == id).unwrap();
    assert!(own("q-180-2000").assumed, "rows that are assumed stay marked");
    assert_eq!(tariff.source("付费管理页面").unwrap().title_zh, "付费管理页面", "the shop's own words");
    assert_eq!(Tariff::embedded().packs.len() + 3, tariff.packs.len(), "nothing of ours is lost");
    let text = serde_json::to_vec(&tariff).unwrap();
    assert_eq!(Tariff::from_json(&text).as_ref(), Ok(&tariff), "what was put together is a sound tariff");
}

/// A row with an end takes a pack off the list; one from the very first day leaves nothing of ours.
#[test]
fn a_pack_can_be_taken_off_the_list() {
    let text = br#"{ "packs": [ { "capability": "quick", "calls": 1000, "days": 365, "price": "30.00",
        "listed_from": "2023-06-26", "listed_until": "2025-01-01", "source": "shop", "as_of": "2025-01-01" } ] }"#;
    let tariff = Tariff::embedded().with_price_list(&PriceList::from_json(text).unwrap()).unwrap();
    assert_eq!(listed(&tariff, "2024-12-31"), ["q-365-1000 30.00 shop"]);
    assert!(listed(&tariff, "2025-01-01").is_empty());
}

#[test]
fn rows_that_the_shop_edited_are_checked_as_well() {
    let mut packs: Vec<Pack> = Tariff::embedded().packs.clone();
    assert_eq!(PriceList::new(packs.clone()).unwrap().packs(), packs);
    packs[2].list_price = "1.00".parse().unwrap();
    assert_eq!(PriceList::new(packs.clone()).unwrap_err().path, "packs[2].price");
    packs.truncate(1);
    assert_eq!(PriceList::new([packs.clone(), packs].concat()).unwrap_err().path, "packs[1].listed_from");
}

/// Refusals of a table: what is changed, and the line that must be named.
#[test]
fn a_bad_table_names_its_line() {
    let rows = [
        ("capability,calls", "calls,capability", "line 2.calls"),
        ("days,price,", "days,cost,", "line 2.cost"),
        ("price,list_price", "price,price", "line 1"),
        ("quick,1000,365,33.00", "slow,1000,365,33.00", "line 2.capability"),
        ("quick,1000,365,33.00", "quick,-1,365,33.00", "line 2.calls"),
        ("quick,1000,365,33.00", "quick,1000000000001,365,33.00", "line 2.calls"),
        ("quick,1000,365,33.00", "quick,0,365,33.00", "line 2.calls"),
        ("quick,1000,365,33.00", "quick,1000,3651,33.00", "line 2.days"),
        ("quick,1000,365,33.00", "quick,1000,365,-33.00", "line 2.price"),
        ("quick,1000,365,33.00", "quick,1000,365,NaN", "line 2.price"),
        ("quick,1000,365,33.00", "quick,1000,365,33.001", "line 2.price"),
        ("quick,1000,365,33.00", "quick,1000,365,", "line 2.price"),
        ("365,33.00,,", "365,33.00,32.99,", "line 2.price"),
        ("2025-01-01,2025-07-01", "2025-02-30,2025-07-01", "line 2.listed_from"),
        ("2025-01-01,2025-07-01", "2025-07-01,2025-07-01", "line 2.listed_until"),
        ("2025-01-01,2025-07-01", "2025-01-01,2025-07-02", "line 3.listed_from"),
        ("付费管理页面,2025-01-03", ",2025-01-03", "line 2.source"),
        ("付费管理页面,2025-01-03", "付费管理页面,", "line 2.as_of"),
        ("2025-07-01,false", "2025-07-01,no", "line 3.assumed"),
        ("2025-03-01,true", "2025-03-01,true,1", "line 4"),
    ];
    for (from, to, path) in rows {
        assert!(OWN.contains(from), "{from}");
        let refused = PriceList::from_csv(OWN.replacen(from, to, 1).as_bytes()).expect_err(to);
        assert_eq!(refused.path, path, "{from} -> {to}: {refused}");
    }
    let refused = PriceList::from_csv(b"capability\n\xb8\xb6\n").unwrap_err();
    assert_eq!(refused.to_string(), "line 2: the table is not UTF-8 text");
    assert!(PriceList::from_csv(b"").unwrap().packs().is_empty());
    assert_eq!(
        PriceList::from_csv(OWN.replace('\n', "\r\n").as_bytes()),
        PriceList::from_csv(OWN.as_bytes())
    );
    let with_mark = [b"\xef\xbb\xbf", OWN.as_bytes()].concat();
    assert_eq!(
        PriceList::from_csv(&with_mark),
        PriceList::from_csv(OWN.as_bytes()),
        "as spreadsheets write it"
    );
}

#[test]
fn more_packs_than_a_plan_can_take_are_refused() {
    let pack = Tariff::embedded().packs[0].clone();
    let packs = (0..65).map(|n| Pack { id: format!("p{n}"), ..pack.clone() });
    let refused = PriceList::new(packs.clone().collect()).unwrap_err();
    assert!(refused.message.contains("more than 64 packs"), "{refused}");
    assert!(PriceList::new(packs.clone().take(64).collect()).is_ok());
    let over_ours = PriceList::new(packs.take(60).collect()).unwrap();
    assert!(Tariff::embedded().with_price_list(&over_ours).is_err(), "together with ours they are too many");
}
