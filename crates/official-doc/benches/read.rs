//! How long a clerk waits for a file to be read.
fn main() {}
