-- A permission alone let staff change the organisation and the settings until now. Those who could still can: other roles and designations
-- say so themselves.
update roles r set can_manage_system_settings = true
 where not r.can_manage_system_settings
   and (r.is_system_role and r.name = 'finance'
        or exists (select from role_permissions rp join permissions p on p.id = rp.permission_id
                    where rp.role_id = r.id and p.name in ('config.manage', 'gateways.manage')));
--> statement-breakpoint
update designations d set can_manage_team = true
 where not d.can_manage_team
   and exists (select from employees e join user_roles g on g.user_id = e.user_id and g.status = 'approved'
                 join role_permissions rp on rp.role_id = g.role_id join permissions p on p.id = rp.permission_id
                where e.designation_id = d.id and p.name in ('organisation.manage', 'roles.assign'));
