//! Every plan of `tests/fixtures/plan`, and the one of the rules in full.

use crate::files::{billing, inputs};
use billing_core::plan::{self, Plan};
use serde_json::Value;

#[test]
fn library_and_binary_agree_with_every_plan() {
    for (name, path) in inputs("plan") {
        let expected = std::fs::read(path.with_file_name(format!("{name}.expected.json"))).unwrap();
        let expected: Value = serde_json::from_slice(&expected).unwrap();
        let input = plan::parse(&std::fs::read(&path).unwrap()).unwrap();
        let plan = plan::solve(&input).unwrap();
        let printed = billing(&["plan", path.to_str().unwrap()], b"");
        assert_eq!(printed.status.code(), Some(0), "{name}");
        let printed: Value = serde_json::from_slice(&printed.stdout).unwrap();
        assert_eq!(printed, serde_json::to_value(&plan).unwrap(), "{name}");
        assert_eq!(printed["status"], expected["status"], "{name}");
        match plan {
            Plan::Optimal(plan) => {
                assert_eq!(plan.cost.to_string(), expected["cost"], "{name}");
                assert_eq!(plan.purchases.len(), expected["purchases_count"], "{name}");
                let lots: u64 = input.lots.iter().map(|lot| lot.calls.get()).sum();
                assert_eq!(lots + plan.bought, plan.served + plan.wasted + plan.left_at_end, "{name}");
                assert_eq!(
                    plan.served,
                    input.daily_demand.iter().copied().map(u64::from).sum::<u64>(),
                    "{name}"
                );
            }
            Plan::Infeasible => assert_eq!(expected["status"], "infeasible", "{name}"),
        }
    }
}

#[test]
fn the_plan_of_the_contract_is_printed_with_its_keys_in_order() {
    let path = &inputs("plan")[0].1;
    let printed = String::from_utf8(billing(&["plan", path.to_str().unwrap()], b"").stdout).unwrap();
    let compact: String = printed.split_whitespace().collect();
    assert_eq!(
        compact,
        r#"{"status":"optimal","cost":"30.00","money":"30.00","purchases":[{"day":2,"pack":"q-365-1000"}],"served":52,"bought":1000,"wasted":18,"left_at_end":960}"#
    );
}

#[test]
fn an_infeasible_plan_says_only_that() {
    let input = br#"{ "daily_demand": [1], "lots": [], "packs": [] }"#;
    let output = billing(&["plan", "-"], input);
    assert_eq!(output.status.code(), Some(0));
    let printed: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(printed, serde_json::json!({ "status": "infeasible" }));
}

#[test]
fn the_bound_is_printed_on_request_behind_the_plan() {
    let path = &inputs("plan")[0].1;
    for arguments in
        [["plan", path.to_str().unwrap(), "--bound"], ["plan", "--bound", path.to_str().unwrap()]]
    {
        let printed: Value = serde_json::from_slice(&billing(&arguments, b"").stdout).unwrap();
        assert_eq!(
            (&printed["cost"], &printed["bound"], &printed["gap"]),
            (&"30.00".into(), &"30.00".into(), &"0.00".into())
        );
    }
    let input = br#"{ "daily_demand": [1], "lots": [], "packs": [] }"#;
    let printed: Value = serde_json::from_slice(&billing(&["plan", "-", "--bound"], input).stdout).unwrap();
    assert_eq!(printed, serde_json::json!({ "status": "infeasible" }));
}

/// The largest inputs that the contract allows are answered, or refused in words: never a hang.
#[test]
fn the_largest_demand_is_answered() {
    let days = vec!["1000000000"; 3_650].join(",");
    let price_list =
        |packs: &str| format!(r#"{{ "daily_demand": [{days}], "lots": [], "packs": [{packs}] }}"#);
    let large = r#"{ "id": "l", "calls": 10000000, "days": 365, "price": "270000.00" }"#;
    let output = billing(&["plan", "-"], price_list(large).as_bytes());
    let printed: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(printed["cost"], "98550000000.00");
    // Every plan of these has too many purchases to be read, and is refused; with a limit there is none.
    let tiny = r#"{ "id": "t", "calls": 1, "days": 1, "price": "0.03" }"#;
    let output = billing(&["plan", "-"], price_list(tiny).as_bytes());
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().starts_with("billing: packs: the packs are too small"));
    let limited = price_list(tiny).replacen('{', r#"{ "max_purchases": 1000000, "#, 1);
    let output = billing(&["plan", "-"], limited.as_bytes());
    let printed: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(printed, serde_json::json!({ "status": "infeasible" }));
}
