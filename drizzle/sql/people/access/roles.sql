-- Keeps system roles as they are. A role is shaped only with `roles.manage`; activating it, opening it to another audience or
-- giving it more authority needs every permission that it carries, and authority over settings is only passed on. A role with grants in its history cannot be deleted.
create or replace function khidma.guard_role() returns trigger language plpgsql as $$
begin
  if not khidma.acts_alone() then
    perform khidma.needs_permission('roles.manage');
    if (tg_op <> 'INSERT' and old.is_system_role) or (tg_op <> 'DELETE' and new.is_system_role) then
      perform khidma.refuse(409, 'system_role');
    end if;
    if tg_op = 'UPDATE' and (new.is_active and not old.is_active or new.audience <> old.audience
        or new.can_approve_requests and not old.can_approve_requests
        or new.can_manage_system_settings and not old.can_manage_system_settings) then
      perform khidma.may_widen(old.id, khidma.permissions_of_role(old.id));
    end if;
    if tg_op <> 'DELETE' and new.can_manage_system_settings and (tg_op = 'INSERT' or not old.can_manage_system_settings) then
      perform khidma.needs_settings_authority();
    end if;
  end if;
  if tg_op = 'UPDATE' and old.name = 'admin' and (new.name <> 'admin' or not new.is_active or new.audience <> 'internal') then
    perform khidma.refuse(409, 'last_admin');
  end if;
  -- Grants and requests, past ones included, are history that names the role.
  if tg_op = 'DELETE' and exists (select from user_roles g where g.role_id = old.id) then
    perform khidma.refuse(409, 'role_in_use');
  end if;
  return coalesce(new, old);
end $$;

-- Refuses to add a permission to a role that the actor does not hold, and to change a system role. The role is locked, so that a
-- concurrent activation has seen all that it permits.
create or replace function khidma.guard_role_permission() returns trigger language plpgsql as $$
declare
  the_role uuid := case when tg_op = 'DELETE' then old.role_id else new.role_id end;
begin
  if khidma.acts_alone() then
    return coalesce(new, old);
  end if;
  perform from roles r where r.id = the_role for no key update;
  if exists (select from roles r where r.id = the_role and r.is_system_role) then
    perform khidma.refuse(409, 'system_role');
  end if;
  perform khidma.needs_permission('roles.manage');
  if tg_op = 'UPDATE' then
    perform khidma.refuse(409, 'conflict');
  elsif tg_op = 'INSERT' then
    perform khidma.may_widen(the_role, array(select p.name from permissions p where p.id = new.permission_id));
  end if;
  return coalesce(new, old);
end $$;
