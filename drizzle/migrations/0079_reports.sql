-- Reports of reviews, messages, tasks and users: what was reported as it was then, evidence of the reporter, and what came of it.
alter table reports
  add column subject_type text,
  add column subject_id uuid,
  add column snapshot jsonb,
  add column outcome text,
  add column outcome_text text,
  add column decided_by uuid constraint reports_decided_by_users_id_fk references users (id) on delete set null,
  add column decided_at timestamptz;
--> statement-breakpoint
update reports
   set subject_type = case when booking_id is not null then 'booking' else 'user' end,
       subject_id = coalesce(booking_id, reported_user_id, reporter_id);
--> statement-breakpoint
alter table reports
  alter column subject_type set not null,
  alter column subject_id set not null,
  add constraint reports_subject_type check (subject_type in ('user', 'booking', 'review', 'message', 'task')),
  add constraint reports_outcome check (outcome is null or (outcome in ('action_taken', 'warned', 'content_removed', 'suspended') and status = 'resolved')
    or (outcome in ('no_violation', 'not_enough_evidence', 'duplicate') and status = 'dismissed')),
  add constraint reports_outcome_text check (length(outcome_text) between 1 and 2000);
--> statement-breakpoint
create index idx_reports_subject on reports (subject_id, id);
--> statement-breakpoint
create index idx_reports_reported_user on reports (reported_user_id, id) where reported_user_id is not null;
--> statement-breakpoint
-- The case of a report is about whom or what is reported: of several open ones about the same, the first stays.
delete from cases c using reports r, cases f, reports g
 where c.kind = 'report' and c.status <> 'closed' and c.subject_id = r.id
   and f.kind = 'report' and f.status <> 'closed' and f.subject_id = g.id and f.id < c.id
   and coalesce(g.reported_user_id, g.subject_id) = coalesce(r.reported_user_id, r.subject_id);
--> statement-breakpoint
update cases c
   set subject_type = case when r.reported_user_id is not null then 'user' else r.subject_type end,
       subject_id = coalesce(r.reported_user_id, r.subject_id)
  from reports r where c.kind = 'report' and c.status <> 'closed' and c.subject_id = r.id;
--> statement-breakpoint
create table report_evidence (
  id uuid primary key,
  report_id uuid not null constraint report_evidence_report_id_reports_id_fk references reports (id) on delete cascade,
  added_by uuid not null constraint report_evidence_added_by_users_id_fk references users (id) on delete restrict,
  media_id uuid not null constraint report_evidence_media_id_media_files_id_fk references media_files (id) on delete cascade,
  created_at timestamptz not null default now(),
  constraint report_evidence_file_key unique (report_id, media_id)
);
--> statement-breakpoint
create index idx_report_evidence_media on report_evidence (media_id);
--> statement-breakpoint
create index idx_report_evidence_added_by on report_evidence (added_by);
