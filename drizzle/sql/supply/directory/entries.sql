-- Everybody who is listed, as the directory shows and filters them: role profiles that are listed, and taskers who can be booked and have no
-- listed profile. `khidma.refresh_directory` keeps the tables equal to it.
create or replace view directory_source as
select p.id, p.user_id as tasker_id, p.profession,
       coalesce((select array_agg(c.category order by c.category) from tasker_categories c where c.tasker_id = p.user_id), '{}') as categories,
       v.tags, v.attributes, p.languages,
       coalesce((select array_agg(lower(a.city || '/' || a.district) order by a.position) from role_profile_areas a
                  where a.profile_id = p.id and a.city is not null), '{}') as districts,
       v.price_amount, v.price_currency, v.experience_years,
       (case when t.rating_count > 0 then t.rating_avg else 0 end)::double precision as rating_avg, t.rating_count,
       khidma.restricted_until(u.restrictions, 'transact') as restricted_until,
       khidma.text_vector(concat_ws(' ', v.display_name, v.business_name), 'A')
         || khidma.text_vector(concat_ws(' ', v.bio, v.location, array_to_string(v.tags, ' ')), 'B')
         || khidma.text_vector(coalesce((select string_agg(s.name, ' ' order by s.id) from services s
              where s.profile_id = p.id and s.is_active and s.deleted_at is null), ''), 'C') as search_vector
  from role_profiles p
  join role_profile_versions v on v.id = p.public_version_id
  join tasker_profiles t on t.user_id = p.user_id
  join users u on u.id = p.user_id
 where khidma.is_role_profile_listed(p)
union all
select t.user_id, t.user_id, null,
       coalesce((select array_agg(c.category order by c.category) from tasker_categories c where c.tasker_id = t.user_id), '{}'),
       '{}', '{}'::jsonb,
       coalesce((select array_agg(l.language_code order by l.language_code) from user_languages l where l.user_id = t.user_id), '{}'),
       '{}', t.hourly_rate_amount, case when t.hourly_rate_amount is not null then t.hourly_rate_currency end, null,
       (case when t.rating_count > 0 then t.rating_avg else 0 end)::double precision, t.rating_count,
       khidma.restricted_until(u.restrictions, 'transact'),
       khidma.text_vector(coalesce(u.full_name, ''), 'A') || khidma.text_vector(concat_ws(' ', t.bio,
         (select string_agg(s.skill, ' ' order by s.skill) from tasker_skills s where s.tasker_id = t.user_id)), 'B')
  from tasker_profiles t
  join users u on u.id = t.user_id
 where t.status in ('active', 'at_risk') and u.status = 'active'
   and not exists (select from role_profiles p where p.user_id = t.user_id and khidma.is_role_profile_listed(p));

-- The circles of everybody who is listed, of a profile without any those of its tasker, with what an entry is filtered by most. Centres are accurate to about a kilometre: they
-- are often homes, and distances from three places would name them.
create or replace view directory_source_places as
select e.id as entry_id, a.position as place, coalesce(e.profession, '') as profession,
       st_setsrid(st_makepoint(round(a.lng::numeric, 2)::double precision, round(a.lat::numeric, 2)::double precision), 4326)::geography as center,
       a.radius_km * 1000 as radius_m, e.tasker_id, e.price_amount, e.price_currency, e.experience_years, e.rating_avg
  from directory_entries e join role_profile_areas a on a.profile_id = e.id and a.lat is not null
union all
select e.id, 0, coalesce(e.profession, ''),
       st_setsrid(st_makepoint(round(a.center_lng::numeric, 2)::double precision, round(a.center_lat::numeric, 2)::double precision), 4326)::geography,
       a.radius_km * 1000, e.tasker_id, e.price_amount, e.price_currency, e.experience_years, e.rating_avg
  from directory_entries e join tasker_service_areas a on a.tasker_id = e.tasker_id
 where not exists (select from role_profile_areas o where o.profile_id = e.id);

-- Rewrites the entries of a tasker. The lock of their tasker profile orders concurrent changes, so that the last one writes what all of them
-- left.
create or replace function khidma.refresh_directory(p_tasker uuid) returns void language plpgsql as $$
begin
  perform from tasker_profiles t where t.user_id = p_tasker for update;
  delete from directory_entries where tasker_id = p_tasker;
  insert into directory_entries (id, tasker_id, profession, categories, tags, attributes, languages, districts, price_amount, price_currency,
                                 experience_years, rating_avg, rating_count, restricted_until, search_vector)
  select s.id, s.tasker_id, s.profession, s.categories, s.tags, s.attributes, s.languages, s.districts, s.price_amount, s.price_currency,
         s.experience_years, s.rating_avg, s.rating_count, s.restricted_until, s.search_vector
    from directory_source s where s.tasker_id = p_tasker;
  insert into directory_places (entry_id, place, profession, center, radius_m, price_amount, price_currency, experience_years, rating_avg)
  select s.entry_id, s.place, s.profession, s.center, s.radius_m, s.price_amount, s.price_currency, s.experience_years, s.rating_avg
    from directory_source_places s where s.tasker_id = p_tasker;
end $$;

-- Refreshes the directory after a change of a row; argument: the column with the tasker's id.
create or replace function khidma.keep_directory() returns trigger language plpgsql as $$
begin
  perform khidma.refresh_directory((case when tg_op = 'DELETE' then to_jsonb(old) else to_jsonb(new) end ->> tg_argv[0])::uuid);
  return null;
end $$;

-- Refreshes the directory after a change of a row that belongs to a role profile.
create or replace function khidma.keep_directory_of_profile() returns trigger language plpgsql as $$
declare
  profile uuid := (case when tg_op = 'DELETE' then to_jsonb(old) else to_jsonb(new) end ->> 'profile_id')::uuid;
begin
  perform khidma.refresh_directory(p.user_id) from role_profiles p where p.id = profile and p.public_version_id is not null;
  return null;
end $$;
