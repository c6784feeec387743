-- Contracts: terms that both sides of a booking sign, milestones, and the escrow that pays them. A booking keeps the total of its contract
-- as its price; payments fund escrow, and a refund may come out of it.
alter table bookings add column contract_amount bigint, add constraint bookings_contract_amount check (contract_amount >= 0);
--> statement-breakpoint
alter table payment_intents
  drop constraint payment_intents_purpose,
  drop constraint payment_intents_booking,
  add constraint payment_intents_purpose check (purpose in ('booking', 'tip', 'top_up', 'debt', 'contract')),
  add constraint payment_intents_booking check ((booking_id is not null) = (purpose in ('booking', 'tip', 'contract'))
    and (payee_id is not null) = (purpose in ('booking', 'tip', 'contract')));
--> statement-breakpoint
create unique index payment_intents_contract_open on payment_intents (booking_id)
  where purpose = 'contract' and status in ('requires_action', 'failed');
--> statement-breakpoint
alter table refunds
  add column from_escrow bigint not null default 0,
  drop constraint refunds_amount,
  drop constraint refunds_sources,
  add constraint refunds_amount check (amount > 0 and from_payable >= 0 and from_debt >= 0 and from_escrow >= 0),
  add constraint refunds_sources check (case when kind = 'refund' then from_payable + from_debt + from_escrow = amount
    else from_payable + from_debt + from_escrow = 0 end);
--> statement-breakpoint
create type contract_amendment_status as enum ('pending', 'accepted', 'rejected', 'withdrawn', 'expired');
--> statement-breakpoint
create type contract_status as enum ('draft', 'active', 'completed', 'canceled', 'disputed');
--> statement-breakpoint
create type escrow_status as enum ('held', 'partial_release', 'full_release', 'disputed');
--> statement-breakpoint
create type milestone_status as enum ('pending', 'in_progress', 'submitted', 'overdue', 'completed', 'canceled');
--> statement-breakpoint
create table contract_amendments (
  id uuid primary key not null,
  contract_id uuid not null,
  proposed_by uuid not null,
  proposed_to uuid not null,
  status contract_amendment_status default 'pending' not null,
  reason text not null,
  terms jsonb not null,
  milestones jsonb not null,
  total_amount bigint not null,
  was_terms jsonb not null,
  was_milestones jsonb not null,
  was_total_amount bigint not null,
  text_sha256 text not null,
  expires_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  version integer default 1 not null,
  constraint contract_amendments_two_people check (proposed_by <> proposed_to),
  constraint contract_amendments_amount check (total_amount > 0),
  constraint contract_amendments_ended check ((status = 'pending') = (ended_at is null))
);
--> statement-breakpoint
create table contract_signatures (
  id uuid primary key not null,
  contract_id uuid not null,
  amendment_id uuid,
  user_id uuid not null,
  party text not null,
  text_sha256 text not null,
  session_id uuid,
  user_agent text,
  ip_address text,
  signed_at timestamp with time zone default now() not null,
  cleared_at timestamp with time zone,
  constraint contract_signatures_party check (party in ('client', 'tasker')),
  constraint contract_signatures_sha256 check (text_sha256 ~ '^[0-9a-f]{64}$')
);
--> statement-breakpoint
create table contracts (
  id uuid primary key not null,
  booking_id uuid not null,
  client_id uuid not null,
  tasker_id uuid not null,
  proposed_by uuid not null,
  status contract_status default 'draft' not null,
  currency text not null,
  total_amount bigint not null,
  terms jsonb not null,
  signed_sha256 text,
  release_days integer not null,
  max_rounds integer not null,
  max_paused_days integer not null,
  arbitration_basis_points integer not null,
  expires_at timestamp with time zone,
  activated_at timestamp with time zone,
  ended_at timestamp with time zone,
  end_reason text,
  last_activity_at timestamp with time zone default now() not null,
  dormant_notices integer default 0 not null,
  dormant_due_at timestamp with time zone,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  version integer default 1 not null,
  constraint contracts_two_people check (client_id <> tasker_id),
  constraint contracts_amount check (total_amount > 0),
  constraint contracts_arbitration check (arbitration_basis_points between 0 and 2000),
  constraint contracts_limits check (release_days between 1 and 90 and max_rounds between 0 and 10 and max_paused_days between 0 and 180),
  constraint contracts_dormant check (dormant_notices between 0 and 2),
  constraint contracts_signed check ((status not in ('active', 'completed', 'disputed') or (signed_sha256 is not null and activated_at is not null))),
  constraint contracts_ended check ((status in ('completed', 'canceled')) = (ended_at is not null))
);
--> statement-breakpoint
create table escrows (
  id uuid primary key not null,
  contract_id uuid not null,
  currency text not null,
  status escrow_status default 'held' not null,
  funded_amount bigint default 0 not null,
  released_amount bigint default 0 not null,
  commission_amount bigint default 0 not null,
  refunded_amount bigint default 0 not null,
  arbitration_amount bigint default 0 not null,
  disputed_amount bigint default 0 not null,
  arbitration_basis_points integer not null,
  held_at timestamp with time zone default now() not null,
  released_at timestamp with time zone,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  version integer default 1 not null,
  constraint escrows_contract_id_key unique(contract_id),
  constraint escrows_amounts check (least(released_amount, commission_amount, refunded_amount, arbitration_amount, disputed_amount) >= 0
          and released_amount + refunded_amount + arbitration_amount <= funded_amount
          and commission_amount <= released_amount),
  constraint escrows_arbitration_share check (arbitration_amount::numeric * 10000 <= disputed_amount::numeric * arbitration_basis_points),
  constraint escrows_arbitration_limit check (arbitration_basis_points between 0 and 2000),
  constraint escrows_closed check ((status = 'full_release') = (released_at is not null)
          and (status <> 'full_release' or released_amount + refunded_amount + arbitration_amount = funded_amount))
);
--> statement-breakpoint
create table milestone_deliverables (
  id uuid primary key not null,
  submission_id uuid not null,
  media_id uuid not null,
  created_at timestamp with time zone default now() not null
);
--> statement-breakpoint
create table milestone_submissions (
  id uuid primary key not null,
  milestone_id uuid not null,
  round integer not null,
  note text not null,
  submitted_by uuid not null,
  submitted_at timestamp with time zone default now() not null,
  answer text,
  answer_note text,
  answered_at timestamp with time zone,
  constraint milestone_submissions_answer check (answer in ('approved', 'returned', 'silence', 'closed')),
  constraint milestone_submissions_answered check ((answer is null) = (answered_at is null))
);
--> statement-breakpoint
create table milestones (
  id uuid primary key not null,
  contract_id uuid not null,
  position integer not null,
  title text not null,
  description text,
  amount bigint not null,
  due_at timestamp with time zone,
  deadline_at timestamp with time zone,
  status milestone_status default 'pending' not null,
  funding_intent_id uuid,
  funded_at timestamp with time zone,
  started_at timestamp with time zone,
  submitted_at timestamp with time zone,
  releases_at timestamp with time zone,
  release_reminders integer default 0 not null,
  release_requested_at timestamp with time zone,
  due_reminded_at timestamp with time zone,
  rounds integer default 0 not null,
  paused_seconds integer default 0 not null,
  paused_since timestamp with time zone,
  ended_at timestamp with time zone,
  outcome text,
  released_amount bigint default 0 not null,
  refunded_amount bigint default 0 not null,
  arbitration_amount bigint default 0 not null,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  version integer default 1 not null,
  constraint milestones_amount check (amount > 0),
  constraint milestones_position check (position between 1 and 1000),
  constraint milestones_outcome check (outcome in ('approved', 'silence', 'decided', 'removed', 'canceled')),
  constraint milestones_release check ((status = 'submitted') = (releases_at is not null)),
  constraint milestones_ended check ((status in ('completed', 'canceled')) = (ended_at is not null) and (ended_at is null) = (outcome is null)),
  constraint milestones_begun check (status not in ('in_progress', 'submitted', 'overdue', 'completed') or funded_at is not null),
  constraint milestones_split check (released_amount >= 0 and refunded_amount >= 0 and arbitration_amount >= 0
          and released_amount + refunded_amount + arbitration_amount
              = case when ended_at is not null and funded_at is not null then amount else 0 end)
);
--> statement-breakpoint
alter table contract_amendments add constraint contract_amendments_contract_id_contracts_id_fk foreign key (contract_id) references contracts(id) on delete restrict;
--> statement-breakpoint
alter table contract_amendments add constraint contract_amendments_proposed_by_users_id_fk foreign key (proposed_by) references users(id) on delete restrict;
--> statement-breakpoint
alter table contract_amendments add constraint contract_amendments_proposed_to_users_id_fk foreign key (proposed_to) references users(id) on delete restrict;
--> statement-breakpoint
alter table contract_signatures add constraint contract_signatures_contract_id_contracts_id_fk foreign key (contract_id) references contracts(id) on delete restrict;
--> statement-breakpoint
alter table contract_signatures add constraint contract_signatures_amendment_id_contract_amendments_id_fk foreign key (amendment_id) references contract_amendments(id) on delete restrict;
--> statement-breakpoint
alter table contract_signatures add constraint contract_signatures_user_id_users_id_fk foreign key (user_id) references users(id) on delete restrict;
--> statement-breakpoint
alter table contracts add constraint contracts_booking_id_bookings_id_fk foreign key (booking_id) references bookings(id) on delete restrict;
--> statement-breakpoint
alter table contracts add constraint contracts_client_id_users_id_fk foreign key (client_id) references users(id) on delete restrict;
--> statement-breakpoint
alter table contracts add constraint contracts_tasker_id_users_id_fk foreign key (tasker_id) references users(id) on delete restrict;
--> statement-breakpoint
alter table contracts add constraint contracts_proposed_by_users_id_fk foreign key (proposed_by) references users(id) on delete restrict;
--> statement-breakpoint
alter table escrows add constraint escrows_contract_id_contracts_id_fk foreign key (contract_id) references contracts(id) on delete restrict;
--> statement-breakpoint
alter table milestone_deliverables add constraint milestone_deliverables_submission_id_milestone_submissions_id_fk foreign key (submission_id) references milestone_submissions(id) on delete restrict;
--> statement-breakpoint
alter table milestone_deliverables add constraint milestone_deliverables_media_id_media_files_id_fk foreign key (media_id) references media_files(id) on delete restrict;
--> statement-breakpoint
alter table milestone_submissions add constraint milestone_submissions_milestone_id_milestones_id_fk foreign key (milestone_id) references milestones(id) on delete restrict;
--> statement-breakpoint
alter table milestone_submissions add constraint milestone_submissions_submitted_by_users_id_fk foreign key (submitted_by) references users(id) on delete restrict;
--> statement-breakpoint
alter table milestones add constraint milestones_contract_id_contracts_id_fk foreign key (contract_id) references contracts(id) on delete restrict;
--> statement-breakpoint
alter table milestones add constraint milestones_funding_intent_id_payment_intents_id_fk foreign key (funding_intent_id) references payment_intents(id) on delete restrict;
--> statement-breakpoint
create unique index contract_amendments_one_pending on contract_amendments (contract_id) where status = 'pending';
--> statement-breakpoint
create index idx_contract_amendments_contract on contract_amendments (contract_id,id);
--> statement-breakpoint
create index idx_contract_amendments_due on contract_amendments (expires_at) where status = 'pending';
--> statement-breakpoint
create unique index contract_signatures_one_a_side on contract_signatures (contract_id,party) where cleared_at is null and amendment_id is null;
--> statement-breakpoint
create unique index contract_signatures_one_an_amendment on contract_signatures (amendment_id,party) where amendment_id is not null;
--> statement-breakpoint
create index idx_contract_signatures_contract on contract_signatures (contract_id,id);
--> statement-breakpoint
create unique index contracts_one_a_booking on contracts (booking_id) where status <> 'canceled';
--> statement-breakpoint
create index idx_contracts_booking on contracts (booking_id);
--> statement-breakpoint
create index idx_contracts_client on contracts (client_id,id);
--> statement-breakpoint
create index idx_contracts_tasker on contracts (tasker_id,id);
--> statement-breakpoint
create index idx_contracts_updated on contracts (date_trunc('milliseconds', updated_at at time zone 'UTC'),id);
--> statement-breakpoint
create index idx_contracts_expiry on contracts (expires_at) where status = 'draft';
--> statement-breakpoint
create index idx_contracts_dormant on contracts (dormant_due_at) where status = 'active';
--> statement-breakpoint
create unique index milestone_deliverables_key on milestone_deliverables (submission_id,media_id);
--> statement-breakpoint
create index idx_milestone_deliverables_media on milestone_deliverables (media_id);
--> statement-breakpoint
create unique index milestone_submissions_round on milestone_submissions (milestone_id,round);
--> statement-breakpoint
create unique index milestone_submissions_one_open on milestone_submissions (milestone_id) where answered_at is null;
--> statement-breakpoint
create index idx_milestones_contract on milestones (contract_id,position);
--> statement-breakpoint
create index idx_milestones_funding on milestones (funding_intent_id) where funding_intent_id is not null;
--> statement-breakpoint
create index idx_milestones_release on milestones (releases_at) where status = 'submitted';
--> statement-breakpoint
create index idx_milestones_deadline on milestones (deadline_at) where status in ('pending', 'in_progress') and funded_at is not null;
