create type job_application_status as enum ('applied', 'shortlisted', 'interview', 'offered', 'hired', 'rejected', 'withdrawn');
--> statement-breakpoint
create table job_applications (
  id uuid primary key not null,
  posting_id uuid not null constraint job_applications_posting_id_job_postings_id_fk references job_postings (id) on delete cascade,
  company_id uuid not null constraint job_applications_company_id_users_id_fk references users (id) on delete restrict,
  user_id uuid not null constraint job_applications_user_id_users_id_fk references users (id) on delete cascade,
  status job_application_status default 'applied' not null,
  cover_note text,
  answers jsonb default '[]'::jsonb not null,
  contact_email text,
  contact_phone text,
  reject_reason text,
  interview_slots jsonb default '[]'::jsonb not null,
  interview_minutes integer,
  interview_note text,
  interview_at timestamptz,
  ended_at timestamptz,
  created_at timestamptz default now() not null,
  updated_at timestamptz default now() not null,
  version integer default 1 not null,
  constraint job_applications_one unique(posting_id,user_id),
  constraint job_applications_other check (user_id <> company_id),
  constraint job_applications_note check (length(cover_note) between 1 and 5000),
  constraint job_applications_lists check (jsonb_typeof(answers) = 'array' and jsonb_typeof(interview_slots) = 'array'),
  constraint job_applications_minutes check (interview_minutes between 15 and 480),
  constraint job_applications_interview check (interview_at is null or interview_minutes is not null),
  constraint job_applications_ended check ((ended_at is not null) = (status in ('hired', 'rejected', 'withdrawn')))
);
--> statement-breakpoint
create index idx_job_applications_posting on job_applications (posting_id,id);
--> statement-breakpoint
create index idx_job_applications_user on job_applications (user_id,id);
--> statement-breakpoint
create index idx_job_applications_company on job_applications (company_id,user_id);
--> statement-breakpoint
create index idx_job_applications_ended on job_applications (ended_at);
--> statement-breakpoint
create table job_application_notes (
  id uuid primary key not null,
  application_id uuid not null constraint job_application_notes_application_id_job_applications_id_fk references job_applications (id) on delete cascade,
  author_id uuid not null constraint job_application_notes_author_id_users_id_fk references users (id) on delete cascade,
  text text not null,
  created_at timestamptz default now() not null,
  constraint job_application_notes_text check (length(text) between 1 and 2000)
);
--> statement-breakpoint
create index idx_job_application_notes_application on job_application_notes (application_id,id);
--> statement-breakpoint
create index idx_job_application_notes_author on job_application_notes (author_id);
