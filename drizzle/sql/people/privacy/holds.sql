-- Jobs that take something away share this lock, placing a hold takes it alone: a hold that stands when a job looks is seen by
-- it, and one that is placed beside a job comes before all it does or after.
create or replace function khidma.heed_holds() returns void language plpgsql as $$
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('holds', 25));
end $$;

-- Two that are released, or one released beside one placed, wait for each other as well: each must see the
-- other's hold, or the person would stay held, or be held no more, against what stands.
create or replace function khidma.guard_hold() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(khidma.person_lock(old.user_id));
  if old.released_at is not null then
    perform khidma.refuse(409, 'hold_released');
  end if;
  return new;
end $$;

-- A hold ends by being released; whom it holds, and since when, is never rewritten. Words may be masked.
create or replace function khidma.keep_hold() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and new.id = old.id and new.user_id = old.user_id and new.placed_at = old.placed_at
    and new.placed_by is not distinct from old.placed_by then
    return new;
  end if;
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;

-- Placing a hold and beginning an erasure are serialised: the second finds the first. So are a hold and the jobs that delete.
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

create or replace function khidma.follow_holds() returns trigger language plpgsql as $$
declare
  held boolean := exists (select from legal_holds h where h.user_id = new.user_id and h.released_at is null);
begin
  update users set legal_hold = held where id = new.user_id and legal_hold <> held;
  return null;
end $$;
