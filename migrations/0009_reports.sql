-- What a report consists of (报送的内容): the activity records that belong to it, and the receipt for it.

-- The records of a submission. Of a draft: what was chosen, with version 0. Of what was sent: which version, its
-- content and the content's hash; never changed after that.
CREATE TABLE report_items (
    jurisdiction_id TEXT NOT NULL REFERENCES jurisdictions (jurisdiction_id) DEFERRABLE INITIALLY IMMEDIATE,
    submission_id TEXT NOT NULL REFERENCES submissions (submission_id) DEFERRABLE INITIALLY IMMEDIATE,
    -- No reference: what was sent stays as it was, also when the host of a joint record throws it away.
    record_id TEXT NOT NULL,
    ordinal BIGINT NOT NULL,
    -- The unit is its host; otherwise it held it together with the host, who reports it.
    own BOOLEAN NOT NULL,
    version BIGINT NOT NULL DEFAULT 0,
    sha256 TEXT NOT NULL DEFAULT '',
    -- What the record said when it was sent, as JSON.
    content TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (jurisdiction_id, submission_id, record_id)
);
CREATE INDEX report_items_by_record ON report_items (jurisdiction_id, record_id);

-- Signed receipts (回执), each for what was received once.
CREATE TABLE receipts (
    jurisdiction_id TEXT NOT NULL REFERENCES jurisdictions (jurisdiction_id) DEFERRABLE INITIALLY IMMEDIATE,
    receipt_id TEXT NOT NULL PRIMARY KEY,
    -- What was received: 'submission' and its id.
    subject_kind TEXT NOT NULL CHECK (subject_kind IN ('submission')),
    subject_id TEXT NOT NULL,
    number TEXT NOT NULL,
    -- The whole receipt as the sender can keep it.
    body TEXT NOT NULL,
    issued_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX receipts_by_subject ON receipts (jurisdiction_id, subject_kind, subject_id);
