//! The command line. `anyue --help` lists the commands; each has a file here.
//!
//! Every command takes `--config FILE`, `--data FOLDER` and `--at INSTANT` (the clock starts there).

mod backup;
mod check_config;
mod demo;
mod keys;
mod notice;
mod restore;
mod serve;
mod start;
mod user;
mod verify;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::config::Config;
use crate::platform::clock::Clock;

#[derive(Parser)]
#[command(name = "anyue", version, about = "Anyue 安月: runs a township's work-safety month and its hazard work")]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

/// What every command takes.
#[derive(Args, Clone, Debug)]
struct Common {
    /// Settings; `anyue.toml` in the working folder is read when it is there.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Folder of the installation's data, in place of the settings' one.
    #[arg(long, global = true, value_name = "FOLDER")]
    data: Option<PathBuf>,
    /// Start the clock at this instant, e.g. 2022-06-13T08:30:00+08:00.
    #[arg(long, global = true, value_name = "INSTANT")]
    at: Option<jiff::Timestamp>,
}

#[derive(Subcommand)]
enum Command {
    /// Run the installation.
    Serve,
    /// Run an invented township in a fresh folder, to look around in.
    Demo(demo::DemoArgs),
    /// Read an official notice.
    #[command(subcommand)]
    Notice(notice::NoticeCommand),
    /// Bring the database's tables up to date and stop.
    Migrate,
    /// Accounts, when nobody can sign in any more.
    #[command(subcommand)]
    User(user::UserCommand),
    /// Write everything into one file, also while the installation runs.
    Backup {
        /// The file to write; must not exist.
        file: PathBuf,
    },
    /// Read a backup into an empty folder (and an empty database), and verify it.
    Restore {
        /// The file to read.
        file: PathBuf,
    },
    /// Keys that receipts are signed with.
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    /// Check that nothing was changed afterwards.
    #[command(subcommand)]
    Verify(verify::VerifyCommand),
    /// Read the settings and say what is wrong or worth attention.
    CheckConfig,
}

/// What a command ends with: nothing to say, or a sentence for standard error.
type Outcome = Result<(), String>;

/// Parses the arguments and carries out the command.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let outcome = match cli.command {
        Command::Notice(command) => notice::run(&command),
        Command::CheckConfig => check_config::run(&cli.common),
        Command::Keys(command) => keys::run(&cli.common, &command),
        command => run_async(&cli.common, command),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            say_error(&message);
            ExitCode::FAILURE
        }
    }
}

fn run_async(common: &Common, command: Command) -> Outcome {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|error| error.to_string())?;
    runtime.block_on(async {
        match command {
            Command::Serve => serve::run(common).await,
            Command::Demo(args) => demo::run(common, &args).await,
            Command::Migrate => start::migrate(common).await,
            Command::User(command) => user::run(common, &command).await,
            Command::Backup { file } => backup::run(common, &file).await,
            Command::Restore { file } => restore::run(common, &file).await,
            Command::Verify(command) => verify::run(common, &command).await,
            Command::Notice(_) | Command::CheckConfig | Command::Keys(_) => Ok(()),
        }
    })
}

impl Common {
    /// The settings: the named file, `anyue.toml` when it is there, else defaults.
    fn settings(&self) -> Result<Config, String> {
        let default = PathBuf::from("anyue.toml");
        let mut config = match &self.config {
            Some(path) => Config::read(path)?,
            None if default.exists() => Config::read(&default)?,
            None => Config::default(),
        };
        if let Some(folder) = &self.data {
            config.data.folder.clone_from(folder);
        }
        Ok(config)
    }

    /// The clock: the computer's, or one that starts at `--at`.
    fn clock(&self) -> Clock {
        self.at.map_or_else(Clock::system, Clock::starting_at)
    }
}

/// A line on standard output: what the command was asked for.
#[expect(clippy::print_stdout, reason = "a command line answers on standard output")]
fn say(line: impl std::fmt::Display) {
    println!("{line}");
}

/// A line on standard error.
#[expect(clippy::print_stderr, reason = "a command line complains on standard error")]
fn say_error(line: impl std::fmt::Display) {
    eprintln!("anyue: {line}");
}
