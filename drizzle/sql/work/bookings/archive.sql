-- Part of `khidma.archive_tasks`: removes what was written as a reason, from bookings, their changes and their history; and deletes notes and
-- photos.
create or replace function khidma.archive_bookings(p_ids uuid[]) returns void language plpgsql as $$
begin
  update booking_events set meta = meta - 'reason' where booking_id = any (p_ids) and meta ? 'reason';
  update bookings set cancel_reason = null, fee_waive_reason = null
   where id = any (p_ids) and (cancel_reason is not null or fee_waive_reason is not null);
  delete from booking_notes where booking_id = any (p_ids);
  delete from booking_proofs where booking_id = any (p_ids);
  update booking_changes set reason = null where booking_id = any (p_ids) and reason is not null;
end $$;

-- Part of `khidma.redact_history` in the history of bookings, which the application cannot write to.
create or replace function khidma.redact_booking_history(p_user_id uuid, p_pattern text, p_limit int) returns int language plpgsql as $$
declare
  redacted int;
begin
  update booking_events e set meta = e.meta - 'reason' where e.id in (
    select h.id from booking_events h join bookings b on b.id = h.booking_id
     where p_user_id in (b.client_id, b.tasker_id) and h.meta ? 'reason'
       and (h.actor_user_id = p_user_id or h.meta ->> 'reason' ~* p_pattern) limit p_limit);
  get diagnostics redacted = row_count;
  return redacted;
end $$;
