-- Official documents (公文): templates that towns change, drafts, approval, numbers, what was issued.

-- What a town has made of a built-in template, or its own: JSON, the whole of it in each version.
CREATE TABLE document_templates (
    jurisdiction_id TEXT NOT NULL REFERENCES jurisdictions (jurisdiction_id) DEFERRABLE INITIALLY IMMEDIATE,
    code TEXT NOT NULL,
    version BIGINT NOT NULL,
    content TEXT NOT NULL,
    edited_by_name TEXT NOT NULL,
    edited_at BIGINT NOT NULL,
    PRIMARY KEY (jurisdiction_id, code, version)
);

-- A document of an office. What has been approved no longer changes; what has been issued stays for ever.
CREATE TABLE documents (
    jurisdiction_id TEXT NOT NULL REFERENCES jurisdictions (jurisdiction_id) DEFERRABLE INITIALLY IMMEDIATE,
    document_id TEXT NOT NULL PRIMARY KEY,
    -- 发文机关
    unit_id TEXT NOT NULL REFERENCES units (unit_id) DEFERRABLE INITIALLY IMMEDIATE,
    campaign_id TEXT REFERENCES campaigns (campaign_id) DEFERRABLE INITIALLY IMMEDIATE,
    -- The week it is about; 0 when none.
    week BIGINT NOT NULL DEFAULT 0,
    kind TEXT NOT NULL CHECK (kind IN ('notice', 'bulletin', 'report', 'request', 'letter', 'minutes', 'brief', 'summary')),
    state TEXT NOT NULL CHECK (state IN ('draft', 'submitted', 'approved', 'issued', 'void')),
    title TEXT NOT NULL,
    search_key TEXT NOT NULL,
    -- JSON, read whole: everything that is printed but number and date.
    content TEXT NOT NULL,
    -- 发文字号; empty before it is issued.
    doc_number TEXT NOT NULL DEFAULT '',
    -- 成文日期
    dated TEXT,
    -- Why it was sent back, or is void.
    comment TEXT NOT NULL DEFAULT '',
    approved_by_name TEXT NOT NULL DEFAULT '',
    approved_at BIGINT,
    issued_by_name TEXT NOT NULL DEFAULT '',
    issued_at BIGINT,
    version BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    created_by_name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_by_name TEXT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX documents_by_time ON documents (jurisdiction_id, updated_at, document_id);
CREATE INDEX documents_by_unit ON documents (jurisdiction_id, unit_id);
CREATE INDEX documents_by_campaign ON documents (jurisdiction_id, campaign_id);

-- 发文字号: a row for each number ever given. Rows are never removed, so no number is missing or given twice.
CREATE TABLE document_numbers (
    jurisdiction_id TEXT NOT NULL REFERENCES jurisdictions (jurisdiction_id) DEFERRABLE INITIALLY IMMEDIATE,
    unit_id TEXT NOT NULL REFERENCES units (unit_id) DEFERRABLE INITIALLY IMMEDIATE,
    -- 机关代字: 青政发
    word TEXT NOT NULL,
    year BIGINT NOT NULL,
    ordinal BIGINT NOT NULL,
    document_id TEXT NOT NULL REFERENCES documents (document_id) DEFERRABLE INITIALLY IMMEDIATE,
    given_by_name TEXT NOT NULL,
    given_at BIGINT NOT NULL,
    -- Why it is void; empty while it stands.
    void_reason TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (jurisdiction_id, unit_id, word, year, ordinal)
);
CREATE INDEX document_numbers_by_unit ON document_numbers (jurisdiction_id, unit_id);
CREATE INDEX document_numbers_by_document ON document_numbers (jurisdiction_id, document_id);
