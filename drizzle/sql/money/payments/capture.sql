-- Captured money is posted money.
create or replace function khidma.check_capture_posted() returns trigger language plpgsql as $$
begin
  if new.status = 'captured' and not exists (
    select 1 from ledger_entries e where e.booking_id = new.booking_id and e.entry_type = 'capture')
  then
    raise exception 'payment % is captured but not posted', new.id using errcode = 'check_violation',
      constraint = 'payment_capture_posted';
  end if;
  return null;
end $$;
