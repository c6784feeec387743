-- As before, but for the token that comes twice at once: two callers hold it, so that one of them should not. Nobody can
-- tell which was first to get it; the family ends with the second use, whether it comes a moment or a day after the first.
-- A client that is unsure whether its exchange arrived repeats it with the same `Idempotency-Key` and gets the same answer.
-- Outcomes: refreshed · invalid (unknown, expired, ended) · reused.
create or replace function khidma.refresh_session(
  p_token_hash text, p_new_token_id uuid, p_new_token_hash text, p_token_seconds int,
  out outcome text, out account users, out family uuid, out token uuid, out issued_at timestamptz
) language plpgsql as $$
declare
  shown refresh_tokens;
  mine sessions;
begin
  outcome := 'invalid';
  select * into shown from refresh_tokens where token_hash = p_token_hash;
  if not found then
    return;
  end if;
  -- One exchange a family at a time: what the neighbour did is seen once it is ours.
  select * into mine from sessions where id = shown.session_id for update;
  select * into shown from refresh_tokens where id = shown.id;
  if not found or mine.revoked_at is not null or shown.expires_at <= now() then
    return;
  end if;
  family := mine.id;
  select * into account from users where id = mine.user_id;
  perform set_config('khidma.user_id', account.id::text, true), set_config('khidma.role', account.role::text, true);
  if shown.used_at is not null then
    outcome := 'reused';
    perform khidma.end_session(mine.id, mine.user_id, 'refresh_token_reused');
    perform khidma.emit('session.revoked', 'session', mine.id, 2,
      jsonb_build_object('sessionId', mine.id, 'userId', mine.user_id, 'reason', 'refresh_token_reused'), array[mine.user_id]);
    return;
  end if;
  update refresh_tokens set used_at = now(), replaced_by = p_new_token_id where id = shown.id;
  insert into refresh_tokens (id, session_id, token_hash, expires_at)
  values (p_new_token_id, mine.id, p_new_token_hash, now() + make_interval(secs => p_token_seconds));
  update sessions set last_used_at = now() where id = mine.id;
  update user_devices set last_seen_at = now() where user_id = mine.user_id and device_id = mine.device_id;
  outcome := 'refreshed';
  token := p_new_token_id;
  issued_at := now();
end $$;
