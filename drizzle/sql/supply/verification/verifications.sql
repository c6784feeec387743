-- Begins the verification of an account that has none.
create or replace function khidma.begin_verification(p_user_id uuid) returns void language plpgsql as $$
begin
  insert into user_verifications (user_id) values (p_user_id);
end $$;

-- Notes that an account has proven its number.
create or replace function khidma.phone_verified(p_user_id uuid) returns void language plpgsql as $$
begin
  insert into user_verifications as v (user_id, phone_verified) values (p_user_id, true)
    on conflict (user_id) do update set phone_verified = true where not v.phone_verified;
end $$;

-- Returns a setting of verification for the country of a user.
create or replace function khidma.verification_setting(p_key text, p_user_id uuid) returns jsonb language plpgsql stable as $$
begin
  return (
    select khidma.config_value('verification.' || p_key, (select u.country from users u where u.id = p_user_id), null, null));
end $$;

-- Guards a decision by staff: they must be allowed to approve, and where policy asks for four eyes, an approval is the second one, by
-- another person than the first. That nobody decides on their own papers is a constraint.
create or replace function khidma.guard_verification_decision() returns trigger language plpgsql as $$
begin
  if khidma.acts_alone() or khidma.actor_role() not in ('ops', 'admin') then
    return new;
  end if;
  perform khidma.needs_permission('verifications.review');
  perform khidma.needs_approver();
  if new.status = 'approved' and khidma.verification_setting('four_eyes', new.user_id) = 'true'
    and (new.first_approved_by is null or new.first_approved_by = khidma.actor_id()) then
    perform khidma.refuse(403, 'own_decision');
  end if;
  return new;
end $$;

-- Approves a request for staff: with its undecided documents, and until `p_expires_at` where the reviewer has read another end than was
-- submitted. A rejected document must have been replaced. Where policy asks for four eyes, the first approval is noted, and the case goes
-- back to the queue for somebody else.
create or replace function khidma.approve_verification(p_request uuid, p_expires_at timestamptz) returns void language plpgsql as $$
declare
  v verification_requests;
begin
  select * into v from verification_requests where id = p_request for update;
  if v.status = 'pending' and exists (
      select from verification_documents d where d.request_id = p_request and d.status = 'rejected'
         and not exists (select from verification_documents n where n.request_id = p_request and n.document_type = d.document_type
                            and n.id > d.id and n.status <> 'rejected')) then
    perform khidma.refuse(409, 'document_rejected');
  elsif coalesce(p_expires_at, v.expires_at) <= now() then
    perform khidma.refuse(409, 'papers_expired');
  elsif v.status = 'pending' and v.first_approved_by is null and khidma.verification_setting('four_eyes', v.user_id) = 'true' then
    perform khidma.needs_permission('verifications.review');
    perform khidma.needs_approver();
    update verification_requests set first_approved_by = khidma.actor_id(), first_approved_at = now(),
           expires_at = coalesce(p_expires_at, expires_at) where id = p_request;
    insert into verification_logs (id, request_id, action, old_status, new_status, acted_by)
    values (khidma.uuid_v7(), p_request, 'approved_first', 'pending', 'pending', khidma.actor_id());
    perform khidma.release_case('verification', p_request);
    return;
  end if;
  update verification_documents set status = 'approved', reviewed_at = now(), reviewed_by = khidma.actor_id()
   where request_id = p_request and status = 'pending';
  update verification_requests set status = 'approved', reviewed_at = now(), reviewed_by = khidma.actor_id(), remarks = null,
         expires_at = coalesce(p_expires_at, expires_at) where id = p_request;
end $$;

-- Decides on one document of a request that waits.
create or replace function khidma.decide_document(p_request uuid, p_document uuid, p_status text, p_remarks text) returns void
language plpgsql as $$
declare
  v verification_requests;
begin
  select * into v from verification_requests where id = p_request for update;
  if v.user_id = khidma.actor_id() then
    perform khidma.refuse(403, 'forbidden');
  end if;
  update verification_documents set status = p_status, remarks = p_remarks, reviewed_at = now(), reviewed_by = khidma.actor_id()
   where id = p_document and request_id = p_request;
  if not found then
    perform khidma.refuse(404, 'not_found');
  elsif v.status <> 'pending' then
    perform khidma.refuse(409, 'invalid_transition', jsonb_build_object('from', v.status, 'to', p_status));
  end if;
  perform khidma.needs_approver();
  -- The version is that of what was reviewed.
  update verification_requests set first_approved_by = null, first_approved_at = null where id = p_request;
end $$;

-- Writes the history of a request, begins its check or opens its case as it begins to wait and closes both as it ceases to, keeps what follows for the user,
-- and sees to what hangs on it. A further attempt takes the place of the approval before it.
create or replace function khidma.follow_verification() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.status::text end;
begin
  insert into verification_logs (id, request_id, action, old_status, new_status, acted_by, remarks)
  values (khidma.uuid_v7(), new.id,
    case new.status::text when 'pending' then 'submitted' when 'needs_document' then 'document_requested' else new.status::text end,
    was, new.status, khidma.actor_id(), case when new.status in ('needs_document', 'rejected') then new.remarks end);
  if new.status <> 'pending' then
    perform khidma.supersede_check(new.id);
  end if;
  if new.status = 'pending' then
    if not khidma.begin_check(new) then
      perform khidma.open_verification_case(new);
    end if;
  elsif was = 'approved' and new.status = 'rejected' then
    perform khidma.reverse_case('verification', new.id);
  else
    perform khidma.close_case('verification', new.id, new.status::text);
  end if;
  if new.verification_type = 'identity' then
    perform khidma.follow_identity(new.user_id);
  end if;
  return null;
end $$;

-- Sets what follows for a user from their identity requests: verified while one that was approved is valid, the newest of them; else the
-- status of the newest attempt that was not withdrawn. Of two accounts that are verified by one number at once the index refuses one.
create or replace function khidma.follow_identity(p_user_id uuid) returns void language plpgsql as $$
declare
  v verification_requests;
begin
  insert into user_verifications (user_id) values (p_user_id) on conflict do nothing;
  select * into v from verification_requests r
   where r.user_id = p_user_id and r.verification_type = 'identity' and r.status <> 'withdrawn'
   order by r.status = 'approved' and (r.expires_at is null or r.expires_at > now()) desc, r.submitted_at desc, r.id desc limit 1;
  update user_verifications set
         verification_status = case v.status when 'approved' then 'verified' when 'rejected' then 'rejected' when 'lapsed' then 'lapsed'
                                             else case when v.id is null then 'unverified' else 'pending' end end,
         verified_at = case when v.status = 'approved' then coalesce(v.reviewed_at, now()) end,
         expires_at = case when v.status = 'approved' then v.expires_at end,
         national_id_hash = v.number_hash, national_id_last4 = v.number_last4
   where user_id = p_user_id;
end $$;

-- Reminds people of papers that end soon, once for each distance of `verification.reminder_days`. At most `p_limit`.
create or replace function khidma.remind_of_papers(p_limit int) returns int language plpgsql as $$
declare
  told int := 0;
  due record;
begin
  for due in
    -- One look at the configuration for each country that has its own, not for each paper.
    with distances as materialized (
      select s.country, x.days::int
        from (select null union select e.country from config_entries e where e.key = 'verification.reminder_days') s (country)
       cross join lateral jsonb_array_elements_text(khidma.config_value('verification.reminder_days', s.country, null, null)) x (days))
    select r.id, r.user_id, r.version, r.verification_type, r.document_type, r.expires_at, d.days
      from verification_requests r join users u on u.id = r.user_id
     cross join lateral (
       select min(x.days) as days from distances x
        where x.country is not distinct from (select c.country from distances c where c.country = u.country limit 1)
          and r.expires_at <= now() + make_interval(days => x.days)) d
     where r.status = 'approved' and r.expires_at > now()
       and r.expires_at <= now() + make_interval(days => (select max(x.days) from distances x))
       and d.days < coalesce(r.reminded_days, 1000)
     order by r.expires_at limit p_limit for update of r skip locked
  loop
    update verification_requests set reminded_days = due.days where id = due.id;
    perform khidma.emit('verification.expiring', 'verification', due.id, due.version + 1, jsonb_build_object(
      'verificationRequestId', due.id, 'verificationType', due.verification_type, 'documentType', due.document_type,
      'userId', due.user_id, 'expiresAt', khidma.iso(due.expires_at)), array[due.user_id]);
    told := told + 1;
  end loop;
  return told;
end $$;

-- Until when an answer is awaited: set as a document is asked for, gone with it.
create or replace function khidma.await_answer() returns trigger language plpgsql as $$
begin
  new.answer_until := case when new.status = 'needs_document'
    then now() + make_interval(days => khidma.verification_setting('answer_days', new.user_id)::int) end;
  return new;
end $$;

-- Ends requests whose document did not come in time. At most `p_limit`.
create or replace function khidma.end_unanswered_requests(p_limit int) returns int language plpgsql as $$
declare
  ended int;
begin
  update verification_requests set status = 'withdrawn', reviewed_at = now(), reviewed_by = null where id in (
    select r.id from verification_requests r where r.answer_until <= now()
     order by r.answer_until limit p_limit for update skip locked);
  get diagnostics ended = row_count;
  return ended;
end $$;

-- Notes that papers have ended, which their readers know already, ends requests that wait in vain, and reminds of papers that will end. At most `p_limit` of each.
create or replace function khidma.expire_papers(p_limit int) returns json language plpgsql as $$
declare
  lapsed int;
begin
  update verification_requests set status = 'lapsed' where id in (
    select r.id from verification_requests r where r.status = 'approved' and r.expires_at <= now()
     order by r.expires_at limit p_limit for update skip locked);
  get diagnostics lapsed = row_count;
  return json_build_object('lapsed', lapsed, 'abandoned', khidma.end_unanswered_requests(p_limit), 'reminded', khidma.remind_of_papers(p_limit));
end $$;
