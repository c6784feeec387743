-- Keeps the row of a task in the index that the feed reads (after update on tasks): there while it takes bids, but for its deadline,
-- which readers judge. A second posting counts as a new one.
create or replace function khidma.keep_open_task() returns trigger language plpgsql as $$
begin
  if new.sourcing <> 'bid' or new.state <> 'posted' or new.deleted_at is not null or new.deadline is null then
    delete from open_tasks where task_id = new.id;
    return null;
  end if;
  insert into open_tasks (task_id, category, subcategory, place, is_remote, skills, currency, most_amount, deadline, invited_only)
  values (new.id, new.category, new.subcategory,
          st_setsrid(st_makepoint(round(new.lng::numeric, 2)::float8, round(new.lat::numeric, 2)::float8), 4326)::geography,
          new.is_remote, array(select lower(s) from unnest(new.skills) s), new.currency,
          coalesce(new.budget_max_amount, new.budget_min_amount, new.est_max_amount), new.deadline, new.invited_only)
  on conflict (task_id) do update
    set category = excluded.category, subcategory = excluded.subcategory, place = excluded.place, is_remote = excluded.is_remote,
        skills = excluded.skills, currency = excluded.currency, most_amount = excluded.most_amount, deadline = excluded.deadline,
        invited_only = excluded.invited_only;
  return null;
end $$;
