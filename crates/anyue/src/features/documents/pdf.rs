//! PDF of a document, by LibreOffice when the machine has it. It gets a file of our own making, in a folder that is
//! gone afterwards, and is stopped when it takes long.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::platform::error::{Error, Result};

/// So long it may take; the first start of a machine is slow.
const TIME: Duration = Duration::from_secs(60);

/// Whether the program is there: a path, or a name found in `PATH`.
pub fn is_there(program: &str) -> bool {
    if program.is_empty() {
        return false;
    }
    if program.contains('/') {
        return Path::new(program).exists();
    }
    let paths = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&paths).any(|folder| folder.join(program).is_file())
}

/// A docx as PDF. Takes its time: call it on a thread that may.
///
/// # Errors
/// [`Error::Refused`] in words when the program is not there or does not finish; the docx is not touched.
pub fn from_docx(program: &str, docx: &[u8]) -> Result<Vec<u8>> {
    if !is_there(program) {
        return Err(Error::refused("这台服务器没有安装LibreOffice，不能生成PDF。请下载docx，或在网页上直接打印。"));
    }
    let folder = tempfile::tempdir().map_err(Error::internal)?;
    let file = folder.path().join("document.docx");
    std::fs::write(&file, docx).map_err(Error::internal)?;
    let profile = format!("-env:UserInstallation=file://{}/profile", folder.path().display());
    let mut child = Command::new(program)
        .args([profile.as_str(), "--headless", "--norestore", "--nolockcheck", "--convert-to", "pdf", "--outdir"])
        .arg(folder.path())
        .arg(&file)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(Error::internal)?;
    let until = Instant::now() + TIME;
    let ended = loop {
        match child.try_wait().map_err(Error::internal)? {
            Some(status) => break status.success(),
            None if Instant::now() > until => {
                let _ = child.kill();
                let _ = child.wait();
                tracing::warn!("making a PDF took too long and was given up");
                break false;
            }
            None => std::thread::sleep(Duration::from_millis(50)),
        }
    };
    match std::fs::read(folder.path().join("document.pdf")) {
        Ok(pdf) if ended && pdf.starts_with(b"%PDF") => Ok(pdf),
        _ => Err(Error::refused("PDF没有生成。公文没有受影响，请稍后再试，或下载docx后转换。")),
    }
}
