//! Evidence (印证资料): photos, videos and documents, told by their content and shown to those who may see them.
//!
//! Words: original 原件, clean copy 网页副本, thumbnail 缩略图, fingerprint 图像指纹, question 提示.
//! Tables owned: `contents`.
//!
//! A file that comes is linked at once. What everybody may see of it is made soon after, in the background, once for
//! each content whoever sends it: an upright copy without metadata, a thumbnail, a fingerprint, and the report of what
//! the file says about itself.
//!
//! Invariants
//! * What a file is, its content says; its name is only a name.
//! * The original stays as it came, under its hash.
//! * Time, place and device go to the person who reviews, and to nobody else.
//! * Questions are for that person. No state follows from one: nothing but [`shown`] and pages use [`model`].
//! * This area knows contents and files, never what they belong to.

pub mod api;
mod intake;
mod make;
mod memory;
mod model;
mod poster;
mod shown;
#[cfg(any(test, feature = "testing"))]
pub mod sketch;
mod store;
mod sweep;
#[cfg(test)]
mod tests;

pub use make::{MAKE, carry_out};
pub use sweep::{SWEEP, carry_out as carry_out_sweep};
