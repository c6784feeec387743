import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { inParallel } from '../../../core/in-parallel.ts'
import { untilIn } from '../../../core/jobs.ts'
import { logAlarm, logFailure } from '../../../core/log.ts'
import { date, int, type RowOf, rowsOf, text, uuid } from '../../../db/rows.ts'
import { textArray } from '../../../db/sql.ts'
import type { GatewayTransaction } from '../../../providers/payments/gateway.ts'
import { GatewayError } from '../../../providers/payments/gateway-error.ts'
import { learnChargeback } from '../chargebacks/learning.ts'
import { attempts, isAttempt, openGateway, type SealedConfig, sealedConfig } from '../gateways/calls.ts'
import { refresh } from '../gateways/work.ts'

const begunRow = { ...sealedConfig, id: uuid, day: date }
export type Begun = RowOf<typeof begunRow>

/** Effect and view that begin a day of a configuration, or begin it anew. */
export function beginning(configId: string, day: string, requestedBy: string | null) {
  return {
    effects: [
      sql`select khidma.refuse(404, 'not_found') where not exists (
        select from payment_gateway_configs c where c.id = ${configId} and c.status <> 'draft')`,
      sql`insert into reconciliations (id, gateway, config_id, day, requested_by)
          select ${newId()}::uuid, c.gateway, c.id, ${day}::date, ${requestedBy}::uuid from payment_gateway_configs c where c.id = ${configId}
          on conflict (config_id, day) do update
            set status = 'running', started_at = now(), failure = null, requested_by = excluded.requested_by`,
    ],
    view: rowsOf(begunRow)`
      select r.id, r.day::text as day, c.id as "configId", c.gateway, c.config
        from reconciliations r join payment_gateway_configs c on c.id = r.config_id where c.id = ${configId} and r.day = ${day}::date`,
  }
}

/** Lists a day as its gateway has it; a failure is on record. */
export async function listDay(ctx: Context, begun: Begun): Promise<GatewayTransaction[] | GatewayError> {
  const gateway = await openGateway(ctx, begun)
  const listed: GatewayTransaction[] = []
  try {
    for await (const row of gateway.listTransactions(begun.day)) listed.push(row)
    return listed
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    logFailure('reconciliation.failed', error, { reconciliationId: begun.id, gateway: begun.gateway })
    return error
  }
}

export const comparing = ({ id }: Begun, rows: GatewayTransaction[]) =>
  sql`select khidma.reconcile(${id}, ${JSON.stringify(rows)}::jsonb)`

export const failing = ({ id }: Begun, { status }: GatewayError) =>
  sql`update reconciliations set status = 'failed', finished_at = now(), failure = ${status === null ? 'not_reached' : `answered_${status}`}
       where id = ${id}`

/** How many things of one day are asked about before they are compared: more than that is no lost event. */
const asksAbout = 100
const atOnce = 3
const askingMs = 60_000

/** Learns first what no event has named: payments that we do not know the end of, and chargebacks. As the system. */
export async function learnListed(
  system: Context,
  config: SealedConfig,
  rows: GatewayTransaction[],
  until = untilIn(askingMs),
): Promise<void> {
  const names = (kind: GatewayTransaction['kind'], name: 'gatewayReference' | 'reference') =>
    textArray([...new Set(rows.filter((row) => row.kind === kind).flatMap((row) => row[name] ?? []))])
  // Some gateways list a payment by another name than they gave it, and by ours.
  const open = await system.db.read(
    attempts(sql`t.gateway = ${config.gateway} and ${isAttempt} and not t.is_booked
      and (t.gateway_reference = any(${names('payment', 'gatewayReference')})
        or t.reference = any(${names('payment', 'reference')})) limit ${asksAbout}`),
  )
  const chargebacks = await system.db.read(rowsOf({ reference: text })`
    select x.reference from unnest(${names('chargeback', 'gatewayReference')}) as x (reference)
     where not exists (select from chargebacks c where c.gateway = ${config.gateway} and c.gateway_reference = x.reference and c.status <> 'open')
     limit ${asksAbout}`)
  const work = [
    ...open.map((attempt) => () => refresh(system, attempt)),
    ...chargebacks.map(
      ({ reference }) =>
        () =>
          learnChargeback(system, config, reference),
    ),
  ]
  const learnt = (run: () => Promise<boolean>) =>
    run().then(
      () => {},
      (error: unknown) => logFailure('gateway.work_failed', error, { gateway: config.gateway }),
    )
  await inParallel(atOnce, work, learnt, until)
}

/** Says aloud what nobody has explained. */
export function alarm(row: { id: string; gateway: string; day: string; unexplained: number }): void {
  const { id, gateway, day, unexplained } = row
  if (unexplained > 0)
    logAlarm('reconciliation.unexplained', { reconciliationId: id, gateway, day, items: unexplained })
}

const daysAtOnce = 3

/** Reconciles days that have ended and have not been: those of configurations that were active then, or were for a week. */
export async function reconcileDueDays(
  ctx: Context,
  until = Number.POSITIVE_INFINITY,
): Promise<{ days: number; unexplained: number }> {
  const due = await ctx.db.read(rowsOf({ configId: uuid, day: date })`
    select c.id as "configId", d.day::text as day
      from (select (v ->> 'afterHours')::int as hours, (v ->> 'days')::int as days
              from khidma.config_value('reconciliation.schedule', null, null, null) v) s
     cross join lateral (
       select x.day, (x.day + 1)::timestamp at time zone 'UTC' as ended
         from generate_series(1, s.days) n,
              lateral (select ((now() - make_interval(hours => s.hours)) at time zone 'UTC')::date - n as day) x) d
      join payment_gateway_configs c on c.status <> 'draft' and c.activated_at < d.ended
       and (c.retired_at is null or c.retired_at > d.ended - interval '8 days')
     where not exists (
       select from reconciliations r
        where r.config_id = c.id and r.day = d.day
          and (r.started_at > now() - interval '1 hour'
            or (r.status in ('balanced', 'unexplained') and r.finished_at >= d.ended + make_interval(hours => s.hours))))
     order by d.day, c.id limit ${daysAtOnce}`)
  let [days, unexplained] = [0, 0]
  for (const { configId, day } of due) {
    if (Date.now() > until) break
    days += 1
    try {
      unexplained += await reconcileDay(ctx, configId, day)
    } catch (error) {
      logFailure('reconciliation.failed', error, { gatewayConfigId: configId, day })
    }
  }
  return { days, unexplained }
}

const resultRow = { id: uuid, gateway: text, day: date, unexplained: int }

async function reconcileDay(ctx: Context, configId: string, day: string): Promise<number> {
  const { effects, view } = beginning(configId, day, null)
  const [begun] = await ctx.db.write(effects, view)
  if (!begun) return 0
  const listed = await listDay(ctx, begun)
  if (listed instanceof GatewayError) {
    await ctx.db.write([failing(begun, listed)])
    return 0
  }
  await learnListed(ctx, begun, listed)
  const [result] = await ctx.db.write(
    [comparing(begun, listed)],
    rowsOf(resultRow)`
      select r.id, r.gateway, r.day::text as day, r.unexplained from reconciliations r where r.id = ${begun.id}`,
  )
  if (!result) return 0
  alarm(result)
  return result.unexplained
}
