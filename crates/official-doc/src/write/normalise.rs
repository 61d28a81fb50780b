//! Text as an official document prints it: digits half-width, punctuation full-width where it is Chinese.

/// What XML cannot hold taken out; every kind of line end is a line feed.
pub(super) fn clean(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.chars()
        .filter(|c| matches!(c, '\n' | '\t') || !(c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}')))
        .collect()
}

/// A text as it is printed. Every character stays one, and doing it twice changes nothing more.
///
/// Digits and Latin letters become half-width, ﹝﹞ become 〔〕. Commas, colons, semicolons, question and
/// exclamation marks after a Chinese character become full-width; so do a full stop at the end of a sentence, and
/// round brackets and straight quotation marks around Chinese text. 8:30, 1,200 and addresses stay as they are.
pub fn normalise(text: &str) -> String {
    let mut chars: Vec<char> = clean(text).chars().map(plain).collect();
    pair_up(&mut chars, '(', ')', '（', '）');
    pair_up(&mut chars, '"', '"', '“', '”');
    for index in 0..chars.len() {
        let before = index.checked_sub(1).map(|before| chars[before]);
        if !before.is_some_and(is_chinese) {
            continue;
        }
        let after = chars.get(index + 1).copied();
        chars[index] = match chars[index] {
            ',' => '，',
            ':' => '：',
            ';' => '；',
            '?' => '？',
            '!' => '！',
            '.' if after.is_none_or(|after| is_chinese(after) || after == '\n') => '。',
            other => other,
        };
    }
    chars.into_iter().collect()
}

fn plain(c: char) -> char {
    match c {
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '﹝' => '〔',
        '﹞' => '〕',
        other => other,
    }
}

fn is_character(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}' | '\u{20000}'..='\u{323AF}' | '〇')
}

/// Chinese characters and the marks that close Chinese text.
fn is_chinese(c: char) -> bool {
    is_character(c) || matches!(c, '》' | '”' | '）' | '〕')
}

/// Brackets or quotation marks in the same line that hold Chinese text, or stand in it.
fn pair_up(chars: &mut [char], open: char, close: char, opened: char, closed: char) {
    let mut begun: Vec<usize> = Vec::new();
    for index in 0..chars.len() {
        let c = chars[index];
        if c == '\n' {
            begun.clear();
        } else if c == close && (open != close || !begun.is_empty()) {
            let Some(start) = begun.pop() else { continue };
            let in_chinese = start > 0 && is_character(chars[start - 1]);
            if in_chinese || chars[start..index].iter().copied().any(is_character) {
                chars[start] = opened;
                chars[index] = closed;
            }
        } else if c == open {
            begun.push(index);
        }
    }
}

/// A 发文字号 put right: no blanks, six-cornered brackets around the year, no 第, no leading zeros \[K\]. What is not
/// of that form, such as 第5期, is only [`normalise`]d.
pub fn doc_number(number: &str) -> String {
    let tight: String = number.chars().filter(|c| !c.is_whitespace()).collect();
    let tight = normalise(&tight);
    number_parts(&tight).unwrap_or(tight)
}

fn number_parts(tight: &str) -> Option<String> {
    let open = tight.rfind(['〔', '[', '［', '(', '（', '【'])?;
    let (code, rest) = tight.split_at(open);
    let mut rest = rest.chars();
    rest.next()?;
    let rest = rest.as_str();
    let close = rest.find(['〕', ']', '］', ')', '）', '】'])?;
    let (year, serial) = rest.split_at(close);
    let mut serial = serial.chars();
    serial.next()?;
    let serial = serial.as_str().trim_start_matches('第').strip_suffix('号')?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if code.is_empty() || year.len() != 4 || !digits(year) || !digits(serial) {
        return None;
    }
    let serial = serial.trim_start_matches('0');
    (!serial.is_empty()).then(|| format!("{code}〔{year}〕{serial}号"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn chinese_text_has_chinese_marks_and_the_rest_keeps_its_own() {
        for (given, expected) in [
            ("时间:8:30,地点:镇政府", "时间：8:30,地点：镇政府"),
            ("各村、各厂矿企业,相关单位", "各村、各厂矿企业，相关单位"),
            ("第２１个\"安全生产月\"活动", "第21个“安全生产月”活动"),
            ("反馈表(附件2)请于6月20日前报送.", "反馈表（附件2）请于6月20日前报送。"),
            ("见附件.docx", "见附件.docx"),
            ("经费1,200元;邮箱 a.b@example.cn", "经费1,200元；邮箱 a.b@example.cn"),
            ("某政发﹝2022﹞121号", "某政发〔2022〕121号"),
            ("f(x) \"as is\" (2)", "f(x) \"as is\" (2)"),
        ] {
            assert_eq!(normalise(given), expected);
        }
    }

    #[test]
    fn numbers_of_documents_are_put_right() {
        for given in ["青政发[2022]012号", "青政发 ﹝2022﹞ 第12 号", "青政发(2022)12号", "青政发〔２０２２〕12号"]
        {
            assert_eq!(doc_number(given), "青政发〔2022〕12号");
        }
        for kept in ["第5期", "岚安函2015〔33〕号", "（未编号）", "青政发〔2022〕0号", ""] {
            assert_eq!(doc_number(kept), kept);
        }
    }

    proptest! {
        #[test]
        fn putting_right_twice_changes_nothing_more(text in "[\\PC\\n\\t安月，。（）(),.:;?!\"“”0-9a]{0,60}") {
            let once = normalise(&text);
            prop_assert_eq!(normalise(&once), once.clone());
            prop_assert_eq!(once.chars().count(), clean(&text).chars().count());
            let number = doc_number(&text);
            prop_assert_eq!(doc_number(&number), number.clone());
        }
    }
}
