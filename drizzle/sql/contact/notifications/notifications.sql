-- Deletes notifications after their period, at most `p_limit`. Those of users under legal hold stay.
create or replace function khidma.purge_notifications(p_limit int) returns json language plpgsql as $$
declare
  notes int;
begin
  delete from notifications where ctid = any (array(
    select n.ctid from notifications n where n.created_at < now() - khidma.retention_period('notifications')
       and not exists (select from users u where u.id = n.user_id and u.legal_hold)
     order by n.created_at limit p_limit for update skip locked));
  get diagnostics notes = row_count;
  return json_build_object('notifications', notes);
end $$;

-- Gives an account its preferences, if it has none.
create or replace function khidma.begin_preferences(p_user_id uuid) returns void language plpgsql as $$
begin
  insert into notification_preferences (user_id) values (p_user_id) on conflict (user_id) do nothing;
end $$;
