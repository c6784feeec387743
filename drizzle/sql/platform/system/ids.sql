-- Returns a new UUIDv7. The ids of one transaction ascend, so that "by id" is the order in which things happened: two steps of a
-- task, or the lines of one record, often fall into one millisecond. rand_a is the fraction of the millisecond in 4096ths (RFC
-- 9562, 6.2, method 3), and one more than the transaction's last where the clock did not move. The setting is made within the
-- expression, and the time taken as a float (exact to a tick until 2039): a statement and numerics cost as much again.
create or replace function khidma.uuid_v7() returns uuid language plpgsql volatile parallel unsafe as $$
declare
  tick bigint := greatest(
    (date_part('epoch', clock_timestamp()) * 4096000)::bigint,
    coalesce(nullif(current_setting('khidma.id_tick', true), '')::bigint, 0) + 1);
begin
  return encode(overlay(uuid_send(gen_random_uuid())
    placing int8send(((tick >> 12) << 16) | 28672 | (set_config('khidma.id_tick', tick::text, true)::bigint & 4095)) from 1 for 8), 'hex')::uuid;
end $$;

-- Returns the smallest UUIDv7 of a time: rows are found by time through the index of their ids.
create or replace function khidma.first_uuid_v7(p_time timestamptz) returns uuid language sql immutable parallel safe as $$
  select (lpad(to_hex((extract(epoch from p_time) * 1000)::bigint), 12, '0') || '00000000000000000000')::uuid
$$;
