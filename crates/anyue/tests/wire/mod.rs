//! A client that speaks HTTP over its own socket, so that it can break off in the middle of a body; and the real program,
//! started and killed.
#![allow(dead_code, clippy::unwrap_used, reason = "each user needs a part of it, and a failure ends it")]

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// An answer: status and headers.
#[derive(Debug)]
pub struct Answer {
    /// Status.
    pub status: u16,
    head: String,
}

impl Answer {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (known, value) = line.split_once(':')?;
            known.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// Sends a request, of the body only the first `sent` bytes; the connection stays open.
pub fn begin(to: SocketAddr, request: &str, headers: &[(&str, String)], body: &[u8], sent: usize) -> Option<TcpStream> {
    let mut socket = TcpStream::connect(to).ok()?;
    socket.set_read_timeout(Some(Duration::from_secs(60))).ok()?;
    socket.set_write_timeout(Some(Duration::from_secs(60))).ok()?;
    let mut head = format!(
        "{request} HTTP/1.1\r\nHost: {to}\r\nOrigin: http://{to}\r\nConnection: close\r\nTus-Resumable: 1.0.0\r\n"
    );
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    head += &format!("Content-Length: {}\r\n\r\n", body.len());
    socket.write_all(head.as_bytes()).ok()?;
    for piece in body[..sent.min(body.len())].chunks(64 * 1024) {
        socket.write_all(piece).ok()?;
    }
    Some(socket)
}

/// Sends a request; when only a part of the body is sent, the connection is dropped then and there is no answer.
pub fn ask(to: SocketAddr, request: &str, headers: &[(&str, String)], body: &[u8], sent: usize) -> Option<Answer> {
    let mut socket = begin(to, request, headers, body, sent)?;
    if sent < body.len() {
        return None;
    }
    let mut text = Vec::new();
    let mut buffer = [0; 4096];
    while !text.windows(4).any(|four| four == b"\r\n\r\n") {
        match socket.read(&mut buffer) {
            Ok(0) | Err(_) => return None,
            Ok(n) => text.extend_from_slice(&buffer[..n]),
        }
    }
    let head = String::from_utf8_lossy(&text).into_owned();
    Some(Answer { status: head.split(' ').nth(1)?.parse().ok()?, head })
}

/// How far an upload is.
pub fn offset(to: SocketAddr, url: &str) -> Option<usize> {
    ask(to, &format!("HEAD {url}"), &[], b"", 0)?.header("upload-offset")?.parse().ok()
}

/// Sends the rest of an upload, breaking off after `sent` bytes.
pub fn patch(to: SocketAddr, url: &str, at: usize, rest: &[u8], sent: usize) -> Option<Answer> {
    ask(to, &format!("PATCH {url}"), &piece(at), rest, sent)
}

/// Begins to send the rest of an upload; the connection stays open after `sent` bytes.
pub fn begin_patch(to: SocketAddr, url: &str, at: usize, rest: &[u8], sent: usize) -> Option<TcpStream> {
    begin(to, &format!("PATCH {url}"), &piece(at), rest, sent)
}

fn piece(at: usize) -> [(&'static str, String); 2] {
    [("Content-Type", "application/offset+octet-stream".to_owned()), ("Upload-Offset", at.to_string())]
}

/// The real program over a folder of data; killed when dropped.
pub struct Program {
    /// Where it listens.
    pub at: SocketAddr,
    process: Child,
}

impl Program {
    /// The most memory it has had, in bytes.
    pub fn peak(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
        line.split_whitespace().next().and_then(|kilobytes| kilobytes.parse().ok()).unwrap_or(0) * 1024
    }

    /// Starts it with its clock at an instant.
    pub fn start(program: &Path, data: &Path, instant: &str) -> Self {
        let at = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let settings = data.join("wire.toml");
        std::fs::write(&settings, format!("[server]\nlisten = \"{at}\"\n")).unwrap();
        let process = Command::new(program)
            .args(["serve", "--at", instant, "--config"])
            .arg(&settings)
            .arg("--data")
            .arg(data)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        let program = Self { at, process };
        let until = Instant::now() + Duration::from_secs(60);
        while TcpStream::connect(at).is_err() {
            assert!(Instant::now() < until, "the program does not answer");
            std::thread::sleep(Duration::from_millis(20));
        }
        program
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
