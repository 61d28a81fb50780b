//! The real program, started as the README says, on a port of its own in a fresh folder.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
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
    /// Starts the demonstration.
    pub fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("data");
        let port = free_port();
        let process = Command::new(env!("CARGO_BIN_EXE_anyue"))
            .args(["demo", "--first-morning", "--port", &port.to_string(), "--data"])
            .arg(&data)
            .stdout(Stdio::null())
            .spawn()
            .expect("the program starts");
        let mut site = Self { url: format!("http://127.0.0.1:{port}"), accounts: Vec::new(), port, process, folder };
        site.accounts = wait_for(&data.join("accounts.json"));
        site.wait();
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

fn wait_for(list: &PathBuf) -> Vec<Account> {
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
