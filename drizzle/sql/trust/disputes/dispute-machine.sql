-- Generated from machine.ts by `npm run machines`: which party may make which transition, and what follows from it.

delete from state_transitions where machine = 'dispute';
insert into state_transitions (machine, name, from_state, to_state, party, drives_to, event) values
  ('dispute', 'created', null, 'open', 'client', null, 'dispute.created'),
  ('dispute', 'created', null, 'open', 'tasker', null, 'dispute.created'),
  ('dispute', 'created', null, 'open', 'ops', null, 'dispute.created'),
  ('dispute', 'investigate', 'open', 'investigating', 'ops', null, 'dispute.investigating'),
  ('dispute', 'investigate', 'escalated', 'investigating', 'ops', null, 'dispute.investigating'),
  ('dispute', 'escalate', 'open', 'escalated', 'ops', null, 'dispute.escalated'),
  ('dispute', 'escalate', 'investigating', 'escalated', 'ops', null, 'dispute.escalated'),
  ('dispute', 'resolve', 'open', 'resolved', 'ops', null, 'dispute.resolved'),
  ('dispute', 'resolve', 'investigating', 'resolved', 'ops', null, 'dispute.resolved'),
  ('dispute', 'resolve', 'escalated', 'resolved', 'ops', null, 'dispute.resolved'),
  ('dispute', 'reject', 'open', 'rejected', 'ops', null, 'dispute.rejected'),
  ('dispute', 'reject', 'investigating', 'rejected', 'ops', null, 'dispute.rejected'),
  ('dispute', 'reject', 'escalated', 'rejected', 'ops', null, 'dispute.rejected'),
  ('dispute', 'refund', 'open', 'refunded', 'ops', null, 'dispute.refunded'),
  ('dispute', 'refund', 'investigating', 'refunded', 'ops', null, 'dispute.refunded'),
  ('dispute', 'refund', 'escalated', 'refunded', 'ops', null, 'dispute.refunded');

create or replace function khidma.dispute_consequences() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.status::text end;
begin
  if new.status = 'resolved' and was in ('open', 'investigating', 'escalated') then
    perform khidma.after_dispute_resolved(new);
  end if;
  if new.status = 'rejected' and was in ('open', 'investigating', 'escalated') then
    perform khidma.after_dispute_rejected(new);
  end if;
  if new.status = 'refunded' and was in ('open', 'investigating', 'escalated') then
    perform khidma.after_dispute_refunded(new);
  end if;
  return null;
end $$;
