-- The ground every area stands on: towns, accounts, sign-in, the trail, jobs and files.

CREATE TABLE jurisdictions (
    jurisdiction_id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    region_code TEXT NOT NULL DEFAULT 'CN',
    settings TEXT NOT NULL DEFAULT '{}',
    -- Grows with every write of the town; pages and tokens held in memory are good while it stands still.
    write_seq BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL
);

CREATE TABLE accounts (
    jurisdiction_id TEXT NOT NULL REFERENCES jurisdictions (jurisdiction_id) DEFERRABLE INITIALLY IMMEDIATE,
    account_id TEXT NOT NULL PRIMARY KEY,
    login TEXT NOT NULL,
    login_key TEXT NOT NULL,
    name TEXT NOT NULL,
    phone TEXT NOT NULL DEFAULT '',
    password_hash TEXT,
    state TEXT NOT NULL CHECK (state IN ('invited', 'active', 'disabled')),
    failed_count BIGINT NOT NULL DEFAULT 0,
    locked_until BIGINT,
    version BIGINT NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX accounts_login ON accounts (jurisdiction_id, login_key);
CREATE INDEX accounts_by_login ON accounts (login_key);

-- What an account may do, and below which unit. A row is never deleted: it ends.
CREATE TABLE account_roles (
    jurisdiction_id TEXT NOT NULL REFERENCES jurisdictions (jurisdiction_id) DEFERRABLE INITIALLY IMMEDIATE,
    account_role_id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (account_id) DEFERRABLE INITIALLY IMMEDIATE,
    unit_id TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('office', 'leader', 'liaison', 'inspector', 'custodian', 'sysadmin', 'secadmin', 'auditor')),
    valid_from BIGINT NOT NULL,
    valid_to BIGINT
);
CREATE INDEX account_roles_by_account ON account_roles (jurisdiction_id, account_id);
CREATE INDEX account_roles_by_unit ON account_roles (jurisdiction_id, unit_id);

-- One-time links: first start, invitation, forgotten password. Only the hash of the secret is kept.
CREATE TABLE invitations (
    jurisdiction_id TEXT NOT NULL REFERENCES jurisdictions (jurisdiction_id) DEFERRABLE INITIALLY IMMEDIATE,
    invitation_id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (account_id) DEFERRABLE INITIALLY IMMEDIATE,
    purpose TEXT NOT NULL CHECK (purpose IN ('invite', 'reset')),
    token_hash TEXT NOT NULL,
    created_by TEXT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    revoked_at BIGINT
);
CREATE UNIQUE INDEX invitations_token ON invitations (jurisdiction_id, token_hash);
CREATE INDEX invitations_by_token ON invitations (token_hash);
CREATE INDEX invitations_by_account ON invitations (jurisdiction_id, account_id);

CREATE TABLE sessions (
    jurisdiction_id TEXT NOT NULL REFERENCES jurisdictions (jurisdiction_id) DEFERRABLE INITIALLY IMMEDIATE,
    session_id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (account_id) DEFERRABLE INITIALLY IMMEDIATE,
    token_hash TEXT NOT NULL,
    device TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE UNIQUE INDEX sessions_token ON sessions (jurisdiction_id, token_hash);
CREATE INDEX sessions_by_token ON sessions (token_hash);
CREATE INDEX sessions_by_account ON sessions (jurisdiction_id, account_id);

CREATE TABLE api_tokens (
    jurisdiction_id TEXT NOT NULL REFERENCES jurisdictions (jurisdiction_id) DEFERRABLE INITIALLY IMMEDIATE,
    api_token_id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (account_id) DEFERRABLE INITIALLY IMMEDIATE,
    name TEXT NOT NULL,
    token_hash TEXT NOT NULL,
    -- Space-separated, as in RFC 6749 section 3.3: "units:read duties:read".
    scopes TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE UNIQUE INDEX api_tokens_token ON api_tokens (jurisdiction_id, token_hash);
CREATE INDEX api_tokens_by_token ON api_tokens (token_hash);
CREATE INDEX api_tokens_by_account ON api_tokens (jurisdiction_id, account_id);

-- The trail: one row for each change, chained by hash within the town.
CREATE TABLE audit_events (
    jurisdiction_id TEXT NOT NULL REFERENCES jurisdictions (jurisdiction_id) DEFERRABLE INITIALLY IMMEDIATE,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor_id TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    unit_id TEXT,
    summary TEXT NOT NULL,
    detail TEXT NOT NULL,
    prev_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (jurisdiction_id, seq)
);
CREATE INDEX audit_events_by_subject ON audit_events (jurisdiction_id, subject_kind, subject_id, seq);

CREATE TABLE counters (
    jurisdiction_id TEXT NOT NULL REFERENCES jurisdictions (jurisdiction_id) DEFERRABLE INITIALLY IMMEDIATE,
    name TEXT NOT NULL,
    value BIGINT NOT NULL,
    PRIMARY KEY (jurisdiction_id, name)
);

CREATE TABLE jobs (
    jurisdiction_id TEXT NOT NULL REFERENCES jurisdictions (jurisdiction_id) DEFERRABLE INITIALLY IMMEDIATE,
    job_id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    -- A second job of the same key is not enqueued while the first one has not been carried out.
    dedup_key TEXT,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed')),
    run_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    claimed_until BIGINT,
    last_error TEXT,
    created_at BIGINT NOT NULL,
    finished_at BIGINT
);
CREATE UNIQUE INDEX jobs_dedup ON jobs (jurisdiction_id, kind, dedup_key);
CREATE INDEX jobs_due ON jobs (state, run_at);

-- Bytes, once for each content; the rows that point to them are in `files`.
CREATE TABLE blobs (
    jurisdiction_id TEXT NOT NULL REFERENCES jurisdictions (jurisdiction_id) DEFERRABLE INITIALLY IMMEDIATE,
    sha256 TEXT NOT NULL,
    size BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (jurisdiction_id, sha256)
);

CREATE TABLE files (
    jurisdiction_id TEXT NOT NULL REFERENCES jurisdictions (jurisdiction_id) DEFERRABLE INITIALLY IMMEDIATE,
    file_id TEXT NOT NULL PRIMARY KEY,
    sha256 TEXT NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    -- What the file belongs to: whoever may read that may read the file.
    owner_kind TEXT NOT NULL CHECK (owner_kind IN ('campaign', 'submission')),
    owner_id TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    FOREIGN KEY (jurisdiction_id, sha256) REFERENCES blobs (jurisdiction_id, sha256) DEFERRABLE INITIALLY IMMEDIATE
);
CREATE INDEX files_by_owner ON files (jurisdiction_id, owner_kind, owner_id);
CREATE INDEX files_by_content ON files (jurisdiction_id, sha256);

-- What somebody has typed into a form and not yet sent.
CREATE TABLE form_drafts (
    jurisdiction_id TEXT NOT NULL REFERENCES jurisdictions (jurisdiction_id) DEFERRABLE INITIALLY IMMEDIATE,
    account_id TEXT NOT NULL REFERENCES accounts (account_id) DEFERRABLE INITIALLY IMMEDIATE,
    form_key TEXT NOT NULL,
    payload TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (jurisdiction_id, account_id, form_key)
);
