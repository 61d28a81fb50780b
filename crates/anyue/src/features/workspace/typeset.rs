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
    let texts: Vec<&str> = present.iter().map(|(_, line)| *line).collect();
    let salutation = texts.iter().take(12).position(|line| line.ends_with(['：', ':']));
    let mut titles = salutation.is_some();
    let mut set = Vec::new();
    for (at, (number, text)) in present.iter().enumerate() {
        let signs = is_signature(&texts, at);
        let place = match () {
            () if salutation == Some(at) => "notice-flush",
            () if signs => "notice-right",
            () if titles && ends_a_number(text) => "notice-center",
            () if titles && is_short(text, 60) => "notice-title",
            () if starts_with_number(text) && text.chars().count() <= 50 => "notice-head",
            () if is_short(text, 12) => "notice-head",
            () => "",
        };
        // What follows a signature is the title of an attached text.
        titles = signs || (titles && salutation != Some(at) && matches!(place, "notice-title" | "notice-center"));
        set.push(Line { number: *number, text: (*text).to_owned(), place });
    }
    set
}

/// A few words without a mark: a title or a heading.
fn is_short(text: &str, limit: usize) -> bool {
    text.chars().count() <= limit && !text.contains(['，', '。', '；', '：', ':', '|'])
}

/// `测政发〔2022〕1号`
fn ends_a_number(text: &str) -> bool {
    text.ends_with('号') && text.contains(|c: char| c.is_ascii_digit()) && text.chars().count() <= 24
}

/// The issuer above a date, or the date below an issuer.
fn is_signature(texts: &[&str], at: usize) -> bool {
    let date = |text: &&str| text.ends_with('日') && text.contains('年') && text.contains('月') && is_short(text, 14);
    let issuer = |text: &&str| {
        let ends = ["政府", "委员会", "办公室", "局", "党委", "中心", "公司", "办"];
        is_short(text, 30) && ends.iter().any(|end| text.ends_with(end))
    };
    let (before, here, after) = (at.checked_sub(1).and_then(|at| texts.get(at)), &texts[at], texts.get(at + 1));
    let near_date = after.is_some_and(date) || before.is_some_and(date);
    (issuer(here) && near_date) || (date(here) && (before.is_some_and(issuer) || after.is_some_and(issuer)))
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
    fn a_plan_behind_the_signature_gets_its_own_title() {
        let text = "各村：\n现将方案印发给你们。\n测试镇人民政府\n2022年6月12日\n测试镇\n实施方案\n今年6月是第21个安全生产月。\n指导思想\n以人为本，预防为主。";
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let places: Vec<&str> = typeset(&lines).iter().map(|line| line.place).collect();
        let (right, title) = ("notice-right", "notice-title");
        assert_eq!(places, ["notice-flush", "", right, right, title, title, "", "notice-head", ""]);
    }

    #[test]
    fn a_text_without_a_salutation_is_paragraphs() {
        assert!(typeset(&["请各村报送方案。".to_owned()]).iter().all(|line| line.place.is_empty()));
        assert!(typeset(&[]).is_empty());
    }
}
