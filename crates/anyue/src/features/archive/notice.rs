//! The notice with its files and plan, its changes, the frozen statistics forms, and the words at the beginning.

use std::collections::HashMap;

use jiff::civil::Date;

use super::check::{LIST, SEAL};
use super::gather::{FILE, Gather, Waiting, YEARS_TOLD, text};
use super::index::moment;
use crate::features::campaigns::api as campaigns;
use crate::features::duties::api as duties;
use crate::features::statistics::api as statistics;
use crate::platform::blobs;
use crate::platform::error::{Error, Result};

/// Where the notice is.
const NOTICE: &str = "通知";
/// Where the frozen forms are.
const STATISTICS: &str = "统计表";

impl Gather<'_> {
    /// The notice: its text, its files, what was made of it, what was changed since.
    pub(super) async fn notice(&mut self) -> Result<()> {
        let (db, town, campaign) = (self.app.db.reader(), self.town, self.campaign);
        let lines = campaigns::notice_lines(db, town, &campaign.id).await?;
        if !lines.is_empty() {
            let words = format!("\u{feff}{}\r\n", lines.join("\r\n"));
            self.add(NOTICE, "通知原文.txt", words.as_bytes())?;
        }
        self.plan().await?;
        let changes = campaigns::changes(db, town, &campaign.id).await?;
        let mut told = Vec::new();
        for change in &changes {
            let words = change.changes.join("\n");
            told.push((
                format!("第{}版 {} {}", change.edition, moment(change.at), change.actor_name),
                change.note.clone(),
            ));
            told.push((String::new(), words.clone()));
            self.index.changes.rows.push(vec![
                change.edition.into(),
                moment(change.at).into(),
                change.actor_name.as_str().into(),
                change.note.as_str().into(),
                words.into(),
            ]);
        }
        if !told.is_empty() {
            self.add(NOTICE, "修改记录.txt", &text("通知的修改", &told))?;
        }
        for file in blobs::files_of(db, town, "campaign", campaign.id.as_str()).await? {
            let path = self.paths.file(NOTICE, &file.name, FILE);
            self.index.files.rows.push(vec![
                path.as_str().into(),
                file.size.into(),
                file.sha256.as_str().into(),
                "通知".into(),
                campaign.issuer.as_str().into(),
                campaign.title.as_str().into(),
                file.name.as_str().into(),
                moment(file.created_at).into(),
            ]);
            let about = format!("“{}”（通知的附件）", file.name);
            self.waiting.push(Waiting { path, sha256: file.sha256, size: file.size.unsigned_abs(), about });
        }
        Ok(())
    }

    async fn plan(&mut self) -> Result<()> {
        let (db, town, campaign) = (self.app.db.reader(), self.town, self.campaign);
        let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        let mut lines: Vec<(String, String)> = [
            ("标题", campaign.title.clone()),
            ("文号", campaign.doc_number.clone()),
            ("发文机关", campaign.issuer.clone()),
            ("成文日期", day(campaign.issued_on)),
            ("活动主题", campaign.theme.clone()),
            ("开始日期", day(campaign.period_start)),
            ("结束日期", day(campaign.period_end)),
            ("联系人", campaign.contact.clone()),
            ("补充说明", campaign.remarks.clone()),
            ("版次", campaign.edition.to_string()),
        ]
        .map(|(label, words)| (label.to_owned(), words))
        .to_vec();
        for activity in campaigns::activities(db, town, &campaign.id).await? {
            let period = campaigns::period_in_words(activity.starts_on, activity.ends_on, YEARS_TOLD);
            lines.push((
                format!("活动项目{}", activity.number),
                format!("{}　{period}　{}", activity.title, activity.who),
            ));
        }
        for duty in duties::of_campaign(db, town, &campaign.id, false).await? {
            let words =
                [duty.title.clone(), duty.schedule_in_words(YEARS_TOLD), duty.clause.clone(), duty.detail.clone()];
            let words: Vec<String> = words.into_iter().filter(|words| !words.is_empty()).collect();
            lines.push((format!("任务（{}）", duty.kind.label()), words.join("　")));
        }
        self.add(NOTICE, "活动和任务.txt", &text("活动和任务", &lines))?;
        Ok(())
    }

    /// Frozen forms as they were frozen, and corrections.
    pub(super) async fn statistics(&mut self) -> Result<()> {
        let (db, town, campaign) = (self.app.db.reader(), self.town, self.campaign);
        let weeks = self.weeks.clone();
        let mut frozen = statistics::freezes(db, town, &campaign.id).await?;
        frozen.reverse();
        for one in frozen {
            let until: Date = one.until_day.parse().map_err(Error::internal)?;
            let from: Date = one.from_day.parse().map_err(Error::internal)?;
            let Some(week) = self.wish.week_of(&weeks, until) else { continue };
            let bytes = statistics::frozen_bytes(self.app, town, &one).await?;
            let name = format!("统计表 {until} 第{}次冻结", one.edition);
            let path = self.add(STATISTICS, &format!("{name}.json"), &bytes)?;
            let made = tokio::task::spawn_blocking(move || statistics::frozen_workbook(&bytes));
            match made.await.map_err(Error::internal)? {
                Ok(workbook) => drop(self.add(STATISTICS, &format!("{name}.xlsx"), &workbook)?),
                Err(error) => return Err(error),
            }
            self.index.statistics.rows.push(vec![
                week.and_then(|week| i64::try_from(week.no).ok()).into(),
                from.into(),
                until.into(),
                one.edition.into(),
                moment(one.frozen_at).into(),
                one.frozen_by_name.as_str().into(),
                one.reason.as_str().into(),
                one.sha256.as_str().into(),
                path.into(),
            ]);
        }
        let labels: HashMap<String, String> =
            statistics::slot_labels(self.app, town, self.today.year()).await?.into_iter().collect();
        for one in statistics::corrections(db, town, &campaign.id, Date::MAX).await? {
            if !self.wish.wants_unit(&one.unit_id) || self.wish.week_of(&weeks, one.until).is_none() {
                continue;
            }
            let unit = self.unit_name(&one.unit_id).await?;
            self.index.corrections.rows.push(vec![
                unit.into(),
                labels.get(&one.slot).cloned().unwrap_or(one.slot).into(),
                one.span.label().into(),
                one.from.into(),
                one.until.into(),
                one.computed.into(),
                one.amount.into(),
                one.body.into(),
                one.reason.into(),
                one.made_by_name.into(),
                moment(one.made_at).into(),
                one.taken_back_by_name.into(),
                one.taken_back_at.map(moment).into(),
            ]);
        }
        Ok(())
    }

    /// What this is, how it is laid out, how it is checked: a page to be read first.
    pub(super) fn opening(&self, contents: &str, counts: &[(&str, u64)]) -> Vec<u8> {
        let counts: Vec<String> = counts.iter().map(|(name, count)| format!("{name} {count}")).collect();
        let mut lines = vec![
            ("活动".to_owned(), self.campaign.title.clone()),
            ("文号".to_owned(), self.campaign.doc_number.clone()),
            ("生成时间".to_owned(), moment(self.app.now())),
            ("范围".to_owned(), contents.to_owned()),
            ("数量".to_owned(), counts.join("　")),
        ];
        let network = "照片的网页副本去掉了拍摄时间、地点、设备等信息。";
        let originals = "“原件”文件夹里的照片和视频含有拍摄时间、地点、设备等信息，只供审核和存档，请不要外传。";
        let sentences = [
            "",
            "一、各单位的材料按单位、周次分文件夹存放。每条活动记录、每次报送有一个文件夹。",
            if self.wish.copies { network } else { "" },
            if self.wish.originals {
                originals
            } else {
                "没有原件。视频只有画面，需要原件时，由审核人员另外生成。"
            },
            "二、“索引.xlsx”列出单位、任务、报送件、活动记录、文件、统计表和更正。",
            "三、“统计表”里的 json 文件和冻结时逐字节相同，xlsx 文件是同一张表。",
            "四、“回执.txt”是各单位保存的回执，可以在网站的“核验回执”页面核验；“原文”是回执所对应的内容。",
            &format!("五、“{LIST}”列出每个文件的大小和校验值（SHA-256），“{SEAL}”是对清单的签名。"),
            "核验整个档案包，不用联网，也不用先解压：anyue verify archive 档案包文件 --key 公钥",
            "公钥在网站的“核验回执”页面上。解压以后请保留原来的档案包，核验以它为准。",
        ]
        .map(str::to_owned);
        lines.extend(sentences.into_iter().filter(|words| !words.is_empty()).map(|words| (String::new(), words)));
        text("活动档案", &lines)
    }
}
