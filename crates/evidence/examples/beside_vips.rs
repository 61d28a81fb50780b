//! The clean copy, thumbnail and fingerprint of a photo of 12 megapixels, beside `vipsthumbnail` making the copy alone.
//!
//! Needs Linux and Debian's `libvips-tools`. Makes the photo by code, runs both as processes of their own, one after the
//! other, and prints processor times (user and system of the whole process), their ratio, our peak memory, and the
//! similarity of both copies to a full decode with a Lanczos resize.
//!
//! `cargo run --release -p evidence --example beside_vips [ROUNDS]`
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "an example prints, and may stop")]

use std::fs;
use std::path::Path;
use std::process::Command;

use image::imageops::FilterType;

#[path = "../tests/common/mod.rs"]
mod common;
#[path = "../../../tools/measure/memory.rs"]
mod memory;

const WIDTH: usize = 4032;
const HEIGHT: usize = 3024;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [verb, from, to] = arguments.as_slice()
        && verb == "clean"
    {
        return clean(from, to);
    }
    let rounds: u32 = arguments.first().map_or(20, |n| n.parse().unwrap());
    let folder = std::env::temp_dir().join(format!("beside-vips-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let rgb = common::photo(WIDTH, HEIGHT, 3);
    for (name, quality, progressive) in
        [("quality 85", 85, false), ("quality 93", 93, false), ("quality 90, progressive", 90, true)]
    {
        println!("\n{name}");
        compare(&common::jpeg(&rgb, WIDTH, HEIGHT, quality, progressive), &folder, rounds);
    }
    fs::remove_dir_all(&folder).unwrap();
}

fn compare(jpeg: &[u8], folder: &Path, rounds: u32) {
    let photo = folder.join("photo.jpg");
    let turned = common::with_exif(jpeg, &common::ExifBlock::orientation(6));
    fs::write(&photo, &turned).unwrap();
    println!("  photo {WIDTH} × {HEIGHT}, {:.1} MB, orientation 6", turned.len() as f64 / 1e6);
    let (ours, theirs) = (folder.join("ours.jpg"), folder.join("theirs.jpg"));
    let (mut our_time, mut their_time) = (0.0, 0.0);
    let mut memory = String::new();
    for _ in 0..rounds {
        let before = children();
        let output =
            Command::new(std::env::current_exe().unwrap()).arg("clean").arg(&photo).arg(&ours).output().unwrap();
        assert!(output.status.success());
        memory = String::from_utf8(output.stdout).unwrap();
        let between = children();
        let status = Command::new("vipsthumbnail")
            .args(["-s", "1920x1920", "--rotate", "-o"])
            .args([&theirs, &photo])
            .status()
            .expect("vipsthumbnail: apt-get install libvips-tools");
        assert!(status.success());
        our_time += between - before;
        their_time += children() - between;
    }
    let per = |time: f64| time * 1000.0 / f64::from(rounds);
    println!("  ours: copy, thumbnail, fingerprint  {:6.1} ms of processor time, {}", per(our_time), memory.trim());
    println!("  vipsthumbnail: copy                 {:6.1} ms of processor time", per(their_time));
    println!("  ratio                               {:6.2}", our_time / their_time);
    let full = image::load_from_memory(jpeg).unwrap().rotate90();
    let full = full.resize_exact(1440, 1920, FilterType::Lanczos3).to_luma8();
    for (name, path) in [("ours", &ours), ("theirs", &theirs)] {
        let copy = common::light(&fs::read(path).unwrap());
        assert_eq!(copy.dimensions(), (1440, 1920));
        let size = fs::metadata(path).unwrap().len() / 1000;
        println!("  SSIM of {name:6}  {:.4}  ({size} kB)", common::ssim(copy.as_raw(), full.as_raw(), 1440, 1920));
    }
}

fn clean(from: &str, to: &str) {
    let clean = evidence::clean(&fs::read(from).unwrap()).unwrap();
    fs::write(to, &clean.copy.bytes).unwrap();
    fs::write(format!("{to}.thumbnail"), &clean.thumbnail.bytes).unwrap();
    println!("peak memory {:.0} MB", memory::peak_mb());
}

/// Processor time of all finished child processes, in seconds. The kernel adds it up exactly and shows hundredths.
fn children() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
    let ticks: f64 = fields[13].parse::<f64>().unwrap() + fields[14].parse::<f64>().unwrap();
    ticks / 100.0
}
