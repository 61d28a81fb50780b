//! A link as a QR code: an SVG that is part of the page, so that it prints and needs no second request.

use std::fmt::Write as _;

use qrcode::{Color, EcLevel, QrCode};

/// The code of a link, as SVG text; empty for a text too long for any code.
pub fn svg(link: &str) -> String {
    const QUIET: usize = 4;
    let Ok(code) = QrCode::with_error_correction_level(link, EcLevel::M) else { return String::new() };
    let width = code.width();
    let side = width + 2 * QUIET;
    let mut path = String::new();
    for (row, modules) in code.to_colors().chunks(width).enumerate() {
        let mut column = 0;
        while column < width {
            let dark = modules[column..].iter().take_while(|module| **module == Color::Dark).count();
            if dark > 0 {
                let _ = write!(path, "M{} {}h{dark}v1h-{dark}z", column + QUIET, row + QUIET);
            }
            column += dark.max(1);
        }
    }
    format!(
        "<svg class=\"qr\" role=\"img\" aria-label=\"登录链接的二维码\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path d=\"{path}\"/></svg>"
    )
}

#[cfg(test)]
mod tests {
    use super::svg;

    #[test]
    fn a_link_becomes_one_small_picture() {
        let picture = svg("https://anyue.example.gov.cn/join/0123456789012345678901234567890123456789012");
        assert!(picture.starts_with("<svg") && picture.ends_with("</svg>"));
        assert!(picture.len() < 12_000, "{}", picture.len());
    }
}
