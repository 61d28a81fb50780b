//! Long titles broken by sense, their lines of much the same length \[K\].

use super::geometry::width;

/// Characters of 2号 that a line of the type area holds.
const WIDEST: f64 = 19.5;
/// No title of the world has more.
const MOST_LINES: usize = 6;

/// What may not begin a line.
const NEVER_FIRST: &str = "的了之、，。：；！？”’）》〕…—%年月日号第个次";
/// What may not end one.
const NEVER_LAST: &str = "“‘（《〔第对将向在为和与及于";
/// Before these a break reads well.
const BEFORE: [&str; 25] = [
    "关于",
    "《",
    "和",
    "开展",
    "印发",
    "转发",
    "做好",
    "加强",
    "组织",
    "进一步",
    "认真",
    "全面",
    "深入",
    "落实",
    "推进",
    "召开",
    "举办",
    "申请",
    "请求",
    "有关",
    "情况",
    "工作",
    "活动",
    "专项",
    "实施",
];
/// After these too.
const AFTER: [&str; 13] =
    ["人民政府", "委员会", "办公室", "》", "”", "、", "活动", "工作", "行动", "的", "会议", "全镇", "全县"];

/// The lines of a title. Lines given by line feeds are kept.
pub(super) fn lines(title: &str) -> Vec<String> {
    title.trim().split('\n').flat_map(|line| balance(line.trim())).collect()
}

fn balance(title: &str) -> Vec<String> {
    let count = (width(title) / WIDEST).ceil() as usize;
    if count <= 1 || count > MOST_LINES {
        return vec![title.to_owned()];
    }
    let chars: Vec<char> = title.chars().collect();
    let even = width(title) / count as f64;
    // The cheapest way to have so many lines end before each character: what it costs and where the last one began.
    let mut ways = vec![vec![None; chars.len() + 1]; count + 1];
    ways[0][0] = Some((0.0, 0));
    for line in 1..=count {
        for start in 0..chars.len() {
            let Some((so_far, _)) = ways[line - 1][start] else { continue };
            let mut wide = 0.0;
            for end in start + 1..=chars.len() {
                wide += if chars[end - 1].is_ascii() { 0.5 } else { 1.0 };
                if wide > WIDEST {
                    break;
                }
                let cost = so_far + (wide - even).powi(2) * 0.25 + sense(&chars, end);
                if ways[line][end].is_none_or(|(least, _)| cost < least) {
                    ways[line][end] = Some((cost, start));
                }
            }
        }
    }
    let mut lines = Vec::new();
    let mut end = chars.len();
    for line in (1..=count).rev() {
        let Some((_, start)) = ways[line][end] else {
            return vec![title.to_owned()];
        };
        lines.push(chars[start..end].iter().collect());
        end = start;
    }
    lines.reverse();
    lines
}

/// What a break before this character costs.
fn sense(chars: &[char], at: usize) -> f64 {
    let (before, after) = chars.split_at(at);
    let (Some(last), Some(first)) = (before.last(), after.first()) else {
        return 0.0;
    };
    let number = last.is_ascii_alphanumeric() && first.is_ascii_alphanumeric();
    if NEVER_FIRST.contains(*first) || NEVER_LAST.contains(*last) || number {
        return 200.0;
    }
    if BEFORE.iter().chain(&AFTER).any(|word| splits(before, after, word)) {
        return 60.0;
    }
    if ends(before, "关于") {
        return 20.0;
    }
    // A name in quotation marks stays whole where it can.
    let open =
        |begin, end| before.iter().filter(|c| **c == begin).count() > before.iter().filter(|c| **c == end).count();
    let torn = if open('“', '”') { 40.0 } else { 0.0 } + if open('《', '》') { 6.0 } else { 0.0 };
    let (ended, begun) = (AFTER.iter().any(|word| ends(before, word)), BEFORE.iter().any(|word| begins(after, word)));
    let words = match (ended, begun) {
        // The issuer on a line of its own.
        (true, true) if begins(after, "关于") => -15.0,
        (_, true) if begins(after, "关于") || begins(after, "《") => 0.0,
        (true, true) => 0.0,
        (true, false) | (false, true) => 3.0,
        (false, false) => 12.0,
    };
    words + torn
}

/// Whether the break is inside this word.
fn splits(before: &[char], after: &[char], word: &str) -> bool {
    word.char_indices().skip(1).any(|(at, _)| ends(before, &word[..at]) && begins(after, &word[at..]))
}

fn begins(chars: &[char], word: &str) -> bool {
    word.chars().enumerate().all(|(index, c)| chars.get(index) == Some(&c))
}

fn ends(chars: &[char], word: &str) -> bool {
    let start = chars.len().saturating_sub(word.chars().count());
    chars[start..].iter().copied().eq(word.chars())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_titles_are_broken_by_sense() {
        for expected in [
            &["关于做好防汛工作的通知"][..],
            &["关于开展2022年全镇“安全生产月”", "和“安全生产草原行”活动的通知"],
            &["白银镇人民政府", "关于2022年上半年安全生产工作情况的报告"],
            &["关于请求解决村级微型", "消防站建设资金的请示"],
            &["关于印发《白银镇自建房安全", "专项整治实施方案》的通知"],
            &["白银镇人民政府办公室", "关于转发《县安全生产委员会关于开展", "“安全生产月”活动的通知》的通知"],
        ] {
            assert_eq!(lines(&expected.concat()), expected);
        }
    }

    #[test]
    fn given_lines_are_kept_and_nothing_is_lost() {
        assert_eq!(lines("关于做好\n防汛工作的通知"), ["关于做好", "防汛工作的通知"]);
        let long = "一二三四五六七八九十".repeat(12);
        assert_eq!(lines(&long).concat(), long);
        let latin = "x".repeat(200);
        assert_eq!(lines(&latin).concat(), latin);
        assert_eq!(lines(""), [""]);
    }
}
