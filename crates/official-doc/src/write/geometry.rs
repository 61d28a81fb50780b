//! The measures of GB/T 9704-2012 in the units of OOXML: twips, a twentieth of a point.

/// Millimetres in twips.
pub(super) fn mm(millimetres: f64) -> i64 {
    (millimetres * 1_440.0 / 25.4).round() as i64
}

/// Millimetres in EMU, the unit of drawings.
pub(super) fn emu(millimetres: f64) -> i64 {
    (millimetres * 36_000.0).round() as i64
}

/// A4, 210 × 297 mm \[S\].
pub(super) const PAGE_WIDTH: i64 = 11_906;
pub(super) const PAGE_HEIGHT: i64 = 16_838;
/// 天头 37 mm \[S\].
pub(super) const TOP: i64 = 2_098;
/// 35 mm, what 天头 and the type area of 225 mm leave \[S\].
pub(super) const BOTTOM: i64 = 1_984;
/// 订口 28 mm \[S\].
pub(super) const LEFT: i64 = 1_587;
/// 26 mm, what 订口 and the type area of 156 mm leave \[S\].
pub(super) const RIGHT: i64 = 1_474;
/// 版心: 156 mm.
pub(super) const TYPE_WIDTH: i64 = PAGE_WIDTH - LEFT - RIGHT;
/// 版心: 225 mm.
pub(super) const TYPE_HEIGHT: i64 = PAGE_HEIGHT - TOP - BOTTOM;

/// 行: 22 of them must not be higher than the type area \[S\], and 580 would be.
pub(super) const LINE: i64 = 579;
/// Characters a line \[S\].
pub(super) const CHARACTERS: f64 = 28.0;
/// What a 3号 character (16 pt) is widened by in the grid, in 4096ths of a point: 28 fill 156 mm \[S\].
pub(super) const CHAR_SPACE: i64 = -848;
/// The same as spacing of the characters themselves, in twips, for programs whose grid cannot narrow them. A little
/// more than the grid's, because LibreOffice makes its lines whole cells of 15.7 pt; justified they fill the line.
pub(super) const NARROWER: i64 = -6;

/// So many 字 in twips.
pub(super) fn chars(count: f64) -> i64 {
    (count * TYPE_WIDTH as f64 / CHARACTERS).round() as i64
}

/// Where the baseline stands in a line of exact height, from its top. Word and LibreOffice agree on four fifths.
pub(super) const BASELINE: f64 = 0.8;
/// How far the ink of Chinese characters reaches above and below the baseline, in parts of their size. Faces differ
/// by two hundredths.
pub(super) const INK_ABOVE: f64 = 0.845;
pub(super) const INK_BELOW: f64 = 0.105;

/// From the page's edge to the lower edge of its foot, 24.8 mm: the dashes of a page number in 4号 come to stand 7 mm
/// below the type area \[K\].
pub(super) const FOOTER: i64 = 1_406;
/// Height of that line.
pub(super) const FOOTER_LINE: i64 = 400;

/// Height of a letter's double line, in millimetres.
pub(super) const DOUBLE_LINE: f64 = 1.7;

/// Half-points: 2号, 3号 and 4号.
pub(super) const SIZE_2: u32 = 44;
pub(super) const SIZE_3: u32 = 32;
pub(super) const SIZE_4: u32 = 28;

/// Red, as on screens and in PDF; in print Y80 % M80 % \[S\].
pub(super) const RED: &str = "FF0000";

/// Width of a text in 字: what is not a Chinese character is half of one.
pub(super) fn width(text: &str) -> f64 {
    text.chars().map(|c| if c.is_ascii() { 0.5 } else { 1.0 }).sum()
}
