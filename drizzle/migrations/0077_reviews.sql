-- Reviews that both sides write blind, with criteria, photos, an answer, flags of readers and moderation, and the figures that follow from
-- them. Those of before are public already.
create type review_status as enum ('pending', 'published', 'hidden', 'flagged');
--> statement-breakpoint
drop function if exists khidma.after_review_created(reviews);
--> statement-breakpoint
drop trigger if exists b_guard on reviews;
--> statement-breakpoint
drop trigger if exists d_consequences on reviews;
--> statement-breakpoint
drop function if exists khidma.review_consequences();
--> statement-breakpoint
drop function if exists khidma.refresh_rating(uuid);
--> statement-breakpoint
alter table reviews
  add column contract_id uuid constraint reviews_contract_id_contracts_id_fk references contracts (id) on delete set null,
  add column entity_type text,
  add column entity_id uuid constraint reviews_entity_id_users_id_fk references users (id) on delete restrict,
  add column criteria jsonb not null default '{}'::jsonb,
  add column status review_status not null default 'pending',
  add column is_public boolean not null default true,
  add column screened boolean not null default false,
  add column publishes_at timestamptz,
  add column edit_until timestamptz,
  add column submitted_at timestamptz not null default now(),
  add column published_at timestamptz,
  add column moderated_at timestamptz,
  add column moderated_by uuid constraint reviews_moderated_by_users_id_fk references users (id) on delete set null,
  add column hidden_reason text,
  add column appeal text,
  add column appealed_at timestamptz,
  add column updated_at timestamptz not null default now(),
  add column version integer not null default 1;
--> statement-breakpoint
alter table reviews disable trigger user;
--> statement-breakpoint
update reviews r
   set contract_id = (select c.id from contracts c where c.booking_id = r.booking_id and c.status <> 'draft' order by c.id desc limit 1),
       entity_type = case when r.reviewee_id = b.tasker_id then 'professional'
                          when exists (select from company_profiles c where c.user_id = r.reviewee_id) then 'company' else 'client' end,
       entity_id = r.reviewee_id, status = 'published', publishes_at = r.created_at, edit_until = r.created_at,
       submitted_at = r.created_at, published_at = r.created_at, updated_at = r.created_at
  from bookings b where b.id = r.booking_id;
--> statement-breakpoint
alter table reviews enable trigger user;
--> statement-breakpoint
alter table reviews
  alter column entity_type set not null,
  alter column entity_id set not null,
  alter column publishes_at set not null,
  alter column edit_until set not null,
  add constraint reviews_entity_type check (entity_type in ('professional', 'client', 'company')),
  add constraint reviews_criteria check (jsonb_typeof(criteria) = 'object'),
  add constraint reviews_published check (status <> 'published' or published_at is not null);
--> statement-breakpoint
drop index idx_reviews_reviewee;
--> statement-breakpoint
create index idx_reviews_reviewer_page on reviews (reviewer_id, id);
--> statement-breakpoint
create index idx_reviews_entity on reviews (entity_type, entity_id, id);
--> statement-breakpoint
create index idx_reviews_due on reviews (publishes_at) where status = 'pending';
--> statement-breakpoint
create index idx_reviews_queue on reviews (id) where status = 'flagged';
--> statement-breakpoint
create index idx_reviews_updated on reviews (date_trunc('milliseconds', updated_at at time zone 'UTC'), id);
--> statement-breakpoint
create table review_photos (
  review_id uuid not null constraint review_photos_review_id_reviews_id_fk references reviews (id) on delete cascade,
  position integer not null,
  media_id uuid not null constraint review_photos_media_id_media_files_id_fk references media_files (id) on delete cascade,
  constraint review_photos_review_id_position_pk primary key (review_id, position),
  constraint review_photos_position check (position between 1 and 10)
);
--> statement-breakpoint
create index idx_review_photos_media on review_photos (media_id);
--> statement-breakpoint
create table review_answers (
  review_id uuid primary key constraint review_answers_review_id_reviews_id_fk references reviews (id) on delete cascade,
  author_id uuid not null constraint review_answers_author_id_users_id_fk references users (id) on delete restrict,
  text text not null,
  created_at timestamptz not null default now(),
  constraint review_answers_text check (length(text) between 1 and 2000)
);
--> statement-breakpoint
create index idx_review_answers_author on review_answers (author_id);
--> statement-breakpoint
create table review_flags (
  id uuid primary key,
  review_id uuid not null constraint review_flags_review_id_reviews_id_fk references reviews (id) on delete cascade,
  user_id uuid not null constraint review_flags_user_id_users_id_fk references users (id) on delete cascade,
  reason text not null,
  note text,
  created_at timestamptz not null default now(),
  constraint review_flags_review_user_key unique (review_id, user_id),
  constraint review_flags_reason check (reason in ('offensive', 'false', 'private', 'advertising', 'off_topic', 'other')),
  constraint review_flags_note check (length(note) between 1 and 500)
);
--> statement-breakpoint
create index idx_review_flags_page on review_flags (review_id, id);
--> statement-breakpoint
create index idx_review_flags_user on review_flags (user_id);
--> statement-breakpoint
create table rating_figures (
  entity_type text not null,
  entity_id uuid not null constraint rating_figures_entity_id_users_id_fk references users (id) on delete cascade,
  review_count integer not null default 0,
  rating_sum integer not null default 0,
  stars integer[] not null default '{0,0,0,0,0}'::integer[],
  criteria jsonb not null default '{}'::jsonb,
  weight double precision not null default 0,
  weighted_sum double precision not null default 0,
  rank numeric(5, 4) not null default 0,
  as_of timestamptz not null default now(),
  constraint rating_figures_entity_type_entity_id_pk primary key (entity_type, entity_id),
  constraint rating_figures_entity_type check (entity_type in ('professional', 'client', 'company')),
  constraint rating_figures_stars check (cardinality(stars) = 5)
);
--> statement-breakpoint
create index idx_rating_figures_as_of on rating_figures (as_of);
--> statement-breakpoint
create index idx_rating_figures_entity on rating_figures (entity_id);
--> statement-breakpoint
alter table tasker_profiles add column rating_rank numeric(5, 4) not null default 0;
--> statement-breakpoint
-- Folded by the first run of the job: the functions are not there yet.
insert into rating_figures (entity_type, entity_id, as_of)
select distinct entity_type, entity_id, timestamptz 'epoch' from reviews;
