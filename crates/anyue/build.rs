//! Prepares the assets: hash of the content, brotli and gzip copies, one table to embed.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

/// Folder of scripts that are modules.
const MODULES: &str = "offline/";

fn main() {
    println!("cargo::rerun-if-changed=assets");
    println!("cargo::rerun-if-changed=build.rs");
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let root = Path::new("assets").canonicalize().expect("the assets folder is there");
    let mut files = Vec::new();
    collect(&root, &mut files);
    files.sort();

    // Modules import one another by relative addresses, so that the folder's files share one hash.
    let modules: Vec<u8> = files
        .iter()
        .filter(|path| path.starts_with(root.join(MODULES)))
        .flat_map(|path| fs::read(path).expect("readable"))
        .collect();

    let mut table = String::from("static ASSETS: &[Asset] = &[\n");
    for (index, path) in files.iter().enumerate() {
        let name = path.strip_prefix(&root).expect("inside").to_string_lossy().replace('\\', "/");
        let bytes = fs::read(path).expect("readable");
        let content = if name.starts_with(MODULES) { &modules } else { &bytes };
        let hash: String = Sha256::digest(content).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        let brotli = out.join(format!("{index}.br"));
        let gzip = out.join(format!("{index}.gz"));
        let compressible = matches!(extension(path), "css" | "js" | "svg" | "json" | "txt" | "html");
        fs::write(&brotli, if compressible { brotli_of(&bytes) } else { Vec::new() }).expect("writable");
        fs::write(&gzip, if compressible { gzip_of(&bytes) } else { Vec::new() }).expect("writable");
        let media_type = match extension(path) {
            "css" => "text/css; charset=utf-8",
            "js" => "text/javascript; charset=utf-8",
            "svg" => "image/svg+xml",
            "png" => "image/png",
            "woff2" => "font/woff2",
            "json" => "application/json",
            _ => "application/octet-stream",
        };
        writeln!(
            table,
            "    Asset {{ name: {name:?}, hash: {hash:?}, media_type: {media_type:?}, plain: include_bytes!({path:?}), \
             brotli: include_bytes!({brotli:?}), gzip: include_bytes!({gzip:?}) }},"
        )
        .expect("a string");
    }
    table.push_str("];\n");
    fs::write(out.join("assets.rs"), table).expect("writable");
}

fn extension(path: &Path) -> &str {
    path.extension().and_then(|extension| extension.to_str()).unwrap_or_default()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        if entry.is_dir() {
            collect(&entry, files);
        } else if matches!(extension(&entry), "css" | "js" | "svg" | "png" | "woff2" | "json") {
            files.push(entry);
        }
    }
}

fn brotli_of(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let params = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    brotli::BrotliCompress(&mut &bytes[..], &mut out, &params).expect("into memory");
    out
}

fn gzip_of(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).expect("into memory");
    encoder.finish().expect("into memory")
}
