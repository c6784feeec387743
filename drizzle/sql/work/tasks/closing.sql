-- Cancels the tasks of a client that still look for a tasker; offers, bids and assignments end with them.
create or replace function khidma.cancel_open_tasks_of(p_client_id uuid) returns void language plpgsql as $$
begin
  update tasks set state = 'canceled_by_client' where id in (
    select t.id from tasks t where t.client_id = p_client_id and t.state in ('posted', 'matching') order by t.id for update);
end $$;

-- Ends the series of a client: no further occurrence is planned.
create or replace function khidma.end_series_of(p_client_id uuid) returns void language plpgsql as $$
begin
  update task_series set ended_at = now() where client_id = p_client_id and ended_at is null;
end $$;

-- Refuses to post a task of a client whose account is closed, or is being closed.
create or replace function khidma.guard_task_account() returns trigger language plpgsql as $$
begin
  perform khidma.refuse_closed(array[new.client_id]);
  return new;
end $$;
