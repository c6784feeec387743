-- Returns a payload without values that may be personal: field names, codes and times stay, so that the action can still be seen.
create or replace function khidma.redacted_meta(p_meta jsonb) returns jsonb language plpgsql immutable parallel safe as $$
begin
  return (
    select coalesce(jsonb_object_agg(top.key, case
        when top.key = 'changes' and jsonb_typeof(top.value) = 'object' then (
          select coalesce(jsonb_object_agg(c.key, (
            select coalesce(jsonb_agg(case when khidma.audit_names_nobody(c.key, v.value) then v.value else '"[redacted]"' end order by v.ordinality), '[]')
              from jsonb_array_elements(case when jsonb_typeof(c.value) = 'array' then c.value else jsonb_build_array(c.value) end)
                with ordinality v)), '{}')
          from jsonb_each(top.value) c)
        when khidma.audit_names_nobody(top.key, top.value) then top.value
        else '"[redacted]"' end), '{}')
      from jsonb_each(p_meta) top);
end $$;

-- Redacts the entries that an erasure must not leave: entries about the user, and of the user's own actions (what staff did to
-- others stays). At most `p_limit` rows a call; returns how many, 0 when done. Call it after the user's own rows were wiped, as
-- wiping writes the old values to the log once more.
create or replace function khidma.redact_audit(p_user_id uuid, p_limit int default 5000) returns int
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  ids uuid[];
  entry uuid := khidma.uuid_v7();
begin
  select array_agg(found.id) into ids from (
    (select a.id from audit_log a where a.subject_user_id = p_user_id and a.redacted_at is null and a.action <> 'audit_log.redact' limit p_limit)
    union
    (select a.id from audit_log a where a.actor_user_id = p_user_id and a.actor_role not in ('support', 'ops', 'admin') and a.redacted_at is null limit p_limit)
    union
    (select a.id from audit_log a where a.target_type = 'users' and a.target_id = p_user_id::text and a.redacted_at is null
        and a.action <> 'audit_log.redact' limit p_limit)
    limit p_limit) found;
  if ids is null then
    return 0;
  end if;
  insert into audit_log (id, actor_user_id, actor_role, action, target_type, target_id, module, request_id, meta)
  values (entry, khidma.actor_id(), coalesce(khidma.actor_role(), 'database'), 'audit_log.redact', 'users', p_user_id::text, 'audit',
          khidma.request_id(), jsonb_build_object('rows', cardinality(ids)));
  update audit_log a set meta = khidma.redacted_meta(a.meta), ip_address = null, user_agent = null, salt = null,
                         redacted_at = now(), redacted_by = entry
    where a.id = any (ids);
  return cardinality(ids);
end $$;

-- Complements `khidma.redact_audit`: blanks entries about others in which the user is named, found through the objects that they
-- share. The pattern is compiled once, not for every row.
create or replace function khidma.redact_audit_naming(p_user_id uuid, p_words text[], p_limit int) returns int
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  pattern text := khidma.pattern_of(p_words);
  ids uuid[];
  entry uuid := khidma.uuid_v7();
begin
  if not exists (select from users u where u.id = p_user_id and u.erased_at is not null) then
    raise exception 'only for who is being erased' using errcode = 'restrict_violation';
  end if;
  select array_agg(f.id) into ids from (
    select a.id from (
        select 'tasks' as kind, t.id::text as id from tasks t left join bookings b on b.task_id = t.id where p_user_id in (t.client_id, b.tasker_id)
        union all select 'bookings', b.id::text from bookings b where p_user_id in (b.client_id, b.tasker_id)
        union all select o.kind, o.id::text from (
          select b.id as booking_id, c.id as contract_id from bookings b left join contracts c on c.booking_id = b.id
           where p_user_id in (b.client_id, b.tasker_id)) theirs
          cross join lateral (
            select 'visits' as kind, v.id from visits v where v.booking_id = theirs.booking_id
            union all select 'booking_notes', n.id from booking_notes n where n.booking_id = theirs.booking_id
            union all select 'booking_proofs', f.id from booking_proofs f where f.booking_id = theirs.booking_id
            union all select 'dispute_offers', o.id from disputes d join dispute_offers o on o.dispute_id = d.id where d.booking_id = theirs.booking_id
            union all select 'contracts', theirs.contract_id
            union all select 'milestones', m.id from milestones m where m.contract_id = theirs.contract_id
            union all select 'milestone_submissions', s.id from milestones m join milestone_submissions s on s.milestone_id = m.id where m.contract_id = theirs.contract_id
            union all select 'contract_amendments', a.id from contract_amendments a where a.contract_id = theirs.contract_id
            union all select 'escrows', e.id from escrows e where e.contract_id = theirs.contract_id) o
        union all select 'bids', d.id::text from bids d join tasks t on t.id = d.task_id where p_user_id in (d.tasker_id, t.client_id)
        union all select 'task_questions', q.id::text from task_questions q join tasks t on t.id = q.task_id where p_user_id in (q.tasker_id, t.client_id)
        union all select 'assignments', s.id::text from assignments s join tasks t on t.id = s.task_id where p_user_id in (s.tasker_id, t.client_id)
        union all select 'reviews', r.id::text from reviews r where p_user_id in (r.reviewer_id, r.reviewee_id)
        union all select 'reports', r.id::text from reports r where p_user_id in (r.reporter_id, r.reported_user_id)
        union all select 'disputes', d.id::text from disputes d join bookings b on b.id = d.booking_id where p_user_id in (b.client_id, b.tasker_id)
        union all select 'booking_changes', c.id::text from booking_changes c where p_user_id in (c.proposed_by, c.proposed_to)
        union all select 'payment_intents', p.id::text from payment_intents p where p_user_id in (p.payer_id, p.payee_id)
        union all select 'refunds', r.id::text from refunds r join payment_intents p on p.id = r.intent_id where p_user_id in (p.payer_id, p.payee_id)
        union all select 'chargebacks', c.id::text from chargebacks c join payment_intents p on p.id = c.intent_id where p_user_id in (p.payer_id, p.payee_id)
        union all select 'payouts', o.id::text from payouts o where o.user_id = p_user_id
        union all select 'payout_accounts', o.id::text from payout_accounts o where o.user_id = p_user_id
        union all select 'adjustments', a.id::text from adjustments a where a.user_id = p_user_id
        union all select 'legal_holds', h.id::text from legal_holds h where h.user_id = p_user_id
        union all select 'departments', d.id::text from departments d
      ) about join audit_log a on a.target_type = about.kind and a.target_id = about.id
     where a.redacted_at is null and a.meta::text ~* pattern limit p_limit) f;
  if ids is null then
    return 0;
  end if;
  insert into audit_log (id, actor_user_id, actor_role, action, target_type, target_id, module, request_id, meta)
  values (entry, khidma.actor_id(), coalesce(khidma.actor_role(), 'database'), 'audit_log.redact', 'users', p_user_id::text, 'audit',
          khidma.request_id(), jsonb_build_object('rows', cardinality(ids)));
  update audit_log a set meta = khidma.redacted_meta(a.meta), ip_address = null, user_agent = null, salt = null,
                         redacted_at = now(), redacted_by = entry
    where a.id = any (ids);
  return cardinality(ids);
end $$;
