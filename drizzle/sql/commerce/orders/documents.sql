-- Computes the price of a document from the inputs that it is given, whatever else somebody writes: without any it would cost nothing, and is
-- refused. So is a coupon that does not apply, with why, and every change of one that was placed (before insert, update or delete). Freezing itself changes nothing of the price.
create or replace function khidma.guard_price_document() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' and old.frozen_at is not null then
    raise exception 'price document % was placed', old.id using errcode = 'restrict_violation';
  elsif tg_op = 'DELETE' then
    return old;
  elsif tg_op = 'INSERT' or new.price is distinct from old.price then
    if jsonb_typeof(new.price -> 'inputs' -> 'lines') is distinct from 'array' then
      raise exception 'price document % has no inputs', new.id using errcode = 'check_violation', constraint = 'price_documents_inputs';
    end if;
    new.price := khidma.price_with(new.price -> 'inputs');
    if new.price -> 'coupon' ->> 'state' <> 'applied' then
      perform khidma.refuse(422, 'coupon_' || (new.price -> 'coupon' ->> 'state'), jsonb_strip_nulls(jsonb_build_object(
        'minimum', new.price -> 'coupon' -> 'minimum', 'missing', new.price -> 'coupon' -> 'missing')));
    end if;
  end if;
  new.subtotal := (new.price ->> 'subtotal')::bigint;
  new.discount := (new.price ->> 'discount')::bigint;
  new.tax := (new.price ->> 'tax')::bigint;
  new.total := (new.price ->> 'total')::bigint;
  return new;
end $$;

-- Replaces the lines of a price document by those of its price (after insert or update of price).
create or replace function khidma.keep_order_items() returns trigger language plpgsql as $$
begin
  delete from order_items where document_id = new.id;
  insert into order_items (id, document_id, line, item_type, item_id, item_name, quantity, unit_price, discount, tax, total_price)
  select khidma.uuid_v7(), new.id, (l ->> 'line')::int, l ->> 'kind', (l ->> 'itemId')::uuid, l ->> 'name', (l ->> 'quantity')::int,
         (l ->> 'unitPrice')::bigint, (l ->> 'discount')::bigint, (l ->> 'tax')::bigint, (l ->> 'total')::bigint
    from jsonb_array_elements(new.price -> 'lines') l;
  return null;
end $$;

-- Refuses changes of the lines of a document that was placed, and such by anything but the document (before insert, update or delete).
create or replace function khidma.guard_order_item() returns trigger language plpgsql as $$
begin
  if pg_trigger_depth() < 2
    or exists (select from price_documents d where d.id = coalesce(new.document_id, old.document_id) and d.frozen_at is not null) then
    raise exception 'lines follow their price document' using errcode = 'restrict_violation';
  end if;
  return coalesce(new, old);
end $$;

-- Returns the lines of a request for a price: packages that can be bought in a country, with what one of each gives. Refuses others.
create or replace function khidma.lines_of_packages(p_items jsonb, p_country text, p_locale text) returns jsonb language plpgsql stable as $$
declare
  lines jsonb;
begin
  select jsonb_agg(jsonb_build_object('line', i.n, 'kind', 'package', 'itemId', k.id, 'name', coalesce(k.names ->> p_locale, k.names ->> 'en'),
           'quantity', (i.item ->> 'quantity')::int, 'unitPrice', k.price,
           'gives', jsonb_build_object('postings', k.postings, 'contactViews', k.contact_views, 'credits', k.credits, 'validityDays', k.validity_days,
                                      'postingDays', k.posting_days))
           order by i.n)
    into lines
    from jsonb_array_elements(p_items) with ordinality i (item, n)
    join packages k on k.id = (i.item ->> 'packageId')::uuid and k.country = p_country and k.active and k.retired_at is null;
  if coalesce(jsonb_array_length(lines), 0) <> jsonb_array_length(p_items) then
    perform khidma.refuse(422, 'package_unavailable', '{"field": "items"}');
  end if;
  return lines;
end $$;

-- Returns what the price of packages for a buyer is computed from now, as a price document takes it.
create or replace function khidma.inputs_of_packages(p_buyer uuid, p_items jsonb, p_country text, p_currency text, p_coupon text, p_locale text) returns jsonb
language sql stable as $$
  select jsonb_build_object('inputs', khidma.price_inputs(khidma.lines_of_packages(p_items, p_country, p_locale), p_buyer, p_country, p_currency, p_coupon, now()))
$$;

-- Locks a quote that can still be changed or placed, of the caller or of a company that they buy for; to others it is not there.
create or replace function khidma.lock_quote(p_quote uuid, p_version int) returns price_documents language plpgsql as $$
declare
  d price_documents;
begin
  select * into d from price_documents x where x.id = p_quote for update;
  if not found then
    perform khidma.refuse(404, 'not_found');
  end if;
  perform khidma.assert_buyer(d.user_id);
  if d.frozen_at is not null then
    perform khidma.refuse(409, 'quote_placed');
  end if;
  perform khidma.assert_version(d.version, p_version);
  return d;
end $$;

-- Deletes quotes that nobody has placed, some time after they ended; at most `p_limit`.
create or replace function khidma.purge_quotes(p_limit int) returns json language plpgsql as $$
declare
  gone int;
begin
  delete from price_documents where id = any (array(
    select d.id from price_documents d where d.frozen_at is null and d.valid_until < now() - khidma.retention_period('quotes')
     order by d.id limit p_limit for update skip locked));
  get diagnostics gone = row_count;
  return json_build_object('quotes', gone);
end $$;
