-- An offer that never reached the tasker's device, or that was withdrawn, hurts no rate.
create or replace function khidma.offer_consequences() returns trigger language plpgsql as $$
begin
  if new.status in ('accepted', 'declined') or (new.status = 'expired' and new.delivered_at is not null) then
    update tasker_profiles set offers_answered = offers_answered + 1,
      offers_accepted = offers_accepted + (new.status = 'accepted')::int,
      acceptance_rate = (offers_accepted + (new.status = 'accepted')::int)::numeric / (offers_answered + 1)
      where user_id = new.tasker_id;
  end if;
  return null;
end $$;
