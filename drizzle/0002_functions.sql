-- What every transaction shares: who acts, refusals with catalogue codes, idempotency, versions.

create function khidma.uuid_v7() returns uuid language sql volatile parallel safe as $$
  select encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
    placing substring(int8send(floor(extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid
$$;
--> statement-breakpoint
-- A refusal on its way to the caller: SQLSTATE KH + status, the catalogue code as message, its values as detail.
create function khidma.refuse(status int, code text, details jsonb default '{}') returns void language plpgsql as $$
begin
  raise exception using errcode = 'KH' || status, message = code, detail = details::text;
end $$;
--> statement-breakpoint
create function khidma.actor_role() returns text language sql stable as $$
  select nullif(current_setting('khidma.role', true), '')
$$;
--> statement-breakpoint
create function khidma.actor_id() returns uuid language sql stable as $$
  select nullif(current_setting('khidma.user_id', true), '')::uuid
$$;
--> statement-breakpoint
create function khidma.request_id() returns text language sql stable as $$
  select nullif(current_setting('khidma.request_id', true), '')
$$;
--> statement-breakpoint
-- First statement of every write. A finished idempotency key ends the transaction here: KH200 carries the first
-- answer's rows. The advisory lock, not the row, marks a key as running: a crash releases it by itself.
create function khidma.begin_request(
  p_role text, p_user_id uuid, p_request_id text, p_ip text, p_user_agent text,
  p_scope text, p_key text, p_request_hash text
) returns void language plpgsql as $$
declare
  known idempotency_keys;
begin
  perform set_config('khidma.role', p_role, true),
          set_config('khidma.user_id', coalesce(p_user_id::text, ''), true),
          set_config('khidma.request_id', coalesce(p_request_id, ''), true),
          set_config('khidma.ip', coalesce(p_ip, ''), true),
          set_config('khidma.user_agent', coalesce(p_user_agent, ''), true),
          set_config('khidma.reason', '', true),
          set_config('khidma.idempotency_scope', coalesce(p_scope, ''), true),
          set_config('khidma.idempotency_key', coalesce(p_key, ''), true),
          set_config('khidma.request_hash', coalesce(p_request_hash, ''), true);
  if p_key is null then
    return;
  end if;
  if not pg_try_advisory_xact_lock(hashtextextended(p_scope || chr(31) || p_key, 42)) then
    perform khidma.refuse(409, 'idempotency_in_progress', '{"retryAfterSeconds": 1}');
  end if;
  select * into known from idempotency_keys where scope = p_scope and key = p_key;
  if not found then
    return;
  end if;
  if known.created_at < now() - interval '24 hours' then
    delete from idempotency_keys where scope = p_scope and key = p_key;
    return;
  end if;
  if known.request_hash <> p_request_hash then
    perform khidma.refuse(422, 'idempotency_mismatch');
  end if;
  raise exception using errcode = 'KH200', message = 'replay', detail = known.rows::text;
end $$;
--> statement-breakpoint
-- Last statement of every write: keeps the answer under its key and tells which events the transaction wrote.
create function khidma.finish_request(p_rows json, out rows json, out events json) language plpgsql as $$
begin
  if current_setting('khidma.idempotency_key', true) <> '' then
    insert into idempotency_keys (scope, key, request_hash, rows)
    values (current_setting('khidma.idempotency_scope'), current_setting('khidma.idempotency_key'),
            current_setting('khidma.request_hash'), p_rows);
  end if;
  rows := p_rows;
  select coalesce(json_agg(o.id order by o.seq), '[]') into events
    from outbox o where o.xid = pg_current_xact_id_if_assigned();
end $$;
--> statement-breakpoint
-- Why: stored with the history rows that the rest of the transaction writes.
create function khidma.give_reason(p_reason text) returns void language sql as $$
  select set_config('khidma.reason', coalesce(p_reason, ''), true)
$$;
--> statement-breakpoint
-- A lost update would hurt: refuses when the row has moved on since the caller read it.
create function khidma.assert_version(actual int, expected int) returns void language plpgsql as $$
begin
  if expected is not null and actual is distinct from expected then
    perform khidma.refuse(412, 'precondition_failed');
  end if;
end $$;
--> statement-breakpoint
create function khidma.touch() returns trigger language plpgsql as $$
begin
  new.updated_at := now();
  new.version := old.version + 1;
  return new;
end $$;
--> statement-breakpoint
create function khidma.touch_time() returns trigger language plpgsql as $$
begin
  new.updated_at := now();
  return new;
end $$;
--> statement-breakpoint
do $$
declare
  t text;
begin
  foreach t in array array['users', 'tasker_profiles', 'task_categories', 'tasks', 'offers', 'bookings',
    'payment_intents', 'payouts', 'reports', 'disputes', 'notification_preferences', 'webhook_subscriptions'] loop
    execute format('create trigger a_touch before update on %I for each row execute function khidma.touch()', t);
  end loop;
  foreach t in array array['user_verifications', 'pricing_bands'] loop
    execute format('create trigger a_touch before update on %I for each row execute function khidma.touch_time()', t);
  end loop;
end $$;
--> statement-breakpoint
-- One event of this transaction, with the people it concerns.
create function khidma.emit(
  p_type text, p_object_type text, p_object_id uuid, p_object_seq int, p_data jsonb, p_recipients uuid[]
) returns void language plpgsql as $$
declare
  written outbox;
begin
  insert into outbox (id, type, object_type, object_id, object_seq, data)
  values (khidma.uuid_v7(), p_type, p_object_type, p_object_id, p_object_seq, p_data)
  returning * into written;
  insert into outbox_recipients (user_id, xid, seq, event_id)
  select distinct r, written.xid, written.seq, written.id from unnest(p_recipients) r where r is not null;
end $$;
