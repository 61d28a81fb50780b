-- A kind under another name; a drill that the village held together with the mine and reported.
INSERT INTO record_kinds (jurisdiction_id, code, name, aliases, measures, evidence, in_use, ordinal, version, updated_at) VALUES
    ('town-samples', 'drill', '应急疏散演练', '["桌面推演"]', '["participants","units"]', '', TRUE, 8, 2, 1655080200000);
INSERT INTO records (jurisdiction_id, record_id, unit_id, kind, title, campaign_id, activity_id, state, held_on, ends_on, held_time, place, village, body, measures, people, target, leader_present, leader_count, leader_names, highlight, search_key, review_comment, reviewed_by_name, reviewed_at, idempotency_key, created_by, created_by_name, created_at, reported_at, updated_at, seq, version) VALUES
    ('town-samples', 'record-1', 'unit-village', 'drill', '防汛疏散演练', 'campaign-1', 'activity-1', 'reported', '2022-06-11', NULL, '9:00', '东沟村委会', '东沟村', '演练有序。', '{"participants":60}', '{"residents":40}', '', TRUE, 1, '', FALSE, '防汛疏散演练东沟村委会东沟村', '', '', NULL, 'key-record-1', 'account-1', '王二柱', 1655080200000, 1655080200000, 1655080200000, 3, 1);
INSERT INTO record_units (jurisdiction_id, record_id, unit_id, role, held_on) VALUES
    ('town-samples', 'record-1', 'unit-village', 'host', '2022-06-11'), ('town-samples', 'record-1', 'unit-mine', 'co_host', '2022-06-11');
INSERT INTO record_values (jurisdiction_id, record_id, measure, held_on, unit_id, kind, facet, state, amount) VALUES
    ('town-samples', 'record-1', 'count', '2022-06-11', 'unit-village', 'drill', '', 'reported', 1), ('town-samples', 'record-1', 'participants', '2022-06-11', 'unit-village', 'drill', '', 'reported', 60);
