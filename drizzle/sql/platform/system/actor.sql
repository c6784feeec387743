create or replace function khidma.actor_id() returns uuid language sql stable as $$
  select nullif(current_setting('khidma.user_id', true), '')::uuid
$$;

create or replace function khidma.actor_role() returns text language sql stable as $$
  select nullif(current_setting('khidma.role', true), '')
$$;

create or replace function khidma.request_id() returns text language sql stable as $$
  select nullif(current_setting('khidma.request_id', true), '')
$$;

-- A fact of the call that runs: keyId, country, city … (`CallFacts` of src/db/unit.ts).
create or replace function khidma.call_fact(p_name text) returns text language sql stable as $$
  select nullif(current_setting('khidma.call', true), '')::jsonb ->> p_name
$$;

-- Migrations, jobs and the demo data's staff without a name: nobody who could be asked for a permission.
create or replace function khidma.acts_alone() returns boolean language sql stable as $$
  select coalesce(khidma.actor_role(), 'database') in ('database', 'system')
      or (khidma.actor_role() in ('ops', 'admin') and khidma.actor_id() is null)
$$;

-- Why: stored with the history rows that the rest of the transaction writes.
create or replace function khidma.give_reason(p_reason text) returns void language sql as $$
  select set_config('khidma.reason', coalesce(p_reason, ''), true)
$$;
