-- Requirements: rows that an operator configures of kinds that are written in code, what people attest, and waivers.
create table requirements (
  id uuid primary key,
  kind text not null,
  subject_kind text not null,
  role_key text,
  country text,
  document_type text,
  is_required boolean not null default true,
  "position" integer not null default 0,
  names jsonb not null,
  descriptions jsonb not null default '{}',
  effective_from timestamptz not null default now(),
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint requirements_subject_kind check (subject_kind in ('tasker', 'company', 'role_profile')),
  constraint requirements_role_key check (role_key is null or subject_kind = 'role_profile' and role_key ~ '^[a-z][a-z_]{1,39}$'),
  constraint requirements_country check (country ~ '^[A-Z]{2}$'),
  constraint requirements_document check (document_type is null or kind = 'document')
);
--> statement-breakpoint
create index idx_requirements_subject on requirements (subject_kind, "position", id) where is_active;
--> statement-breakpoint
create table requirement_submissions (
  id uuid primary key,
  requirement_id uuid not null constraint requirement_submissions_requirement_id_requirements_id_fk references requirements (id) on delete restrict,
  requirement_version integer not null,
  subject_kind text not null,
  subject_id uuid not null,
  user_id uuid not null constraint requirement_submissions_user_id_users_id_fk references users (id) on delete cascade,
  created_at timestamptz not null default now()
);
--> statement-breakpoint
create index idx_requirement_submissions_subject on requirement_submissions (subject_id, requirement_id, id);
--> statement-breakpoint
create index idx_requirement_submissions_requirement on requirement_submissions (requirement_id);
--> statement-breakpoint
create index idx_requirement_submissions_user on requirement_submissions (user_id);
--> statement-breakpoint
create table requirement_waivers (
  id uuid primary key,
  requirement_id uuid not null constraint requirement_waivers_requirement_id_requirements_id_fk references requirements (id) on delete restrict,
  subject_kind text not null,
  subject_id uuid not null,
  reason text not null,
  waived_by uuid constraint requirement_waivers_waived_by_users_id_fk references users (id) on delete set null,
  expires_at timestamptz,
  ended_at timestamptz,
  ended_by uuid constraint requirement_waivers_ended_by_users_id_fk references users (id) on delete set null,
  created_at timestamptz not null default now(),
  constraint requirement_waivers_reason check (length(reason) between 1 and 500),
  constraint requirement_waivers_ended check (ended_at is not null or ended_by is null),
  constraint requirement_waivers_not_own check (waived_by <> subject_id)
);
--> statement-breakpoint
create unique index requirement_waivers_one on requirement_waivers (subject_id, requirement_id) where ended_at is null;
--> statement-breakpoint
create index idx_requirement_waivers_requirement on requirement_waivers (requirement_id, id);
--> statement-breakpoint
create index idx_requirement_waivers_expiry on requirement_waivers (expires_at) where ended_at is null and expires_at is not null;
--> statement-breakpoint
create index idx_requirement_waivers_waived_by on requirement_waivers (waived_by);
--> statement-breakpoint
create index idx_requirement_waivers_ended_by on requirement_waivers (ended_by);
--> statement-breakpoint
-- Nobody is activated without a verified identity.
insert into requirements (id, kind, subject_kind, "position", names, descriptions) values (
  '019ace00-0000-7000-8000-000000000001', 'identity', 'tasker', 10, '{"en": "Verified identity", "ar": "هوية موثّقة"}',
  '{"en": "Submit an identity document with photos of it.", "ar": "أرسل وثيقة هوية مع صور لها."}');
