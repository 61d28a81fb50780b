//! The real program, started as the README says, on a port of its own in a fresh folder.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use serde::Deserialize;

/// A running demonstration; stopped when dropped.
pub struct Site {
    /// `http://127.0.0.1:PORT`
    pub url: String,
    /// Whom one can sign in as.
    pub accounts: Vec<Account>,
    port: u16,
    process: Child,
    folder: tempfile::TempDir,
}

/// A line of `accounts.json`.
#[derive(Clone, Debug, Deserialize)]
pub struct Account {
    /// Role code.
    pub role: String,
    /// Unit.
    pub unit: String,
    /// Login.
    pub login: String,
    /// Password, when they can sign in.
    pub password: Option<String>,
    /// Invitation link, when they cannot yet.
    pub invitation: Option<String>,
}

impl Site {
    /// Starts the demonstration on its first morning.
    pub fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("data");
        let port = free_port();
        let process = demonstration(&["--first-morning"], port, &data);
        let mut site = Self { url: format!("http://127.0.0.1:{port}"), accounts: Vec::new(), port, process, folder };
        site.accounts = wait_for(&data.join("accounts.json"));
        site.wait();
        site
    }

    /// Starts the demonstration two weeks on, on the second Thursday at half past ten. It is played once; each journey
    /// has a copy of its own.
    pub fn two_weeks_on() -> Self {
        static PLAYED: OnceLock<PathBuf> = OnceLock::new();
        let played = PLAYED.get_or_init(|| {
            let data = Path::new(env!("CARGO_TARGET_TMPDIR")).join("two-weeks");
            let _ = std::fs::remove_dir_all(&data);
            let mut process = demonstration(&[], free_port(), &data);
            wait_for(&data.join("accounts.json"));
            let _ = process.kill();
            let _ = process.wait();
            data
        });
        let folder = tempfile::tempdir().expect("a folder");
        copy(played, &folder.path().join("data"));
        let accounts = wait_for(&played.join("accounts.json"));
        let port = free_port();
        let process = Command::new("true").spawn().expect("nothing");
        let mut site = Self { url: format!("http://127.0.0.1:{port}"), accounts, port, process, folder };
        site.restart_at("2022-06-23T10:30:00+08:00");
        site
    }

    /// Stops the program and starts it again on the same data, with the clock at this instant.
    pub fn restart_at(&mut self, instant: &str) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let settings = self.folder.path().join("anyue.toml");
        let listen = format!("[server]\nlisten = \"127.0.0.1:{}\"\npublic_url = \"{}\"\n", self.port, self.url);
        std::fs::write(&settings, listen).expect("settings");
        self.process = Command::new(env!("CARGO_BIN_EXE_anyue"))
            .args(["serve", "--at", instant, "--config"])
            .arg(&settings)
            .arg("--data")
            .arg(self.folder.path().join("data"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        self.wait();
    }

    fn wait(&self) {
        let until = Instant::now() + Duration::from_secs(30);
        while std::net::TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert!(Instant::now() < until, "the program does not answer");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Somebody with this role.
    pub fn account(&self, role: &str) -> &Account {
        self.accounts.iter().find(|account| account.role == role && account.password.is_some()).expect("an account")
    }

    /// The liaison of the unit with this name.
    pub fn liaison_of(&self, unit: &str) -> &Account {
        let here = |account: &&Account| account.unit == unit && account.role == "liaison" && account.password.is_some();
        self.accounts.iter().find(here).expect("a liaison")
    }

    /// Somebody who has only been invited.
    pub fn invited(&self) -> &Account {
        self.accounts.iter().find(|account| account.invitation.is_some()).expect("an invitation")
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn demonstration(arguments: &[&str], port: u16, data: &Path) -> Child {
    Command::new(env!("CARGO_BIN_EXE_anyue"))
        .arg("demo")
        .args(arguments)
        .args(["--port", &port.to_string(), "--data"])
        .arg(data)
        .stdout(Stdio::null())
        .spawn()
        .expect("the program starts")
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder").flatten() {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        match from.is_dir() {
            true => copy(&from, &to),
            false => assert!(std::fs::copy(&from, &to).is_ok()),
        }
    }
}

fn wait_for(list: &Path) -> Vec<Account> {
    let until = Instant::now() + Duration::from_secs(60);
    loop {
        if let Some(accounts) = std::fs::read(list).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()) {
            return accounts;
        }
        assert!(Instant::now() < until, "the demonstration does not come up");
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// A port nobody listens on.
pub fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port()
}
