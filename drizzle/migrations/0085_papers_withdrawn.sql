-- A request for papers is withdrawn by its owner, or ends when what it needs does not come.
alter type verification_status add value 'withdrawn';
--> statement-breakpoint
alter table verification_requests add column answer_until timestamptz;
--> statement-breakpoint
-- khidma.end_unanswered_requests
create index idx_verification_requests_answer on verification_requests (answer_until) where answer_until is not null;
--> statement-breakpoint
alter table verification_logs drop constraint verification_logs_action,
  add constraint verification_logs_action check (action in ('submitted', 'approved', 'approved_first', 'rejected', 'document_requested', 'lapsed', 'withdrawn'));
