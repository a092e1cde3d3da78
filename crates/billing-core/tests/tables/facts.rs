//! Units, capabilities and eligibility: docs/billing-rules.md §1 to docs/billing-rules.md §3.

use billing_core::eligibility::{self, NotEligible};
use billing_core::replay::{self, Statement};
use billing_core::{
    AccountKind, Calls, Category, Days, FreeRule, SubjectType, Tariff, UnitPrice, Verdict, Yuan,
};

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
    assert_eq!("0.3".parse::<UnitPrice>().unwrap().to_string(), "0.30");
    assert_eq!("1".parse::<UnitPrice>().unwrap().to_string(), "1.00");
    let number = serde_json::from_str::<UnitPrice>("0.03").unwrap_err();
    assert!(number.to_string().contains("expected an amount as text, like \"30.00\""), "{number}");
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

/// Each capability on each kind of account (docs/billing-rules.md §2): replayed without terms in the scenario it is free until
/// its own start, and from there on takes the trial first (docs/billing-rules.md §12).
#[test]
fn each_capability_of_each_kind_is_replayed_by_its_own_terms() {
    let rows = [
        ("mini_program", "quick", "2023-08-27", "2023-08-28"),
        ("mini_program", "realtime", "2023-08-27", "2023-08-28"),
        ("mini_game", "quick", "2025-08-03", "2025-08-04"),
        ("mini_game", "realtime", "2023-08-27", "2023-08-28"),
    ];
    for (kind, capability, eve, start) in rows {
        let scenario = format!(
            r#"{{
                "account": {{ "kind": "{kind}", "subject": "enterprise", "category": "retail", "verified": true }},
                "capability": "{capability}",
                "events": [
                    {{ "id": "a", "at": "{eve}T23:59:59+08:00", "type": "use", "calls": 5 }},
                    {{ "id": "b", "at": "{start}T00:00:00+08:00", "type": "use", "calls": 1001 }},
                    {{ "id": "c", "at": "{start}T00:00:00+08:00", "type": "query" }}
                ],
                "report_at": "{start}T00:00:01+08:00"
            }}"#
        );
        let scenario = replay::parse(scenario.as_bytes()).unwrap();
        let statement = serde_json::to_value(Statement::of(&scenario).unwrap()).unwrap();
        let [before, at_the_start, dry] = statement["events"].as_array().unwrap().as_slice() else {
            panic!()
        };
        assert_eq!(before["result"], "free", "{kind} {capability}");
        assert_eq!(
            (&at_the_start["charged"], &at_the_start["blocked"]),
            (&1_000.into(), &1.into()),
            "{kind} {capability}"
        );
        assert_eq!(dry["errno"], 1_400_001, "{kind} {capability}");
    }
}
