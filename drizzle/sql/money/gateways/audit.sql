-- Generated from src/db/schema and triggers.sql by `npm run machines`: an entry in the audit log after every change of a row.
-- Columns that a trigger line names are hidden.

create or replace function khidma.audit_payment_gateway_configs() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'gateway', jsonb_build_array(null, new.gateway),
      'display_name', jsonb_build_array(null, new.display_name),
      'status', jsonb_build_array(null, new.status),
      'countries', jsonb_build_array(null, new.countries),
      'currencies', jsonb_build_array(null, new.currencies),
      'methods', jsonb_build_array(null, new.methods),
      'sends_payouts', jsonb_build_array(null, new.sends_payouts),
      'weight', jsonb_build_array(null, new.weight),
      'tested_at', jsonb_build_array(null, new.tested_at),
      'test_failure', jsonb_build_array(null, new.test_failure),
      'activated_at', jsonb_build_array(null, new.activated_at),
      'retired_at', jsonb_build_array(null, new.retired_at),
      'failures', jsonb_build_array(null, new.failures),
      'paused_until', jsonb_build_array(null, new.paused_until),
      'created_by', jsonb_build_array(null, new.created_by));
    perform khidma.write_audit('gateways', 'payment_gateway_configs', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'gateway', jsonb_build_array(old.gateway, null),
      'display_name', jsonb_build_array(old.display_name, null),
      'status', jsonb_build_array(old.status, null),
      'countries', jsonb_build_array(old.countries, null),
      'currencies', jsonb_build_array(old.currencies, null),
      'methods', jsonb_build_array(old.methods, null),
      'sends_payouts', jsonb_build_array(old.sends_payouts, null),
      'weight', jsonb_build_array(old.weight, null),
      'tested_at', jsonb_build_array(old.tested_at, null),
      'test_failure', jsonb_build_array(old.test_failure, null),
      'activated_at', jsonb_build_array(old.activated_at, null),
      'retired_at', jsonb_build_array(old.retired_at, null),
      'failures', jsonb_build_array(old.failures, null),
      'paused_until', jsonb_build_array(old.paused_until, null),
      'created_by', jsonb_build_array(old.created_by, null));
    perform khidma.write_audit('gateways', 'payment_gateway_configs', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.gateway is distinct from old.gateway then
    changes := changes || jsonb_build_object('gateway', jsonb_build_array(old.gateway, new.gateway));
  end if;
  if new.display_name is distinct from old.display_name then
    changes := changes || jsonb_build_object('display_name', jsonb_build_array(old.display_name, new.display_name));
  end if;
  if new.status is distinct from old.status then
    changes := changes || jsonb_build_object('status', jsonb_build_array(old.status, new.status));
  end if;
  if new.countries is distinct from old.countries then
    changes := changes || jsonb_build_object('countries', jsonb_build_array(old.countries, new.countries));
  end if;
  if new.currencies is distinct from old.currencies then
    changes := changes || jsonb_build_object('currencies', jsonb_build_array(old.currencies, new.currencies));
  end if;
  if new.methods is distinct from old.methods then
    changes := changes || jsonb_build_object('methods', jsonb_build_array(old.methods, new.methods));
  end if;
  if new.sends_payouts is distinct from old.sends_payouts then
    changes := changes || jsonb_build_object('sends_payouts', jsonb_build_array(old.sends_payouts, new.sends_payouts));
  end if;
  if new.weight is distinct from old.weight then
    changes := changes || jsonb_build_object('weight', jsonb_build_array(old.weight, new.weight));
  end if;
  if new.tested_at is distinct from old.tested_at then
    changes := changes || jsonb_build_object('tested_at', jsonb_build_array(old.tested_at, new.tested_at));
  end if;
  if new.test_failure is distinct from old.test_failure then
    changes := changes || jsonb_build_object('test_failure', jsonb_build_array(old.test_failure, new.test_failure));
  end if;
  if new.activated_at is distinct from old.activated_at then
    changes := changes || jsonb_build_object('activated_at', jsonb_build_array(old.activated_at, new.activated_at));
  end if;
  if new.retired_at is distinct from old.retired_at then
    changes := changes || jsonb_build_object('retired_at', jsonb_build_array(old.retired_at, new.retired_at));
  end if;
  if new.failures is distinct from old.failures then
    changes := changes || jsonb_build_object('failures', jsonb_build_array(old.failures, new.failures));
  end if;
  if new.paused_until is distinct from old.paused_until then
    changes := changes || jsonb_build_object('paused_until', jsonb_build_array(old.paused_until, new.paused_until));
  end if;
  if new.created_by is distinct from old.created_by then
    changes := changes || jsonb_build_object('created_by', jsonb_build_array(old.created_by, new.created_by));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('gateways', 'payment_gateway_configs', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;
