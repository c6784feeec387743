-- Rewrites a tasker's rows of the match index from the present profile; only active taskers with an active account have any. The
-- profile's row lock orders concurrent changes of its parts.
create or replace function khidma.refresh_match_index(p_tasker uuid) returns void language plpgsql as $$
begin
  perform 1 from tasker_profiles where user_id = p_tasker for update;
  delete from match_index where tasker_id = p_tasker;
  insert into match_index (tasker_id, category, center, radius_m, rating_avg, rating_count, acceptance_rate,
                           completion_rate, offers_answered, bookings_ended, rate_currency)
  select p.user_id, c.category, st_setsrid(st_makepoint(a.center_lng, a.center_lat), 4326)::geography,
         a.radius_km * 1000, p.rating_avg, p.rating_count, p.acceptance_rate, p.completion_rate,
         p.offers_answered, p.bookings_ended, case when p.hourly_rate_amount is not null then p.hourly_rate_currency end
    from tasker_profiles p
    join users u on u.id = p.user_id
    join tasker_service_areas a on a.tasker_id = p.user_id
    join tasker_categories c on c.tasker_id = p.user_id
   where p.user_id = p_tasker and p.status in ('active', 'at_risk') and u.status = 'active';
end $$;

-- Refreshes the match index after a change of a tasker's row; argument: the column with the tasker's id.
create or replace function khidma.keep_match_index() returns trigger language plpgsql as $$
begin
  perform khidma.refresh_match_index(
    (case when tg_op = 'DELETE' then to_jsonb(old) else to_jsonb(new) end ->> tg_argv[0])::uuid);
  return null;
end $$;

-- Refreshes the match index of a user who may be no tasker, after the status of the account has changed.
create or replace function khidma.refresh_match_index_of(p_user uuid) returns void language plpgsql as $$
begin
  if exists (select from tasker_profiles p where p.user_id = p_user) then
    perform khidma.refresh_match_index(p_user);
  end if;
end $$;
