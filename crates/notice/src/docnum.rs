//! 发文字号: reading one, and telling whether it is whole.

use crate::chars::{digits, is_han};

/// How well a number can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Legible {
    Whole,
    /// Year and serial can be told apart, but a bracket or 号 is missing.
    Damaged,
    Lost,
    Redacted,
}

const OPEN: &[char] = &['〔', '[', '（', '【', '﹝', '［', '{'];
const CLOSE: &[char] = &['〕', ']', '）', '】', '﹞', '］', '}'];

/// Reads the slice as a 发文字号 and nothing else.
pub(crate) fn read(t: &[char]) -> Option<Legible> {
    let letters = t.iter().take_while(|c| is_han(**c) || matches!(c, 'x' | 'X' | '×' | '*' | '·')).count();
    if !(2..=18).contains(&letters) || letters == t.len() {
        return None;
    }
    let masked = |s: &[char]| s.iter().any(|c| matches!(c, 'x' | 'X' | '×' | '*' | '某'));
    let mut i = letters;
    let opened = OPEN.contains(&t[i]);
    i += usize::from(opened);
    let year_at = i;
    let run = |from: usize| t[from.min(t.len())..].iter().take_while(|c| c.is_ascii_digit()).count();
    let n = run(i);
    i += n;
    let closed = t.get(i).is_some_and(|c| CLOSE.contains(c));
    let rest = &t[(i + usize::from(closed)).min(t.len())..];
    let ends = t.last() == Some(&'号');
    if masked(&t[1..]) && (ends || opened) {
        return Some(Legible::Redacted);
    }
    if t[..letters].last() == Some(&'第') || !(opened || closed || n >= 4) {
        return None;
    }
    let year = n == 4 && digits(t, year_at, 4).is_some_and(|(y, _)| (1950..2100).contains(&y));
    // 兴安字2013〔11〕号: the bracket stands round the serial.
    if !opened && year && t.get(i).is_some_and(|c| OPEN.contains(c)) {
        let m = run(i + 1);
        let shut = t.get(i + 1 + m).is_some_and(|c| CLOSE.contains(c));
        let end = t.get(i + 2 + m) == Some(&'号') && t.len() == i + 3 + m;
        return (m > 0 && shut && end).then_some(Legible::Whole);
    }
    if year && closed {
        let skip = usize::from(rest.first() == Some(&'第'));
        let m = rest[skip..].iter().take_while(|c| c.is_ascii_digit()).count();
        let after = &rest[skip + m..];
        if m == 0 || m > 6 {
            return after.is_empty().then_some(Legible::Lost);
        }
        return match after {
            ['号'] if opened => Some(Legible::Whole),
            ['号'] | [] => Some(Legible::Damaged),
            _ => None,
        };
    }
    // Year and serial ran together, or the year is gone.
    let junk = t[letters..].iter().all(|c| c.is_ascii_digit() || OPEN.contains(c) || CLOSE.contains(c) || *c == '号');
    (junk && (opened || closed || ends && n >= 5)).then_some(Legible::Lost)
}

/// Whether a whole number stands somewhere in the text.
pub(crate) fn mentioned(t: &[char]) -> Option<usize> {
    (0..t.len()).find(|&i| {
        if !OPEN.contains(&t[i]) || i == 0 || !(is_han(t[i - 1]) || t[i - 1].is_ascii_digit()) {
            return false;
        }
        let (inner, end) = match digits(t, i + 1, 4) {
            Some((v, e)) => (v, e),
            None => return false,
        };
        if !t.get(end).is_some_and(|c| CLOSE.contains(c)) {
            return false;
        }
        let year_inside = (1950..2100).contains(&inner);
        let serial = digits(t, end + 1, 5).map(|(_, e)| e);
        match serial {
            Some(e) => year_inside && t.get(e) == Some(&'号'),
            None => t.get(end + 1) == Some(&'号') && t[i - 1].is_ascii_digit(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Text;

    #[test]
    fn every_form_of_the_field_is_read_for_what_it_is() {
        let cases = [
            ("青政发﹝2022﹞121号", Some(Legible::Whole)),
            ("白政〔2013〕46号", Some(Legible::Whole)),
            ("禾政[2009]21号", Some(Legible::Whole)),
            ("兴府办文[2009]024号", Some(Legible::Whole)),
            ("白安委(2009)6号", Some(Legible::Whole)),
            ("岚卫办函〔2012〕192号", Some(Legible::Whole)),
            ("岚安办〔2019〕 22 号", Some(Legible::Whole)),
            ("兴安函2015〔33〕号", Some(Legible::Whole)),
            ("岚卫健函2024〕217", Some(Legible::Damaged)),
            ("岚安办发〔202424号", Some(Legible::Lost)),
            ("岚水函〔2022305号", Some(Legible::Lost)),
            ("岚安政法200639号", Some(Legible::Lost)),
            ("x安办〔2017〕x号", Some(Legible::Redacted)),
            ("岚政办发〔〕93号", Some(Legible::Lost)),
            ("蒙ICP备00000001号", None),
            ("各村、各企业", None),
            ("第21个全国", None),
        ];
        for (printed, expected) in cases {
            assert_eq!(read(&Text::from_line(printed, 1).c), expected, "{printed}");
        }
    }
}
