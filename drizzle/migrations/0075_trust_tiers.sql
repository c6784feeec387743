-- The system decides alone about those whom facts show to be trusted: upheld reports are asked for by person.
create index idx_reports_reported on reports (reported_user_id, updated_at) where status = 'resolved';
