-- Notifies the owner of a change to their sign-in methods: an event, and a security notification, which is sent whatever the
-- preferences say (`src/areas/people/identity/security-notifications.ts`). It goes by mail to the address that was proven before
-- the change, and for a changed number also by SMS to the old number. `p_before`: the user's row from before, where the address
-- or number has changed. A recipient is kept until it is reached, two days at the most (`khidma.purge_credentials`).
create or replace function khidma.tell_security(p_type text, p_user_id uuid, p_before users default null, p_data jsonb default '{}')
returns void language plpgsql as $$
declare
  owner users;
begin
  perform khidma.tell_user(p_type, p_user_id, p_data);
  select * into owner from users u where u.id = p_user_id and u.erased_at is null;
  if p_before.id is null then
    p_before := owner;
  end if;
  insert into security_notifications (event_id, channel, user_id, recipient, changed_to)
  select o.id, way.channel, owner.id, way.recipient,
         case p_type when 'user.email_changed' then khidma.masked_email(owner.email)
                     when 'user.phone_changed' then khidma.masked_phone(owner.phone) end
    from (select e.id from outbox e where e.xid = pg_current_xact_id() and e.type = p_type and e.object_id = owner.id
           order by e.seq desc limit 1) o
    cross join (values
      -- A proof of the address that is already proven replaces none.
      ('email', case when p_before.email_verified_at is not null
                      and (p_type <> 'user.email_changed' or p_before.email <> owner.email) then p_before.email end),
      ('sms', case when p_type = 'user.phone_changed' then p_before.phone end)) way (channel, recipient)
    where way.recipient is not null;
end $$;

-- Has the newest event of this transaction, of a type and an object, mailed to a user as a security notification, where their
-- address is proven.
create or replace function khidma.mail_security(p_type text, p_object_id uuid, p_user_id uuid) returns void language plpgsql as $$
begin
  insert into security_notifications (event_id, channel, user_id, recipient)
  select e.id, 'email', u.id, u.email
    from users u, lateral (
      select o.id from outbox o where o.xid = pg_current_xact_id() and o.type = p_type and o.object_id = p_object_id
       order by o.seq desc limit 1) e
   where u.id = p_user_id and u.email_verified_at is not null and u.erased_at is null;
end $$;
