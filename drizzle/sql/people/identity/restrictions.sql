-- Restrictions of single abilities: `users.restrictions` is an object of the switches that are off, each with a reason, the member of staff,
-- since when, and until when (null: until staff lift it). Readers judge by the instant.

-- Returns the instant until which an ability is restricted, `infinity` until staff lift it; null where it never was.
create or replace function khidma.restricted_until(p_restrictions jsonb, p_switch text) returns timestamptz language sql stable as $$
  select case when p_restrictions ? p_switch then coalesce((p_restrictions #>> array[p_switch, 'until'])::timestamptz, 'infinity') end
$$;

-- Returns whether an ability of a user is restricted now.
create or replace function khidma.is_restricted(p_user uuid, p_switch text) returns boolean language plpgsql stable as $$
begin
  return (
    select exists (select from users u where u.id = p_user and khidma.restricted_until(u.restrictions, p_switch) > now()));
end $$;

-- Returns the switches of a user that are off now.
create or replace function khidma.restricted_switches(p_user uuid) returns text[] language plpgsql stable as $$
begin
  return (
    select coalesce(array_agg(s.key order by s.key), '{}')
      from users u cross join lateral jsonb_each(u.restrictions) s
     where u.id = p_user and coalesce((s.value ->> 'until')::timestamptz > now(), true));
end $$;

-- Refuses what needs an ability that is restricted, with the reason. The first statement of every write asks it.
create or replace function khidma.refuse_restricted(p_user uuid, p_switch text) returns void language plpgsql stable as $$
declare
  off jsonb := (select u.restrictions -> p_switch from users u where u.id = p_user and u.restrictions <> '{}');
begin
  if off is not null and coalesce((off ->> 'until')::timestamptz > now(), true) then
    perform khidma.refuse(403, 'restricted', jsonb_strip_nulls(jsonb_build_object('switch', p_switch, 'reason', off ->> 'reason')));
  end if;
end $$;

-- Restricts abilities of a client or tasker. What hangs on them ends by trigger; bookings that were agreed go on.
create or replace function khidma.restrict_user(p_user uuid, p_switches text[], p_reason text, p_until timestamptz) returns void language plpgsql as $$
declare
  u users;
begin
  perform khidma.lock_lead_requests_of(p_user);
  select * into u from users where id = p_user for no key update;
  if u.id is null then
    perform khidma.refuse(404, 'not_found');
  elsif u.role not in ('client', 'tasker') or u.status not in ('active', 'inactive') then
    perform khidma.refuse(409, 'account_not_in_state', jsonb_build_object('status', u.status));
  end if;
  perform khidma.give_reason(p_reason);
  update users
     set restrictions = restrictions || (select jsonb_object_agg(s, jsonb_build_object('reason', p_reason, 'until', khidma.iso(p_until),
                                                 'since', khidma.iso(now()), 'by', khidma.actor_id())) from unnest(p_switches) s)
   where id = p_user;
  perform khidma.emit('user.restricted', 'user', p_user, v.version,
    jsonb_strip_nulls(jsonb_build_object('userId', p_user, 'switches', to_jsonb(p_switches), 'until', khidma.iso(p_until))), array[p_user])
     from users v where v.id = p_user;
end $$;

-- Ends what hangs on `transact` once it is restricted (after update of restrictions on users): offers to the user and offers of their tasks
-- are withdrawn, as are their bids; requests for leads from and to them end.
create or replace function khidma.follow_restriction() returns trigger language plpgsql as $$
begin
  perform khidma.withdraw_offers_of_task(t.id) from tasks t where t.client_id = new.id and t.state in ('posted', 'matching');
  perform khidma.withdraw_offers_of_tasker(new.id), khidma.withdraw_bids_of_tasker(new.id), khidma.end_lead_requests_of(new.id);
  return null;
end $$;

-- Lifts restrictions, those that time has ended included; all of them for null.
create or replace function khidma.lift_restrictions(p_user uuid, p_switches text[], p_reason text) returns void language plpgsql as $$
declare
  u users;
  lifted text[];
begin
  select * into u from users where id = p_user for no key update;
  if u.id is null then
    perform khidma.refuse(404, 'not_found');
  end if;
  lifted := array(select k from jsonb_object_keys(u.restrictions) k where p_switches is null or k = any (p_switches) order by k);
  if lifted = '{}' then
    perform khidma.refuse(409, 'not_restricted');
  end if;
  perform khidma.give_reason(p_reason);
  update users set restrictions = restrictions - lifted where id = p_user;
  perform khidma.emit('user.restrictions_lifted', 'user', p_user, v.version,
    jsonb_build_object('userId', p_user, 'switches', to_jsonb(lifted)), array[p_user]) from users v where v.id = p_user;
end $$;
