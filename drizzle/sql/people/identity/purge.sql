-- Deletes devices and sessions that were not used for their period (their tokens expired long ago), at most `p_limit` of each a
-- run; returns how many it deleted. Users under legal hold keep IP address and user
-- agent. Push tokens are deleted even for them: they have no evidential value.
create or replace function khidma.purge_callers(p_limit int) returns json language plpgsql as $$
declare
  devices int; tokens int; ended int;
begin
  delete from user_devices where ctid = any (array(
    select d.ctid from user_devices d where d.last_seen_at < now() - khidma.retention_period('devices')
       and not exists (select from users u where u.id = d.user_id and u.legal_hold)
     order by d.last_seen_at limit p_limit for update skip locked));
  get diagnostics devices = row_count;
  update user_devices set push_token = null where ctid = any (array(
    select d.ctid from user_devices d join users u on u.id = d.user_id and u.legal_hold
     where d.last_seen_at < now() - khidma.retention_period('devices') and d.push_token is not null
     limit p_limit for update of d skip locked));
  get diagnostics tokens = row_count;
  delete from sessions where ctid = any (array(
    select s.ctid from sessions s where s.last_used_at < now() - khidma.retention_period('sessions')
       and not exists (select from users u where u.id = s.user_id and u.legal_hold)
     order by s.last_used_at limit p_limit for update skip locked));
  get diagnostics ended = row_count;
  return json_build_object('devices', devices, 'pushTokens', tokens, 'sessions', ended);
end $$;

-- Deletes expired codes, tokens, challenges, counters and attempts, at most `p_limit` of each a run, and security notifications that were
-- not sent within their period: the address is not kept for longer. Rows that another transaction has locked wait for the next run.
create or replace function khidma.purge_credentials(p_limit int) returns json language plpgsql as $$
declare
  otp int; tokens int; codes int; challenges int; attempts int; counts int; sends int; told int;
begin
  delete from otp_requests where ctid = any (array(
    select o.ctid from otp_requests o where o.created_at < now() - khidma.retention_period('sign_in_codes')
     order by o.created_at limit p_limit for update skip locked));
  get diagnostics otp = row_count;
  delete from refresh_tokens where ctid = any (array(
    select r.ctid from refresh_tokens r where r.expires_at < now() - khidma.retention_period('refresh_tokens') order by r.expires_at limit p_limit for update skip locked));
  get diagnostics tokens = row_count;
  delete from email_codes where ctid = any (array(
    select c.ctid from email_codes c where c.created_at < now() - khidma.retention_period('email_codes') order by c.created_at limit p_limit for update skip locked));
  get diagnostics codes = row_count;
  delete from mfa_challenges where ctid = any (array(
    select c.ctid from mfa_challenges c where c.created_at < now() - khidma.retention_period('email_codes') order by c.created_at limit p_limit for update skip locked));
  get diagnostics challenges = row_count;
  delete from sign_in_attempts where ctid = any (array(
    select a.ctid from sign_in_attempts a where a.seen_at < now() - khidma.retention_period('sign_in_attempts') order by a.seen_at limit p_limit for update skip locked));
  get diagnostics attempts = row_count;
  delete from otp_prefix_counts where ctid = any (array(
    select c.ctid from otp_prefix_counts c where c.minute < now() - khidma.retention_period('sent_codes')
     order by c.minute limit p_limit for update skip locked));
  get diagnostics counts = row_count;
  delete from otp_sends where ctid = any (array(
    select s.ctid from otp_sends s where s.sent_at < now() - khidma.retention_period('sent_codes')
     order by s.sent_at limit p_limit for update skip locked));
  get diagnostics sends = row_count;
  delete from security_notifications where ctid = any (array(
    select n.ctid from security_notifications n where n.created_at < now() - khidma.retention_period('security_notifications')
     order by n.created_at limit p_limit for update skip locked));
  get diagnostics told = row_count;
  return json_build_object('otpRequests', otp, 'refreshTokens', tokens, 'emailCodes', codes, 'mfaChallenges', challenges,
                           'signInAttempts', attempts, 'otpPrefixCounts', counts, 'otpSends', sends, 'securityNotifications', told);
end $$;
