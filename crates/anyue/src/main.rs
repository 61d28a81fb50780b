//! The program: see `anyue --help`.

fn main() -> std::process::ExitCode {
    anyue::cli::main()
}
