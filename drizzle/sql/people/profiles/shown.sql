-- Returns what everybody who meets a user sees of them beside their name: the address of their picture (relative to the API's), what
-- they write about themselves, the languages that they speak, best first, and the badge of their papers.
create or replace function khidma.person_shown(p_user_id uuid) returns json language plpgsql stable as $$
begin
  return (select json_build_object(
    'avatarUrl', '/v1/avatars/' || p.avatar_media_id, 'bio', p.bio,
    'languages', (
      select coalesce(json_agg(json_build_object('code', l.language_code, 'proficiency', l.proficiency)
                               order by l.proficiency desc, l.language_code), '[]')
        from user_languages l where l.user_id = p_user_id),
    'badge', khidma.badge_of(p_user_id))
    from (select) one left join user_profiles p on p.user_id = p_user_id);
end $$;
