//! Comparing and searching Chinese text the same way on every engine.
//!
//! A *key* is a text in one normal form (NFKC, lower case, no white space); unique indexes and look-ups use
//! `*_key` columns that hold it. A *bigram* is a pair of neighbouring characters of the key: searching for
//! `东沟村` looks for rows that have both `东沟` and `沟村`.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization as _;

/// The normal form in which names are compared.
pub fn text_key(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).filter(|c| !c.is_whitespace() && !c.is_control()).collect()
}

/// All pairs of neighbouring characters of the texts' keys, and the single characters.
pub fn bigrams<'a>(texts: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    let mut grams = BTreeSet::new();
    for text in texts {
        let chars: Vec<char> = text_key(text).chars().collect();
        grams.extend(chars.iter().map(char::to_string));
        grams.extend(chars.windows(2).map(|pair| pair.iter().collect::<String>()));
    }
    grams
}

/// The bigrams a query must match; a query of one character is looked for as it is.
pub fn query_grams(query: &str) -> Vec<String> {
    let chars: Vec<char> = text_key(query).chars().take(32).collect();
    match chars.as_slice() {
        [] => Vec::new(),
        [one] => vec![one.to_string()],
        many => {
            let grams: BTreeSet<String> = many.windows(2).map(|pair| pair.iter().collect()).collect();
            grams.into_iter().collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_look_alike_have_one_key() {
        assert_eq!(text_key(" 东沟 村（一）"), text_key("东沟村(一)"));
        assert_eq!(text_key("ＡＢＣ１２３"), "abc123");
    }

    #[test]
    fn a_query_is_cut_into_pairs() {
        assert_eq!(query_grams("东沟村"), ["东沟", "沟村"]);
        assert_eq!(query_grams("村"), ["村"]);
        assert!(query_grams("  ").is_empty());
    }
}
