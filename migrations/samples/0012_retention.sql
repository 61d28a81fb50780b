-- A town that keeps messages for two years, has put one campaign aside, and has cleared away old jobs.
INSERT INTO retention_rules (jurisdiction_id, class, version, days, reason, set_by, set_at, effective_at) VALUES
    ('town-samples', 'messages', 1, 732, '旗里要求核查时能看到两年内的提醒', 'account-1', 1655080200000, 1655080200000);
INSERT INTO retention_holds (jurisdiction_id, hold_id, class, campaign_id, reason, begun_by, begun_at) VALUES
    ('town-samples', 'hold-1', '', 'campaign-1', '正在接受巡查', 'account-1', 1655080200000);
INSERT INTO retention_removals (jurisdiction_id, removal_id, class, days, rule_version, before_at, items, bytes, from_at, until_at, list_hash, removed_at) VALUES
    ('town-samples', 'removal-1', 'jobs_done', 30, 0, 1655049600000, 2, 0, 1654000000000, 1654000060000,
     '0000000000000000000000000000000000000000000000000000000000000000', 1655080200000);
INSERT INTO retention_marks (jurisdiction_id, class, item, removed_at) VALUES
    ('town-samples', 'contact_forms', 'submission-1', 1655080200000);
