//! What units handed in: texts, forms, what the records said then, receipts as the units keep them, files.

use std::collections::{HashMap, HashSet};

use super::gather::{Gather, THING, Thing, text};
use super::index::{moment, moment_cell};
use crate::features::duties::api::{self as duties, Duty, Submission, WorkItem, form_spec};
use crate::features::receipts::api as receipts;
use crate::features::reports::api::{self as reports, Pinned};
use crate::platform::error::Result;
use crate::platform::ids::UnitId;

/// So many are read at once.
const PORTION: i64 = 200;

/// `2022-06-16` of a period's key, else nothing.
fn period(item: &WorkItem) -> String {
    match (item.period_start, item.period_end) {
        (Some(from), Some(until)) => format!("{from}至{until}"),
        _ => String::new(),
    }
}

impl Gather<'_> {
    /// The table of duties: every unit, every date, how it stands.
    pub(super) async fn duties(&mut self) -> Result<()> {
        let db = self.app.db.reader();
        let all = duties::of_campaign(db, self.town, &self.campaign.id, true).await?;
        let by_id: HashMap<String, Duty> = all.into_iter().map(|duty| (duty.id.to_string(), duty)).collect();
        let mut cells = duties::cells(db, self.town, &self.campaign.id).await?;
        cells.retain(|cell| cell.on_board().is_some() && self.wish.wants_unit(&UnitId::from(cell.unit_id.as_str())));
        let place = |id: &str| by_id.get(id).map_or(i64::MAX, |duty| duty.ordinal);
        cells.sort_by(|a, b| {
            (place(&a.duty_id), &a.duty_id, &a.period_key, &a.unit_id).cmp(&(
                place(&b.duty_id),
                &b.duty_id,
                &b.period_key,
                &b.unit_id,
            ))
        });
        for cell in cells {
            let Some(duty) = by_id.get(&cell.duty_id) else { continue };
            let unit = self.unit_name(&UnitId::from(cell.unit_id.as_str())).await?;
            let late = cell.late.map(|late| if late { "是" } else { "否" });
            self.index.duties.rows.push(vec![
                duty.title.as_str().into(),
                duty.kind.label().into(),
                duty.clause.as_str().into(),
                unit.into(),
                if cell.period_key == "once" { "" } else { cell.period_key.as_str() }.into(),
                moment_cell(cell.extended_until.or(cell.due_at)),
                cell.state.label().into(),
                moment_cell(cell.submitted_at),
                late.into(),
            ]);
        }
        Ok(())
    }

    /// Everything that was sent, each revision.
    pub(super) async fn hand_ins(&mut self) -> Result<()> {
        let (db, weeks) = (self.app.db.reader(), self.weeks.clone());
        let (mut after, mut along) = (String::new(), Vec::new());
        loop {
            let portion = duties::submissions_of_campaign(db, self.town, &self.campaign.id, &after, PORTION).await?;
            let Some(last) = portion.last() else { break };
            after = last.id.to_string();
            let ids: Vec<String> = portion.iter().map(|one| one.id.to_string()).collect();
            let known = self.known("submission", &ids).await?;
            for sent in portion.iter().filter(|one| self.wish.wants_unit(&one.unit_id)) {
                let Some(item) = duties::occurrence(db, self.town, &sent.occurrence_id).await? else { continue };
                let sent_on = sent.submitted_at.and_then(calendar::to_local).map(|at| at.date());
                let day = item.period_end.or(sent_on).unwrap_or(self.today);
                let Some(week) = self.wish.week_of(&weeks, day) else { continue };
                let parent = self.week_folder(&sent.unit_id, week).await?;
                let pinned = reports::of_submission(db, self.town, &sent.id).await?;
                let folder = self.hand_in(sent, &item, &pinned, &parent).await?;
                along.extend(pinned.into_iter().map(|record| record.record_id));
                let thing = Thing { unit: &sent.unit_id, title: &item.duty.title, folder: &folder };
                self.files(&thing, known.of(sent.id.as_str()), &known);
            }
        }
        along.sort();
        along.dedup();
        self.records_along(&along).await
    }

    async fn hand_in(&mut self, sent: &Submission, item: &WorkItem, pinned: &[Pinned], parent: &str) -> Result<String> {
        let db = self.app.db.reader();
        let unit = self.unit_name(&sent.unit_id).await?;
        let name = match sent.revision {
            1 => format!("报送 {}", item.duty.title),
            revision => format!("报送 {}（第{revision}次）", item.duty.title),
        };
        let folder = self.paths.folder(parent, &name, THING);
        let receipt = receipts::of_submission(db, self.town, sent.id.as_str()).await?;
        let mut parts: Vec<String> = Vec::new();
        let review: Vec<&str> = std::iter::once(sent.review.comment.as_str())
            .chain(sent.review.parts.values().map(String::as_str))
            .filter(|words| !words.is_empty())
            .collect();
        let review = review.join("；");
        for (at, record) in pinned.iter().enumerate() {
            // Byte for byte what the receipt's sum is of.
            self.add(&format!("{folder}/原文"), &format!("活动记录{}.json", at + 1), record.content.as_bytes())?;
            let title = serde_json::from_str::<serde_json::Value>(&record.content).ok();
            let title = title.and_then(|content| content["title"].as_str().map(str::to_owned)).unwrap_or_default();
            parts.push(format!("{}. {title}", at + 1));
        }
        let form = sent.payload.liaison_form.as_ref();
        for (name, words) in [("文字说明.txt", &sent.payload.text), ("活动方案.txt", &sent.payload.unit_plan)] {
            if !words.is_empty() {
                self.add(&format!("{folder}/原文"), name, words.as_bytes())?;
            }
        }
        if let Some(form) = form {
            self.add(&format!("{folder}/原文"), "联络员反馈表.json", serde_json::to_string(form)?.as_bytes())?;
        }
        let mut lines: Vec<(String, String)> = [
            ("报送单位", unit.clone()),
            ("任务", item.duty.title.clone()),
            ("期次", period(item)),
            ("依据", item.duty.clause.clone()),
            ("第几次报送", sent.revision.to_string()),
            ("状态", sent.state.label().to_owned()),
            ("报送人", sent.created_by_name.clone()),
            ("报送时间", sent.submitted_at.map(moment).unwrap_or_default()),
            ("回执编号", receipt.as_ref().map(|receipt| receipt.number.clone()).unwrap_or_default()),
            ("零报告", if sent.zero_report { "是，本期没有开展活动".to_owned() } else { String::new() }),
            ("文字说明", sent.payload.text.clone()),
            ("活动方案", sent.payload.unit_plan.clone()),
            ("一起报送的活动记录", parts.join("　")),
            ("审核人", sent.reviewed_by_name.clone()),
            ("审核时间", sent.reviewed_at.map(moment).unwrap_or_default()),
            ("审核意见", review.clone()),
        ]
        .map(|(label, words)| (label.to_owned(), words))
        .to_vec();
        if let Some(form) = form {
            let seen: HashSet<&str> = HashSet::from(["unit"]);
            let fields = form_spec().all_fields().filter(|field| !seen.contains(field.kind.as_str()));
            lines.extend(fields.map(|field| (field.label.clone(), form.get(&field.code).to_owned())));
        }
        self.add(&folder, "报送.txt", &text("报送件", &lines))?;
        if let Some(receipt) = &receipt {
            self.add(&folder, "回执.txt", receipt.text().as_bytes())?;
        }
        self.index.hand_ins.rows.push(vec![
            unit.into(),
            item.duty.title.as_str().into(),
            period(item).into(),
            sent.revision.into(),
            sent.state.label().into(),
            moment_cell(sent.submitted_at),
            if sent.zero_report { "是" } else { "" }.into(),
            receipt.map(|receipt| receipt.number).into(),
            review.into(),
            folder.as_str().into(),
        ]);
        self.counts_hand_in(&sent.unit_id);
        Ok(folder)
    }
}
