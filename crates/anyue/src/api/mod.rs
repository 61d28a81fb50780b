//! The JSON interface's own pages: its description and a page to read it. The endpoints live in the areas'
//! `json` files.

use crate::platform::web::Routes;

/// The routes of the interface's description.
pub fn routes() -> Routes {
    Routes::new()
}
