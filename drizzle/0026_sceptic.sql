-- What a hard look at accounts, roles and the log has found. See the tests beside each: `test/areas/{access,organisation,audit}`.

-- As before, without what only looks like a zone: a name that Postgres does not know, with a digit behind it, is to it a rule
-- of the caller's own making ("Mars/Olympus+3"), and to nobody else anything.
create or replace function khidma.is_timezone(name text) returns boolean language plpgsql immutable as $$
begin
  if name !~ '^(UTC|Etc/GMT(\+([0-9]|1[0-2])|-([0-9]|1[0-4]))|[A-Z][A-Za-z_]+(/[A-Za-z_]+(-[A-Za-z_]+)*)+)$' then
    return false;
  end if;
  perform timestamptz 'epoch' at time zone name;
  return true;
exception when invalid_parameter_value then
  return false;
end $$;
--> statement-breakpoint
update users set timezone = 'Africa/Cairo' where not khidma.is_timezone(timezone);
--> statement-breakpoint
-- Until when somebody holds a permission by the grant of theirs that lasts longest; null: not at all.
create function khidma.held_until(p_user_id uuid, p_permission text) returns timestamptz language sql stable as $$
  select max(coalesce(g.expires_at, 'infinity'))
    from user_roles g join roles r on r.id = g.role_id and r.is_active
    join role_permissions rp on rp.role_id = r.id join permissions p on p.id = rp.permission_id and p.name = p_permission
   where g.user_id = p_user_id and g.status = 'approved' and (g.expires_at is null or g.expires_at > now())
$$;
--> statement-breakpoint
-- Whoever holds something for a while gives it for no longer: for good it would come back to them from whom they gave it to.
create function khidma.must_hold_until(p_permissions text[], p_until timestamptz) returns void language plpgsql as $$
declare
  short record;
begin
  perform khidma.must_hold(p_permissions);
  select wanted as permission, khidma.held_until(khidma.actor_id(), wanted) as ends into short from unnest(p_permissions) wanted
   where khidma.held_until(khidma.actor_id(), wanted) < p_until order by 2 limit 1;
  if found then
    perform khidma.refuse(403, 'not_held_so_long', jsonb_build_object('permission', short.permission,
      'until', to_char(short.ends at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')));
  end if;
end $$;
--> statement-breakpoint
-- As before; nor for longer than they hold it, where somebody has the role for longer.
create or replace function khidma.may_widen(p_role_id uuid, p_permissions text[]) returns void language plpgsql as $$
begin
  if exists (select from user_roles g where g.role_id = p_role_id and g.user_id = khidma.actor_id() and g.status = 'approved') then
    perform khidma.refuse(403, 'own_role');
  end if;
  perform khidma.must_hold_until(p_permissions, coalesce((
    select max(coalesce(g.expires_at, 'infinity')) from user_roles g where g.role_id = p_role_id and g.status = 'approved'), '-infinity'));
end $$;
--> statement-breakpoint
-- As before. Nobody grants for longer than they hold, nor to an account that is closed; whose employment has ended is staff
-- no more.
create or replace function khidma.guard_grant() returns trigger language plpgsql as $$
declare
  actor uuid := khidma.actor_id();
  is_person boolean := not khidma.acts_alone();
  account user_status;
begin
  perform from roles r where r.id = case when tg_op = 'DELETE' then old.role_id else new.role_id end for share;
  if not found then
    perform khidma.refuse(404, 'not_found');
  end if;
  select u.status into account from users u
    where u.id = case when tg_op = 'DELETE' then old.user_id else new.user_id end for no key update;
  if tg_op <> 'INSERT' and khidma.is_standing_admin_grant(old)
    and (tg_op = 'DELETE' or not khidma.is_standing_admin_grant(new)) then
    perform khidma.keep_an_admin(old.user_id);
  end if;
  if tg_op = 'DELETE' then
    return old;
  end if;
  if tg_op = 'UPDATE' and (new.user_id, new.role_id) is distinct from (old.user_id, old.role_id) then
    perform khidma.refuse(409, 'conflict');
  end if;
  if tg_op = 'UPDATE' and old.status not in ('pending', 'approved') then
    perform khidma.refuse(409, 'not_pending');
  end if;
  if new.status = 'approved' and exists (select from employees e where e.user_id = new.user_id and e.employment_status = 'terminated')
    and exists (select from roles r where r.id = new.role_id and r.audience = 'internal') then
    perform khidma.refuse(409, 'employment_ended');
  end if;
  if not is_person then
    return new;
  end if;
  if new.status = 'pending' then
    if new.user_id <> actor then
      perform khidma.refuse(403, 'forbidden');
    end if;
    return new;
  end if;
  -- One's own request or role may be given back, and nothing more.
  if new.user_id = actor then
    if tg_op = 'UPDATE' and new.status = 'revoked' then
      return new;
    end if;
    perform khidma.refuse(403, 'own_role');
  end if;
  perform khidma.needs_permission('roles.assign');
  if new.status <> 'approved' then
    perform khidma.must_hold(khidma.permissions_of_role(new.role_id));
    return new;
  end if;
  if account = 'closed' then
    perform khidma.refuse(409, 'account_not_in_state');
  end if;
  perform khidma.must_hold_until(khidma.permissions_of_role(new.role_id), coalesce(new.expires_at, 'infinity'));
  return new;
end $$;
--> statement-breakpoint
-- With the employment end the roles of staff: revoked as by whoever ends it, who must be somebody that may (`guard_grant`).
-- Locks in the order of all: roles, account. A grant that runs beside this waits for the account, or is seen here.
create function khidma.employment_ended() returns trigger language plpgsql as $$
declare
  g record;
begin
  perform from roles r where r.id in (select u.role_id from user_roles u where u.user_id = new.user_id and u.status = 'approved')
    order by r.id for share;
  perform from users u where u.id = new.user_id for no key update;
  for g in select u.id from user_roles u join roles r on r.id = u.role_id and r.audience = 'internal'
            where u.user_id = new.user_id and u.status = 'approved' order by u.id loop
    update user_roles set status = 'revoked', assigned_by = khidma.actor_id(), assigned_at = now() where id = g.id;
  end loop;
  return null;
end $$;
--> statement-breakpoint
create trigger c_ended after insert or update of employment_status on employees for each row
  when (new.employment_status = 'terminated') execute function khidma.employment_ended();
--> statement-breakpoint
-- Those whose employment has ended already. The last administrator stays, and must be seen to by hand.
do $$
declare
  g record;
begin
  for g in select u.id from user_roles u join roles r on r.id = u.role_id and r.audience = 'internal'
             join employees e on e.user_id = u.user_id and e.employment_status = 'terminated'
            where u.status = 'approved' order by u.id loop
    begin
      update user_roles set status = 'revoked' where id = g.id;
    exception when sqlstate 'KH409' then
      raise notice 'the grant % of somebody who has left stays: they are the last administrator', g.id;
    end;
  end loop;
end $$;
--> statement-breakpoint
-- As before; whose employment has ended is no staff, by whatever they still have.
create or replace function khidma.role_by_grants(p_user_id uuid) returns user_role language sql stable as $$
  select case when 'admin' = any (held) then 'admin' when cardinality(held) > 0 then 'ops'
              when exists (select from tasker_profiles t where t.user_id = p_user_id) then 'tasker' else 'client' end::user_role
    from (select coalesce(array_agg(r.name), '{}') as held
            from user_roles g join roles r on r.id = g.role_id and r.audience = 'internal' and r.is_active
           where g.user_id = p_user_id and g.status = 'approved' and (g.expires_at is null or g.expires_at > now())
             and not exists (select from employees e where e.user_id = p_user_id and e.employment_status = 'terminated')) g
$$;
--> statement-breakpoint
-- Where a session was used last: with each refresh, by the same call that says when. What it was opened from stays.
alter table sessions add column last_ip_address text, add column last_country text, add column last_city text;
--> statement-breakpoint
create function khidma.move_session() returns trigger language plpgsql as $$
begin
  -- Who refreshes is nobody yet, and only of them the edge's place is told.
  if khidma.call_fact('sourceId') is null and nullif(current_setting('khidma.ip', true), '') is not null then
    new.last_ip_address := current_setting('khidma.ip', true);
    new.last_country := khidma.call_fact('country');
    new.last_city := khidma.call_fact('city');
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger b_move before update of last_used_at on sessions for each row execute function khidma.move_session();
--> statement-breakpoint
drop trigger z_audit on sessions;
--> statement-breakpoint
-- Phones change their address with every tower: where a session moves is in its row, not in the log.
create trigger z_audit after insert or update on sessions for each row
  execute function khidma.audit('last_used_at', 'last_ip_address', 'last_country', 'last_city');
--> statement-breakpoint
drop trigger z_audit_gone on sessions;
--> statement-breakpoint
create trigger z_audit_gone after delete on sessions for each row
  when (old.last_used_at >= now() - interval '120 days')
  execute function khidma.audit('last_used_at', 'last_ip_address', 'last_country', 'last_city');
--> statement-breakpoint
-- As before; what a role permits is found by the role.
create or replace function khidma.audit() returns trigger language plpgsql as $$
declare
  before jsonb := case when tg_op = 'INSERT' then '{}' else to_jsonb(old) end;
  after jsonb := case when tg_op = 'DELETE' then '{}' else to_jsonb(new) end;
  stands jsonb := case when tg_op = 'DELETE' then before else after end;
  reason text := nullif(current_setting('khidma.reason', true), '');
  subject text := case when tg_table_name = 'users' then stands ->> 'id'
    else coalesce(stands ->> 'user_id', stands ->> 'client_id', stands ->> 'reviewer_id', stands ->> 'reporter_id',
                  stands ->> 'opened_by', stands ->> 'tasker_id', stands ->> 'owner_id') end;
  changes jsonb;
begin
  select jsonb_object_agg(k, jsonb_build_array(before -> k, after -> k)) into changes
    from (select jsonb_object_keys(before || after) as k) keys
    where before -> k is distinct from after -> k
      and k not in ('created_at', 'updated_at', 'version') and k <> all (coalesce(tg_argv, '{}'));
  if changes is null then
    return null;
  end if;
  insert into audit_log (id, actor_user_id, actor_role, action, target_type, target_id, subject_user_id, request_id, ip_address, user_agent, meta)
  values (khidma.uuid_v7(), khidma.actor_id(), coalesce(khidma.actor_role(), 'database'), tg_table_name || '.' || lower(tg_op),
          tg_table_name, coalesce(stands ->> 'id', stands ->> 'user_id', stands ->> 'tasker_id', stands ->> 'role_id'),
          subject::uuid,
          khidma.request_id(), nullif(current_setting('khidma.ip', true), ''), nullif(current_setting('khidma.user_agent', true), ''),
          jsonb_build_object('changes', changes) || case when reason is null then '{}' else jsonb_build_object('reason', reason) end);
  return null;
end $$;
--> statement-breakpoint
-- Whose it is that was shown. Of the log itself: nobody's in particular.
create function khidma.people_shown(p_type text, p_ids uuid[]) returns table (target text, subject uuid) language sql stable as $$
  select i.id::text, i.id from unnest(p_ids) i (id) where p_type in ('users', 'user_verifications')
  union all select c.user_id::text, c.user_id from company_profiles c where p_type = 'company_profiles' and c.user_id = any (p_ids)
  union all select m.id::text, m.user_id from media_files m where p_type = 'media_files' and m.id = any (p_ids)
  union all select t.id::text, t.client_id from tasks t where p_type = 'tasks' and t.id = any (p_ids)
  union all select p.conversation_id::text, p.user_id from conversation_participants p
             where p_type = 'conversations' and p.conversation_id = any (p_ids)
  union all select null, null where p_type = 'audit_log'
$$;
--> statement-breakpoint
-- What staff were shown of others, one entry for each person; gives the rows back as they are. p_read: { action, targetType,
-- targetId?, atMost }. A list reads one row more than it shows.
create function khidma.record_read(p_read jsonb, p_rows json) returns json language plpgsql as $$
declare
  ids uuid[] := case when p_read ? 'targetId' then array[(p_read ->> 'targetId')::uuid]
                     else array(select (r.value ->> 'id')::uuid from json_array_elements(p_rows) with ordinality r
                                 where r.ordinality <= (p_read ->> 'atMost')::int) end;
begin
  if json_array_length(p_rows) > 0 then
    insert into audit_log (id, actor_user_id, actor_role, action, target_type, target_id, subject_user_id, request_id, ip_address, user_agent)
    select khidma.uuid_v7(), khidma.actor_id(), khidma.actor_role(), p_read ->> 'action', p_read ->> 'targetType', s.target, s.subject,
           khidma.request_id(), nullif(current_setting('khidma.ip', true), ''), nullif(current_setting('khidma.user_agent', true), '')
      from khidma.people_shown(p_read ->> 'targetType', ids) s where s.subject is distinct from khidma.actor_id();
  end if;
  return p_rows;
end $$;
--> statement-breakpoint
-- As before, less those whose account is shut; and of everything hear the webhooks of those staff only who may read every
-- event, as they may by now.
create or replace function khidma.event_for_fan_out(p_event uuid, out event json, out recipients json, out subscriptions json)
language sql stable as $$
  select to_json(o),
         (select coalesce(json_agg(json_build_object('userId', u.id, 'locale', u.locale)), '[]')
            from outbox_recipients r join users u on u.id = r.user_id and u.erased_at is null where r.event_id = o.id),
         (select coalesce(json_agg(s.id), '[]')
            from webhook_subscriptions s join users u on u.id = s.user_id and u.status = 'active'
           where s.active and s.created_at <= o.created_at
             and (exists (select 1 from outbox_recipients r where r.event_id = o.id and r.user_id = s.user_id)
                  or u.role in ('ops', 'admin')
                     and exists (select from khidma.claims_of(u.id) c where 'events.read' = any (c.permissions)))
             and (o.type = any (s.events) or '*' = any (s.events) or split_part(o.type, '.', 1) || '.*' = any (s.events)))
    from outbox o where o.id = p_event
$$;
--> statement-breakpoint
insert into permissions (id, name, resource, action, description) values
  (khidma.uuid_v7(), 'companies.review', 'companies', 'review', 'See companies whole, approve and refuse them');
--> statement-breakpoint
-- What the installation itself sets up is not written down.
alter table role_permissions disable trigger z_audit;
--> statement-breakpoint
insert into role_permissions (role_id, permission_id)
select r.id, p.id from roles r join permissions p on p.name = 'companies.review' where r.name in ('admin', 'ops');
--> statement-breakpoint
alter table role_permissions enable trigger z_audit;
--> statement-breakpoint
-- The reason stays until the company is approved: as long as it stands there, nobody else sees the company.
alter table company_profiles
  add column rejection_reason text,
  add column reviewed_at timestamptz,
  add column reviewed_by uuid constraint company_profiles_reviewed_by_users_id_fk references users (id) on delete set null;
--> statement-breakpoint
create index idx_company_profiles_approval on company_profiles (approval_status, created_at, user_id);
--> statement-breakpoint
-- Before `b_approve_again`, which is nobody's decision.
create function khidma.guard_company_approval() returns trigger language plpgsql as $$
begin
  if not khidma.acts_alone() then
    if new.user_id = khidma.actor_id() or khidma.actor_role() in ('client', 'tasker', 'anonymous') then
      perform khidma.refuse(403, 'forbidden');
    end if;
    perform khidma.needs_permission('companies.review');
    if new.approval_status in ('pending', old.approval_status) then
      perform khidma.refuse(409, 'not_pending');
    end if;
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger a_guard_approval before update of approval_status on company_profiles
  for each row execute function khidma.guard_company_approval();
--> statement-breakpoint
create function khidma.company_decided() returns trigger language plpgsql as $$
begin
  perform khidma.emit('company.' || new.approval_status, 'company', new.user_id, new.version,
    jsonb_build_object('companyId', new.user_id, 'userId', new.user_id), array[new.user_id]);
  return null;
end $$;
--> statement-breakpoint
create trigger d_decided after update of approval_status on company_profiles for each row
  when (old.approval_status <> new.approval_status and new.approval_status <> 'pending')
  execute function khidma.company_decided();
