//! TODO overview

use crate::platform::web::Routes;

/// The routes of this area.
pub fn routes() -> Routes {
    Routes::new()
}
