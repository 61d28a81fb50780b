-- A published campaign: one activity, three duties, a village that has acknowledged and handed in, a message.
INSERT INTO campaigns (jurisdiction_id, campaign_id, issuer_unit_id, derived_from, copied_from, state, title, doc_number, issuer, issued_on, theme, period_start, period_end, contact, remarks, notice_text, notice_plan, notice_format, decisions, edition, version, created_by, created_at, updated_at, published_at, closed_at) VALUES
    ('town-samples', 'campaign-1', 'unit-town', NULL, NULL, 'published', '测试镇“安全生产月”活动', '测政发〔2022〕1号', '测试镇人民政府', '2022-06-10', '遵守安全生产法 当好第一责任人', '2022-06-01', '2022-06-30', '镇平安建设办公室', '', '关于开展安全生产月活动的通知', '', 'txt', '{}', 1, 3, 'account-1', 1655076600000, 1655080200000, 1655080200000, NULL);
INSERT INTO activities (jurisdiction_id, activity_id, campaign_id, ordinal, number, clause, title, kinds, who, starts_on, ends_on, line_first, line_last, dropped_at, version) VALUES
    ('town-samples', 'activity-1', 'campaign-1', 1, '1', '四/（一）', '“6·16”安全宣传咨询日', '["consultation_day"]', '各村', '2022-06-16', '2022-06-16', 12, 14, NULL, 1);
INSERT INTO duties (jurisdiction_id, duty_id, campaign_id, ordinal, kind, title, detail, clause, source_text, line_first, line_last, who, hand_in_to, schedule, starts_on, repeat_from, repeat_until, quota_min, quota_unit, zero_report, parts, evidence, receivers, minutes, dropped_at, version) VALUES
    ('town-samples', 'duty-1', 'campaign-1', 1, 'acknowledge', '签收通知', '', '', '', NULL, NULL, '', '', '{"undated": true}', NULL, NULL, NULL, NULL, '', FALSE, '["acknowledgement"]', '[]', '{}', 1, NULL, 1),
    ('town-samples', 'duty-2', 'campaign-1', 2, 'submit', '报送联络员反馈表和活动方案', '', '五/（四）', '6月20日前', 20, 20, '各村', '镇平安建设办公室', '{"once": "2022-06-20"}', NULL, NULL, NULL, NULL, '', FALSE, '["liaison_form", "unit_plan"]', '[]', '{}', 25, NULL, 1),
    ('town-samples', 'duty-3', 'campaign-1', 3, 'weekly_report', '每周四上午报送活动开展情况', '', '五/（四）', '每周四上午', 21, 21, '各村', '镇平安建设办公室', '{"rule": "FREQ=WEEKLY;BYDAY=TH;BYHOUR=12"}', NULL, NULL, NULL, NULL, '', TRUE, '["text", "files"]', '[{"what":"图像","types":["photo"],"clause":"五/（四）","purpose":"印证活动开展","keep":"活动结束后一年"}]', '{"kinds":["village"]}', 10, NULL, 1);
INSERT INTO campaign_receivers (jurisdiction_id, campaign_id, unit_id, added_at, removed_at) VALUES
    ('town-samples', 'campaign-1', 'unit-village', 1655080200000, NULL);
INSERT INTO campaign_changes (jurisdiction_id, campaign_id, edition, at, actor_name, note, changes) VALUES
    ('town-samples', 'campaign-1', 1, 1655080200000, '萨仁', '', '[]');
INSERT INTO occurrences (jurisdiction_id, occurrence_id, campaign_id, duty_id, unit_id, period_key, period_start, period_end, due_at, born_past, state, extended_until, extension_reason, decided_by, decided_reason, submission_id, submitted_at, late, version, updated_at) VALUES
    ('town-samples', 'occurrence-1', 'campaign-1', 'duty-1', 'unit-village', 'once', NULL, NULL, NULL, FALSE, 'accepted', NULL, '', '', '', NULL, 1655080200000, FALSE, 2, 1655080200000),
    ('town-samples', 'occurrence-2', 'campaign-1', 'duty-2', 'unit-village', '2022-06-20', NULL, NULL, 1655740799000, FALSE, 'submitted', NULL, '', '', '', 'submission-1', 1655080260000, FALSE, 2, 1655080260000),
    ('town-samples', 'occurrence-3', 'campaign-1', 'duty-3', 'unit-village', '2022-06-16T12:00', '2022-06-10', '2022-06-16', 1655352000000, FALSE, 'open', NULL, '', '', '', NULL, NULL, NULL, 1, 1655080200000);
INSERT INTO submissions (jurisdiction_id, submission_id, occurrence_id, unit_id, revision, state, zero_report, payload, idempotency_key, created_by, created_by_name, created_at, submitted_at, reviewed_by_name, reviewed_at, review, version, updated_at) VALUES
    ('town-samples', 'submission-1', 'occurrence-2', 'unit-village', 1, 'submitted', FALSE, '{"text": "", "unit_plan": "成立小组，逐户排查。", "liaison_form": {"name": "王二柱", "mobile": "00000000000"}, "confirmed_edition": 1}', 'key-1', 'account-2', '王二柱', 1655080200000, 1655080260000, '', NULL, '{}', 2, 1655080260000);
INSERT INTO acknowledgements (jurisdiction_id, campaign_id, unit_id, edition, account_id, account_name, at) VALUES
    ('town-samples', 'campaign-1', 'unit-village', 1, 'account-2', '王二柱', 1655080200000);
INSERT INTO messages (jurisdiction_id, message_id, unit_id, kind, title, body, link, dedup_key, sent_by_name, created_at, read_at) VALUES
    ('town-samples', 'message-1', 'unit-village', 'dispatched', '收到新通知', '请签收。', '/work/campaigns/campaign-1', 'dispatched:campaign-1:1:unit-village', '萨仁', 1655080200000, NULL);
