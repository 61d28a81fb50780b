-- The statistics form (附件2): what towns change in it, figures corrected by hand, forms frozen on report day.

-- Which records of a period several units held together: few, and asked for by every form.
CREATE INDEX record_units_joint ON record_units (jurisdiction_id, held_on, record_id, unit_id) WHERE role = 'co_host';

-- What a town has changed in the built-in form, from a year on: JSON, the whole of it in each version.
CREATE TABLE statistics_forms (
    jurisdiction_id TEXT NOT NULL REFERENCES jurisdictions (jurisdiction_id) DEFERRABLE INITIALLY IMMEDIATE,
    year BIGINT NOT NULL,
    version BIGINT NOT NULL,
    content TEXT NOT NULL,
    edited_by_name TEXT NOT NULL,
    edited_at BIGINT NOT NULL,
    PRIMARY KEY (jurisdiction_id, year, version)
);

-- A figure that a person set: what was computed then, what stands instead, and why. Never changed, only taken back.
CREATE TABLE statistics_corrections (
    jurisdiction_id TEXT NOT NULL REFERENCES jurisdictions (jurisdiction_id) DEFERRABLE INITIALLY IMMEDIATE,
    correction_id TEXT NOT NULL PRIMARY KEY,
    campaign_id TEXT NOT NULL REFERENCES campaigns (campaign_id) DEFERRABLE INITIALLY IMMEDIATE,
    unit_id TEXT NOT NULL REFERENCES units (unit_id) DEFERRABLE INITIALLY IMMEDIATE,
    -- Code of the slot of the form.
    slot TEXT NOT NULL,
    -- 本周 or 累计, and its days.
    span TEXT NOT NULL CHECK (span IN ('week', 'total')),
    from_day TEXT NOT NULL,
    until_day TEXT NOT NULL,
    -- Null: nothing had been reported.
    computed BIGINT,
    amount BIGINT,
    -- Of a slot that holds words.
    body TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_by_name TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    taken_back_by_name TEXT NOT NULL DEFAULT '',
    taken_back_at BIGINT
);
CREATE INDEX statistics_corrections_by_campaign ON statistics_corrections (jurisdiction_id, campaign_id, until_day);
CREATE INDEX statistics_corrections_by_unit ON statistics_corrections (jurisdiction_id, unit_id);

-- A week's form as it was frozen (冻结). The document never changes: it is known by its SHA-256.
CREATE TABLE statistics_freezes (
    jurisdiction_id TEXT NOT NULL REFERENCES jurisdictions (jurisdiction_id) DEFERRABLE INITIALLY IMMEDIATE,
    freeze_id TEXT NOT NULL PRIMARY KEY,
    campaign_id TEXT NOT NULL REFERENCES campaigns (campaign_id) DEFERRABLE INITIALLY IMMEDIATE,
    from_day TEXT NOT NULL,
    until_day TEXT NOT NULL,
    -- 第1次冻结, 第2次冻结 …
    edition BIGINT NOT NULL,
    -- JSON, read whole: the form, every unit's figures, the versions of the records behind them.
    document TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    -- Why it was frozen again; empty the first time.
    reason TEXT NOT NULL DEFAULT '',
    frozen_by TEXT NOT NULL,
    frozen_by_name TEXT NOT NULL,
    frozen_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX statistics_freezes_edition ON statistics_freezes (jurisdiction_id, campaign_id, until_day, edition);
CREATE INDEX statistics_freezes_by_campaign ON statistics_freezes (jurisdiction_id, campaign_id, frozen_at);
