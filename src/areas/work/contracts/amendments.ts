import { type SQL, sql } from 'drizzle-orm'
import type { Actor, Context, UserActor } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { rowColumns } from '../../../db/json.ts'
import { newestFirst, type PageRequest } from '../../../db/keyset.ts'
import { columnsOf, json, list, oneOf, type RowOf, rowsOf, text } from '../../../db/rows.ts'
import {
  type ContractTerms,
  contractAmendments,
  type MilestoneTerms,
} from '../../../db/schema/work/contracts.ts'
import { one, type Statement } from '../../../db/unit.ts'
import {
  asJson,
  type ContractContent,
  contractVisibleTo,
  lockContract,
  signatures,
  signaturesOf,
} from './contracts.ts'
import { contractAmendmentMachine } from './machine.ts'

const amendmentRow = {
  ...columnsOf(contractAmendments),
  terms: json<ContractTerms>(),
  wasTerms: json<ContractTerms>(),
  milestones: json<MilestoneTerms[]>(),
  wasMilestones: json<MilestoneTerms[]>(),
  /** The text that both sign. */
  text,
  currency: text,
  proposer: oneOf(['client', 'tasker'] as const),
  signatures,
  /** The status at this instant: past its deadline an amendment has expired, before the sweep writes it down. */
  statusNow: oneOf(contractAmendmentMachine.states),
}
export type AmendmentRow = RowOf<typeof amendmentRow>

/** The columns of an amendment `a` of contract `c`. */
const amendmentColumns = sql`
  ${rowColumns(contractAmendments, 'a')}, khidma.contract_text(c, a.terms, a.total_amount, a.milestones) as text, c.currency,
  case a.proposed_by when c.client_id then 'client' else 'tasker' end as proposer,
  ${signaturesOf(sql`s.amendment_id = a.id`)} as signatures,
  case when a.status = 'pending' and a.expires_at <= now() then 'expired' else a.status::text end as "statusNow"`

const theAmendment = (
  actor: Actor,
  contractId: string,
  amendmentId: string,
): Statement<AmendmentRow> => rowsOf(amendmentRow)`
  select ${amendmentColumns} from contract_amendments a join contracts c on c.id = a.contract_id
   where a.id = ${amendmentId} and c.id = ${contractId} and ${contractVisibleTo(actor)}`

/** One row for the contract that holds the page, so that an unknown contract (404) differs from an empty page. */
export async function listAmendments(
  ctx: Context,
  contractId: string,
  page: PageRequest,
): Promise<AmendmentRow[]> {
  const { after, orderAndLimit } = newestFirst(page, sql`a.id`)
  const rows = await ctx.db.read(
    rowsOf({ amendments: list(amendmentRow) })`select coalesce((select json_agg(p) from (
            select ${amendmentColumns} from contract_amendments a where a.contract_id = c.id and ${after} ${orderAndLimit}) p), '[]') as amendments
          from contracts c where c.id = ${contractId} and ${contractVisibleTo(ctx.actor)}`,
  )
  return one(rows).amendments
}

/** The whole contract as it would be; who proposes it signs it. */
export async function proposeAmendment(
  ctx: Context<UserActor>,
  contractId: string,
  { terms, milestones }: ContractContent,
  reason: string,
): Promise<AmendmentRow> {
  const id = newId(ctx.now.getTime())
  const propose = sql`select khidma.propose_amendment(${id}, ${contractId}, ${asJson(terms)}, ${asJson(milestones)}, ${reason})`
  return one(
    await ctx.db.write([...lockContract(contractId), propose], theAmendment(ctx.actor, contractId, id)),
  )
}

interface Which {
  contractId: string
  amendmentId: string
}

async function end(ctx: Context, { contractId, amendmentId }: Which, effect: SQL): Promise<AmendmentRow> {
  return one(
    await ctx.db.write(
      [...lockContract(contractId), effect],
      theAmendment(ctx.actor, contractId, amendmentId),
    ),
  )
}

const moveTo = (status: 'rejected' | 'withdrawn', { contractId, amendmentId }: Which): SQL =>
  sql`update contract_amendments set status = ${status} where id = ${amendmentId} and contract_id = ${contractId}`

/** `sha256` is that of the text that the caller was shown. */
export const acceptAmendment = (
  ctx: Context<UserActor>,
  which: Which,
  sha256: string,
): Promise<AmendmentRow> =>
  end(ctx, which, sql`select khidma.accept_amendment(${which.contractId}, ${which.amendmentId}, ${sha256})`)
export const rejectAmendment = (ctx: Context, which: Which): Promise<AmendmentRow> =>
  end(ctx, which, moveTo('rejected', which))
export const withdrawAmendment = (ctx: Context, which: Which): Promise<AmendmentRow> =>
  end(ctx, which, moveTo('withdrawn', which))
