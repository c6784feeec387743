-- What each retention job has done, the jobs that were missing, and what a legal hold keeps back from all of them.
-- Every job takes a bounded number of rows, steps over those that somebody else holds, and finds its rows by an index.

create table retention_runs (
  id uuid primary key,
  job text not null,
  outcome text not null,
  report jsonb not null default '{}',
  error text,
  started_at timestamptz not null,
  duration_ms integer not null,
  constraint retention_runs_outcome check (outcome in ('done', 'failed'))
);
--> statement-breakpoint
create index idx_retention_runs_job on retention_runs (job, id);
--> statement-breakpoint
create index idx_retention_runs_time on retention_runs (started_at);
--> statement-breakpoint
create index idx_retention_runs_failed on retention_runs (id) where outcome = 'failed';
--> statement-breakpoint
create index idx_outbox_time on outbox (created_at) where dispatched_at is not null;
--> statement-breakpoint
create index idx_webhook_deliveries_time on webhook_deliveries (created_at) where status <> 'pending';
--> statement-breakpoint
create index idx_dead_letters_time on dead_letters (created_at);
--> statement-breakpoint
create index idx_dead_letters_codes on dead_letters (created_at) where body ->> 'kind' in ('otp', 'email_code');
--> statement-breakpoint
create index idx_notifications_time on notifications (created_at);
--> statement-breakpoint
create index idx_messages_media on messages (media_id) where media_id is not null;
--> statement-breakpoint
create index idx_media_files_unfinished on media_files (created_at) where uploaded_at is null;
--> statement-breakpoint
-- A session takes its tokens along: without this each one is a walk through all of them.
create index idx_refresh_tokens_session on refresh_tokens (session_id);
--> statement-breakpoint
create index idx_api_keys_ended on api_keys (least(revoked_at, expires_at));
--> statement-breakpoint
create index idx_export_requests_ended on export_requests (created_at) where status in ('expired', 'failed');
--> statement-breakpoint
create index idx_audit_log_redacted on audit_log (day) where redacted_by is not null;
--> statement-breakpoint
create index idx_users_legal_hold on users (id) where legal_hold;
--> statement-breakpoint
create index idx_tasks_ended on tasks (updated_at)
  where state in ('settled', 'reviewed', 'expired', 'canceled_by_client', 'canceled_by_tasker', 'failed', 'draft', 'completed') and description <> '[archived]';
--> statement-breakpoint
-- Which key a value is under stands before its first dot.
create index idx_mfa_factors_key on mfa_factors (split_part(secret, '.', 1), id);
--> statement-breakpoint
create index idx_webhook_subscriptions_key on webhook_subscriptions (split_part(secret, '.', 1), id);
--> statement-breakpoint
create index idx_webhook_subscriptions_previous_key on webhook_subscriptions (split_part(previous_secret, '.', 1), id)
  where previous_secret is not null;
--> statement-breakpoint
create index idx_erasure_requests_key on erasure_requests (split_part(identifiers, '.', 1), id) where identifiers is not null;
--> statement-breakpoint
-- The same value under another key is no change: no version, no time, no other ETag. A rotation changes more than the value.
drop trigger a_touch on webhook_subscriptions;
--> statement-breakpoint
create trigger a_touch before update on webhook_subscriptions for each row
  when (old.secret is not distinct from new.secret and old.previous_secret is not distinct from new.previous_secret
        or to_jsonb(old) - 'secret' - 'previous_secret' is distinct from to_jsonb(new) - 'secret' - 'previous_secret')
  execute function khidma.touch();
--> statement-breakpoint
drop trigger a_touch on erasure_requests;
--> statement-breakpoint
create trigger a_touch before update on erasure_requests for each row
  when (old.identifiers is not distinct from new.identifiers
        or to_jsonb(old) - 'identifiers' is distinct from to_jsonb(new) - 'identifiers')
  execute function khidma.touch();
--> statement-breakpoint
-- What retention takes away must not come back as an old value in the audit log, for two years more. Told by the values.
drop trigger z_audit on sessions;
--> statement-breakpoint
create trigger z_audit after insert or update on sessions for each row execute function khidma.audit('last_used_at');
--> statement-breakpoint
create trigger z_audit_gone after delete on sessions for each row
  when (old.last_used_at >= now() - interval '120 days') execute function khidma.audit('last_used_at');
--> statement-breakpoint
drop trigger z_audit on api_keys;
--> statement-breakpoint
create trigger z_audit after insert or update on api_keys for each row
  execute function khidma.audit('key_hash', 'previous_hash', 'last_used_at');
--> statement-breakpoint
create trigger z_audit_gone after delete on api_keys for each row
  when ((least(old.revoked_at, old.expires_at) < now() - interval '1 year') is not true)
  execute function khidma.audit('key_hash', 'previous_hash', 'last_used_at');
--> statement-breakpoint
drop trigger z_audit on tasks;
--> statement-breakpoint
create trigger z_audit after insert or delete on tasks for each row execute function khidma.audit('location');
--> statement-breakpoint
create trigger z_audit_changed after update on tasks for each row
  when (not (new.description = '[archived]' and old.updated_at < now() - interval '5 years')) execute function khidma.audit('location');
--> statement-breakpoint
drop trigger z_audit on bookings;
--> statement-breakpoint
create trigger z_audit after insert or delete on bookings for each row execute function khidma.audit();
--> statement-breakpoint
create trigger z_audit_changed after update on bookings for each row
  when (not (old.cancel_reason is not null and new.cancel_reason is null and old.status = new.status
             and old.created_at < now() - interval '5 years'))
  execute function khidma.audit();
--> statement-breakpoint
-- Writes down a run that did something or failed. Of those that found nothing: the first after another outcome, and one an hour.
create function khidma.report_run(
  p_job text, p_report json, p_is_news boolean default null, p_error text default null,
  p_started_at timestamptz default now(), p_duration_ms int default null
) returns json language plpgsql as $$
declare
  outcome text := case when p_error is null then 'done' else 'failed' end;
  is_news boolean := coalesce(p_is_news, exists (select from json_each_text(p_report) e where e.value <> '0'));
begin
  if is_news or p_error is not null or not exists (
    select from (select r.outcome, r.started_at from retention_runs r where r.job = p_job order by r.id desc limit 1) last
     where last.outcome = 'done' and last.started_at > now() - interval '1 hour')
  then
    insert into retention_runs (id, job, outcome, report, error, started_at, duration_ms)
    values (khidma.uuid_v7(), p_job, outcome, p_report::jsonb, p_error, p_started_at,
            coalesce(p_duration_ms, (extract(epoch from clock_timestamp() - p_started_at) * 1000)::int));
  end if;
  return p_report;
end $$;
--> statement-breakpoint
-- As before, in the order of age, past what others hold; what somebody was told stays while they are held.
create or replace function khidma.purge_expired(p_limit int) returns json language plpgsql as $$
declare
  otp int; keys int; notes int; tokens int;
begin
  delete from otp_requests where ctid = any (array(
    select o.ctid from otp_requests o where o.created_at < now() - interval '10 minutes'
     order by o.created_at limit p_limit for update skip locked));
  get diagnostics otp = row_count;
  delete from idempotency_keys where ctid = any (array(
    select k.ctid from idempotency_keys k where k.created_at < now() - interval '24 hours'
     order by k.created_at limit p_limit for update skip locked));
  get diagnostics keys = row_count;
  delete from notifications where ctid = any (array(
    select n.ctid from notifications n where n.created_at < now() - interval '90 days'
       and not exists (select from users u where u.id = n.user_id and u.legal_hold)
     order by n.created_at limit p_limit for update skip locked));
  get diagnostics notes = row_count;
  delete from refresh_tokens where ctid = any (array(
    select r.ctid from refresh_tokens r where r.expires_at < now() order by r.expires_at limit p_limit for update skip locked));
  get diagnostics tokens = row_count;
  return json_build_object('otpRequests', otp, 'idempotencyKeys', keys, 'notifications', notes, 'refreshTokens', tokens);
end $$;
--> statement-breakpoint
-- As before. Of who is held stays where they came from and with what; the push token, which proves nothing, goes all the same.
create or replace function khidma.purge_callers(p_limit int) returns json language plpgsql as $$
declare
  devices int; tokens int; ended int; keys int;
begin
  delete from user_devices where ctid = any (array(
    select d.ctid from user_devices d where d.last_seen_at < now() - interval '90 days'
       and not exists (select from users u where u.id = d.user_id and u.legal_hold)
     order by d.last_seen_at limit p_limit for update skip locked));
  get diagnostics devices = row_count;
  update user_devices set push_token = null where ctid = any (array(
    select d.ctid from user_devices d join users u on u.id = d.user_id and u.legal_hold
     where d.last_seen_at < now() - interval '90 days' and d.push_token is not null
     limit p_limit for update of d skip locked));
  get diagnostics tokens = row_count;
  delete from sessions where ctid = any (array(
    select s.ctid from sessions s where s.last_used_at < now() - interval '120 days'
       and not exists (select from users u where u.id = s.user_id and u.legal_hold)
     order by s.last_used_at limit p_limit for update skip locked));
  get diagnostics ended = row_count;
  delete from api_keys where ctid = any (array(
    select k.ctid from api_keys k where least(k.revoked_at, k.expires_at) < now() - interval '1 year'
       and not exists (select from users u where u.id = k.user_id and u.legal_hold)
     order by least(k.revoked_at, k.expires_at) limit p_limit for update skip locked));
  get diagnostics keys = row_count;
  return json_build_object('devices', devices, 'pushTokens', tokens, 'sessions', ended, 'apiKeys', keys);
end $$;
--> statement-breakpoint
-- As before, past what others hold.
create or replace function khidma.purge_credentials(p_limit int) returns json language plpgsql as $$
declare
  codes int; challenges int; attempts int; counts int; sends int;
begin
  delete from email_codes where ctid = any (array(
    select c.ctid from email_codes c where c.created_at < now() - interval '1 day' order by c.created_at limit p_limit for update skip locked));
  get diagnostics codes = row_count;
  delete from mfa_challenges where ctid = any (array(
    select c.ctid from mfa_challenges c where c.created_at < now() - interval '1 day' order by c.created_at limit p_limit for update skip locked));
  get diagnostics challenges = row_count;
  delete from sign_in_attempts where ctid = any (array(
    select a.ctid from sign_in_attempts a where a.seen_at < now() - interval '30 days' order by a.seen_at limit p_limit for update skip locked));
  get diagnostics attempts = row_count;
  delete from otp_prefix_counts where ctid = any (array(
    select c.ctid from otp_prefix_counts c where c.minute < now() - interval '1 day'
     order by c.minute limit p_limit for update skip locked));
  get diagnostics counts = row_count;
  delete from otp_sends where ctid = any (array(
    select s.ctid from otp_sends s where s.sent_at < now() - interval '1 day'
     order by s.sent_at limit p_limit for update skip locked));
  get diagnostics sends = row_count;
  return json_build_object('emailCodes', codes, 'mfaChallenges', challenges, 'signInAttempts', attempts,
                           'otpPrefixCounts', counts, 'otpSends', sends);
end $$;
--> statement-breakpoint
-- As before, but for days on which somebody who is held did something or had it done to them: such a day stays whole, as
-- only a whole day can be proven. So do the days of the entries that prove what was redacted on a day that stays.
create or replace function khidma.purge_audit(p_limit int) returns int
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  since date := khidma.audit_kept_since();
  purged int;
begin
  -- Not under the feet of a verification, which would miss the rows.
  if not pg_try_advisory_xact_lock(hashtextextended('audit_chain', 17)) then
    return 0;
  end if;
  with recursive held (day) as (
    select a.day from users u join audit_log a on a.subject_user_id = u.id where u.legal_hold and a.day < since
    union select a.day from users u join audit_log a on a.actor_user_id = u.id where u.legal_hold and a.day < since
    union select e.day from held h join audit_log r on r.day = h.day and r.redacted_by is not null
            join audit_log e on e.id = r.redacted_by where e.day < since
  )
  update audit_days d set purged_at = now()
    where d.day < since and d.purged_at is null and d.day not in (select h.day from held h);
  delete from audit_log where ctid = any (array(
    select a.ctid from audit_days d join audit_log a on a.day = d.day
     where d.day < since and d.purged_at is not null order by d.day, a.chain_position limit p_limit for update of a skip locked));
  get diagnostics purged = row_count;
  if purged > 0 then
    insert into audit_log (id, actor_user_id, actor_role, action, target_type, module, request_id, meta)
    values (khidma.uuid_v7(), khidma.actor_id(), coalesce(khidma.actor_role(), 'database'), 'audit_log.purge', 'audit_log', 'audit',
            khidma.request_id(), jsonb_build_object('rows', purged));
  end if;
  return purged;
end $$;
--> statement-breakpoint
-- Events after 90 days where they were dispatched, deliveries after 30 where they ended, dead letters after 30 (sealed codes
-- after a day), reports of runs after a year, requests for exports after a year: a bounded number of rows a run.
create function khidma.purge_traces(p_limit int) returns json language plpgsql as $$
declare
  deliveries int; events int; codes int; letters int; runs int; exports int;
begin
  delete from webhook_deliveries where ctid = any (array(
    select d.ctid from webhook_deliveries d where d.created_at < now() - interval '30 days' and d.status <> 'pending'
       and not exists (select from webhook_subscriptions s join users u on u.id = s.user_id and u.legal_hold where s.id = d.subscription_id)
     order by d.created_at limit p_limit for update skip locked));
  get diagnostics deliveries = row_count;
  delete from outbox where ctid = any (array(
    select o.ctid from outbox o where o.created_at < now() - interval '90 days' and o.dispatched_at is not null
     order by o.created_at limit p_limit for update skip locked));
  get diagnostics events = row_count;
  delete from dead_letters where ctid = any (array(
    select l.ctid from dead_letters l where l.created_at < now() - interval '30 days'
     order by l.created_at limit p_limit for update skip locked));
  get diagnostics letters = row_count;
  delete from dead_letters where ctid = any (array(
    select l.ctid from dead_letters l where l.created_at < now() - interval '1 day' and l.body ->> 'kind' in ('otp', 'email_code')
     order by l.created_at limit p_limit for update skip locked));
  get diagnostics codes = row_count;
  delete from retention_runs where ctid = any (array(
    select r.ctid from retention_runs r where r.started_at < now() - interval '1 year'
     order by r.started_at limit p_limit for update skip locked));
  get diagnostics runs = row_count;
  delete from export_requests where ctid = any (array(
    select e.ctid from export_requests e where e.status in ('expired', 'failed') and e.created_at < now() - interval '1 year'
       and not exists (select from users u where u.id = e.user_id and u.legal_hold)
     order by e.created_at limit p_limit for update skip locked));
  get diagnostics exports = row_count;
  return json_build_object('webhookDeliveries', deliveries, 'events', events, 'deadLetters', codes + letters, 'runs', runs,
                           'exports', exports);
end $$;
--> statement-breakpoint
-- What keeps an old task as it is: a party, or somebody in its chat, is held, or a dispute is not decided.
create function khidma.task_is_kept(p_task_id uuid) returns boolean language sql stable as $$
  select exists (select from tasks t join users u on u.id = t.client_id and u.legal_hold where t.id = p_task_id)
      or exists (select from bookings b join users u on u.id in (b.client_id, b.tasker_id) and u.legal_hold where b.task_id = p_task_id)
      or exists (select from bookings b join conversations c on c.booking_id = b.id
                   join conversation_participants p on p.conversation_id = c.id join users u on u.id = p.user_id and u.legal_hold
                  where b.task_id = p_task_id)
      or exists (select from disputes d join bookings b on b.id = d.booking_id
                  where b.task_id = p_task_id and d.status in ('open', 'investigating', 'escalated'))
$$;
--> statement-breakpoint
-- Tasks that ended five years ago, with the rooms in which they were talked of, who talked, and the files that were sent there
-- and are shown nowhere else.
create function khidma.old_tasks(p_limit int)
returns table (id uuid, conversation_id uuid, participants json, media json) language sql stable as $$
  select t.id, c.id,
         coalesce((select json_agg(p.user_id order by p.user_id) from conversation_participants p where p.conversation_id = c.id), '[]'),
         coalesce((select json_agg(json_build_object('id', f.id, 'storageKey', f.storage_key) order by f.id)
                     from media_files f
                    where f.id in (select m.media_id from messages m where m.conversation_id = c.id and m.media_id is not null)
                      and not exists (select from users u where u.id = f.user_id and u.legal_hold)
                      and not exists (select from messages e where e.media_id = f.id and e.conversation_id <> c.id)
                      and not exists (select from user_profiles p where p.avatar_media_id = f.id)
                      and not exists (select from company_profiles p where p.logo_media_id = f.id)
                      and not exists (select from candidate_profiles p where p.resume_media_id = f.id)
                      and not exists (select from user_verifications v
                                       where f.id in (v.front_media_id, v.back_media_id, v.selfie_media_id))), '[]')
    from (select o.id from tasks o where o.updated_at < now() - interval '5 years'
             and o.state in ('settled', 'reviewed', 'expired', 'canceled_by_client', 'canceled_by_tasker', 'failed', 'draft', 'completed')
             and o.description <> '[archived]' and not khidma.task_is_kept(o.id)
           order by o.updated_at limit p_limit) t
    left join bookings b on b.task_id = t.id left join conversations c on c.booking_id = b.id
$$;
--> statement-breakpoint
-- They keep what the books need, and lose what somebody wrote and where they live; their chat goes whole. Reasons stand in
-- histories that the application cannot write to: hence the owner's rights, and the conditions once more.
create function khidma.archive_tasks(p_ids uuid[]) returns json
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  ids uuid[];
  booked uuid[];
  rooms uuid[];
  said int; entries int;
begin
  select coalesce(array_agg(old.id), '{}') into ids from (
    select t.id from tasks t where t.id = any (p_ids) and t.updated_at < now() - interval '5 years'
       and t.state in ('settled', 'reviewed', 'expired', 'canceled_by_client', 'canceled_by_tasker', 'failed', 'draft', 'completed')
       and t.description <> '[archived]' and not khidma.task_is_kept(t.id)
     order by t.id for update of t skip locked) old;
  select coalesce(array_agg(b.id), '{}') into booked from bookings b where b.task_id = any (ids);
  select coalesce(array_agg(c.id), '{}') into rooms from conversations c where c.booking_id = any (booked);
  delete from messages where conversation_id = any (rooms);
  get diagnostics said = row_count;
  delete from conversation_entries where conversation_id = any (rooms);
  get diagnostics entries = row_count;
  delete from task_candidates where task_id = any (ids);
  update task_state_events set reason = null where task_id = any (ids) and reason is not null;
  update booking_events set meta = meta - 'reason' where booking_id = any (booked) and meta ? 'reason';
  update bookings set cancel_reason = null where id = any (booked) and cancel_reason is not null;
  update tasks set description = '[archived]', address = '[archived]', district = null,
                   lat = round(lat::numeric, 1), lng = round(lng::numeric, 1), structured_inputs = '{}' where id = any (ids);
  -- Without the old values, which the triggers leave out.
  insert into audit_log (id, actor_user_id, actor_role, action, target_type, target_id, subject_user_id, module, request_id, meta)
  select khidma.uuid_v7(), khidma.actor_id(), coalesce(khidma.actor_role(), 'database'), 'tasks.archive', 'tasks', t.id::text, t.client_id,
         'tasks', khidma.request_id(), '{}' from tasks t where t.id = any (ids);
  return json_build_object('tasks', cardinality(ids), 'messages', said, 'entries', entries);
end $$;
