-- An archive of the month, ready for its office.
INSERT INTO archives (jurisdiction_id, archive_id, campaign_id, wish, originals, state, files, size, sha256, requested_by, requested_by_name, requested_at, made_at, expires_at) VALUES
    ('town-samples', 'archive-1', 'campaign-1', '{"copies":true}', FALSE, 'ready', 12, 4096,
     '0000000000000000000000000000000000000000000000000000000000000000', 'account-1', '萨仁', 1655080200000, 1655080260000, 1656289860000);
