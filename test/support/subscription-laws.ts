import type pg from 'pg'

/** Promises about subscriptions that hold after every transaction, as statements that find what breaks them. */
const laws: Record<string, string> = {
  'an attempt ends with its order': `
    select a.id from subscription_attempts a join orders o on o.id = a.document_id
     where (a.outcome is null) <> (o.status = 'pending') or (a.outcome = 'paid') <> (o.status in ('completed', 'refunded'))`,
  'a charge is paid by one attempt, and by none that was not made': `
    select c.id from subscription_charges c
     where (select count(*) from subscription_attempts a where a.charge_id = c.id and a.outcome = 'paid') <> case c.status when 'paid' then 1 else 0 end`,
  'an attempt is under way for an open charge alone': `
    select a.id from subscription_attempts a join subscription_charges c on c.id = a.charge_id where a.outcome is null and c.status <> 'open'`,
  'an account has one subscription': `
    select user_id as id from subscriptions where status <> 'ended' group by user_id having count(*) > 1`,
  'a charge is open, once': `
    select subscription_id as id from subscription_charges where status = 'open' group by 1 having count(*) > 1`,
  'nothing is open after the end': `
    select s.id from subscriptions s where s.status = 'ended' and (s.next_at is not null or s.credits_at is not null
        or exists (select from subscription_charges c where c.subscription_id = s.id and (c.status = 'open' or c.next_attempt_at is not null)))`,
  'no payment waits for an order that is over': `
    select i.id from payment_intents i join orders o on o.id = i.order_id where o.status <> 'pending' and i.status in ('requires_action', 'authorized', 'failed')`,
  'a payment has one attempt': `
    select t.intent_id as id from payment_transactions t join payment_intents i on i.id = t.intent_id where i.order_id is not null group by 1 having count(*) > 1`,
  'a period begins where the one before ended': `
    select id from (select c.id, c.subscription_id, c.kind, c.cycle, c.period_start, lag(c.period_end) over w as ended, lag(c.id) over w as before
                      from subscription_charges c where c.status = 'paid' window w as (partition by c.subscription_id order by c.id)) c
     where c.kind = 'period' and c.period_start < c.ended`,
  'a month has its credits once': `
    select s.id from subscriptions s join credit_grants g on g.user_id = s.user_id and g.kind = 'plan'
      join credit_grants h on h.user_id = g.user_id and h.kind = 'plan' and h.id <> g.id and h.document_id = g.document_id`,
  'something is due of what goes on': `
    select s.id from subscriptions s where s.status <> 'ended' and s.next_at is null and not (s.status = 'paused' and s.paused_until is null)`,
}

/** Returns the laws that are broken, with what breaks them. */
export async function brokenLaws(connection: pg.Client): Promise<Record<string, string[]>> {
  const broken: Record<string, string[]> = {}
  for (const [law, text] of Object.entries(laws)) {
    const { rows } = await connection.query(`${text} limit 3`)
    if (rows.length > 0) broken[law] = rows.map(({ id }) => id)
  }
  return broken
}
