//! Evidence (印证资料): photos, videos and documents, told by their content and shown to those who may see them.
//!
//! Words: original 原件, clean copy 网页副本, thumbnail 缩略图.
//! Tables owned: none yet. Knows contents and files, never what they belong to.
//!
//! Invariants
//! * What a file is, its content says; its name is only a name.

pub mod api;
mod intake;
mod media;
mod shown;
