import { type SQL, sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { inParallel } from '../../../core/in-parallel.ts'
import { outsideBudgetMs, untilIn } from '../../../core/jobs.ts'
import { logAlarm, logFailure } from '../../../core/log.ts'
import { isoTime } from '../../../db/json.ts'
import { list, nullable, type RowOf, rowsOf, text, time, uuid } from '../../../db/rows.ts'
import type { Statement } from '../../../db/unit.ts'
import { GatewayError } from '../../../providers/payments/gateway-error.ts'
import { openGateway, type SealedConfig, sealedConfig } from '../gateways/calls.ts'

/** Learns of chargebacks from gateways, and sends them what we answer. */

/** Asks a gateway what is true of a chargeback now, and writes it down. False: it is of no payment that the books know. */
export async function learnChargeback(
  ctx: Context,
  config: SealedConfig,
  gatewayReference: string,
): Promise<boolean> {
  const gateway = await openGateway(ctx, config)
  const facts = await gateway.findChargeback(gatewayReference)
  if (!facts) return false
  const rows = await ctx.db.write(
    [],
    rowsOf({ id: nullable(uuid) })`
      select khidma.apply_chargeback(${config.gateway}, ${JSON.stringify(facts)}::jsonb) as id`,
  )
  return (rows[0]?.id ?? null) !== null
}

/** The configuration that heard of a chargeback. */
export async function learnWith(ctx: Context, configId: string, gatewayReference: string): Promise<boolean> {
  const [config] = await ctx.db.read(rowsOf(sealedConfig)`
    select c.id as "configId", c.gateway, c.config from payment_gateway_configs c where c.id = ${configId}`)
  return config !== undefined && learnChargeback(ctx, config, gatewayReference)
}

const keptRow = {
  ...sealedConfig,
  id: uuid,
  gatewayReference: text,
  statement: text,
  documents: list(text),
}
export type KeptEvidence = RowOf<typeof keptRow>

/** Evidence of chargebacks `c` that its gateway may not have. */
export const keptEvidence = (where: SQL, chargebacks = sql`chargebacks`): Statement<KeptEvidence> => rowsOf(
  keptRow,
)`
  select c.id, c.gateway_reference as "gatewayReference", c.evidence_statement as statement, c.evidence_documents as documents,
         g.id as "configId", g.gateway, g.config
    from ${chargebacks} c join payment_gateway_configs g on g.id = c.config_id
   where c.evidence_statement is not null and c.evidence_submitted_at is null and c.evidence_failure is null and ${where}`

type Sent = 'sent' | 'unknown' | { refused: string }

export async function sendEvidence(ctx: Context, evidence: KeptEvidence): Promise<Sent> {
  const { gatewayReference, statement, documents } = evidence
  const gateway = await openGateway(ctx, evidence)
  try {
    await gateway.submitEvidence(gatewayReference, { statement, documentUrls: documents })
    return 'sent'
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    logFailure('gateway.call_failed', error, { gateway: evidence.gateway, chargebackId: evidence.id })
    return error.outcome === 'refused' && !error.retryable ? { refused: error.failureCode } : 'unknown'
  }
}

/** Writes down what became of evidence; what the gateway now says of the chargeback is asked for by the sweep. */
export const kept = ({ id, statement }: KeptEvidence, sent: Sent): SQL => sql`
  update chargebacks
     set evidence_submitted_at = ${sent === 'sent' ? sql`now()` : sql`null`},
         evidence_failure = ${typeof sent === 'object' ? sent.refused : null},
         next_check_at = case when status = 'open' then now() + ${sent === 'unknown' ? sql`interval '5 minutes'` : sql`interval '1 minute'`} end
   where id = ${id} and evidence_statement = ${statement} and evidence_submitted_at is null`

const limit = 50
const atOnce = 3

/** Sends evidence that its gateway may not have, and asks about chargebacks that no event has named for a while. */
export async function sweepChargebacks(
  ctx: Context,
  until = untilIn(outsideBudgetMs),
): Promise<{ evidence: number; checks: number }> {
  const evidence = await ctx.db.write(
    [],
    keptEvidence(sql`true`, sql`khidma.take_chargebacks(${limit}, true)`),
  )
  const checks = await ctx.db.write(
    [],
    rowsOf({ ...sealedConfig, id: uuid, gatewayReference: text })`
      select c.id, c.gateway_reference as "gatewayReference", g.id as "configId", g.gateway, g.config
        from khidma.take_chargebacks(${limit}, false) c join payment_gateway_configs g on g.id = c.config_id`,
  )
  const work = [
    ...evidence.map(
      (each) => () =>
        attempt(ctx, each.id, async () => ctx.db.write([kept(each, await sendEvidence(ctx, each))])),
    ),
    ...checks.map(
      ({ id, gatewayReference, ...config }) =>
        () =>
          attempt(ctx, id, () => learnChargeback(ctx, config, gatewayReference)),
    ),
  ]
  await inParallel(atOnce, work, (run) => run(), until)
  return { evidence: evidence.length, checks: checks.length }
}

async function attempt(ctx: Context, id: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    logFailure('gateway.work_failed', error, { chargebackId: id })
    await ctx.db.write([
      sql`update chargebacks set next_check_at = now() + interval '1 hour' where id = ${id} and status = 'open'`,
    ])
  }
}

/** Tells staff and the tasker, once, of evidence that is due soon. */
export async function remindOfEvidence(ctx: Context): Promise<number> {
  const due = await ctx.db.write(
    [],
    rowsOf({ id: uuid, evidenceDueAt: time })`
      select c.id, ${isoTime(sql`c.evidence_due_at`)} as "evidenceDueAt"
        from khidma.remind_of_evidence(${limit}) c`,
  )
  for (const { id, evidenceDueAt } of due)
    logAlarm('chargeback.evidence_due', { chargebackId: id, evidenceDueAt })
  return due.length
}
