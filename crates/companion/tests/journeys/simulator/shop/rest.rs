//! What the shop finds after a restart, and how a month comes to rest.

use std::collections::BTreeSet;
use std::time::Duration;

use companion::api::{AllocationState, AllocationView, ChangeState, PurchaseState};
use testkit::world::World;

use super::super::faults;
use super::super::truth::Left;
use super::Shop;
use crate::guarded_month::program;

impl Shop {
    /// What was acknowledged stands in the files.
    pub(super) async fn nothing_is_lost(&self) {
        let companion = self.computer.companion();
        let seed = self.seed;
        let app = companion.get_app().await.unwrap();
        let name = &app.accounts[0].name;
        assert!(self.will.names.contains(name), "seed {seed}: {name} is none of {:?}", self.will.names);
        let known: BTreeSet<_> =
            companion.get_allocations(&self.provider).await.unwrap().into_iter().map(|one| one.id).collect();
        let sent = self.will.sent.values().flatten();
        assert!(sent.clone().all(|id| known.contains(id)), "seed {seed}: an allocation is lost");
        let history = companion.get_member_card(&self.account).await.unwrap().history;
        for id in &self.will.switched {
            let found = history.iter().find(|change| change.id == *id);
            let state = found.map(|change| change.state);
            assert_eq!(state, Some(ChangeState::Confirmed), "seed {seed}: a change is lost");
        }
    }

    /// Everything works again, the shop decides what it is asked, and it comes to rest.
    pub(in super::super) async fn settle(mut self) -> (World, Left) {
        let seed = self.seed;
        self.calm = true;
        faults::mend(&self.world, &self.computer).await;
        self.computer.restart(&self.world).await;
        self.nothing_is_lost().await;
        if self.unheard.is_some() {
            self.sends().await;
        }
        let companion = self.computer.companion();
        let is_settled = |one: &AllocationView| {
            matches!(one.state, AllocationState::Done | AllocationState::Cancelled | AllocationState::Failed)
        };
        for round in 0.. {
            let allocations = companion.get_allocations(&self.provider).await.unwrap();
            if allocations.iter().all(is_settled) {
                break;
            }
            assert!(round < 60, "seed {seed}: {allocations:#?}");
            // What is old is asked about once a day, unless the shop presses.
            companion.retry_allocations(&self.provider).await.unwrap();
            self.pass(Duration::from_mins(10)).await;
        }
        companion.sync_usage(&self.account).await.unwrap();
        let card = companion.sync_member_card(&self.account).await.unwrap();
        if card.unfinished.is_some() {
            companion.keep_mode(&self.account).await.unwrap();
            self.will.changes_mind(self.world.practice.now());
        }
        companion.wait_for_forecasts_and_alerts().await;
        self.pass(Duration::from_mins(20)).await;
        let usage = companion.sync_usage(&self.account).await.unwrap();
        let card = companion.sync_member_card(&self.account).await.unwrap();
        let purchase = companion.get_overview(&self.account).await.unwrap().purchase;
        if let Some(purchase) = purchase.filter(|one| self.will.paid.as_ref() == Some(&one.id)) {
            assert_ne!(purchase.state, PurchaseState::Waiting, "seed {seed}: paid, and never seen");
        }
        let platform = program(&self.world, &self.app_id).await;
        assert_eq!(platform["remaining"], usage.remaining.value, "seed {seed}");
        let mode = serde_json::to_value(card.mode.unwrap().value).unwrap();
        assert_eq!(platform["mode"], mode, "seed {seed}");
        let allocations = companion.get_allocations(&self.provider).await.unwrap();
        drop(companion);
        self.computer.close().await;
        let left = Left {
            seed,
            will: self.will,
            guarded: self.guarded,
            history: card.history,
            allocations,
            secrets: self.secrets,
        };
        (self.world, left)
    }
}
