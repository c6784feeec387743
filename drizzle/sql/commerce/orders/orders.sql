-- Makes an order of a quote by pointing at it: the same document, frozen from now on. Reserves its discounts until the order must be paid;
-- refuses a quote whose time is over, and one whose discounts others have used up since.
create or replace function khidma.place_order(p_id uuid, p_quote uuid, p_version int) returns void language plpgsql as $$
declare
  d price_documents := khidma.lock_quote(p_quote, p_version);
  ends timestamptz := now() + make_interval(mins => (khidma.config_value('orders.payment', d.country, null, null) ->> 'minutes')::int);
begin
  if d.valid_until <= now() then
    perform khidma.refuse(409, 'quote_expired', jsonb_build_object('validUntil', to_char(d.valid_until at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')));
  end if;
  perform khidma.reserve_discounts(p_id, d.user_id, d.price, ends);
  update price_documents set frozen_at = now() where id = d.id;
  insert into orders (id, user_id, document_id, expires_at) values (p_id, d.user_id, d.id, ends);
end $$;

-- Places an order of lines that are no packages, for a user who may be away, and returns what it costs.
create or replace function khidma.order_lines(
  p_id uuid, p_user uuid, p_country text, p_currency text, p_until timestamptz, p_lines jsonb
) returns price_documents language plpgsql as $$
declare
  d price_documents;
begin
  insert into price_documents (id, user_id, country, currency, price, valid_until)
  values (khidma.uuid_v7(), p_user, p_country, p_currency,
          jsonb_build_object('inputs', khidma.price_inputs(p_lines, p_user, p_country, p_currency, null, now())), p_until)
  returning * into d;
  perform khidma.reserve_discounts(p_id, p_user, d.price, p_until);
  update price_documents set frozen_at = now() where id = d.id;
  insert into orders (id, user_id, document_id, expires_at) values (p_id, p_user, d.id, p_until);
  return d;
end $$;

-- Cancels an order that is not paid.
create or replace function khidma.cancel_order(p_id uuid) returns void language plpgsql as $$
begin
  update orders set status = 'canceled' where id = p_id and status = 'pending';
end $$;

-- Keeps the times of an order (before update of status).
create or replace function khidma.stamp_order() returns trigger language plpgsql as $$
begin
  new.completed_at := case when new.status in ('completed', 'refunded') then coalesce(old.completed_at, now()) end;
  new.canceled_at := case when new.status = 'canceled' then now() end;
  new.refunded_at := case when new.status = 'refunded' then now() end;
  return new;
end $$;

-- Completes an order that costs nothing at once (after insert on orders). It acts for the system, as its payment would.
create or replace function khidma.complete_free_order() returns trigger language plpgsql as $$
begin
  if (select d.total from price_documents d where d.id = new.document_id) = 0 then
    perform khidma.complete_order(new.id);
  end if;
  return null;
end $$;

-- Returns whether an order can be paid now with an amount: it is pending, in time, and costs that.
create or replace function khidma.is_order_payable(p_order uuid, p_amount bigint) returns boolean language plpgsql stable as $$
begin
  return (
    select exists (select from orders o join price_documents d on d.id = o.document_id
                    where o.id = p_order and o.status = 'pending' and o.expires_at > now() and d.total = p_amount));
end $$;

-- Locks an order that is to be paid by the caller or a company that they buy for, and returns what it costs. To others it is not there.
create or replace function khidma.lock_payable_order(p_order uuid) returns price_documents language plpgsql as $$
declare
  o orders;
  d price_documents;
begin
  select * into o from orders x where x.id = p_order for update;
  if not found then
    perform khidma.refuse(404, 'not_found');
  end if;
  perform khidma.assert_buyer(o.user_id);
  if o.status = 'completed' then
    perform khidma.refuse(409, 'order_paid');
  elsif o.status <> 'pending' or o.expires_at <= now() then
    perform khidma.refuse(409, 'order_closed');
  end if;
  select * into strict d from price_documents x where x.id = o.document_id;
  return d;
end $$;

-- Completes an order that is paid, once.
create or replace function khidma.complete_order(p_order uuid) returns void language plpgsql as $$
begin
  update orders set status = 'completed' where id = p_order;
end $$;

-- Posts who pays for discounts of an order, or for a part of them no more.
create or replace function khidma.post_discounts(p_posting text, p_order uuid, p_part text, p_currency text, p_platform bigint, p_partner bigint)
returns void language plpgsql as $$
begin
  perform khidma.post(p_posting, 'order', p_order, p_part, null, p_currency, '{}',
           jsonb_build_object('promotion', p_platform, 'partner', p_partner, 'discount', p_platform + p_partner))
   where p_platform + p_partner > 0;
end $$;

-- Gives what the packages of an order contain, each for its days from now on, uses its discounts for good, and issues its invoice, which is
-- paid.
create or replace function khidma.after_order_completed(o orders) returns void language plpgsql as $$
declare
  l jsonb;
  n int;
  ends timestamptz;
  item uuid;
begin
  perform khidma.settle_discounts(o.id, 'used');
  perform khidma.post_discounts('discount_funded', o.id, null, d.currency, x.platform, x.partner)
    from price_documents d cross join lateral (
      select coalesce(sum((y ->> 'amount')::bigint) filter (where y ->> 'fundedBy' = 'platform'), 0)::bigint as platform,
             coalesce(sum((y ->> 'amount')::bigint) filter (where y ->> 'fundedBy' = 'partner'), 0)::bigint as partner
        from jsonb_array_elements(d.price -> 'discounts') y) x
   where d.id = o.document_id;
  perform khidma.issue_invoice('invoice', 'order', o.id, o.user_id, d.currency, d.price, now(), now())
    from price_documents d where d.id = o.document_id and d.total > 0;
  for l in select x from price_documents d cross join jsonb_array_elements(d.price -> 'lines') x where d.id = o.document_id loop
    n := (l ->> 'quantity')::int;
    ends := now() + make_interval(days => (l -> 'gives' ->> 'validityDays')::int);
    if (l -> 'gives' ->> 'postings')::int > 0 then
      perform khidma.grant_entitlement(o.user_id, 'job_posting', n * (l -> 'gives' ->> 'postings')::int, 'order', o.id, ends, (l ->> 'line')::int,
        (l -> 'gives' ->> 'postingDays')::int);
    end if;
    if (l -> 'gives' ->> 'contactViews')::int > 0 then
      perform khidma.grant_entitlement(o.user_id, 'contact_view', n * (l -> 'gives' ->> 'contactViews')::int, 'order', o.id, ends, (l ->> 'line')::int);
    end if;
    if (l -> 'gives' ->> 'credits')::bigint > 0 then
      select i.id into strict item from order_items i where i.document_id = o.document_id and i.line = (l ->> 'line')::int;
      perform khidma.grant_credits(o.user_id, n * (l -> 'gives' ->> 'credits')::bigint, 'paid', 'order_item', item, ends);
    end if;
  end loop;
end $$;

create or replace function khidma.after_order_canceled(o orders) returns void language plpgsql as $$
begin
  perform khidma.settle_discounts(o.id, 'returned');
  perform khidma.give_up_order_payments(o.id);
end $$;

create or replace function khidma.after_order_expired(o orders) returns void language plpgsql as $$
begin
  perform khidma.settle_discounts(o.id, 'returned');
  perform khidma.give_up_order_payments(o.id);
end $$;

create or replace function khidma.after_order_refunded(o orders) returns void language plpgsql as $$
begin
  perform khidma.settle_discounts(o.id, 'returned');
end $$;

-- Ends orders that were not paid in time, at most `p_limit`; nobody can pay them already.
create or replace function khidma.expire_orders(p_limit int) returns json language plpgsql as $$
declare
  ended int;
begin
  update orders set status = 'expired' where id = any (array(
    select o.id from orders o where o.status = 'pending' and o.expires_at <= now() order by o.expires_at limit p_limit for update skip locked));
  get diagnostics ended = row_count;
  return json_build_object('orders', ended);
end $$;
