//! A shop that does by the dice what shops do.

mod rest;

use std::time::Duration;

use companion::api::{
    AccountKind, AcquisitionMode, AllocationState, AllocationView, ChangeState, Environment, ErrorCode,
    PickedShare, PurchaseState, SendAnswer,
};
use companion::secrets::Secret;
use companion::{Companion, Error};
use practice::{Options, Practice};
use testkit::world::{EMAIL, PASSWORD, World};

use super::computer::{Computer, within};
use super::faults;
use super::will::Will;
use crate::bulk::{PROVIDER, WHOLESALE};
use crate::guard::on;
use crate::guarded_month::{Dice, program};

const START: &str = "2026-03-10T09:00:00+08:00";
/// So many different things the shop does.
pub(super) const ACTS: usize = 12;
/// A customer of the file that is compared with the bill.
pub(super) const CUSTOMER: &str = "13812345678";
const ACTS_A_DAY: u64 = 3;

pub(super) struct Shop {
    seed: u64,
    world: World,
    computer: Computer,
    dice: Dice,
    account: String,
    app_id: String,
    provider: String,
    order: String,
    pack: String,
    /// In no file.
    secrets: Vec<String>,
    guarded: bool,
    will: Will,
    /// A batch of which the page has heard nothing.
    unheard: Option<(String, Vec<PickedShare>)>,
    /// After so many acts what is wrong is mended.
    mends_after: Option<u64>,
    /// Nothing is killed any more.
    calm: bool,
    pub(super) done: [u32; ACTS],
}

/// Longer than any call is on its way (`clients/http/mod.rs`: half a minute).
const IN_FLIGHT: Duration = Duration::from_mins(1);

impl Shop {
    pub(super) async fn open(seed: u64) -> Self {
        let home = tempfile::tempdir().unwrap();
        let first_start = Some(START.parse().unwrap());
        let options = Options { first_start, reproducible: true, ..World::options(&home) };
        let mut world = World::of(Practice::start(options).await.unwrap(), home);
        let computer = Computer::start(&world, seed.is_multiple_of(2)).await;
        let companion = computer.companion();
        let (account, app_id, app_secret) = world.ready_to_connect(&companion).await;
        companion.connect_app_secret(&account, &app_id, Secret::from(app_secret.as_str())).await.unwrap();
        let provider_secret = world.provider_secret(PROVIDER).await;
        world.bulk_order(PROVIDER, WHOLESALE).await;
        let secret = Secret::from(provider_secret.as_str());
        let provider =
            companion.connect_provider(Environment::Practice, "晋业微", PROVIDER, secret).await.unwrap().id;
        let order = companion.get_bulk_orders(&provider).await.unwrap().remove(0).id;
        let pack = companion.get_convertible_packs(&provider, &order).await.unwrap().remove(0).sku;
        let account = companion.get_app().await.unwrap().accounts.remove(0);
        let key = world.access_key(&app_id).await;
        companion.connect_member_card(&account.id, Secret::from(key.as_str())).await.unwrap();
        companion.save_login(&account.id, Secret::from(EMAIL), Secret::from(PASSWORD)).await.unwrap();
        let guarded = seed.is_multiple_of(3);
        if guarded {
            companion.set_guard(&account.id, on()).await.unwrap();
        }
        let will = Will { names: vec![account.name], ..Will::default() };
        let secrets = vec![app_secret, provider_secret, key, PASSWORD.to_owned(), EMAIL.to_owned()];
        Self {
            seed,
            world,
            computer,
            dice: Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1),
            account: account.id,
            app_id,
            provider,
            order,
            pack,
            secrets,
            guarded,
            will,
            unheard: None,
            mends_after: None,
            calm: false,
            done: [0; ACTS],
        }
    }

    pub(super) async fn day(&mut self) {
        for _ in 0..ACTS_A_DAY {
            match &mut self.mends_after {
                Some(0) => {
                    faults::mend(&self.world, &self.computer).await;
                    self.mends_after = None;
                }
                Some(acts) => *acts -= 1,
                None if self.dice.roll(2) == 0 => {
                    faults::one(&self.world, &self.computer, &mut self.dice).await;
                    self.mends_after = Some(1 + self.dice.roll(4));
                }
                None => {}
            }
            self.act().await;
            let minutes = if self.dice.roll(3) == 0 { 1 } else { self.dice.roll(240) };
            self.pass(Duration::from_secs(minutes * 60 + 20)).await;
        }
        self.pass(Duration::from_hours(10)).await;
    }

    /// Time passes, for everybody.
    async fn pass(&self, time: Duration) {
        // No call is on its way for hours: what is in flight arrives before the clocks move.
        tokio::time::sleep(IN_FLIGHT).await;
        self.world.practice.advance(time).await.unwrap();
        tokio::time::advance(time).await;
        // What has come to its turn is done, and what is on its way arrives.
        tokio::time::sleep(IN_FLIGHT).await;
    }

    /// The outcome of an act as the shop hears of it: one in eight is cut off by a kill.
    async fn lives_through<T>(
        &mut self,
        act: impl Future<Output = Result<T, Error>>,
    ) -> Option<Result<T, ErrorCode>> {
        let steps = if !self.calm && self.dice.roll(8) == 0 { self.dice.roll(30) } else { u64::MAX };
        let heard = within(steps, act).await;
        if heard.is_none() {
            self.computer.kill(&self.world).await;
            self.nothing_is_lost().await;
        }
        heard.map(|outcome| outcome.map_err(|error| error.code()))
    }

    async fn act(&mut self) {
        let act = self.dice.roll(18);
        let succeeded = match act {
            0 | 1 => {
                let (count, app_id) = (u32::try_from(1 + self.dice.roll(60)).unwrap(), self.app_id.clone());
                let _ = self.world.turned_away(&app_id, count).await;
                self.sync().await
            }
            2 | 3 => self.switches().await,
            4 => self.takes_a_switch_back().await,
            5 => self.keeps_the_mode().await,
            6 => self.begins_to_buy().await,
            7 => self.pays().await,
            8 => self.looks_for_the_arrival().await,
            9..=11 => self.sends().await,
            12 => self.takes_back().await,
            13 => self.asks_again().await,
            14 => self.is_renamed().await,
            15 => self.compares_the_bill().await,
            16 => {
                let other = ["manual", "authorized"][usize::try_from(self.dice.roll(2)).unwrap()];
                let app_id = self.app_id.clone();
                self.world.office_mode(&app_id, other).await;
                self.reads_the_mode().await
            }
            _ => {
                if self.dice.roll(2) == 0 {
                    self.computer.restart(&self.world).await;
                } else {
                    self.computer.kill(&self.world).await;
                }
                self.nothing_is_lost().await;
                return;
            }
        };
        let kinds = [0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 7, 7, 8, 9, 10, 11, 1];
        if succeeded {
            self.done[kinds[usize::try_from(act).unwrap()]] += 1;
        }
    }

    fn parts(&self) -> (Companion, String) {
        (self.computer.companion(), self.account.clone())
    }

    async fn sync(&mut self) -> bool {
        let (companion, account) = self.parts();
        matches!(self.lives_through(async move { companion.sync_usage(&account).await }).await, Some(Ok(_)))
    }

    async fn reads_the_mode(&mut self) -> bool {
        let (companion, account) = self.parts();
        matches!(
            self.lives_through(async move { companion.sync_member_card(&account).await }).await,
            Some(Ok(_))
        )
    }

    async fn switches(&mut self) -> bool {
        let (companion, account) = self.parts();
        let Ok(card) = companion.get_member_card(&account).await else { return false };
        let to = match (card.unfinished, card.mode.map(|mode| mode.value)) {
            (Some(unfinished), _) => unfinished.to,
            (None, Some(AcquisitionMode::Manual)) => AcquisitionMode::Authorized,
            (None, _) => AcquisitionMode::Manual,
        };
        self.will.press(to, self.world.practice.now());
        let heard = self.lives_through(async move { companion.set_mode(&account, to).await }).await;
        let Some(Ok(card)) = heard else { return false };
        assert_eq!(
            card.mode.map(|mode| mode.value),
            Some(to),
            "seed {}: acknowledged and not shown",
            self.seed
        );
        let confirmed = card.history.iter().find(|change| change.state == ChangeState::Confirmed);
        self.will.switched.extend(confirmed.map(|change| change.id.clone()));
        if !self.guarded {
            let word = if to == AcquisitionMode::Manual { "manual" } else { "authorized" };
            let platform = program(&self.world, &self.app_id).await;
            assert_eq!(platform["mode"], word, "seed {}: acknowledged and not made", self.seed);
        }
        true
    }

    async fn takes_a_switch_back(&mut self) -> bool {
        // It is offered for two minutes.
        self.switches().await;
        let (companion, account) = self.parts();
        let Ok(card) = companion.get_member_card(&account).await else { return false };
        let Some(undo) = card.undo else { return false };
        self.pass(Duration::from_secs(5)).await;
        self.will.press(undo.to, self.world.practice.now());
        let undone =
            self.lives_through(async move { companion.undo_mode(&account, &undo.change).await }).await;
        matches!(undone, Some(Ok(_)))
    }

    async fn keeps_the_mode(&mut self) -> bool {
        let (companion, account) = self.parts();
        let kept = matches!(
            self.lives_through(async move { companion.keep_mode(&account).await }).await,
            Some(Ok(_))
        );
        if kept {
            self.will.changes_mind(self.world.practice.now());
        }
        kept
    }

    async fn begins_to_buy(&mut self) -> bool {
        let (companion, account) = self.parts();
        let begun = self.lives_through(async move {
            companion.pick_pack(&account, "q-365-1000").await?;
            companion.begin_purchase(&account).await
        });
        let Some(Ok(purchase)) = begun.await else { return false };
        self.will.begun.insert(purchase.id);
        true
    }

    /// In the console, with whatever the application says beside it.
    async fn pays(&mut self) -> bool {
        let (companion, account) = self.parts();
        let overview = companion.get_overview(&account).await.ok();
        let waiting =
            overview.and_then(|view| view.purchase).filter(|one| one.state == PurchaseState::Waiting);
        let Some(waiting) = waiting.filter(|one| self.will.begun.contains(&one.id)) else { return false };
        if self.will.paid.as_ref() != Some(&waiting.id) {
            self.world.buy("q-365-1000").await;
            self.will.paid = Some(waiting.id);
        }
        true
    }

    async fn looks_for_the_arrival(&mut self) -> bool {
        let (companion, account) = self.parts();
        let looked = self.lives_through(async move { companion.check_arrival(&account).await });
        matches!(looked.await, Some(Ok(purchase)) if purchase.state == PurchaseState::Arrived)
    }

    async fn sends(&mut self) -> bool {
        let fresh = || {
            let picks = vec![PickedShare { app_id: self.app_id.clone(), sku: self.pack.clone(), count: 2 }];
            (format!("batch-{}", self.will.batches.len()), picks)
        };
        let (batch, picks) = self.unheard.take().unwrap_or_else(fresh);
        self.will.batches.insert(batch.clone(), 2);
        let (companion, provider, order) =
            (self.computer.companion(), self.provider.clone(), self.order.clone());
        let (id, picked, again) = (batch.clone(), picks.clone(), self.dice.roll(2) == 0);
        let heard = self
            .lives_through(
                async move { companion.send_allocations(&provider, &order, picked, &id, again).await },
            )
            .await;
        match heard {
            Some(Ok(SendAnswer::Sent { allocations })) => {
                assert_eq!(allocations.len(), 2, "seed {}", self.seed);
                self.will.sent.insert(batch, allocations.into_iter().map(|one| one.id).collect());
                true
            }
            // Nothing was written down, and the shop lets it be.
            Some(Ok(SendAnswer::AskFirst { .. })) => {
                self.will.batches.remove(&batch);
                false
            }
            Some(Err(_)) | None => {
                self.unheard = Some((batch, picks));
                false
            }
        }
    }

    async fn takes_back(&mut self) -> bool {
        let companion = self.computer.companion();
        let Ok(all) = companion.get_allocations(&self.provider).await else { return false };
        let may = |one: &&AllocationView| one.held || one.cancel_until.is_some();
        let all: Vec<_> = all.iter().filter(may).collect();
        let Some(last) = u64::try_from(all.len()).ok().filter(|count| *count > 0) else { return false };
        let one = all[usize::try_from(self.dice.roll(last)).unwrap()].clone();
        self.will.taken_back.insert(one.id.clone());
        let id = one.id.clone();
        let heard = self.lives_through(async move { companion.cancel_allocation(&id).await }).await;
        let Some(Ok(after)) = heard else { return false };
        if one.held
            && one.code != Some(ErrorCode::AllocationUnclear)
            && after.state == AllocationState::Cancelled
        {
            self.will.dropped.insert(one.id);
        }
        true
    }

    async fn asks_again(&mut self) -> bool {
        let (companion, provider) = (self.computer.companion(), self.provider.clone());
        matches!(
            self.lives_through(async move { companion.retry_allocations(&provider).await }).await,
            Some(Ok(all)) if !all.is_empty()
        )
    }

    async fn is_renamed(&mut self) -> bool {
        let (companion, account) = self.parts();
        let name = format!("晋味小馆 {}", self.dice.roll(1_000_000));
        let asked = name.clone();
        let renamed = async move {
            companion.rename_account(&account, Environment::Practice, AccountKind::MiniProgram, &asked).await
        };
        let renamed = matches!(self.lives_through(renamed).await, Some(Ok(_)));
        if renamed {
            self.will.names.clear();
        }
        self.will.names.push(name);
        renamed
    }

    async fn compares_the_bill(&mut self) -> bool {
        let (companion, account) = self.parts();
        let text = format!("张三丰,{CUSTOMER},上周二\n李四,{CUSTOMER},2026-03-11 10:00:00");
        let compared = async move {
            let file = companion.read_bill_file(&account, "会员.csv", text.into_bytes()).await?;
            // Without two readings there is nothing to compare with, which is no fault.
            companion.compare_bill_file(&account, file.columns).await
        };
        matches!(self.lives_through(compared).await, Some(Ok(_)))
    }
}
