//! The office's pages of duties, asked for through the router.

mod json;
mod pages;
mod reviewing;
mod size;
