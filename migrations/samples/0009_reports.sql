-- What the village sent, with a drill in it; and its receipt.
INSERT INTO report_items (jurisdiction_id, submission_id, record_id, ordinal, own, version, sha256, content) VALUES
    ('town-samples', 'submission-1', 'record-1', 1, TRUE, 1, '0000000000000000000000000000000000000000000000000000000000000000', '{"title":"防汛疏散演练"}');
INSERT INTO receipts (jurisdiction_id, receipt_id, subject_kind, subject_id, number, body, issued_at) VALUES
    ('town-samples', 'receipt-1', 'submission', 'submission-1', '4F6A0C1D2E3B', '安月回执 1', 1655080200000);
