import { type SQL, sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { isoTime } from '../../../db/json.ts'
import { bool, int, list, nullable, oneOf, type RowOf, rowsOf, text, time, uuid } from '../../../db/rows.ts'
import { conversationKind } from '../../../db/schema/enums.ts'
import { one } from '../../../db/unit.ts'
import { bookingMachine } from '../../work/bookings/machine.ts'
import type { EntryFrame } from './frames.ts'

/** Facts about a conversation that its live object needs before anyone may enter. */
const conversationFacts = {
  kind: oneOf(conversationKind.enumValues),
  bookingStatus: nullable(oneOf(bookingMachine.states)),
  archivedSeq: int,
  /** It began with a lead: its two need each other's numbers as soon as the client has accepted. */
  isOfLead: bool,
  /** There is a block between its two people; shut: and they have no booking that is not over, or their lead has come to nothing. */
  isBlocked: bool,
  isShut: bool,
  /** Words from before it was opened, in order. */
  opening: list({ senderId: uuid, text, createdAt: time }),
  participants: list({ userId: uuid, joinedAt: time, removedAt: nullable(time), readSeq: int }),
}
export type ConversationFacts = RowOf<typeof conversationFacts>

/** Null: there is no such conversation, or all that was said in it has gone. */
export async function findConversationFacts(
  ctx: Context,
  conversationId: string,
): Promise<ConversationFacts | null> {
  const [facts] = await ctx.db.read(rowsOf(conversationFacts)`
    select c.kind, b.status as "bookingStatus", c.archived_seq as "archivedSeq",
           r.id is not null as "isOfLead", k.is_blocked as "isBlocked",
           k.is_shut or r.id is not null and c.booking_id is null and r.status not in ('replied', 'accepted') as "isShut",
           case when r.id is null then '[]' else json_build_array(
             json_build_object('senderId', r.tasker_id, 'text', r.message, 'createdAt', ${isoTime(sql`r.created_at`)}),
             json_build_object('senderId', lt.client_id, 'text', r.reply, 'createdAt', ${isoTime(sql`r.replied_at`)})) end as opening,
           (select coalesce(json_agg(json_build_object('userId', p.user_id, 'joinedAt', ${isoTime(sql`p.joined_at`)},
                     'removedAt', ${isoTime(sql`p.removed_at`)}, 'readSeq', p.read_seq)), '[]')
              from conversation_participants p where p.conversation_id = c.id) as participants
      from conversations c left join bookings b on b.id = c.booking_id
      left join lead_requests r on r.id = c.lead_request_id left join tasks lt on lt.id = r.task_id cross join lateral khidma.block_in_conversation(c.id) k
     where c.id = ${conversationId} and c.ended_at is null`)
  return facts ?? null
}

export interface ArchiveBatch {
  conversationId: string
  /** The entry before the first one. */
  afterSeq: number
  /** Where the archive ends, if it and the first one have entries between them that nobody has any more. */
  lostAfterSeq?: number | undefined
  /** The last entry; `afterSeq` when there are only markers. */
  upToSeq: number
  /** In order and without gaps. */
  entries: ArchivedEntry[]
  readMarkers: { userId: string; readSeq: number }[]
}

/** How far the archive reaches; null where there is no such conversation. */
export async function archivedSeqOf(ctx: Context, conversationId: string): Promise<number | null> {
  const [row] = await ctx.db.read(rowsOf({ archivedSeq: int })`
    select c.archived_seq as "archivedSeq" from conversations c where c.id = ${conversationId}`)
  return row?.archivedSeq ?? null
}

export interface ArchivedEntry {
  type: EntryFrame['type']
  flagged: boolean
  /** The log's own JSON text. */
  frame: string
}

/**
 * Adds a piece of the log to the archive, in one round trip; returns how far the archive reaches. A batch that comes twice, late,
 * or beside another changes nothing twice: the conversation's row is locked, and entries it has passed are left out. So are
 * those of a conversation that has ended: what was said in it is going.
 */
export async function archiveEntries(ctx: Context, batch: ArchiveBatch): Promise<number> {
  const { conversationId, afterSeq, upToSeq } = batch
  const markers = JSON.stringify(batch.readMarkers)
  const effects = [
    sql`select from conversations where id = ${conversationId} for update`,
    // A hole would never be filled: what lies before must have been archived, or be lost.
    sql`select khidma.refuse(409, 'conflict') from conversations where id = ${conversationId} and archived_seq < ${batch.lostAfterSeq ?? afterSeq}`,
    ...(upToSeq > afterSeq
      ? [sql`select set_config('khidma.batch', ${textOf(batch.entries)}, true)`, ...entryEffects(batch)]
      : []),
    sql`update conversation_participants p set read_seq = m."readSeq"
          from json_to_recordset(${markers}::json) as m("userId" uuid, "readSeq" bigint)
         where p.conversation_id = ${conversationId} and p.user_id = m."userId" and p.read_seq < m."readSeq"`,
  ]
  const archived = rowsOf({ archivedSeq: int })`
    select archived_seq as "archivedSeq" from conversations where id = ${conversationId}`
  return one(await ctx.db.write(effects, archived)).archivedSeq
}

const textOf = (entries: ArchivedEntry[]): string =>
  `[${entries.map(({ flagged, frame }) => `{"flagged":${flagged},"frame":${frame}}`).join(',')}]`

/** In the order of the log: first what was said, then what became of it. */
function entryEffects({ conversationId, upToSeq, entries }: ArchiveBatch): SQL[] {
  // The batch travels once; each statement reads it from the transaction's setting.
  const withFresh = (rest: SQL) => sql`
    with fresh as (
      select (e -> 'frame') as frame, (e -> 'frame' ->> 'seq')::bigint as seq, e -> 'frame' ->> 'type' as type,
             (e -> 'frame' ->> 'messageId')::uuid as message_id, (e ->> 'flagged')::boolean as flagged,
             (e -> 'frame' ->> 'createdAt')::timestamptz as at
        from jsonb_array_elements(current_setting('khidma.batch')::jsonb) e
        join conversations c on c.id = ${conversationId} and (e -> 'frame' ->> 'seq')::bigint > c.archived_seq
          and c.ended_at is null
    )${rest}`
  const types = new Set(entries.map(({ type }) => type))
  const of: OfTypes = (wanted, ...statements) =>
    wanted.some((type) => types.has(type)) ? statements.map(withFresh) : []
  return [
    ...whatWasSaid(of, conversationId),
    ...whatBecameOfIt(of, conversationId),
    ...whoAndWhen(of, conversationId),
    sql`update conversations set archived_seq = greatest(archived_seq, ${upToSeq}) where id = ${conversationId}`,
  ]
}

/** Statements over the fresh entries, where some are of these types. */
type OfTypes = (wanted: EntryFrame['type'][], ...statements: SQL[]) => SQL[]

function whatWasSaid(of: OfTypes, conversationId: string): SQL[] {
  return [
    ...of(
      ['message', 'system'],
      sql`
        insert into messages (id, conversation_id, sender_id, kind, seq, client_message_id, text, media_id, reply_to,
                              meta, flagged, created_at, deleted_at)
        select message_id, ${conversationId}, (frame ->> 'senderId')::uuid, coalesce(frame ->> 'kind', 'system')::message_kind,
               seq, frame ->> 'clientMessageId', frame ->> 'text', (frame ->> 'mediaId')::uuid, (frame ->> 'replyTo')::uuid,
               jsonb_strip_nulls(jsonb_build_object('changedSeq', seq, 'event', frame -> 'event', 'data', frame -> 'data')),
               flagged, at, (frame ->> 'deletedAt')::timestamptz
          from fresh where type in ('message', 'system') order by seq
        on conflict do nothing`,
    ),
    ...of(
      ['edited', 'reacted', 'deleted', 'participant'],
      sql`
        insert into conversation_entries (conversation_id, seq, type, body, created_at)
        select ${conversationId}, seq, type, frame - 'type' - 'seq' - 'createdAt', at
          from fresh where type not in ('message', 'system') order by seq
        on conflict do nothing`,
    ),
  ]
}

function whatBecameOfIt(of: OfTypes, conversationId: string): SQL[] {
  const ofMessage = sql`m.conversation_id = ${conversationId} and m.id`
  return [
    ...of(
      ['edited'],
      sql`,
        edits as (select distinct on (message_id) * from fresh where type = 'edited' order by message_id, seq desc)
        update messages m set text = e.frame ->> 'text', edited_at = e.at, flagged = m.flagged or e.flagged
          from edits e where ${ofMessage} = e.message_id`,
    ),
    ...of(
      ['reacted'],
      sql`,
        last as (select distinct on (message_id, frame ->> 'userId') * from fresh where type = 'reacted'
                  order by message_id, frame ->> 'userId', seq desc),
        reactions as (select message_id, jsonb_object_agg(frame ->> 'userId', frame -> 'emoji') as by_user
                        from last group by message_id)
        update messages m
           set meta = m.meta || jsonb_build_object('reactions',
                 jsonb_strip_nulls(coalesce(m.meta -> 'reactions', '{}') || r.by_user))
          from reactions r where ${ofMessage} = r.message_id`,
    ),
    ...of(
      ['deleted'],
      sql`
        update messages m set text = null, media_id = null, media_url = null, meta = m.meta - 'reactions', deleted_at = d.at
          from fresh d where d.type = 'deleted' and ${ofMessage} = d.message_id`,
      // A deleted message is not kept as an earlier version either.
      sql`
        update conversation_entries e set body = e.body || '{"text": null}'
          from fresh d where d.type = 'deleted' and e.conversation_id = ${conversationId}
           and e.type = 'edited' and e.body ->> 'messageId' = d.message_id::text`,
    ),
    ...of(
      ['edited', 'reacted', 'deleted'],
      sql`,
        changes as (select message_id, max(seq) as seq from fresh group by message_id)
        update messages m set meta = m.meta || jsonb_build_object('changedSeq', c.seq)
          from changes c where ${ofMessage} = c.message_id and (m.meta ->> 'changedSeq')::bigint < c.seq`,
    ),
  ]
}

function whoAndWhen(of: OfTypes, conversationId: string): SQL[] {
  return [
    ...of(
      ['participant'],
      sql`
        update conversation_participants p set removed_at = coalesce(p.removed_at, f.at)
          from fresh f where f.type = 'participant' and f.frame ->> 'change' = 'left'
           and p.conversation_id = ${conversationId} and p.user_id = (f.frame ->> 'userId')::uuid`,
    ),
    ...of(
      ['message', 'system'],
      sql`
        update conversations c set last_message_at = greatest(c.last_message_at, f.at)
          from (select max(at) as at from fresh where type in ('message', 'system')) f where c.id = ${conversationId}`,
    ),
  ]
}
