-- Extensions, the schema of our functions, and the role that the Worker signs in as.

create extension if not exists postgis;
--> statement-breakpoint
create extension if not exists btree_gist;
--> statement-breakpoint
create extension if not exists pg_trgm;
--> statement-breakpoint
create schema if not exists khidma;
--> statement-breakpoint
-- Roles belong to the server, not to the database: another database of it may have made this one.
do $$
begin
  if not exists (select 1 from pg_roles where rolname = 'khidma_app') then
    create role khidma_app nologin;
  end if;
exception when duplicate_object or unique_violation then
  null;
end $$;
--> statement-breakpoint
-- The owner may act as the application (the local stack does).
grant khidma_app to current_user;
--> statement-breakpoint
grant usage on schema public, khidma to khidma_app;
--> statement-breakpoint
-- The application writes rows, never tables. `0002_constraints.sql` takes back what it may not write.
alter default privileges in schema public grant select, insert, update, delete on tables to khidma_app;
--> statement-breakpoint
-- Defaults and checks of tables call the following functions, so they must exist first. Their present text and explanation
-- stand in `sql/` (ids, posting, accounts).
create or replace function khidma.uuid_v7() returns uuid language plpgsql volatile parallel unsafe as $$
declare
  tick bigint := greatest(
    (extract(epoch from clock_timestamp()) * 4096000)::bigint,
    coalesce(nullif(current_setting('khidma.id_tick', true), '')::bigint, 0) + 1);
begin
  perform set_config('khidma.id_tick', tick::text, true);
  return encode(overlay(uuid_send(gen_random_uuid())
    placing int8send(((tick >> 12) << 16) | 28672 | (tick & 4095)) from 1 for 8), 'hex')::uuid;
end $$;
--> statement-breakpoint
create function khidma.is_guarded(kind text) returns boolean language sql immutable as $$
  select kind in ('client_wallet', 'tasker_payable', 'escrow')
$$;
--> statement-breakpoint
create or replace function khidma.is_timezone(name text) returns boolean language plpgsql immutable as $$
begin
  if name !~ '^(UTC|Etc/GMT(\+([0-9]|1[0-2])|-([0-9]|1[0-4]))|[A-Z][A-Za-z_]+(/[A-Za-z_]+(-[A-Za-z_]+)*)+)$' then
    return false;
  end if;
  perform timestamptz 'epoch' at time zone name;
  return true;
exception when invalid_parameter_value then
  return false;
end $$;
