-- What was found out about photos, videos and other files, once for each content whoever sent it (印证资料).
CREATE TABLE contents (
    jurisdiction_id TEXT NOT NULL REFERENCES jurisdictions (jurisdiction_id) DEFERRABLE INITIALLY IMMEDIATE,
    sha256 TEXT NOT NULL,
    -- What it is, by its bytes: jpeg, heic, mp4 …
    format TEXT NOT NULL,
    integrity TEXT NOT NULL CHECK (integrity IN ('whole', 'empty', 'cut_off')),
    -- The upright copy without metadata and its thumbnail, contents of their own; NULL when there are none.
    copy_sha256 TEXT,
    thumbnail_sha256 TEXT,
    -- Pixels of the thumbnail, so that pages do not jump; 0 when there is none.
    thumbnail_width BIGINT NOT NULL DEFAULT 0,
    thumbnail_height BIGINT NOT NULL DEFAULT 0,
    -- Sentences for the person: why it is not shown, or in what the copy differs. ["…"]
    notes TEXT NOT NULL DEFAULT '[]',
    -- 64 bits of how it looks, in hexadecimal; '' for none.
    fingerprint TEXT NOT NULL DEFAULT '',
    -- What it says about itself: time, place, device. For the reviewer only.
    report TEXT NOT NULL DEFAULT '{}',
    made_at BIGINT NOT NULL,
    PRIMARY KEY (jurisdiction_id, sha256),
    FOREIGN KEY (jurisdiction_id, sha256) REFERENCES blobs (jurisdiction_id, sha256) DEFERRABLE INITIALLY IMMEDIATE,
    FOREIGN KEY (jurisdiction_id, copy_sha256) REFERENCES blobs (jurisdiction_id, sha256) DEFERRABLE INITIALLY IMMEDIATE,
    FOREIGN KEY (jurisdiction_id, thumbnail_sha256) REFERENCES blobs (jurisdiction_id, sha256) DEFERRABLE INITIALLY IMMEDIATE
);
CREATE INDEX contents_by_copy ON contents (jurisdiction_id, copy_sha256);
CREATE INDEX contents_by_thumbnail ON contents (jurisdiction_id, thumbnail_sha256);
