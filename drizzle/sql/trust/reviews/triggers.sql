-- reviews
create or replace trigger b_guard before insert on reviews for each row execute function khidma.guard_review();
create or replace trigger d_consequences after insert on reviews for each row execute function khidma.review_consequences();
create or replace trigger z_audit after insert or delete or update on reviews for each row execute function khidma.audit_reviews();
