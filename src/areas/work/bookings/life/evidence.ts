import { type SQL, sql } from 'drizzle-orm'
import type { Context } from '../../../../core/context.ts'
import { newId } from '../../../../core/ids.ts'

export interface NewProof {
  kind: 'before' | 'after' | 'no_show'
  mediaId: string
  caption?: string | undefined
}

/** Effect that adds a photo. The function refuses strangers (404), the wrong party (403), another stage (409) and others' files (422). */
export const proofAddition = (id: string, bookingId: string, { kind, mediaId, caption }: NewProof): SQL =>
  sql`select khidma.add_booking_proof(${id}, ${bookingId}, ${kind}, ${mediaId}, ${caption ?? null})`

/** Evidence of a side that did not appear, written with the report. */
export const evidence = (ctx: Context, bookingId: string, mediaIds: readonly string[]): SQL[] =>
  mediaIds.map((mediaId) => proofAddition(newId(ctx.now.getTime()), bookingId, { kind: 'no_show', mediaId }))
