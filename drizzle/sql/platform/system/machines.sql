-- Returns the transition that the actor makes as party `mine` (null for strangers), or refuses it: strangers 404, wrong party 403,
-- wrong state 409. A change made by a trigger (depth > 1) follows from another one and may also be made in the system's name. Each
-- machine's own file calls it from the triggers of its table.
create or replace function khidma.transition_of(p_machine text, p_from text, p_to text, mine text) returns state_transitions
language plpgsql stable as $$
declare
  made state_transitions;
begin
  select * into made from state_transitions t
    where t.machine = p_machine and t.to_state = p_to and t.party = mine and t.from_state is not distinct from p_from;
  if not found and pg_trigger_depth() > 1 then
    select * into made from state_transitions t
      where t.machine = p_machine and t.to_state = p_to and t.party = 'system' and t.from_state is not distinct from p_from;
  end if;
  if found then
    return made;
  end if;
  if mine is null then
    perform khidma.refuse(404, 'not_found');
  elsif not exists (select 1 from state_transitions t
      where t.machine = p_machine and t.to_state = p_to and t.party = mine)
  then
    perform khidma.refuse(403, 'forbidden');
  end if;
  perform khidma.refuse(409, 'invalid_transition', jsonb_build_object('from', coalesce(p_from, 'nothing'), 'to', p_to));
end $$;
