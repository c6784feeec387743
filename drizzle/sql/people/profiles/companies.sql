-- Refuses a decision by staff without `companies.review`, who may not approve, about their own company, or that repeats the present
-- decision, and an approval of a company that lacks what is required. The
-- machine holds the states, and that only staff decide. Runs before `b_approve_again`, which is no decision by staff.
create or replace function khidma.guard_company_approval() returns trigger language plpgsql as $$
begin
  if not khidma.acts_alone() and khidma.actor_role() in ('ops', 'admin') then
    if new.user_id = khidma.actor_id() then
      perform khidma.refuse(403, 'forbidden');
    end if;
    perform khidma.needs_permission('companies.review');
    if new.approval_status = old.approval_status and new.approval_status <> 'pending' then
      perform khidma.refuse(409, 'not_pending');
    end if;
    perform khidma.needs_approver();
    if new.approval_status = 'approved' then
      perform khidma.require_all('company', new.user_id);
    end if;
  end if;
  return new;
end $$;

-- Sets a company back to pending when its name or registration number changes: the approval was given to the old ones.
create or replace function khidma.approve_again() returns trigger language plpgsql as $$
begin
  new.approval_status := 'pending';
  return new;
end $$;

-- Approves a company that waits in the system's name, where policy lets the system decide alone about its owner and nothing required is
-- missing. Runs after its case was opened: the approval closes it.
create or replace function khidma.approve_company_alone() returns trigger language plpgsql as $$
begin
  if khidma.approves_alone('company', new.user_id) and khidma.requirements_met('company', new.user_id) then
    update company_profiles set approval_status = 'approved' where user_id = new.user_id and approval_status = 'pending';
  end if;
  return null;
end $$;

-- Emits the decision about a company to its owner.
create or replace function khidma.company_decided() returns trigger language plpgsql as $$
begin
  perform khidma.emit('company.' || new.approval_status, 'company', new.user_id, new.version,
    jsonb_build_object('companyId', new.user_id, 'userId', new.user_id), array[new.user_id]);
  return null;
end $$;
