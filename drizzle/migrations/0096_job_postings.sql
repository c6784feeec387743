create type job_posting_status as enum ('draft', 'pending', 'live', 'closed');
--> statement-breakpoint
create table job_postings (
  id uuid primary key not null,
  company_id uuid not null constraint job_postings_company_id_users_id_fk references users (id) on delete restrict,
  posted_by uuid constraint job_postings_posted_by_users_id_fk references users (id) on delete set null,
  status job_posting_status default 'draft' not null,
  title text not null,
  description text not null,
  employment_type text not null,
  work_mode text not null,
  place_name text,
  city text,
  country text not null,
  lat double precision,
  lng double precision,
  location geography(Point, 4326),
  salary_min bigint,
  salary_max bigint,
  salary_currency text,
  salary_period text,
  salary_yearly bigint,
  questions jsonb default '[]'::jsonb not null,
  closes_at timestamptz not null,
  submitted_at timestamptz,
  live_at timestamptz,
  reviewed_at timestamptz,
  reviewed_by uuid constraint job_postings_reviewed_by_users_id_fk references users (id) on delete set null,
  rejection_reason text,
  pending_changes jsonb,
  closed_at timestamptz,
  close_reason text,
  answer_by timestamptz,
  search_vector tsvector not null,
  created_at timestamptz default now() not null,
  updated_at timestamptz default now() not null,
  version integer default 1 not null,
  constraint job_postings_type check (employment_type in ('full_time', 'part_time', 'contract')),
  constraint job_postings_mode check (work_mode in ('onsite', 'remote', 'hybrid')),
  constraint job_postings_title check (length(title) between 1 and 160),
  constraint job_postings_description check (length(description) between 1 and 10000),
  constraint job_postings_country check (country ~ '^[A-Z]{2}$'),
  constraint job_postings_point check ((lat is null) = (lng is null) and lat between -90 and 90 and lng between -180 and 180),
  constraint job_postings_place check (work_mode = 'remote' or city is not null),
  constraint job_postings_salary_period check (salary_period in ('hour', 'day', 'week', 'month', 'year')),
  constraint job_postings_salary check ((salary_currency is null) = (salary_period is null)
          and (salary_currency is null) = (salary_min is null and salary_max is null)
          and salary_min > 0 and salary_max > 0 and salary_min <= salary_max),
  constraint job_postings_currency check (salary_currency ~ '^[A-Z]{3}$'),
  constraint job_postings_questions check (jsonb_typeof(questions) = 'array'),
  constraint job_postings_live check (status <> 'live' or live_at is not null),
  constraint job_postings_changes check (pending_changes is null or status = 'live'),
  constraint job_postings_closed check ((status = 'closed') = (closed_at is not null) and (closed_at is null) = (close_reason is null)
          and (answer_by is null or closed_at is not null)),
  constraint job_postings_close_reason check (close_reason in ('deadline', 'company', 'staff', 'account'))
);
--> statement-breakpoint
create index idx_job_postings_company on job_postings (company_id,id);
--> statement-breakpoint
create index idx_job_postings_posted_by on job_postings (posted_by);
--> statement-breakpoint
create index idx_job_postings_reviewed_by on job_postings (reviewed_by);
--> statement-breakpoint
create index idx_job_postings_live on job_postings (live_at,id) where status = 'live';
--> statement-breakpoint
create index idx_job_postings_city on job_postings (lower(city),live_at,id) where status = 'live';
--> statement-breakpoint
create index idx_job_postings_country on job_postings (country,live_at,id) where status = 'live';
--> statement-breakpoint
create index idx_job_postings_company_live on job_postings (company_id,live_at,id) where status = 'live';
--> statement-breakpoint
create index idx_job_postings_salary on job_postings (salary_currency,salary_yearly) where status = 'live';
--> statement-breakpoint
create index idx_job_postings_location on job_postings using gist (location) where status = 'live';
--> statement-breakpoint
create index idx_job_postings_search on job_postings using gin (search_vector) where status = 'live';
--> statement-breakpoint
create index idx_job_postings_due on job_postings (closes_at) where status = 'live';
--> statement-breakpoint
create index idx_job_postings_closed on job_postings (closed_at) where status = 'closed';
--> statement-breakpoint
create index idx_job_postings_answer on job_postings (answer_by) where answer_by is not null;
--> statement-breakpoint
create index idx_company_profiles_name on company_profiles (lower(company_name), user_id) where status = 'active' and approval_status = 'approved';
