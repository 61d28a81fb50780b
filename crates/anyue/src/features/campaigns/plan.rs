//! A notice as read (`anyue/notice/1`), kept as JSON beside the campaign and read back for the confirm page, so
//! that every value can show its lines and every warning its place.

use std::collections::BTreeSet;

use serde::Deserialize;

/// A text and where it stands.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Text {
    /// As printed.
    pub value: String,
    /// First and last line.
    pub lines: (i64, i64),
}

/// The 主送 line.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Addressees {
    /// As printed.
    pub value: String,
    /// First and last line.
    pub lines: (i64, i64),
    /// Its parts.
    pub items: Vec<Addressee>,
}

/// A part of the 主送 line.
#[derive(Clone, Debug, Deserialize)]
pub struct Addressee {
    /// As printed.
    pub text: String,
    /// Kinds of unit.
    pub unit_kinds: Vec<String>,
}

/// Something to do, named by a heading.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct PlannedActivity {
    pub(super) number: Option<String>,
    pub(super) clause: Option<String>,
    pub(super) title: String,
    pub(super) kinds: Vec<String>,
    pub(super) who: Option<String>,
    pub(super) start: Option<String>,
    pub(super) end: Option<String>,
    pub(super) lines: (i64, i64),
}

/// A count to reach.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Quota {
    pub(super) min: i64,
    pub(super) unit: String,
}

/// A duty with a date.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Deadline {
    pub(super) text: String,
    pub(super) due: Option<String>,
    pub(super) start: Option<String>,
    pub(super) what: String,
    pub(super) kind: String,
    pub(super) who: Option<String>,
    pub(super) to: Option<String>,
    pub(super) quota: Option<Quota>,
    pub(super) relative: Option<String>,
    pub(super) lines: (i64, i64),
}

/// A duty with a rhythm.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Recurring {
    pub(super) text: String,
    pub(super) what: String,
    pub(super) rule: String,
    pub(super) from: Option<String>,
    pub(super) until: Option<String>,
    pub(super) kind: String,
    pub(super) who: Option<String>,
    pub(super) to: Option<String>,
    pub(super) quota: Option<Quota>,
    pub(super) lines: (i64, i64),
}

/// What is to be handed in as proof.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Evidence {
    /// As printed.
    pub text: String,
    /// Codes of sorts of material.
    pub types: Vec<String>,
    /// First and last line.
    pub lines: (i64, i64),
}

/// A person or post to ask.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Contact {
    name: Option<String>,
    org: Option<String>,
    phones: Vec<String>,
    fax: Option<String>,
    email: Option<String>,
    /// First and last line.
    pub lines: (i64, i64),
}

impl Contact {
    /// `王某某　0475-4473241、13800000000`
    pub fn in_words(&self) -> String {
        let mut words: Vec<String> = [&self.org, &self.name].into_iter().flatten().cloned().collect();
        if !self.phones.is_empty() {
            words.push(self.phones.join("、"));
        }
        words.extend(self.fax.iter().map(|fax| format!("传真{fax}")));
        words.extend(self.email.iter().cloned());
        words.join("　")
    }
}

/// An attachment.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Attachment {
    /// 附件1
    pub label: String,
    /// What it is.
    pub title: Option<String>,
    /// First and last line.
    pub lines: (i64, i64),
}

/// Something the clerk should look at.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Warning {
    /// What kind of thing.
    pub code: String,
    /// A sentence.
    pub message: String,
    /// The line in question.
    pub line: Option<i64>,
}

/// A notice as read.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Plan {
    /// False for a news report, a form, a law.
    pub is_notice: bool,
    /// 发文字号
    pub doc_number: Option<Text>,
    /// 标题
    pub title: Option<Text>,
    /// 发文机关
    pub issuer: Option<Text>,
    /// 成文日期
    pub date: Option<Text>,
    /// 主送
    pub addressees: Option<Addressees>,
    /// 主题
    pub theme: Option<Text>,
    /// First day.
    pub period_start: Option<Text>,
    /// Last day.
    pub period_end: Option<Text>,
    /// 活动内容
    pub activities: Vec<PlannedActivity>,
    /// 要求与时限
    pub deadlines: Vec<Deadline>,
    /// 定期与随时
    pub recurring: Vec<Recurring>,
    /// 印证资料
    pub evidence: Vec<Evidence>,
    /// 联系人
    pub contacts: Vec<Contact>,
    /// 附件
    pub attachments: Vec<Attachment>,
    /// 提示
    pub warnings: Vec<Warning>,
}

impl Plan {
    /// From the JSON kept with a campaign; an empty plan for a campaign by hand.
    pub fn from_json(json: &str) -> Self {
        serde_json::from_str(json).unwrap_or_default()
    }

    /// The phrases that carry activities, dates and evidence, longest first.
    pub fn phrases(&self) -> Vec<&str> {
        let mut phrases: Vec<&str> = Vec::new();
        phrases.extend(self.activities.iter().map(|activity| activity.title.as_str()));
        phrases.extend(self.deadlines.iter().map(|deadline| deadline.text.as_str()));
        phrases.extend(self.recurring.iter().map(|recurring| recurring.text.as_str()));
        phrases.extend(self.evidence.iter().map(|evidence| evidence.text.as_str()));
        phrases.retain(|phrase| !phrase.is_empty());
        phrases.sort_by_key(|phrase| std::cmp::Reverse(phrase.len()));
        phrases
    }

    /// Every line that carries something.
    pub fn carrying_lines(&self) -> BTreeSet<i64> {
        let texts = [&self.doc_number, &self.title, &self.issuer, &self.date, &self.theme, &self.period_start];
        let mut spans: Vec<(i64, i64)> = texts.into_iter().flatten().map(|text| text.lines).collect();
        spans.extend(self.period_end.iter().map(|text| text.lines));
        spans.extend(self.addressees.iter().map(|addressees| addressees.lines));
        spans.extend(self.activities.iter().map(|activity| activity.lines));
        spans.extend(self.deadlines.iter().map(|deadline| deadline.lines));
        spans.extend(self.recurring.iter().map(|recurring| recurring.lines));
        spans.extend(self.evidence.iter().map(|evidence| evidence.lines));
        spans.extend(self.contacts.iter().map(|contact| contact.lines));
        spans.extend(self.attachments.iter().map(|attachment| attachment.lines));
        spans.into_iter().flat_map(|(first, last)| first..=last.min(first + 200)).collect()
    }
}
