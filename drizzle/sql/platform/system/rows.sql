-- Stamps a change of a row: its time and the next version.
create or replace function khidma.touch() returns trigger language plpgsql as $$
begin
  new.updated_at := now();
  new.version := old.version + 1;
  return new;
end $$;

-- Stamps the time of a change of a row without a version.
create or replace function khidma.touch_time() returns trigger language plpgsql as $$
begin
  new.updated_at := now();
  return new;
end $$;

-- Refuses every change of a history row. Erasure may only blank the reason that a user wrote: that one change is recognised by
-- its values. The history of a task goes after its period.
create or replace function khidma.append_only() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and tg_table_name = 'task_state_events'
    and to_jsonb(new) = to_jsonb(old) || '{"reason": null}' then
    return new;
  elsif tg_op = 'UPDATE' and tg_table_name = 'booking_events'
    and to_jsonb(new) = jsonb_set(to_jsonb(old), '{meta}', (to_jsonb(old) -> 'meta') - 'reason') then
    return new;
  elsif tg_op = 'DELETE' and tg_table_name = 'task_state_events'
    and (to_jsonb(old) ->> 'created_at')::timestamptz < now() - khidma.retention_period('task_history') then
    return old;
  end if;
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;

-- Returns a time as the API writes it: RFC 3339 in UTC with milliseconds.
create or replace function khidma.iso(p_at timestamptz) returns text language sql stable parallel safe as $$
  select to_char(p_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$$;

-- Returns how many rows of a job have failed in this transaction.
create or replace function khidma.failed_rows() returns int language sql stable as $$
  select coalesce(nullif(current_setting('khidma.failed_rows', true), ''), '0')::int
$$;

-- Notes that the work on one row of a job has failed and was undone, while the job goes on with the others; its report counts them. Belongs
-- into the handler of a sub-transaction for each row. Returns whether the failure passes by itself, as a deadlock and a time-out do: then
-- the next run takes the row again.
create or replace function khidma.note_failed_row(p_what text, p_id uuid, p_state text, p_message text) returns boolean language plpgsql as $$
begin
  raise warning '% %: % (%)', p_what, p_id, p_message, p_state;
  perform set_config('khidma.failed_rows', (khidma.failed_rows() + 1)::text, true);
  return p_state in ('40001', '40P01', '55P03');
end $$;

-- Leaves a row out of a step of a job for an hour after it failed there: so many rows as one run takes would keep all others from their turn.
-- The step asks `is_put_off` of each row that it takes.
create or replace function khidma.put_off(p_step text, p_row uuid) returns void language plpgsql as $$
begin
  insert into row_failures (step, row_id, retry_at) values (p_step, p_row, now() + interval '1 hour')
  on conflict (step, row_id) do update set failures = row_failures.failures + 1, failed_at = now(), retry_at = excluded.retry_at;
  delete from row_failures where ctid = any (array(
    select f.ctid from row_failures f where f.retry_at < now() - interval '1 day' for update skip locked));
end $$;

-- Notes a failed row, as `note_failed_row`, and puts it off unless the failure passes by itself.
create or replace function khidma.put_off_failed(p_step text, p_row uuid, p_state text, p_message text) returns void language plpgsql as $$
begin
  if not khidma.note_failed_row(p_step, p_row, p_state, p_message) then
    perform khidma.put_off(p_step, p_row);
  end if;
end $$;

-- Returns whether a step that failed for a row waits before it is tried again.
create or replace function khidma.is_put_off(p_step text, p_row uuid) returns boolean language plpgsql stable as $$
begin
  return exists (select from row_failures f where f.step = p_step and f.row_id = p_row and f.retry_at > now());
end $$;
