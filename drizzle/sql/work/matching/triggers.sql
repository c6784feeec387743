-- offers
create or replace trigger a_touch before update on offers for each row execute function khidma.touch();
create or replace trigger b_apart before insert on offers for each row execute function khidma.skip_apart();
create or replace trigger b_guard_state before insert or update of status on offers for each row execute function khidma.guard_offer_state();
create or replace trigger c_record_transition after insert or update of status on offers for each row execute function khidma.record_offer_transition();
create or replace trigger d_consequences after update of status on offers for each row execute function khidma.offer_consequences();
