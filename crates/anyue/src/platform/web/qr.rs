//! A link as a QR code: an SVG that is part of the page, so that it prints and needs no second request; or a PNG, for
//! keeping it among one's photos.

use std::fmt::Write as _;

use qrcode::{Color, EcLevel, QrCode};

use crate::platform::error::{Error, Result};

/// Modules of white around a code.
const QUIET: usize = 4;

/// The code of a link, as SVG text that a screen reader calls by its label; empty for a text too long for any code.
pub fn svg(link: &str, label: &str) -> String {
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
        "<svg class=\"qr\" role=\"img\" aria-label=\"{label}\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path d=\"{path}\"/></svg>"
    )
}

/// The code of a link as a PNG in black and white, each module so many pixels wide.
pub fn png(link: &str, module: usize) -> Result<Vec<u8>> {
    let code = QrCode::with_error_correction_level(link, EcLevel::M).map_err(Error::internal)?;
    let (width, colours) = (code.width(), code.to_colors());
    let side = (width + 2 * QUIET) * module;
    let is_dark = |x: usize, y: usize| {
        let place = |at: usize| (at / module).checked_sub(QUIET).filter(|at| *at < width);
        matches!((place(x), place(y)), (Some(x), Some(y)) if colours[y * width + x] == Color::Dark)
    };
    let mut bytes = Vec::new();
    let pixels = u32::try_from(side).map_err(Error::internal)?;
    let mut encoder = png::Encoder::new(&mut bytes, pixels, pixels);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    let mut rows = Vec::with_capacity(side * side.div_ceil(8));
    for y in 0..side {
        for first in (0..side).step_by(8) {
            let light = (first..first + 8).map(|x| u8::from(!is_dark(x, y)));
            rows.push(light.fold(0, |byte, bit| byte << 1 | bit));
        }
    }
    let mut writer = encoder.write_header().map_err(Error::internal)?;
    writer.write_image_data(&rows).map_err(Error::internal)?;
    writer.finish().map_err(Error::internal)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::{png, svg};

    #[test]
    fn a_code_is_also_a_picture() {
        let picture = png("https://anyue.example.gov.cn/verify?c=AY1.x", 8).unwrap();
        assert!(picture.starts_with(b"\x89PNG") && picture.len() < 4_000, "{}", picture.len());
        assert!(png(&"x".repeat(9_000), 8).is_err());
    }

    #[test]
    fn a_link_becomes_one_small_picture() {
        let picture =
            svg("https://anyue.example.gov.cn/join/0123456789012345678901234567890123456789012", "登录链接的二维码");
        assert!(picture.starts_with("<svg") && picture.ends_with("</svg>"));
        assert!(picture.len() < 12_000, "{}", picture.len());
    }
}
