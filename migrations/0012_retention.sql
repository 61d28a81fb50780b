-- How long things are kept (保存期限): what a town has set, what must not go now, what went, and what was struck out.

-- The term of a class of data as a town has set it. The latest one that has come into force and was not taken back counts;
-- a class without a row is as the program says.
CREATE TABLE retention_rules (
    jurisdiction_id TEXT NOT NULL REFERENCES jurisdictions (jurisdiction_id) DEFERRABLE INITIALLY IMMEDIATE,
    -- Code of the class.
    class TEXT NOT NULL,
    version BIGINT NOT NULL,
    -- Null: for ever.
    days BIGINT CHECK (days IS NULL OR days >= 1),
    reason TEXT NOT NULL,
    -- Who set it: names stand in the trail.
    set_by TEXT NOT NULL,
    set_at BIGINT NOT NULL,
    -- A shorter term waits.
    effective_at BIGINT NOT NULL,
    taken_back_by TEXT,
    taken_back_at BIGINT,
    PRIMARY KEY (jurisdiction_id, class, version)
);

-- 暂停清理: nothing of a class, of a campaign, or nothing at all goes while one stands.
CREATE TABLE retention_holds (
    jurisdiction_id TEXT NOT NULL REFERENCES jurisdictions (jurisdiction_id) DEFERRABLE INITIALLY IMMEDIATE,
    hold_id TEXT NOT NULL PRIMARY KEY,
    -- Code of the class; empty for all classes.
    class TEXT NOT NULL DEFAULT '',
    campaign_id TEXT REFERENCES campaigns (campaign_id) DEFERRABLE INITIALLY IMMEDIATE,
    reason TEXT NOT NULL,
    begun_by TEXT NOT NULL,
    begun_at BIGINT NOT NULL,
    ended_by TEXT,
    ended_at BIGINT
);
CREATE INDEX retention_holds_by_campaign ON retention_holds (jurisdiction_id, campaign_id);

-- 清理记录: one row for each portion that went, written with it. Kept for ever; holds nothing of a person.
CREATE TABLE retention_removals (
    jurisdiction_id TEXT NOT NULL REFERENCES jurisdictions (jurisdiction_id) DEFERRABLE INITIALLY IMMEDIATE,
    removal_id TEXT NOT NULL PRIMARY KEY,
    class TEXT NOT NULL,
    -- The term that counted, and version of the rule it comes from; 0 when the town has set none.
    days BIGINT NOT NULL,
    rule_version BIGINT NOT NULL,
    -- What is younger than this instant stayed.
    before_at BIGINT NOT NULL,
    items BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    -- The oldest and the newest of what went, by what its term is counted from.
    from_at BIGINT NOT NULL,
    until_at BIGINT NOT NULL,
    -- SHA-256 of the ids, each on a line.
    list_hash TEXT NOT NULL,
    -- Who pressed the button; null for the nightly run.
    asked_by TEXT,
    removed_at BIGINT NOT NULL
);
CREATE INDEX retention_removals_by_time ON retention_removals (jurisdiction_id, removed_at, removal_id);

-- What stays as a row while something of it was struck out, and when.
CREATE TABLE retention_marks (
    jurisdiction_id TEXT NOT NULL REFERENCES jurisdictions (jurisdiction_id) DEFERRABLE INITIALLY IMMEDIATE,
    class TEXT NOT NULL,
    -- Its id, by what the class consists of.
    item TEXT NOT NULL,
    removed_at BIGINT NOT NULL,
    PRIMARY KEY (jurisdiction_id, class, item)
);

-- The bytes of a content went by its term; the row stays, so that pages can say so.
ALTER TABLE blobs ADD COLUMN removed_at BIGINT;
