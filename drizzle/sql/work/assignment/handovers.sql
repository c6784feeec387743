-- Gives a booking of a company to another of its people, by the same function by which staff reassign (after insert on company_handovers). As
-- the consequence of an act, in a trigger, its steps are the system's: a company has no transitions of its own.
create or replace function khidma.hand_over() returns trigger language plpgsql as $$
declare
  the_task uuid := (select b.task_id from bookings b where b.id = new.booking_id);
begin
  perform khidma.reassign_task(the_task, new.tasker_id, new.reason);
  return null;
end $$;

-- Refuses to hand over what the company has not, and to whom it has not (before insert on company_handovers). The locks put a handover and
-- the end of the membership in line: whoever left first gets nothing.
create or replace function khidma.guard_handover() returns trigger language plpgsql as $$
begin
  if not exists (select from bookings b where b.id = new.booking_id and b.company_id = new.company_id) then
    perform khidma.refuse(404, 'not_found');
  end if;
  perform from company_members m where m.company_id = new.company_id and m.user_id = new.tasker_id and m.status = 'active' for share;
  if not found then
    perform khidma.refuse(422, 'not_a_member');
  end if;
  return new;
end $$;
