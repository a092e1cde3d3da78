//! Channels are changed; what is not typed again stays.

use super::*;
use crate::channels::page::change_channel;
use crate::store::channels::change;

/// A change by what a test gives of it.
async fn changed(
    shop: &Shop,
    channel: &str,
    (kind, label): (ChannelKind, &str),
    address: Option<&str>,
    signing: Option<&str>,
) -> Result<ChannelView, Error> {
    let (address, signing) = (address.map(Secret::from), signing.map(Secret::from));
    let all = change_channel(&shop.context, channel, kind, label, address, signing).await?.channels;
    Ok(all.into_iter().find(|one| one.id == channel).unwrap())
}

#[tokio::test]
async fn a_name_is_changed_without_the_keyring_and_the_messages_go_where_they_went() {
    let receiver = Server::script(vec![ok(SENT)]);
    let shop = Shop::open(NOON).await;
    let channel = shop.has_robot(&receiver).await;
    shop.secrets.fail(Some(Failure::Always(SecretError::Locked)));
    let view = changed(&shop, &channel, (ChannelKind::Wecom, " 总店 "), None, None).await.unwrap();
    assert_eq!((view.label.as_str(), view.host), ("总店", receiver.host()));
    shop.secrets.fail(None);
    test_channel(&shop.context, &channel).await.unwrap();
    assert_eq!(receiver.requests()[0].target, "/cgi-bin/webhook/send?key=planted-key");
    let long = "店".repeat(50);
    let view = changed(&shop, &channel, (ChannelKind::Wecom, &long), None, None).await.unwrap();
    assert_eq!(view.label.chars().count(), 40);
}

#[tokio::test]
async fn a_new_address_takes_what_waits_along() {
    let (first, second) = (Server::script(vec![ok(SENT)]), Server::script(vec![ok(SENT)]));
    let shop = Shop::open(NOON).await;
    let channel = shop.has_robot(&first).await;
    shop.is_quiet(12, 13).await;
    shop.raises(2).await;
    let address = format!("http://{}/a?b=planted-key", second.host());
    let view = changed(&shop, &channel, (ChannelKind::Webhook, ""), Some(&address), None).await.unwrap();
    assert_eq!((view.kind, view.host, view.waiting, view.on), (ChannelKind::Webhook, second.host(), 2, true));
    assert_eq!(files_with(shop.home.path(), &["planted"]), [""; 0], "its key is in no file");
    assert_eq!(shop.secrets.names(), [SecretName::of_channel(&channel)], "one entry still");
    shop.time.pass(TimeDelta::hours(2));
    shop.is(MessageState::Sent).await;
    assert_eq!((first.requests().len(), second.requests().len()), (0, 1));
}

#[tokio::test]
async fn a_signing_key_stays_until_another_is_typed_or_the_address_is_new() {
    let receiver = Server::script(vec![ok(SENT)]);
    let shop = Shop::open(NOON).await;
    let address = format!("http://{}/robot/send?access_token=a", receiver.host());
    let ding = ChannelKind::Dingtalk;
    let channel = shop.adds_at(ding, Secret::from(address.as_str()), Some("SECone")).await.unwrap();
    let signature = async || {
        test_channel(&shop.context, &channel).await.unwrap();
        let target = receiver.requests().last().unwrap().target.clone();
        target.split_once("&sign=").map(|(_, sign)| sign.to_owned())
    };
    let one = signature().await;
    changed(&shop, &channel, (ding, "店长"), None, None).await.unwrap();
    assert!(one.is_some() && signature().await == one);
    changed(&shop, &channel, (ding, "店长"), None, Some("SECtwo")).await.unwrap();
    let two = signature().await;
    assert!(two.is_some() && two != one);
    // The same address, typed again without a key.
    changed(&shop, &channel, (ding, "店长"), Some(&address), None).await.unwrap();
    assert_eq!(signature().await, None);
}

#[tokio::test]
async fn what_is_refused_leaves_the_channel_as_it_was() {
    let shop = Shop::open(NOON).await;
    let (bark, hook) = ("https://api.day.app/key", "https://hooks.example.com/a");
    shop.adds_at(ChannelKind::Bark, Secret::from(bark), None).await.unwrap();
    shop.adds_at(ChannelKind::Webhook, Secret::from(hook), None).await.unwrap();
    let before = get_channels(&shop.context).await.unwrap();
    let is_hook = |one: &&ChannelView| one.kind == ChannelKind::Webhook;
    let channel = before.channels.iter().find(is_hook).unwrap().id.clone();
    let secret = || async { shop.context.secret_named(SecretName::of_channel(&channel)).await.unwrap() };
    let stored = secret().await.unwrap();
    for (kind, address, signing, expected) in [
        (ChannelKind::Bark, Some(bark), None, ErrorCode::ChannelTwice),
        (ChannelKind::Webhook, Some("http://hooks.example.com/a"), None, ErrorCode::ChannelAddressInvalid),
        (ChannelKind::Wecom, None, None, ErrorCode::ChannelHostWrong),
        (ChannelKind::Webhook, None, Some("key"), ErrorCode::ChannelSecretInvalid),
    ] {
        let refused = changed(&shop, &channel, (kind, "x"), address, signing).await.unwrap_err();
        assert_eq!(refused.code(), expected, "{kind:?}");
    }
    shop.secrets.fail(Some(Failure::Always(SecretError::Locked)));
    let new = Some("https://hooks.example.com/b");
    let refused = changed(&shop, &channel, (ChannelKind::Webhook, "x"), new, None).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::KeyringLocked);
    shop.secrets.fail(None);
    assert_eq!(get_channels(&shop.context).await.unwrap(), before);
    assert_eq!(secret().await.unwrap().expose(), stored.expose());
    // The same address again is no second receiver.
    changed(&shop, &channel, (ChannelKind::Webhook, "x"), Some(hook), None).await.unwrap();
    let gone = changed(&shop, "nobody", (ChannelKind::Webhook, "x"), None, None).await.unwrap_err();
    assert_eq!(gone.code(), ErrorCode::NotFound);
    // Without its address only a whole one helps.
    shop.context.remove_secret(SecretName::of_channel(&channel)).await.unwrap();
    let refused = changed(&shop, &channel, (ChannelKind::Bark, "x"), None, None).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::ChannelSecretGone);
    changed(&shop, &channel, (ChannelKind::Webhook, "x"), new, None).await.unwrap();
}

#[tokio::test]
async fn an_address_that_leads_elsewhere_than_the_page_says_is_not_used() {
    let receiver = Server::script(vec![ok(SENT)]);
    let shop = Shop::open(NOON).await;
    let channel = shop.has_robot(&receiver).await;
    // As after a crash in the middle of a change.
    let id = channel.clone();
    let led = (ChannelKind::Wecom, "qyapi.weixin.qq.com");
    shop.context.store.ledger(move |db| change(db, &id, led, "")).await.unwrap();
    assert_eq!(code(test_channel(&shop.context, &channel).await), ErrorCode::ChannelSecretGone);
    assert_eq!(receiver.requests().len(), 0);
}
