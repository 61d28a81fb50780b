-- What units plan and have held (活动记录): the records, whose they are, their figures, and the kinds as a town has them.

-- A kind as the town has changed it. A kind without a row is as the built-in catalogue says.
CREATE TABLE record_kinds (
    jurisdiction_id TEXT NOT NULL REFERENCES jurisdictions (jurisdiction_id) DEFERRABLE INITIALLY IMMEDIATE,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    -- Other names people look for: ["大讲堂", …]
    aliases TEXT NOT NULL DEFAULT '[]',
    -- What a record of the kind may state: codes of measures.
    measures TEXT NOT NULL DEFAULT '[]',
    -- What may be attached and why: {"what": "…", "clause": "…", "purpose": "…", "keep": "…"}; empty when nothing is asked for.
    evidence TEXT NOT NULL DEFAULT '',
    in_use BOOLEAN NOT NULL DEFAULT TRUE,
    ordinal BIGINT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (jurisdiction_id, code)
);

CREATE TABLE records (
    jurisdiction_id TEXT NOT NULL REFERENCES jurisdictions (jurisdiction_id) DEFERRABLE INITIALLY IMMEDIATE,
    record_id TEXT NOT NULL PRIMARY KEY,
    -- The host (主办单位).
    unit_id TEXT NOT NULL REFERENCES units (unit_id) DEFERRABLE INITIALLY IMMEDIATE,
    -- A code of the catalogue.
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    -- The clause it serves.
    campaign_id TEXT REFERENCES campaigns (campaign_id) DEFERRABLE INITIALLY IMMEDIATE,
    activity_id TEXT REFERENCES activities (activity_id) DEFERRABLE INITIALLY IMMEDIATE,
    state TEXT NOT NULL CHECK (state IN ('planned', 'held', 'reported', 'accepted', 'returned')),
    held_on TEXT NOT NULL,
    ends_on TEXT,
    held_time TEXT NOT NULL DEFAULT '',
    place TEXT NOT NULL DEFAULT '',
    village TEXT NOT NULL DEFAULT '',
    body TEXT NOT NULL DEFAULT '',
    -- {"participants": 30}: absent means not stated, 0 means none.
    measures TEXT NOT NULL DEFAULT '{}',
    -- Participants by group: {"workers": 20}
    people TEXT NOT NULL DEFAULT '{}',
    -- Whom a visit of the five entries (五进) reached.
    target TEXT NOT NULL DEFAULT '' CHECK (target IN ('', 'enterprise', 'village', 'community', 'school', 'home')),
    leader_present BOOLEAN NOT NULL DEFAULT FALSE,
    leader_count BIGINT,
    leader_names TEXT NOT NULL DEFAULT '',
    highlight BOOLEAN NOT NULL DEFAULT FALSE,
    -- Title, place and village in the normal form of searching.
    search_key TEXT NOT NULL DEFAULT '',
    review_comment TEXT NOT NULL DEFAULT '',
    reviewed_by_name TEXT NOT NULL DEFAULT '',
    reviewed_at BIGINT,
    -- Made by the page when the form is opened: the same form sent twice is one record.
    idempotency_key TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_by_name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    reported_at BIGINT,
    updated_at BIGINT NOT NULL,
    -- The town's write number of the last change: what is read by it misses nothing.
    seq BIGINT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX records_idempotency ON records (jurisdiction_id, idempotency_key);
CREATE INDEX records_by_unit ON records (jurisdiction_id, unit_id, held_on);
CREATE INDEX records_by_day ON records (jurisdiction_id, held_on, record_id, search_key);
CREATE INDEX records_by_update ON records (jurisdiction_id, updated_at, record_id);
CREATE INDEX records_by_state ON records (jurisdiction_id, state, held_on, record_id);
CREATE INDEX records_by_campaign ON records (jurisdiction_id, campaign_id, held_on);
CREATE INDEX records_by_activity ON records (jurisdiction_id, activity_id);
CREATE INDEX records_by_seq ON records (jurisdiction_id, seq, record_id);

-- At which units a record is shown: its host, and those who held it together with the host (联合主办).
CREATE TABLE record_units (
    jurisdiction_id TEXT NOT NULL REFERENCES jurisdictions (jurisdiction_id) DEFERRABLE INITIALLY IMMEDIATE,
    record_id TEXT NOT NULL REFERENCES records (record_id) DEFERRABLE INITIALLY IMMEDIATE,
    unit_id TEXT NOT NULL REFERENCES units (unit_id) DEFERRABLE INITIALLY IMMEDIATE,
    role TEXT NOT NULL CHECK (role IN ('host', 'co_host')),
    held_on TEXT NOT NULL,
    PRIMARY KEY (jurisdiction_id, record_id, unit_id)
);
CREATE INDEX record_units_by_unit ON record_units (jurisdiction_id, unit_id, held_on, record_id);

-- Every figure of every record that was held, narrow: what statistics add up. Written with the record, once for
-- the host, and made anew from it at any time. `measure` is also 'count', 'leader_present' and 'highlight' (value 1).
CREATE TABLE record_values (
    jurisdiction_id TEXT NOT NULL REFERENCES jurisdictions (jurisdiction_id) DEFERRABLE INITIALLY IMMEDIATE,
    record_id TEXT NOT NULL REFERENCES records (record_id) DEFERRABLE INITIALLY IMMEDIATE,
    measure TEXT NOT NULL,
    held_on TEXT NOT NULL,
    unit_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    -- The target of a visit of the five entries, or 'live' for a broadcast.
    facet TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL CHECK (state IN ('held', 'reported', 'accepted', 'returned')),
    amount BIGINT NOT NULL,
    PRIMARY KEY (jurisdiction_id, record_id, measure)
);
CREATE INDEX record_values_by_day ON record_values (jurisdiction_id, held_on, state, unit_id, kind, facet, measure, amount);
