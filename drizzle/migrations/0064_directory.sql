-- The directory: one row for each profile and tasker that can be booked, one for each circle in which they work, and what was searched for.
create table directory_entries (
  id uuid primary key,
  tasker_id uuid not null constraint directory_entries_tasker_id_users_id_fk references users (id) on delete cascade,
  profession text,
  categories text[] not null,
  tags text[] not null,
  attributes jsonb not null,
  languages text[] not null,
  districts text[] not null,
  price_amount bigint,
  price_currency text,
  experience_years integer,
  rating_avg double precision not null,
  rating_count integer not null,
  search_vector tsvector not null
);
--> statement-breakpoint
create index idx_directory_entries_tasker on directory_entries (tasker_id);
--> statement-breakpoint
create index idx_directory_entries_rating on directory_entries (profession, rating_avg, id);
--> statement-breakpoint
create index idx_directory_entries_rating_all on directory_entries (rating_avg, id);
--> statement-breakpoint
create index idx_directory_entries_price on directory_entries (profession, price_currency, price_amount, id);
--> statement-breakpoint
create index idx_directory_entries_categories on directory_entries using gin (categories);
--> statement-breakpoint
create index idx_directory_entries_districts on directory_entries using gin (districts);
--> statement-breakpoint
create index idx_directory_entries_tags on directory_entries using gin (tags);
--> statement-breakpoint
create index idx_directory_entries_search on directory_entries using gin (search_vector);
--> statement-breakpoint
create table directory_places (
  entry_id uuid not null constraint directory_places_entry_id_directory_entries_id_fk references directory_entries (id) on delete cascade,
  place integer not null,
  profession text not null,
  center geography(Point, 4326) not null,
  radius_m double precision not null,
  constraint directory_places_entry_id_place_pk primary key (entry_id, place)
);
--> statement-breakpoint
create index directory_places_profession_center on directory_places using gist (profession, center);
--> statement-breakpoint
create index directory_places_center on directory_places using gist (center);
--> statement-breakpoint
create table directory_searches (
  id uuid primary key,
  day date not null,
  term text,
  filters jsonb not null,
  results integer not null,
  constraint directory_searches_results check (results >= 0)
);
--> statement-breakpoint
create index idx_directory_searches_day on directory_searches (day, id);
