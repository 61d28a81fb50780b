-- From an official notice to what every unit owes.

CREATE TABLE campaigns (
    jurisdiction_id TEXT NOT NULL REFERENCES jurisdictions (jurisdiction_id) DEFERRABLE INITIALLY IMMEDIATE,
    campaign_id TEXT NOT NULL PRIMARY KEY,
    issuer_unit_id TEXT NOT NULL REFERENCES units (unit_id) DEFERRABLE INITIALLY IMMEDIATE,
    -- The campaign that was passed on (转发), and the one it was copied from (沿用去年).
    derived_from TEXT REFERENCES campaigns (campaign_id) DEFERRABLE INITIALLY IMMEDIATE,
    copied_from TEXT REFERENCES campaigns (campaign_id) DEFERRABLE INITIALLY IMMEDIATE,
    state TEXT NOT NULL CHECK (state IN ('draft', 'published', 'closed')),
    title TEXT NOT NULL,
    doc_number TEXT NOT NULL DEFAULT '',
    issuer TEXT NOT NULL DEFAULT '',
    issued_on TEXT,
    theme TEXT NOT NULL DEFAULT '',
    period_start TEXT,
    period_end TEXT,
    contact TEXT NOT NULL DEFAULT '',
    -- What the issuing unit adds in its own words when it passes a notice on, or writes one by hand.
    remarks TEXT NOT NULL DEFAULT '',
    -- The document as read, line by line, and the plan the compiler proposed; both stay as they were.
    notice_text TEXT NOT NULL DEFAULT '',
    notice_plan TEXT NOT NULL DEFAULT '',
    notice_format TEXT NOT NULL DEFAULT '',
    -- Warnings the clerk has dealt with: {"<index>": "kept" | "changed"}.
    decisions TEXT NOT NULL DEFAULT '{}',
    -- Who is to receive it, among the units below the issuer; on publication the units themselves are written
    -- down in campaign_receivers.
    receivers TEXT NOT NULL DEFAULT '{}',
    -- An amendment being written: the whole content as JSON; empty when there is none.
    amendment TEXT NOT NULL DEFAULT '',
    -- The sentence with which it was closed.
    closing_note TEXT NOT NULL DEFAULT '',
    -- Counts published editions: 1 on publication, one more with each amendment.
    edition BIGINT NOT NULL DEFAULT 0,
    version BIGINT NOT NULL DEFAULT 1,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    published_at BIGINT,
    closed_at BIGINT
);
CREATE INDEX campaigns_by_state ON campaigns (jurisdiction_id, state, created_at);
CREATE INDEX campaigns_by_issuer ON campaigns (jurisdiction_id, issuer_unit_id, created_at);
CREATE INDEX campaigns_by_derived ON campaigns (jurisdiction_id, derived_from);
CREATE INDEX campaigns_by_copied ON campaigns (jurisdiction_id, copied_from);

-- 活动项目
CREATE TABLE activities (
    jurisdiction_id TEXT NOT NULL REFERENCES jurisdictions (jurisdiction_id) DEFERRABLE INITIALLY IMMEDIATE,
    activity_id TEXT NOT NULL PRIMARY KEY,
    campaign_id TEXT NOT NULL REFERENCES campaigns (campaign_id) DEFERRABLE INITIALLY IMMEDIATE,
    ordinal BIGINT NOT NULL,
    number TEXT NOT NULL DEFAULT '',
    clause TEXT NOT NULL DEFAULT '',
    title TEXT NOT NULL,
    kinds TEXT NOT NULL DEFAULT '[]',
    who TEXT NOT NULL DEFAULT '',
    starts_on TEXT,
    ends_on TEXT,
    line_first BIGINT,
    line_last BIGINT,
    dropped_at BIGINT,
    version BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX activities_by_campaign ON activities (jurisdiction_id, campaign_id, ordinal);

-- 任务: what somebody owes by a date because of a clause.
CREATE TABLE duties (
    jurisdiction_id TEXT NOT NULL REFERENCES jurisdictions (jurisdiction_id) DEFERRABLE INITIALLY IMMEDIATE,
    duty_id TEXT NOT NULL PRIMARY KEY,
    campaign_id TEXT NOT NULL REFERENCES campaigns (campaign_id) DEFERRABLE INITIALLY IMMEDIATE,
    ordinal BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('acknowledge', 'submit', 'do', 'event', 'weekly_report', 'ad_hoc_report')),
    title TEXT NOT NULL,
    detail TEXT NOT NULL DEFAULT '',
    clause TEXT NOT NULL DEFAULT '',
    source_text TEXT NOT NULL DEFAULT '',
    line_first BIGINT,
    line_last BIGINT,
    who TEXT NOT NULL DEFAULT '',
    hand_in_to TEXT NOT NULL DEFAULT '',
    -- {"once": "2022-06-20T12:00"} | {"dates": […]} | {"rule": "FREQ=…"} | {"relative": "issued+P3D"} | {"ad_hoc": true} | {"undated": true}
    schedule TEXT NOT NULL,
    starts_on TEXT,
    repeat_from TEXT,
    repeat_until TEXT,
    quota_min BIGINT,
    quota_unit TEXT NOT NULL DEFAULT '',
    zero_report BOOLEAN NOT NULL DEFAULT FALSE,
    -- The parts of a submission: ["acknowledgement"], ["liaison_form", "unit_plan"], ["text", "files"], …
    parts TEXT NOT NULL,
    -- Evidence demanded, each with clause, purpose and time kept; nothing may be demanded without them.
    evidence TEXT NOT NULL DEFAULT '[]',
    -- Who receives it, within the receivers of the campaign: {"kinds": […], "industries": […], "subtree": …, "units": […], "except": […]}
    receivers TEXT NOT NULL DEFAULT '{}',
    -- Minutes one unit is expected to spend on one occurrence, for the burden estimate.
    minutes BIGINT NOT NULL DEFAULT 5 CHECK (minutes >= 0),
    dropped_at BIGINT,
    -- The campaign was closed: what is open stays visible, nothing more can be handed in.
    closed_at BIGINT,
    version BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX duties_by_campaign ON duties (jurisdiction_id, campaign_id, ordinal);

-- Who receives the campaign.
CREATE TABLE campaign_receivers (
    jurisdiction_id TEXT NOT NULL REFERENCES jurisdictions (jurisdiction_id) DEFERRABLE INITIALLY IMMEDIATE,
    campaign_id TEXT NOT NULL REFERENCES campaigns (campaign_id) DEFERRABLE INITIALLY IMMEDIATE,
    unit_id TEXT NOT NULL REFERENCES units (unit_id) DEFERRABLE INITIALLY IMMEDIATE,
    added_at BIGINT NOT NULL,
    removed_at BIGINT,
    PRIMARY KEY (jurisdiction_id, campaign_id, unit_id)
);
CREATE INDEX campaign_receivers_by_unit ON campaign_receivers (jurisdiction_id, unit_id);

-- What changed after publication, as the receivers are told.
CREATE TABLE campaign_changes (
    jurisdiction_id TEXT NOT NULL REFERENCES jurisdictions (jurisdiction_id) DEFERRABLE INITIALLY IMMEDIATE,
    campaign_id TEXT NOT NULL REFERENCES campaigns (campaign_id) DEFERRABLE INITIALLY IMMEDIATE,
    edition BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor_name TEXT NOT NULL,
    note TEXT NOT NULL,
    -- Sentences, one for each thing that changed.
    changes TEXT NOT NULL,
    PRIMARY KEY (jurisdiction_id, campaign_id, edition)
);

-- One dated instance of a duty for one unit (一次应报).
CREATE TABLE occurrences (
    jurisdiction_id TEXT NOT NULL REFERENCES jurisdictions (jurisdiction_id) DEFERRABLE INITIALLY IMMEDIATE,
    occurrence_id TEXT NOT NULL PRIMARY KEY,
    campaign_id TEXT NOT NULL REFERENCES campaigns (campaign_id) DEFERRABLE INITIALLY IMMEDIATE,
    duty_id TEXT NOT NULL REFERENCES duties (duty_id) DEFERRABLE INITIALLY IMMEDIATE,
    unit_id TEXT NOT NULL REFERENCES units (unit_id) DEFERRABLE INITIALLY IMMEDIATE,
    -- Distinguishes the instances of one duty and unit: the due date, 'once', or a number for ad-hoc ones.
    period_key TEXT NOT NULL,
    period_start TEXT,
    period_end TEXT,
    due_at BIGINT,
    -- Was due before it was dispatched: shown as such, never held against the unit.
    born_past BOOLEAN NOT NULL DEFAULT FALSE,
    state TEXT NOT NULL CHECK (state IN ('open', 'submitted', 'accepted', 'returned', 'not_applicable', 'withdrawn')),
    extended_until BIGINT,
    extension_reason TEXT NOT NULL DEFAULT '',
    decided_by TEXT NOT NULL DEFAULT '',
    decided_reason TEXT NOT NULL DEFAULT '',
    submission_id TEXT,
    submitted_at BIGINT,
    -- Whether the first submission came after the time it was due; null before there is one.
    late BOOLEAN,
    version BIGINT NOT NULL DEFAULT 1,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX occurrences_once ON occurrences (jurisdiction_id, duty_id, unit_id, period_key);
CREATE INDEX occurrences_by_unit ON occurrences (jurisdiction_id, unit_id, state, due_at);
CREATE INDEX occurrences_by_campaign ON occurrences (jurisdiction_id, campaign_id, unit_id);
CREATE INDEX occurrences_by_due ON occurrences (jurisdiction_id, state, due_at);

-- 报送件: what a unit hands in. A draft is a submission that has not been sent.
CREATE TABLE submissions (
    jurisdiction_id TEXT NOT NULL REFERENCES jurisdictions (jurisdiction_id) DEFERRABLE INITIALLY IMMEDIATE,
    submission_id TEXT NOT NULL PRIMARY KEY,
    occurrence_id TEXT NOT NULL REFERENCES occurrences (occurrence_id) DEFERRABLE INITIALLY IMMEDIATE,
    unit_id TEXT NOT NULL REFERENCES units (unit_id) DEFERRABLE INITIALLY IMMEDIATE,
    revision BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('draft', 'submitted', 'accepted', 'returned', 'superseded')),
    zero_report BOOLEAN NOT NULL DEFAULT FALSE,
    -- {"liaison_form": {…}, "text": "…", "confirmed_edition": 1, …}: one member for each part of the duty.
    payload TEXT NOT NULL,
    -- Made by the page when the draft is opened: the same submission sent twice is one.
    idempotency_key TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_by_name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    submitted_at BIGINT,
    reviewed_by_name TEXT NOT NULL DEFAULT '',
    reviewed_at BIGINT,
    -- {"comment": "…", "parts": {"liaison_form": "…"}}: why it was sent back, by part.
    review TEXT NOT NULL DEFAULT '{}',
    version BIGINT NOT NULL DEFAULT 1,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX submissions_revision ON submissions (jurisdiction_id, occurrence_id, revision);
CREATE UNIQUE INDEX submissions_idempotency ON submissions (jurisdiction_id, idempotency_key);
CREATE INDEX submissions_by_unit ON submissions (jurisdiction_id, unit_id, updated_at);

-- 签收: who, when, of which edition.
CREATE TABLE acknowledgements (
    jurisdiction_id TEXT NOT NULL REFERENCES jurisdictions (jurisdiction_id) DEFERRABLE INITIALLY IMMEDIATE,
    campaign_id TEXT NOT NULL REFERENCES campaigns (campaign_id) DEFERRABLE INITIALLY IMMEDIATE,
    unit_id TEXT NOT NULL REFERENCES units (unit_id) DEFERRABLE INITIALLY IMMEDIATE,
    edition BIGINT NOT NULL,
    account_id TEXT NOT NULL,
    account_name TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (jurisdiction_id, campaign_id, unit_id, edition)
);
CREATE INDEX acknowledgements_by_unit ON acknowledgements (jurisdiction_id, unit_id);

-- In-app messages to a unit's people.
CREATE TABLE messages (
    jurisdiction_id TEXT NOT NULL REFERENCES jurisdictions (jurisdiction_id) DEFERRABLE INITIALLY IMMEDIATE,
    message_id TEXT NOT NULL PRIMARY KEY,
    unit_id TEXT NOT NULL REFERENCES units (unit_id) DEFERRABLE INITIALLY IMMEDIATE,
    kind TEXT NOT NULL CHECK (kind IN ('dispatched', 'amended', 'reminder', 'returned', 'accepted', 'extended', 'closed', 'other')),
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    link TEXT NOT NULL DEFAULT '',
    -- One message for one cause, however often the job that writes it runs.
    dedup_key TEXT NOT NULL,
    sent_by_name TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    read_at BIGINT
);
CREATE UNIQUE INDEX messages_dedup ON messages (jurisdiction_id, dedup_key);
CREATE INDEX messages_by_unit ON messages (jurisdiction_id, unit_id, created_at);
