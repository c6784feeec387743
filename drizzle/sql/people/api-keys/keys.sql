-- Checks an API key whose signature and scope the Worker has verified: only the database knows whether the key is still active
-- and what role its owner has now. Returns that role. The refusal says that the owner is suspended, as the caller has shown the
-- key's secret.
create or replace function khidma.admit_key(p_user_id uuid, p_role text, p_call jsonb) returns text language plpgsql as $$
declare
  the_key api_keys;
  owner users;
begin
  select * into the_key from api_keys where id = (p_call ->> 'keyId')::uuid and user_id = p_user_id;
  if not found or the_key.revoked_at is not null or the_key.expires_at <= now() or (
    the_key.key_hash = p_call ->> 'keyHash'
    or (the_key.previous_until > now() and the_key.previous_hash = p_call ->> 'keyHash')) is not true then
    perform khidma.refuse(401, 'invalid_api_key');
  end if;
  select * into owner from users where id = p_user_id;
  if owner.status = 'suspended' and owner.erased_at is null then
    perform khidma.refuse(403, 'account_suspended');
  end if;
  if owner.status is distinct from 'active' or owner.erased_at is not null then
    perform khidma.refuse(401, 'invalid_api_key');
  end if;
  -- The Worker has admitted the call in the role that the key names. Of other roles only a client's never permits too much.
  if owner.role::text <> p_role and not (p_role = 'client' and owner.role = 'tasker') then
    perform khidma.refuse(401, 'invalid_api_key');
  end if;
  if not (p_call -> 'roles' ? owner.role::text) then
    perform khidma.refuse(403, 'forbidden');
  end if;
  -- Permissions of staff are in no key: they are read now.
  if p_call ? 'permission' and owner.role::text not in ('client', 'tasker') then
    if not khidma.holds(owner.id, p_call ->> 'permission') then
      perform khidma.refuse(403, 'forbidden');
    end if;
    perform khidma.assert_authority(owner.id, p_call ->> 'permission');
  end if;
  -- Written at most once a minute, and without waiting for a lock: a busy key is no hot row.
  if the_key.last_used_at is null or the_key.last_used_at < now() - interval '1 minute' then
    update api_keys set last_used_at = now() where id = (
      select k.id from api_keys k where k.id = the_key.id
        and (k.last_used_at is null or k.last_used_at < now() - interval '1 minute') for update skip locked);
  end if;
  return owner.role::text;
end $$;

-- Emits to the owner that a key was created, replaced or revoked: a thief may have done it.
create or replace function khidma.api_key_changed() returns trigger language plpgsql as $$
declare
  what text := case when tg_op = 'INSERT' then 'created' when new.revoked_at is not null then 'revoked' else 'rotated' end;
begin
  perform khidma.emit('api_key.' || what, 'api_key', new.id, new.version,
    jsonb_build_object('apiKeyId', new.id, 'userId', new.user_id)
      -- Without an overlap the old key is refused at once.
      || case when what = 'rotated' then jsonb_build_object('overlaps', coalesce(new.previous_until > now(), false)) else '{}' end,
    array[new.user_id]);
  return null;
end $$;

-- Deletes API keys that ended a period ago, at most `p_limit`. Those of users under legal hold stay.
create or replace function khidma.purge_api_keys(p_limit int) returns json language plpgsql as $$
declare
  keys int;
begin
  delete from api_keys where ctid = any (array(
    select k.ctid from api_keys k where least(k.revoked_at, k.expires_at) < now() - khidma.retention_period('api_keys')
       and not exists (select from users u where u.id = k.user_id and u.legal_hold)
     order by least(k.revoked_at, k.expires_at) limit p_limit for update skip locked));
  get diagnostics keys = row_count;
  return json_build_object('apiKeys', keys);
end $$;

-- Revokes every API key of an account, in id order.
create or replace function khidma.revoke_keys_of(p_user_id uuid) returns void language plpgsql as $$
begin
  update api_keys set revoked_at = now() where id in (
    select k.id from api_keys k where k.user_id = p_user_id and k.revoked_at is null order by k.id for update);
end $$;
