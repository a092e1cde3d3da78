use super::*;

/// Written out once more, so that changing a word takes a change here as well: files of shops hold these.
const FROZEN: &[(&str, &[&str])] = &[
    ("Environment", &["practice", "live"]),
    ("Language", &["zh", "en"]),
    ("Theme", &["system", "light", "dark"]),
    ("Closing", &["tray", "quit"]),
    (
        "Step",
        &[
            "welcome",
            "eligibility",
            "way",
            "login",
            "console",
            "connect",
            "usage",
            "pack",
            "payment",
            "mode",
            "done",
        ],
    ),
    (
        "Subject",
        &[
            "government",
            "non_profit",
            "public_institution",
            "enterprise",
            "individual_business",
            "media",
            "other_organisation",
            "individual",
        ],
    ),
    (
        "ShopCategory",
        &["government_services", "public_medical", "formal_education", "retail", "catering", "other"],
    ),
    ("AcquisitionMode", &["authorized", "manual"]),
    ("UsageSource", &["app_secret", "authorisation", "member_card", "typed_in"]),
    ("LotSource", &["trial", "paid", "allocated", "other"]),
    ("LotState", &["in_effect", "not_yet", "spent"]),
    ("PurchaseState", &["picked", "waiting", "arrived", "arrived_different", "given_up"]),
    ("ChangedBy", &["person", "guard", "schedule", "elsewhere"]),
    ("ChangeReason", &["chosen", "taken_back", "quota_low", "refilled"]),
    ("ChangeState", &["open", "confirmed", "failed"]),
    ("AllocationState", &["open", "accepted", "done", "cancelling", "cancelled", "failed"]),
    ("ForecastMethod", &["guess", "monthly_at_most", "monthly_average", "few_days", "weekday_level"]),
    ("GuardState", &["off", "dry_run", "on"]),
    ("GuardMeasure", &["calls", "days"]),
    ("GuardPhase", &["armed", "acted", "stood_down"]),
    ("GuardAct", &["to_manual", "back", "allocate"]),
    ("GuardActState", &["open", "done", "failed"]),
    (
        "ErrorCode",
        &[
            "already_running",
            "database_newer",
            "database_damaged",
            "database_missing",
            "stored_word_unknown",
            "disk_read_only",
            "disk_full",
            "disk_failed",
            "address_invalid",
            "practice_port_taken",
            "practice_failed",
            "keyring_absent",
            "keyring_locked",
            "keyring_failed",
            "clipboard_failed",
            "window_failed",
            "unreachable",
            "timeout",
            "http_status",
            "not_json",
            "truncated",
            "too_large",
            "unexpected_shape",
            "tls_failed",
            "wechat_busy",
            "app_id_wrong",
            "app_secret_wrong",
            "app_secret_frozen",
            "ip_not_allowed",
            "confirmation_pending",
            "ip_refused",
            "token_stale",
            "rate_minute",
            "rate_day",
            "not_permitted",
            "account_frozen",
            "bad_request",
            "no_usage_yet",
            "component_token_stale",
            "not_authorised",
            "component_ip_not_allowed",
            "no_relationship",
            "order_wrong",
            "allocation_cancelled",
            "pack_not_allocatable",
            "allocation_refused",
            "call_unknown",
            "unknown_errcode",
            "member_card_key_wrong",
            "member_card_not_connected",
            "member_card_not_offered",
            "mode_not_confirmed",
            "mode_changed_elsewhere",
            "guarded_elsewhere",
            "guard_computer_not_chosen",
            "guard_rule_invalid",
            "not_found",
            "email_invalid",
            "password_weak",
            "name_empty",
            "app_id_invalid",
            "app_secret_invalid",
            "figures_invalid",
            "proxy_invalid",
            "errand_price_invalid",
            "autostart_failed",
            "authorisation_invalid",
            "allocation_invalid",
            "price_invalid",
            "file_unreadable",
            "file_too_large",
            "bill_time_missing",
            "bill_no_days",
            "pack_unknown",
            "order_number_invalid",
            "not_refundable",
            "purchase_open",
            "step_not_ready",
            "login_missing",
            "command_unknown",
            "argument_missing",
            "argument_unknown",
            "argument_invalid",
            "no_answer",
            "internal",
        ],
    ),
];

#[test]
fn no_word_that_stands_in_a_file_has_changed() {
    for (choice, words) in FROZEN {
        let (_, now) = WORDS.iter().find(|(name, _)| name == choice).unwrap();
        // New words may follow; those that stand in files stay.
        assert_eq!(
            now.iter().filter(|word| words.contains(word)).collect::<Vec<_>>(),
            words.iter().collect::<Vec<_>>(),
            "{choice}"
        );
    }
    assert_eq!(WORDS.len(), FROZEN.len(), "a new kind of word is pinned as well");
}

#[test]
fn every_word_names_one_choice_and_an_unknown_word_is_refused() {
    for word in FROZEN.iter().find(|(choice, _)| *choice == "ErrorCode").unwrap().1 {
        assert_eq!(ErrorCode::of_word(word).unwrap().word(), *word);
    }
    assert_eq!(PurchaseState::of_word("arrived_different"), Some(PurchaseState::ArrivedDifferent));
    assert_eq!(PurchaseState::of_word("ArrivedDifferent"), None);
    assert_eq!(Step::of_word(""), None);
}
