import { type SQL, sql } from 'drizzle-orm'
import { type Context, isStaff, type UserActor } from '../../../core/context.ts'
import { Problem } from '../../../core/problems.ts'
import { reach } from '../../../core/reach.ts'
import { isoTime, rowJson } from '../../../db/json.ts'
import { keyset, type PageRequest } from '../../../db/keyset.ts'
import {
  columnsOf,
  int,
  list,
  nullable,
  pick,
  type RowOf,
  rowsOf,
  text,
  time,
  uuid,
} from '../../../db/rows.ts'
import { conversations, messages } from '../../../db/schema/contact/chat.ts'
import { one, type Statement } from '../../../db/unit.ts'
import { personColumns, shownPerson } from '../../people/profiles/shown.ts'
import type { LiveRoom } from './live-room.ts'

const messageRow = columnsOf(messages)
export type MessageRow = RowOf<typeof messageRow>

const conversationRow = {
  ...pick(
    columnsOf(conversations),
    'id',
    'kind',
    'bookingId',
    'leadRequestId',
    'archivedSeq',
    'lastMessageAt',
    'createdAt',
  ),
  /** How far the caller has read, and what is left; null for staff who take no part. */
  readSeq: nullable(int),
  unread: nullable(int),
  participants: list({ userId: uuid, name: nullable(text), joinedAt: time, ...shownPerson }),
  lastMessage: nullable(messageRow),
  /** Microseconds: what the list is sorted by. */
  activeAtMicros: int,
}
export type ConversationRow = RowOf<typeof conversationRow>

const activeAt = sql`(extract(epoch from coalesce(c.last_message_at, c.created_at)) * 1000000)::bigint`

/** `c`: the conversation; `me`: the caller's part in it, as long as they have one. */
const conversationView = (
  actor: UserActor,
  where: SQL,
  orderAndLimit = sql``,
): Statement<ConversationRow> => rowsOf(conversationRow)`
  select c.id, c.kind, c.booking_id as "bookingId", c.lead_request_id as "leadRequestId", c.archived_seq as "archivedSeq",
         ${isoTime(sql`c.last_message_at`)} as "lastMessageAt", ${isoTime(sql`c.created_at`)} as "createdAt",
         me.read_seq as "readSeq", ${activeAt} as "activeAtMicros",
         case when me.user_id is not null then
           (select count(*) from messages m where m.conversation_id = c.id and m.seq > me.read_seq
               and m.sender_id <> me.user_id and m.deleted_at is null) end as unread,
         (select coalesce(json_agg(json_build_object('userId', p.user_id, 'name', u.full_name, 'joinedAt', ${isoTime(sql`p.joined_at`)},
                                     'avatarUrl', s."avatarUrl", 'bio', s.bio, 'languages', s.languages, 'badge', s.badge)
                                   order by p.joined_at, p.user_id), '[]')
            from conversation_participants p join users u on u.id = p.user_id cross join lateral ${personColumns(sql`p.user_id`, 's')}
           where p.conversation_id = c.id and p.removed_at is null) as participants,
         (select ${rowJson(messages, 'm')} from messages m
           where m.conversation_id = c.id order by m.seq desc limit 1) as "lastMessage"
    from conversations c
    left join conversation_participants me
      on me.conversation_id = c.id and me.user_id = ${actor.userId} and me.removed_at is null
   where ${where} ${orderAndLimit}`

/** Participants, and staff. To others it does not exist. */
const visible = (actor: UserActor): SQL => (isStaff(actor) ? sql`true` : sql`me.user_id is not null`)

export function listConversations(ctx: Context<UserActor>, page: PageRequest): Promise<ConversationRow[]> {
  const { after, orderAndLimit } = keyset(page, [
    { by: activeAt, type: 'bigint', direction: 'desc' },
    { by: sql`c.id`, type: 'uuid', direction: 'desc' },
  ])
  return ctx.db.read(conversationView(ctx.actor, sql`me.user_id is not null and ${after}`, orderAndLimit))
}

export async function getConversation(
  ctx: Context<UserActor>,
  room: LiveRoom,
  conversationId: string,
): Promise<ConversationRow> {
  const where = sql`c.id = ${conversationId} and ${visible(ctx.actor)}`
  const [rows, live] = await Promise.all([
    ctx.db.read(conversationView(ctx.actor, where)),
    reach(room.state(ctx.actor.userId)),
  ])
  const row = one(rows)
  return live.ok ? { ...row, archivedSeq: live.seq, readSeq: live.readSeq, unread: live.unread } : row
}

export interface MessageFilters {
  /** Only what was written or changed after this entry, oldest first: all that a client has missed. */
  changedAfterSeq?: number | undefined
}

/**
 * First the object archives what it still holds, then one query reads the archive: the answer holds all that was
 * acknowledged before the call.
 */
export async function listMessages(
  ctx: Context<UserActor>,
  room: LiveRoom,
  conversationId: string,
  { changedAfterSeq }: MessageFilters,
  page: PageRequest,
): Promise<MessageRow[]> {
  if (!(await reach(room.archive()))) throw new Problem('temporarily_unavailable')
  const direction = changedAfterSeq === undefined ? 'desc' : 'asc'
  const { after, orderAndLimit } = keyset(page, [{ by: sql`m.seq`, type: 'bigint', direction }])
  const missed = changedAfterSeq === undefined ? sql`true` : changedAfter(changedAfterSeq)
  const rows = await ctx.db.read(rowsOf({ page: list(messageRow) })`
    select (select coalesce(json_agg(${rowJson(messages, 'm')} order by m.seq ${sql.raw(direction)}), '[]')
              from (select m.* from messages m
                     where m.conversation_id = c.id and ${missed} and ${after} ${orderAndLimit}) m) as page
      from conversations c
      left join conversation_participants me
        on me.conversation_id = c.id and me.user_id = ${ctx.actor.userId} and me.removed_at is null
     where c.id = ${conversationId} and ${visible(ctx.actor)}`)
  return one(rows).page
}

const changedAfter = (seq: number): SQL => sql`(m.seq > ${seq} or m.id in (
  select (e.body ->> 'messageId')::uuid from conversation_entries e where e.conversation_id = c.id and e.seq > ${seq}))`
