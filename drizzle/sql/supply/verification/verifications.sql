-- Everybody begins unverified. Only who may check papers brings somebody in who is further.
create or replace function khidma.guard_new_verification() returns trigger language plpgsql as $$
begin
  if coalesce(khidma.actor_role(), '') not in ('ops', 'admin', 'system') then
    perform khidma.refuse(403, 'forbidden');
  end if;
  return new;
end $$;

create or replace function khidma.record_verification() returns trigger language plpgsql as $$
declare
  made state_transitions := khidma.transition_of('verification', old.verification_status::text,
                                                 new.verification_status::text, to_jsonb(new));
begin
  perform khidma.emit('verification.' || new.verification_status, 'verification', new.user_id, new.version,
    jsonb_build_object('from', old.verification_status, 'to', new.verification_status, 'action', made.name,
                       'party', made.party, 'userId', new.user_id),
    array[new.user_id]);
  return null;
end $$;
