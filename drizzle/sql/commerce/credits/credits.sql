-- Returns the currency of credits. It is no currency of any country, and no amount of it is money.
create or replace function khidma.credit_currency() returns text language sql immutable parallel safe as $$ select 'XKC' $$;

-- Locks the credits of users until the transaction ends, in the order of their ids: whatever writes credits of several people calls it
-- first, so that crossing transactions wait in place of deadlocking.
create or replace function khidma.lock_credits(p_users uuid[]) returns void language plpgsql as $$
begin
  perform khidma.available('credit_wallet', u, 'XKC') from (select distinct x as u from unnest(p_users) x order by x) o;
end $$;

-- Grants credits to a user for a document, and posts them. p_kind: paid, bonus or plan. p_priority: lower is spent first; by default what a
-- plan gives goes before a bonus, and what was paid for comes last. p_for: leads, job_postings, or null for anything. A document grants
-- once for each kind and purpose: a repeat finds the first grant and returns its id.
create or replace function khidma.grant_credits(
  p_user uuid, p_amount bigint, p_kind text, p_document_type text, p_document uuid, p_expires_at timestamptz default null,
  p_priority int default null, p_for text default null, p_reason text default null
) returns uuid language plpgsql as $$
declare
  granted uuid;
begin
  perform pg_advisory_xact_lock(hashtextextended('credit_grants:' || p_document, 12));
  select g.id into granted from credit_grants g
   where g.document_type = p_document_type and g.document_id = p_document and g.kind = p_kind and g.purpose is not distinct from p_for
     and g.origin = 'granted';
  if granted is not null then
    return granted;
  end if;
  granted := case when p_document_type = 'credit_grant' then p_document else khidma.uuid_v7() end;
  insert into credit_grants (id, user_id, kind, priority, purpose, document_type, document_id, amount, expires_at, reason, granted_by)
  values (granted, p_user, p_kind, coalesce(p_priority, case p_kind when 'plan' then 30 when 'bonus' then 40 else 50 end), p_for,
          p_document_type, p_document, p_amount, p_expires_at, p_reason,
          case when p_document_type = 'credit_grant' then khidma.actor_id() end);
  perform khidma.post_credits('credits_granted', granted, null, p_amount);
  return granted;
end $$;

-- Posts an entry about a grant: its credits come from the account of what was sold, or of what was given, and go back there.
create or replace function khidma.post_credits(p_posting text, p_grant uuid, p_part text, p_amount bigint) returns void language plpgsql as $$
begin
  perform khidma.post(p_posting, 'credit_grant', g.id, p_part, null, 'XKC', jsonb_build_object('user', g.user_id),
    jsonb_build_object('amount', p_amount, 'sold', case when g.kind = 'paid' then p_amount else 0 end,
                       'given', case when g.kind = 'paid' then 0 else p_amount end))
    from credit_grants g where g.id = p_grant;
end $$;

-- Returns the grants of a user that can be spent now for a purpose (null: for any), with what is left of each, in the order in which they
-- are spent: by priority, then what expires soonest, then what was paid for last, then what was granted first. What lists and what spends is
-- this function. Of a revoked grant nothing is left: all of it is taken.
create or replace function khidma.spendable_credits(p_user uuid, p_purpose text)
returns table (id uuid, remaining bigint, purpose text, expires_at timestamptz, place bigint) language sql stable as $$
  select g.id, g.amount - g.taken, g.purpose, g.expires_at,
         row_number() over (order by g.priority, g.expires_at nulls last, g.kind = 'paid', g.id)
    from credit_grants g
   where g.user_id = p_user and g.taken < g.amount and g.effective_at <= now()
     and (g.expires_at is null or g.expires_at > now()) and (p_purpose is null or g.purpose is null or g.purpose = p_purpose)
$$;

-- Holds credits of a user for a document: nobody else can spend them until it captures or releases them, or p_expires_at has passed (null:
-- only the document ends it). Refuses what the grants for this purpose do not reach. A repeat finds the first hold and returns its id.
-- The lock of the wallet lets one at a time choose grants.
create or replace function khidma.hold_credits(
  p_user uuid, p_amount bigint, p_purpose text, p_document_type text, p_document uuid, p_expires_at timestamptz
) returns uuid language plpgsql as $$
declare
  held uuid;
  spendable bigint;
begin
  perform khidma.lock_credits(array[p_user]);
  select h.id into held from ledger_holds h
   where h.document_type = p_document_type and h.document_id = p_document and h.status = 'held';
  if held is not null then
    return held;
  end if;
  perform khidma.expire_credits_of(p_user);
  select coalesce(sum(s.remaining), 0) into spendable from khidma.spendable_credits(p_user, p_purpose) s;
  if spendable < p_amount then
    perform khidma.refuse(409, 'insufficient_credits', jsonb_build_object('needed', p_amount, 'available', spendable));
  end if;
  held := khidma.hold('credit_wallet', p_user, 'XKC', p_amount, p_purpose, p_document_type, p_document);
  insert into credit_grant_spends (id, grant_id, hold_id, amount, status, expires_at)
  select khidma.uuid_v7(), s.id, held, least(s.remaining, p_amount - s.before), 'held', p_expires_at
    from (select x.*, coalesce(sum(x.remaining) over (order by x.place rows between unbounded preceding and 1 preceding), 0)::bigint as before
            from khidma.spendable_credits(p_user, p_purpose) x) s
   where s.before < p_amount
   order by s.place;
  return held;
end $$;

-- Spends what is held for a document, and returns how much. Refuses where nothing is held any more.
create or replace function khidma.capture_credits(p_document_type text, p_document uuid) returns bigint language plpgsql as $$
declare
  hold ledger_holds;
begin
  select * into hold from khidma.lock_credit_hold(p_document_type, p_document);
  if hold.id is null then
    perform khidma.refuse(409, 'credits_not_held');
  end if;
  perform khidma.end_hold(p_document_type, p_document, 'captured');
  update credit_grant_spends set status = 'captured', ended_at = now() where hold_id = hold.id and status = 'held';
  perform khidma.post('credits_spent', p_document_type, p_document, hold.id::text, null, 'XKC',
    jsonb_build_object('user', (select a.owner_user_id from ledger_accounts a where a.id = hold.account_id)),
    jsonb_build_object('amount', hold.amount));
  return hold.amount;
end $$;

-- Returns the open hold of credits of a document, with the wallet locked before it.
create or replace function khidma.lock_credit_hold(p_document_type text, p_document uuid) returns setof ledger_holds language plpgsql as $$
begin
  perform khidma.lock_credits(array(
    select a.owner_user_id from ledger_holds h join ledger_accounts a on a.id = h.account_id
     where h.document_type = p_document_type and h.document_id = p_document and h.status = 'held' and h.currency = 'XKC'));
  return query select h.* from ledger_holds h
    where h.document_type = p_document_type and h.document_id = p_document and h.status = 'held' and h.currency = 'XKC';
end $$;

-- Gives back what is held for a document, and returns how much; 0 where nothing is. Credits whose grant has expired meanwhile are granted
-- again for the time that was left when they were held, so that a hold costs nobody credits. Those whose grant was revoked meanwhile are
-- taken back.
create or replace function khidma.release_credits(p_document_type text, p_document uuid) returns bigint language plpgsql as $$
declare
  hold ledger_holds;
  spend record;
begin
  select * into hold from khidma.lock_credit_hold(p_document_type, p_document);
  if hold.id is null then
    return 0;
  end if;
  perform khidma.end_hold(p_document_type, p_document, 'released');
  for spend in
    select s.id, s.grant_id, s.amount,
           case when g.revoked_at is not null then 'revoked' when g.expires_at <= now() then 'moved' else 'released' end as status
      from credit_grant_spends s join credit_grants g on g.id = s.grant_id
     where s.hold_id = hold.id and s.status = 'held' order by s.grant_id
  loop
    update credit_grant_spends set status = spend.status, ended_at = now() where id = spend.id;
    if spend.status = 'revoked' then
      perform khidma.post_credits('credits_revoked', spend.grant_id, spend.id::text, spend.amount);
    elsif spend.status = 'moved' then
      perform khidma.grant_again(spend.id, 'moved');
    end if;
  end loop;
  return hold.amount;
end $$;

-- Grants again what a spend had taken, of the same kind and for the same purpose, until as long from now as was left when it was taken. The
-- document stays that of the first grant: what revokes it finds these as well.
create or replace function khidma.grant_again(p_spend uuid, p_origin text) returns uuid language plpgsql as $$
declare
  granted uuid;
begin
  insert into credit_grants (id, user_id, kind, priority, purpose, document_type, document_id, origin, from_spend_id, amount, expires_at, reason)
  select khidma.uuid_v7(), g.user_id, g.kind, g.priority, g.purpose, g.document_type, g.document_id, p_origin, s.id, s.amount,
         now() + (g.expires_at - s.created_at), g.reason
    from credit_grant_spends s join credit_grants g on g.id = s.grant_id where s.id = p_spend
  returning id into granted;
  return granted;
end $$;

-- Gives back what a document has spent, once, as grants of the same kind, and returns how much. What was granted by a document that was revoked
-- since is not given back.
create or replace function khidma.return_credits(p_document_type text, p_document uuid) returns bigint language plpgsql as $$
declare
  spend record;
  given bigint := 0;
begin
  perform khidma.lock_credits(array(
    select a.owner_user_id from ledger_holds h join ledger_accounts a on a.id = h.account_id
     where h.document_type = p_document_type and h.document_id = p_document and h.status = 'captured' and h.currency = 'XKC'));
  for spend in
    select s.id, s.amount
      from ledger_holds h join credit_grant_spends s on s.hold_id = h.id join credit_grants g on g.id = s.grant_id
     where h.document_type = p_document_type and h.document_id = p_document and s.status = 'captured' and g.revoked_at is null
       and not exists (select from credit_grants x where x.from_spend_id = s.id)
     order by s.id
  loop
    perform khidma.post_credits('credits_returned', khidma.grant_again(spend.id, 'returned'), null, spend.amount);
    given := given + spend.amount;
  end loop;
  return given;
end $$;

-- Takes back what is unspent of what a document granted, and returns how much. What is held at that moment stays held: it is spent, or
-- taken back when it is released.
create or replace function khidma.revoke_credits(p_document_type text, p_document uuid) returns bigint language plpgsql as $$
declare
  gone record;
  taken_back bigint := 0;
begin
  perform khidma.lock_credits(array(
    select g.user_id from credit_grants g where g.document_type = p_document_type and g.document_id = p_document));
  for gone in
    update credit_grants set revoked_at = now()
     where document_type = p_document_type and document_id = p_document and revoked_at is null
    returning id, amount - taken as remaining
  loop
    taken_back := taken_back + khidma.take_credits(gone.id, gone.remaining, 'revoked');
  end loop;
  return taken_back;
end $$;

-- Takes back a part of what a document granted, and returns how much of it was unspent. Refuses where less is, unless p_even_if_used: what is held
-- counts as spent.
create or replace function khidma.take_back_credits(p_document_type text, p_document uuid, p_amount bigint, p_even_if_used boolean) returns bigint
language plpgsql as $$
declare
  g record;
  rest bigint := p_amount;
begin
  perform khidma.lock_credits(array(
    select x.user_id from credit_grants x where x.document_type = p_document_type and x.document_id = p_document));
  for g in
    select x.id, x.amount - x.taken as remaining from credit_grants x
     where x.document_type = p_document_type and x.document_id = p_document and x.revoked_at is null and x.taken < x.amount order by x.id
  loop
    rest := rest - khidma.take_credits(g.id, least(g.remaining, rest), 'revoked');
  end loop;
  if rest > 0 and not p_even_if_used then
    perform khidma.refuse(409, 'order_used', jsonb_build_object('kind', 'credit', 'left', p_amount - rest, 'needed', p_amount));
  end if;
  return p_amount - rest;
end $$;

-- Takes credits of a grant back into the account that they came from, and returns how many. p_status: expired or revoked.
create or replace function khidma.take_credits(p_grant uuid, p_amount bigint, p_status text) returns bigint language plpgsql as $$
declare
  spend uuid := khidma.uuid_v7();
begin
  if p_amount > 0 then
    insert into credit_grant_spends (id, grant_id, amount, status, ended_at) values (spend, p_grant, p_amount, p_status, now());
    perform khidma.post_credits('credits_' || p_status, p_grant, spend::text, p_amount);
  end if;
  return p_amount;
end $$;

-- Takes back what is left of a user's grants that have expired, and returns how much. What is held is left to its hold.
create or replace function khidma.expire_credits_of(p_user uuid) returns bigint language plpgsql as $$
declare
  taken_back bigint := 0;
  gone record;
begin
  perform khidma.lock_credits(array[p_user]);
  for gone in
    select g.id, g.amount - g.taken as remaining from credit_grants g
     where g.user_id = p_user and g.expires_at <= now() and g.taken < g.amount order by g.id
  loop
    taken_back := taken_back + khidma.take_credits(gone.id, gone.remaining, 'expired');
  end loop;
  return taken_back;
end $$;

-- Takes back what has expired, of at most p_limit users, and releases holds whose time is over.
create or replace function khidma.expire_credits(p_limit int) returns json language plpgsql as $$
declare
  expired int := 0;
  released int := 0;
  due record;
begin
  for due in
    select distinct h.document_type, h.document_id, a.owner_user_id
      from credit_grant_spends s join ledger_holds h on h.id = s.hold_id join ledger_accounts a on a.id = h.account_id
     where s.status = 'held' and s.expires_at <= now() order by a.owner_user_id, h.document_id limit p_limit
  loop
    perform khidma.release_credits(due.document_type, due.document_id);
    released := released + 1;
  end loop;
  for due in
    select distinct g.user_id from credit_grants g where g.taken < g.amount and g.expires_at <= now() order by g.user_id limit p_limit
  loop
    if khidma.expire_credits_of(due.user_id) > 0 then
      expired := expired + 1;
    end if;
  end loop;
  return json_build_object('expired', expired, 'released', released);
end $$;

-- Takes all credits of an account that is erased: nobody is left to spend them.
create or replace function khidma.forfeit_credits(p_user uuid) returns void language plpgsql as $$
begin
  perform khidma.lock_credits(array[p_user]);
  perform khidma.take_credits(g.id, g.amount - g.taken, 'expired')
    from (select * from credit_grants x where x.user_id = p_user and x.taken < x.amount order by x.id) g;
end $$;

-- Keeps what is taken of a grant with each of its spends. CHECK credit_grants_guard keeps it from more than was granted.
create or replace function khidma.move_taken() returns trigger language plpgsql as $$
begin
  update credit_grants set taken = taken + case when tg_op = 'INSERT' then new.amount else -new.amount end where id = new.grant_id;
  return null;
end $$;

-- Refuses every change of a spend but its one end, and of a grant but what follows from its spends and its revocation.
create or replace function khidma.guard_credit_spend() returns trigger language plpgsql as $$
begin
  if old.status = 'held' and new.status in ('captured', 'released', 'moved', 'revoked')
    and to_jsonb(new) - array['status', 'ended_at'] = to_jsonb(old) - array['status', 'ended_at'] then
    return new;
  end if;
  raise exception 'a spend ends once' using errcode = 'restrict_violation';
end $$;

create or replace function khidma.guard_credit_grant() returns trigger language plpgsql as $$
begin
  if to_jsonb(new) - array['taken', 'revoked_at', 'reason'] = to_jsonb(old) - array['taken', 'revoked_at', 'reason']
    and (old.taken = new.taken or pg_trigger_depth() > 1) and (old.revoked_at is null or old.revoked_at = new.revoked_at) then
    return new;
  end if;
  raise exception 'a grant does not change' using errcode = 'restrict_violation';
end $$;

-- Tells a user of credits that they were granted or given back. What a hold gave back late is no news.
create or replace function khidma.credits_granted() returns trigger language plpgsql as $$
begin
  if new.origin <> 'moved' then
    perform khidma.emit(case new.origin when 'granted' then 'credit_grant.created' else 'credit_grant.returned' end, 'credit_grant', new.id, 1,
      jsonb_build_object('userId', new.user_id, 'creditGrantId', new.id, 'amount', new.amount, 'kind', new.kind), array[new.user_id]);
  end if;
  return null;
end $$;
