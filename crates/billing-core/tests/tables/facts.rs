//! Units, the tariff and eligibility: sections 1, 2, 3 and 7 of the contract.

use billing_core::eligibility::{self, NotEligible};
use billing_core::{
    AccountKind, Calls, Capability, Category, Days, FreeRule, SubjectType, Tariff, UnitPrice, Verdict, Yuan,
};
use chrono::NaiveDate;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn calls_stop_at_ten_to_the_twelfth() {
    assert_eq!(Calls::new(1_000_000_000_000), Ok(Calls::MAX));
    assert!(Calls::new(1_000_000_000_001).is_err());
    assert_eq!(Calls::MAX.checked_add(Calls::ONE), None);
    assert_eq!(Calls::ZERO.checked_sub(Calls::ONE), None);
    assert_eq!(serde_json::to_string(&Calls::MAX).unwrap(), "1000000000000");
    assert!(serde_json::from_str::<Calls>("1000000000001").is_err());
}

#[test]
fn validities_are_1_to_3650_days() {
    assert!(Days::new(0).is_err() && Days::new(3_651).is_err());
    assert_eq!(Days::new(365).unwrap().length().num_seconds(), 31_536_000, "[W] sample answers of WeChat");
}

#[test]
fn amounts_are_read_strictly_and_shown_with_two_decimals() {
    for (text, shown) in [
        ("0", "0.00"),
        ("7.5", "7.50"),
        ("30.00", "30.00"),
        ("007", "7.00"),
        ("999999999999999.99", "999999999999999.99"),
    ] {
        assert_eq!(text.parse::<Yuan>().unwrap().to_string(), shown);
    }
    for text in [
        "",
        "-1",
        "-0",
        "1.234",
        "1.",
        ".1",
        "+1",
        "1e3",
        "1_000",
        "1,0",
        " 1",
        "1 ",
        "NaN",
        "٣",
        "1000000000000000",
    ] {
        assert!(text.parse::<Yuan>().is_err(), "{text:?}");
    }
    assert_eq!("0.0275".parse::<UnitPrice>().unwrap().to_string(), "0.0275");
    assert_eq!("0.0300".parse::<UnitPrice>().unwrap().to_string(), "0.03");
    assert!("0.02755".parse::<UnitPrice>().is_err());
    assert_eq!(Yuan::from_fen(750).to_string(), "7.50");
    assert_eq!("7.50".parse::<Yuan>().unwrap().fen(), Some(750));
}

#[test]
fn a_unit_price_times_calls_is_rounded_half_up_to_the_cent() {
    let price: UnitPrice = "0.0275".parse().unwrap();
    assert_eq!(price.times(Calls::new(250).unwrap()).unwrap().to_string(), "6.88");
    assert_eq!(price.times(Calls::new(1_000_000).unwrap()).unwrap().to_string(), "27500.00");
}

/// The table of section 2, with the source of each entry.
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
    assert!(tariff.capability(AccountKind::MiniGame, Capability::Realtime).is_none());
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

/// [S3] The price list of section 7, and the price of a call.
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
        (r#""id":"q-365-5000""#, r#""id":"q-365-1000""#, "packs[1].id"),
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
        (r#""version""#, r#""edition""#, "edition"),
    ];
    assert_eq!(Tariff::from_json(text.as_bytes()).as_ref(), Ok(Tariff::embedded()));
    for (from, to, path) in rows {
        assert!(text.contains(from), "{from}");
        let refused = Tariff::from_json(text.replacen(from, to, 1).as_bytes()).expect_err(to);
        assert_eq!(refused.path, path, "{from} -> {to}: {refused}");
    }
}

/// [W][S0] Every subject with every category; [S3] lacks the last rule.
#[test]
fn who_pays_nothing() {
    use Category::{Catering, FormalEducation, GovernmentServices, Other, PublicMedical, Retail};
    use SubjectType::{
        Enterprise, Government, Individual, IndividualBusiness, Media, NonProfit, OtherOrganisation,
        PublicInstitution,
    };
    let a = Some(FreeRule::GovernmentOrNonProfit);
    let b = Some(FreeRule::PublicInstitutionGovernmentServices);
    let c = Some(FreeRule::MedicalOrEducation);
    let categories = [GovernmentServices, PublicMedical, FormalEducation, Retail, Catering, Other];
    let rows = [
        (Government, [a, a, a, a, a, a]),
        (NonProfit, [a, a, a, a, a, a]),
        (PublicInstitution, [b, c, c, None, None, None]),
        (Enterprise, [None, c, c, None, None, None]),
        (IndividualBusiness, [None, c, c, None, None, None]),
        (Media, [None, c, c, None, None, None]),
        (OtherOrganisation, [None, c, c, None, None, None]),
    ];
    for kind in [AccountKind::MiniProgram, AccountKind::MiniGame] {
        for (subject, rules) in rows {
            for (category, rule) in categories.into_iter().zip(rules) {
                let verdict = eligibility::decide(kind, subject, category, true);
                let expected = rule
                    .map_or(Verdict::Pays, |rule| Verdict::Free { rule, needs_check: rule.needs_check() });
                assert_eq!(verdict, expected, "{subject:?} {category:?}");
                let verdict = eligibility::decide(kind, subject, category, false);
                assert_eq!(verdict, Verdict::NotEligible { reason: NotEligible::NotVerified });
            }
        }
        for category in categories {
            let verdict = eligibility::decide(kind, Individual, category, true);
            assert_eq!(verdict, Verdict::NotEligible { reason: NotEligible::Individual });
        }
    }
}

#[test]
fn each_free_rule_carries_its_source() {
    assert_eq!(FreeRule::ALL.map(FreeRule::source), ["notice_2023", "notice_2023", "wechat_docs"]);
    for rule in FreeRule::ALL {
        assert!(Tariff::embedded().source(rule.source()).is_some());
    }
    assert_eq!(FreeRule::ALL.map(FreeRule::needs_check), [false, true, true]);
}
