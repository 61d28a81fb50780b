//! How long drafts of reports are kept.

use crate::platform::retention::{Class, May, Source};

/// Drafts of reports that were never sent, of campaigns that are over.
pub const KEPT: Class = Class {
    code: "report_drafts",
    name: "没有报送的报送草稿",
    holds: "活动已经结束、单位没有报送的草稿和它的附件",
    area: "报送",
    counted_from: "活动结束和最后一次保存中较晚的",
    days: Some(184),
    may: May::From(30),
    source: Source::Ours,
    find: "SELECT s.submission_id AS id, CASE WHEN c.closed_at > s.updated_at THEN c.closed_at ELSE s.updated_at END AS at, \
           CAST(LENGTH(s.payload) AS BIGINT) AS bytes, d.title AS about, o.campaign_id FROM submissions s \
           JOIN occurrences o ON o.occurrence_id = s.occurrence_id AND o.jurisdiction_id = s.jurisdiction_id \
           JOIN duties d ON d.duty_id = o.duty_id AND d.jurisdiction_id = o.jurisdiction_id \
           JOIN campaigns c ON c.campaign_id = o.campaign_id AND c.jurisdiction_id = o.jurisdiction_id \
           WHERE s.jurisdiction_id = $1 AND s.state = 'draft' AND c.state = 'closed' AND c.closed_at < $2 AND s.updated_at < $2",
    remove: &[
        "DELETE FROM files WHERE jurisdiction_id = $1 AND owner_kind = 'submission' AND owner_id IN (...)",
        "DELETE FROM report_items WHERE jurisdiction_id = $1 AND submission_id IN (...)",
        "DELETE FROM submissions WHERE jurisdiction_id = $1 AND state = 'draft' AND submission_id IN (...)",
    ],
};
