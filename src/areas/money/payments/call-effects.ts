import { type SQL, sql } from 'drizzle-orm'

/** Effects of work at gateways on the tables of payments. */

interface AttemptOf {
  id: string
  intentId: string
  gateway: string
  configId: string
  gatewayReference: string | null
  currency: string
}

type CallOutcome = { facts: object } | { refused: string } | { unknown: true }

export const released = ({ id }: Pick<AttemptOf, 'id'>): SQL =>
  sql`update payment_transactions set release_due_at = null, next_check_at = null where id = ${id}`
/** A gateway that cannot void lets the hold expire: it is looked at again until it has, and by nobody else. */
export const postpone = ({ id }: Pick<AttemptOf, 'id'>): SQL => sql`
  update payment_transactions set release_due_at = now() + interval '1 hour', next_check_at = null
   where id = ${id} and release_due_at is not null`
/** Nobody can learn what became of it: staff ask the gateway otherwise. */
export const leftToStaff = (intentId: string): SQL =>
  sql`update payment_intents set review = coalesce(review, 'unknown') where id = ${intentId}`

/** A capture that the gateway refused, of a hold that it still has: staff look at it, and it is tried again meanwhile. */
export const putOffCapture = (intentId: string): SQL => sql`
  update payment_intents set capture_due_at = now() + interval '1 hour', review = coalesce(review, 'unknown')
   where id = ${intentId} and capture_due_at is not null`

/** Whatever is due of a payment whose gateway does not say what became of it: others come first. */
export const putOffWork = (intentId: string): SQL[] => [
  sql`update payment_intents set capture_due_at = now() + interval '5 minutes' where id = ${intentId} and capture_due_at <= now()`,
  sql`update payment_transactions set release_due_at = now() + interval '5 minutes' where intent_id = ${intentId} and release_due_at <= now()`,
  sql`update refunds set next_at = now() + interval '5 minutes'
       where intent_id = ${intentId} and provider is not null and next_at <= now() and status in ('pending', 'succeeded')`,
]

/** The same of an attempt that is to be asked about. */
export const putOffCheck = (id: string): SQL =>
  sql`update payment_transactions set next_check_at = now() + interval '5 minutes' where id = ${id} and next_check_at <= now()`

export const logCall = (
  attempt: Omit<AttemptOf, 'id'>,
  kind: 'capture' | 'void' | 'refund',
  key: string,
  amount: number,
): SQL => sql`
  insert into payment_transactions (id, intent_id, kind, gateway, config_id, reference, gateway_reference, amount, currency)
  values (khidma.uuid_v7(), ${attempt.intentId}, ${kind}, ${attempt.gateway}, ${attempt.configId}, ${key}, ${attempt.gatewayReference},
          ${amount}, ${attempt.currency})
  on conflict (reference) do update set status = 'initiated', completed_at = null`

export const endCall = (key: string, outcome: CallOutcome): SQL => sql`
  update payment_transactions
     set status = ${'facts' in outcome ? 'completed' : 'refused' in outcome ? 'failed' : 'unknown'},
         failure_code = ${'refused' in outcome ? outcome.refused : null}, completed_at = now()
   where reference = ${key}`

/** The gateway is asked about a payment's refunds, also those that have succeeded. One that is being sent is left to who sends it. */
export const askForRefundsOf = (intentId: string): SQL => sql`
  update refunds set next_at = now() where intent_id = ${intentId} and status in ('pending', 'succeeded') and provider_reference is not null
     and provider is not null`

export const askForRefundLater = (id: string): SQL =>
  sql`update refunds set next_at = now() + interval '5 minutes' where id = ${id} and status = 'pending'`

export const refundIsPending = (id: string, gatewayReference: string): SQL =>
  sql`update refunds set provider_reference = ${gatewayReference}, next_at = now() + interval '1 hour'
       where id = ${id} and status = 'pending'`
