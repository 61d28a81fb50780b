-- Its units: the town, a village with its liaison, a closed mine.
INSERT INTO units (jurisdiction_id, unit_id, parent_id, path, kind, name, name_key, code, industry, principal, headcount, address, village, phone, note, ordinal, state, merged_into, version, created_at, updated_at) VALUES
    ('town-samples', 'unit-town', NULL, 'unit-town/', 'township', '测试镇', '测试镇', '', '', '', NULL, '', '', '', '', 0, 'active', NULL, 1, 1655080200000, 1655080200000),
    ('town-samples', 'unit-village', 'unit-town', 'unit-town/unit-village/', 'village', '东沟村', '东沟村', 'V01', '', '王大柱', 860, '东沟村委会', '东沟村', '', '', 1, 'active', NULL, 3, 1655080200000, 1655080200000),
    ('town-samples', 'unit-mine', 'unit-town', 'unit-town/unit-mine/', 'mine', '南山石料厂', '南山石料厂', 'M01', 'NONCOAL', '', 35, '', '', '', '2021年停产', 2, 'closed', NULL, 2, 1655080200000, 1655080200000);
INSERT INTO unit_bigrams (jurisdiction_id, gram, unit_id) VALUES
    ('town-samples', '东沟', 'unit-village'), ('town-samples', '沟村', 'unit-village');
INSERT INTO unit_imports (jurisdiction_id, unit_import_id, at, account_id, actor_name, file_name, top_path, added, changed, unchanged, faulty, undone_at) VALUES
    ('town-samples', 'import-1', 1655080200000, 'account-office', '萨仁', '单位名册.xlsx', 'unit-town/', 2, 0, 0, 0, NULL);
INSERT INTO unit_changes (jurisdiction_id, unit_change_id, unit_id, at, actor_name, kind, detail) VALUES
    ('town-samples', 'change-1', 'unit-mine', 1655080200000, '萨仁', 'closed', '2021年停产');
INSERT INTO liaisons (jurisdiction_id, liaison_id, unit_id, name, post, office_phone, mobile, fax, email_wechat, leader, note, submission_id, valid_from, valid_to) VALUES
    ('town-samples', 'liaison-1', 'unit-village', '王二柱', '村委会委员', '', '00000000000', '', '', '{}', '', 'submission-1', 1655080200000, NULL);
