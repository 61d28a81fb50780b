//! The program: see `anyue --help`.

/// Gives memory back after a peak: hashing one password takes 19 MB, which the system's allocator keeps per thread.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    anyue::cli::main()
}
