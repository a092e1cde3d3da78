//! Cuts tokens and secrets out of what is stored of a call.

use serde_json::Value;

/// Parameters and fields whose values are worth stealing.
const SECRETS: [&str; 8] = [
    "access_token",
    "component_access_token",
    "secret",
    "appsecret",
    "component_appsecret",
    "component_verify_ticket",
    "authorizer_refresh_token",
    "code",
];

/// How much of a secret stays to recognise it by; the platform's own sample shows as much.
const KEPT: usize = 6;

fn cut(secret: &str) -> String {
    secret.chars().take(KEPT).chain("xxxx".chars()).collect()
}

/// Parameters of an address.
pub(crate) fn parameters(query: &str) -> String {
    let mut kept = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        if SECRETS.contains(&name.as_ref()) {
            kept.append_pair(&name, &cut(&value));
        } else {
            kept.append_pair(&name, &value);
        }
    }
    kept.finish()
}

/// A JSON body. Anything but a JSON object is dropped: it may hold a secret.
pub(crate) fn body(body: &[u8]) -> String {
    let Ok(Value::Object(mut object)) = serde_json::from_slice(body) else { return String::new() };
    for (name, value) in &mut object {
        if let Value::String(text) = value
            && SECRETS.contains(&name.as_str())
        {
            *text = cut(text);
        }
    }
    Value::Object(object).to_string()
}

#[cfg(test)]
mod tests {
    use super::{body, parameters};

    #[test]
    fn secrets_are_cut_and_everything_else_stays() {
        let planted = "0123456789abcdef";
        let kept = parameters(&format!("access_token={planted}&spuId=10000077&secret={planted}"));
        assert_eq!(kept, "access_token=012345xxxx&spuId=10000077&secret=012345xxxx");
        let kept = body(format!("{{\"appid\":\"wx1\",\"secret\":\"{planted}\"}}").as_bytes());
        assert_eq!(kept, "{\"appid\":\"wx1\",\"secret\":\"012345xxxx\"}");
        assert_eq!(body(format!("secret={planted}").as_bytes()), "");
    }
}
