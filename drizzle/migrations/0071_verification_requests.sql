-- Verification requests with any number of documents, each decided alone, and a log. `user_verifications` keeps what follows from them for a user.
drop trigger if exists b_guard_new on user_verifications;
--> statement-breakpoint
drop trigger if exists b_guard_state on user_verifications;
--> statement-breakpoint
drop trigger if exists c_media on user_verifications;
--> statement-breakpoint
drop trigger if exists c_record_transition on user_verifications;
--> statement-breakpoint
drop function if exists khidma.guard_new_verification();
--> statement-breakpoint
drop function if exists khidma.guard_verification_state();
--> statement-breakpoint
drop function if exists khidma.record_verification_transition();
--> statement-breakpoint
drop function if exists khidma.party_in_verification(user_verifications);
--> statement-breakpoint
drop index user_verifications_national_id_key;
--> statement-breakpoint
drop index idx_user_verifications_queue;
--> statement-breakpoint
alter table user_verifications
  alter column verification_status drop default,
  alter column verification_status type text using verification_status::text;
--> statement-breakpoint
alter table user_verifications
  alter column verification_status set default 'unverified',
  add column expires_at timestamptz,
  add constraint user_verifications_status check (verification_status in ('unverified', 'pending', 'verified', 'rejected', 'lapsed'));
--> statement-breakpoint
drop type verification_status;
--> statement-breakpoint
create type verification_status as enum ('pending', 'needs_document', 'approved', 'rejected', 'lapsed');
--> statement-breakpoint
create table verification_requests (
  id uuid primary key,
  user_id uuid not null constraint verification_requests_user_id_users_id_fk references users (id) on delete cascade,
  subject_type text not null default 'user',
  subject_id uuid not null,
  verification_type text not null,
  document_type text not null,
  document_country text,
  number_hash text,
  number_last4 text,
  status verification_status not null default 'pending',
  submitted_at timestamptz not null default now(),
  first_approved_by uuid constraint verification_requests_first_approved_by_users_id_fk references users (id) on delete set null,
  first_approved_at timestamptz,
  reviewed_at timestamptz,
  reviewed_by uuid constraint verification_requests_reviewed_by_users_id_fk references users (id) on delete set null,
  remarks text,
  internal_notes text,
  expires_at timestamptz,
  reminded_days integer,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint verification_requests_subject check (subject_type in ('user', 'role_profile', 'company')),
  constraint verification_requests_type check (verification_type in ('identity', 'business', 'document')),
  constraint verification_requests_country check (document_country ~ '^[A-Z]{2}$'),
  constraint verification_requests_hash check (number_hash ~ '^[0-9a-f]{64}$'),
  constraint verification_requests_last4 check (number_last4 ~ '^[0-9A-Z]{4}$'),
  constraint verification_requests_number check ((number_hash is null) = (number_last4 is null)),
  constraint verification_requests_first_approval check (first_approved_at is not null or first_approved_by is null),
  constraint verification_requests_not_own check (reviewed_by <> user_id and coalesce(first_approved_by <> user_id, true))
);
--> statement-breakpoint
create unique index verification_requests_one_open on verification_requests (subject_type, subject_id, verification_type, document_type)
  where status in ('pending', 'needs_document');
--> statement-breakpoint
create index idx_verification_requests_user on verification_requests (user_id, id);
--> statement-breakpoint
create index idx_verification_requests_subject on verification_requests (subject_type, subject_id, verification_type, document_type, submitted_at);
--> statement-breakpoint
create index idx_verification_requests_queue on verification_requests (status, submitted_at, id);
--> statement-breakpoint
create index idx_verification_requests_expiry on verification_requests (expires_at) where status = 'approved' and expires_at is not null;
--> statement-breakpoint
create index idx_verification_requests_hash on verification_requests (number_hash) where number_hash is not null;
--> statement-breakpoint
create table verification_documents (
  id uuid primary key,
  request_id uuid not null constraint verification_documents_request_id_verification_requests_id_fk references verification_requests (id) on delete cascade,
  document_type text not null,
  media_id uuid constraint verification_documents_media_id_media_files_id_fk references media_files (id) on delete set null,
  status text not null default 'pending',
  reviewed_at timestamptz,
  reviewed_by uuid constraint verification_documents_reviewed_by_users_id_fk references users (id) on delete set null,
  remarks text,
  created_at timestamptz not null default now(),
  constraint verification_documents_type check (document_type in ('front', 'back', 'selfie', 'page', 'other')),
  constraint verification_documents_status check (status in ('pending', 'approved', 'rejected'))
);
--> statement-breakpoint
create unique index verification_documents_media on verification_documents (media_id);
--> statement-breakpoint
create index idx_verification_documents_request on verification_documents (request_id, id);
--> statement-breakpoint
create table verification_logs (
  id uuid primary key,
  request_id uuid not null constraint verification_logs_request_id_verification_requests_id_fk references verification_requests (id) on delete cascade,
  action text not null,
  old_status text,
  new_status text not null,
  acted_by uuid constraint verification_logs_acted_by_users_id_fk references users (id) on delete restrict,
  remarks text,
  created_at timestamptz not null default now(),
  constraint verification_logs_action check (action in ('submitted', 'approved', 'approved_first', 'rejected', 'document_requested', 'lapsed'))
);
--> statement-breakpoint
create index idx_verification_logs_request on verification_logs (request_id, id);
--> statement-breakpoint
create index idx_verification_logs_acted_by on verification_logs (acted_by);
--> statement-breakpoint
insert into verification_requests (id, user_id, subject_id, verification_type, document_type, document_country, number_hash, number_last4,
                                   status, submitted_at, reviewed_at, reviewed_by, remarks, created_at)
select gen_random_uuid(), v.user_id, v.user_id, 'identity', v.document_type, v.document_country, v.national_id_hash, v.national_id_last4,
       (case v.verification_status when 'verified' then 'approved' when 'rejected' then 'rejected' else 'pending' end)::verification_status,
       v.submitted_at, v.reviewed_at, v.reviewed_by, v.rejection_reason, v.submitted_at
  from user_verifications v where v.submitted_at is not null and v.document_type is not null;
--> statement-breakpoint
insert into verification_documents (id, request_id, document_type, media_id, status, reviewed_at, reviewed_by, created_at)
select gen_random_uuid(), r.id, d.part, d.media, case r.status when 'approved' then 'approved' when 'rejected' then 'rejected' else 'pending' end,
       r.reviewed_at, r.reviewed_by, r.submitted_at
  from verification_requests r join user_verifications v on v.user_id = r.user_id
 cross join lateral (values ('front', v.front_media_id), ('back', v.back_media_id), ('selfie', v.selfie_media_id)) d (part, media)
 where d.media is not null
 on conflict (media_id) do nothing;
--> statement-breakpoint
insert into verification_logs (id, request_id, action, new_status, created_at)
select gen_random_uuid(), r.id, 'submitted', 'pending', r.submitted_at from verification_requests r;
--> statement-breakpoint
insert into verification_logs (id, request_id, action, old_status, new_status, acted_by, remarks, created_at)
select gen_random_uuid(), r.id, r.status::text, 'pending', r.status::text, r.reviewed_by, r.remarks, coalesce(r.reviewed_at, r.submitted_at)
  from verification_requests r where r.status in ('approved', 'rejected');
--> statement-breakpoint
insert into cases (id, kind, subject_type, subject_id, queue, due_at)
select gen_random_uuid(), 'verification', 'verification_request', r.id, 'verification', now() + interval '2 days'
  from verification_requests r where r.status = 'pending';
--> statement-breakpoint
alter table user_verifications
  drop column document_type,
  drop column document_country,
  drop column front_media_id,
  drop column back_media_id,
  drop column selfie_media_id,
  drop column submitted_at,
  drop column reviewed_at,
  drop column reviewed_by,
  drop column rejection_reason;
--> statement-breakpoint
-- A number verifies one account.
create unique index user_verifications_national_id_key on user_verifications (national_id_hash) where verification_status = 'verified';
