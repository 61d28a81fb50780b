//! Where a request comes from: an address for the limits on attempts, and a few words about the device for the
//! page of one's own sessions. The address is held in memory only.

use std::convert::Infallible;
use std::net::SocketAddr;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::header;
use axum::http::request::Parts;

use crate::App;
use crate::platform::web::guards::client_address;

/// Where a request comes from.
pub struct Visitor {
    /// Network address.
    pub address: String,
    /// `安卓手机 微信`
    pub device: String,
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let agent = parts.headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
        Ok(Self { address: client_address(app, &parts.headers, peer), device: device_label(agent) })
    }
}

/// A device in a few words, from what its browser says.
pub fn device_label(agent: &str) -> String {
    let has = |word: &str| agent.contains(word);
    let device = if has("OpenHarmony") || has("HarmonyOS") {
        "鸿蒙设备"
    } else if has("iPhone") {
        "苹果手机"
    } else if has("iPad") {
        "苹果平板"
    } else if has("Android") {
        if has("Mobile") { "安卓手机" } else { "安卓平板" }
    } else if has("Windows") {
        "Windows电脑"
    } else if has("Mac OS X") {
        "苹果电脑"
    } else if has("Linux") {
        "Linux电脑"
    } else {
        "其他设备"
    };
    let browser = if has("MicroMessenger") {
        "微信"
    } else if has("DingTalk") {
        "钉钉"
    } else if has("QQBrowser") {
        "QQ浏览器"
    } else if has("Edg/") {
        "Edge浏览器"
    } else if has("Firefox/") {
        "火狐浏览器"
    } else if has("Chrome/") {
        "谷歌内核浏览器"
    } else if has("Safari/") {
        "Safari浏览器"
    } else {
        "浏览器"
    };
    format!("{device}　{browser}")
}

#[cfg(test)]
mod tests {
    use super::device_label;

    #[test]
    fn a_device_is_named_in_a_few_words() {
        for (agent, label) in [
            (
                "Mozilla/5.0 (Linux; Android 12; V2055A) AppleWebKit/537.36 Chrome/86.0 MQQBrowser/6.2 Mobile Safari/537.36 MicroMessenger/8.0.30",
                "安卓手机　微信",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 16_0 like Mac OS X) AppleWebKit/605.1.15 Version/16.0 Mobile/15E148 Safari/604.1",
                "苹果手机　Safari浏览器",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36 Edg/120.0",
                "Windows电脑　Edge浏览器",
            ),
            ("", "其他设备　浏览器"),
        ] {
            assert_eq!(device_label(agent), label);
        }
    }
}
