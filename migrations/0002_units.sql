-- The tree of units, from the autonomous region down to a workshop.

CREATE TABLE units (
    jurisdiction_id TEXT NOT NULL REFERENCES jurisdictions (jurisdiction_id) DEFERRABLE INITIALLY IMMEDIATE,
    unit_id TEXT NOT NULL PRIMARY KEY,
    parent_id TEXT REFERENCES units (unit_id) DEFERRABLE INITIALLY IMMEDIATE,
    -- Ids of all units above and the unit's own, each followed by '/': a subtree is a prefix.
    path TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('region', 'city', 'county', 'township', 'village', 'community', 'enterprise', 'mine', 'department', 'school', 'subunit', 'other')),
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    -- The unit's own number in the operator's books (region code, credit code); natural key of an import when given.
    code TEXT NOT NULL DEFAULT '',
    industry TEXT NOT NULL DEFAULT '',
    principal TEXT NOT NULL DEFAULT '',
    headcount BIGINT,
    address TEXT NOT NULL DEFAULT '',
    village TEXT NOT NULL DEFAULT '',
    phone TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '',
    ordinal BIGINT NOT NULL DEFAULT 0,
    state TEXT NOT NULL CHECK (state IN ('active', 'closed', 'merged')),
    merged_into TEXT REFERENCES units (unit_id) DEFERRABLE INITIALLY IMMEDIATE,
    version BIGINT NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX units_sibling_name ON units (jurisdiction_id, parent_id, name_key) WHERE state = 'active';
CREATE UNIQUE INDEX units_code ON units (jurisdiction_id, code) WHERE code <> '' AND state = 'active';
CREATE INDEX units_by_path ON units (jurisdiction_id, path);
CREATE INDEX units_by_parent ON units (jurisdiction_id, parent_id, ordinal);
CREATE INDEX units_by_merged ON units (jurisdiction_id, merged_into);

-- Portable search: every pair of characters of a unit's name, number, principal and address.
CREATE TABLE unit_bigrams (
    jurisdiction_id TEXT NOT NULL REFERENCES jurisdictions (jurisdiction_id) DEFERRABLE INITIALLY IMMEDIATE,
    gram TEXT NOT NULL,
    unit_id TEXT NOT NULL REFERENCES units (unit_id) DEFERRABLE INITIALLY IMMEDIATE,
    PRIMARY KEY (jurisdiction_id, gram, unit_id)
);
CREATE INDEX unit_bigrams_by_unit ON unit_bigrams (jurisdiction_id, unit_id);

-- One row for each table of units that was taken over, so that the last one can be taken back.
CREATE TABLE unit_imports (
    jurisdiction_id TEXT NOT NULL REFERENCES jurisdictions (jurisdiction_id) DEFERRABLE INITIALLY IMMEDIATE,
    unit_import_id TEXT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    account_id TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    file_name TEXT NOT NULL,
    -- Path of the unit it was imported below.
    top_path TEXT NOT NULL,
    added BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    unchanged BIGINT NOT NULL,
    faulty BIGINT NOT NULL,
    undone_at BIGINT
);
CREATE INDEX unit_imports_by_time ON unit_imports (jurisdiction_id, at);

CREATE TABLE unit_changes (
    jurisdiction_id TEXT NOT NULL REFERENCES jurisdictions (jurisdiction_id) DEFERRABLE INITIALLY IMMEDIATE,
    unit_change_id TEXT NOT NULL PRIMARY KEY,
    unit_id TEXT NOT NULL REFERENCES units (unit_id) DEFERRABLE INITIALLY IMMEDIATE,
    at BIGINT NOT NULL,
    actor_name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('created', 'edited', 'moved', 'merged', 'closed', 'reopened')),
    detail TEXT NOT NULL,
    -- The import that made it.
    unit_import_id TEXT REFERENCES unit_imports (unit_import_id) DEFERRABLE INITIALLY IMMEDIATE
);
CREATE INDEX unit_changes_by_unit ON unit_changes (jurisdiction_id, unit_id, at);
CREATE INDEX unit_changes_by_import ON unit_changes (jurisdiction_id, unit_import_id);

-- Who speaks for a unit, and from when to when: past reports keep the old name.
CREATE TABLE liaisons (
    jurisdiction_id TEXT NOT NULL REFERENCES jurisdictions (jurisdiction_id) DEFERRABLE INITIALLY IMMEDIATE,
    liaison_id TEXT NOT NULL PRIMARY KEY,
    unit_id TEXT NOT NULL REFERENCES units (unit_id) DEFERRABLE INITIALLY IMMEDIATE,
    name TEXT NOT NULL,
    post TEXT NOT NULL DEFAULT '',
    office_phone TEXT NOT NULL DEFAULT '',
    mobile TEXT NOT NULL DEFAULT '',
    fax TEXT NOT NULL DEFAULT '',
    email_wechat TEXT NOT NULL DEFAULT '',
    leader TEXT NOT NULL DEFAULT '{}',
    note TEXT NOT NULL DEFAULT '',
    submission_id TEXT,
    valid_from BIGINT NOT NULL,
    valid_to BIGINT
);
CREATE UNIQUE INDEX liaisons_current ON liaisons (jurisdiction_id, unit_id) WHERE valid_to IS NULL;
CREATE INDEX liaisons_by_unit ON liaisons (jurisdiction_id, unit_id, valid_from);
