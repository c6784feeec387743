-- Generated from src/db/schema and triggers.sql by `npm run machines`: an entry in the audit log after every change of a row.
-- Columns that a trigger line names are hidden.

create or replace function khidma.audit_plans() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'names', jsonb_build_array(null, new.names),
      'descriptions', jsonb_build_array(null, new.descriptions),
      'country', jsonb_build_array(null, new.country),
      'currency', jsonb_build_array(null, new.currency),
      'price_month', jsonb_build_array(null, new.price_month),
      'price_year', jsonb_build_array(null, new.price_year),
      'trial_days', jsonb_build_array(null, new.trial_days),
      'commission_discount', jsonb_build_array(null, new.commission_discount),
      'credits_a_month', jsonb_build_array(null, new.credits_a_month),
      'bids_a_day', jsonb_build_array(null, new.bids_a_day),
      'badge', jsonb_build_array(null, new.badge),
      'falls_to', jsonb_build_array(null, new.falls_to),
      'active', jsonb_build_array(null, new.active),
      'sort_order', jsonb_build_array(null, new.sort_order),
      'retired_at', jsonb_build_array(null, new.retired_at));
    perform khidma.write_audit('subscriptions', 'plans', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'names', jsonb_build_array(old.names, null),
      'descriptions', jsonb_build_array(old.descriptions, null),
      'country', jsonb_build_array(old.country, null),
      'currency', jsonb_build_array(old.currency, null),
      'price_month', jsonb_build_array(old.price_month, null),
      'price_year', jsonb_build_array(old.price_year, null),
      'trial_days', jsonb_build_array(old.trial_days, null),
      'commission_discount', jsonb_build_array(old.commission_discount, null),
      'credits_a_month', jsonb_build_array(old.credits_a_month, null),
      'bids_a_day', jsonb_build_array(old.bids_a_day, null),
      'badge', jsonb_build_array(old.badge, null),
      'falls_to', jsonb_build_array(old.falls_to, null),
      'active', jsonb_build_array(old.active, null),
      'sort_order', jsonb_build_array(old.sort_order, null),
      'retired_at', jsonb_build_array(old.retired_at, null));
    perform khidma.write_audit('subscriptions', 'plans', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.names is distinct from old.names then
    changes := changes || jsonb_build_object('names', jsonb_build_array(old.names, new.names));
  end if;
  if new.descriptions is distinct from old.descriptions then
    changes := changes || jsonb_build_object('descriptions', jsonb_build_array(old.descriptions, new.descriptions));
  end if;
  if new.country is distinct from old.country then
    changes := changes || jsonb_build_object('country', jsonb_build_array(old.country, new.country));
  end if;
  if new.currency is distinct from old.currency then
    changes := changes || jsonb_build_object('currency', jsonb_build_array(old.currency, new.currency));
  end if;
  if new.price_month is distinct from old.price_month then
    changes := changes || jsonb_build_object('price_month', jsonb_build_array(old.price_month, new.price_month));
  end if;
  if new.price_year is distinct from old.price_year then
    changes := changes || jsonb_build_object('price_year', jsonb_build_array(old.price_year, new.price_year));
  end if;
  if new.trial_days is distinct from old.trial_days then
    changes := changes || jsonb_build_object('trial_days', jsonb_build_array(old.trial_days, new.trial_days));
  end if;
  if new.commission_discount is distinct from old.commission_discount then
    changes := changes || jsonb_build_object('commission_discount', jsonb_build_array(old.commission_discount, new.commission_discount));
  end if;
  if new.credits_a_month is distinct from old.credits_a_month then
    changes := changes || jsonb_build_object('credits_a_month', jsonb_build_array(old.credits_a_month, new.credits_a_month));
  end if;
  if new.bids_a_day is distinct from old.bids_a_day then
    changes := changes || jsonb_build_object('bids_a_day', jsonb_build_array(old.bids_a_day, new.bids_a_day));
  end if;
  if new.badge is distinct from old.badge then
    changes := changes || jsonb_build_object('badge', jsonb_build_array(old.badge, new.badge));
  end if;
  if new.falls_to is distinct from old.falls_to then
    changes := changes || jsonb_build_object('falls_to', jsonb_build_array(old.falls_to, new.falls_to));
  end if;
  if new.active is distinct from old.active then
    changes := changes || jsonb_build_object('active', jsonb_build_array(old.active, new.active));
  end if;
  if new.sort_order is distinct from old.sort_order then
    changes := changes || jsonb_build_object('sort_order', jsonb_build_array(old.sort_order, new.sort_order));
  end if;
  if new.retired_at is distinct from old.retired_at then
    changes := changes || jsonb_build_object('retired_at', jsonb_build_array(old.retired_at, new.retired_at));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('subscriptions', 'plans', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_subscriptions() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'user_id', jsonb_build_array(null, new.user_id),
      'plan_id', jsonb_build_array(null, new.plan_id),
      'cycle', jsonb_build_array(null, new.cycle),
      'status', jsonb_build_array(null, new.status),
      'price', jsonb_build_array(null, new.price),
      'currency', jsonb_build_array(null, new.currency),
      'features', jsonb_build_array(null, new.features),
      'stored_method_id', jsonb_build_array(null, new.stored_method_id),
      'period_start', jsonb_build_array(null, new.period_start),
      'period_end', jsonb_build_array(null, new.period_end),
      'anchor_day', jsonb_build_array(null, new.anchor_day),
      'cancels_at_period_end', jsonb_build_array(null, new.cancels_at_period_end),
      'next_plan_id', jsonb_build_array(null, new.next_plan_id),
      'next_cycle', jsonb_build_array(null, new.next_cycle),
      'paused_at', jsonb_build_array(null, new.paused_at),
      'paused_until', jsonb_build_array(null, new.paused_until),
      'grace_until', jsonb_build_array(null, new.grace_until),
      'credits_at', jsonb_build_array(null, new.credits_at),
      'end_reason', jsonb_build_array(null, new.end_reason),
      'ended_at', jsonb_build_array(null, new.ended_at),
      'clock_ahead', jsonb_build_array(null, new.clock_ahead),
      'next_at', jsonb_build_array(null, new.next_at));
    perform khidma.write_audit('subscriptions', 'subscriptions', 'insert', new.id::text, new.user_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'user_id', jsonb_build_array(old.user_id, null),
      'plan_id', jsonb_build_array(old.plan_id, null),
      'cycle', jsonb_build_array(old.cycle, null),
      'status', jsonb_build_array(old.status, null),
      'price', jsonb_build_array(old.price, null),
      'currency', jsonb_build_array(old.currency, null),
      'features', jsonb_build_array(old.features, null),
      'stored_method_id', jsonb_build_array(old.stored_method_id, null),
      'period_start', jsonb_build_array(old.period_start, null),
      'period_end', jsonb_build_array(old.period_end, null),
      'anchor_day', jsonb_build_array(old.anchor_day, null),
      'cancels_at_period_end', jsonb_build_array(old.cancels_at_period_end, null),
      'next_plan_id', jsonb_build_array(old.next_plan_id, null),
      'next_cycle', jsonb_build_array(old.next_cycle, null),
      'paused_at', jsonb_build_array(old.paused_at, null),
      'paused_until', jsonb_build_array(old.paused_until, null),
      'grace_until', jsonb_build_array(old.grace_until, null),
      'credits_at', jsonb_build_array(old.credits_at, null),
      'end_reason', jsonb_build_array(old.end_reason, null),
      'ended_at', jsonb_build_array(old.ended_at, null),
      'clock_ahead', jsonb_build_array(old.clock_ahead, null),
      'next_at', jsonb_build_array(old.next_at, null));
    perform khidma.write_audit('subscriptions', 'subscriptions', 'delete', old.id::text, old.user_id, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.user_id is distinct from old.user_id then
    changes := changes || jsonb_build_object('user_id', jsonb_build_array(old.user_id, new.user_id));
  end if;
  if new.plan_id is distinct from old.plan_id then
    changes := changes || jsonb_build_object('plan_id', jsonb_build_array(old.plan_id, new.plan_id));
  end if;
  if new.cycle is distinct from old.cycle then
    changes := changes || jsonb_build_object('cycle', jsonb_build_array(old.cycle, new.cycle));
  end if;
  if new.status is distinct from old.status then
    changes := changes || jsonb_build_object('status', jsonb_build_array(old.status, new.status));
  end if;
  if new.price is distinct from old.price then
    changes := changes || jsonb_build_object('price', jsonb_build_array(old.price, new.price));
  end if;
  if new.currency is distinct from old.currency then
    changes := changes || jsonb_build_object('currency', jsonb_build_array(old.currency, new.currency));
  end if;
  if new.features is distinct from old.features then
    changes := changes || jsonb_build_object('features', jsonb_build_array(old.features, new.features));
  end if;
  if new.stored_method_id is distinct from old.stored_method_id then
    changes := changes || jsonb_build_object('stored_method_id', jsonb_build_array(old.stored_method_id, new.stored_method_id));
  end if;
  if new.period_start is distinct from old.period_start then
    changes := changes || jsonb_build_object('period_start', jsonb_build_array(old.period_start, new.period_start));
  end if;
  if new.period_end is distinct from old.period_end then
    changes := changes || jsonb_build_object('period_end', jsonb_build_array(old.period_end, new.period_end));
  end if;
  if new.anchor_day is distinct from old.anchor_day then
    changes := changes || jsonb_build_object('anchor_day', jsonb_build_array(old.anchor_day, new.anchor_day));
  end if;
  if new.cancels_at_period_end is distinct from old.cancels_at_period_end then
    changes := changes || jsonb_build_object('cancels_at_period_end', jsonb_build_array(old.cancels_at_period_end, new.cancels_at_period_end));
  end if;
  if new.next_plan_id is distinct from old.next_plan_id then
    changes := changes || jsonb_build_object('next_plan_id', jsonb_build_array(old.next_plan_id, new.next_plan_id));
  end if;
  if new.next_cycle is distinct from old.next_cycle then
    changes := changes || jsonb_build_object('next_cycle', jsonb_build_array(old.next_cycle, new.next_cycle));
  end if;
  if new.paused_at is distinct from old.paused_at then
    changes := changes || jsonb_build_object('paused_at', jsonb_build_array(old.paused_at, new.paused_at));
  end if;
  if new.paused_until is distinct from old.paused_until then
    changes := changes || jsonb_build_object('paused_until', jsonb_build_array(old.paused_until, new.paused_until));
  end if;
  if new.grace_until is distinct from old.grace_until then
    changes := changes || jsonb_build_object('grace_until', jsonb_build_array(old.grace_until, new.grace_until));
  end if;
  if new.credits_at is distinct from old.credits_at then
    changes := changes || jsonb_build_object('credits_at', jsonb_build_array(old.credits_at, new.credits_at));
  end if;
  if new.end_reason is distinct from old.end_reason then
    changes := changes || jsonb_build_object('end_reason', jsonb_build_array(old.end_reason, new.end_reason));
  end if;
  if new.ended_at is distinct from old.ended_at then
    changes := changes || jsonb_build_object('ended_at', jsonb_build_array(old.ended_at, new.ended_at));
  end if;
  if new.clock_ahead is distinct from old.clock_ahead then
    changes := changes || jsonb_build_object('clock_ahead', jsonb_build_array(old.clock_ahead, new.clock_ahead));
  end if;
  if new.next_at is distinct from old.next_at then
    changes := changes || jsonb_build_object('next_at', jsonb_build_array(old.next_at, new.next_at));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('subscriptions', 'subscriptions', 'update', new.id::text, new.user_id, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_subscription_charges() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'subscription_id', jsonb_build_array(null, new.subscription_id),
      'kind', jsonb_build_array(null, new.kind),
      'plan_id', jsonb_build_array(null, new.plan_id),
      'cycle', jsonb_build_array(null, new.cycle),
      'period_start', jsonb_build_array(null, new.period_start),
      'period_end', jsonb_build_array(null, new.period_end),
      'price', jsonb_build_array(null, new.price),
      'amount', jsonb_build_array(null, new.amount),
      'unused', jsonb_build_array(null, new.unused),
      'currency', jsonb_build_array(null, new.currency),
      'status', jsonb_build_array(null, new.status),
      'attempts', jsonb_build_array(null, new.attempts),
      'next_attempt_at', jsonb_build_array(null, new.next_attempt_at),
      'settled_at', jsonb_build_array(null, new.settled_at));
    perform khidma.write_audit('subscriptions', 'subscription_charges', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'subscription_id', jsonb_build_array(old.subscription_id, null),
      'kind', jsonb_build_array(old.kind, null),
      'plan_id', jsonb_build_array(old.plan_id, null),
      'cycle', jsonb_build_array(old.cycle, null),
      'period_start', jsonb_build_array(old.period_start, null),
      'period_end', jsonb_build_array(old.period_end, null),
      'price', jsonb_build_array(old.price, null),
      'amount', jsonb_build_array(old.amount, null),
      'unused', jsonb_build_array(old.unused, null),
      'currency', jsonb_build_array(old.currency, null),
      'status', jsonb_build_array(old.status, null),
      'attempts', jsonb_build_array(old.attempts, null),
      'next_attempt_at', jsonb_build_array(old.next_attempt_at, null),
      'settled_at', jsonb_build_array(old.settled_at, null));
    perform khidma.write_audit('subscriptions', 'subscription_charges', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.subscription_id is distinct from old.subscription_id then
    changes := changes || jsonb_build_object('subscription_id', jsonb_build_array(old.subscription_id, new.subscription_id));
  end if;
  if new.kind is distinct from old.kind then
    changes := changes || jsonb_build_object('kind', jsonb_build_array(old.kind, new.kind));
  end if;
  if new.plan_id is distinct from old.plan_id then
    changes := changes || jsonb_build_object('plan_id', jsonb_build_array(old.plan_id, new.plan_id));
  end if;
  if new.cycle is distinct from old.cycle then
    changes := changes || jsonb_build_object('cycle', jsonb_build_array(old.cycle, new.cycle));
  end if;
  if new.period_start is distinct from old.period_start then
    changes := changes || jsonb_build_object('period_start', jsonb_build_array(old.period_start, new.period_start));
  end if;
  if new.period_end is distinct from old.period_end then
    changes := changes || jsonb_build_object('period_end', jsonb_build_array(old.period_end, new.period_end));
  end if;
  if new.price is distinct from old.price then
    changes := changes || jsonb_build_object('price', jsonb_build_array(old.price, new.price));
  end if;
  if new.amount is distinct from old.amount then
    changes := changes || jsonb_build_object('amount', jsonb_build_array(old.amount, new.amount));
  end if;
  if new.unused is distinct from old.unused then
    changes := changes || jsonb_build_object('unused', jsonb_build_array(old.unused, new.unused));
  end if;
  if new.currency is distinct from old.currency then
    changes := changes || jsonb_build_object('currency', jsonb_build_array(old.currency, new.currency));
  end if;
  if new.status is distinct from old.status then
    changes := changes || jsonb_build_object('status', jsonb_build_array(old.status, new.status));
  end if;
  if new.attempts is distinct from old.attempts then
    changes := changes || jsonb_build_object('attempts', jsonb_build_array(old.attempts, new.attempts));
  end if;
  if new.next_attempt_at is distinct from old.next_attempt_at then
    changes := changes || jsonb_build_object('next_attempt_at', jsonb_build_array(old.next_attempt_at, new.next_attempt_at));
  end if;
  if new.settled_at is distinct from old.settled_at then
    changes := changes || jsonb_build_object('settled_at', jsonb_build_array(old.settled_at, new.settled_at));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('subscriptions', 'subscription_charges', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_subscription_attempts() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'charge_id', jsonb_build_array(null, new.charge_id),
      'document_id', jsonb_build_array(null, new.document_id),
      'outcome', jsonb_build_array(null, new.outcome),
      'failure_code', jsonb_build_array(null, new.failure_code),
      'at', jsonb_build_array(null, new.at),
      'ended_at', jsonb_build_array(null, new.ended_at));
    perform khidma.write_audit('subscriptions', 'subscription_attempts', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'charge_id', jsonb_build_array(old.charge_id, null),
      'document_id', jsonb_build_array(old.document_id, null),
      'outcome', jsonb_build_array(old.outcome, null),
      'failure_code', jsonb_build_array(old.failure_code, null),
      'at', jsonb_build_array(old.at, null),
      'ended_at', jsonb_build_array(old.ended_at, null));
    perform khidma.write_audit('subscriptions', 'subscription_attempts', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.charge_id is distinct from old.charge_id then
    changes := changes || jsonb_build_object('charge_id', jsonb_build_array(old.charge_id, new.charge_id));
  end if;
  if new.document_id is distinct from old.document_id then
    changes := changes || jsonb_build_object('document_id', jsonb_build_array(old.document_id, new.document_id));
  end if;
  if new.outcome is distinct from old.outcome then
    changes := changes || jsonb_build_object('outcome', jsonb_build_array(old.outcome, new.outcome));
  end if;
  if new.failure_code is distinct from old.failure_code then
    changes := changes || jsonb_build_object('failure_code', jsonb_build_array(old.failure_code, new.failure_code));
  end if;
  if new.at is distinct from old.at then
    changes := changes || jsonb_build_object('at', jsonb_build_array(old.at, new.at));
  end if;
  if new.ended_at is distinct from old.ended_at then
    changes := changes || jsonb_build_object('ended_at', jsonb_build_array(old.ended_at, new.ended_at));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('subscriptions', 'subscription_attempts', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;
