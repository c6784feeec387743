import { type SQL, sql } from 'drizzle-orm'
import { newId } from '../../src/core/ids.ts'

export interface AdjustmentLine {
  account: string
  /** Null: the platform. */
  owner: string | null
  amount: number
}

/** An effect that posts the lines, as an adjustment of finance would: books that no verb can reach yet. */
export const adjust = (lines: AdjustmentLine[], reference: string | null = null, currency = 'EGP'): SQL =>
  sql`select khidma.post_entry(${newId()}, 'adjustment', null, ${reference}, ${currency}, ${JSON.stringify(lines)}::jsonb)`
