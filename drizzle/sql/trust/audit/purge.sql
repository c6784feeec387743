-- Returns the first day that the log must still hold. Takes no parameter, so that no caller of the job can shorten the log.
create or replace function khidma.audit_kept_since() returns date language sql stable as $$
  select ((now() at time zone 'UTC') - khidma.retention_period('audit_log'))::date
$$;

-- Deletes whole days whose period of retention is over, at most `p_limit` rows a run; their counts and heads stay. A day on which
-- a user under legal hold acted or was acted on stays whole, since only a whole day can be proven. So do the days of entries that
-- prove a redaction on a day that stays.
create or replace function khidma.purge_audit(p_limit int) returns int
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  since date := khidma.audit_kept_since();
  purged int;
begin
  -- The lock keeps out of a running verification, which would miss the rows.
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
