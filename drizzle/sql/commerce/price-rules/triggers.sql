-- discount_rules
create or replace trigger a_touch before update on discount_rules for each row execute function khidma.touch();
create or replace trigger c_version after insert or update on discount_rules for each row execute function khidma.keep_price_rule_version();
create or replace trigger z_audit after insert or delete or update on discount_rules for each row execute function khidma.audit_discount_rules();

-- discount_budgets
create or replace trigger z_audit after insert or delete or update of budget on discount_budgets for each row execute function khidma.audit_discount_budgets('spent');

-- tax_rules
create or replace trigger a_touch before update on tax_rules for each row execute function khidma.touch();
create or replace trigger c_version after insert or update on tax_rules for each row execute function khidma.keep_price_rule_version();
create or replace trigger z_audit after insert or delete or update on tax_rules for each row execute function khidma.audit_tax_rules();

-- price_rule_versions
create or replace trigger b_append_only before update or delete on price_rule_versions for each row execute function khidma.append_only();
