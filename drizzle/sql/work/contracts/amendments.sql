-- Refuses milestones that an amendment cannot bring about: the completed ones stay as they are, work that was begun is not taken out, and
-- money in escrow covers what is held for. A funded milestone may cost less, the rest goes back; what costs more is a milestone of its
-- own.
create or replace function khidma.assert_amendable(c contracts, p_milestones jsonb) returns void language plpgsql as $$
declare
  m milestones;
  wanted jsonb;
begin
  if exists (select from jsonb_array_elements(p_milestones) w where w ->> 'isNew' is null
                and not exists (select from milestones x where x.contract_id = c.id and x.id = (w ->> 'id')::uuid and x.outcome is distinct from 'removed')) then
    perform khidma.refuse(422, 'unknown_reference', '{"field": "milestones"}');
  end if;
  for m in select * from milestones x where x.contract_id = c.id and x.outcome is distinct from 'removed' order by x.position loop
    select w into wanted from jsonb_array_elements(p_milestones) w where (w ->> 'id')::uuid = m.id;
    if m.status = 'completed' and (wanted is null or khidma.milestone_terms(m.id, m.title, m.description, m.amount, m.due_at) <> wanted) then
      perform khidma.refuse(409, 'milestone_ended', jsonb_build_object('title', m.title));
    elsif m.status = 'submitted' and (wanted is null or (wanted ->> 'amount')::bigint <> m.amount) then
      perform khidma.refuse(409, 'milestone_under_way');
    elsif m.funded_at is not null and (wanted ->> 'amount')::bigint > m.amount then
      perform khidma.refuse(409, 'milestone_funded', jsonb_build_object('title', m.title, 'maximum', m.amount));
    end if;
  end loop;
end $$;

-- Proposes an amendment in the name of one side, who signs it with that. Milestones without an id are new.
create or replace function khidma.propose_amendment(p_id uuid, p_contract uuid, p_terms jsonb, p_milestones jsonb, p_reason text) returns void
language plpgsql as $$
declare
  c contracts := khidma.own_contract(p_contract);
  wanted jsonb;
  total bigint;
  content text;
begin
  perform khidma.assert_contract_active(c);
  select jsonb_agg(khidma.milestone_terms(coalesce((m.value ->> 'id')::uuid, khidma.uuid_v7()), m.value ->> 'title', m.value ->> 'description',
                                          (m.value ->> 'amount')::bigint, (m.value ->> 'dueAt')::timestamptz)
                   || case when m.value ->> 'id' is null then '{"isNew": true}'::jsonb else '{}' end order by m.position),
         sum((m.value ->> 'amount')::bigint)
    into wanted, total from jsonb_array_elements(p_milestones) with ordinality m (value, position);
  perform khidma.assert_amendable(c, wanted);
  select jsonb_agg(m.value - 'isNew' order by m.position) into wanted from jsonb_array_elements(wanted) with ordinality m (value, position);
  content := khidma.contract_text(c, p_terms, total, wanted);
  if khidma.text_sha256(content) = c.signed_sha256 then
    perform khidma.refuse(422, 'no_change_proposed');
  end if;
  update contract_amendments set status = 'expired' where contract_id = c.id and status = 'pending' and expires_at <= now();
  insert into contract_amendments (id, contract_id, proposed_by, proposed_to, reason, terms, milestones, total_amount, was_terms, was_milestones,
                                   was_total_amount, text_sha256, expires_at)
  values (p_id, c.id, khidma.actor_id(), case khidma.actor_id() when c.client_id then c.tasker_id else c.client_id end, p_reason, p_terms, wanted,
          total, c.terms, khidma.milestones_of(c.id), c.total_amount, khidma.text_sha256(content),
          now() + khidma.contract_days('contracts.deadlines', 'amendmentDays', c.booking_id));
  perform khidma.sign_text(c, p_id, content, khidma.text_sha256(content));
  perform khidma.note_contract_activity(c.id);
end $$;

-- Refuses an answer after the deadline, or once the contract is not active; notes when an amendment ended (before update of status).
create or replace function khidma.guard_contract_amendment() returns trigger language plpgsql as $$
declare
  c contracts;
begin
  if new.status <> 'expired' and old.expires_at <= now() then
    perform khidma.refuse(409, 'amendment_expired');
  elsif new.status = 'accepted' then
    select * into strict c from contracts where id = new.contract_id;
    perform khidma.assert_contract_active(c);
  end if;
  new.ended_at := now();
  return new;
end $$;

-- Accepts an amendment in the name of the other side, who signs the text that they were shown.
create or replace function khidma.accept_amendment(p_contract uuid, p_amendment uuid, p_hash text) returns void language plpgsql as $$
declare
  c contracts := khidma.own_contract(p_contract);
  a contract_amendments;
begin
  select * into a from contract_amendments x where x.id = p_amendment and x.contract_id = c.id for update;
  if a.id is null then
    perform khidma.refuse(404, 'not_found');
  end if;
  update contract_amendments set status = 'accepted' where id = a.id;
  perform khidma.sign_text(c, a.id, khidma.contract_text(c, a.terms, a.total_amount, a.milestones), p_hash);
end $$;

-- Carries an amendment that both have signed over to the contract: payments that wait are given up, what is taken out or costs less gives
-- back what was held for it, and the total is the price of the booking.
create or replace function khidma.after_contract_amendment_accepted(a contract_amendments) returns void language plpgsql as $$
declare
  c contracts;
  m milestones;
  wanted record;
  given_back bigint := 0;
begin
  select * into strict c from contracts where id = a.contract_id for update;
  perform khidma.assert_amendable(c, (
    select jsonb_agg(w || case when exists (select from milestones x where x.id = (w ->> 'id')::uuid) then '{}' else '{"isNew": true}'::jsonb end)
      from jsonb_array_elements(a.milestones) w));
  perform khidma.give_up_contract_payments(c.booking_id);
  for m in select * from milestones x where x.contract_id = c.id and x.status not in ('completed', 'canceled')
              and not exists (select from jsonb_array_elements(a.milestones) w where (w ->> 'id')::uuid = x.id) order by x.position for update loop
    update milestones set status = 'canceled', outcome = 'removed', refunded_amount = case when funded_at is null then 0 else amount end where id = m.id;
    given_back := given_back + case when m.funded_at is null then 0 else m.amount end;
  end loop;
  for wanted in
    select (w.value ->> 'id')::uuid as id, w.position, w.value ->> 'title' as title, w.value ->> 'description' as description,
           (w.value ->> 'amount')::bigint as amount, (w.value ->> 'dueAt')::timestamptz as due_at
      from jsonb_array_elements(a.milestones) with ordinality w (value, position) order by w.position
  loop
    select * into m from milestones x where x.id = wanted.id for update;
    if m.id is null then
      insert into milestones (id, contract_id, position, title, description, amount, due_at, deadline_at)
      values (wanted.id, c.id, wanted.position, wanted.title, wanted.description, wanted.amount, wanted.due_at, wanted.due_at);
    else
      given_back := given_back + case when m.funded_at is null then 0 else m.amount - wanted.amount end;
      update milestones
         set position = wanted.position, title = wanted.title, description = wanted.description, amount = wanted.amount, due_at = wanted.due_at,
             deadline_at = case when wanted.due_at is distinct from m.due_at then wanted.due_at else m.deadline_at end,
             due_reminded_at = case when wanted.due_at is distinct from m.due_at then null else m.due_reminded_at end
       where id = m.id returning * into m;
      if m.status = 'overdue' and coalesce(m.deadline_at > now(), true) then
        update milestones set status = case when started_at is null then 'pending' else 'in_progress' end::milestone_status where id = m.id;
      end if;
    end if;
  end loop;
  if given_back > 0 then
    perform khidma.refund_out_of_escrow(c, given_back, 'canceled');
  end if;
  update contracts set terms = a.terms, total_amount = a.total_amount, signed_sha256 = a.text_sha256 where id = c.id;
  perform khidma.price_by_contract(c.booking_id, a.total_amount);
  perform khidma.note_contract_activity(c.id);
  perform khidma.complete_contract(c.id);
end $$;
