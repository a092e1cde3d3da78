//! Which hosts the application may contact, and why: all that it asks for on the web.

use url::Url;

use crate::api::{HostReason, HostView};
use crate::context::{Addresses, Context};
use crate::error::Error;
use crate::store::channels::{self, Channel};

/// The hosts of the live platforms, and of the channels, also of those that are off: they can be tested. Practice is on this
/// computer.
pub(crate) async fn get_hosts(context: &Context) -> Result<Vec<HostView>, Error> {
    let channels = context.store.ledger(|db| channels::all(db)).await?;
    Ok(hosts(context.setup.platforms.live.as_ref().map(|live| &live.addresses), &channels))
}

/// Each host once for each reason.
fn hosts(live: Option<&Addresses>, channels: &[Channel]) -> Vec<HostView> {
    let mut found: Vec<HostView> = Vec::new();
    let mut add = |host: String, reason| {
        let view = HostView { host, reason };
        if !found.contains(&view) {
            found.push(view);
        }
    };
    if let Some(live) = live {
        add(name(&live.wechat_api), HostReason::WechatApi);
        for fallback in &live.wechat_api_fallbacks {
            add(name(fallback), HostReason::WechatApiFallback);
        }
        add(name(&live.console), HostReason::Console);
        if let Some(member_card) = &live.member_card {
            add(name(member_card), HostReason::MemberCard);
        }
    }
    for channel in channels {
        add(channel.host.clone(), HostReason::Channel(channel.kind));
    }
    found
}

fn name(address: &Url) -> String {
    let host = address.host_str().unwrap_or_default();
    address.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::api::ChannelKind;

    #[test]
    fn every_host_is_listed_once_with_its_reason() {
        let url = |text: &str| Url::parse(text).unwrap();
        let addresses = Addresses {
            wechat_api: url("https://api.weixin.qq.com"),
            wechat_api_fallbacks: vec![url("https://api2.weixin.qq.com")],
            console: url("https://mp.weixin.qq.com"),
            member_card: Some(url("https://card.example.com:8443/v1")),
        };
        let channel = |host: &str, is_on| Channel {
            id: host.to_owned(),
            kind: ChannelKind::Wecom,
            label: String::new(),
            host: host.to_owned(),
            is_on,
            added_at: DateTime::UNIX_EPOCH,
        };
        let robot = "qyapi.weixin.qq.com";
        let channels = [channel(robot, true), channel(robot, true), channel("off.example.com", false)];
        let listed = hosts(Some(&addresses), &channels);
        let listed: Vec<_> = listed.iter().map(|view| (view.host.as_str(), view.reason)).collect();
        assert_eq!(
            listed,
            [
                ("api.weixin.qq.com", HostReason::WechatApi),
                ("api2.weixin.qq.com", HostReason::WechatApiFallback),
                ("mp.weixin.qq.com", HostReason::Console),
                ("card.example.com:8443", HostReason::MemberCard),
                (robot, HostReason::Channel(ChannelKind::Wecom)),
                ("off.example.com", HostReason::Channel(ChannelKind::Wecom)),
            ]
        );
        assert!(hosts(None, &[]).is_empty());
    }
}
