import { sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../../core/context.ts'
import { newId } from '../../../../core/ids.ts'
import { rowColumns } from '../../../../db/json.ts'
import { oldestFirst, type PageRequest } from '../../../../db/keyset.ts'
import { columnsOf, list, type RowOf, rowsOf } from '../../../../db/rows.ts'
import { bookingNotes, bookingProofs } from '../../../../db/schema/work/bookings.ts'
import { one } from '../../../../db/unit.ts'
import { bookingVisibleTo } from '../bookings.ts'
import { type NewProof, proofAddition } from './evidence.ts'

const proofRow = columnsOf(bookingProofs)
export type BookingProofRow = RowOf<typeof proofRow>

const noteRow = columnsOf(bookingNotes)
export type BookingNoteRow = RowOf<typeof noteRow>

export async function addProof(
  ctx: Context<UserActor>,
  bookingId: string,
  proof: NewProof,
): Promise<BookingProofRow> {
  const id = newId(ctx.now.getTime())
  return one(
    await ctx.db.write(
      [proofAddition(id, bookingId, proof)],
      rowsOf(proofRow)`select ${rowColumns(bookingProofs, 'p')} from booking_proofs p where p.id = ${id}`,
    ),
  )
}

/** One row for the booking that holds the page, so that an unknown booking (404) differs from an empty page. */
export async function listProofs(
  ctx: Context,
  bookingId: string,
  page: PageRequest,
): Promise<BookingProofRow[]> {
  const { after, orderAndLimit } = oldestFirst(page, sql`p.id`)
  const rows = await ctx.db.read(
    rowsOf({ proofs: list(proofRow) })`select coalesce((select json_agg(x) from (
            select ${rowColumns(bookingProofs, 'p')} from booking_proofs p where p.booking_id = b.id and ${after} ${orderAndLimit}) x), '[]') as proofs
          from bookings b where b.id = ${bookingId} and ${bookingVisibleTo(ctx.actor)}`,
  )
  return one(rows).proofs
}

export async function addNote(
  ctx: Context<UserActor>,
  bookingId: string,
  text: string,
): Promise<BookingNoteRow> {
  const id = newId(ctx.now.getTime())
  return one(
    await ctx.db.write(
      [sql`select khidma.add_booking_note(${id}, ${bookingId}, ${text})`],
      rowsOf(noteRow)`select ${rowColumns(bookingNotes, 'n')} from booking_notes n where n.id = ${id}`,
    ),
  )
}

export async function listNotes(
  ctx: Context,
  bookingId: string,
  page: PageRequest,
): Promise<BookingNoteRow[]> {
  const { after, orderAndLimit } = oldestFirst(page, sql`n.id`)
  const rows = await ctx.db.read(
    rowsOf({ notes: list(noteRow) })`select coalesce((select json_agg(x) from (
            select ${rowColumns(bookingNotes, 'n')} from booking_notes n where n.booking_id = b.id and ${after} ${orderAndLimit}) x), '[]') as notes
          from bookings b where b.id = ${bookingId} and ${bookingVisibleTo(ctx.actor)}`,
  )
  return one(rows).notes
}
