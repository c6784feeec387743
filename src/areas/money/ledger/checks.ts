import { type SQL, sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { rowColumns } from '../../../db/json.ts'
import type { PageRequest } from '../../../db/keyset.ts'
import { listing } from '../../../db/listing.ts'
import { columnsOf, json, type RowOf, rowsOf } from '../../../db/rows.ts'
import { ledgerChecks } from '../../../db/schema/money/ledger.ts'

export const differenceKinds = [
  'captured',
  'refunded',
  'returned',
  'charged_back',
  'paid',
  'released',
  'posted',
  'granted',
  'taken_back',
  'spent',
  'no_document',
] as const
export type DifferenceKind = (typeof differenceKinds)[number]

/** A document whose entries do not add up to it, or entries without a document (`khidma.document_differences`). */
export interface Difference {
  documentType: string | null
  documentId: string
  what: DifferenceKind
  expected: number
  posted: number
}

const checkRow = { ...columnsOf(ledgerChecks), details: json<Difference[]>() }
export type CheckRow = RowOf<typeof checkRow>

/** As JSON: how many checks were made, none where today's was, and how many differences it found. */
export const checkDocuments: SQL = sql`khidma.check_documents()`

export function listChecks(
  ctx: Context,
  { differing }: { differing?: boolean | undefined },
  page: PageRequest,
): Promise<CheckRow[]> {
  const { within, orderAndLimit } = listing(page, 'k')
  const wanted = differing === undefined ? sql`true` : sql`(k.differences > 0) = ${differing}`
  return ctx.db.read(
    rowsOf(
      checkRow,
    )`select ${rowColumns(ledgerChecks, 'k')} from ledger_checks k where ${within} and ${wanted} ${orderAndLimit}`,
  )
}
