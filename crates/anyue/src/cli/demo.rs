//! `anyue demo`: an invented township in a fresh folder.

use super::{Common, Outcome};

#[derive(clap::Args)]
pub(super) struct DemoArgs {
    /// Port on 127.0.0.1.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Only an empty installation with its set-up link.
    #[arg(long)]
    empty: bool,
}

pub(super) async fn run(_common: &Common, _args: &DemoArgs) -> Outcome {
    Ok(())
}
