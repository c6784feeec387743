-- Returns whether a member of staff may decide on requests: by a role that is granted to them, or by their designation.
create or replace function khidma.may_approve(p_user_id uuid) returns boolean language plpgsql stable as $$
begin
  return (
    select exists (select from user_roles g join roles r on r.id = g.role_id and r.is_active and r.can_approve_requests
                    where g.user_id = p_user_id and g.status = 'approved' and (g.expires_at is null or g.expires_at > now()))
        or exists (select from employees e join designations d on d.id = e.designation_id and d.is_active and d.can_approve
                    where e.user_id = p_user_id and e.employment_status = 'active'));
end $$;

-- Refuses a decision by staff whose roles and designation do not let them approve. The system and the database need nothing.
create or replace function khidma.needs_approver() returns void language plpgsql as $$
begin
  if not khidma.acts_alone() and khidma.actor_role() in ('ops', 'admin') and not khidma.may_approve(khidma.actor_id()) then
    perform khidma.refuse(403, 'approval_not_permitted');
  end if;
end $$;
