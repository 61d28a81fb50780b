//! Moments in words, as pages of this area show them.

/// `2022年6月13日08:30`
pub fn moment(ms: i64) -> String {
    calendar::to_local(ms).map_or_else(String::new, |at| {
        format!("{}年{}月{}日{:02}:{:02}", at.year(), at.month(), at.day(), at.hour(), at.minute())
    })
}

/// `2022年6月13日`
pub fn day(ms: i64) -> String {
    calendar::to_local(ms).map_or_else(String::new, |at| format!("{}年{}月{}日", at.year(), at.month(), at.day()))
}
