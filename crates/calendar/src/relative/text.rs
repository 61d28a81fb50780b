//! A relative date as a string: `activity_end+5WD`.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{Anchor, Relative, Span};

/// Why a text is no [`Relative`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RelativeError {
    /// No `+` or `-`.
    #[error("no + or - between event and duration")]
    Sign,
    /// The event is none of [`Anchor::ALL`].
    #[error("unknown event before the sign")]
    Anchor,
    /// The duration is none of `PT24H`, `P3D`, `P1W`, `P1M`, `5WD`.
    #[error("the duration must be like PT24H, P3D, P1W, P1M or 5WD")]
    Span,
    /// More than 9999.
    #[error("the duration is too long")]
    TooLong,
}

impl RelativeError {
    /// The message for the person at the screen.
    pub fn zh(self) -> &'static str {
        match self {
            RelativeError::Sign => "缺少“+”（之后）或“-”（之前）",
            RelativeError::Anchor => "起算事件无法识别",
            RelativeError::Span => "时长应写成PT24H（小时）、P3D（天）、P1W（周）、P1M（月）或5WD（工作日）",
            RelativeError::TooLong => "时长过长，最多9999",
        }
    }
}

impl FromStr for Relative {
    type Err = RelativeError;

    fn from_str(text: &str) -> Result<Relative, RelativeError> {
        let sign = text.find(['+', '-']).ok_or(RelativeError::Sign)?;
        let (event, rest) = text.split_at(sign);
        let anchor = Anchor::ALL.into_iter().find(|anchor| anchor.code() == event).ok_or(RelativeError::Anchor)?;

        Relative::new(anchor, rest.starts_with('-'), parse_span(&rest[1..])?)
    }
}

impl fmt::Display for Relative {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.before { '-' } else { '+' };
        write!(f, "{}{sign}", self.anchor.code())?;

        match self.span {
            Span::Hours(n) => write!(f, "PT{n}H"),
            Span::Days(n) => write!(f, "P{n}D"),
            Span::Weeks(n) => write!(f, "P{n}W"),
            Span::Months(n) => write!(f, "P{n}M"),
            Span::WorkingDays(n) => write!(f, "{n}WD"),
        }
    }
}

impl Serialize for Relative {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Relative {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Relative, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

type SpanOf = fn(u16) -> Span;

fn parse_span(text: &str) -> Result<Span, RelativeError> {
    const FORMS: [(&str, &str, SpanOf); 5] = [
        ("PT", "H", Span::Hours),
        ("P", "D", Span::Days),
        ("P", "W", Span::Weeks),
        ("P", "M", Span::Months),
        ("", "WD", Span::WorkingDays),
    ];

    for (prefix, suffix, span) in FORMS {
        let digits = text.strip_prefix(prefix).and_then(|rest| rest.strip_suffix(suffix)).unwrap_or("");
        if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) {
            return Ok(span(digits.parse().map_err(|_| RelativeError::TooLong)?));
        }
    }

    Err(RelativeError::Span)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_relative_date_is_refused_with_the_reason() {
        let cases = [
            ("", RelativeError::Sign),
            ("issued", RelativeError::Sign),
            ("+P3D", RelativeError::Anchor),
            ("春节-P3D", RelativeError::Anchor),
            ("issued+", RelativeError::Span),
            ("issued+P3", RelativeError::Span),
            ("issued+3D", RelativeError::Span),
            ("issued+PD", RelativeError::Span),
            ("issued+P-3D", RelativeError::Span),
            ("issued+P3H", RelativeError::Span),
            ("issued+P1Y", RelativeError::Span),
            ("issued+WD", RelativeError::Span),
            ("issued+P10000D", RelativeError::TooLong),
            ("issued+P99999999999D", RelativeError::TooLong),
        ];

        for (text, expected) in cases {
            assert_eq!(text.parse::<Relative>(), Err(expected), "{text}");
        }
    }
}
