-- Returns the entry that decides a key for a place, a category and an instant: the one of the nearest category up the tree, else of
-- the city, of the country, of everywhere. No row: the default decides. Null narrows to nothing: only wider entries fit. In plpgsql, which
-- keeps its plan: planned anew at each call, as a function in SQL is, the question costs some fifty times as much.
create or replace function khidma.config_entry(p_key text, p_country text, p_city text, p_category uuid, p_at timestamptz)
returns setof config_entries language plpgsql stable rows 1 as $$
begin
  return query
  with recursive up as (
    select c.id, c.parent_id, 0 as distance from task_categories c where c.id = p_category
    union all
    select c.id, c.parent_id, up.distance + 1 from task_categories c join up on c.id = up.parent_id
  )
  select e.*
    from config_entries e left join up on up.id = e.category_id
   where e.key = p_key and e.valid_during @> p_at
     and (e.country is null or e.country = p_country)
     and (e.city is null or lower(e.city) = lower(p_city))
     and (e.category_id is null or up.id is not null)
   order by up.distance nulls last, e.city nulls last, e.country nulls last
   limit 1;
end $$;

-- Returns the value of a key: what that entry says, or the default.
create or replace function khidma.config_value(p_key text, p_country text, p_city text, p_category uuid, p_at timestamptz default now())
returns jsonb language plpgsql stable as $$
begin
  -- Most keys have no entry, and this look is cheaper than the choice among those.
  if exists (select from config_entries e where e.key = p_key and e.valid_during @> p_at) then
    return coalesce((select e.value from khidma.config_entry(p_key, p_country, p_city, p_category, p_at) e), khidma.config_default(p_key));
  end if;
  return khidma.config_default(p_key);
end $$;

-- Returns the value of a key for a task now: its market, its city, its category.
create or replace function khidma.config_of_task(p_key text, p_task uuid) returns jsonb language plpgsql stable as $$
declare
  t record;
begin
  select k.currency, k.city, c.id as category_id into t
    from tasks k left join task_categories c on c.slug = k.category where k.id = p_task;
  if not found then
    return null;
  end if;
  return khidma.config_value(p_key, khidma.country_of(t.currency), t.city, t.category_id);
end $$;

-- Returns the largest number that a field of a key has anywhere now. A job that does something so long before a time asks for it once, and for
-- the value of a row only where that row may be due.
create or replace function khidma.largest_setting(p_key text, p_field text) returns int language plpgsql stable as $$
begin
  return (
    select max((v.value ->> p_field)::int)
      from (select khidma.config_default(p_key) union all
            select e.value from config_entries e where e.key = p_key and e.valid_during @> now()) v (value));
end $$;

-- Returns when an entry that begins "now" begins: now, or right after an entry of its scope which began meanwhile, in a transaction that
-- started later and committed earlier. Stable for the writer, who holds the lock of configuration.
create or replace function khidma.config_begin(p_key text, p_country text, p_city text, p_category uuid) returns timestamptz
language plpgsql stable as $$
begin
  return (
    select greatest(now(), max(lower(e.valid_during)) + interval '1 microsecond')
      from config_entries e
     where e.key = p_key and e.country is not distinct from p_country and lower(e.city) is not distinct from lower(p_city)
       and e.category_id is not distinct from p_category and lower(e.valid_during) <= clock_timestamp());
end $$;

-- Refuses to rewrite the past: of an entry only its end may change, and an end that has passed stays.
create or replace function khidma.guard_config_entry() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    raise exception 'entries of configuration are history' using errcode = 'restrict_violation';
  end if;
  if (new.id, new.key, new.value) is distinct from (old.id, old.key, old.value)
    or (new.country, new.city, new.category_id) is distinct from (old.country, old.city, old.category_id)
    or (not isempty(new.valid_during) and lower(new.valid_during) is distinct from lower(old.valid_during))
    or (isempty(new.valid_during) and lower(old.valid_during) <= now())
    or isempty(old.valid_during)
    or upper(old.valid_during) < now()
    or upper(new.valid_during) < now()
  then
    raise exception 'entry % of configuration has begun', old.id using errcode = 'restrict_violation';
  end if;
  return new;
end $$;

-- Ends an active entry now, or cancels a scheduled one. The value whose place it took decides again until the entry would have ended: by
-- an entry of its own where the reverted one has been active, else by its old end.
create or replace function khidma.revert_config_entry(p_id uuid, p_next uuid, p_reason text, p_by uuid) returns void language plpgsql as $$
declare
  own config_entries;
  before config_entries;
begin
  select * into strict own from config_entries where id = p_id;
  select * into before from config_entries where id = own.replaces;
  if lower(own.valid_during) > now() then
    update config_entries set valid_during = 'empty' where id = p_id;
    update config_entries set valid_during = tstzrange(lower(valid_during), upper(own.valid_during))
     where id = before.id and upper(valid_during) = lower(own.valid_during);
    return;
  end if;
  update config_entries set valid_during = tstzrange(lower(valid_during), now()) where id = p_id;
  if before.id is not null then
    insert into config_entries (id, key, country, city, category_id, value, valid_during, replaces, reason, created_by)
    values (p_next, own.key, own.country, own.city, own.category_id, before.value, tstzrange(now(), upper(own.valid_during)), p_id,
            p_reason, p_by);
  end if;
end $$;
