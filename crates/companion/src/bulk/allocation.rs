//! Bulk purchase (集采): a service provider's orders, and handing their calls on.
//!
//! An allocation is written down before it is sent, and its id is the request id: sent again – after a lost answer, a
//! crash, or to learn what became of it, since no call lists allocations – it is the same allocation.

use std::collections::HashMap;
use std::sync::Arc;

use billing_core::pool::CANCEL_WINDOW;
use billing_core::time::beijing_text;
use chrono::{DateTime, TimeDelta, Utc};

use crate::app::Companion;
use crate::clients::Wechat;
use crate::clients::wechat::{self, Assigned, SkuQuestion};
use crate::error::Error;
use crate::infra::backoff::Repeats;
use crate::onboarding::verdict::quick_or_error;
use crate::secrets::{Secret, SecretKind};
use crate::store::accounts::{self, Account};
use crate::store::allocations::{self, Allocation, Provider};
use crate::store::connections::{self, Connection};
use crate::views::{
    AllocationState, AllocationView, BulkOrderView, ConvertiblePackView, Environment, ErrorCode,
    ProviderView, Retry, Tag,
};
use crate::wechat_auth::caller::{Caller, Credential};
use crate::wechat_auth::credentials::{given_app_id, given_app_secret};
use crate::wechat_auth::token_cache::Held;

/// A cancellation that was taken but shows no effect for so long was not carried out **A**: its result would be pushed to
/// the provider's server, which the application is not.
const CANCEL_PATIENCE: TimeDelta = TimeDelta::hours(1);

impl Companion {
    /// Checks AppID and AppSecret of a service provider by reading its orders once, then keeps them. Errors:
    /// `name_empty`, `app_id_invalid`, `app_secret_invalid`, everything WeChat can say, `keyring_…`.
    pub async fn connect_provider(
        &self,
        environment: Environment,
        name: &str,
        app_id: &str,
        app_secret: Secret<String>,
    ) -> Result<ProviderView, Error> {
        let name = Some(name.trim().to_owned()).filter(|name| !name.is_empty());
        let name = name.ok_or_else(|| Error::refused(ErrorCode::NameEmpty))?;
        let (app_id, app_secret) = (given_app_id(app_id)?, given_app_secret(&app_secret)?);
        let (wechat, asked_at) = (self.wechat(environment)?, self.now(environment));
        let token =
            wechat.stable_token(&app_id, &app_secret).await.map_err(self.client_error(environment))?;
        let orders = wechat.provider_orders(&token.value, bulk_spu_id()?).await;
        orders.map_err(self.client_error(environment))?;
        let provider = Provider { id: self.new_id(), name, environment, app_id, connected_at: asked_at };
        let (kept, id) = (provider.clone(), provider.id.clone());
        let record = move |companion: Companion| async move {
            Ok(companion.shared.store.ledger(move |db| allocations::add_provider(db, &kept)).await?)
        };
        self.keep_secret(&owner(&provider), SecretKind::AppSecret, app_secret, record).await?;
        self.shared.tokens.hold(&id, Held::new(token, asked_at));
        self.changed_everywhere(&[Tag::Bulk]);
        Ok(provider_view(provider))
    }

    /// The service providers that were connected.
    pub async fn get_providers(&self) -> Result<Vec<ProviderView>, Error> {
        let providers = self.shared.store.ledger(|db| allocations::providers(db)).await?;
        Ok(providers.into_iter().map(provider_view).collect())
    }

    /// A provider's bulk orders, asked for now. Errors: everything WeChat can say, `keyring_…`.
    pub async fn get_bulk_orders(&self, provider: &str) -> Result<Vec<BulkOrderView>, Error> {
        let caller = caller(&self.provider(provider).await?);
        let spu_id = bulk_spu_id()?;
        let asked = self
            .ask_wechat(&caller, |wechat, token| async move { wechat.provider_orders(&token, spu_id).await });
        Ok(asked.await?.into_iter().map(order_view).collect())
    }

    /// The packs an order can be turned into, asked for now.
    pub async fn get_convertible_packs(
        &self,
        provider: &str,
        order: &str,
    ) -> Result<Vec<ConvertiblePackView>, Error> {
        let caller = caller(&self.provider(provider).await?);
        let asked = self.ask_wechat(&caller, |wechat, token| async move {
            wechat.convertible_skus(&token, SkuQuestion::Order(order)).await
        });
        let packs = asked.await?.into_iter().map(|sku| ConvertiblePackView {
            sku: sku.sku_id,
            name: sku.name,
            calls: sku.calls,
            days: sku.valid_for.and_then(|time| u32::try_from(time.as_secs() / 86_400).ok()),
        });
        Ok(packs.collect())
    }

    /// A provider's allocations, newest first.
    pub async fn get_allocations(&self, provider: &str) -> Result<Vec<AllocationView>, Error> {
        let provider = self.provider(provider).await?;
        let (id, now) = (provider.id, self.now(provider.environment));
        let read = self
            .shared
            .store
            .ledger(move |db| Ok((allocations::of(db, &id)?, connections::all(db)?, accounts::all(db)?)));
        let (allocations, connections, accounts) = read.await?;
        let names = receiver_names(&accounts, &connections, provider.environment);
        let shown = allocations.into_iter().map(|allocation| {
            let name = names.get(&allocation.receiver_app_id).cloned();
            AllocationView { receiver_name: name, ..allocation_view(allocation, now) }
        });
        Ok(shown.collect())
    }

    /// Hands a pack of an order to a mini-program; resolves when WeChat has taken it. Carrying it out is followed in the
    /// background. Errors: `allocation_invalid`, everything WeChat can say. Where it is not known whether WeChat got the
    /// call, the allocation stays open and is finished in the background.
    pub async fn allocate(
        &self,
        provider: &str,
        order: &str,
        sku: &str,
        receiver_app_id: &str,
    ) -> Result<AllocationView, Error> {
        let provider = self.provider(provider).await?;
        let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let invalid = || Error::refused(ErrorCode::AllocationInvalid);
        let allocation = Allocation {
            id: self.new_id(),
            order_id: given(order).ok_or_else(invalid)?,
            sku_id: given(sku).ok_or_else(invalid)?,
            receiver_app_id: given_app_id(receiver_app_id).map_err(|_| invalid())?,
            state: AllocationState::Open,
            tries: 0,
            asked_at: self.now(provider.environment),
            cancel_asked_at: None,
            code: None,
            provider: provider.id,
        };
        self.save_allocation(&allocation).await?;
        self.settle(allocation.id).await
    }

    /// Takes an allocation back; within seven days and while nothing of the pack is used. Errors: `not_found`,
    /// everything WeChat can say.
    pub async fn cancel_allocation(&self, id: &str) -> Result<AllocationView, Error> {
        let turn = self.turn(id);
        {
            let _turn = turn.lock().await;
            let mut allocation = self.allocation(id).await?;
            let provider = self.provider(&allocation.provider).await?;
            if matches!(allocation.state, AllocationState::Accepted | AllocationState::Done) {
                allocation.state = AllocationState::Cancelling;
                allocation.cancel_asked_at = Some(self.now(provider.environment));
                allocation.code = None;
                self.save_allocation(&allocation).await?;
            }
        }
        self.settle(id.to_owned()).await
    }

    /// Takes up allocations whose outcome was not known when the application ended.
    pub(crate) async fn resume_allocations(&self) -> Result<(), Error> {
        let unsettled = self.shared.store.ledger(|db| allocations::unsettled(db)).await?;
        for allocation in unsettled {
            self.settle_in_background(allocation.id);
        }
        Ok(())
    }

    /// One step towards the outcome, then the rest behind it.
    async fn settle(&self, id: String) -> Result<AllocationView, Error> {
        let step = self.settle_once(&id).await;
        let allocation = self.allocation(&id).await?;
        if is_unsettled(allocation.state) {
            self.settle_in_background(id);
        }
        self.changed_everywhere(&[Tag::Bulk]);
        let provider = self.provider(&allocation.provider).await?;
        step.map(|_| allocation_view(allocation, self.now(provider.environment)))
    }

    pub(crate) fn settle_in_background(&self, id: String) {
        let companion = self.inner();
        self.in_background(async move {
            let mut repeats = Repeats::new();
            loop {
                let step = companion.settle_once(&id).await;
                match &step {
                    Ok(state) if !is_unsettled(*state) => break companion.changed_everywhere(&[Tag::Bulk]),
                    Ok(_) => {}
                    Err(error) => drop(companion.report(error)),
                }
                companion.wait_to_repeat(&mut repeats, &id, step.as_ref().err()).await;
            }
        });
    }

    /// Asks WeChat once and writes down what it said. Errors: those that leave the outcome unknown, and those that end
    /// it.
    pub(crate) async fn settle_once(&self, id: &str) -> Result<AllocationState, Error> {
        let turn = self.turn(id);
        let _turn = turn.lock().await;
        let mut allocation = self.allocation(id).await?;
        if !is_unsettled(allocation.state) {
            return Ok(allocation.state);
        }
        let provider = self.provider(&allocation.provider).await?;
        let cancelling = allocation.state == AllocationState::Cancelling;
        if cancelling {
            match self.send_cancel(&provider, &allocation).await {
                Err(error) if error.retry() == Retry::Never => {
                    allocation.state = AllocationState::Done;
                    allocation.code = Some(error.code());
                    self.save_allocation(&allocation).await?;
                    return Err(error);
                }
                sent => sent?,
            }
        } else {
            // Before it is sent: a crash must not make the second time look like the first.
            allocation.tries = allocation.tries.saturating_add(1);
            self.save_allocation(&allocation).await?;
        }
        let told = self.send(&provider, &allocation).await;
        let since = allocation.cancel_asked_at.map(|at| self.now(provider.environment) - at);
        let state = match &told {
            Ok(Assigned::Done) if cancelling && since.is_some_and(|since| since < CANCEL_PATIENCE) => {
                AllocationState::Cancelling
            }
            Ok(Assigned::Done) => AllocationState::Done,
            Ok(Assigned::DoneIfRepeated) if allocation.tries > 1 => AllocationState::Done,
            Ok(Assigned::DoneIfRepeated) => AllocationState::Failed,
            Ok(Assigned::Accepted | Assigned::Pending) if cancelling => AllocationState::Cancelling,
            Ok(Assigned::Accepted | Assigned::Pending) => AllocationState::Accepted,
            Err(error) if error.code() == ErrorCode::AllocationCancelled => AllocationState::Cancelled,
            Err(error) if error.retry() == Retry::Never => AllocationState::Failed,
            Err(_) => return told.map(|_| allocation.state),
        };
        allocation.state = state;
        allocation.code = match (state, &told) {
            (AllocationState::Failed, Err(error)) => Some(error.code()),
            (AllocationState::Failed, Ok(_)) => Some(ErrorCode::AllocationRefused),
            _ => None,
        };
        self.save_allocation(&allocation).await?;
        match (state, told) {
            (AllocationState::Failed, Err(error)) => Err(error),
            (AllocationState::Failed, Ok(_)) => Err(Error::refused(ErrorCode::AllocationRefused)),
            _ => Ok(state),
        }
    }

    async fn send(&self, provider: &Provider, allocation: &Allocation) -> Result<Assigned, Error> {
        let asked = wechat::Allocation {
            order_id: &allocation.order_id,
            sku_id: &allocation.sku_id,
            receiver_app_id: &allocation.receiver_app_id,
            request_id: &allocation.id,
            begins_at: None,
        };
        let ask =
            |wechat: Wechat, token: Arc<Secret<String>>| async move { wechat.assign(&token, &asked).await };
        self.ask_wechat(&caller(provider), ask).await
    }

    async fn send_cancel(&self, provider: &Provider, allocation: &Allocation) -> Result<(), Error> {
        let (order, id) = (allocation.order_id.as_str(), allocation.id.as_str());
        let ask = |wechat: Wechat, token: Arc<Secret<String>>| async move {
            wechat.cancel_assign(&token, order, id).await
        };
        self.ask_wechat(&caller(provider), ask).await
    }

    pub(crate) async fn provider(&self, id: &str) -> Result<Provider, Error> {
        let wanted = id.to_owned();
        let found = self.shared.store.ledger(move |db| allocations::provider(db, &wanted)).await?;
        found.ok_or_else(|| Error::refused(ErrorCode::NotFound))
    }

    async fn allocation(&self, id: &str) -> Result<Allocation, Error> {
        let wanted = id.to_owned();
        let found = self.shared.store.ledger(move |db| allocations::find(db, &wanted)).await?;
        found.ok_or_else(|| Error::refused(ErrorCode::NotFound))
    }

    async fn save_allocation(&self, allocation: &Allocation) -> Result<(), Error> {
        let allocation = allocation.clone();
        Ok(self.shared.store.ledger(move |db| allocations::save(db, &allocation)).await?)
    }
}

pub(crate) const fn is_unsettled(state: AllocationState) -> bool {
    matches!(state, AllocationState::Open | AllocationState::Accepted | AllocationState::Cancelling)
}

/// The bulk product of the capability the application is about.
fn bulk_spu_id() -> Result<&'static str, Error> {
    let spu_id = quick_or_error()?.bulk_spu_id.as_ref();
    spu_id.map(|fact| fact.value.as_str()).ok_or_else(|| Error::refused(ErrorCode::Internal))
}

fn caller(provider: &Provider) -> Caller {
    Caller::new(&owner(provider), &provider.app_id, Credential::AppSecret)
}

/// A provider owns its secrets as an account does.
fn owner(provider: &Provider) -> Account {
    Account {
        id: provider.id.clone(),
        name: provider.name.clone(),
        environment: provider.environment,
        created_at: provider.connected_at,
        archived_at: None,
    }
}

fn provider_view(provider: Provider) -> ProviderView {
    ProviderView {
        id: provider.id,
        name: provider.name,
        environment: provider.environment,
        app_id: provider.app_id,
        connected_at: beijing_text(provider.connected_at),
    }
}

fn order_view(order: wechat::ProviderOrder) -> BulkOrderView {
    BulkOrderView {
        id: order.id,
        name: order.product.sku_name,
        price: order.price.map(|price| format!("{price:.2}")),
        paid_at: order.paid_at.map(beijing_text),
        valid_until: order.product.valid_until.map(beijing_text),
        used: order.pool.map(|(used, _)| used),
        total: order.pool.map(|(_, total)| total),
    }
}

/// Under which name the application knows a receiver.
fn receiver_names(
    accounts: &[Account],
    connections: &HashMap<String, Connection>,
    environment: Environment,
) -> HashMap<String, String> {
    let known = accounts
        .iter()
        .filter(|account| account.environment == environment)
        .filter_map(|account| Some((connections.get(&account.id)?.app_id.clone()?, account.name.clone())));
    known.collect()
}

pub(crate) fn allocation_view(allocation: Allocation, now: DateTime<Utc>) -> AllocationView {
    let taken = matches!(allocation.state, AllocationState::Accepted | AllocationState::Done);
    let until = allocation.asked_at + CANCEL_WINDOW;
    AllocationView {
        receiver_name: None,
        cancel_until: (taken && now <= until).then(|| beijing_text(until)),
        id: allocation.id,
        order: allocation.order_id,
        sku: allocation.sku_id,
        receiver_app_id: allocation.receiver_app_id,
        state: allocation.state,
        asked_at: beijing_text(allocation.asked_at),
        code: allocation.code,
    }
}
