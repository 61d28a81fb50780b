INSERT INTO files (jurisdiction_id, file_id, sha256, name, media_type, size, owner_kind, owner_id, created_by, created_at) VALUES
    ('town-samples', 'file-2', '2122d44dc967dd99a6854ccff32496b8c29018d2b5be31e3c602742ebd82fc10', '演练签到 “一”.txt', 'text/plain', 15, 'record', 'record-1', 'account-2', 1655080200000),
    ('town-samples', 'file-3', '2122d44dc967dd99a6854ccff32496b8c29018d2b5be31e3c602742ebd82fc10', '还没有保存.txt', 'text/plain', 15, 'record_form', 'key-record-2', 'account-2', 1655080200001);
INSERT INTO uploads (jurisdiction_id, upload_id, secret_hash, account_id, unit_id, owner_kind, owner_id, name, size, sha256, metadata, state, reason, file_id, created_at, expires_at) VALUES
    ('town-samples', 'upload-2', 'hash-of-another-upload', 'account-2', 'unit-village', 'record', 'record-1', '演练.mp4', 94371840, '', 'filename 5LiA', 'complete', '', 'file-2', 1655080200000, 1656289800000);
