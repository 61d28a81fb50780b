//! Colours of an embedded profile to sRGB, which is what a picture without a profile means.

use std::panic::{AssertUnwindSafe, catch_unwind};

use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};

/// Profiles larger than this are left alone: those of cameras and screens have a few kilobytes.
const LARGEST: usize = 4 << 20;

/// Turns RGB pixels of the profile into sRGB. `None`: they may stay as they are, because the profile is sRGB in all but
/// name, is for no RGB picture, or cannot be read.
pub(crate) fn to_srgb(profile: &[u8], rgb: &[u8]) -> Option<Vec<u8>> {
    if profile.len() > LARGEST {
        return None;
    }
    // The profile comes from a stranger; the parser promises not to panic, and we do not depend on it.
    catch_unwind(AssertUnwindSafe(|| {
        let source = ColorProfile::new_from_slice(profile).ok()?;
        if source.color_space != DataColorSpace::Rgb {
            return None;
        }
        let target = ColorProfile::new_srgb();
        let transform =
            source.create_transform_8bit(Layout::Rgb, &target, Layout::Rgb, TransformOptions::default()).ok()?;
        let probe: Vec<u8> = (0..125u8).flat_map(|i| [i % 5, i / 5 % 5, i / 25].map(|step| step * 63)).collect();
        let mut probed = vec![0; probe.len()];
        transform.transform(&probe, &mut probed).ok()?;
        if probe.iter().zip(&probed).all(|(a, b)| a.abs_diff(*b) <= 2) {
            return None;
        }
        let mut out = vec![0; rgb.len()];
        transform.transform(rgb, &mut out).ok()?;
        Some(out)
    }))
    .ok()
    .flatten()
}
