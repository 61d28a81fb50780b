-- Archives of campaigns (活动档案): asked for, made in the background, offered for some days, removed. The file lies
-- beside the database and is no part of a backup: it can be made again.
CREATE TABLE archives (
    jurisdiction_id TEXT NOT NULL REFERENCES jurisdictions (jurisdiction_id) DEFERRABLE INITIALLY IMMEDIATE,
    archive_id TEXT NOT NULL PRIMARY KEY,
    campaign_id TEXT NOT NULL REFERENCES campaigns (campaign_id) DEFERRABLE INITIALLY IMMEDIATE,
    -- Which units and weeks, clean copies, originals: JSON.
    wish TEXT NOT NULL,
    -- Holds the originals of photos and videos: for those only who may see them.
    originals BOOLEAN NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('making', 'ready', 'failed', 'removed')),
    -- While it is being made: the same for the same wish, so that asking twice gives the same archive.
    making_key TEXT,
    files BIGINT NOT NULL DEFAULT 0,
    size BIGINT NOT NULL DEFAULT 0,
    sha256 TEXT NOT NULL DEFAULT '',
    -- Why it could not be made.
    reason TEXT NOT NULL DEFAULT '',
    requested_by TEXT NOT NULL,
    requested_by_name TEXT NOT NULL,
    requested_at BIGINT NOT NULL,
    made_at BIGINT,
    -- Removed after this instant.
    expires_at BIGINT
);
CREATE UNIQUE INDEX archives_being_made ON archives (jurisdiction_id, campaign_id, making_key);
