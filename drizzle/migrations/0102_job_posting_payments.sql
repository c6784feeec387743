-- Postings cost an entitlement or credits, for so many days.
alter table packages add column posting_days integer;
--> statement-breakpoint
alter table packages add constraint packages_posting_days check (posting_days between 1 and 365);
--> statement-breakpoint
alter table entitlements add column posting_days integer;
--> statement-breakpoint
alter table entitlements add constraint entitlements_posting_days check (posting_days is null or posting_days between 1 and 365 and kind = 'job_posting');
--> statement-breakpoint
alter table job_postings add column pay_with text, add column paid_until timestamptz;
--> statement-breakpoint
alter table job_postings add constraint job_postings_pay_with check (pay_with in ('entitlement', 'credits'));
--> statement-breakpoint
create table job_posting_payments (
  id uuid primary key not null,
  posting_id uuid not null constraint job_posting_payments_posting_id_job_postings_id_fk references job_postings (id) on delete cascade,
  company_id uuid not null constraint job_posting_payments_company_id_users_id_fk references users (id) on delete restrict,
  kind text not null,
  method text not null,
  credits bigint default 0 not null,
  days integer not null,
  entitlement_id uuid constraint job_posting_payments_entitlement_id_entitlements_id_fk references entitlements (id) on delete restrict,
  status text default 'reserved' not null,
  ended_at timestamptz,
  created_at timestamptz default now() not null,
  constraint job_posting_payments_kind check (kind in ('posting', 'extension')),
  constraint job_posting_payments_method check (method in ('entitlement', 'credits', 'free')),
  constraint job_posting_payments_status check (status in ('reserved', 'used', 'returned')),
  constraint job_posting_payments_credits check (credits >= 0 and (method = 'credits') = (credits > 0)),
  constraint job_posting_payments_entitlement check ((method = 'entitlement') = (entitlement_id is not null)),
  constraint job_posting_payments_days check (days between 1 and 365),
  constraint job_posting_payments_ended check ((status = 'reserved') = (ended_at is null))
);
--> statement-breakpoint
create unique index job_posting_payments_one_reserved on job_posting_payments (posting_id) where status = 'reserved';
--> statement-breakpoint
create index idx_job_posting_payments_posting on job_posting_payments (posting_id,id);
--> statement-breakpoint
create index idx_job_posting_payments_company on job_posting_payments (company_id,id);
--> statement-breakpoint
create index idx_job_posting_payments_entitlement on job_posting_payments (entitlement_id) where entitlement_id is not null;
--> statement-breakpoint
-- Postings that waited before they cost anything stay free.
insert into job_posting_payments (id, posting_id, company_id, kind, method, days)
select gen_random_uuid(), j.id, j.company_id, 'posting', 'free', 90 from job_postings j where j.status = 'pending';
--> statement-breakpoint
drop function if exists khidma.use_entitlement(uuid, text, uuid);
--> statement-breakpoint
drop function if exists khidma.grant_entitlement(uuid, text, int, text, uuid, timestamptz, int);
