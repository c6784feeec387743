-- Stores and counts the code for a change of number. Outcomes: requested · paused, and those of prove_self except "right". It
-- does not depend on whether another account has the number.
create or replace function khidma.request_phone_change(
  p_user_id uuid, p_session_id uuid, p_attempt jsonb, p_recent_seconds int,
  p_id uuid, p_phone text, p_otp_hash text, p_counted jsonb, p_rules jsonb, p_channels text[], p_prefixes jsonb,
  out outcome text, out retry_after int, out channel text, out code_expires_at timestamptz, out resend_at timestamptz, out tripped text
) language plpgsql as $$
begin
  select p.outcome, p.retry_after into outcome, retry_after from khidma.prove_self(p_user_id, p_session_id, p_attempt, p_recent_seconds) p;
  if outcome = 'right' then
    select r.outcome, r.channel, r.code_expires_at, r.resend_at, r.tripped into outcome, channel, code_expires_at, resend_at, tripped
      from khidma.request_otp(p_id, p_phone, p_otp_hash, p_counted, p_rules, p_channels, p_prefixes, 'change', p_user_id) r;
  end if;
end $$;

-- Ends a change of number by its code. Outcomes: changed · invalid · exhausted · spent · taken (another account has the number).
create or replace function khidma.confirm_phone(
  p_id uuid, p_user_id uuid, p_session_id uuid, p_otp_hash text, p_max_checks int, out outcome text, out retry_after int
) language plpgsql as $$
declare
  request otp_requests;
  before users;
begin
  -- Only the newest code of the user counts, and only together with its id.
  select * into request from otp_requests r where r.user_id = p_user_id and r.purpose = 'change'
    order by r.created_at desc, r.id desc limit 1 for update;
  if request.id is distinct from p_id then
    outcome := 'invalid';
    return;
  end if;
  select c.outcome, c.retry_after into outcome, retry_after from khidma.check_otp(request, p_otp_hash, p_max_checks) c;
  if outcome <> 'right' then
    return;
  end if;
  outcome := 'changed';
  select * into before from users u where u.id = p_user_id for update;
  if before.phone = request.phone then
    return;
  end if;
  begin
    -- The second of two changes to one number waits for the first, and ends as `taken`.
    update users set phone = request.phone where id = p_user_id;
  exception when unique_violation then
    outcome := 'taken';
    return;
  end;
  perform khidma.phone_verified(p_user_id);
  -- Codes that were sent to the old number are assigned to the user, so that they are erased with them. A code that is being
  -- checked waits for this account: it is skipped, and expires within its ten minutes.
  update otp_requests set user_id = p_user_id where id in (
    select r.id from otp_requests r where r.phone = before.phone and r.user_id is null for update skip locked);
  -- Sign-ins that were begun with the old number cannot be finished.
  delete from mfa_challenges where user_id = p_user_id and session_id is null and first_factor = 'otp';
  perform khidma.end_other_sessions(p_user_id, p_session_id, 'phone_changed');
  perform khidma.tell_security('user.phone_changed', p_user_id, before);
end $$;
