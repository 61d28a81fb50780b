-- A template changed, a draft, an issued document with its number.
INSERT INTO document_templates (jurisdiction_id, code, version, content, edited_by_name, edited_at) VALUES
    ('town-samples', 'brief', 1, '{}', '萨仁', 1655080200000);
INSERT INTO documents (jurisdiction_id, document_id, unit_id, campaign_id, week, kind, state, title, search_key, content, doc_number, dated, comment, approved_by_name, approved_at, issued_by_name, issued_at, version, created_by, created_by_name, created_at, updated_by_name, updated_at) VALUES
    ('town-samples', 'document-1', 'unit-town', 'campaign-1', 2, 'brief', 'draft', '工作简报', '工作简报', '{}', '', NULL, '', '', NULL, '', NULL, 1, 'account-1', '萨仁', 1655080200000, '萨仁', 1655080200000),
    ('town-samples', 'document-2', 'unit-town', NULL, 0, 'notice', 'issued', '关于开展检查的通知', '关于开展检查的通知', '{}', '青政发〔2022〕122号', '2022-06-13', '', '巴特尔', 1655080200000, '萨仁', 1655080200000, 4, 'account-1', '萨仁', 1655080200000, '萨仁', 1655080200000);
INSERT INTO document_numbers (jurisdiction_id, unit_id, word, year, ordinal, document_id, given_by_name, given_at, void_reason) VALUES
    ('town-samples', 'unit-town', '青政发', 2022, 122, 'document-2', '萨仁', 1655080200000, '');
