-- An invented town with one clerk, as it stood after migration 1.
INSERT INTO jurisdictions (jurisdiction_id, name, region_code, settings, write_seq, created_at) VALUES
    ('town-samples', '测试镇', 'CN-15', '{}', 41, 1654993800000);
INSERT INTO accounts (jurisdiction_id, account_id, login, login_key, name, phone, password_hash, state, failed_count, locked_until, version, created_at, updated_at) VALUES
    ('town-samples', 'account-1', '萨仁', '萨仁', '萨仁', '', '$argon2id$v=19$m=8,t=1,p=1$c2FtcGxlc2FsdA$AAAAAAAAAAAAAAAAAAAAAA', 'active', 0, NULL, 2, 1654993800000, 1655080200000),
    ('town-samples', 'account-2', 'Lian-02', 'lian-02', '王二柱', '00000000000', NULL, 'invited', 0, NULL, 1, 1655080200000, 1655080200000);
INSERT INTO account_roles (jurisdiction_id, account_role_id, account_id, unit_id, role, valid_from, valid_to) VALUES
    ('town-samples', 'role-1', 'account-1', 'unit-town', 'office', 1654993800000, NULL),
    ('town-samples', 'role-2', 'account-2', 'unit-village', 'liaison', 1655080200000, NULL);
INSERT INTO invitations (jurisdiction_id, invitation_id, account_id, purpose, token_hash, created_by, created_at, expires_at, used_at, revoked_at) VALUES
    ('town-samples', 'invitation-1', 'account-2', 'invite', 'a3013c082c75edc913598c3baac1afa18f7633fe8f014896ab2f1a72ff83d8ba', 'account-1', 1655080200000, 1655685000000, NULL, NULL);
INSERT INTO sessions (jurisdiction_id, session_id, account_id, token_hash, device, created_at, last_seen_at, expires_at, ended_at) VALUES
    ('town-samples', 'session-1', 'account-1', '3f3af1ecebbd1410ab417ec0d27bbfcb5d340e177ae159b59fc8626c2dfd9175', '电脑', 1655080200000, 1655080200000, 1655166600000, NULL);
INSERT INTO api_tokens (jurisdiction_id, api_token_id, account_id, name, token_hash, scopes, created_at, expires_at, revoked_at) VALUES
    ('town-samples', 'token-1', 'account-1', '旗平台对接', '3c469e9d6c5875d37a43f353d4f88e61fcf812c66eee3457465a40b0da4153e0', 'units:read duties:read', 1655080200000, 1657672200000, NULL);
INSERT INTO audit_events (jurisdiction_id, seq, at, actor_id, actor_name, kind, subject_kind, subject_id, unit_id, summary, detail, prev_hash, hash) VALUES
    ('town-samples', 1, 1655080200000, 'account-1', '萨仁', 'campaign.published', 'campaign', 'campaign-1', 'unit-town', '发布“测试镇安全生产月活动”', '{}', '', '1556d26ef0faf191304565ff54d1c918544e79bac096775c7da2ca470148df9d');
INSERT INTO counters (jurisdiction_id, name, value) VALUES ('town-samples', 'sample', 7);
INSERT INTO jobs (jurisdiction_id, job_id, kind, payload, dedup_key, state, run_at, attempts, claimed_until, last_error, created_at, finished_at) VALUES
    ('town-samples', 'job-1', 'notifications.remind', '{"duty_id":"duty-3","unit_ids":["unit-village"]}', NULL, 'done', 1655080200000, 1, NULL, NULL, 1655080200000, 1655080200900);
INSERT INTO blobs (jurisdiction_id, sha256, size, created_at) VALUES
    ('town-samples', '2122d44dc967dd99a6854ccff32496b8c29018d2b5be31e3c602742ebd82fc10', 15, 1655080200000);
INSERT INTO files (jurisdiction_id, file_id, sha256, name, media_type, size, owner_kind, owner_id, created_by, created_at) VALUES
    ('town-samples', 'file-1', '2122d44dc967dd99a6854ccff32496b8c29018d2b5be31e3c602742ebd82fc10', '东沟村“安全生产月”方案 1.txt', 'text/plain', 15, 'submission', 'submission-1', 'account-2', 1655080200000);
INSERT INTO form_drafts (jurisdiction_id, account_id, form_key, payload, updated_at) VALUES
    ('town-samples', 'account-1', 'unit.new', '{"name":"新开的厂"}', 1655080200000);
