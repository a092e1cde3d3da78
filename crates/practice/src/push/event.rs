//! The charge events and their fields, in the order of the pages **W**.

use super::address::Format;
use crate::ids;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// One value. Ids in events of providers are text; spu ids and quantities in alerts are numbers, unlike in answers **W**.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Value {
    Text(String),
    Number(i64),
}

/// Fields in their order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Fields(pub(crate) Vec<(String, Value)>);

impl Fields {
    /// What every event begins with.
    pub(crate) fn begin(app_id: &str, event: &str, event_type: i64, now: DateTime<Utc>) -> Self {
        Self(Vec::new())
            .text("ToUserName", &ids::original_id(app_id))
            .text("FromUserName", &ids::openid("wechat", 0))
            .number("CreateTime", now.timestamp())
            .text("MsgType", "event")
            .text("Event", event)
            .number("event_type", event_type)
    }

    pub(crate) fn text(mut self, name: &str, value: &str) -> Self {
        self.0.push((name.to_owned(), Value::Text(value.to_owned())));
        self
    }

    pub(crate) fn number(mut self, name: &str, value: i64) -> Self {
        self.0.push((name.to_owned(), Value::Number(value)));
        self
    }

    /// The text of a field.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find_map(|(known, value)| match value {
            Value::Text(text) if known == name => Some(text.as_str()),
            _ => None,
        })
    }

    /// As a body.
    pub(crate) fn write(&self, format: Format) -> String {
        match format {
            Format::Json => self.json(),
            Format::Xml => self.xml(),
        }
    }

    fn json(&self) -> String {
        let quoted = |text: &str| serde_json::Value::from(text).to_string();
        let pair = |(name, value): &(String, Value)| match value {
            Value::Text(text) => format!("{}:{}", quoted(name), quoted(text)),
            Value::Number(number) => format!("{}:{number}", quoted(name)),
        };
        format!("{{{}}}", self.0.iter().map(pair).collect::<Vec<_>>().join(","))
    }

    /// Flat, with text in CDATA, as on the pages. Names are ours and need no escaping.
    fn xml(&self) -> String {
        let element = |(name, value): &(String, Value)| match value {
            Value::Text(text) => {
                format!("<{name}><![CDATA[{}]]></{name}>", text.replace("]]>", "]]]]><![CDATA[>"))
            }
            Value::Number(number) => format!("<{name}>{number}</{name}>"),
        };
        format!("<xml>{}</xml>", self.0.iter().map(element).collect::<String>())
    }
}

#[cfg(test)]
mod tests {
    use super::{Fields, Format};

    #[test]
    fn text_cannot_break_out() {
        let fields = Fields(Vec::new()).text("name", "a]]><b>\"").number("count", 7);
        assert_eq!(fields.write(Format::Json), r#"{"name":"a]]><b>\"","count":7}"#);
        let xml = "<xml><name><![CDATA[a]]]]><![CDATA[><b>\"]]></name><count>7</count></xml>";
        assert_eq!(fields.write(Format::Xml), xml);
    }
}
