//! What a receipt states about something received.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;

/// Beijing time, fixed since 1992.
const BEIJING: Offset = Offset::constant(8);
/// Most characters of a name.
const NAME: usize = 40;
/// Most characters of a number.
const NUMBER: usize = 40;
/// No receipt is older or younger: years 2000 to 2199.
const TIMES: std::ops::RangeInclusive<i64> = 946_684_800..=7_258_118_399;

/// Who has received something, what sort of thing, under which number, when. Nothing personal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    issuer: String,
    about: String,
    number: String,
    received_at: i64,
}

impl Statement {
    /// Of an office (青龙山镇), a matter in a few words (定期报送), a number of letters and digits, a time in seconds
    /// since 1970. What does not fit on a line is made to fit.
    pub fn new(issuer: &str, about: &str, number: &str, received_at: i64) -> Self {
        let number: String = number.chars().filter(|c| is_of_number(*c)).take(NUMBER).collect();
        Self {
            issuer: name(issuer),
            about: name(about),
            number: if number.is_empty() { "0".to_owned() } else { number },
            received_at: received_at.clamp(*TIMES.start(), *TIMES.end()),
        }
    }

    /// The same from what was read; `None` when it is not as [`new`](Self::new) would have made it.
    pub(crate) fn read(issuer: &str, about: &str, number: &str, received_at: i64) -> Option<Self> {
        let made = Self::new(issuer, about, number, received_at);
        let same =
            made.issuer == issuer && made.about == about && made.number == number && made.received_at == received_at;
        same.then_some(made)
    }

    /// Who received it.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// What sort of thing it was.
    pub fn about(&self) -> &str {
        &self.about
    }

    /// Its number.
    pub fn number(&self) -> &str {
        &self.number
    }

    /// When, in seconds since 1970.
    pub fn received_at(&self) -> i64 {
        self.received_at
    }

    /// `2022-06-16 11:42:03`, in Beijing time.
    pub fn time(&self) -> String {
        let at = Timestamp::from_second(self.received_at).unwrap_or_default();
        BEIJING.to_datetime(at).strftime("%Y-%m-%d %H:%M:%S").to_string()
    }
}

/// The instant of `2022-06-16 11:42:03` in Beijing time.
pub(crate) fn instant(text: &str) -> Option<i64> {
    let time = DateTime::strptime("%Y-%m-%d %H:%M:%S", text).ok()?;
    Some(BEIJING.to_timestamp(time).ok()?.as_second())
}

/// One line, without anything that is not seen.
fn name(text: &str) -> String {
    let seen: String = text
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .filter(|c| !c.is_control() && *c != '\u{feff}')
        .take(NAME)
        .collect();
    let seen = seen.trim();
    if seen.is_empty() { "—".to_owned() } else { seen.to_owned() }
}

fn is_of_number(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_written_in_beijing_time_and_read_again() {
        let statement = Statement::new("青龙山镇", "定期报送", "4F6A", 1_655_350_923);
        assert_eq!(statement.time(), "2022-06-16 11:42:03");
        assert_eq!(instant(&statement.time()), Some(1_655_350_923));
        assert_eq!(instant("昨天"), None);
    }

    #[test]
    fn what_does_not_fit_on_a_line_is_made_to_fit() {
        let made = Statement::new(" 青龙\n山镇\u{0} ", "", "№ 12/3", -5);
        assert_eq!((made.issuer(), made.about(), made.number()), ("青龙 山镇", "—", "123"));
        assert_eq!(Statement::read("青龙\n山镇", "—", "123", 1_655_350_923), None);
        assert_eq!(Statement::new(&"长".repeat(99), "x", "1", 0).issuer().chars().count(), 40);
    }
}
