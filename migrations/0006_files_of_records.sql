-- Files may belong to a record (活动记录), and to the form of one that is not yet written down. The check of a column
-- cannot be changed in place by both engines, so both tables are made anew.

CREATE TABLE files_anew (
    jurisdiction_id TEXT NOT NULL REFERENCES jurisdictions (jurisdiction_id) DEFERRABLE INITIALLY IMMEDIATE,
    file_id TEXT NOT NULL PRIMARY KEY,
    sha256 TEXT NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    -- What the file belongs to: whoever may read that may read the file. `record_form`: the key of a form; only the
    -- one who is filling it in sees the file.
    owner_kind TEXT NOT NULL CHECK (owner_kind IN ('campaign', 'submission', 'record', 'record_form')),
    owner_id TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    FOREIGN KEY (jurisdiction_id, sha256) REFERENCES blobs (jurisdiction_id, sha256) DEFERRABLE INITIALLY IMMEDIATE
);
INSERT INTO files_anew (jurisdiction_id, file_id, sha256, name, media_type, size, owner_kind, owner_id, created_by, created_at)
SELECT jurisdiction_id, file_id, sha256, name, media_type, size, owner_kind, owner_id, created_by, created_at FROM files;
DROP TABLE files;
ALTER TABLE files_anew RENAME TO files;
CREATE INDEX files_by_owner ON files (jurisdiction_id, owner_kind, owner_id);
CREATE INDEX files_by_content ON files (jurisdiction_id, sha256);
CREATE INDEX files_by_sender ON files (jurisdiction_id, created_by, owner_kind);

CREATE TABLE uploads_anew (
    jurisdiction_id TEXT NOT NULL REFERENCES jurisdictions (jurisdiction_id) DEFERRABLE INITIALLY IMMEDIATE,
    upload_id TEXT NOT NULL PRIMARY KEY,
    -- SHA-256 of the secret in the upload's address: whoever holds the address may send on, signed in or not.
    secret_hash TEXT NOT NULL,
    account_id TEXT NOT NULL REFERENCES accounts (account_id) DEFERRABLE INITIALLY IMMEDIATE,
    unit_id TEXT NOT NULL REFERENCES units (unit_id) DEFERRABLE INITIALLY IMMEDIATE,
    -- What the file is for: the draft of an occurrence, or a record by its id or by the key of its form.
    owner_kind TEXT NOT NULL CHECK (owner_kind IN ('occurrence', 'record')),
    owner_id TEXT NOT NULL,
    name TEXT NOT NULL,
    size BIGINT NOT NULL CHECK (size > 0),
    -- SHA-256 of the whole file as the sender computed it; '' when it did not.
    sha256 TEXT NOT NULL DEFAULT '',
    -- As the sender's Upload-Metadata, given back as it came.
    metadata TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL CHECK (state IN ('receiving', 'complete', 'ended')),
    -- Why it ended without a file, for whoever asks again.
    reason TEXT NOT NULL DEFAULT '',
    file_id TEXT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
INSERT INTO uploads_anew (jurisdiction_id, upload_id, secret_hash, account_id, unit_id, owner_kind, owner_id, name, size, sha256, metadata, state, reason, file_id, created_at, expires_at)
SELECT jurisdiction_id, upload_id, secret_hash, account_id, unit_id, owner_kind, owner_id, name, size, sha256, metadata, state, reason, file_id, created_at, expires_at FROM uploads;
DROP TABLE uploads;
ALTER TABLE uploads_anew RENAME TO uploads;
CREATE UNIQUE INDEX uploads_by_secret ON uploads (jurisdiction_id, secret_hash);
CREATE INDEX uploads_by_unit ON uploads (jurisdiction_id, unit_id, state);
CREATE INDEX uploads_by_secret_alone ON uploads (secret_hash);
CREATE INDEX uploads_by_account ON uploads (jurisdiction_id, account_id);
