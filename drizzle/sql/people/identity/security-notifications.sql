-- Filled up with spaces, so that nothing can be told from its length, and added to the key byte by byte.
create or replace function khidma.sealed_letter(p_text text, p_key bytea) returns bytea language plpgsql immutable as $$
declare
  plain bytea := convert_to(p_text, 'UTF8');
  result bytea := p_key;
begin
  if length(plain) > length(p_key) then
    raise exception 'a letter is longer than its key';
  end if;
  for i in 0 .. length(p_key) - 1 loop
    result := set_byte(result, i, get_byte(p_key, i) # case when i < length(plain) then get_byte(plain, i) else 32 end);
  end loop;
  return result;
end $$;

-- Plans the security notification of a change. `khidma.letter` is { id, key, replaced? }, given by the Worker before the change: a
-- key is good for one letter. Without one the change fails, so that no change goes unannounced. A phone change also notifies the old
-- number by SMS; one notification can use both channels.
create or replace function khidma.plan_letter() returns trigger language plpgsql as $$
declare
  given jsonb := coalesce(nullif(current_setting('khidma.letter', true), ''), '{}')::jsonb;
  owner users;
  address text;
  phone text;
begin
  select * into owner from users u where u.id = new.object_id and u.erased_at is null;
  address := case when new.type = 'user.email_changed' then given ->> 'replaced'
                  when owner.email_verified_at is not null then owner.email end;
  phone := case when new.type = 'user.phone_changed' then given ->> 'replacedPhone' end;
  if owner.id is null or address is null and phone is null then
    return null;
  elsif given ->> 'key' is null then
    raise exception 'no key for the letter about %', new.type;
  end if;
  insert into security_letters (id, user_id, event_id, sealed)
  values ((given ->> 'id')::uuid, owner.id, new.id, khidma.sealed_letter(jsonb_strip_nulls(jsonb_build_object(
            'to', address, 'phone', phone,
            'address', case when new.type = 'user.email_changed' then left(owner.email, 1) || '***' || substring(owner.email from '@.*$') end,
            'number', case when new.type = 'user.phone_changed' then khidma.masked_phone(owner.phone) end))::text,
          decode(given ->> 'key', 'base64')));
  perform set_config('khidma.letter', '', true);
  return null;
end $$;
