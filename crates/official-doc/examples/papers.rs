//! Writes one document of each form, all invented, into a folder.
//!
//! `cargo run -p official-doc --example papers FOLDER`

#![allow(clippy::print_stdout, reason = "it says what it wrote")]

use std::{env, error::Error, fs, path::PathBuf};

#[path = "../tests/common/papers.rs"]
mod papers;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(env::args().nth(1).ok_or("name a folder")?);
    fs::create_dir_all(&folder)?;
    for (name, document) in papers::all() {
        let path = folder.join(format!("{name}.docx"));
        fs::write(&path, official_doc::write::docx(&document)?)?;
        println!("{}", path.display());
    }
    Ok(())
}
