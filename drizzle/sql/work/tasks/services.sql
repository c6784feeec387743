-- Returns the terms of a service for a booking, as they are now: what is kept on its task. Work by the hour has the price of an hour; a fixed
-- price, and one from which the tasker begins, is that of the whole, and a price per unit that of all units. Extras come on top, with their
-- minutes. Refuses extras of another service, and a number of units where nothing is counted.
create or replace function khidma.service_terms(s services, p_quantity int, p_extras uuid[]) returns jsonb language plpgsql stable as $$
declare
  extras record;
begin
  if (p_quantity is not null) <> (s.price_type = 'per_unit') then
    perform khidma.refuse(422, 'quantity_refused', jsonb_build_object('priceType', s.price_type));
  end if;
  select count(*) as found, coalesce(sum(x.price_amount), 0)::bigint as amount, coalesce(sum(x.minutes), 0)::int as minutes,
         coalesce(jsonb_agg(jsonb_build_object('id', x.id, 'name', x.name, 'priceAmount', x.price_amount, 'minutes', x.minutes) order by x.display_order), '[]') as chosen
    into extras from service_extras x where x.service_id = s.id and x.id = any (p_extras);
  if extras.found <> cardinality(p_extras) then
    perform khidma.refuse(422, 'unknown_extra');
  end if;
  return jsonb_build_object('name', s.name, 'priceType', s.price_type, 'priceAmount', s.price_amount, 'currency', s.currency,
    'unitName', s.unit_name, 'quantity', p_quantity, 'durationMinutes', s.duration_minutes, 'extras', extras.chosen,
    'extrasAmount', extras.amount, 'extrasMinutes', extras.minutes,
    'agreedAmount', s.price_amount * coalesce(p_quantity, 1),
    'workAmount', case s.price_type when 'hourly' then khidma.amount_for(s.duration_minutes, s.price_amount) else s.price_amount * coalesce(p_quantity, 1) end);
end $$;

-- Refuses to book a service that nobody is shown (404), or that cannot be booked now, and returns its terms. The locks are those of whoever
-- edits it, in their order (account, profile, service): what is read here stays true until the booking is made.
create or replace function khidma.begin_service_booking(p_service uuid, p_client uuid, p_quantity int, p_extras uuid[]) returns jsonb language plpgsql as $$
declare
  s services;
  p role_profiles;
begin
  perform khidma.refuse_closed(array[p_client, (select r.user_id from services x join role_profiles r on r.id = x.profile_id where x.id = p_service)]);
  select r.* into p from role_profiles r where r.id = (select x.profile_id from services x where x.id = p_service) for share;
  select x.* into s from services x where x.id = p_service for share;
  if s.id is null or s.deleted_at is not null or not khidma.is_role_profile_listed(p) then
    perform khidma.refuse(404, 'not_found');
  elsif not s.is_active then
    perform khidma.refuse(409, 'service_unavailable');
  elsif p.user_id = p_client then
    perform khidma.refuse(403, 'forbidden');
  elsif exists (select from khidma.over_debt_cap(p.user_id)) then
    perform khidma.refuse(409, 'slot_unavailable', jsonb_build_object('rule', 'not_active'));
  end if;
  return khidma.service_terms(s, p_quantity, p_extras);
end $$;

-- Makes a draft an order of a service: category, title, price and duration are those of the service. The place and the words are the
-- client's.
create or replace function khidma.order_service(p_task uuid, p_service uuid, p_client uuid, p_quantity int, p_extras uuid[], p_start timestamptz, p jsonb)
returns void language plpgsql as $$
declare
  terms jsonb := khidma.begin_service_booking(p_service, p_client, p_quantity, p_extras);
  total bigint := (terms ->> 'workAmount')::bigint + (terms ->> 'extrasAmount')::bigint;
begin
  insert into tasks (id, client_id, sourcing, category, subcategory, title, description, address, city, district, lat, lng, address_id, starts_at,
                     pricing_model, est_minutes, est_min_amount, est_max_amount, currency, addons_amount, addons_minutes, client_notes,
                     structured_inputs, service_id, service_terms)
  select p_task, p_client, 'match', coalesce(parent.slug, c.slug), case when parent.slug is not null then c.slug end, s.name,
         coalesce(p ->> 'description', s.name), coalesce(a.address, p ->> 'address'), coalesce(a.city, p ->> 'city'),
         coalesce(a.district, p ->> 'district'), coalesce(a.lat, (p ->> 'lat')::float8), coalesce(a.lng, (p ->> 'lng')::float8), a.id, p_start,
         case s.price_type when 'hourly' then 'hourly' else 'fixed' end, s.duration_minutes, total, total, s.currency,
         (terms ->> 'extrasAmount')::bigint, (terms ->> 'extrasMinutes')::int, p ->> 'clientNotes', coalesce(p -> 'structuredInputs', '{}'), s.id, terms
    from services s
    join task_categories c on c.slug = s.category
    left join task_categories parent on parent.id = c.parent_id
    left join addresses a on a.id = (p ->> 'addressId')::uuid and a.user_id = p_client and a.lat is not null
   where s.id = p_service and (p ->> 'addressId' is null or a.id is not null);
  if not found then
    perform khidma.refuse(422, case when exists (select from services s join task_categories c on c.slug = s.category where s.id = p_service)
                                    then 'address_refused' else 'unknown_category' end);
  end if;
end $$;
