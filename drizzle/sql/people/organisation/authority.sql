-- Returns whether a member of staff may change the organisation: admins may, as may staff without a designation; of others the designation
-- says so, while it is active and they are employed.
create or replace function khidma.may_manage_team(p_user_id uuid) returns boolean language plpgsql stable as $$
begin
  return (
    select exists (select from users u where u.id = p_user_id and u.role = 'admin')
        or not exists (select from employees e join designations d on d.id = e.designation_id
                        where e.user_id = p_user_id and not (d.can_manage_team and d.is_active and e.employment_status = 'active')));
end $$;

-- Returns whether a member of staff may change settings of the system: by a role that is granted to them.
create or replace function khidma.may_manage_settings(p_user_id uuid) returns boolean language plpgsql stable as $$
begin
  return (
    select exists (select from user_roles g join roles r on r.id = g.role_id and r.is_active and r.can_manage_system_settings
                    where g.user_id = p_user_id and g.status = 'approved' and (g.expires_at is null or g.expires_at > now())));
end $$;

-- Refuses a change of settings by staff whose roles do not let them make it. The system and the database need nothing.
create or replace function khidma.needs_settings_authority() returns void language plpgsql as $$
begin
  if not khidma.acts_alone() and not khidma.may_manage_settings(khidma.actor_id()) then
    perform khidma.refuse(403, 'settings_not_permitted');
  end if;
end $$;

-- Refuses a write by staff who hold its permission where their designation or their roles do not let them use it.
create or replace function khidma.assert_authority(p_user_id uuid, p_permission text) returns void language plpgsql as $$
begin
  if p_permission in ('organisation.manage', 'roles.assign') then
    if not khidma.may_manage_team(p_user_id) then
      perform khidma.refuse(403, 'team_not_permitted');
    end if;
  elsif p_permission in ('config.manage', 'gateways.manage') then
    if not khidma.may_manage_settings(p_user_id) then
      perform khidma.refuse(403, 'settings_not_permitted');
    end if;
  end if;
end $$;
