//! Peak memory of this process, for programs that print what they measured. Taken in by `#[path]`.

/// Megabytes (1,048,576 bytes) this process held at its peak since [`forget_peak`], or since it began; 0 where the
/// system does not say.
pub fn peak_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0");
    line.split_whitespace().next().and_then(|kb| kb.parse::<f64>().ok()).unwrap_or(0.0) / 1_024.0
}

/// Lets the peak begin anew where the system can (Linux).
#[allow(dead_code, reason = "not every program measures more than once")]
pub fn forget_peak() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}
