//! `anyue notice parse FILE`: what the importer understands of a notice. No network, no clock, no database.

use std::path::PathBuf;

use clap::Subcommand;

use super::{Outcome, say};

#[derive(Subcommand)]
pub(super) enum NoticeCommand {
    /// Print the plan that a notice holds.
    Parse {
        /// txt, docx, ofd, or pdf with text.
        file: PathBuf,
        /// Print JSON (schema `anyue/notice/1`); else a summary for reading.
        #[arg(long)]
        json: bool,
    },
}

pub(super) fn run(command: &NoticeCommand) -> Outcome {
    let NoticeCommand::Parse { file, json } = command;
    let length = std::fs::metadata(file).map_err(|error| format!("{}: {error}", file.display()))?.len();
    if length > official_doc::limits::MAX_FILE_BYTES as u64 {
        return Err(format!(
            "{}：文件超过{}MB，请另存为docx或粘贴文字。",
            file.display(),
            official_doc::limits::MAX_FILE_BYTES >> 20
        ));
    }
    let bytes = std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned());
    let document =
        official_doc::read(&bytes, name.as_deref()).map_err(|error| format!("{}：{error}", file.display()))?;
    let plan = notice::parse(&document.lines);
    if *json {
        say(serde_json::to_string_pretty(&plan).map_err(|error| error.to_string())?);
    } else {
        summary(&plan);
    }
    Ok(())
}

fn summary(plan: &notice::Notice) {
    let value = |value: &Option<notice::Value>| value.as_ref().map_or("—".to_owned(), |value| value.value.clone());
    say(format!("标题　{}", value(&plan.title)));
    say(format!("文号　{}", value(&plan.doc_number)));
    say(format!("发文　{}", value(&plan.issuer)));
    say(format!("主题　{}", value(&plan.theme)));
    say(format!("活动　{}项", plan.activities.len()));
    for activity in &plan.activities {
        say(format!("　　　{}{}", activity.number.as_deref().unwrap_or_default(), activity.title));
    }
    for deadline in &plan.deadlines {
        let due = deadline.due.as_ref().map_or("未定".to_owned(), ToString::to_string);
        say(format!("期限　{due}　{}", deadline.what));
    }
    for recurring in &plan.recurring {
        say(format!("定期　{}　{}", recurring.text, recurring.what));
    }
    for warning in &plan.warnings {
        say(format!("提示　{}", warning.message));
    }
}
