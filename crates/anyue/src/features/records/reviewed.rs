//! Photos and files on review pages: each with the questions it raises, where its picture was seen before among them.

use std::collections::HashSet;

use jiff::civil::Date;

use super::owners::owners_told;
use crate::App;
use crate::features::evidence::api::{self as evidence, Asking, Earlier, Question, Shown};
use crate::platform::auth::Actor;
use crate::platform::blobs::FileRow;
use crate::platform::error::Result;

/// So many earlier pictures are named at one photo.
const MOST: usize = 3;

/// Files as the person who reviews sees them. `owners` are the ids of what they belong to, all its revisions.
pub async fn reviewed(
    app: &App,
    actor: &Actor,
    files: Vec<FileRow>,
    days: Option<(Date, Date)>,
    owners: &[String],
) -> Result<Vec<Shown>> {
    let found = evidence::for_review(app, &actor.jurisdiction, Asking { files, days, owners }).await?;
    let earlier: Vec<FileRow> = found.iter().flat_map(|(_, seen)| seen).map(|one| one.file.clone()).collect();
    let told = owners_told(app, actor, &earlier).await?;
    let mut shown = Vec::new();
    for (mut file, seen) in found {
        let (mut groups, mut questions) = (HashSet::new(), Vec::new());
        for Earlier { file: before, is_same } in seen {
            let Some(owner) = told.get(&(before.owner_kind.clone(), before.owner_id.clone())) else { continue };
            if owners.contains(&owner.group) || !groups.insert(owner.group.clone()) || questions.len() >= MOST {
                continue;
            }
            let how = if is_same { "完全相同" } else { "几乎相同" };
            let what = if owner.may_see {
                format!("{}{}“{}”", owner.unit, owner.day, owner.title)
            } else {
                "其他单位此前报送".to_owned()
            };
            questions.push(Question {
                words: format!("与{what}的照片{how}。是同一次活动吗？"),
                link: if owner.may_see {
                    format!("/files/{}/beside/{}", file.id, before.file_id)
                } else {
                    String::new()
                },
            });
        }
        questions.append(&mut file.questions);
        file.questions = questions;
        shown.push(file);
    }
    Ok(shown)
}
