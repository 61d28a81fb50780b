-- 续传: files on their way in. Their bytes stand in the spool folder under upload_id until they are whole.
CREATE TABLE uploads (
    jurisdiction_id TEXT NOT NULL REFERENCES jurisdictions (jurisdiction_id) DEFERRABLE INITIALLY IMMEDIATE,
    upload_id TEXT NOT NULL PRIMARY KEY,
    -- SHA-256 of the secret in the upload's address: whoever holds the address may send on, signed in or not.
    secret_hash TEXT NOT NULL,
    account_id TEXT NOT NULL REFERENCES accounts (account_id) DEFERRABLE INITIALLY IMMEDIATE,
    unit_id TEXT NOT NULL REFERENCES units (unit_id) DEFERRABLE INITIALLY IMMEDIATE,
    -- What the file is for: the draft of an occurrence.
    owner_kind TEXT NOT NULL CHECK (owner_kind IN ('occurrence')),
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
CREATE UNIQUE INDEX uploads_by_secret ON uploads (jurisdiction_id, secret_hash);
CREATE INDEX uploads_by_unit ON uploads (jurisdiction_id, unit_id, state);
CREATE INDEX uploads_by_secret_alone ON uploads (secret_hash);
CREATE INDEX uploads_by_account ON uploads (jurisdiction_id, account_id);
