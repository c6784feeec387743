-- user_blocks
create or replace trigger d_consequences after insert on user_blocks for each row execute function khidma.follow_block();
create or replace trigger z_audit after insert or delete or update on user_blocks for each row execute function khidma.audit_user_blocks('note');
