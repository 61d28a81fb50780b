//! Whether an archive is whole and genuine: offline, from the file and the public keys alone.
//!
//! The file may have been made up by anybody. Everything in it must be named by the signed list and lie end to end, so
//! that no byte is left over; nothing is unpacked, nothing compressed is accepted, and memory holds the list only.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use seal::{ArchiveSeal, Manifest, ManifestEntry, Problem, PublicKey};
use sha2::{Digest as _, Sha256};
use zip::{CompressionMethod, ZipArchive};

/// The list's place in an archive.
pub const LIST: &str = "清单.json";
/// The signature's place in an archive.
pub const SEAL: &str = "签名.txt";

/// So many differences are told one by one.
const TOLD: usize = 20;
/// The directory at the end of a zip is no longer: some hundred thousand files.
const DIRECTORY: u64 = 256 << 20;
/// The list is no longer.
const LONGEST_LIST: u64 = 256 << 20;
/// The signature is no longer.
const LONGEST_SEAL: u64 = 4_000;

/// An archive that is genuine.
#[derive(Debug)]
pub struct Checked {
    /// What was signed.
    pub seal: ArchiveSeal,
    /// What it says of itself.
    pub manifest: Manifest,
    /// Bytes of its files.
    pub bytes: u64,
}

/// Checks an archive.
///
/// # Errors
/// Why it is not accepted, in words, every difference on a line of its own.
pub fn check(path: &Path, keys: &[PublicKey]) -> Result<Checked, String> {
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    let length = file.metadata().map_err(|error| unreadable(path, &error))?.len();
    whole_to_its_end(&file, length)?;
    let damaged = |_| "文件的目录读不出来，可能被改动过，或者不是本系统生成的档案包。".to_owned();
    let mut zip = ZipArchive::new(BufReader::new(&file)).map_err(damaged)?;
    if zip.has_duplicate_names() || !zip.comment().is_empty() || zip.offset() != 0 {
        return Err("文件里有重复的名字或者多出的内容，不是原来的档案包。".to_owned());
    }

    let list = small(&mut zip, LIST, LONGEST_LIST)?;
    let signature = small(&mut zip, SEAL, LONGEST_SEAL)?;
    let seal: ArchiveSeal = String::from_utf8(signature)
        .ok()
        .and_then(|text| text.parse().ok())
        .ok_or("“签名.txt”读不出来，可能被改动过。")?;
    seal.verify(keys).map_err(|problem| in_words(&problem))?;
    if !seal.is_of(&list) {
        return Err("“清单.json”和签名时不一样，被改动过。".to_owned());
    }
    let manifest = Manifest::read(&list).map_err(|problem| problem.zh())?;
    drop(list);
    if manifest.files.len() as u64 != seal.count {
        return Err("清单里的文件数和签名时不一样。".to_owned());
    }

    let differences = compare(&mut zip, &file, &manifest)?;
    if !differences.is_empty() {
        let count = differences.len();
        let mut told: Vec<String> = differences.into_iter().take(TOLD).collect();
        if count > TOLD {
            told.push(format!("……一共有{count}处。"));
        }
        return Err(told.join("\n"));
    }
    let bytes = manifest.files.iter().map(|file| file.size).sum();
    Ok(Checked { seal, manifest, bytes })
}

/// What is wrong with a signature, as is said of an archive.
fn in_words(problem: &Problem) -> String {
    match problem {
        Problem::UnknownKey(id) => {
            format!(
                "这个档案包是用编号为{id}的密钥签名的，给出的公钥里没有它。请向生成它的网站索取公钥，再用 --key 核验。"
            )
        }
        Problem::Signature => "签名不符。这个档案包被改动过，或者是伪造的。".to_owned(),
        other => format!("“签名.txt”：{other}"),
    }
}

fn unreadable(path: &Path, error: &io::Error) -> String {
    let why = match error.kind() {
        io::ErrorKind::NotFound => "没有这个文件".to_owned(),
        io::ErrorKind::PermissionDenied => "没有读取的权限".to_owned(),
        _ => error.to_string(),
    };
    format!("读不了“{}”：{why}。", path.display())
}

fn number<const N: usize>(bytes: &[u8], at: usize) -> u64 {
    let mut number = [0; 8];
    number[..N].copy_from_slice(&bytes[at..at + N]);
    u64::from_le_bytes(number)
}

/// The end of the file is the end of a zip, whose directory is not too long to be read.
fn whole_to_its_end(mut file: &File, length: u64) -> Result<(), String> {
    const END: u64 = 22;
    const LOCATOR: u64 = 20;
    let cut = || "文件不完整，后面缺了一部分，或者不是档案包。请重新下载，没有下完的可以接着下载。".to_owned();
    let mut read = |at: u64, bytes: &mut [u8]| {
        file.seek(SeekFrom::Start(at)).and_then(|_| file.read_exact(bytes)).map_err(|_| cut())
    };
    let mut end = [0; END as usize];
    read(length.checked_sub(END).ok_or_else(cut)?, &mut end)?;
    if end[..4] != *b"PK\x05\x06" || end[20..] != [0, 0] {
        return Err(cut());
    }
    let (mut size, mut start) = (number::<4>(&end, 12), number::<4>(&end, 16));
    if size == 0xffff_ffff || start == 0xffff_ffff || number::<2>(&end, 10) == 0xffff {
        let mut locator = [0; LOCATOR as usize];
        read(length.checked_sub(END + LOCATOR).ok_or_else(cut)?, &mut locator)?;
        let mut large = [0; 56];
        read(number::<8>(&locator, 8), &mut large)?;
        if locator[..4] != *b"PK\x06\x07" || large[..4] != *b"PK\x06\x06" {
            return Err(cut());
        }
        (size, start) = (number::<8>(&large, 40), number::<8>(&large, 48));
    }
    if size > DIRECTORY || start.checked_add(size).is_none_or(|end| end > length) {
        return Err("文件的目录太长或者超出了文件，不是本系统生成的档案包。".to_owned());
    }
    Ok(())
}

/// A small file of the archive.
fn small(zip: &mut ZipArchive<impl Read + Seek>, name: &str, most: u64) -> Result<Vec<u8>, String> {
    let missing = || format!("缺少“{name}”，不是本系统生成的档案包，或者被改动过。");
    let index = zip.index_for_name(name).ok_or_else(missing)?;
    let entry = zip.by_index_raw(index).map_err(|_| missing())?;
    if entry.compression() != CompressionMethod::Stored || entry.size() > most {
        return Err(missing());
    }
    let mut bytes = Vec::new();
    entry.take(most).read_to_end(&mut bytes).map_err(|_| missing())?;
    Ok(bytes)
}

/// Every way in which the archive is not what its list says.
fn compare(zip: &mut ZipArchive<BufReader<&File>>, file: &File, manifest: &Manifest) -> Result<Vec<String>, String> {
    let mut waiting: HashMap<&str, &ManifestEntry> =
        manifest.files.iter().map(|file| (file.path.as_str(), file)).collect();
    let mut differences = Vec::new();
    let mut places = Vec::with_capacity(zip.len());
    for index in 0..zip.len() {
        let damaged = || "文件的目录和内容对不上，被改动过。".to_owned();
        let mut entry = zip.by_index_raw(index).map_err(|_| damaged())?;
        let name = std::str::from_utf8(entry.name_raw()).map_err(|_| damaged())?.to_owned();
        let start = entry.data_start().ok_or_else(damaged)?;
        if !is_called(file, entry.header_start(), name.as_bytes()) {
            return Err(damaged());
        }
        places.push((entry.header_start(), start.checked_add(entry.compressed_size()).ok_or_else(damaged)?));
        let shown: String = name.chars().filter(|c| !c.is_control()).take(180).collect();
        if name == LIST || name == SEAL {
            continue;
        }
        let Some(listed) = waiting.remove(name.as_str()) else {
            differences.push(format!("多出了“{shown}”，清单里没有它。"));
            continue;
        };
        let plain = entry.compression() == CompressionMethod::Stored && !entry.encrypted();
        if !plain || entry.size() != listed.size || entry.compressed_size() != listed.size {
            differences.push(format!("“{shown}”的大小和清单不一样，被改动过。"));
            continue;
        }
        if sum(&mut entry).map_err(|error| format!("读“{shown}”时出错：{error}"))? != listed.sha256 {
            differences.push(format!("“{shown}”的内容和清单不一样，被改动过。"));
        }
    }
    // In the order of the list, so that it is the same each time.
    let missing = manifest.files.iter().filter(|file| waiting.contains_key(file.path.as_str()));
    differences.extend(missing.map(|file| format!("缺少“{}”。", file.path)));
    places.sort_unstable();
    let mut end = 0;
    let end_to_end = places.iter().all(|(from, until)| std::mem::replace(&mut end, *until) == *from);
    if !end_to_end || end != zip.central_directory_start() {
        differences.push("文件之间夹着清单以外的内容。".to_owned());
    }
    Ok(differences)
}

/// Whether the header before a file's content has the name that the directory has.
fn is_called(mut file: &File, at: u64, name: &[u8]) -> bool {
    let mut header = vec![0; 30 + name.len()];
    let read = file.seek(SeekFrom::Start(at)).and_then(|_| file.read_exact(&mut header));
    read.is_ok() && number::<2>(&header, 26) == name.len() as u64 && header[30..] == *name
}

fn sum(content: &mut impl Read) -> io::Result<String> {
    let (mut hasher, mut buffer) = (Sha256::new(), vec![0; 256 * 1024]);
    loop {
        let read = content.read(&mut buffer)?;
        if read == 0 {
            return Ok(hex::encode(hasher.finalize()));
        }
        hasher.update(&buffer[..read]);
    }
}
