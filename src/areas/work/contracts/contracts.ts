import { type SQL, sql } from 'drizzle-orm'
import type { Actor, Context, UserActor } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { isoTime, rowColumns, rowJson } from '../../../db/json.ts'
import type { PageRequest } from '../../../db/keyset.ts'
import { listing } from '../../../db/listing.ts'
import {
  columnsOf,
  int,
  json,
  list,
  nullable,
  oneOf,
  type RowOf,
  rowsOf,
  text,
  time,
  uuid,
} from '../../../db/rows.ts'
import {
  type ContractTerms,
  contracts,
  escrows,
  type MilestoneTerms,
  milestoneSubmissions,
  milestones,
} from '../../../db/schema/work/contracts.ts'
import { one, type Statement } from '../../../db/unit.ts'
import { bookingVisibleTo, lockBooking, refuseHigherFee } from '../bookings/bookings.ts'
import { type ContractStatus, contractMachine } from './machine.ts'

const submissionRow = { ...columnsOf(milestoneSubmissions), mediaIds: list(uuid) }
export type SubmissionRow = RowOf<typeof submissionRow>

/** A milestone with what was handed in; the parties and the status are those of its contract. */
export const milestoneRow = {
  ...columnsOf(milestones),
  submissions: list(submissionRow),
  contractStatus: oneOf(contractMachine.states),
  clientId: uuid,
  taskerId: uuid,
}
export type MilestoneRow = RowOf<typeof milestoneRow>

const signature = { party: oneOf(['client', 'tasker'] as const), userId: uuid, sha256: text, signedAt: time }
export const signaturesOf = (where: SQL): SQL => sql`
  coalesce((select json_agg(json_build_object('party', s.party, 'userId', s.user_id, 'sha256', s.text_sha256,
              'signedAt', ${isoTime(sql`s.signed_at`)}) order by s.id)
     from contract_signatures s where ${where} and s.cleared_at is null), '[]')`
export const signatures = list(signature)

const contractRow = {
  ...columnsOf(contracts),
  terms: json<ContractTerms>(),
  /** The text that both sides sign, and its SHA-256. */
  text,
  sha256: text,
  signatures,
  milestones: list(milestoneRow),
  /** Null before the first payment. */
  escrow: nullable(columnsOf(escrows)),
  heldAmount: int,
}
export type ContractRow = RowOf<typeof contractRow>

/** Columns of a milestone `m` of contract `c`. */
export const milestoneColumns = sql`
  ${rowColumns(milestones, 'm')}, c.status as "contractStatus", c.client_id as "clientId", c.tasker_id as "taskerId",
  coalesce((select json_agg(x order by x.round) from (
    select ${rowColumns(milestoneSubmissions, 's')},
           coalesce((select json_agg(d.media_id order by d.id) from milestone_deliverables d where d.submission_id = s.id), '[]') as "mediaIds"
      from milestone_submissions s where s.milestone_id = m.id) x), '[]') as submissions`

/** Contracts `c` that are visible: to their two sides, staff, and the system. */
export const contractVisibleTo = (actor: Actor): SQL =>
  sql`exists (select from bookings b where b.id = c.booking_id and ${bookingVisibleTo(actor)})`

/** Contracts as their `get` shows them; the result of every write on one. */
export const contractView = (
  actor: Actor,
  where: SQL,
  orderAndLimit: SQL = sql``,
): Statement<ContractRow> => rowsOf(contractRow)`
  select ${rowColumns(contracts, 'c')}, x.text, khidma.text_sha256(x.text) as sha256,
         ${signaturesOf(sql`s.contract_id = c.id and s.amendment_id is null`)} as signatures,
         coalesce((select json_agg(n order by n.position, n.id) from (select ${milestoneColumns} from milestones m where m.contract_id = c.id) n), '[]')
           as milestones,
         (select ${rowJson(escrows, 'e')} from escrows e where e.contract_id = c.id) as escrow,
         khidma.held_in_escrow(c.id) as "heldAmount"
    from contracts c cross join lateral (select khidma.contract_text(c) as text) x
   where ${contractVisibleTo(actor)} and (${where}) ${orderAndLimit}`

export async function getContract(ctx: Context, contractId: string): Promise<ContractRow> {
  return one(await ctx.db.read(contractView(ctx.actor, sql`c.id = ${contractId}`)))
}

export interface ContractFilters {
  status?: ContractStatus | undefined
  bookingId?: string | undefined
  clientId?: string | undefined
  taskerId?: string | undefined
}

export function listContracts(
  ctx: Context,
  { status, bookingId, clientId, taskerId }: ContractFilters,
  page: PageRequest,
): Promise<ContractRow[]> {
  const { within, orderAndLimit } = listing(page, 'c')
  const conditions = [within]
  if (status) conditions.push(sql`c.status = ${status}`)
  if (bookingId) conditions.push(sql`c.booking_id = ${bookingId}`)
  if (clientId) conditions.push(sql`c.client_id = ${clientId}`)
  if (taskerId) conditions.push(sql`c.tasker_id = ${taskerId}`)
  return ctx.db.read(contractView(ctx.actor, sql.join(conditions, sql` and `), orderAndLimit))
}

/** First effects of whatever is done with a contract: its booking is locked before it, as by all that moves bookings. */
export const lockContract = (contractId: string): SQL[] => [
  lockBooking(sql`(select booking_id from contracts where id = ${contractId})`),
  sql`select from contracts where id = ${contractId} for update`,
]

/** Content of a contract, as either side proposes it. */
export interface ContractContent {
  terms: ContractTerms
  milestones: MilestoneTerms[]
}

export const asJson = (value: unknown): SQL => sql`${JSON.stringify(value)}::jsonb`

export async function draftContract(
  ctx: Context<UserActor>,
  bookingId: string,
  { terms, milestones }: ContractContent,
): Promise<ContractRow> {
  const id = newId(ctx.now.getTime())
  const draft = sql`select khidma.draft_contract(${id}, ${bookingId}, ${asJson(terms)}, ${asJson(milestones)})`
  return one(await ctx.db.write([lockBooking(bookingId), draft], contractView(ctx.actor, sql`c.id = ${id}`)))
}

async function change(ctx: Context, contractId: string, effects: SQL[]): Promise<ContractRow> {
  const all = [...lockContract(contractId), ...effects]
  return one(await ctx.db.write(all, contractView(ctx.actor, sql`c.id = ${contractId}`)))
}

/** Either side may, until both have signed; a signature is void then. */
export const reviseContract = (
  ctx: Context<UserActor>,
  contractId: string,
  { terms, milestones }: ContractContent,
  expectedVersion: number | null,
): Promise<ContractRow> =>
  change(ctx, contractId, [
    sql`select khidma.revise_contract(${contractId}, ${expectedVersion}::int, ${asJson(terms)}, ${asJson(milestones)})`,
  ])

/** `sha256` is that of the text that the caller was shown. */
export const signContract = (
  ctx: Context<UserActor>,
  contractId: string,
  sha256: string,
): Promise<ContractRow> =>
  change(ctx, contractId, [sql`select khidma.sign_contract(${contractId}, ${sha256})`])

export const cancelContract = (
  ctx: Context<UserActor>,
  contractId: string,
  reason: string,
  acceptFee: number | undefined,
): Promise<ContractRow> =>
  change(ctx, contractId, [
    sql`select khidma.give_reason(${reason})`,
    ...refuseHigherFee(
      sql`b.id = (select c.booking_id from contracts c where c.id = ${contractId} and c.status = 'active')`,
      acceptFee,
    ),
    sql`update contracts set status = 'canceled', end_reason = ${reason} where id = ${contractId}`,
  ])

export const keepContract = (ctx: Context<UserActor>, contractId: string): Promise<ContractRow> =>
  change(ctx, contractId, [sql`select khidma.keep_contract(${contractId})`])
