-- Returns what the papers of a user are worth now, as everybody may see it: `verified`, `expiring` (they end within the days that
-- `verification.badge` names), `lapsed` (they have ended) or `none`. A badge is never stored: it degrades as the days pass.
create or replace function khidma.badge_of(user_id uuid) returns text language plpgsql stable as $$
declare
  v user_verifications;
begin
  select * into v from user_verifications u where u.user_id = badge_of.user_id;
  return case
    when v.verification_status = 'lapsed' or (v.verification_status = 'verified' and v.expires_at <= now()) then 'lapsed'
    when coalesce(v.verification_status, 'unverified') <> 'verified' then 'none'
    when v.expires_at < now() + make_interval(days => (khidma.config_value('verification.badge', null, null, null) ->> 'expiringDays')::int)
      then 'expiring'
    else 'verified'
  end;
end $$;
