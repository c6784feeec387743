-- Generated from machine.ts by `npm run machines`: which party may make which transition, and what follows from it.

delete from state_transitions where machine = 'verification';
insert into state_transitions (machine, name, from_state, to_state, party, drives_to, event) values
  ('verification', 'submit', null, 'pending', 'owner', null, 'verification.pending'),
  ('verification', 'resubmit', 'needs_document', 'pending', 'owner', null, 'verification.pending'),
  ('verification', 'request-document', 'pending', 'needs_document', 'ops', null, 'verification.document_requested'),
  ('verification', 'approve', 'pending', 'approved', 'ops', null, 'verification.verified'),
  ('verification', 'approve', 'pending', 'approved', 'system', null, 'verification.verified'),
  ('verification', 'reject', 'pending', 'rejected', 'ops', null, 'verification.rejected'),
  ('verification', 'reject', 'pending', 'rejected', 'system', null, 'verification.rejected'),
  ('verification', 'reject', 'needs_document', 'rejected', 'ops', null, 'verification.rejected'),
  ('verification', 'reject', 'needs_document', 'rejected', 'system', null, 'verification.rejected'),
  ('verification', 'revoke', 'approved', 'rejected', 'ops', null, 'verification.rejected'),
  ('verification', 'withdraw', 'pending', 'withdrawn', 'owner', null, 'verification.withdrawn'),
  ('verification', 'withdraw', 'needs_document', 'withdrawn', 'owner', null, 'verification.withdrawn'),
  ('verification', 'abandon', 'needs_document', 'withdrawn', 'system', null, 'verification.abandoned'),
  ('verification', 'lapse', 'approved', 'lapsed', 'system', null, 'verification.lapsed');

-- Returns the party that the transaction's actor is to the object; null for strangers and for transactions without an actor.
create or replace function khidma.party_in_verification(p_verification verification_requests) returns text language plpgsql stable as $$
declare
  role text := khidma.actor_role();
  me uuid := khidma.actor_id();
begin
  if role in ('system', 'provider') then
    return role;
  elsif role in ('ops', 'admin') then
    return 'ops';
  elsif p_verification.user_id = me then
    return 'owner';
  end if;
  return null;
end $$;

-- Refuses transitions that the machine does not allow. Fires also when the value stays the same: confirming what is confirmed is a
-- conflict, not a success.
create or replace function khidma.guard_verification_state() returns trigger language plpgsql as $$
begin
  perform khidma.transition_of('verification', case when tg_op = 'UPDATE' then old.status::text end, new.status::text, khidma.party_in_verification(new));
  return new;
end $$;

-- Writes the event of a transition. Other consequences are below.
create or replace function khidma.record_verification_transition() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.status::text end;
  made state_transitions := khidma.transition_of('verification', was, new.status::text, khidma.party_in_verification(new));
  the_owner uuid := new.user_id;
begin
  perform khidma.emit(
    made.event, 'verification', new.id, new.version,
    jsonb_strip_nulls(jsonb_build_object(
      'from', was,
      'to', new.status,
      'action', made.name,
      'party', made.party,
      'verificationRequestId', new.id,
      'verificationType', new.verification_type,
      'documentType', new.document_type,
      'userId', the_owner)),
    array[the_owner]);
  return null;
end $$;
