-- departments
create or replace trigger b_touch before update on departments for each row execute function khidma.touch();
create or replace trigger z_audit after insert or delete or update on departments for each row execute function khidma.audit_departments();

-- designations
create or replace trigger a_guard_home before update of department_id on designations for each row when (old.department_id <> new.department_id) execute function khidma.guard_designation_home();
create or replace trigger b_touch before update on designations for each row execute function khidma.touch();
create or replace trigger z_audit after insert or delete or update on designations for each row execute function khidma.audit_designations();

-- employees
create or replace trigger a_guard_designation before insert or update of department_id, designation_id on employees for each row when (new.designation_id is not null and new.department_id is not null) execute function khidma.guard_designation();
create or replace trigger a_guard_managers before insert or update of manager_employee_id on employees for each row when (new.manager_employee_id is not null) execute function khidma.guard_managers();
create or replace trigger a_guard_transfer before update of department_id on employees for each row when (old.department_id is distinct from new.department_id) execute function khidma.guard_transfer();
create or replace trigger b_touch before update on employees for each row execute function khidma.touch();
create or replace trigger c_ended after insert or update of employment_status on employees for each row when (new.employment_status = 'terminated') execute function khidma.employment_ended();
create or replace trigger z_audit after insert or delete or update on employees for each row execute function khidma.audit_employees();
