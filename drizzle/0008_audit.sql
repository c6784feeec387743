-- The reason too: a tasker's machine has no history table of its own, so that the audit log is where "why" stands.
create function khidma.audit() returns trigger language plpgsql as $$
declare
  before jsonb := case when tg_op = 'INSERT' then '{}' else to_jsonb(old) end;
  after jsonb := case when tg_op = 'DELETE' then '{}' else to_jsonb(new) end;
  reason text := nullif(current_setting('khidma.reason', true), '');
  changes jsonb;
begin
  select jsonb_object_agg(k, jsonb_build_array(before -> k, after -> k)) into changes
    from (select jsonb_object_keys(before || after) as k) keys
    where before -> k is distinct from after -> k
      and k not in ('created_at', 'updated_at', 'version') and k <> all (coalesce(tg_argv, '{}'));
  if changes is null then
    return null;
  end if;
  insert into audit_log (id, actor_user_id, actor_role, action, target_type, target_id, request_id, ip_address, user_agent, meta)
  values (khidma.uuid_v7(), khidma.actor_id(), coalesce(khidma.actor_role(), 'database'), tg_table_name || '.' || lower(tg_op),
          tg_table_name, coalesce(after ->> 'id', before ->> 'id', after ->> 'user_id', before ->> 'user_id',
                                  after ->> 'tasker_id', before ->> 'tasker_id'),
          khidma.request_id(), nullif(current_setting('khidma.ip', true), ''), nullif(current_setting('khidma.user_agent', true), ''),
          jsonb_build_object('changes', changes) || case when reason is null then '{}' else jsonb_build_object('reason', reason) end);
  return null;
end $$;
--> statement-breakpoint
do $$
declare
  a record;
begin
  for a in select * from (values
      ('users', ''), ('user_verifications', '''national_id_hash'', ''national_id_last4'''),
      ('tasker_profiles', '''rating_avg'', ''rating_count'', ''acceptance_rate'', ''completion_rate'', ''offers_answered'', ''offers_accepted'', ''bookings_ended'', ''bookings_completed'''),
      ('tasker_service_areas', ''), ('tasks', '''location'''), ('bookings', ''), ('payment_intents', ''), ('payouts', ''),
      ('reviews', ''), ('reports', ''), ('disputes', ''), ('task_categories', ''), ('pricing_bands', ''),
      ('webhook_subscriptions', '''secret'', ''previous_secret'''), ('api_keys', '''key_hash'', ''last_used_at'''),
      ('notification_preferences', ''), ('sessions', '''last_used_at'''))
    as t (tab, hidden) loop
    execute format('create trigger z_audit after insert or update or delete on %I for each row execute function khidma.audit(%s)', a.tab, a.hidden);
  end loop;
end $$;
--> statement-breakpoint
create trigger append_only before update or delete on audit_log for each row execute function khidma.append_only();
--> statement-breakpoint
create trigger no_truncate before truncate on audit_log for each statement execute function khidma.append_only();
