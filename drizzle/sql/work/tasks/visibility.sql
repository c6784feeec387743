-- Returns whether a task is proposed to a tasker, who may then see it without its address: by an open offer of matching, or by a booking
-- that waits for their answer. Whoever adds a way to a booking adds its line here.
create or replace function khidma.is_asked_about_task(p_task uuid, p_user uuid) returns boolean language plpgsql stable as $$
begin
  return (
    select exists (select from offers o where o.task_id = p_task and o.tasker_id = p_user and o.status = 'pending')
        or exists (select from bookings b where b.task_id = p_task and b.tasker_id = p_user and b.status = 'offered'));
end $$;

-- Returns whether a user who is no staff may see a task and its photos: its client, the tasker of its present booking, whoever is asked,
-- and taskers who may bid on it.
create or replace function khidma.may_see_task(p_task uuid, p_user uuid) returns boolean language plpgsql stable as $$
begin
  return (
    select exists (select from tasks t where t.id = p_task and t.client_id = p_user)
        or exists (select from tasks t cross join lateral (select n.tasker_id from bookings n where n.task_id = t.id and n.task_round = t.round
                                                            order by n.id desc limit 1) b
                    where t.id = p_task and b.tasker_id = p_user)
        or khidma.is_asked_about_task(p_task, p_user)
        or exists (select from open_tasks o join tasker_profiles p on p.user_id = p_user and p.status in ('active', 'at_risk')
                    where o.task_id = p_task and khidma.is_let_in(o.task_id, o.invited_only, p_user)
                      and not khidma.blocked_between(p_user, (select t.client_id from tasks t where t.id = p_task))));
end $$;
