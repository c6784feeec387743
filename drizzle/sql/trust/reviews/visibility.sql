-- Returns whether a user may read a review: its author always; the reviewed as soon as it is open; everybody where it is public, if it is
-- about somebody who is public. A client is not: taskers read of those with whom they have, or can have, something to do.
create or replace function khidma.may_read_review(r reviews, p_user uuid) returns boolean language sql stable as $$
  select r.reviewer_id = p_user
      or (khidma.is_review_open(r)
          and (r.reviewee_id = p_user or r.is_public and (r.entity_type <> 'client' or khidma.may_see_client(r.entity_id, p_user))))
$$;

-- Returns whether a tasker may see what others say of a client: they have a booking or an open offer of the client, or have bid on a
-- task of theirs.
create or replace function khidma.may_see_client(p_client uuid, p_tasker uuid) returns boolean language plpgsql stable as $$
begin
  return (
    select exists (select from bookings b where b.client_id = p_client and b.tasker_id = p_tasker)
        or exists (select from offers o join tasks t on t.id = o.task_id where o.tasker_id = p_tasker and o.status = 'pending' and t.client_id = p_client)
        or exists (select from bids d join tasks t on t.id = d.task_id where d.tasker_id = p_tasker and d.deleted_at is null and t.client_id = p_client)
        or exists (select from bid_invitations i join tasks t on t.id = i.task_id where i.tasker_id = p_tasker and t.client_id = p_client));
end $$;
