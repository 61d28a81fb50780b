//! The command line.

use std::process::ExitCode;

/// Parses the arguments and carries out the command.
pub fn main() -> ExitCode {
    ExitCode::SUCCESS
}
