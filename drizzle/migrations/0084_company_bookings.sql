-- The company for which a booking was made, and who earns it, as both were when it was made.
alter table bookings
  add column company_id uuid constraint bookings_company_id_users_id_fk references users (id) on delete restrict,
  add column payout_to text,
  add constraint bookings_company check ((company_id is null) = (payout_to is null) and payout_to in ('company', 'member'));
--> statement-breakpoint
create index idx_bookings_company on bookings (company_id, id) where company_id is not null;
--> statement-breakpoint
-- Acts by which a company gives a booking to another of its people.
create table company_handovers (
  id uuid primary key,
  company_id uuid not null constraint company_handovers_company_id_users_id_fk references users (id) on delete restrict,
  booking_id uuid not null constraint company_handovers_booking_id_bookings_id_fk references bookings (id) on delete cascade,
  tasker_id uuid not null constraint company_handovers_tasker_id_users_id_fk references users (id) on delete restrict,
  given_by uuid not null constraint company_handovers_given_by_users_id_fk references users (id) on delete restrict,
  reason text not null,
  created_at timestamptz not null default now(),
  constraint company_handovers_reason check (length(reason) between 1 and 500)
);
--> statement-breakpoint
create index idx_company_handovers_company on company_handovers (company_id, id);
--> statement-breakpoint
create index idx_company_handovers_booking on company_handovers (booking_id);
--> statement-breakpoint
create index idx_company_handovers_tasker on company_handovers (tasker_id);
--> statement-breakpoint
create index idx_company_handovers_given_by on company_handovers (given_by);
