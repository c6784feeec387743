-- Refuses a circle of managers: the way up from an employee must end. The lock keeps two changes from closing a circle together.
create or replace function khidma.guard_managers() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('khidma.guard_managers', 0));
  if exists (
    with recursive above (id) as (
      select new.manager_employee_id union select e.manager_employee_id from employees e join above a on e.id = a.id
    ) select from above where id = new.id) then
    perform khidma.refuse(409, 'manager_circle');
  end if;
  return new;
end $$;

-- Refuses a designation of another department than the employee's; an employee without a department may have any. The lock keeps
-- the designation in its department meanwhile.
create or replace function khidma.guard_designation() returns trigger language plpgsql as $$
declare
  home uuid;
begin
  select d.department_id into home from designations d where d.id = new.designation_id for share;
  if home <> new.department_id then
    perform khidma.refuse(409, 'designation_elsewhere');
  end if;
  return new;
end $$;

-- Refuses to move an employee out of, or into, a department that is closed to transfers. Employees are hired into any. The lock keeps a
-- concurrent closing of the departments from being overlooked: it is waited for, or waits.
create or replace function khidma.guard_transfer() returns trigger language plpgsql as $$
begin
  perform from departments d where d.id in (old.department_id, new.department_id) order by d.id for share;
  if exists (select from departments d where d.id in (old.department_id, new.department_id) and not d.transfers_enabled) then
    perform khidma.refuse(409, 'transfers_disabled');
  end if;
  return new;
end $$;

-- Refuses to move a designation to another department while employees of the old one have it.
create or replace function khidma.guard_designation_home() returns trigger language plpgsql as $$
begin
  if exists (select from employees e where e.designation_id = new.id and e.department_id <> new.department_id) then
    perform khidma.refuse(409, 'designation_elsewhere');
  end if;
  return new;
end $$;

-- Revokes the staff roles of an employee whose employment ends, in the name of the actor, who must be allowed to (`guard_grant`).
-- The revocation is recorded beside the original grantor. Locks in the usual order: roles, account; a concurrent grant waits for
-- the account or is seen here.
create or replace function khidma.employment_ended() returns trigger language plpgsql as $$
begin
  perform khidma.end_staff_grants(new.user_id);
  return null;
end $$;
