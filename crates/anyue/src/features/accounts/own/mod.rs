//! One's own account (我的): data, password, the devices one is signed in on, one's API tokens.
//!
//! The same content stands in the unit workspace for liaisons and in the console for everybody else.

pub mod me;
pub mod sessions;
pub mod tokens;

use askama::Template;

use crate::page::Page;
use crate::platform::auth::{Permission, Role};
use crate::platform::error::Result;
use crate::platform::web::Frame;

#[derive(Template)]
#[template(path = "features/accounts/templates/own_console.html")]
struct InConsole {
    frame: Frame,
    body: String,
}

#[derive(Template)]
#[template(path = "features/accounts/templates/own_work.html")]
struct InWorkspace {
    frame: Frame,
    body: String,
}

/// The content inside the frame its reader works in.
fn dress(page: &Page, body: &impl Template, frame: Frame) -> Result<String> {
    let body = body.render()?;
    let liaison = page.actor.grants.iter().any(|grant| grant.role == Role::Liaison);
    Ok(if liaison && !page.actor.can(Permission::CampaignView) {
        InWorkspace { frame, body }.render()?
    } else {
        InConsole { frame, body }.render()?
    })
}

/// A page in each of its two frames.
#[cfg(any(test, feature = "testing"))]
pub fn sample_in_frames(body: &impl Template) -> [String; 2] {
    use crate::testing::samples::html;
    let frame = Frame {
        title: "我的账号".to_owned(), site_name: "青龙山镇安全生产".to_owned(), ..Frame::default()
    };
    let body = html(body);
    [html(&InConsole { frame: frame.clone(), body: body.clone() }), html(&InWorkspace { frame, body })]
}
