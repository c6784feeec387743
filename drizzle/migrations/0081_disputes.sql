-- Disputes with a type, deadlines, evidence, notes, offers and one appeal; more than one over time about a booking, one open at a time.
alter type dispute_status add value 'withdrawn';
--> statement-breakpoint
create type dispute_offer_status as enum ('pending', 'accepted', 'declined', 'withdrawn', 'expired');
--> statement-breakpoint
alter table disputes
  drop constraint disputes_booking_id_key,
  add column type text not null default 'other',
  add column description text,
  add column respondent_id uuid constraint disputes_respondent_id_users_id_fk references users (id) on delete restrict,
  add column respond_by timestamptz,
  add column responded_at timestamptz,
  add column response_reminded_at timestamptz,
  add column due_at timestamptz,
  add column overdue_at timestamptz,
  add column resolved_by uuid constraint disputes_resolved_by_users_id_fk references users (id) on delete restrict,
  add column resolved_at timestamptz,
  add column appeal_of uuid constraint disputes_appeal_of_disputes_id_fk references disputes (id) on delete restrict,
  add column appeal_until timestamptz,
  add constraint disputes_type check (type in ('quality', 'not_finished', 'no_show', 'late', 'damage', 'price', 'payment', 'conduct', 'other')),
  add constraint disputes_description check (length(description) between 1 and 4000),
  add constraint disputes_response check (respondent_id is not null or respond_by is null and responded_at is null),
  add constraint disputes_resolved_by check (resolved_by is null or resolved_at is not null),
  add constraint disputes_appeal_until check (appeal_until is null or resolved_at is not null and appeal_of is null),
  add constraint disputes_not_its_own_appeal check (appeal_of <> id);
--> statement-breakpoint
create unique index disputes_one_open on disputes (booking_id) where status in ('open', 'investigating', 'escalated');
--> statement-breakpoint
create unique index disputes_one_appeal on disputes (appeal_of);
--> statement-breakpoint
create index idx_disputes_booking on disputes (booking_id, id);
--> statement-breakpoint
create index idx_disputes_due on disputes (due_at) where due_at is not null;
--> statement-breakpoint
create index idx_disputes_respond_by on disputes (respond_by) where responded_at is null and response_reminded_at is null;
--> statement-breakpoint
-- What was decided already, and what is open: its step begins now, as nobody knew of a deadline.
update disputes set resolved_at = updated_at where status not in ('open', 'investigating', 'escalated');
--> statement-breakpoint
update disputes set due_at = now() + interval '5 days' where status in ('open', 'investigating', 'escalated');
--> statement-breakpoint
create table dispute_evidence (
  id uuid primary key,
  dispute_id uuid not null constraint dispute_evidence_dispute_id_disputes_id_fk references disputes (id) on delete cascade,
  added_by uuid not null constraint dispute_evidence_added_by_users_id_fk references users (id) on delete restrict,
  side text not null,
  kind text not null,
  text text,
  media_id uuid constraint dispute_evidence_media_id_media_files_id_fk references media_files (id) on delete set null,
  extract jsonb,
  extract_sha256 text,
  from_seq bigint,
  to_seq bigint,
  cited_in uuid constraint dispute_evidence_cited_in_dispute_evidence_id_fk references dispute_evidence (id) on delete cascade,
  created_at timestamptz not null default now(),
  constraint dispute_evidence_side check (side in ('client', 'tasker', 'ops')),
  constraint dispute_evidence_kind check (kind in ('statement', 'file', 'chat')),
  constraint dispute_evidence_text check (length(text) between 1 and 4000),
  constraint dispute_evidence_statement check (kind <> 'statement' or text is not null and media_id is null),
  constraint dispute_evidence_chat check ((kind = 'chat') = (extract is not null and extract_sha256 is not null and from_seq > 0 and to_seq >= from_seq))
);
--> statement-breakpoint
create index idx_dispute_evidence_dispute on dispute_evidence (dispute_id, id);
--> statement-breakpoint
create index idx_dispute_evidence_added_by on dispute_evidence (added_by);
--> statement-breakpoint
create index idx_dispute_evidence_media on dispute_evidence (media_id) where media_id is not null;
--> statement-breakpoint
create table dispute_notes (
  id uuid primary key,
  dispute_id uuid not null constraint dispute_notes_dispute_id_disputes_id_fk references disputes (id) on delete cascade,
  author_id uuid not null constraint dispute_notes_author_id_users_id_fk references users (id) on delete restrict,
  text text not null,
  created_at timestamptz not null default now(),
  constraint dispute_notes_text check (length(text) between 1 and 4000)
);
--> statement-breakpoint
create index idx_dispute_notes_dispute on dispute_notes (dispute_id, id);
--> statement-breakpoint
create index idx_dispute_notes_author on dispute_notes (author_id);
--> statement-breakpoint
create table dispute_offers (
  id uuid primary key,
  dispute_id uuid not null constraint dispute_offers_dispute_id_disputes_id_fk references disputes (id) on delete cascade,
  client_id uuid not null constraint dispute_offers_client_id_users_id_fk references users (id) on delete restrict,
  tasker_id uuid not null constraint dispute_offers_tasker_id_users_id_fk references users (id) on delete restrict,
  proposed_by uuid not null constraint dispute_offers_proposed_by_users_id_fk references users (id) on delete restrict,
  side text not null,
  status dispute_offer_status not null default 'pending',
  amount bigint not null,
  client_amount bigint not null,
  tasker_amount bigint not null,
  currency text not null,
  note text,
  client_accepted_at timestamptz,
  tasker_accepted_at timestamptz,
  expires_at timestamptz not null,
  ended_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint dispute_offers_side check (side in ('client', 'tasker', 'ops')),
  constraint dispute_offers_whole check (amount > 0 and client_amount >= 0 and tasker_amount >= 0 and client_amount + tasker_amount = amount),
  constraint dispute_offers_note check (length(note) between 1 and 500),
  constraint dispute_offers_both check (status <> 'accepted' or client_accepted_at is not null and tasker_accepted_at is not null),
  constraint dispute_offers_ended check ((status = 'pending') = (ended_at is null))
);
--> statement-breakpoint
create unique index dispute_offers_one_pending on dispute_offers (dispute_id) where status = 'pending';
--> statement-breakpoint
create index idx_dispute_offers_dispute on dispute_offers (dispute_id, id);
--> statement-breakpoint
create index idx_dispute_offers_due on dispute_offers (expires_at) where status = 'pending';
