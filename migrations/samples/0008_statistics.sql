-- A form with a row switched on, a figure corrected, a week frozen.
INSERT INTO statistics_forms (jurisdiction_id, year, version, content, edited_by_name, edited_at) VALUES
    ('town-samples', 2022, 1, '{"rows":{"quiz":{"label":"知识竞赛","on":true,"ordinal":9}}}', '萨仁', 1655080200000);
INSERT INTO statistics_corrections (jurisdiction_id, correction_id, campaign_id, unit_id, slot, span, from_day, until_day, computed, amount, body, reason, made_by, made_by_name, made_at, taken_back_by_name, taken_back_at) VALUES
    ('town-samples', 'correction-1', 'campaign-1', 'unit-village', 'drill_p', 'week', '2022-06-10', '2022-06-16', 60, 66, '', '签到表漏记6人', 'account-1', '萨仁', 1655080200000, '', NULL);
INSERT INTO statistics_freezes (jurisdiction_id, freeze_id, campaign_id, from_day, until_day, edition, document, sha256, reason, frozen_by, frozen_by_name, frozen_at) VALUES
    ('town-samples', 'freeze-1', 'campaign-1', '2022-06-10', '2022-06-16', 1, '', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', '', 'account-1', '萨仁', 1655080200000);
