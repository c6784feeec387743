import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { inParallel } from '../../../core/in-parallel.ts'
import { untilIn } from '../../../core/jobs.ts'
import { logFailure } from '../../../core/log.ts'
import { Problem } from '../../../core/problems.ts'
import { columnsOf, nullable, pick, type RowOf, rowsOf, uuid } from '../../../db/rows.ts'
import { gatewayEvents } from '../../../db/schema/money/gateways.ts'
import type { Gateway, GatewayEvent, GatewayName } from '../../../providers/payments/gateway.ts'
import { GatewayError } from '../../../providers/payments/gateway-error.ts'
import { learnWith } from '../chargebacks/learning.ts'
import { askForRefundsOf } from '../payments/call-effects.ts'
import { learnOfPayout } from '../payouts/sending.ts'
import { attempts, isAttempt, openGateway, sealedConfig } from './calls.ts'
import { refresh, workOn } from './work.ts'

interface Signer {
  configId: string
  gateway: Gateway
}

/** Gateways that may sign, opened and kept a while: signatures are checked before the database is asked anything. */
const known = new Map<string, { readAt: number; signers: Signer[] }>()
const keptMs = 30_000
/** A signature that no kept configuration knows may be of a newer one: read again, but not for each forgery. */
const rereadMs = 1_000

/** For a process that works on several databases, one after the other. */
export const forgetConfigs = (): void => known.clear()

/** Those of active configurations, and of those retired within a week. */
async function signersOf(ctx: Context, gateway: GatewayName, maxAgeMs: number): Promise<Signer[] | null> {
  const kept = known.get(gateway)
  if (kept && Date.now() - kept.readAt < maxAgeMs) return maxAgeMs === keptMs ? kept.signers : null
  const configs = await ctx.db.readAhead(rowsOf(sealedConfig)`
    select c.id as "configId", c.gateway, c.config from payment_gateway_configs c
     where c.gateway = ${gateway} and c.status <> 'draft' and (c.retired_at is null or c.retired_at > now() - interval '7 days')
     order by c.activated_at desc`)
  const signers = await Promise.all(
    configs.map(async (config) => ({ configId: config.configId, gateway: await openGateway(ctx, config) })),
  )
  known.set(gateway, { readAt: Date.now(), signers })
  return signers
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
  arrivedAt = Date.now()
  const rows = await ctx.db.write(
    [
      sql`insert into gateway_events (id, gateway, config_id, event_id, type, about, reference, gateway_reference, payment_gateway_reference, next_at, outcome, processed_at)
          select ${id}, ${gateway}, ${configId}, ${event.eventId}, ${event.type}, e.about, ${about?.reference ?? null}, ${about?.gatewayReference ?? null},
                 ${about?.paymentGatewayReference ?? null}, case when e.about is not null then now() end, case when e.about is null then 'ignored' end,
                 case when e.about is null then now() end
            from (select ${about?.kind ?? null}::text as about) e
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
    for (const { configId, gateway } of (await signersOf(ctx, name, maxAgeMs)) ?? []) {
      const event = await gateway.verifyEvent(raw, headers).catch(notNow)
      if (event) return { event, configId }
    }
  }
  throw new Problem('gateway_signature_invalid')
}

/** Refuses for now where the key of a signature cannot be had: the sender comes again. */
function notNow(error: unknown): never {
  if (!(error instanceof GatewayError)) throw error
  throw new Problem('gateway_unavailable', { retryAfterSeconds: 60, cause: error })
}

const eventRow = {
  ...pick(columnsOf(gatewayEvents), 'id', 'gateway', 'configId', 'about', 'reference', 'gatewayReference'),
  /** The attempt to pay that it is about. */
  attemptId: nullable(uuid),
}
type EventRow = RowOf<typeof eventRow>

const atOnce = 3
const batch = 10
/** Less than the events of a batch are kept for. */
const budgetMs = 30_000
/** Events that come closer together than this are of one burst. */
const pauseMs = 100
/** The longest that a burst keeps a batch waiting. */
const patienceMs = 1_000

let arrivedAt = 0
let workingUntil = 0
let hasMore = false

/**
 * Works on what has just come. An isolate does so once at a time: the events of a burst are taken together, by whoever began, and
 * answers go first, so that work waits for a pause between batches. One whose request was cut off keeps the others out for no longer
 * than its time; the job of the next minute takes what is left.
 */
export async function workOnArrivals(ctx: Context): Promise<void> {
  hasMore = true
  if (Date.now() < workingUntil) return
  const until = Date.now() + budgetMs
  workingUntil = until
  try {
    while (hasMore && Date.now() < until) {
      await pauseOfArrivals()
      hasMore = false
      if ((await workOnBatch(ctx, null, until)) === batch) hasMore = true
    }
  } finally {
    workingUntil = 0
  }
}

async function pauseOfArrivals(): Promise<void> {
  const until = Date.now() + patienceMs
  for (;;) {
    const leftMs = Math.min(arrivedAt + pauseMs, until) - Date.now()
    if (leftMs <= 0) return
    await new Promise((resolve) => setTimeout(resolve, leftMs))
  }
}

/** Works on one event, or on those whose time has come, and on no more of them once the time is used up. */
export async function workOnEvents(
  ctx: Context,
  id: string | null,
  until = untilIn(budgetMs),
): Promise<number> {
  for (let count = 0; ; ) {
    const taken = await workOnBatch(ctx, id, until)
    count += taken
    if (id !== null || taken < batch || Date.now() > until) return count
  }
}

async function workOnBatch(ctx: Context, id: string | null, until: number): Promise<number> {
  const taken = await ctx.db.write(
    [],
    rowsOf(eventRow)`
      select e.id, e.gateway, e.config_id as "configId", e.about, e.reference, e.gateway_reference as "gatewayReference",
             (select t.id from payment_transactions t
               where t.gateway = e.gateway and ${isAttempt} and (t.reference = e.reference
                 or t.gateway_reference = case e.about when 'payment' then e.gateway_reference else e.payment_gateway_reference end)
               order by t.id desc limit 1) as "attemptId"
        from khidma.take_gateway_events(${batch}, ${id}::uuid) e`,
  )
  const ends: { id: string; outcome: string }[] = []
  const work = async (event: EventRow) => {
    ends.push({ id: event.id, outcome: await outcomeOfWork(ctx, event) })
  }
  // One that is not begun comes again when its lease is over.
  await inParallel(atOnce, taken, work, until)
  if (ends.length > 0)
    await ctx.db.write([
      sql`select khidma.end_gateway_event(e.id, e.outcome) from jsonb_to_recordset(${JSON.stringify(ends)}::jsonb) as e (id uuid, outcome text)`,
    ])
  return taken.length
}

const outcomeOfWork = (ctx: Context, event: EventRow): Promise<'done' | 'later'> =>
  work(ctx, event).catch((error: unknown) => {
    logFailure('gateway.event_failed', error, { gateway: event.gateway, gatewayEventId: event.id })
    return 'later'
  })

/** `later`: what it is about is not known yet, or its gateway did not say what is true of it. */
async function work(ctx: Context, event: EventRow): Promise<'done' | 'later'> {
  const { gateway, configId, reference, gatewayReference, attemptId } = event
  if (event.about === 'chargeback' && configId !== null && gatewayReference !== null)
    return (await learnWith(ctx, configId, gatewayReference)) ? 'done' : 'later'
  if (event.about === 'payout')
    return (await learnOfPayout(ctx, gateway, { reference, gatewayReference })) ? 'done' : 'later'
  if (attemptId === null) return 'later'
  const [attempt] = await ctx.db.read(attempts(sql`t.id = ${attemptId}`))
  if (!attempt) return 'later'
  // A refund that is not answered for is asked about again by itself.
  const isLearnt = event.about === 'refund' || (await refresh(ctx, attempt))
  if (event.about === 'refund') await ctx.db.write([askForRefundsOf(attempt.intentId)])
  await workOn(ctx, attempt.intentId)
  return isLearnt ? 'done' : 'later'
}
