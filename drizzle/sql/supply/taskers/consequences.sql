-- Withdraws the requests for leads of a tasker who was suspended: no client can accept them, and what they hold is free at once.
create or replace function khidma.after_tasker_suspended(t tasker_profiles) returns void language plpgsql as $$
begin
  perform khidma.withdraw_lead_requests_of_tasker(t.user_id);
end $$;

-- Withdraws the requests for leads of a tasker who was offboarded.
create or replace function khidma.after_tasker_offboarded(t tasker_profiles) returns void language plpgsql as $$
begin
  perform khidma.withdraw_lead_requests_of_tasker(t.user_id);
end $$;
