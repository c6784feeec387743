-- Registers a device of a user, or updates it; the `p_max_devices` seen last remain. Null p_push_token: the device gets no
-- pushes. A token that another user had (the phone changed hands) moves.
create or replace function khidma.register_device(
  p_user_id uuid, p_device_id text, p_platform text, p_push_token text, p_max_devices int
) returns void language plpgsql as $$
begin
  if p_push_token is not null then
    perform pg_advisory_xact_lock(hashtextextended('push_token:' || p_push_token, 10));
    update user_devices set push_token = null
      where push_token = p_push_token and (user_id, device_id) <> (p_user_id, p_device_id);
  end if;
  insert into user_devices (id, user_id, device_id, platform, push_token, last_seen_at)
  values (khidma.uuid_v7(), p_user_id, p_device_id, p_platform, p_push_token, now())
  on conflict (user_id, device_id) do update
    set platform = excluded.platform, push_token = excluded.push_token, last_seen_at = excluded.last_seen_at;
  delete from user_devices where id in (
    select id from user_devices where user_id = p_user_id order by last_seen_at desc nulls last, id desc offset p_max_devices);
end $$;
