//! Opens a PDF within bounds.

use std::cell::Cell;

use lopdf::{DecompressError, Document, Error, LoadOptions, Object, ObjectId};

use super::KIND;
use crate::{
    ReadError,
    limits::{MAX_INFLATED_BYTES, MAX_PDF_OBJECTS, MAX_PDF_STREAM_BYTES},
};

thread_local! {
    /// What the document being opened on this thread may still inflate to. lopdf's filter is a plain function
    /// and can hold nothing itself. Set anew by every [`load`], never read outside it.
    static LEFT: Cell<usize> = const { Cell::new(0) };
    /// How many more objects its object streams may hold.
    static OBJECTS_LEFT: Cell<i64> = const { Cell::new(0) };
}

pub(super) fn load(bytes: &[u8]) -> Result<Document, ReadError> {
    let objects = bytes.windows(4).filter(|window| *window == b" obj").count();
    if objects > MAX_PDF_OBJECTS {
        return Err(ReadError::TooMuch(KIND));
    }
    let document = open(bytes, false)?;
    if document.page_iter().next().is_some() {
        return Ok(document);
    }
    // The cross-reference table may point astray. Look for the objects themselves.
    let document = open(bytes, true)?;
    if document.page_iter().next().is_some() { Ok(document) } else { Err(ReadError::Broken(KIND)) }
}

fn open(bytes: &[u8], force_reconstruct: bool) -> Result<Document, ReadError> {
    OBJECTS_LEFT.set(i64::try_from(MAX_PDF_OBJECTS).unwrap_or(i64::MAX));
    LEFT.set(usize::try_from(MAX_INFLATED_BYTES).unwrap_or(usize::MAX));
    let options = LoadOptions {
        filter: Some(unpack),
        max_decompressed_size: Some(MAX_PDF_STREAM_BYTES),
        force_reconstruct,
        ..LoadOptions::default()
    };
    let document = Document::load_mem_with_options(bytes, options).map_err(|error| match error {
        Error::InvalidPassword | Error::Decryption(_) | Error::UnsupportedSecurityHandler(_) => {
            ReadError::Encrypted(Some(KIND))
        }
        Error::Decompress(DecompressError::MemoryLimitExceeded { .. }) => ReadError::Bomb(KIND),
        _ => ReadError::Broken(KIND),
    })?;
    if LEFT.get() == 0 {
        return Err(ReadError::Bomb(KIND));
    }
    // lopdf takes away `/Encrypt` when it has opened the document without a password.
    if document.trailer.get(b"Encrypt").is_ok() && !document.was_encrypted() {
        return Err(ReadError::Encrypted(Some(KIND)));
    }
    if document.objects.len() > MAX_PDF_OBJECTS || OBJECTS_LEFT.get() < 0 {
        return Err(ReadError::TooMuch(KIND));
    }
    Ok(document)
}

/// Unpacks object streams against the budget before lopdf does, and forgets the pixels of pictures.
fn unpack(id: ObjectId, object: &mut Object) -> Option<(ObjectId, Object)> {
    if let Object::Stream(stream) = object {
        if stream.dict.has_type(b"ObjStm") {
            let count = stream.dict.get(b"N").and_then(Object::as_i64).unwrap_or(0).max(0);
            OBJECTS_LEFT.set(OBJECTS_LEFT.get().saturating_sub(count));
            if OBJECTS_LEFT.get() < 0 {
                return None;
            }
            let left = LEFT.get();
            if stream.decompress_with_limit(left.min(MAX_PDF_STREAM_BYTES)).is_err() && left < MAX_PDF_STREAM_BYTES {
                LEFT.set(0);
                return None;
            }
            LEFT.set(left.saturating_sub(stream.content.len()));
        } else if stream.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|name| name == b"Image") {
            stream.content = Vec::new();
        }
    }
    Some((id, object.clone()))
}
