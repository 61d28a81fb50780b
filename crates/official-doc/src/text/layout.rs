//! Characters placed on a page to the lines a reader sees. Shared by OFD and PDF.

/// One character where it stands, in any unit, y growing downwards.
#[derive(Debug, Clone, Copy)]
pub(super) struct Glyph {
    pub(super) x: f32,
    /// The baseline.
    pub(super) y: f32,
    /// How far it moves the next one.
    pub(super) width: f32,
    /// Its height on the page.
    pub(super) size: f32,
    pub(super) c: char,
}

/// What stands for a character that has no meaning without its font.
pub(super) const UNREADABLE: char = '□';

/// Groups by baseline and orders from left to right. Blank lines are not made up.
pub(super) fn lines(mut glyphs: Vec<Glyph>) -> Vec<String> {
    glyphs.retain(|glyph| [glyph.x, glyph.y, glyph.width, glyph.size].iter().all(|n| n.is_finite() && n.abs() < 1e6));
    glyphs.sort_by(|a, b| a.y.total_cmp(&b.y));
    let mut lines = Vec::new();
    let mut rest = glyphs.as_mut_slice();
    while let Some(first) = rest.first().copied() {
        let end = rest.partition_point(|glyph| glyph.y - first.y <= 0.4 * first.size);
        let (line, others) = rest.split_at_mut(end.max(1));
        line.sort_by(|a, b| a.x.total_cmp(&b.x));
        let text = text(line);
        if !text.is_empty() {
            lines.push(text);
        }
        rest = others;
    }
    lines
}

/// The text of one line, with a space where the page has a gap.
fn text(line: &[Glyph]) -> String {
    let mut text = String::new();
    let mut last: Option<&Glyph> = None;
    for glyph in line {
        if let Some(last) = last {
            let size = last.size.max(glyph.size).max(f32::MIN_POSITIVE);
            // Bold is sometimes faked by printing twice.
            if last.c == glyph.c && (glyph.x - last.x).abs() < 0.2 * size && (glyph.y - last.y).abs() < 0.2 * size {
                continue;
            }
            let gap = (glyph.x - last.x - last.width) / size;
            let wordy = last.c.is_ascii_alphanumeric() && glyph.c.is_ascii_alphanumeric();
            if (gap > 0.8 || (wordy && gap > 0.2)) && !text.ends_with(' ') && glyph.c != ' ' {
                text.push(' ');
            }
        }
        text.push(glyph.c);
        last = Some(glyph);
    }
    text.trim().to_owned()
}

/// Characters that fonts without a proper table leave behind.
pub(super) fn is_unreadable(c: char) -> bool {
    c.is_control() && c != '\t' || matches!(c, '\u{FFFD}' | '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(x: f32, y: f32, text: &str) -> Vec<Glyph> {
        let place = |(index, c)| Glyph { x: x + 10.0 * index as f32, y, width: 10.0, size: 10.0, c };
        text.chars().enumerate().map(place).collect()
    }

    #[test]
    fn pieces_of_a_line_come_together_whatever_their_order() {
        let glyphs = [word(40.0, 20.5, "月”活动"), word(0.0, 20.0, "“安全生"), word(0.0, 0.0, "通知")].concat();
        assert_eq!(lines(glyphs), ["通知", "“安全生月”活动"]);
    }

    #[test]
    fn a_gap_is_a_space_and_a_double_print_is_one() {
        let glyphs = [word(0.0, 0.0, "单位"), word(50.0, 0.0, "时间"), word(50.4, 0.1, "时间")].concat();
        assert_eq!(lines(glyphs), ["单位 时间"]);
    }

    #[test]
    fn odd_numbers_do_no_harm() {
        let odd = |x, y| Glyph { x, y, width: 0.0, size: 0.0, c: 'x' };
        assert_eq!(lines(vec![odd(f32::NAN, 0.0), odd(0.0, f32::INFINITY), odd(0.0, 0.0)]), ["x"]);
    }
}
