import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { rowsOf } from '../../../db/rows.ts'
import { one } from '../../../db/unit.ts'
import { mediaStand } from '../../people/profiles/own-rows.ts'
import {
  contractVisibleTo,
  lockContract,
  type MilestoneRow,
  milestoneColumns,
  milestoneRow,
} from './contracts.ts'

export interface Which {
  contractId: string
  milestoneId: string
}

/** The triggers refuse strangers (404), the other side (403), the wrong state and what the contract does not allow (409). */
async function change(
  ctx: Context<UserActor>,
  { contractId, milestoneId }: Which,
  effects: SQL[],
): Promise<MilestoneRow> {
  const all = [...lockContract(contractId), ...effects]
  const view = rowsOf(milestoneRow)`
    select ${milestoneColumns} from milestones m join contracts c on c.id = m.contract_id
     where m.id = ${milestoneId} and c.id = ${contractId} and ${contractVisibleTo(ctx.actor)}`
  return one(await ctx.db.write(all, view))
}

const moveTo = (status: 'in_progress' | 'completed', { contractId, milestoneId }: Which): SQL =>
  sql`update milestones set status = ${status} where id = ${milestoneId} and contract_id = ${contractId}`

/** Both sides lead a milestone to `in_progress`, each from another state: an action is one side's. */
const as = (party: 'client' | 'tasker', { contractId }: Which): SQL =>
  sql`select khidma.assert_contract_side(${contractId}, ${party})`

export const startMilestone = (ctx: Context<UserActor>, which: Which): Promise<MilestoneRow> =>
  change(ctx, which, [as('tasker', which), moveTo('in_progress', which)])

export interface Submission {
  note: string
  mediaIds: string[]
}

export const submitMilestone = (
  ctx: Context<UserActor>,
  which: Which,
  { note, mediaIds }: Submission,
): Promise<MilestoneRow> =>
  change(ctx, which, [
    ...mediaStand(ctx.actor.userId, mediaIds, ['image', 'document']),
    sql`select khidma.submit_milestone(${newId(ctx.now.getTime())}, ${which.contractId}, ${which.milestoneId}, ${note}, ${sql.param(mediaIds)}::uuid[])`,
  ])

export const approveMilestone = (ctx: Context<UserActor>, which: Which): Promise<MilestoneRow> =>
  change(ctx, which, [moveTo('completed', which)])

/** The note is kept with the submission that it answers. */
export const returnMilestone = (ctx: Context<UserActor>, which: Which, note: string): Promise<MilestoneRow> =>
  change(ctx, which, [
    as('client', which),
    sql`select khidma.give_reason(${note})`,
    moveTo('in_progress', which),
  ])

export const requestRelease = (ctx: Context<UserActor>, which: Which): Promise<MilestoneRow> =>
  change(ctx, which, [sql`select khidma.request_release(${which.contractId}, ${which.milestoneId})`])
