-- Staff could cancel a booking that was in dispute. The dispute stayed open: its decision was refused from then on, and both people
-- could not be erased. Such a dispute is rejected here, with its reason, its event and its line in the audit log; the booking
-- stays canceled. Applied again it finds nothing.
do $$
begin
  if not exists (select from disputes d join bookings b on b.id = d.booking_id
                  where d.status in ('open', 'investigating', 'escalated') and b.status <> 'disputed') then
    return;
  end if;
  -- The machine lets staff reject. Nobody's name: it is the installation that does it.
  perform set_config('khidma.role', 'ops', true), set_config('khidma.user_id', '', true),
          set_config('khidma.reason', 'ended with its booking', true);
  update disputes d set status = 'rejected', resolution = d.resolution || '{"note": "ended with its booking"}'
    from bookings b
   where b.id = d.booking_id and d.status in ('open', 'investigating', 'escalated') and b.status <> 'disputed';
  perform set_config('khidma.role', '', true), set_config('khidma.reason', '', true);
end $$;
