create type booking_change_status as enum ('pending', 'accepted', 'rejected', 'withdrawn', 'expired');
--> statement-breakpoint
alter table bookings
  add column agreed_maximum_amount bigint,
  add column fee_terms jsonb not null default '{}',
  add column confirmed_at timestamptz,
  add column no_show_by text,
  add column cancellation_fee_amount bigint,
  add column cancellation_fee_payer text,
  add column fee_waived_at timestamptz,
  add column fee_waived_by uuid constraint bookings_fee_waived_by_users_id_fk references users (id) on delete restrict,
  add column fee_waive_reason text,
  add constraint bookings_maximum check (agreed_maximum_amount is null or agreed_maximum_amount >= 0),
  add constraint bookings_no_show check (no_show_by in ('client', 'tasker')),
  add constraint bookings_fee check (cancellation_fee_amount >= 0 and cancellation_fee_payer in ('client', 'tasker')
    and (coalesce(cancellation_fee_amount, 0) > 0) = (cancellation_fee_payer is not null)),
  add constraint bookings_fee_waived check ((fee_waived_at is null or cancellation_fee_payer is not null)
    and (fee_waive_reason is null or fee_waived_at is not null));
--> statement-breakpoint
-- The estimate that capped these fares until now, and when the client confirmed. They were agreed without fees.
update bookings b
   set agreed_maximum_amount = t.est_max_amount,
       confirmed_at = (select max(e.created_at) from booking_events e where e.booking_id = b.id and e.to_status = 'confirmed')
  from tasks t where t.id = b.task_id and (t.est_max_amount is not null or b.status not in ('offered', 'accepted'));
--> statement-breakpoint
create table booking_changes (
  id uuid primary key,
  booking_id uuid not null constraint booking_changes_booking_id_bookings_id_fk references bookings (id) on delete cascade,
  proposed_by uuid not null constraint booking_changes_proposed_by_users_id_fk references users (id) on delete restrict,
  proposed_to uuid not null constraint booking_changes_proposed_to_users_id_fk references users (id) on delete restrict,
  status booking_change_status not null default 'pending',
  reason text,
  was_rate_amount bigint,
  was_minutes integer not null,
  was_starts_at timestamptz not null,
  was_maximum_amount bigint,
  rate_amount bigint,
  minutes integer not null,
  starts_at timestamptz not null,
  maximum_amount bigint,
  expires_at timestamptz not null,
  ended_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint booking_changes_two_people check (proposed_by <> proposed_to),
  constraint booking_changes_rate check (rate_amount > 0),
  constraint booking_changes_minutes check (minutes between 1 and 10080),
  constraint booking_changes_something check ((rate_amount, minutes, starts_at) is distinct from (was_rate_amount, was_minutes, was_starts_at)),
  constraint booking_changes_ended check ((status = 'pending') = (ended_at is null))
);
--> statement-breakpoint
create unique index booking_changes_one_pending on booking_changes (booking_id) where status = 'pending';
--> statement-breakpoint
create index idx_booking_changes_booking on booking_changes (booking_id, id);
--> statement-breakpoint
create index idx_booking_changes_due on booking_changes (expires_at) where status = 'pending';
