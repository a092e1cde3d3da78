//! No two pages show different values for one notion: every figure of every page, gathered by what it says, over
//! generated months of a shop.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::time::Duration;

use companion::Companion;
use companion::api::{
    AcquisitionMode, Advice, OverviewView, PacksView, PlanAdvice, PlanRank, PlansView, Situation, WhatIf,
};
use companion::secrets::Secret;
use testkit::world::{World, arrival};

const DAY: Duration = Duration::from_hours(24);

/// What is said of each notion, and where.
#[derive(Default)]
struct Said(BTreeMap<String, Vec<(String, &'static str)>>);

impl Said {
    fn says(&mut self, page: &'static str, notion: &str, value: impl Debug) {
        self.0.entry(notion.to_owned()).or_default().push((format!("{value:?}"), page));
    }

    /// What is said in two ways.
    fn contradictions(&self) -> Vec<(&String, &Vec<(String, &'static str)>)> {
        let differ = |said: &[(String, &str)]| {
            said.iter().any(|(value, _)| Some(value) != said.first().map(|one| &one.0))
        };
        self.0.iter().filter(|(_, said)| differ(said)).collect()
    }
}

async fn gather(companion: &Companion, account: &str) -> (Situation, Said) {
    let mut said = Said::default();
    let overview = companion.get_overview(account).await.unwrap();
    let usage = companion.get_usage(account).await.unwrap().unwrap();
    let packs = companion.get_packs(account, None).await.unwrap();
    let plans = companion.compare_plans(account, WhatIf::default()).await.unwrap();
    let card = companion.get_member_card(account).await.unwrap();
    let rows = companion.get_accounts().await.unwrap().accounts;
    let row = rows.iter().find(|row| row.id == account).unwrap();
    let shown = overview.usage.as_ref().unwrap();

    let remaining = shown.remaining.value;
    said.says("overview", "what is left", remaining);
    said.says("accounts", "what is left", row.remaining.unwrap());
    said.says("usage", "what is left", usage.remaining.value);
    said.says("packs", "what is left", packs.remaining);
    said.says("plans", "what is left", plans.remaining.value);
    said.says("wizard", "what is left", companion.get_summary(account).await.unwrap().remaining.unwrap());
    said.says("overview", "nothing is left", remaining == 0);
    said.says("member card", "nothing is left", card.seen.quota_dry.unwrap());

    said.says("overview", "situation", overview.situation);
    said.says("accounts", "situation", row.situation);
    said.says("overview", "mode", overview.mode.as_ref().map(|mode| mode.value));
    said.says("accounts", "mode", row.mode);

    let run_out = shown.run_out.as_ref().map(|found| found.value.clone());
    said.says("overview", "run-out", &run_out);
    said.says("usage", "run-out", usage.run_out.map(|found| found.value));
    said.says("plans", "run-out", Some(&plans.run_out));
    let dates = run_out.as_ref().map(|days| (days.earliest, days.likely, days.latest, days.by_expiry));
    said.says("overview", "dates of running out", dates.unwrap());
    said.says("accounts", "dates of running out", (row.earliest, row.likely, row.latest, row.by_expiry));
    said.says("overview", "what brings the end", run_out.is_some_and(|days| days.by_expiry));
    said.says("packs", "what brings the end", packs.ends_by_expiry);

    said.says("overview", "next expiry", &overview.next_expiry);
    said.says("accounts", "next expiry", &row.next_expiry);
    said.says("overview", "lots", &shown.lots);
    said.says("usage", "lots", &usage.lots);
    said.says("overview", "what expired", shown.expired);
    said.says("usage", "what expired", usage.expired);
    let lost: u64 = usage.lots.iter().filter_map(|lot| lot.wasted).sum();
    said.says("usage", "what will be lost", lost);
    said.says("plans", "what will be lost", plans.plans[0].wasted);

    said.says("usage", "volume", usage.monthly.unwrap().calls);
    said.says("packs", "volume", packs.monthly_calls);
    said.says("plans", "volume", plans.monthly_calls);
    said.says("member card", "volume", card.costs.unwrap().ways.monthly_calls);

    advised(&mut said, &overview, &packs, &plans);
    (overview.situation.kind, said)
}

/// What is advised, and what each way would come to in a year.
fn advised(said: &mut Said, overview: &OverviewView, packs: &PacksView, plans: &PlansView) {
    match &packs.advice {
        Advice::BuyNothing { look_again, lasts_until } => {
            said.says("packs", "advice", format!("nothing until {look_again}, lasts until {lasts_until:?}"));
        }
        Advice::Buy { pack, .. } => said.says("packs", "advice", format!("buy {pack}")),
        Advice::TooOld => said.says("packs", "advice", "too old"),
    }
    match &plans.advice {
        PlanAdvice::BuyNothing { look_again, lasts_until, .. } => {
            said.says("plans", "advice", format!("nothing until {look_again}, lasts until {lasts_until:?}"));
        }
        PlanAdvice::Buy { pack, .. } => said.says("plans", "advice", format!("buy {pack}")),
        PlanAdvice::TooOld => said.says("plans", "advice", "too old"),
        PlanAdvice::Cannot => said.says("plans", "advice", "cannot"),
    }
    if let Some(advice) = &overview.advice {
        said.says("overview", "advice in full", advice);
        said.says("packs", "advice in full", &packs.advice);
    }
    let best = plans.plans.iter().find(|plan| plan.rank == PlanRank::Best);
    if let (Advice::Buy { year_cost, year_wasted, year_purchases, packs: bought, .. }, Some(best)) =
        (&packs.advice, best)
    {
        said.says("packs", "the advised year", (year_cost, year_wasted, year_purchases, bought));
        said.says("plans", "the advised year", (&best.cost, &best.wasted, &best.purchases, &best.packs));
    }
    for plan in plans.plans.iter().skip(1) {
        let pack = packs.packs.iter().find(|pack| Some(&pack.id) == plan.first.as_ref()).unwrap();
        let notion = format!("the year with {}", pack.id);
        let year = pack.year.as_ref().unwrap();
        said.says("packs", &notion, (&year.cost, year.wasted, year.left, year.purchases, &year.packs));
        said.says("plans", &notion, (&plan.cost, plan.wasted, plan.left, plan.purchases, &plan.packs));
    }
}

/// What happens next to a shop, by a number.
async fn happens(world: &mut World, companion: &Companion, (account, app_id): (&str, &str), number: u64) {
    let size = u32::try_from(number / 10 % 100).unwrap();
    match number % 10 {
        0..=3 => world.customers(app_id, size).await,
        4 => world.customers(app_id, size * 8).await,
        5 | 6 => drop(world.practice.advance(DAY * (1 + size % 5)).await.unwrap()),
        7 => drop(world.practice.advance(DAY * (20 + size)).await.unwrap()),
        8 => {
            // A session in the console does not last that long.
            world.sign_in().await;
            let pack = if size % 2 == 0 { "q-365-1000" } else { "q-90-250" };
            companion.pick_pack(account, pack).await.unwrap();
            companion.begin_purchase(account).await.unwrap();
            world.buy(pack).await;
            arrival(companion, account).await;
        }
        _ => {
            let mode = if size % 2 == 0 { AcquisitionMode::Manual } else { AcquisitionMode::Authorized };
            companion.set_mode(account, mode).await.unwrap();
        }
    }
    if !number.is_multiple_of(7) {
        companion.sync_usage(account).await.unwrap();
    }
}

#[tokio::test]
async fn no_two_pages_show_different_values_for_one_notion() {
    let mut reached = Vec::new();
    for seed in 1..=3_u64 {
        let mut world = World::from("2026-12-01T10:00:00+08:00").await;
        let companion = world.open().await;
        let (account, app_id) = world.connected(&companion).await;
        let key = world.access_key(&app_id).await;
        companion.connect_member_card(&account, Secret::from(key)).await.unwrap();
        let mut number = seed;
        for step in 0..24 {
            // Numerical Recipes' generator: the same months on every run.
            number = (number * 1_664_525 + 1_013_904_223) % (1 << 32);
            happens(&mut world, &companion, (&account, &app_id), number / 65_536).await;
            let (situation, said) = gather(&companion, &account).await;
            assert_eq!(said.contradictions(), [], "seed {seed}, step {step}");
            reached.push(situation);
        }
        companion.close().await;
    }
    reached.sort_unstable();
    reached.dedup();
    assert!(reached.len() >= 6, "months worth looking at: {reached:?}");
}
