-- Returns whether a category by itself is switched on.
create or replace function khidma.is_switched_on(c task_categories) returns boolean language sql immutable parallel safe as $$
  select c.active and c.deleted_at is null
$$;

-- Returns whether a category is active: it and all above it exist and are switched on. Everybody but staff sees only such categories and
-- their add-ons, and only such a category can be asked for, by a task as by a tasker, or has a price.
create or replace function khidma.is_category_active(p_category uuid) returns boolean language plpgsql stable as $$
begin
  return (
    with recursive up as (
      select c.id, c.parent_id, khidma.is_switched_on(c) as is_on from task_categories c where c.id = p_category
      union
      select c.id, c.parent_id, khidma.is_switched_on(c) from task_categories c join up on c.id = up.parent_id
    )
    select coalesce(bool_and(up.is_on), false) from up);
end $$;

-- Puts all who change the shape of the tree in one line: whether a category is above another depends on rows that each of them changes.
-- It is taken before any row of a category is locked.
create or replace function khidma.lock_category_tree() returns void language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('khidma.task_categories', 0));
end $$;

-- Refuses a parent that is the category itself or below it (before insert or update of parent_id), however many parents are set at
-- once: each waits for the one before it, and sees its parent.
create or replace function khidma.guard_category_parent() returns trigger language plpgsql as $$
begin
  perform khidma.lock_category_tree();
  if exists (
    with recursive above as (
      select c.id, c.parent_id from task_categories c where c.id = new.parent_id
      union
      select c.id, c.parent_id from task_categories c join above on c.id = above.parent_id
    )
    select from above where above.id = new.id)
  then
    perform khidma.refuse(409, 'category_cycle');
  end if;
  return new;
end $$;
