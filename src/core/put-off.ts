import { sql } from 'drizzle-orm'
import type { Context } from './context.ts'
import { Problem } from './problems.ts'

/**
 * Leaves a row out of a step for an hour after it failed there (`khidma.put_off`), so that it keeps no other from its turn. A deadlock, a
 * time-out, a database that is away pass by themselves: the next run takes the row again.
 */
export async function putOff(ctx: Context, step: string, id: string, error: unknown): Promise<void> {
  if (error instanceof Problem && error.code === 'temporarily_unavailable') return
  await ctx.db.write([sql`select khidma.put_off(${step}, ${id})`])
}
