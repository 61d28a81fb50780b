//! In which clause of a notice a line stands: 五/（四）.

use std::collections::BTreeSet;

use super::plan::{Plan, PlannedActivity};

/// The headings of a document, by line.
pub(super) struct Clauses<'a> {
    plan: &'a Plan,
    /// Line and the path that begins there.
    paths: Vec<(i64, String)>,
}

impl<'a> Clauses<'a> {
    pub(super) fn new(plan: &'a Plan, lines: &[String]) -> Self {
        let lost: BTreeSet<i64> =
            plan.warnings.iter().filter(|w| w.code == "heading_number_lost").filter_map(|w| w.line).collect();
        let (mut path, mut paths): (Vec<String>, Vec<(i64, String)>) = (Vec::new(), Vec::new());
        let mut count = 0;
        for (line, number) in lines.iter().zip(1..) {
            let (level, label) = if lost.contains(&number) {
                (0, numeral(count + 1))
            } else {
                match heading(line) {
                    Some(found) => found,
                    None => continue,
                }
            };
            if level == 0 {
                count = (1..=30).find(|n| numeral(*n) == label).unwrap_or(count + 1);
            }
            path.truncate(level);
            path.push(label);
            paths.push((number, path.join("/")));
        }
        Self { plan, paths }
    }

    /// The clause in which lines stand: the activity's own when there is one, else the last heading before.
    pub(super) fn of(&self, lines: (i64, i64)) -> String {
        let within = |activity: &&PlannedActivity| activity.lines.0 <= lines.0 && lines.1 <= activity.lines.1;
        let activity = self.plan.activities.iter().filter(within).min_by_key(|a| a.lines.1 - a.lines.0);
        if let Some(clause) = activity.and_then(|activity| activity.clause.clone()) {
            return clause;
        }
        self.paths.iter().rev().find(|(line, _)| *line <= lines.0).map(|(_, path)| path.clone()).unwrap_or_default()
    }
}

/// Level and label of a numbered heading: `四、` 0, `（五）` 1, `3.` 2.
fn heading(line: &str) -> Option<(usize, String)> {
    const NUMERALS: &str = "一二三四五六七八九十";
    let text = line.trim_start_matches([' ', '\u{3000}', '\t']);
    let numerals: String = text.chars().take_while(|c| NUMERALS.contains(*c)).collect();
    if !numerals.is_empty() {
        let rest = &text[numerals.len()..];
        return rest.starts_with(['、', '．', '.']).then_some((0, numerals));
    }
    if let Some(inside) = text.strip_prefix(['（', '(']) {
        let numerals: String = inside.chars().take_while(|c| NUMERALS.contains(*c)).collect();
        let closed = inside[numerals.len()..].starts_with(['）', ')']);
        return (!numerals.is_empty() && closed).then(|| (1, format!("（{numerals}）")));
    }
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    let rest = &text[digits.len()..];
    let next_is_digit = rest.chars().nth(1).is_some_and(|c| c.is_ascii_digit());
    ((1..=2).contains(&digits.len()) && rest.starts_with(['.', '．', '、']) && !next_is_digit).then_some((2, digits))
}

fn numeral(n: usize) -> String {
    const DIGITS: [&str; 11] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];
    match n {
        0..=10 => DIGITS[n].to_owned(),
        11..=19 => format!("十{}", DIGITS[n - 10]),
        _ => format!("{}十{}", DIGITS[(n / 10).min(10)], DIGITS[n % 10]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_told_from_numbers_in_the_text() {
        let table = [
            ("四、活动内容", Some((0, "四"))),
            ("　　（十二）其他", Some((1, "（十二）"))),
            ("3.发放资料", Some((2, "3"))),
            ("2022.6.1起", None),
            ("6.16咨询日", None),
            ("一批典型", None),
            ("（见附件）", None),
        ];
        for (line, expected) in table {
            assert_eq!(heading(line), expected.map(|(level, label)| (level, label.to_owned())), "{line}");
        }
    }
}
