-- Generated from src/db/schema and triggers.sql by `npm run machines`: an entry in the audit log after every change of a row.
-- Columns that a trigger line names are hidden.

create or replace function khidma.audit_payment_methods() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'user_id', jsonb_build_array(null, new.user_id),
      'type', jsonb_build_array(null, new.type),
      'provider', jsonb_build_array(null, new.provider),
      'config_id', jsonb_build_array(null, new.config_id),
      'card_brand', jsonb_build_array(null, new.card_brand),
      'card_last_four', jsonb_build_array(null, new.card_last_four),
      'card_exp_month', jsonb_build_array(null, new.card_exp_month),
      'card_exp_year', jsonb_build_array(null, new.card_exp_year),
      'bank_name', jsonb_build_array(null, new.bank_name),
      'account_last_four', jsonb_build_array(null, new.account_last_four),
      'account_type', jsonb_build_array(null, new.account_type),
      'nickname', jsonb_build_array(null, new.nickname),
      'is_default', jsonb_build_array(null, new.is_default),
      'is_active', jsonb_build_array(null, new.is_active),
      'detach_due_at', jsonb_build_array(null, new.detach_due_at),
      'detach_attempts', jsonb_build_array(null, new.detach_attempts));
    perform khidma.write_audit('payment-methods', 'payment_methods', 'insert', new.id::text, new.user_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'user_id', jsonb_build_array(old.user_id, null),
      'type', jsonb_build_array(old.type, null),
      'provider', jsonb_build_array(old.provider, null),
      'config_id', jsonb_build_array(old.config_id, null),
      'card_brand', jsonb_build_array(old.card_brand, null),
      'card_last_four', jsonb_build_array(old.card_last_four, null),
      'card_exp_month', jsonb_build_array(old.card_exp_month, null),
      'card_exp_year', jsonb_build_array(old.card_exp_year, null),
      'bank_name', jsonb_build_array(old.bank_name, null),
      'account_last_four', jsonb_build_array(old.account_last_four, null),
      'account_type', jsonb_build_array(old.account_type, null),
      'nickname', jsonb_build_array(old.nickname, null),
      'is_default', jsonb_build_array(old.is_default, null),
      'is_active', jsonb_build_array(old.is_active, null),
      'detach_due_at', jsonb_build_array(old.detach_due_at, null),
      'detach_attempts', jsonb_build_array(old.detach_attempts, null));
    perform khidma.write_audit('payment-methods', 'payment_methods', 'delete', old.id::text, old.user_id, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.user_id is distinct from old.user_id then
    changes := changes || jsonb_build_object('user_id', jsonb_build_array(old.user_id, new.user_id));
  end if;
  if new.type is distinct from old.type then
    changes := changes || jsonb_build_object('type', jsonb_build_array(old.type, new.type));
  end if;
  if new.provider is distinct from old.provider then
    changes := changes || jsonb_build_object('provider', jsonb_build_array(old.provider, new.provider));
  end if;
  if new.config_id is distinct from old.config_id then
    changes := changes || jsonb_build_object('config_id', jsonb_build_array(old.config_id, new.config_id));
  end if;
  if new.card_brand is distinct from old.card_brand then
    changes := changes || jsonb_build_object('card_brand', jsonb_build_array(old.card_brand, new.card_brand));
  end if;
  if new.card_last_four is distinct from old.card_last_four then
    changes := changes || jsonb_build_object('card_last_four', jsonb_build_array(old.card_last_four, new.card_last_four));
  end if;
  if new.card_exp_month is distinct from old.card_exp_month then
    changes := changes || jsonb_build_object('card_exp_month', jsonb_build_array(old.card_exp_month, new.card_exp_month));
  end if;
  if new.card_exp_year is distinct from old.card_exp_year then
    changes := changes || jsonb_build_object('card_exp_year', jsonb_build_array(old.card_exp_year, new.card_exp_year));
  end if;
  if new.bank_name is distinct from old.bank_name then
    changes := changes || jsonb_build_object('bank_name', jsonb_build_array(old.bank_name, new.bank_name));
  end if;
  if new.account_last_four is distinct from old.account_last_four then
    changes := changes || jsonb_build_object('account_last_four', jsonb_build_array(old.account_last_four, new.account_last_four));
  end if;
  if new.account_type is distinct from old.account_type then
    changes := changes || jsonb_build_object('account_type', jsonb_build_array(old.account_type, new.account_type));
  end if;
  if new.nickname is distinct from old.nickname then
    changes := changes || jsonb_build_object('nickname', jsonb_build_array(old.nickname, new.nickname));
  end if;
  if new.is_default is distinct from old.is_default then
    changes := changes || jsonb_build_object('is_default', jsonb_build_array(old.is_default, new.is_default));
  end if;
  if new.is_active is distinct from old.is_active then
    changes := changes || jsonb_build_object('is_active', jsonb_build_array(old.is_active, new.is_active));
  end if;
  if new.detach_due_at is distinct from old.detach_due_at then
    changes := changes || jsonb_build_object('detach_due_at', jsonb_build_array(old.detach_due_at, new.detach_due_at));
  end if;
  if new.detach_attempts is distinct from old.detach_attempts then
    changes := changes || jsonb_build_object('detach_attempts', jsonb_build_array(old.detach_attempts, new.detach_attempts));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('payment-methods', 'payment_methods', 'update', new.id::text, new.user_id, changes);
  end if;
  return null;
end $$;
