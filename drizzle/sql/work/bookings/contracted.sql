-- Changes of a booking by its contract: contracts decide, and bookings move by these alone.

-- Sets the price that a contract agrees on; null: none.
create or replace function khidma.price_by_contract(p_booking uuid, p_amount bigint) returns void language plpgsql as $$
begin
  update bookings set contract_amount = p_amount where id = p_booking;
end $$;

-- Confirms a booking by the signature of its client, who has chosen their tasker.
create or replace function khidma.confirm_by_contract(p_booking uuid) returns void language plpgsql as $$
begin
  update bookings set status = 'confirmed', confirmed_at = now() where id = p_booking and status = 'accepted';
end $$;

create or replace function khidma.start_by_contract(p_booking uuid) returns void language plpgsql as $$
begin
  update bookings set status = 'in_progress', started_at = now() where id = p_booking and status = 'confirmed';
end $$;

create or replace function khidma.complete_by_contract(p_booking uuid) returns void language plpgsql as $$
begin
  update bookings set status = 'completed', completed_at = now() where id = p_booking and status = 'in_progress';
end $$;

-- Cancels a booking whose work has not begun, and returns it as it is then.
create or replace function khidma.cancel_by_contract(p_booking uuid, p_reason text) returns bookings language plpgsql as $$
declare
  b bookings;
begin
  update bookings set status = 'canceled', cancel_reason = p_reason where id = p_booking and status in ('accepted', 'confirmed');
  select * into strict b from bookings where id = p_booking;
  return b;
end $$;
