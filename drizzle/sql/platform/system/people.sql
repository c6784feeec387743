-- Generated from the machine.ts tables by `npm run machines`: the people of an object, from its row as JSON, in the order of their
-- machine. `event_key` names them in the data of events; null: they hear none.
create or replace function khidma.people_of(machine text, obj jsonb) returns table (party text, event_key text, user_id uuid)
language plpgsql stable as $$
begin
  case machine
    when 'user' then
      return query select 'owner', 'userId', (obj ->> 'id')::uuid;
    when 'company' then
      return query select 'owner', 'userId', (obj ->> 'user_id')::uuid;
    when 'export' then
      return query select 'owner', 'userId', (obj ->> 'user_id')::uuid;
    when 'erasure' then
      return query select 'owner', 'userId', (obj ->> 'user_id')::uuid;
    when 'tasker' then
      return query select 'tasker', 'taskerId', (obj ->> 'user_id')::uuid;
    when 'verification' then
      return query select 'owner', 'userId', (obj ->> 'user_id')::uuid;
    when 'task' then
      return query select 'client', 'clientId', (obj ->> 'client_id')::uuid
        union all select 'tasker', 'taskerId', o.tasker_id from bookings o where o.task_id = (obj ->> 'id')::uuid
        union all select 'invited', null, o.tasker_id from offers o where o.task_id = (obj ->> 'id')::uuid and o.status = 'pending';
    when 'offer' then
      return query select 'tasker', 'taskerId', (obj ->> 'tasker_id')::uuid;
    when 'booking' then
      return query select 'client', 'clientId', (obj ->> 'client_id')::uuid
        union all select 'tasker', 'taskerId', (obj ->> 'tasker_id')::uuid;
    when 'payment_intent' then
      return query select 'client', 'clientId', o.client_id from bookings o where o.id = (obj ->> 'booking_id')::uuid
        union all select 'tasker', 'taskerId', o.tasker_id from bookings o where o.id = (obj ->> 'booking_id')::uuid;
    when 'payout' then
      return query select 'tasker', 'taskerId', (obj ->> 'tasker_id')::uuid;
    when 'report' then
      return query select 'reporter', 'clientId', (obj ->> 'reporter_id')::uuid;
    when 'dispute' then
      return query select 'client', 'clientId', o.client_id from bookings o where o.id = (obj ->> 'booking_id')::uuid
        union all select 'tasker', 'taskerId', o.tasker_id from bookings o where o.id = (obj ->> 'booking_id')::uuid;
  end case;
end $$;
