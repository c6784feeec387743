-- Takes up to p_limit events whose time has come, or one, for five minutes: each is worked on by one, and comes again where that one
-- died.
create or replace function khidma.take_gateway_events(p_limit int, p_id uuid) returns setof gateway_events language sql as $$
  update gateway_events set next_at = now() + interval '5 minutes'
   where id in (select e.id from gateway_events e
                 where e.next_at is not null and (e.id = p_id or (p_id is null and e.next_at <= now()))
                 order by e.next_at limit p_limit for update skip locked)
  returning *
$$;

-- Ends an attempt to work on an event, and the event or puts it off: 1, 5, 25 minutes, then hourly for a day; then it is left to staff as
-- `unmatched`.
create or replace function khidma.end_gateway_event(p_id uuid, p_outcome text) returns void language plpgsql as $$
begin
  update gateway_events
     set attempts = attempts + 1, outcome = case when p_outcome = 'later' and attempts >= 23 then 'unmatched' else p_outcome end,
         processed_at = case when p_outcome <> 'later' or attempts >= 23 then now() end,
         next_at = case when p_outcome = 'later' and attempts < 23 then now() + least(power(5, attempts), 60) * interval '1 minute' end
   where id = p_id;
end $$;
