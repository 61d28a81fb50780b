INSERT INTO contents (jurisdiction_id, sha256, format, integrity, copy_sha256, thumbnail_sha256, thumbnail_width, thumbnail_height, notes, fingerprint, report, made_at) VALUES
    ('town-samples', '2122d44dc967dd99a6854ccff32496b8c29018d2b5be31e3c602742ebd82fc10', 'text', 'whole', NULL, NULL, 0, 0, '[]', '', '{}', 1655080200000);
