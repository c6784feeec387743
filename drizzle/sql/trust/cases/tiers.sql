-- Returns how far a person is trusted, from facts alone: `flagged` (reports about them were upheld, they are at risk or not active, they lost
-- a chargeback, reviews of them look dishonest and nobody has judged that yet, or others gave the number of their papers), `new`, `verified`, `known` or `trusted`, by the thresholds of `approval.tiers`.
-- The one function: whatever decides without a person asks it.
create or replace function khidma.trust_tier(p_user_id uuid) returns text language plpgsql stable as $$
declare
  the_country text := (select u.country from users u where u.id = p_user_id);
  tiers jsonb := khidma.config_value('approval.tiers', the_country, null, null);
  since timestamptz := now() - make_interval(days => (tiers ->> 'days')::int);
  completed int;
  rating numeric;
begin
  if not exists (select from users u where u.id = p_user_id and u.status = 'active')
    or exists (select from reports r where r.reported_user_id = p_user_id and r.status = 'resolved' and r.updated_at > since)
    or exists (select from tasker_profiles t where t.user_id = p_user_id and t.status in ('at_risk', 'suspended', 'offboarded'))
    or exists (select from chargebacks c join payment_intents i on i.id = c.intent_id
                where i.payer_id = p_user_id and c.status = 'lost' and c.updated_at > since)
    or exists (select from reviews r join review_signals g on g.review_id = r.id where r.reviewee_id = p_user_id and g.decided_at is null)
    or exists (select from verification_requests r join verification_requests o on o.number_hash = r.number_hash and o.user_id <> r.user_id
                where r.user_id = p_user_id and o.status in ('pending', 'needs_document', 'approved')) then
    return 'flagged';
  elsif not exists (select from user_verifications v where v.user_id = p_user_id and v.verification_status = 'verified'
                       and (v.expires_at is null or v.expires_at > now())) then
    return 'new';
  end if;
  select count(*) into completed from bookings b where p_user_id in (b.tasker_id, b.client_id) and b.status = 'completed' and b.updated_at > since;
  select sum(f.weighted_sum) / nullif(sum(f.weight), 0) into rating from rating_figures f
   where f.entity_id = p_user_id and f.entity_type in ('professional', 'company') and f.review_count > 0;
  return case
    when completed >= (tiers -> 'trusted' ->> 'completed')::int and coalesce(rating, 0) >= (tiers -> 'trusted' ->> 'rating')::numeric then 'trusted'
    when completed >= (tiers -> 'known' ->> 'completed')::int and coalesce(rating, 0) >= (tiers -> 'known' ->> 'rating')::numeric then 'known'
    else 'verified'
  end;
end $$;

-- Returns whether the system decides alone about what an owner submits: by `approval.automatic`, from which tier on.
create or replace function khidma.approves_alone(p_kind text, p_user_id uuid) returns boolean language plpgsql stable as $$
declare
  from_tier text := khidma.config_value('approval.automatic', (select u.country from users u where u.id = p_user_id), null, null) ->> p_kind;
  ranks constant text[] := array['flagged', 'new', 'verified', 'known', 'trusted'];
begin
  return coalesce(from_tier, 'never') <> 'never' and array_position(ranks, khidma.trust_tier(p_user_id)) >= array_position(ranks, from_tier);
end $$;
