-- People who work for a company. Every company has its own account as the first owner.
create type company_member_status as enum ('invited', 'active', 'declined', 'revoked', 'expired', 'left', 'removed');
--> statement-breakpoint
create table company_members (
  id uuid primary key,
  company_id uuid not null constraint company_members_company_id_company_profiles_user_id_fk references company_profiles (user_id) on delete cascade,
  user_id uuid constraint company_members_user_id_users_id_fk references users (id) on delete cascade,
  contact text,
  is_by_contact boolean not null default false,
  role text not null,
  status company_member_status not null default 'invited',
  payout_to text not null default 'member',
  payout_proposed text,
  invited_by uuid constraint company_members_invited_by_users_id_fk references users (id) on delete set null,
  expires_at timestamptz,
  joined_at timestamptz,
  ended_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint company_members_role check (role in ('owner', 'manager', 'dispatcher', 'accountant', 'tasker')),
  constraint company_members_payout check (payout_to in ('company', 'member')),
  constraint company_members_proposal check (payout_proposed is null or payout_proposed in ('company', 'member') and payout_proposed <> payout_to and status = 'active'),
  constraint company_members_named check (user_id is not null or status not in ('active', 'left', 'removed')),
  constraint company_members_invited check (status <> 'invited' or expires_at is not null and (user_id is not null or contact is not null)),
  constraint company_members_contact check (contact is null or status = 'invited')
);
--> statement-breakpoint
create unique index company_members_one_active on company_members (user_id) where status = 'active';
--> statement-breakpoint
create unique index company_members_one_open on company_members (company_id, user_id) where status = 'invited';
--> statement-breakpoint
create unique index company_members_one_open_contact on company_members (company_id, contact) where status = 'invited';
--> statement-breakpoint
create index idx_company_members_company on company_members (company_id, id);
--> statement-breakpoint
create index idx_company_members_user on company_members (user_id, id);
--> statement-breakpoint
create index idx_company_members_invited_by on company_members (invited_by);
--> statement-breakpoint
create index idx_company_members_due on company_members (expires_at) where status = 'invited';
--> statement-breakpoint
insert into company_members (id, company_id, user_id, role, status, payout_to, joined_at, created_at, updated_at)
select gen_random_uuid(), c.user_id, c.user_id, 'owner', 'active', 'company', c.created_at, c.created_at, c.created_at
  from company_profiles c join users u on u.id = c.user_id where u.status <> 'closed';
