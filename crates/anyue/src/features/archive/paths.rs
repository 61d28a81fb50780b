//! Names and paths within an archive: Chinese as people wrote them, and such that every machine can unpack them.

use std::collections::HashSet;

use unicode_normalization::UnicodeNormalization as _;

/// A whole path is no longer, as Windows counts; a little room is left for names that must be changed.
const PATH: usize = 170;
/// A name is cut no shorter than this, to have room for its number and ending.
const LEAST: usize = 16;
/// The ending of a file (`.jpeg`) has no more.
const ENDING: usize = 10;

/// The paths given out so far: none is the same as another, also where capitals do not count.
#[derive(Debug, Default)]
pub struct Paths {
    taken: HashSet<String>,
}

impl Paths {
    /// A folder of its own below another (empty: at the top) with this name, cut to so many characters.
    pub fn folder(&mut self, parent: &str, name: &str, most: usize) -> String {
        self.free(parent, &clean(name), "", most)
    }

    /// A file in a folder, with this name.
    pub fn file(&mut self, folder: &str, name: &str, most: usize) -> String {
        let name = clean(name);
        let (stem, ending) = match name.rsplit_once('.') {
            Some((stem, ending)) if !stem.is_empty() && !ending.contains(' ') && width(ending) < ENDING => {
                (stem.to_owned(), format!(".{ending}"))
            }
            _ => (name, String::new()),
        };
        self.free(folder, &stem, &ending, most)
    }

    fn free(&mut self, parent: &str, stem: &str, ending: &str, most: usize) -> String {
        let before = if parent.is_empty() { String::new() } else { format!("{parent}/") };
        let room = most.min(PATH.saturating_sub(width(&before))).max(LEAST);
        let numbered = |number: usize| {
            let end = if number == 1 { ending.to_owned() } else { format!("（{number}）{ending}") };
            let name = format!("{}{end}", cut(stem, room.saturating_sub(width(&end))));
            format!("{before}{}", plain(&name))
        };
        (1..).map(numbered).find(|path| self.taken.insert(path.to_lowercase())).unwrap_or_default()
    }
}

fn width(text: &str) -> usize {
    text.encode_utf16().count()
}

/// The beginning of a text, so many characters as Windows counts, nothing at its end that a name must not end with.
fn cut(text: &str, most: usize) -> String {
    let mut room = most;
    let fits = text.chars().take_while(|c| {
        let fits = c.len_utf16() <= room;
        room = room.saturating_sub(c.len_utf16());
        fits
    });
    fits.collect::<String>().trim_end_matches([' ', '.']).to_owned()
}

/// Signs that Windows reserves become their broad sisters; what is not seen goes; spaces are single.
fn clean(name: &str) -> String {
    let mut text = String::new();
    for c in name.nfc() {
        let c = match c {
            '<' => '＜',
            '>' => '＞',
            ':' => '：',
            '"' => '”',
            '/' => '／',
            '\\' => '＼',
            '|' => '｜',
            '?' => '？',
            '*' => '＊',
            c if c.is_whitespace() => ' ',
            c => c,
        };
        // Everything that is not seen is refused one by one by the rule itself.
        let seen = c == ' ' || seal::is_plain_path(&format!("x{c}x"));
        if seen && !(c == ' ' && text.ends_with(' ')) {
            text.push(c);
        }
    }
    // The signs of this place may have come together to others: again in one form.
    text.trim().trim_end_matches([' ', '.']).nfc().collect()
}

/// A name that is none, or one that a machine keeps for itself, is changed.
fn plain(name: &str) -> String {
    if name.is_empty() || name.starts_with('.') || name.starts_with(' ') || name.starts_with('（') {
        return plain(&format!("未命名{}", name.trim_start()));
    }
    if seal::is_plain_path(name) { name.to_owned() } else { format!("文件-{name}") }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_stay_as_people_wrote_them_where_every_machine_can_store_them() {
        let mut paths = Paths::default();
        let unit = paths.folder("各单位", "东沟村", 24);
        assert_eq!(unit, "各单位/东沟村");
        let cases = [
            ("演练 照片.jpg", "各单位/东沟村/演练 照片.jpg"),
            ("演练 照片.JPG", "各单位/东沟村/演练 照片（2）.JPG"),
            ("演练  照片.jpg", "各单位/东沟村/演练 照片（3）.jpg"),
            ("几点?在哪:“广场”/东.mp4", "各单位/东沟村/几点？在哪：“广场”／东.mp4"),
            ("NUL.txt", "各单位/东沟村/文件-NUL.txt"),
            ("com1", "各单位/东沟村/文件-com1"),
            ("..", "各单位/东沟村/未命名"),
            ("", "各单位/东沟村/未命名（2）"),
            (".htaccess", "各单位/东沟村/未命名.htaccess"),
            ("图\u{202e}gpj.exe", "各单位/东沟村/图gpj.exe"),
            ("a\nb\u{0}.pdf", "各单位/东沟村/a b.pdf"),
            ("完. . .", "各单位/东沟村/完"),
        ];
        for (name, expected) in cases {
            assert_eq!(paths.file(&unit, name, 60), expected, "{name:?}");
        }
    }

    #[test]
    fn a_long_name_keeps_its_ending_and_its_number() {
        let mut paths = Paths::default();
        let long = format!("{}.jpg", "长".repeat(300));
        let names = [paths.file("各单位", &long, 40), paths.file("各单位", &long, 40)];
        assert_eq!(names[0], format!("各单位/{}.jpg", "长".repeat(36)));
        assert_eq!(names[1], format!("各单位/{}（2）.jpg", "长".repeat(33)));
    }

    proptest! {
        #[test]
        fn every_path_is_plain_and_no_two_are_the_same(
            names in prop::collection::vec(("\\PC{0,40}|[A-Za-z.: /\\\\é\u{301}　（）0-9]{0,12}", "\\PC{0,120}|.{0,30}"), 1..30),
        ) {
            let mut paths = Paths::default();
            let mut seen = HashSet::new();
            for (folder, file) in &names {
                let unit = paths.folder("各单位", folder, 24);
                let week = paths.folder(&unit, folder, 30);
                let inner = paths.folder(&week, file, 34);
                for path in [paths.file(&inner, file, 60), paths.file(&inner, file, 60)] {
                    prop_assert!(seal::is_plain_path(&path), "{path:?}");
                    prop_assert!(seen.insert(path.to_lowercase()), "{path:?}");
                }
            }
        }
    }
}
