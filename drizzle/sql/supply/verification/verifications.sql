-- Refuses a verification that begins in a further state than unverified, except by staff and the system, who may check papers.
create or replace function khidma.guard_new_verification() returns trigger language plpgsql as $$
begin
  if coalesce(khidma.actor_role(), '') not in ('ops', 'admin', 'system') then
    perform khidma.refuse(403, 'forbidden');
  end if;
  return new;
end $$;

-- Begins the verification of an account that has none.
create or replace function khidma.begin_verification(p_user_id uuid) returns void language sql as $$
  insert into user_verifications (user_id) values (p_user_id)
$$;

-- Notes that an account has proven its number.
create or replace function khidma.phone_verified(p_user_id uuid) returns void language sql as $$
  insert into user_verifications as v (user_id, phone_verified) values (p_user_id, true)
    on conflict (user_id) do update set phone_verified = true where not v.phone_verified
$$;
