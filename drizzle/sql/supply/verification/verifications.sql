-- Refuses a verification that begins in a further state than unverified, except by staff and the system, who may check papers.
create or replace function khidma.guard_new_verification() returns trigger language plpgsql as $$
begin
  if coalesce(khidma.actor_role(), '') not in ('ops', 'admin', 'system') then
    perform khidma.refuse(403, 'forbidden');
  end if;
  return new;
end $$;
