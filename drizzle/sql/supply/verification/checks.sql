-- Returns how the papers of a request are checked by the provider; null where they are not.
create or replace function khidma.check_policy(v verification_requests) returns jsonb language plpgsql stable as $$
declare
  policy jsonb := khidma.verification_setting('checks', v.user_id);
begin
  return case when policy -> 'types' ? v.verification_type then policy end;
end $$;

-- Begins an attempt to check a request that waits, and returns whether it did: then no case is open until it ends without a decision.
create or replace function khidma.begin_check(v verification_requests) returns boolean language plpgsql as $$
declare
  policy jsonb := khidma.check_policy(v);
begin
  if policy is null then
    return false;
  end if;
  insert into verification_checks (id, request_id, deadline_at, inputs)
  values (khidma.uuid_v7(), v.id, now() + make_interval(hours => (policy ->> 'hours')::int),
    coalesce((select jsonb_agg(jsonb_build_object('documentId', d.id, 'sha256', m.content_hash) order by d.id)
                from verification_documents d left join media_files m on m.id = d.media_id
               where d.request_id = v.id and d.status <> 'rejected'), '[]'));
  return true;
end $$;

-- Adds a document to the attempt that its request has begun: documents come after their request, in the same transaction.
create or replace function khidma.add_check_input() returns trigger language plpgsql as $$
begin
  update verification_checks
     set inputs = inputs || jsonb_build_object('documentId', new.id, 'sha256', (select m.content_hash from media_files m where m.id = new.media_id))
   where request_id = new.request_id and status = 'waiting';
  return null;
end $$;

-- Keeps what was sent to the provider as it was sent.
create or replace function khidma.guard_check() returns trigger language plpgsql as $$
begin
  if old.sent_at is not null and (new.inputs, new.reference) is distinct from (old.inputs, old.reference) then
    raise exception 'what a check was about is never changed';
  elsif old.status <> 'waiting' and new.status <> old.status then
    raise exception 'a check ends once';
  end if;
  return new;
end $$;

-- Ends the open attempt of a request that was decided, or waits for its owner, by other means.
create or replace function khidma.supersede_check(p_request uuid) returns void language plpgsql as $$
begin
  update verification_checks set status = 'superseded' where request_id = p_request and status = 'waiting';
end $$;

-- Opens the case of a request that waits for a person.
create or replace function khidma.open_verification_case(v verification_requests) returns void language plpgsql as $$
begin
  perform khidma.open_case('verification', 'verification_request', v.id, 'verification', null,
    coalesce((select u.country from users u where u.id = v.user_id), v.document_country));
end $$;

-- Stores an answer of the provider once, and does what follows. Returns unknown · repeated · late · approved · rejected · person. The request
-- is locked before the attempt, as decisions by people lock them: of an answer and a decision at once, the second finds the
-- attempt over. An answer for an attempt that is over is late, and changes nothing.
create or replace function khidma.answer_check(p_event text, p_check uuid, p_outcome text, p_reason text) returns text language plpgsql as $$
declare
  v verification_requests;
  c verification_checks;
  policy jsonb;
begin
  select r.* into v from verification_requests r join verification_checks k on k.request_id = r.id where k.id = p_check for update of r;
  if not found then
    return 'unknown';
  end if;
  select * into c from verification_checks where id = p_check for update;
  insert into verification_check_answers (id, event_id, check_id, outcome, reason, was_applied)
  values (khidma.uuid_v7(), p_event, p_check, p_outcome, p_reason, c.status = 'waiting') on conflict (event_id) do nothing;
  if not found then
    return 'repeated';
  elsif c.status <> 'waiting' then
    return 'late';
  end if;
  policy := khidma.check_policy(v);
  update verification_checks set answered_at = now(), reason = p_reason,
         status = case p_outcome when 'pass' then 'passed' when 'fail' then 'failed' else 'unclear' end where id = p_check;
  perform khidma.open_verification_case(v);
  if p_outcome = 'pass' and khidma.approve_checked(v) then
    return 'approved';
  elsif p_outcome = 'fail' and policy ->> 'onFail' = 'reject' then
    update verification_requests set status = 'rejected', reviewed_at = now(), reviewed_by = null,
           remarks = case when (select u.locale from users u where u.id = v.user_id) like 'ar%'
                          then 'لم تجتز المستندات الفحص الآلي. أرسل صورًا أوضح أو مستندًا آخر.'
                          else 'The documents did not pass the automated check. Send clearer photos, or other papers.' end
     where id = v.id;
    return 'rejected';
  end if;
  return 'person';
end $$;

-- Approves a request whose check passed, in the system's name, where policy lets the system decide about its owner alone. False where a
-- person must decide: policy says so, asks for four eyes, or the number verifies another account.
create or replace function khidma.approve_checked(v verification_requests) returns boolean language plpgsql as $$
begin
  if not khidma.approves_alone('verification', v.user_id) or khidma.verification_setting('four_eyes', v.user_id) = 'true'
    or v.expires_at <= now() then
    return false;
  end if;
  perform khidma.approve_verification(v.id, null);
  return true;
exception when unique_violation then
  return false;
end $$;

-- Gives attempts to people that got no answer in time, and one, by `p_check`, that the provider will not take. At most `p_limit`.
create or replace function khidma.expire_checks(p_limit int, p_check uuid default null) returns int language plpgsql as $$
declare
  due record;
  ended int := 0;
begin
  for due in
    select r as request, k.id from verification_checks k join verification_requests r on r.id = k.request_id
     where k.status = 'waiting' and case when p_check is null then k.deadline_at <= now() else k.id = p_check end
     order by k.deadline_at limit p_limit for update of r skip locked
  loop
    update verification_checks set status = 'expired' where id = due.id and status = 'waiting';
    if found then
      perform khidma.open_verification_case(due.request);
      ended := ended + 1;
    end if;
  end loop;
  return ended;
end $$;

-- Takes attempts that are to be sent or asked about, and puts them off: those that could not be sent a minute, then longer; those that were
-- sent ten minutes, as the provider tells by itself. At most `p_limit`.
create or replace function khidma.take_checks(p_limit int) returns setof verification_checks language sql as $$
  update verification_checks k set attempts = k.attempts + 1,
         next_at = now() + case when k.sent_at is null then least(interval '1 minute' * 2 ^ least(k.attempts, 6), interval '1 hour') else interval '10 minutes' end
   where k.id = any (array(select c.id from verification_checks c where c.status = 'waiting' and c.next_at <= now()
                            order by c.next_at limit p_limit for update skip locked))
  returning k.*
$$;
