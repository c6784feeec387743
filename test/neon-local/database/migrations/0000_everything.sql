create extension if not exists postgis;
--> statement-breakpoint
create extension if not exists btree_gist;
--> statement-breakpoint
create extension if not exists pg_trgm;
--> statement-breakpoint
do $$ begin
  if not exists (select from pg_roles where rolname = 'khidma_app') then create role khidma_app nologin; end if;
end $$;
--> statement-breakpoint
create type mood as enum ('calm', 'in "quotes", and commas');
--> statement-breakpoint
create table samples (
  id uuid primary key default gen_random_uuid(),
  flag boolean,
  small smallint,
  whole integer,
  big bigint,
  exact numeric(30, 10),
  single real,
  double double precision,
  words text,
  code varchar(40),
  mood mood,
  document jsonb,
  plain json,
  raw bytea,
  moment timestamptz,
  local_moment timestamp,
  day date,
  clock time,
  span interval,
  range tstzrange,
  address inet,
  tags text[],
  numbers integer[],
  bigs bigint[],
  exacts numeric[],
  ids uuid[],
  flags boolean[],
  moments timestamptz[],
  documents jsonb[],
  moods mood[],
  grid integer[],
  point geography(Point, 4326)
);
--> statement-breakpoint
create table accounts (
  id integer primary key,
  owner text not null,
  balance_minor bigint not null default 0,
  constraint accounts_owner_unique unique (owner),
  constraint accounts_not_negative check (balance_minor >= 0)
);
--> statement-breakpoint
create table slots (
  room integer not null,
  during tstzrange not null,
  constraint slots_no_overlap exclude using gist (room with =, during with &&)
);
--> statement-breakpoint
create table entry_lines (account_id integer not null references accounts (id) deferrable initially deferred);
--> statement-breakpoint
create table owner_only (id integer);
--> statement-breakpoint
create function refuse_with_reason(reason jsonb) returns void language plpgsql as $$
begin
  raise exception 'that cannot be done now' using errcode = 'KH409', detail = reason, hint = 'try later';
end $$;
--> statement-breakpoint
grant select, insert, update, delete on samples, accounts, slots, entry_lines to khidma_app;
