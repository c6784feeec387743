import { type SQL, sql } from 'drizzle-orm'
import type { AccountKind } from '../../../core/account-kinds.ts'
import type { PostingName } from './postings.ts'

export interface Posting {
  /** The entry finds its document, and its document finds it. */
  document: { type: string; id: SQL | string }
  /** Tells entries of one kind and document apart; one entry a kind and document without it. */
  part?: SQL | string
  booking?: SQL | string
  currency: SQL | string
  owners: Partial<Record<'payer' | 'payee' | 'user' | 'gateway', SQL | string>>
  /** Minor units, as the kind names them. */
  amounts: Record<string, SQL | number>
}

/** One balanced entry of a kind of `postings.ts`, as an expression for the select list of an effect. It is posted once. */
export function post(
  name: PostingName,
  { document, part, booking, currency, owners, amounts }: Posting,
): SQL {
  return sql`khidma.post(${name}, ${document.type}, ${document.id}::uuid, ${part ?? null}, ${booking ?? null}::uuid, ${currency}::text,
    ${objectOf(owners, sql`::text`)}, ${objectOf(amounts, sql`::bigint`)})`
}

function objectOf(values: Record<string, SQL | string | number | undefined>, type: SQL): SQL {
  const pairs = Object.entries(values).flatMap(([key, value]) =>
    value === undefined ? [] : [sql`${key}::text, ${value}${type}`],
  )
  return sql`jsonb_build_object(${sql.join(pairs, sql`, `)})`
}

export interface AccountName {
  kind: AccountKind
  owner: SQL | string
}

/** The part of a guarded account that is not held; zero where it was never used. */
export const availableOf = ({ kind, owner }: AccountName, currency: SQL | string): SQL =>
  sql`khidma.available(${kind}, ${owner}::uuid, ${currency}::text)`
