-- Generated from machine.ts by `npm run machines`: which party may make which transition, and what follows from it.

delete from state_transitions where machine = 'offer';
insert into state_transitions (machine, name, from_state, to_state, party, drives_to, event) values
  ('offer', 'created', null, 'pending', 'system', null, 'offer.created'),
  ('offer', 'accept', 'pending', 'accepted', 'tasker', null, 'offer.accepted'),
  ('offer', 'decline', 'pending', 'declined', 'tasker', null, 'offer.declined'),
  ('offer', 'expire', 'pending', 'expired', 'system', null, 'offer.expired'),
  ('offer', 'withdraw', 'pending', 'withdrawn', 'system', null, 'offer.withdrawn');

create or replace function khidma.offer_consequences() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.status::text end;
begin
  if new.status = 'accepted' and was in ('pending') then
    perform khidma.after_offer_accepted(new);
  end if;
  if new.status = 'declined' and was in ('pending') then
    perform khidma.after_offer_declined(new);
  end if;
  if new.status = 'expired' and was in ('pending') then
    perform khidma.after_offer_expired(new);
  end if;
  return null;
end $$;
