-- Stores what an attempt says of its endpoint, and tells the owner: after an hour without a success, when it is switched off (after
-- three days, or at once where it answers 410), and when an outage of which they were notified is over and the webhook is active.
create or replace function khidma.record_health(p_subscription uuid, p_outcome text) returns void language plpgsql as $$
declare
  before webhook_subscriptions;
begin
  select * into before from webhook_subscriptions s where s.id = p_subscription;
  if p_outcome = 'delivered' then
    if before.failing_since is not null then
      update webhook_subscriptions s set failing_since = null, failing_notified = false where s.id = p_subscription;
    end if;
    if before.failing_notified and before.active then
      perform khidma.tell_webhook('webhook.recovered', p_subscription);
    end if;
  elsif before.active and (p_outcome = 'gone' or before.failing_since <= now() - interval '3 days') then
    update webhook_subscriptions s set active = false, failing_since = coalesce(s.failing_since, now()), failing_notified = true
     where s.id = p_subscription;
    perform khidma.tell_webhook('webhook.disabled', p_subscription,
      jsonb_build_object('reason', case p_outcome when 'gone' then 'gone' else 'failing' end));
  elsif before.failing_since is null then
    update webhook_subscriptions s set failing_since = now() where s.id = p_subscription;
  elsif before.active and not before.failing_notified and before.failing_since <= now() - interval '1 hour' then
    update webhook_subscriptions s set failing_notified = true where s.id = p_subscription;
    perform khidma.tell_webhook('webhook.failing', p_subscription);
  end if;
end $$;

-- Emits an event about a webhook to its owner, with a security notification: events that go nowhere may be those of an attack.
create or replace function khidma.tell_webhook(p_type text, p_subscription uuid, p_data jsonb default '{}') returns void language plpgsql as $$
declare
  webhook webhook_subscriptions;
begin
  select * into webhook from webhook_subscriptions s where s.id = p_subscription;
  if webhook.user_id is null then
    return;
  end if;
  perform khidma.emit(p_type, 'webhook', webhook.id, webhook.version,
    jsonb_build_object('webhookId', webhook.id, 'userId', webhook.user_id) || p_data, array[webhook.user_id]);
  perform khidma.mail_security(p_type, webhook.id, webhook.user_id);
end $$;
