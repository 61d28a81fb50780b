//! A frame of a video, by `ffmpeg` when the machine has it. It is another program reading a stranger's file: it gets a
//! path and nothing else, may open files only, and is stopped when it takes long or much memory.

use std::io::Read as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// So long it may take.
const TIME: Duration = Duration::from_secs(20);
/// Memory it may address, in kilobytes.
const MEMORY_KB: u32 = 1_500_000;
/// A frame is never larger.
const MOST_BYTES: u64 = 16 * 1024 * 1024;

/// Whether the program is there.
pub fn is_there(program: &str) -> bool {
    let mut run = Command::new(program);
    run.arg("-version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    !program.is_empty() && run.status().is_ok_and(|status| status.success())
}

/// A frame of the first seconds as a JPEG; `None` when there is no `ffmpeg`, or it cannot read the video. Takes its
/// time: call it on a thread that may.
pub fn frame(program: &str, video: &Path) -> Option<Vec<u8>> {
    if program.is_empty() {
        return None;
    }
    // A first frame is often black; a short video has no frame at one second.
    ["1", "0"].into_iter().find_map(|at| run(program, at, video))
}

fn run(program: &str, at: &str, video: &Path) -> Option<Vec<u8>> {
    let mut child = Command::new("/bin/sh")
        .arg("-c")
        .arg(format!("ulimit -v {MEMORY_KB}; ulimit -c 0; exec \"$@\""))
        .arg("sh")
        .arg(program)
        .args(["-nostdin", "-v", "error", "-threads", "1", "-protocol_whitelist", "file", "-ss", at, "-i"])
        .arg(format!("file:{}", video.display()))
        .args(["-map", "0:v:0", "-frames:v", "1", "-vf", "scale=w='min(1920,iw)':h=-2", "-f", "image2pipe"])
        .args(["-c:v", "mjpeg", "-q:v", "3", "pipe:1"])
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let out = child.stdout.take()?;
    let (send, receive) = mpsc::channel();
    std::thread::spawn(move || {
        let mut frame = Vec::new();
        let read = out.take(MOST_BYTES + 1).read_to_end(&mut frame);
        let _ = send.send(read.map(|_| frame));
    });
    let read = receive.recv_timeout(TIME);
    if read.is_err() {
        tracing::warn!("a frame of a video took too long and was given up");
    }
    let frame = read.ok().and_then(Result::ok).filter(|frame| !frame.is_empty() && frame.len() as u64 <= MOST_BYTES);
    let ended_well = end(&mut child, frame.is_some());
    frame.filter(|_| ended_well)
}

/// Ends the program; whether it ended by itself and well.
fn end(child: &mut Child, may_end: bool) -> bool {
    for _ in 0..if may_end { 100 } else { 0 } {
        if let Ok(Some(status)) = child.try_wait() {
            return status.success();
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    let _ = child.kill();
    let _ = child.wait();
    false
}
