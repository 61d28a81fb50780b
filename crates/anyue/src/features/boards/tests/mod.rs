//! The office's pages of duties, asked for through the router.
