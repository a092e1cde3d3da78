//! Service providers: connecting one, its bulk orders, and the packs they can be turned into.

use std::sync::Arc;

use crate::api::{
    AccountKind, BulkOrderView, ConvertiblePackView, Environment, ErrorCode, Instant, Money, ProviderView,
    Tag,
};
use crate::clients::wechat::{self, SkuQuestion};
use crate::context::Context;
use crate::error::Error;
use crate::onboarding::verdict::quick_or_error;
use crate::secrets::{Secret, SecretKind};
use crate::store::accounts::Account;
use crate::store::allocations::{self, Provider};
use crate::wechat_auth::caller::{Caller, Credential};
use crate::wechat_auth::credentials::{given_app_id, given_app_secret};
use crate::wechat_auth::token_cache::{Held, Tokens};
use crate::wechat_auth::tokens::ask_wechat;

/// Checks AppID and AppSecret of a service provider by reading its orders once, then keeps them. Errors:
/// `name_empty`, `app_id_invalid`, `app_secret_invalid`, everything WeChat can say, `keyring_…`.
pub(crate) async fn connect_provider(
    context: &Context,
    tokens: &Arc<Tokens>,
    environment: Environment,
    name: &str,
    app_id: &str,
    app_secret: Secret<String>,
) -> Result<ProviderView, Error> {
    let name = Some(name.trim().to_owned()).filter(|name| !name.is_empty());
    let name = name.ok_or_else(|| Error::refused(ErrorCode::NameEmpty))?;
    let (app_id, app_secret) = (given_app_id(app_id)?, given_app_secret(&app_secret)?);
    let (wechat, asked_at) = (context.wechat(environment)?, context.now(environment));
    let token = wechat.stable_token(&app_id, &app_secret).await.map_err(context.client_error(environment))?;
    let orders = wechat.provider_orders(&token.value, bulk_spu_id()?).await;
    orders.map_err(context.client_error(environment))?;
    let provider = Provider { id: context.new_id(), name, environment, app_id, connected_at: asked_at };
    let (saved, id) = (provider.clone(), provider.id.clone());
    let record = move |context: Context| async move {
        Ok(context.store.write_ledger(move |db| allocations::add_provider(db, &saved)).await?)
    };
    context.keep_secret(&owner(&provider), SecretKind::AppSecret, app_secret, record).await?;
    tokens.hold(&id, Held::new(token, asked_at));
    context.changed_everywhere(&[Tag::Bulk]);
    Ok(provider_view(provider))
}

/// The service providers that were connected.
pub(crate) async fn get_providers(context: &Context) -> Result<Vec<ProviderView>, Error> {
    let providers = context.store.ledger(|db| allocations::providers(db)).await?;
    Ok(providers.into_iter().map(provider_view).collect())
}

/// A provider's bulk orders, asked for now. Errors: everything WeChat can say, `keyring_…`.
pub(crate) async fn get_bulk_orders(
    context: &Context,
    tokens: &Arc<Tokens>,
    provider: &str,
) -> Result<Vec<BulkOrderView>, Error> {
    let caller = caller(&find_provider(context, provider).await?);
    let spu_id = bulk_spu_id()?;
    let asked = ask_wechat(context, tokens, &caller, |wechat, token| async move {
        wechat.provider_orders(&token, spu_id).await
    });
    Ok(asked.await?.into_iter().map(order_view).collect())
}

/// The packs an order can be turned into, asked for now.
pub(crate) async fn get_convertible_packs(
    context: &Context,
    tokens: &Arc<Tokens>,
    provider: &str,
    order: &str,
) -> Result<Vec<ConvertiblePackView>, Error> {
    let caller = caller(&find_provider(context, provider).await?);
    let asked = ask_wechat(context, tokens, &caller, |wechat, token| async move {
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

pub(crate) async fn find_provider(context: &Context, id: &str) -> Result<Provider, Error> {
    let wanted = id.to_owned();
    let found = context.store.ledger(move |db| allocations::provider(db, &wanted)).await?;
    found.ok_or_else(|| Error::refused(ErrorCode::NotFound))
}

/// The bulk product of the capability the application is about.
fn bulk_spu_id() -> Result<&'static str, Error> {
    let spu_id = quick_or_error(AccountKind::MiniProgram)?.bulk_spu_id.as_ref();
    spu_id.map(|fact| fact.value.as_str()).ok_or_else(|| Error::refused(ErrorCode::Internal))
}

pub(super) fn caller(provider: &Provider) -> Caller {
    Caller::new(&owner(provider), &provider.app_id, Credential::AppSecret)
}

/// A provider owns its secrets as an account does.
fn owner(provider: &Provider) -> Account {
    Account {
        id: provider.id.clone(),
        name: provider.name.clone(),
        kind: AccountKind::MiniProgram,
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
        connected_at: Instant(provider.connected_at),
    }
}

fn order_view(order: wechat::ProviderOrder) -> BulkOrderView {
    BulkOrderView {
        id: order.id,
        name: order.product.sku_name,
        price: order.price.map(Money),
        paid_at: order.paid_at.map(Instant),
        valid_until: order.product.valid_until.map(Instant),
        used: order.pool.map(|(used, _)| used),
        total: order.pool.map(|(_, total)| total),
    }
}
