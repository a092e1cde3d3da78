use std::time::Duration;

use companion::api::{
    Advice, CampaignWish, Drawback, ErrorCode, PacksView, PlanAdvice, PlanRank, PlanView, PlansView,
    RiskLevel, WhatIf,
};
use testkit::code;
use testkit::world::{World, paying};

fn find(view: &PlansView, rank: PlanRank) -> &PlanView {
    view.plans.iter().find(|plan| plan.rank == rank).expect("a plan of this rank")
}

#[tokio::test]
async fn plans_stand_beside_buying_nothing() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let account = paying(&companion).await;
    let known = WhatIf::default();
    assert_eq!(code(companion.compare_plans(&account, known.clone()).await), ErrorCode::NoUsageYet);
    let (account, _) = world.connected(&companion).await;

    // 806 calls left at a few hundred a month at most: nothing to buy yet, something to buy later.
    let view = companion.compare_plans(&account, known).await.unwrap();
    assert!(matches!(view.advice, PlanAdvice::BuyNothing { .. }), "{view:?}");
    assert_eq!(view.plans[0].rank, PlanRank::Nothing);
    assert_eq!((view.plans[0].cost.to_string().as_str(), view.plans[0].purchases), ("0.00", 0));
    assert_eq!(view.remaining.value, 806);

    let busy = WhatIf { monthly_calls: Some(1_500), ..WhatIf::default() };
    let view = companion.compare_plans(&account, busy.clone()).await.unwrap();
    let best = find(&view, PlanRank::Best);
    assert_eq!(best.drawback, None);
    assert_eq!(usize::try_from(best.purchases).unwrap().min(12), best.schedule.len());
    let nothing = find(&view, PlanRank::Nothing);
    assert_eq!(nothing.risk.as_ref().map(|risk| risk.level), Some(RiskLevel::Certain));
    assert!(nothing.risk.as_ref().is_some_and(|risk| risk.from.is_some()));
    for other in view.plans.iter().filter(|plan| plan.rank != PlanRank::Nothing) {
        let dearer = matches!(&other.drawback, Some(Drawback::CostsMore { .. }));
        let (cost, least) = (other.cost, best.cost);
        assert_eq!(cost > least, dearer, "{other:?}");
    }

    // One errand a year costs more money and is worth it to some.
    let lazy = WhatIf { max_purchases: Some(1), ..busy.clone() };
    let once = companion.compare_plans(&account, lazy).await.unwrap();
    assert_eq!(find(&once, PlanRank::Best).purchases, 1);
    let none = WhatIf { max_purchases: Some(0), ..busy.clone() };
    let none = companion.compare_plans(&account, none).await.unwrap();
    assert_eq!((none.plans.len(), find(&none, PlanRank::Nothing).purchases), (1, 0));

    // A campaign next week brings the end nearer.
    let campaign = |day: &str| WhatIf {
        campaign: Some(CampaignWish { day: day.into(), extra_calls: 700 }),
        ..busy.clone()
    };
    let peak = companion.compare_plans(&account, campaign(&view.first_day.to_string())).await.unwrap();
    assert!(peak.run_out.likely < view.run_out.likely, "{:?} {:?}", peak.run_out, view.run_out);
    for wrong in ["2020-01-01", "2199-01-01", "tomorrow"] {
        let refused = companion.compare_plans(&account, campaign(wrong)).await;
        assert_eq!(code(refused), ErrorCode::FiguresInvalid, "{wrong}");
    }
}

/// The date on the overview, the advice under it, the price list's and the plans' are one.
#[tokio::test]
async fn advice_and_dates_agree_on_every_page() {
    // After ninety customers in a day it depends on the time of day whether the worst case is within two weeks.
    let mut world = World::from("2026-12-01T10:00:00+08:00").await;
    let companion = world.open().await;
    let (account, app_id) = world.connected(&companion).await;
    for (step, customers) in [40_u32, 3, 25, 1, 90].into_iter().enumerate() {
        world.practice.advance(Duration::from_hours(24)).await.unwrap();
        world.customers(&app_id, customers).await;
        companion.sync_usage(&account).await.unwrap();
        // Half a day later nothing was read anew: the dates still start from the reading.
        world.practice.advance(Duration::from_hours(12 * u64::from(step % 2 == 1))).await.unwrap();
        let overview = companion.get_overview(&account).await.unwrap();
        let shown = overview.usage.unwrap().run_out.unwrap().value;
        let packs = companion.get_packs(&account, None).await.unwrap();
        let plans = companion.compare_plans(&account, WhatIf::default()).await.unwrap();
        assert_eq!(plans.run_out, shown);
        assert_eq!(overview.advice.as_ref(), Some(&packs.advice));
        match (&packs.advice, &plans.advice) {
            (
                Advice::BuyNothing { look_again, lasts_until },
                PlanAdvice::BuyNothing { look_again: planned, lasts_until: until, .. },
            ) => {
                assert_eq!((look_again, lasts_until), (planned, until));
                assert_eq!(*lasts_until, shown.likely);
                assert!(Some(look_again) < shown.earliest.as_ref(), "{look_again} {shown:?}");
            }
            (Advice::Buy { pack, .. }, PlanAdvice::Buy { pack: planned, .. }) if customers == 90 => {
                assert_eq!(pack, planned);
            }
            disagree => panic!("{customers} customers: {disagree:?}"),
        }
        assert_eq!(packs.monthly_calls, plans.monthly_calls);
        agree(&packs, &plans);
    }
    for monthly_calls in [50, 172, 800, 1_500].map(Some) {
        let packs = companion.get_packs(&account, monthly_calls).await.unwrap();
        let wish = WhatIf { monthly_calls, ..WhatIf::default() };
        agree(&packs, &companion.compare_plans(&account, wish).await.unwrap());
    }
}

/// A pack has one year: the card's, the table's and the advice's are the same.
fn agree(packs: &PacksView, plans: &PlansView) {
    for plan in plans.plans.iter().filter(|plan| plan.rank != PlanRank::Nothing) {
        let pack = packs.packs.iter().find(|pack| Some(&pack.id) == plan.first.as_ref()).unwrap();
        let year = pack.year.as_ref().unwrap();
        assert_eq!((&year.cost, year.purchases), (&plan.cost, plan.purchases), "{}", pack.id);
        assert_eq!((year.wasted, year.left, &year.packs), (plan.wasted, plan.left, &plan.packs));
    }
    if let Advice::Buy { pack, year_cost, year_wasted, year_purchases, packs: bought, .. } = &packs.advice {
        let best = find(plans, PlanRank::Best);
        assert_eq!((Some(pack), year_cost, year_wasted), (best.first.as_ref(), &best.cost, &best.wasted));
        assert_eq!((year_purchases, bought), (&best.purchases, &best.packs));
    }
    assert_eq!(packs.ends_by_expiry, plans.run_out.by_expiry);
}

/// 806 calls of trial at fifty a month outlast a year: a pack bought now only ages, and the whole of it is lost.
#[tokio::test]
async fn a_pack_bought_too_early_says_how_much_of_it_is_lost() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, _) = world.connected(&companion).await;
    let packs = companion.get_packs(&account, Some(64)).await.unwrap();
    assert!(matches!(packs.advice, Advice::BuyNothing { .. }), "{packs:?}");
    for pack in &packs.packs {
        let year = pack.year.as_ref().unwrap();
        assert_eq!((year.cost.to_string().as_str(), year.purchases), ("0.00", 0), "{}", pack.id);
        assert_eq!(pack.wasted_if_now, pack.calls, "{}", pack.id);
    }
}
