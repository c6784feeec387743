-- Each purge of an area deletes rows whose period is over, oldest first, at most `p_limit` of each kind a run, and returns how many.
-- Rows that another transaction has locked wait for the next run; what tells of users under legal hold stays where
-- the policy says so.

-- Stored replies to repeated requests.
create or replace function khidma.purge_replies(p_limit int) returns json language plpgsql as $$
declare
  replies int;
begin
  delete from idempotency_keys where ctid = any (array(
    select k.ctid from idempotency_keys k where k.created_at < now() - khidma.retention_period('repeated_requests')
     order by k.created_at limit p_limit for update skip locked));
  get diagnostics replies = row_count;
  return json_build_object('idempotencyKeys', replies);
end $$;

-- Dead letters; those with sealed codes sooner than others.
create or replace function khidma.purge_dead_letters(p_limit int) returns json language plpgsql as $$
declare
  letters int; codes int;
begin
  delete from dead_letters where ctid = any (array(
    select l.ctid from dead_letters l where l.created_at < now() - khidma.retention_period('dead_letters')
     order by l.created_at limit p_limit for update skip locked));
  get diagnostics letters = row_count;
  delete from dead_letters where ctid = any (array(
    select l.ctid from dead_letters l where l.created_at < now() - khidma.retention_period('dead_codes') and l.body ->> 'kind' in ('otp', 'email_code')
     order by l.created_at limit p_limit for update skip locked));
  get diagnostics codes = row_count;
  return json_build_object('deadLetters', letters + codes);
end $$;

-- Marks dead letters as resolved whose event has been dispatched since, or whose notification was delivered, as the sweep goes on with
-- both. At most `p_limit`, of the days in which it does.
create or replace function khidma.resolve_dead_letters(p_limit int) returns json language plpgsql as $$
declare
  is_uuid constant text := '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$';
  letters int;
begin
  update dead_letters set resolved_at = now() where id = any (array(
    select l.id from dead_letters l
     where l.resolved_at is null and l.created_at > now() - interval '3 days'
       and case
         when l.queue = 'notification' and l.body ->> 'notificationId' ~ is_uuid then
           exists (select from notifications n where n.id = (l.body ->> 'notificationId')::uuid and n.delivered_at is not null)
         when l.queue = 'event' and l.body ->> 'eventId' ~ is_uuid then
           exists (select from outbox o where o.id = (l.body ->> 'eventId')::uuid and o.dispatched_at is not null)
         else false end
     order by l.created_at limit p_limit for update skip locked));
  get diagnostics letters = row_count;
  return json_build_object('deadLetters', letters);
end $$;
