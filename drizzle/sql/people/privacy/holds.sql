-- Shares the lock of holds, for jobs that delete; placing a hold takes it alone. A hold that is active when a job looks is seen
-- by the job, and one that is placed beside a job comes before all that the job does or after it.
create or replace function khidma.heed_holds() returns void language plpgsql as $$
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('holds', 25));
end $$;

-- Refuses a second release of a hold. Two releases, or a release and a placement, wait for each other by the person's lock: each
-- must see the other's hold, or `users.legal_hold` would contradict the active holds.
create or replace function khidma.guard_hold() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(khidma.person_lock(old.user_id));
  if old.released_at is not null then
    perform khidma.refuse(409, 'hold_released');
  end if;
  return new;
end $$;

-- Refuses changes of a hold's user, time and author, and its deletion: a hold ends by being released. Its text may be masked.
create or replace function khidma.keep_hold() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and new.id = old.id and new.user_id = old.user_id and new.placed_at = old.placed_at
    and new.placed_by is not distinct from old.placed_by then
    return new;
  end if;
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;

-- Serialises the placement of a hold with the beginning of an erasure, so that the second finds the first, and with the jobs that
-- delete. Refuses a user who does not exist or is erased.
create or replace function khidma.hold_placed() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('holds', 25));
  perform pg_advisory_xact_lock(khidma.person_lock(new.user_id));
  if not exists (select from users u where u.id = new.user_id) then
    perform khidma.refuse(404, 'not_found');
  end if;
  if exists (select from users u where u.id = new.user_id and u.erased_at is not null) then
    perform khidma.refuse(409, 'already_erased');
  end if;
  return new;
end $$;

-- Sets `users.legal_hold` by the active holds of the user.
create or replace function khidma.follow_holds() returns trigger language plpgsql as $$
declare
  held boolean := exists (select from legal_holds h where h.user_id = new.user_id and h.released_at is null);
begin
  perform khidma.set_legal_hold(new.user_id, held);
  return null;
end $$;
