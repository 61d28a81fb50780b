//! Numbers as Word prints them in automatic numbering (`w:numFmt`).

/// A number in a format; `None` for bullets and for formats without numbers.
pub(super) fn numeral(format: &str, number: u32) -> Option<String> {
    let text = match format {
        "none" | "bullet" => return None,
        "chineseCounting" if number > 99 => positional(number),
        "chineseCounting"
        | "chineseCountingThousand"
        | "taiwaneseCounting"
        | "taiwaneseCountingThousand"
        | "ideographLegalChinese" => counting(number, &CHINESE),
        "japaneseCounting" | "koreanCounting" => {
            // Japanese leaves out the one before a hundred and a thousand.
            let text = counting(number, &CHINESE);
            if (100..200).contains(&number) || (1_000..2_000).contains(&number) {
                text.replacen('一', "", 1)
            } else {
                text
            }
        }
        "chineseLegalSimplified" | "ideographLegalTraditional" | "japaneseLegal" => counting(number, &LEGAL),
        "ideographDigital" | "japaneseDigitalTenThousand" | "taiwaneseDigital" => positional(number),
        "ideographTraditional" => nth("甲乙丙丁戊己庚辛壬癸", number)?,
        "ideographZodiac" => nth("子丑寅卯辰巳午未申酉戌亥", number)?,
        "decimalZero" => format!("{number:02}"),
        "decimalFullWidth" | "decimalFullWidth2" => {
            number.to_string().chars().map(|digit| if digit == '0' { '０' } else { shifted('１', digit) }).collect()
        }
        "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" => match number {
            1..=20 => offset('①', number),
            21..=35 => offset('㉑', number - 20),
            36..=50 => offset('㊱', number - 35),
            _ => number.to_string(),
        },
        "decimalEnclosedParen" if (1..=20).contains(&number) => offset('⑴', number),
        "decimalEnclosedFullstop" if (1..=20).contains(&number) => offset('⒈', number),
        "ideographEnclosedCircle" if (1..=10).contains(&number) => offset('㊀', number),
        "upperLetter" => letters(number, 'A'),
        "lowerLetter" => letters(number, 'a'),
        "upperRoman" => roman(number),
        "lowerRoman" => roman(number).to_lowercase(),
        _ => number.to_string(),
    };
    Some(text)
}

const CHINESE: [&str; 13] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "百", "千"];
const LEGAL: [&str; 13] = ["零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖", "拾", "佰", "仟"];

/// 十, 十一, 二十, 一百零一; digits beyond 9999.
fn counting(number: u32, names: &[&str; 13]) -> String {
    if number == 0 || number > 9_999 {
        return number.to_string();
    }
    let mut text = String::new();
    let mut gap = false;
    for (place, unit) in [(1_000, names[12]), (100, names[11]), (10, names[10]), (1, "")] {
        match (number / place % 10) as usize {
            0 => gap = !text.is_empty(),
            digit => {
                if gap {
                    text.push_str(names[0]);
                    gap = false;
                }
                let silent = digit == 1 && place == 10 && text.is_empty();
                text.push_str(if silent { "" } else { names[digit] });
                text.push_str(unit);
            }
        }
    }
    text
}

/// 一〇, 一一: digit by digit.
fn positional(number: u32) -> String {
    number
        .to_string()
        .bytes()
        .map(|digit| if digit == b'0' { "〇" } else { CHINESE[usize::from(digit - b'0')] })
        .collect()
}

fn nth(names: &str, number: u32) -> Option<String> {
    let index = (number as usize).checked_sub(1)? % names.chars().count();
    names.chars().nth(index).map(String::from)
}

/// The `number`th character from `first` on.
fn offset(first: char, number: u32) -> String {
    char::from_u32(first as u32 + number - 1).map(String::from).unwrap_or_default()
}

fn shifted(one: char, digit: char) -> char {
    char::from_u32(one as u32 + digit as u32 - '1' as u32).unwrap_or(digit)
}

/// A … Z, AA, BB, … as Word counts. A list has no more than a few dozen; past that, digits.
fn letters(number: u32, first: char) -> String {
    match number {
        1..=260 => offset(first, (number - 1) % 26 + 1).repeat(((number - 1) / 26 + 1) as usize),
        _ => number.to_string(),
    }
}

fn roman(number: u32) -> String {
    if number == 0 || number > 3_999 {
        return number.to_string();
    }
    let steps = [
        (1_000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    let mut left = number;
    let mut text = String::new();
    for (value, sign) in steps {
        while left >= value {
            text.push_str(sign);
            left -= value;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_printed_as_word_prints_them() {
        for (format, number, expected) in [
            ("chineseCounting", 1, "一"),
            ("chineseCounting", 10, "十"),
            ("chineseCounting", 21, "二十一"),
            ("chineseCountingThousand", 11, "十一"),
            ("chineseCountingThousand", 101, "一百零一"),
            ("chineseCountingThousand", 1_010, "一千零一十"),
            ("japaneseCounting", 20, "二十"),
            ("japaneseCounting", 100, "百"),
            ("ideographDigital", 10, "一〇"),
            ("chineseLegalSimplified", 3, "叁"),
            ("ideographTraditional", 2, "乙"),
            ("decimalEnclosedCircle", 3, "③"),
            ("decimalFullWidth", 10, "１０"),
            ("decimalZero", 7, "07"),
            ("upperLetter", 28, "BB"),
            ("lowerRoman", 4, "iv"),
            ("decimal", 12, "12"),
            ("anything else", 5, "5"),
        ] {
            assert_eq!(numeral(format, number).as_deref(), Some(expected), "{format} {number}");
        }
        assert_eq!(numeral("bullet", 1), None);
    }

    #[test]
    fn no_number_is_too_odd() {
        for format in ["chineseCounting", "upperLetter", "upperRoman", "ideographZodiac", "decimalEnclosedCircle"] {
            for number in [0, 1, 99, 100, 260, 261, 9_999, 10_000, u32::MAX] {
                let _ = numeral(format, number);
            }
        }
    }
}
