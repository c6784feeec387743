-- Blocks between two people. What brings two together asks `khidma.blocked_between`; what makes a row of the two (an offer, a bid, an
-- invitation, a question, a booking) is refused or left out by `khidma.are_apart` in a trigger of its table, which also sees a block that is
-- just being written.

-- Returns whether one of two people has blocked the other, whichever.
create or replace function khidma.blocked_between(p_a uuid, p_b uuid) returns boolean language plpgsql stable as $$
begin
  return (
    select exists (select from user_blocks k where k.blocker_id = p_a and k.blocked_id = p_b)
        or exists (select from user_blocks k where k.blocker_id = p_b and k.blocked_id = p_a));
end $$;

-- Returns the key of the lock of a pair: a block takes it alone, whatever makes a row of the two shares it.
create or replace function khidma.pair_lock(p_a uuid, p_b uuid) returns bigint language plpgsql immutable parallel safe as $$
begin
  return hashtextextended('pair:' || least(p_a, p_b) || greatest(p_a, p_b), 82);
end $$;

-- Returns whether two people are kept apart, and keeps a block from beginning until this transaction ends. A block that is being written
-- counts as one: nobody waits for it here, so that whoever holds a task cannot wait in a circle. The second statement has a snapshot of its
-- own and sees a block that has ended its transaction before the lock was taken.
create or replace function khidma.are_apart(p_a uuid, p_b uuid) returns boolean language plpgsql as $$
begin
  if p_a is null or p_b is null or p_a = p_b then
    return false;
  elsif not pg_try_advisory_xact_lock_shared(khidma.pair_lock(p_a, p_b)) then
    return true;
  end if;
  return khidma.blocked_between(p_a, p_b);
end $$;

-- Begins a block: refuses somebody who is not there, and more blocks than one may have. It waits for those who are writing a row of the
-- two, and holds nothing that they could wait for.
create or replace function khidma.begin_block(p_blocker uuid, p_blocked uuid, p_most int) returns void language plpgsql as $$
begin
  -- The erasure of the other takes this lock alone: it finds the block, or the block finds nobody.
  perform pg_advisory_xact_lock_shared(khidma.person_lock(p_blocked));
  perform pg_advisory_xact_lock(hashtextextended('blocks:' || p_blocker, 82));
  if not exists (select from users u where u.id = p_blocked and u.erased_at is null and u.role in ('client', 'tasker')) then
    perform khidma.refuse(404, 'not_found');
  elsif exists (select from user_blocks k where k.blocker_id = p_blocker and k.blocked_id = p_blocked) then
    return;
  elsif (select count(*) from user_blocks k where k.blocker_id = p_blocker) >= p_most then
    perform khidma.refuse(409, 'limit_reached', jsonb_build_object('limit', p_most));
  end if;
  perform pg_advisory_xact_lock(khidma.pair_lock(p_blocker, p_blocked));
end $$;

-- Returns whether two people have a booking that is not over: agreed, under way, in dispute, or done and not settled yet.
create or replace function khidma.work_together(p_a uuid, p_b uuid) returns boolean language plpgsql stable as $$
begin
  return (
    select exists (select from bookings b join tasks t on t.id = b.task_id
                    where ((b.client_id = p_a and b.tasker_id = p_b) or (b.client_id = p_b and b.tasker_id = p_a))
                      and (b.status in ('accepted', 'confirmed', 'in_progress', 'disputed') or (b.status = 'completed' and t.state = 'completed'))));
end $$;

-- Returns whether two of a conversation have blocked each other, and whether nothing is written in it by that: while a booking of the two
-- is not over they must be able to reach each other.
create or replace function khidma.block_in_conversation(p_id uuid, out is_blocked boolean, out is_shut boolean) language plpgsql stable as $$
begin
  select count(*) > 0, coalesce(bool_or(not khidma.work_together(a.user_id, b.user_id)), false) into is_blocked, is_shut
    from conversations c
    join conversation_participants a on a.conversation_id = c.id and a.removed_at is null
    join conversation_participants b on b.conversation_id = c.id and b.removed_at is null and b.user_id > a.user_id
   where c.id = p_id and c.kind in ('booking', 'direct') and khidma.blocked_between(a.user_id, b.user_id);
end $$;

-- Leaves out an offer of matching to somebody who is kept apart from the client (before insert on offers): the others of its wave are made.
create or replace function khidma.skip_apart() returns trigger language plpgsql as $$
begin
  return case when khidma.are_apart(new.tasker_id, (select t.client_id from tasks t where t.id = new.task_id)) then null else new end;
end $$;

-- Leaves out an invitation by the ladder to somebody who is kept apart from the client, and refuses one by the client (before insert on
-- bid_invitations).
create or replace function khidma.guard_invitation_apart() returns trigger language plpgsql as $$
begin
  if not khidma.are_apart(new.tasker_id, (select t.client_id from tasks t where t.id = new.task_id)) then
    return new;
  elsif khidma.actor_role() = 'system' then
    return null;
  end if;
  perform khidma.refuse(422, 'tasker_not_invitable');
end $$;

-- Refuses what a tasker writes about the task of somebody from whom they are kept apart: for them it is not there (before insert on bids and
-- task_questions).
create or replace function khidma.guard_apart() returns trigger language plpgsql as $$
begin
  if khidma.are_apart(new.tasker_id, (select t.client_id from tasks t where t.id = new.task_id)) then
    perform khidma.refuse(404, 'not_found');
  end if;
  return new;
end $$;

-- Refuses a booking of two who are kept apart, by the answer that its way has for a tasker, or a client, who is not there any more (before
-- insert on bookings). Other checks refuse first, unless the block is just being written.
create or replace function khidma.guard_booking_apart() returns trigger language plpgsql as $$
begin
  if not khidma.are_apart(new.tasker_id, new.client_id) then
    return new;
  elsif khidma.actor_role() in ('ops', 'admin') then
    perform khidma.refuse(409, 'tasker_not_assignable', '{"why": "blocked"}');
  elsif exists (select from bids w where w.task_id = new.task_id and w.tasker_id = new.tasker_id and w.accepted_at = now()) then
    perform khidma.refuse(409, case when khidma.actor_id() = new.client_id then 'bidder_unavailable' else 'award_over' end);
  elsif khidma.actor_id() = new.client_id then
    perform khidma.refuse(409, 'slot_unavailable', '{"rule": "not_active"}');
  end if;
  perform khidma.refuse(409, 'offer_closed');
end $$;

-- Ends what is open between two people once one has blocked the other, by the endings that everybody knows, so that none of them tells:
-- offers are withdrawn; bids and requests for leads are withdrawn by their tasker or declined by their client; a booking that waits for its tasker is declined or
-- withdrawn, and matching looks for another; applications for a job of the other are withdrawn; slots that one holds of the other are free. Bookings that were
-- agreed stay. Rows are locked in
-- the order of all: bookings, tasks, taskers, then offers and bids. With generic plans: Postgres would plan for each two people anew,
-- which takes it ten times as long as the work.
create or replace function khidma.part_people(p_blocker uuid, p_blocked uuid) returns void
language plpgsql set plan_cache_mode = force_generic_plan as $$
declare
  waiting uuid[];
begin
  waiting := array(select b.id from bookings b
                    where b.status = 'offered' and ((b.client_id = p_blocker and b.tasker_id = p_blocked) or (b.client_id = p_blocked and b.tasker_id = p_blocker))
                    order by b.id for update);
  perform from tasks t
    where t.id in (select b.task_id from bookings b where b.id = any (waiting)
                   union select o.task_id from offers o join tasks k on k.id = o.task_id
                          where o.status = 'pending' and ((o.tasker_id = p_blocked and k.client_id = p_blocker) or (o.tasker_id = p_blocker and k.client_id = p_blocked))
                   union select b.task_id from bids b join tasks k on k.id = b.task_id
                          where b.status in ('pending', 'awarded') and ((b.tasker_id = p_blocked and k.client_id = p_blocker) or (b.tasker_id = p_blocker and k.client_id = p_blocked))
                   union select r.task_id from lead_requests r join tasks k on k.id = r.task_id
                          where r.status in ('pending', 'replied') and ((r.tasker_id = p_blocked and k.client_id = p_blocker) or (r.tasker_id = p_blocker and k.client_id = p_blocked)))
    order by t.id for update;
  perform from tasker_profiles p where p.user_id in (p_blocker, p_blocked) order by p.user_id for update;
  perform khidma.lapse_booking(b.id) from unnest(waiting) b (id);
  perform khidma.withdraw_offers_between(p_blocker, p_blocked), khidma.withdraw_offers_between(p_blocked, p_blocker);
  perform khidma.end_bids_between(p_blocker, p_blocked);
  perform khidma.end_lead_requests_between(p_blocker, p_blocked);
  perform khidma.end_applications_between(p_blocker, p_blocked);
  perform khidma.release_holds_between(p_blocker, p_blocked), khidma.release_holds_between(p_blocked, p_blocker);
end $$;

-- Parts two people, and tells the blocker alone (after insert on user_blocks). The event names the conversations of the two, which ask
-- whether they are shut.
create or replace function khidma.follow_block() returns trigger language plpgsql as $$
begin
  perform khidma.part_people(new.blocker_id, new.blocked_id);
  perform khidma.emit('user_block.created', 'user_block', new.id, 1,
    jsonb_build_object('userBlockId', new.id, 'userId', new.blocker_id, 'blockedUserId', new.blocked_id,
      'conversationIds', coalesce((
        select jsonb_agg(x.id) from (
          select c.id from conversation_participants a join conversation_participants b on b.conversation_id = a.conversation_id
            join conversations c on c.id = a.conversation_id
           where a.user_id = new.blocker_id and b.user_id = new.blocked_id and a.removed_at is null and b.removed_at is null
             and c.ended_at is null
           order by c.id desc limit 100) x), '[]')),
    array[new.blocker_id]);
  return null;
end $$;
