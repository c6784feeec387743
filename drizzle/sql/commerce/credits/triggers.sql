-- credit_grants
create or replace trigger no_truncate before truncate on credit_grants for each statement execute function khidma.refuse_rewrite();
create or replace trigger b_guard before update on credit_grants for each row execute function khidma.guard_credit_grant();
create or replace trigger b_immutable before delete on credit_grants for each row execute function khidma.refuse_rewrite();
create or replace trigger e_granted after insert on credit_grants for each row execute function khidma.credits_granted();
create or replace trigger z_audit after insert or update of revoked_at on credit_grants for each row execute function khidma.audit_credit_grants('taken');

-- credit_grant_spends
create or replace trigger no_truncate before truncate on credit_grant_spends for each statement execute function khidma.refuse_rewrite();
create or replace trigger b_guard before update on credit_grant_spends for each row execute function khidma.guard_credit_spend();
create or replace trigger b_immutable before delete on credit_grant_spends for each row execute function khidma.refuse_rewrite();
create or replace trigger c_released after update on credit_grant_spends for each row when (new.status = 'released') execute function khidma.move_taken();
create or replace trigger c_taken after insert on credit_grant_spends for each row execute function khidma.move_taken();
