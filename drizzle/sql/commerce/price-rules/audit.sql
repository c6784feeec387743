-- Generated from src/db/schema and triggers.sql by `npm run machines`: an entry in the audit log after every change of a row.
-- Columns that a trigger line names are hidden.

create or replace function khidma.audit_discount_rules() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'name', jsonb_build_array(null, new.name),
      'description', jsonb_build_array(null, new.description),
      'code', jsonb_build_array(null, new.code),
      'scope', jsonb_build_array(null, new.scope),
      'scope_id', jsonb_build_array(null, new.scope_id),
      'discount_type', jsonb_build_array(null, new.discount_type),
      'discount_value', jsonb_build_array(null, new.discount_value),
      'max_discount', jsonb_build_array(null, new.max_discount),
      'min_order', jsonb_build_array(null, new.min_order),
      'country', jsonb_build_array(null, new.country),
      'currency', jsonb_build_array(null, new.currency),
      'priority', jsonb_build_array(null, new.priority),
      'is_exclusive', jsonb_build_array(null, new.is_exclusive),
      'starts_at', jsonb_build_array(null, new.starts_at),
      'ends_at', jsonb_build_array(null, new.ends_at),
      'usage_limit', jsonb_build_array(null, new.usage_limit),
      'per_person_limit', jsonb_build_array(null, new.per_person_limit),
      'funded_by', jsonb_build_array(null, new.funded_by),
      'partner', jsonb_build_array(null, new.partner),
      'active', jsonb_build_array(null, new.active),
      'retired_at', jsonb_build_array(null, new.retired_at));
    perform khidma.write_audit('price-rules', 'discount_rules', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'name', jsonb_build_array(old.name, null),
      'description', jsonb_build_array(old.description, null),
      'code', jsonb_build_array(old.code, null),
      'scope', jsonb_build_array(old.scope, null),
      'scope_id', jsonb_build_array(old.scope_id, null),
      'discount_type', jsonb_build_array(old.discount_type, null),
      'discount_value', jsonb_build_array(old.discount_value, null),
      'max_discount', jsonb_build_array(old.max_discount, null),
      'min_order', jsonb_build_array(old.min_order, null),
      'country', jsonb_build_array(old.country, null),
      'currency', jsonb_build_array(old.currency, null),
      'priority', jsonb_build_array(old.priority, null),
      'is_exclusive', jsonb_build_array(old.is_exclusive, null),
      'starts_at', jsonb_build_array(old.starts_at, null),
      'ends_at', jsonb_build_array(old.ends_at, null),
      'usage_limit', jsonb_build_array(old.usage_limit, null),
      'per_person_limit', jsonb_build_array(old.per_person_limit, null),
      'funded_by', jsonb_build_array(old.funded_by, null),
      'partner', jsonb_build_array(old.partner, null),
      'active', jsonb_build_array(old.active, null),
      'retired_at', jsonb_build_array(old.retired_at, null));
    perform khidma.write_audit('price-rules', 'discount_rules', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.name is distinct from old.name then
    changes := changes || jsonb_build_object('name', jsonb_build_array(old.name, new.name));
  end if;
  if new.description is distinct from old.description then
    changes := changes || jsonb_build_object('description', jsonb_build_array(old.description, new.description));
  end if;
  if new.code is distinct from old.code then
    changes := changes || jsonb_build_object('code', jsonb_build_array(old.code, new.code));
  end if;
  if new.scope is distinct from old.scope then
    changes := changes || jsonb_build_object('scope', jsonb_build_array(old.scope, new.scope));
  end if;
  if new.scope_id is distinct from old.scope_id then
    changes := changes || jsonb_build_object('scope_id', jsonb_build_array(old.scope_id, new.scope_id));
  end if;
  if new.discount_type is distinct from old.discount_type then
    changes := changes || jsonb_build_object('discount_type', jsonb_build_array(old.discount_type, new.discount_type));
  end if;
  if new.discount_value is distinct from old.discount_value then
    changes := changes || jsonb_build_object('discount_value', jsonb_build_array(old.discount_value, new.discount_value));
  end if;
  if new.max_discount is distinct from old.max_discount then
    changes := changes || jsonb_build_object('max_discount', jsonb_build_array(old.max_discount, new.max_discount));
  end if;
  if new.min_order is distinct from old.min_order then
    changes := changes || jsonb_build_object('min_order', jsonb_build_array(old.min_order, new.min_order));
  end if;
  if new.country is distinct from old.country then
    changes := changes || jsonb_build_object('country', jsonb_build_array(old.country, new.country));
  end if;
  if new.currency is distinct from old.currency then
    changes := changes || jsonb_build_object('currency', jsonb_build_array(old.currency, new.currency));
  end if;
  if new.priority is distinct from old.priority then
    changes := changes || jsonb_build_object('priority', jsonb_build_array(old.priority, new.priority));
  end if;
  if new.is_exclusive is distinct from old.is_exclusive then
    changes := changes || jsonb_build_object('is_exclusive', jsonb_build_array(old.is_exclusive, new.is_exclusive));
  end if;
  if new.starts_at is distinct from old.starts_at then
    changes := changes || jsonb_build_object('starts_at', jsonb_build_array(old.starts_at, new.starts_at));
  end if;
  if new.ends_at is distinct from old.ends_at then
    changes := changes || jsonb_build_object('ends_at', jsonb_build_array(old.ends_at, new.ends_at));
  end if;
  if new.usage_limit is distinct from old.usage_limit then
    changes := changes || jsonb_build_object('usage_limit', jsonb_build_array(old.usage_limit, new.usage_limit));
  end if;
  if new.per_person_limit is distinct from old.per_person_limit then
    changes := changes || jsonb_build_object('per_person_limit', jsonb_build_array(old.per_person_limit, new.per_person_limit));
  end if;
  if new.funded_by is distinct from old.funded_by then
    changes := changes || jsonb_build_object('funded_by', jsonb_build_array(old.funded_by, new.funded_by));
  end if;
  if new.partner is distinct from old.partner then
    changes := changes || jsonb_build_object('partner', jsonb_build_array(old.partner, new.partner));
  end if;
  if new.active is distinct from old.active then
    changes := changes || jsonb_build_object('active', jsonb_build_array(old.active, new.active));
  end if;
  if new.retired_at is distinct from old.retired_at then
    changes := changes || jsonb_build_object('retired_at', jsonb_build_array(old.retired_at, new.retired_at));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('price-rules', 'discount_rules', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_discount_budgets() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'rule_id', jsonb_build_array(null, new.rule_id),
      'budget', jsonb_build_array(null, new.budget));
    perform khidma.write_audit('price-rules', 'discount_budgets', 'insert', null::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'rule_id', jsonb_build_array(old.rule_id, null),
      'budget', jsonb_build_array(old.budget, null));
    perform khidma.write_audit('price-rules', 'discount_budgets', 'delete', null::text, null, changes);
    return null;
  end if;
  if new.rule_id is distinct from old.rule_id then
    changes := changes || jsonb_build_object('rule_id', jsonb_build_array(old.rule_id, new.rule_id));
  end if;
  if new.budget is distinct from old.budget then
    changes := changes || jsonb_build_object('budget', jsonb_build_array(old.budget, new.budget));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('price-rules', 'discount_budgets', 'update', null::text, null, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_tax_rules() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'name', jsonb_build_array(null, new.name),
      'kind', jsonb_build_array(null, new.kind),
      'rate_basis_points', jsonb_build_array(null, new.rate_basis_points),
      'country', jsonb_build_array(null, new.country),
      'category_id', jsonb_build_array(null, new.category_id),
      'applies_to', jsonb_build_array(null, new.applies_to),
      'is_inclusive', jsonb_build_array(null, new.is_inclusive),
      'region', jsonb_build_array(null, new.region),
      'exempts', jsonb_build_array(null, new.exempts),
      'starts_at', jsonb_build_array(null, new.starts_at),
      'ends_at', jsonb_build_array(null, new.ends_at),
      'active', jsonb_build_array(null, new.active),
      'retired_at', jsonb_build_array(null, new.retired_at));
    perform khidma.write_audit('price-rules', 'tax_rules', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'name', jsonb_build_array(old.name, null),
      'kind', jsonb_build_array(old.kind, null),
      'rate_basis_points', jsonb_build_array(old.rate_basis_points, null),
      'country', jsonb_build_array(old.country, null),
      'category_id', jsonb_build_array(old.category_id, null),
      'applies_to', jsonb_build_array(old.applies_to, null),
      'is_inclusive', jsonb_build_array(old.is_inclusive, null),
      'region', jsonb_build_array(old.region, null),
      'exempts', jsonb_build_array(old.exempts, null),
      'starts_at', jsonb_build_array(old.starts_at, null),
      'ends_at', jsonb_build_array(old.ends_at, null),
      'active', jsonb_build_array(old.active, null),
      'retired_at', jsonb_build_array(old.retired_at, null));
    perform khidma.write_audit('price-rules', 'tax_rules', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.name is distinct from old.name then
    changes := changes || jsonb_build_object('name', jsonb_build_array(old.name, new.name));
  end if;
  if new.kind is distinct from old.kind then
    changes := changes || jsonb_build_object('kind', jsonb_build_array(old.kind, new.kind));
  end if;
  if new.rate_basis_points is distinct from old.rate_basis_points then
    changes := changes || jsonb_build_object('rate_basis_points', jsonb_build_array(old.rate_basis_points, new.rate_basis_points));
  end if;
  if new.country is distinct from old.country then
    changes := changes || jsonb_build_object('country', jsonb_build_array(old.country, new.country));
  end if;
  if new.category_id is distinct from old.category_id then
    changes := changes || jsonb_build_object('category_id', jsonb_build_array(old.category_id, new.category_id));
  end if;
  if new.applies_to is distinct from old.applies_to then
    changes := changes || jsonb_build_object('applies_to', jsonb_build_array(old.applies_to, new.applies_to));
  end if;
  if new.is_inclusive is distinct from old.is_inclusive then
    changes := changes || jsonb_build_object('is_inclusive', jsonb_build_array(old.is_inclusive, new.is_inclusive));
  end if;
  if new.region is distinct from old.region then
    changes := changes || jsonb_build_object('region', jsonb_build_array(old.region, new.region));
  end if;
  if new.exempts is distinct from old.exempts then
    changes := changes || jsonb_build_object('exempts', jsonb_build_array(old.exempts, new.exempts));
  end if;
  if new.starts_at is distinct from old.starts_at then
    changes := changes || jsonb_build_object('starts_at', jsonb_build_array(old.starts_at, new.starts_at));
  end if;
  if new.ends_at is distinct from old.ends_at then
    changes := changes || jsonb_build_object('ends_at', jsonb_build_array(old.ends_at, new.ends_at));
  end if;
  if new.active is distinct from old.active then
    changes := changes || jsonb_build_object('active', jsonb_build_array(old.active, new.active));
  end if;
  if new.retired_at is distinct from old.retired_at then
    changes := changes || jsonb_build_object('retired_at', jsonb_build_array(old.retired_at, new.retired_at));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('price-rules', 'tax_rules', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;
