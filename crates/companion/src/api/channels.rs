use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{ChannelId, ErrorCode, Instant};

/// Where alerts can go besides this computer: robots of chat groups, apps on a phone, any receiver of the shop's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ChannelKind {
    /// 企业微信群机器人.
    Wecom,
    /// 钉钉自定义机器人.
    Dingtalk,
    /// 飞书自定义机器人.
    Feishu,
    /// Bark, an app for the iPhone.
    Bark,
    /// Server酱.
    Serverchan,
    /// Any address that takes JSON.
    Webhook,
}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MessageState {
    /// To be sent.
    Waiting,
    /// On its way; after a crash nobody knows whether it arrived.
    Sending,
    Sent,
    Refused,
    /// It may have arrived, and is not sent again.
    Unclear,
    /// It could not be sent within a day; the inbox has the alerts.
    GivenUp,
}

/// The channels of the shop, in the order in which they were added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ChannelsView {
    pub channels: Vec<ChannelView>,
}

/// One channel. Its address and keys are in the keyring and never on a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ChannelView {
    #[ts(as = "ChannelId")]
    pub id: String,
    pub kind: ChannelKind,
    /// The shop's own word for it; may be empty.
    pub label: String,
    /// Who gets the messages.
    pub host: String,
    pub on: bool,
    /// Alerts that are still to be sent.
    pub waiting: u32,
    /// Why they wait; `None`: only for their turn, or for the end of the quiet hours.
    pub held: Option<ChannelProblem>,
    /// The newest message that was sent, or was to be; `None` before the first.
    pub last: Option<LastMessageView>,
}

/// What became of the newest message of a channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct LastMessageView {
    pub at: Instant,
    pub state: MessageState,
    pub problem: Option<ChannelProblem>,
}

/// Why a message was not delivered, or is not known to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ChannelProblem {
    pub code: ErrorCode,
    /// Values for its text, by name; never secrets.
    pub params: BTreeMap<String, String>,
}

/// What the application may ask for on the web, one host each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct HostView {
    pub host: String,
    pub reason: HostReason,
}

/// Why a host may be contacted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind", content = "channel")]
pub enum HostReason {
    /// WeChat's interface: usage, orders, allocations.
    WechatApi,
    /// The same at another address, when the first cannot be reached.
    WechatApiFallback,
    /// WeChat's console, in a window of its own.
    Console,
    /// The shop's member-card platform.
    MemberCard,
    /// Alerts go there.
    Channel(ChannelKind),
}
