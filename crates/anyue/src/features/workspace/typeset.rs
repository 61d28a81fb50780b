//! A notice line by line, each with its place on the page: title, salutation, heading, signature.

/// A line of the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its number, from 1; what a duty's source points to.
    pub number: usize,
    /// The text.
    pub text: String,
    /// Class of its place; empty for a paragraph.
    pub place: &'static str,
}

/// The lines that are not empty, with their places. Where a place is not plain, a line is a paragraph.
pub fn typeset(lines: &[String]) -> Vec<Line> {
    let present: Vec<(usize, &str)> = lines
        .iter()
        .enumerate()
        .map(|(index, line)| (index + 1, line.trim_matches(|c: char| c.is_whitespace() || c == '\u{3000}')))
        .filter(|(_, line)| !line.is_empty())
        .collect();
    let salutation = present.iter().take(12).position(|(_, line)| line.ends_with(['：', ':']));
    let count = present.len();
    present
        .into_iter()
        .enumerate()
        .map(|(place, (number, line))| Line {
            number,
            text: line.to_owned(),
            place: place_of(line, place, count - place, salutation),
        })
        .collect()
}

fn place_of(line: &str, place: usize, from_end: usize, salutation: Option<usize>) -> &'static str {
    let length = line.chars().count();
    match salutation {
        Some(head) if place < head && length <= 60 => return if line.contains('〔') { "notice-center" } else { "notice-title" },
        Some(head) if place == head => return "notice-flush",
        _ => {}
    }
    if length <= 50 && starts_with_number(line) {
        return "notice-head";
    }
    let is_date = line.ends_with('日') && line.contains('年') && line.contains('月');
    let is_issuer = ["政府", "委员会", "办公室", "局", "党委"].iter().any(|end| line.ends_with(end));
    if from_end <= 30 && length <= 24 && (is_date || is_issuer) && !line.contains(['，', '。', '：']) {
        return "notice-right";
    }
    ""
}

/// `一、指导思想`
fn starts_with_number(line: &str) -> bool {
    let rest = line.trim_start_matches(|c| "一二三四五六七八九十".contains(c));
    rest.len() < line.len() && rest.starts_with('、')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_gets_its_shape_back() {
        let text = "测政发〔2022〕1号\n\n关于开展安全生产月活动的通知\n各村：\n现将有关事项通知如下。\n一、活动主题\n遵守安全生产法。\n测试镇人民政府\n2022年6月10日";
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let places: Vec<&str> = typeset(&lines).iter().map(|line| line.place).collect();
        assert_eq!(
            places,
            ["notice-center", "notice-title", "notice-flush", "", "notice-head", "", "notice-right", "notice-right"]
        );
        assert_eq!(typeset(&lines)[1].number, 3);
    }

    #[test]
    fn a_text_without_a_salutation_is_paragraphs() {
        assert!(typeset(&["请各村报送方案。".to_owned()]).iter().all(|line| line.place.is_empty()));
        assert!(typeset(&[]).is_empty());
    }
}
