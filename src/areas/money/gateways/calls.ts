import { type SQL, sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { open } from '../../../core/crypto.ts'
import { gatewayConfigPurpose } from '../../../core/encryption.ts'
import { logFailure } from '../../../core/log.ts'
import { isoTime } from '../../../db/json.ts'
import { bool, int, nullable, oneOf, type RowOf, rowsOf, text, time, uuid } from '../../../db/rows.ts'
import { paymentPurposes } from '../../../db/schema/money/payments.ts'
import type { Statement } from '../../../db/unit.ts'
import {
  type Gateway,
  type GatewayName,
  type GatewayPayment,
  gatewayNames,
  type KnownPayment,
  type Names,
} from '../../../providers/payments/gateway.ts'
import { GatewayError } from '../../../providers/payments/gateway-error.ts'
import { gatewayKind } from '../../../providers/payments/gateways.ts'
import { storeMethod } from '../payment-methods/storing.ts'

/** Columns of a configuration `c` from which its gateway is opened. */
export const sealedConfig = { configId: uuid, gateway: oneOf(gatewayNames), config: text }
export type SealedConfig = RowOf<typeof sealedConfig>

/** The gateway of a configuration, with its secrets. */
export async function openGateway(
  { secrets }: Pick<Context, 'secrets'>,
  { configId, gateway, config }: SealedConfig,
): Promise<Gateway> {
  const kind = await gatewayKind(gateway)
  const plain = await open(secrets.encryptionKeys, gatewayConfigPurpose(configId), config)
  return kind.open(kind.config.parse(JSON.parse(plain)))
}

/** An attempt to pay, with what its gateway must know. */
export const attemptRow = {
  ...sealedConfig,
  id: uuid,
  intentId: uuid,
  purpose: oneOf(paymentPurposes),
  reference: text,
  gatewayReference: nullable(text),
  status: oneOf(['initiated', 'completed', 'failed', 'unknown']),
  amount: int,
  /** The amount to capture, where that is due. */
  captureAmount: nullable(int),
  currency: text,
  method: text,
  payerId: uuid,
  payerEmail: nullable(text),
  payerName: nullable(text),
  payerPhone: nullable(text),
  sentAt: time,
  /** The payer has a next step of it, which its gateway may never tell again. */
  hasNextAction: bool,
  /** It was given up: what comes of it is released. */
  isGivenUp: bool,
  /** The payer agreed that the gateway keeps the method. */
  savesMethod: bool,
  /** The stored method that is charged. */
  methodId: nullable(uuid),
  /** That one, or another of the payer's at this gateway, by which it knows them; its names are sealed. */
  knownMethodId: nullable(uuid),
  knownMethod: nullable(text),
  knownCustomer: nullable(text),
  knownEmail: nullable(text),
}
export type Attempt = RowOf<typeof attemptRow>

/** Transactions `t` that are attempts to pay, and no calls about one. */
export const isAttempt = sql`t.kind in ('authorize', 'charge')`

/** Attempts `t` of payments `p`. */
export const attempts = (where: SQL): Statement<Attempt> => rowsOf(attemptRow)`
  select t.id, t.intent_id as "intentId", p.purpose, t.reference, t.gateway_reference as "gatewayReference", t.status, t.amount, t.currency,
         case when p.capture_due_at is not null then p.amount end as "captureAmount",
         p.method, p.payer_id as "payerId", u.email as "payerEmail", u.full_name as "payerName", u.phone as "payerPhone", ${isoTime(sql`t.created_at`)} as "sentAt",
         p.next_action is not null as "hasNextAction",
         (p.transaction_id is distinct from t.id or p.status in ('captured', 'canceled')) as "isGivenUp",
         t.saves_method as "savesMethod", t.method_id as "methodId", m.id as "knownMethodId", m.gateway_payment_method_id as "knownMethod",
         m.gateway_customer_id as "knownCustomer", m.gateway_email as "knownEmail", c.id as "configId", c.gateway, c.config
    from payment_transactions t join payment_intents p on p.id = t.intent_id join users u on u.id = p.payer_id
    join payment_gateway_configs c on c.id = t.config_id
    left join payment_methods m on m.id = coalesce(t.method_id, case when t.saves_method then (
      select k.id from payment_methods k
       where k.user_id = p.payer_id and k.provider = t.gateway and k.gateway_customer_id is not null order by k.id desc limit 1) end)
   where ${where}`

/** Names by which a gateway is asked; one that knows a payment by its page alone also gets what it was to be. */
export const namesOf = (attempt: Attempt): Names => {
  const { reference, gatewayReference, isGivenUp } = attempt
  const sentAt = new Date(attempt.sentAt)
  return gatewayReference === null
    ? { reference, gatewayReference, sentAt, isGivenUp }
    : { ...knownPayment(attempt, gatewayReference), sentAt, isGivenUp }
}

export const knownPayment = (attempt: Attempt, gatewayReference: string): KnownPayment => ({
  reference: attempt.reference,
  gatewayReference,
  currency: attempt.currency,
  amountMinor: attempt.amount,
})

/** The end of a call: facts of the time at which it was made, a refusal, or nothing that is known. */
export type Outcome<Facts = GatewayPayment> =
  | { facts: Facts; askedAt: Date }
  | { refused: string }
  | { unknown: true }

type About = { gateway: GatewayName } & Record<string, string>

/** Has a gateway do something; a failure is an outcome, and on record. */
export async function outcomeOf<Facts>(act: () => Promise<Facts>, about: About): Promise<Outcome<Facts>> {
  const askedAt = new Date()
  try {
    return { facts: await act(), askedAt }
  } catch (error) {
    const failure = onRecord(error, about)
    if (failure.outcome === 'refused' && !failure.retryable) return { refused: failure.failureCode }
    return { unknown: true }
  }
}

/**
 * Asks a gateway; only its own word that it has none is `not_found`. A question that it will not answer says nothing of what was
 * asked about, whatever it was refused for.
 */
export async function answerOf<Facts>(
  question: () => Promise<Facts | null>,
  about: About,
): Promise<Outcome<Facts>> {
  const askedAt = new Date()
  try {
    const facts = await question()
    return facts === null ? { refused: 'not_found' } : { facts, askedAt }
  } catch (error) {
    onRecord(error, about)
    return { unknown: true }
  }
}

function onRecord(error: unknown, about: About): GatewayError {
  if (!(error instanceof GatewayError)) throw error
  logFailure('gateway.call_failed', error, about)
  return error
}

/** How a log names an attempt. */
export const aboutAttempt = ({ gateway, id }: Attempt): About => ({ gateway, transactionId: id })

export const countCall = (configId: string, worked: boolean): SQL =>
  sql`select khidma.count_gateway_call(${configId}, ${worked})`

/** Effects that write an outcome down. */
export async function effectsOf(
  ctx: Pick<Context, 'secrets' | 'now'>,
  attempt: Attempt,
  outcome: Outcome,
): Promise<SQL[]> {
  const count = (worked: boolean) => countCall(attempt.configId, worked)
  if ('facts' in outcome) {
    const { saved } = outcome.facts
    const facts = { ...outcome.facts, saved: null, askedAt: outcome.askedAt }
    return [
      sql`select khidma.apply_payment(${attempt.id}, ${JSON.stringify(facts)}::jsonb)`,
      ...(attempt.savesMethod && saved ? [await storeMethod(ctx, attempt, saved)] : []),
      count(true),
    ]
  }
  if ('refused' in outcome)
    return [sql`select khidma.apply_refusal(${attempt.id}, ${outcome.refused})`, count(true)]
  return [sql`select khidma.leave_unknown(${attempt.id})`, count(false)]
}
