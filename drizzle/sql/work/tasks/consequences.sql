-- What follows from a change by itself: closed offers, the conversation, derived rates, reviews that end a task.
create or replace function khidma.task_consequences() returns trigger language plpgsql as $$
begin
  if old.state = 'matching' and new.state <> 'matching' then
    update offers set status = 'withdrawn', answered_at = now() where task_id = new.id and status = 'pending';
  end if;
  if new.state = 'settled' and (select count(*) from reviews r join bookings b on b.id = r.booking_id
                                 where b.task_id = new.id) >= 2 then
    update tasks set state = 'reviewed' where id = new.id;
  end if;
  return null;
end $$;
