import { type SQL, sql } from 'drizzle-orm'
import { type Context, isStaff, type UserActor, userIdOf } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { isoTime, rowColumns } from '../../../db/json.ts'
import { newestFirst, oldestFirst, type PageRequest } from '../../../db/keyset.ts'
import { bool, columnsOf, list, nullable, pick, type RowOf, rowsOf, text } from '../../../db/rows.ts'
import { bidInvitations, taskQuestions } from '../../../db/schema/work/bids.ts'
import { tasks } from '../../../db/schema/work/tasks.ts'
import { one, type Statement } from '../../../db/unit.ts'
import { refuseContacts } from './moderated.ts'
import { mayBid } from './open-tasks.ts'

/** Invitations to bid, and questions before bidding. */

const invitationRow = {
  ...columnsOf(bidInvitations),
  taskerName: nullable(text),
  /** Whether the tasker has bid since. */
  hasBid: bool,
  task: pick(columnsOf(tasks), 'title', 'category', 'city', 'state'),
}
export type InvitationRow = RowOf<typeof invitationRow>

const invitationColumns: SQL = sql`
  ${rowColumns(bidInvitations, 'i')}, u.full_name as "taskerName",
  exists (select from bids b where b.task_id = i.task_id and b.tasker_id = i.tasker_id and b.status <> 'withdrawn') as "hasBid",
  json_build_object('title', t.title, 'category', t.category, 'city', t.city, 'state', t.state) as task`

const invitations = (where: SQL, orderAndLimit: SQL = sql``): Statement<InvitationRow> => rowsOf(
  invitationRow,
)`
  select ${invitationColumns} from bid_invitations i join tasks t on t.id = i.task_id and t.deleted_at is null
    join users u on u.id = i.tasker_id where ${where} ${orderAndLimit}`

export async function inviteTasker(
  ctx: Context<UserActor>,
  taskId: string,
  taskerId: string,
): Promise<InvitationRow> {
  const id = newId(ctx.now.getTime())
  const effects = [
    sql`select khidma.begin_invitation(${taskId}::uuid, ${taskerId}::uuid, ${id}::uuid)`,
    sql`insert into bid_invitations (id, task_id, tasker_id) values (${id}, ${taskId}, ${taskerId})`,
    sql`select khidma.tell_of_asking('task.invited', 'bid_invitation', ${id}::uuid, 1, ${taskId}::uuid, ${taskerId}::uuid)`,
  ]
  return one(await ctx.db.write(effects, invitations(sql`i.id = ${id}`)))
}

/** One row for the task that holds the page, so that an unknown task (404) differs from one without invitations. */
export async function listInvitations(
  ctx: Context,
  taskId: string,
  page: PageRequest,
): Promise<InvitationRow[]> {
  const { after, orderAndLimit } = newestFirst(page, sql`i.id`)
  const rows = await ctx.db.read(rowsOf({ invitations: list(invitationRow) })`
    select coalesce((select json_agg(p) from (
             select ${invitationColumns} from bid_invitations i join users u on u.id = i.tasker_id
              where i.task_id = t.id and ${after} ${orderAndLimit}) p), '[]') as invitations
      from tasks t where t.id = ${taskId} and ${readableByClient(ctx)}`)
  return one(rows).invitations
}

const ownTask = ({ actor }: Context): SQL =>
  isStaff(actor) ? sql`true` : sql`t.client_id = ${userIdOf(actor)}::uuid`

/**
 * Condition on task `t` that what belongs to its client alone may be read by the caller. Refuses the tasker of its booking, and one with
 * an open offer, who know that the task is there (403); to others it is not.
 */
export const readableByClient = (ctx: Context): SQL => sql`case when ${ownTask(ctx)} then true
  when khidma.knows_task(t.id, ${userIdOf(ctx.actor)}::uuid) then khidma.refuse(403, 'forbidden') is not null else false end`

/** The invitations to the caller, whose tasks may have closed since. */
export function listMyInvitations(ctx: Context<UserActor>, page: PageRequest): Promise<InvitationRow[]> {
  const { after, orderAndLimit } = newestFirst(page, sql`i.id`)
  return ctx.db.read(
    invitations(
      sql`i.tasker_id = ${ctx.actor.userId} and not khidma.blocked_between(i.tasker_id, t.client_id) and ${after}`,
      orderAndLimit,
    ),
  )
}

const questionRow = { ...columnsOf(taskQuestions), taskerName: nullable(text) }
export type QuestionRow = RowOf<typeof questionRow>

/** A question as other taskers read it: without whoever asked. */
const publicQuestionRow = {
  ...pick(columnsOf(taskQuestions), 'id', 'question', 'answer', 'answeredAt', 'createdAt'),
  isMine: bool,
}
export type PublicQuestionRow = RowOf<typeof publicQuestionRow>

const publicColumns = (me: string): SQL => sql`
  q.id, q.question, q.answer, ${isoTime(sql`q.answered_at`)} as "answeredAt", ${isoTime(sql`q.created_at`)} as "createdAt",
  q.tasker_id = ${me}::uuid as "isMine"`

export async function askQuestion(
  ctx: Context<UserActor>,
  taskId: string,
  question: string,
): Promise<PublicQuestionRow> {
  refuseContacts({ question })
  const me = ctx.actor.userId
  const id = newId(ctx.now.getTime())
  const effects = [
    sql`select from tasks where id = ${taskId} for update`,
    sql`select khidma.refuse_bid(${taskId}::uuid, ${me}::uuid)`,
    sql`insert into task_questions (id, task_id, tasker_id, question) values (${id}, ${taskId}, ${me}, ${question})`,
    sql`select khidma.claim('bids.questions_a_day', ${me}::uuid, ${id}::uuid,
               khidma.config_of_task('bids.questions_a_day', ${taskId}::uuid)::int, khidma.end_of_day_of(${me}::uuid))`,
    sql`select khidma.tell_of_asking('question.asked', 'task_question', ${id}::uuid, 1, ${taskId}::uuid, ${me}::uuid)`,
  ]
  const result = rowsOf(
    publicQuestionRow,
  )`select ${publicColumns(me)} from task_questions q where q.id = ${id}`
  return one(await ctx.db.write(effects, result))
}

/** Once, for all taskers to read. */
export async function answerQuestion(
  ctx: Context<UserActor>,
  taskId: string,
  questionId: string,
  answer: string,
): Promise<QuestionRow> {
  refuseContacts({ answer })
  const effects = [
    sql`select khidma.begin_answer(${taskId}::uuid, ${questionId}::uuid)`,
    sql`update task_questions set answer = ${answer}, answered_at = now() where id = ${questionId}`,
    sql`select khidma.tell_of_asking('question.answered', 'task_question', q.id, q.version, q.task_id, q.tasker_id)
          from task_questions q where q.id = ${questionId}`,
  ]
  const result = rowsOf(questionRow)`
    select ${rowColumns(taskQuestions, 'q')}, u.full_name as "taskerName"
      from task_questions q join users u on u.id = q.tasker_id where q.id = ${questionId}`
  return one(await ctx.db.write(effects, result))
}

/** For the client and staff, with whoever asked. */
export async function listQuestions(ctx: Context, taskId: string, page: PageRequest): Promise<QuestionRow[]> {
  const { after, orderAndLimit } = oldestFirst(page, sql`q.id`)
  const rows = await ctx.db.read(rowsOf({ questions: list(questionRow) })`
    select coalesce((select json_agg(p) from (
             select ${rowColumns(taskQuestions, 'q')}, u.full_name as "taskerName"
               from task_questions q join users u on u.id = q.tasker_id
              where q.task_id = t.id and ${after} ${orderAndLimit}) p), '[]') as questions
      from tasks t where t.id = ${taskId} and ${readableByClient(ctx)}`)
  return one(rows).questions
}

/** For taskers who may bid. */
export async function listPublicQuestions(
  ctx: Context<UserActor>,
  taskId: string,
  page: PageRequest,
): Promise<PublicQuestionRow[]> {
  const me = ctx.actor.userId
  const { after, orderAndLimit } = oldestFirst(page, sql`q.id`)
  const rows = await ctx.db.read(rowsOf({ questions: list(publicQuestionRow) })`
    select coalesce((select json_agg(p) from (
             select ${publicColumns(me)} from task_questions q where q.task_id = t.id and ${after} ${orderAndLimit}) p), '[]') as questions
      from tasks t where t.id = ${taskId} and ${mayBid(me)}`)
  return one(rows).questions
}
