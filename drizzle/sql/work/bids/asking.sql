-- Returns whether a tasker who does not bid on a task knows that it is there: they are booked for it, or have an open offer.
create or replace function khidma.knows_task(p_task uuid, p_user uuid) returns boolean language plpgsql stable as $$
begin
  return (
    select exists (select from bookings b where b.task_id = p_task and b.tasker_id = p_user and b.status not in ('offered', 'canceled'))
        or exists (select from offers o where o.task_id = p_task and o.tasker_id = p_user and o.status = 'pending'));
end $$;

-- Begins an invitation: locks the task for its client, takes a seat under the limit of the task, and refuses a tasker who cannot bid.
create or replace function khidma.begin_invitation(p_task uuid, p_tasker uuid, p_invitation uuid) returns void language plpgsql as $$
declare
  t tasks;
begin
  select * into t from tasks where id = p_task and deleted_at is null for update;
  if t.client_id is distinct from khidma.actor_id() and khidma.knows_task(p_task, khidma.actor_id()) then
    perform khidma.refuse(403, 'forbidden');
  elsif t.id is null or t.client_id is distinct from khidma.actor_id() then
    perform khidma.refuse(404, 'not_found');
  elsif not khidma.takes_bids(t) then
    perform khidma.refuse(409, 'bidding_closed');
  elsif p_tasker = t.client_id or khidma.blocked_between(t.client_id, p_tasker)
    or not exists (select from tasker_profiles p join users u on u.id = p.user_id
                    where p.user_id = p_tasker and p.status in ('active', 'at_risk') and u.status = 'active') then
    perform khidma.refuse(422, 'tasker_not_invitable');
  end if;
  perform khidma.claim('bids.invitations', p_task, p_invitation, khidma.config_of_task('bids.invitations', p_task)::int);
end $$;

-- Invites the best taskers for a task to say yes to it, in the name of the system: those whom matching would ask first, but those who have
-- declined an offer of this search, or had a booking of the task.
create or replace function khidma.invite_best(p_task uuid, p_count int) returns void language plpgsql as $$
declare
  invited record;
begin
  for invited in
    with best as (
      select r.tasker_id, r.score from khidma.rank_candidates(p_task, 30) r join tasks t on t.id = p_task
       where not exists (select from offers o where o.task_id = t.id and o.tasker_id = r.tasker_id and o.round = t.round and o.status = 'declined')
         and not exists (select from bookings b where b.task_id = t.id and b.tasker_id = r.tasker_id)
       order by r.score desc, r.distance_m, r.tasker_id limit p_count)
    insert into bid_invitations (id, task_id, tasker_id)
    select khidma.uuid_v7(), p_task, b.tasker_id from best b on conflict (task_id, tasker_id) do nothing returning id, tasker_id
  loop
    perform khidma.tell_of_asking('task.invited', 'bid_invitation', invited.id, 1, p_task, invited.tasker_id);
  end loop;
end $$;

-- Emits an event about a question or an invitation to the client and the tasker.
create or replace function khidma.tell_of_asking(p_type text, p_object_type text, p_object uuid, p_seq int, p_task uuid, p_tasker uuid)
returns void language plpgsql as $$
begin
  perform khidma.emit(p_type, p_object_type, p_object, p_seq,
           jsonb_build_object(case p_object_type when 'task_question' then 'questionId' else 'invitationId' end, p_object,
             'taskId', t.id, 'clientId', t.client_id, 'taskerId', p_tasker),
           array[t.client_id, p_tasker])
    from tasks t where t.id = p_task;
end $$;

-- Begins the answer to a question: locks it for the client of its task. An answer is given once, as others rely on it.
create or replace function khidma.begin_answer(p_task uuid, p_question uuid) returns void language plpgsql as $$
declare
  t tasks;
  q task_questions;
begin
  select * into t from tasks where id = p_task and deleted_at is null for update;
  select * into q from task_questions where id = p_question and task_id = p_task for update;
  if q.id is null or t.client_id is distinct from khidma.actor_id() then
    perform khidma.refuse(404, 'not_found');
  elsif q.answered_at is not null then
    perform khidma.refuse(409, 'question_answered');
  elsif not khidma.takes_bids(t) then
    perform khidma.refuse(409, 'bidding_closed');
  end if;
end $$;
