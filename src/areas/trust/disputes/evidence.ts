import { sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { rowColumns } from '../../../db/json.ts'
import { oldestFirst, type PageRequest } from '../../../db/keyset.ts'
import { columnsOf, json, list, nullable, type RowOf, rowsOf } from '../../../db/rows.ts'
import { type CitedMessage, disputeEvidence, disputeNotes } from '../../../db/schema/trust/disputes.ts'
import { one } from '../../../db/unit.ts'
import { bookingVisibleTo } from '../../work/bookings/bookings.ts'

const evidenceRow = { ...columnsOf(disputeEvidence), extract: nullable(json<CitedMessage[]>()) }
export type DisputeEvidenceRow = RowOf<typeof evidenceRow>

const noteRow = columnsOf(disputeNotes)
export type DisputeNoteRow = RowOf<typeof noteRow>

export type NewEvidence =
  | { kind: 'statement'; text: string }
  | { kind: 'file'; mediaId: string; text?: string | undefined }
  | { kind: 'chat'; fromSeq: number; toSeq: number; text?: string | undefined }

/** The function refuses strangers (404), a decided dispute (409), and files and messages that are none to cite (422). */
export async function addEvidence(
  ctx: Context<UserActor>,
  disputeId: string,
  evidence: NewEvidence,
): Promise<DisputeEvidenceRow> {
  const id = newId(ctx.now.getTime())
  const media = evidence.kind === 'file' ? evidence.mediaId : null
  const [from, to] = evidence.kind === 'chat' ? [evidence.fromSeq, evidence.toSeq] : [null, null]
  const effects = [
    sql`select khidma.add_dispute_evidence(${id}, ${disputeId}, ${evidence.kind}, ${evidence.text ?? null}, ${media}, ${from}, ${to})`,
  ]
  return one(
    await ctx.db.write(
      effects,
      rowsOf(
        evidenceRow,
      )`select ${rowColumns(disputeEvidence, 'e')} from dispute_evidence e where e.id = ${id}`,
    ),
  )
}

/** One row for the dispute that holds the page, so that an unknown one (404) differs from an empty page. */
export async function listEvidence(
  ctx: Context,
  disputeId: string,
  page: PageRequest,
): Promise<DisputeEvidenceRow[]> {
  const { after, orderAndLimit } = oldestFirst(page, sql`e.id`)
  const rows = await ctx.db.read(
    rowsOf({
      evidence: list(evidenceRow),
    })`select coalesce((select json_agg(x) from (
            select ${rowColumns(disputeEvidence, 'e')} from dispute_evidence e where e.dispute_id = d.id and ${after} ${orderAndLimit}) x), '[]') as evidence
          from disputes d join bookings b on b.id = d.booking_id where d.id = ${disputeId} and ${bookingVisibleTo(ctx.actor)}`,
  )
  return one(rows).evidence
}

export async function addNote(
  ctx: Context<UserActor>,
  disputeId: string,
  text: string,
): Promise<DisputeNoteRow> {
  const id = newId(ctx.now.getTime())
  return one(
    await ctx.db.write(
      [sql`select khidma.add_dispute_note(${id}, ${disputeId}, ${text})`],
      rowsOf(noteRow)`select ${rowColumns(disputeNotes, 'n')} from dispute_notes n where n.id = ${id}`,
    ),
  )
}

export async function listNotes(
  ctx: Context,
  disputeId: string,
  page: PageRequest,
): Promise<DisputeNoteRow[]> {
  const { after, orderAndLimit } = oldestFirst(page, sql`n.id`)
  const rows = await ctx.db.read(
    rowsOf({
      notes: list(noteRow),
    })`select coalesce((select json_agg(x) from (
            select ${rowColumns(disputeNotes, 'n')} from dispute_notes n where n.dispute_id = d.id and ${after} ${orderAndLimit}) x), '[]') as notes
          from disputes d where d.id = ${disputeId}`,
  )
  return one(rows).notes
}
