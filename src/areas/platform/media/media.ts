import { type SQL, sql } from 'drizzle-orm'
import { type Context, isStaff, type UserActor } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { Problem } from '../../../core/problems.ts'
import { reach } from '../../../core/reach.ts'
import { rowColumns, rowJson } from '../../../db/json.ts'
import { insertion } from '../../../db/patch.ts'
import { columnsOf, list, nullable, type RowOf, rowsOf, text, uuid } from '../../../db/rows.ts'
import { mediaFiles } from '../../../db/schema/platform/media.ts'
import { one, type Statement } from '../../../db/unit.ts'

const mediaRow = columnsOf(mediaFiles)
export type MediaRow = RowOf<typeof mediaRow>

/** Kinds of media that may be kept, with their types and their largest size in bytes. */
export const mediaKinds = {
  image: { types: ['image/jpeg', 'image/png', 'image/webp', 'image/heic'], limitBytes: 15_000_000 },
  voice: {
    types: ['audio/mp4', 'audio/aac', 'audio/ogg', 'audio/webm', 'audio/mpeg'],
    limitBytes: 10_000_000,
  },
  document: { types: ['application/pdf'], limitBytes: 25_000_000 },
} as const

export const mediaTypes = Object.values(mediaKinds).flatMap(({ types }) => [...types])
/** A file is sent as this where nobody has said what it is. */
export const unknownType = 'application/octet-stream'

export type MediaKind = keyof typeof mediaKinds

const mediaView = (where: SQL): Statement<MediaRow> =>
  rowsOf(mediaRow)`select ${rowColumns(mediaFiles, 'm')} from media_files m where ${where}`

/** Declares a file; its bytes come to the signed address that the answer names. */
export async function createMedia(
  ctx: Context<UserActor>,
  file: { kind: MediaKind; mimeType: string; fileSize: number },
): Promise<MediaRow> {
  const id = newId(ctx.now.getTime())
  const storageKey = `media/${ctx.actor.userId}/${id}`
  const row = {
    id,
    userId: ctx.actor.userId,
    ...file,
    storageKey,
    storageUrl: `r2://khidma-media/${storageKey}`,
  }
  const insert = sql`insert into media_files ${insertion(mediaFiles, row)}`
  return one(await ctx.db.write([insert], mediaView(sql`m.id = ${id}`)))
}

/**
 * Its owner's, of whoever got it in a conversation, in a booking, in a dispute or by a contract, may see the task whose photo it is, hires the applicant whose résumé it is or compares the bid
 * that shows it; of everybody while somebody shows it as their picture.
 */
const isShownTo = (userId: string): SQL =>
  sql`(m.user_id = ${userId} or exists (select from messages msg join conversation_participants p
            on p.conversation_id = msg.conversation_id and p.user_id = ${userId} and p.removed_at is null
           where msg.media_id = m.id)
        or exists (select from bid_portfolio f join bids b on b.id = f.bid_id and b.deleted_at is null
                     join tasks t on t.id = b.task_id and t.client_id = ${userId} where f.media_id = m.id)
        or exists (select from task_photos p where p.media_id = m.id and p.deleted_at is null and khidma.may_see_task(p.task_id, ${userId}))
        or exists (select from booking_proofs f join bookings b on b.id = f.booking_id
           where f.media_id = m.id and ${userId}::uuid in (b.client_id, b.tasker_id))
        or exists (select from milestone_deliverables d join milestone_submissions s on s.id = d.submission_id
                     join milestones i on i.id = s.milestone_id join contracts c on c.id = i.contract_id
                    where d.media_id = m.id and ${userId} in (c.client_id, c.tasker_id))
        or exists (select from review_photos p join reviews r on r.id = p.review_id
                    where p.media_id = m.id and khidma.may_read_review(r, ${userId}))
        or exists (select from dispute_evidence e join disputes d on d.id = e.dispute_id join bookings b on b.id = d.booking_id
                    where e.media_id = m.id and ${userId}::uuid in (b.client_id, b.tasker_id))
        or exists (select from candidate_profiles c where c.resume_media_id = m.id and khidma.reads_applicant(${userId}, c.user_id))
        or exists (select from user_profiles p where p.avatar_media_id = m.id)
        or exists (select from company_profiles c where c.logo_media_id = m.id and c.status = 'active' and c.approval_status = 'approved'))`

/** The caller and the owner of a file rarely share more; the latest come first. */
const sharedRoomsLimit = 20

/** The conversations that the caller shares with the owner of a file. */
const sharedRooms = (userId: string, id: string): SQL => sql`
  select c.id from media_files m
    join conversation_participants mine on mine.user_id = ${userId} and mine.removed_at is null
    join conversation_participants theirs on theirs.conversation_id = mine.conversation_id and theirs.user_id = m.user_id
    join conversations c on c.id = mine.conversation_id and c.ended_at is null
   where m.id = ${id} and m.user_id <> ${userId} and m.uploaded_at is not null
   order by coalesce(c.last_message_at, c.created_at) desc limit ${sharedRoomsLimit}`

/**
 * A file that the caller may see. One that was sent a moment ago waits in the live object for the archive: where the caller
 * may not see it yet, the conversations that they share with its owner archive first, and the same question is asked again.
 * Only the archive opens a file to anybody. `archive`: true when Postgres holds all that was acknowledged before the call.
 */
export async function getMedia(
  ctx: Context<UserActor>,
  archive: (conversationIds: string[]) => Promise<boolean>,
  id: string,
): Promise<MediaRow> {
  if (isStaff(ctx.actor)) return one(await ctx.db.read(mediaView(sql`m.id = ${id}`)))
  const { userId } = ctx.actor
  const shown = sql`m.id = ${id} and ${isShownTo(userId)}`
  const { file, rooms } = one(
    await ctx.db.read(rowsOf({ file: nullable(mediaRow), rooms: nullable(list(uuid)) })`
      select f.file, case when f.file is null
               then (select coalesce(json_agg(r.id), '[]') from (${sharedRooms(userId, id)}) r) end as rooms
        from (select (select ${rowJson(mediaFiles, 'm')} from media_files m where ${shown}) as file) f`),
  )
  if (file) return file
  if (!rooms || rooms.length === 0) throw new Problem('not_found')
  if (!(await reach(archive(rooms)))) throw new Problem('temporarily_unavailable')
  return one(await ctx.db.read(mediaView(shown)))
}

const avatarRow = { storageKey: text, mimeType: text }
export type AvatarRow = RowOf<typeof avatarRow>

/** A picture is public for as long as an active account shows it as its own. */
export const getAvatar = async (ctx: Context, mediaId: string): Promise<AvatarRow> =>
  one(
    await ctx.db.read(rowsOf(avatarRow)`
      select m.storage_key as "storageKey", m.mime_type as "mimeType" from media_files m
       where m.id = ${mediaId} and m.uploaded_at is not null and m.mime_type is not null
         and exists (select from user_profiles p join users u on u.id = p.user_id and u.status = 'active'
                      where p.avatar_media_id = m.id)`),
  )

/** The bytes are in storage. The same again, after a lost answer, changes nothing; others are refused (409): a file never changes. */
export async function markUploaded(ctx: Context, id: string, contentHash: string): Promise<MediaRow> {
  return one(
    await ctx.db.write(
      [
        sql`select khidma.refuse(409, 'conflict') from media_files where id = ${id} and content_hash <> ${contentHash} for update`,
        sql`update media_files set uploaded_at = now(), content_hash = ${contentHash} where id = ${id} and uploaded_at is null`,
      ],
      mediaView(sql`m.id = ${id}`),
    ),
  )
}
