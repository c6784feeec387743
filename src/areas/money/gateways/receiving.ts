import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { inParallel } from '../../../core/in-parallel.ts'
import { logFailure } from '../../../core/log.ts'
import { Problem } from '../../../core/problems.ts'
import { columnsOf, pick, type RowOf, rowsOf } from '../../../db/rows.ts'
import { gatewayEvents } from '../../../db/schema/money/gateways.ts'
import type { GatewayEvent, GatewayName } from '../../../providers/payments/gateway.ts'
import { GatewayError } from '../../../providers/payments/gateway-error.ts'
import { learnWith } from '../chargebacks/learning.ts'
import { askForRefundsOf } from '../payments/call-effects.ts'
import { learnOfPayout } from '../payouts/sending.ts'
import { attempts, isAttempt, openGateway, type SealedConfig, sealedConfig } from './calls.ts'
import { refresh, workOn } from './work.ts'

/** Configurations that a gateway may sign with, kept a while: signatures are checked before the database is asked anything. */
const known = new Map<string, { readAt: number; configs: SealedConfig[] }>()
const keptMs = 30_000
/** A signature that no kept configuration knows may be of a newer one: read again, but not for each forgery. */
const rereadMs = 1_000

/** For a process that works on several databases, one after the other. */
export const forgetConfigs = (): void => known.clear()

/** Active configurations, and those retired within a week. */
async function configsOf(
  ctx: Context,
  gateway: GatewayName,
  maxAgeMs: number,
): Promise<SealedConfig[] | null> {
  const kept = known.get(gateway)
  if (kept && Date.now() - kept.readAt < maxAgeMs) return maxAgeMs === keptMs ? kept.configs : null
  const configs = await ctx.db.readAhead(rowsOf(sealedConfig)`
    select c.id as "configId", c.gateway, c.config from payment_gateway_configs c
     where c.gateway = ${gateway} and c.status <> 'draft' and (c.retired_at is null or c.retired_at > now() - interval '7 days')
     order by c.activated_at desc`)
  known.set(gateway, { readAt: Date.now(), configs })
  return configs
}

/**
 * Stores what a gateway tells, once, and returns its id; null where it was known. Its signature is over the raw body. The state of
 * nothing changes here: an event is a wake-up to ask what is true.
 */
export async function receiveEvent(
  ctx: Context,
  gateway: GatewayName,
  raw: Uint8Array,
  headers: Headers,
): Promise<string | null> {
  const { event, configId } = await verified(ctx, gateway, raw, headers)
  const { about } = event
  const id = newId(ctx.now.getTime())
  const rows = await ctx.db.write(
    [
      sql`insert into gateway_events (id, gateway, config_id, event_id, type, about, reference, gateway_reference, payment_gateway_reference, next_at, outcome, processed_at)
          values (${id}, ${gateway}, ${configId}, ${event.eventId}, ${event.type}, ${about?.kind ?? null}, ${about?.reference ?? null},
                  ${about?.gatewayReference ?? null}, ${about?.paymentGatewayReference ?? null}, ${about ? sql`now()` : null},
                  ${about ? null : 'ignored'}, ${about ? null : sql`now()`})
          on conflict (gateway, event_id) do nothing`,
    ],
    rowsOf(
      pick(columnsOf(gatewayEvents), 'id'),
    )`select e.id from gateway_events e where e.id = ${id} and e.next_at is not null`,
  )
  return rows[0]?.id ?? null
}

async function verified(
  ctx: Context,
  name: GatewayName,
  raw: Uint8Array,
  headers: Headers,
): Promise<{ event: GatewayEvent; configId: string }> {
  for (const maxAgeMs of [keptMs, rereadMs]) {
    for (const config of (await configsOf(ctx, name, maxAgeMs)) ?? []) {
      const gateway = await openGateway(ctx, config)
      const event = await gateway.verifyEvent(raw, headers).catch(notNow)
      if (event) return { event, configId: config.configId }
    }
  }
  throw new Problem('gateway_signature_invalid')
}

/** Refuses for now where the key of a signature cannot be had: the sender comes again. */
function notNow(error: unknown): never {
  if (!(error instanceof GatewayError)) throw error
  throw new Problem('gateway_unavailable', { retryAfterSeconds: 60, cause: error })
}

const eventRow = pick(
  columnsOf(gatewayEvents),
  'id',
  'gateway',
  'configId',
  'about',
  'reference',
  'gatewayReference',
  'paymentGatewayReference',
)
type EventRow = RowOf<typeof eventRow>

const atOnce = 3
const batch = 10
/** Less than the events of a batch are kept for. */
const budgetMs = 30_000

let workingUntil = 0
let hasMore = false

/**
 * Works on what has just come. An isolate does so once at a time: the events of a burst are taken together, by whoever began. One whose
 * request was cut off keeps the others out for no longer than its time; the job of the next minute takes what is left.
 */
export async function workOnArrivals(ctx: Context): Promise<void> {
  hasMore = true
  if (Date.now() < workingUntil) return
  const until = Date.now() + budgetMs
  workingUntil = until
  try {
    while (hasMore && Date.now() < until) {
      hasMore = false
      await workOnEvents(ctx, null)
    }
  } finally {
    workingUntil = 0
  }
}

/** Works on one event, or on those whose time has come: some at a time, and no more of them once the time is used up. */
export async function workOnEvents(ctx: Context, id: string | null): Promise<number> {
  const until = Date.now() + budgetMs
  for (let count = 0; ; ) {
    const taken = await ctx.db.write(
      [],
      rowsOf(eventRow)`
        select e.id, e.gateway, e.config_id as "configId", e.about, e.reference, e.gateway_reference as "gatewayReference",
               e.payment_gateway_reference as "paymentGatewayReference" from khidma.take_gateway_events(${batch}, ${id}::uuid) e`,
    )
    const ends: { id: string; outcome: string }[] = []
    await inParallel(atOnce, taken, async (event) => {
      ends.push({ id: event.id, outcome: await outcomeOfWork(ctx, event) })
    })
    if (ends.length > 0)
      await ctx.db.write([
        sql`select khidma.end_gateway_event(e.id, e.outcome) from jsonb_to_recordset(${JSON.stringify(ends)}::jsonb) as e (id uuid, outcome text)`,
      ])
    count += taken.length
    if (id !== null || taken.length < batch || Date.now() > until) return count
  }
}

const outcomeOfWork = (ctx: Context, event: EventRow): Promise<'done' | 'later'> =>
  work(ctx, event).catch((error: unknown) => {
    logFailure('gateway.event_failed', error, { gateway: event.gateway, gatewayEventId: event.id })
    return 'later'
  })

/** `later`: what it is about is not known yet, or its gateway did not say what is true of it. */
async function work(ctx: Context, event: EventRow): Promise<'done' | 'later'> {
  const { gateway, configId, reference, gatewayReference, paymentGatewayReference } = event
  if (event.about === 'chargeback' && configId !== null && gatewayReference !== null)
    return (await learnWith(ctx, configId, gatewayReference)) ? 'done' : 'later'
  if (event.about === 'payout')
    return (await learnOfPayout(ctx, gateway, { reference, gatewayReference })) ? 'done' : 'later'
  const payment = event.about === 'payment' ? gatewayReference : paymentGatewayReference
  const [attempt] = await ctx.db.read(
    attempts(sql`t.gateway = ${gateway} and ${isAttempt}
      and (t.reference = ${reference} or t.gateway_reference = ${payment}) order by t.id desc limit 1`),
  )
  if (!attempt) return 'later'
  // A refund that is not answered for is asked about again by itself.
  const isLearnt = event.about === 'refund' || (await refresh(ctx, attempt))
  if (event.about === 'refund') await ctx.db.write([askForRefundsOf(attempt.intentId)])
  await workOn(ctx, attempt.intentId)
  return isLearnt ? 'done' : 'later'
}
