-- Keeps a method that a gateway keeps for the payer of a transaction, once: a method that is known already, removed ones included,
-- changes nothing. The same card stored again replaces the one before it, which the gateway is to forget; its nickname and its being
-- the default go on. `m` has sealed references and keyed hashes. Of an account that was closed meanwhile nothing is kept.
create or replace function khidma.store_method(p_transaction uuid, p_id uuid, m jsonb) returns void language plpgsql as $$
declare
  t payment_transactions;
  payer uuid;
  known payment_methods;
  is_open boolean;
begin
  select * into strict t from payment_transactions x where x.id = p_transaction;
  select p.payer_id into payer from payment_intents p where p.id = t.intent_id;
  select u.status = 'active' into is_open from users u where u.id = payer for no key update;
  if exists (select from payment_methods x where x.provider = t.gateway and x.reference_hash = m ->> 'referenceHash') then
    return;
  end if;
  select * into known from payment_methods x
   where x.user_id = payer and x.provider = t.gateway and x.fingerprint_hash = m ->> 'fingerprintHash' and x.is_active;
  update payment_methods set is_active = false, is_default = false, detach_due_at = now() where id = known.id;
  insert into payment_methods (
    id, user_id, type, provider, config_id, card_brand, card_last_four, card_exp_month, card_exp_year, bank_name, account_last_four,
    account_type, nickname, is_default, is_active, gateway_customer_id, gateway_payment_method_id, gateway_email, reference_hash,
    fingerprint_hash, detach_due_at)
  values (
    p_id, payer, m ->> 'type', t.gateway, t.config_id, m ->> 'brand', case m ->> 'type' when 'card' then m ->> 'lastFour' end,
    (m ->> 'expMonth')::int, (m ->> 'expYear')::int, m ->> 'bankName', case when m ->> 'type' <> 'card' then m ->> 'lastFour' end,
    m ->> 'accountType', known.nickname,
    is_open and coalesce(known.is_default, not exists (select from payment_methods x where x.user_id = payer and x.is_default)), is_open,
    m ->> 'customer', m ->> 'reference', m ->> 'email', m ->> 'referenceHash', m ->> 'fingerprintHash',
    case when not is_open then now() end);
end $$;

-- Returns the method of a payment that a stored method is charged by.
create or replace function khidma.method_of_stored(p_type text) returns payment_method language sql immutable as $$
  select case p_type when 'card' then 'card' when 'wallet' then 'paypal' else 'bank_transfer' end::payment_method
$$;

-- Returns whether a card has expired: it serves to the end of its month.
create or replace function khidma.is_expired(p_year int, p_month int) returns boolean language sql stable as $$
  select coalesce(make_date(p_year, p_month, 1) + interval '1 month' <= now() at time zone 'UTC', false)
$$;

-- Returns the configuration that charges a stored method: the one that it was stored with, or one of the same gateway that has taken
-- its place. Refuses a method that is not the payer's, was removed, has expired, or pays in another way than the payment says.
create or replace function khidma.route_stored(p payment_intents, p_stored uuid) returns uuid language plpgsql as $$
declare
  m payment_methods;
begin
  select * into m from payment_methods x where x.id = p_stored and x.user_id = p.payer_id and x.is_active;
  if m.id is null or khidma.method_of_stored(m.type) <> p.method then
    perform khidma.refuse(422, 'stored_method_unusable');
  elsif khidma.is_expired(m.card_exp_year, m.card_exp_month) then
    perform khidma.refuse(422, 'stored_method_expired');
  end if;
  return (select c.id from payment_gateway_configs c
           where c.gateway = m.provider and c.status = 'active' and p.currency = any (c.currencies) and p.method::text = any (c.methods)
           order by c.id = m.config_id desc, c.activated_at desc limit 1);
end $$;

-- Takes up to p_limit methods that a gateway is to forget. Each comes again, later every time, until the gateway has.
create or replace function khidma.take_methods_to_detach(p_limit int) returns setof payment_methods language sql as $$
  update payment_methods
     set detach_attempts = detach_attempts + 1, detach_due_at = now() + least(power(5, least(detach_attempts, 5)), 1440) * interval '1 minute'
   where id in (select m.id from payment_methods m where m.detach_due_at <= now() order by m.detach_due_at limit p_limit for update skip locked)
  returning *
$$;

-- Returns the configuration by which the gateway of a stored method is asked to forget it.
create or replace function khidma.config_of_stored(m payment_methods) returns uuid language plpgsql stable as $$
begin
  return (
    select c.id from payment_gateway_configs c where c.gateway = m.provider and (c.status = 'active' or c.id = m.config_id)
     order by c.status = 'active' desc, c.id = m.config_id desc, c.activated_at desc limit 1);
end $$;

-- Writes down that a gateway has forgotten a method: its names there go.
create or replace function khidma.end_detach(p_id uuid) returns void language plpgsql as $$
begin
  update payment_methods set detach_due_at = null, gateway_customer_id = null, gateway_payment_method_id = null, gateway_email = null
   where id = p_id and not is_active;
end $$;
