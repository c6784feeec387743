import type { Context } from '../../../core/context.ts'
import { logFailure } from '../../../core/log.ts'
import { Problem } from '../../../core/problems.ts'
import { said } from '../../../core/said.ts'
import { int, rowsOf } from '../../../db/rows.ts'

const timeoutMs = 2_000
const silent = said({ en: 'does not respond', ar: 'لا يستجيب' })

export type Probes = Record<'queue' | 'object', () => Promise<unknown>>

/** Asks every part that requests need, side by side; refuses with the names of those that do not answer. */
export async function checkReadiness(ctx: Context, probes: Probes): Promise<void> {
  const all = { ...probes, database: () => ctx.db.read(rowsOf({ ok: int })`select 1 as ok`) }
  const failures = await Promise.all(
    Object.entries(all).map(async ([part, probe]) => {
      try {
        await withTimeout(probe())
        return []
      } catch (error) {
        logFailure('readiness.part_failed', error, { part })
        return [{ pointer: part, message: silent }]
      }
    }),
  )
  const errors = failures.flat()
  if (errors.length > 0) throw new Problem('temporarily_unavailable', { errors, retryAfterSeconds: 5 })
}

async function withTimeout(work: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs)
  })
  try {
    await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
