-- Hides what belongs to a task that is deleted, under the moment of its deletion. Whoever adds such a thing adds its line here and below.
create or replace function khidma.hide_parts_of_task(t tasks) returns void language plpgsql as $$
begin
  update task_photos set deleted_at = t.deleted_at where task_id = t.id and deleted_at is null;
  update task_addons set deleted_at = t.deleted_at where task_id = t.id and deleted_at is null;
  perform khidma.hide_bids_of_task(t.id, true);
end $$;

-- Brings back what went with a task, as it was deleted: what was removed before stays removed.
create or replace function khidma.show_parts_of_task(t tasks) returns void language plpgsql as $$
begin
  update task_photos set deleted_at = null, restored_at = now() where task_id = t.id and deleted_at = t.deleted_at;
  update task_addons set deleted_at = null, restored_at = now() where task_id = t.id and deleted_at = t.deleted_at;
  perform khidma.hide_bids_of_task(t.id, false);
end $$;

-- Lets nothing happen behind a deletion (before update of state): a deleted draft is refused, and an ended task that goes on, by a dispute
-- of its tasker or a second search, is restored by that.
create or replace function khidma.guard_deleted_task() returns trigger language plpgsql as $$
begin
  if old.state = 'draft' then
    perform khidma.refuse(409, 'task_deleted');
  end if;
  new.deleted_at := null;
  new.restored_at := now();
  return new;
end $$;

-- Takes the parts of a task along when it is deleted or restored, and tells its client.
create or replace function khidma.follow_task_deletion() returns trigger language plpgsql as $$
begin
  if new.deleted_at is null then
    perform khidma.show_parts_of_task(old);
  else
    perform khidma.hide_parts_of_task(new);
  end if;
  perform khidma.emit(case when new.deleted_at is null then 'task.restored' else 'task.deleted' end, 'task', new.id, new.version,
                      jsonb_build_object('taskId', new.id, 'clientId', new.client_id), array[new.client_id]);
  return null;
end $$;
