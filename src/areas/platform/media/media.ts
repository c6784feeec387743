import { type SQL, sql } from 'drizzle-orm'
import { type Context, isStaff, type UserActor } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { type JsonRow, rowColumns } from '../../../db/json.ts'
import { insertion } from '../../../db/patch.ts'
import { mediaFiles } from '../../../db/schema/platform/media.ts'
import { one, type Statement } from '../../../db/unit.ts'

export type MediaRow = JsonRow<typeof mediaFiles>

/** What may be kept, and how large, in bytes. */
export const mediaKinds = {
  image: { types: ['image/jpeg', 'image/png', 'image/webp', 'image/heic'], limitBytes: 15_000_000 },
  voice: {
    types: ['audio/mp4', 'audio/aac', 'audio/ogg', 'audio/webm', 'audio/mpeg'],
    limitBytes: 10_000_000,
  },
  document: { types: ['application/pdf'], limitBytes: 25_000_000 },
} as const

export type MediaKind = keyof typeof mediaKinds

const mediaView = (where: SQL): Statement<MediaRow> =>
  sql`select ${rowColumns(mediaFiles, 'm')} from media_files m where ${where}`

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

/** Its owner's, of whoever got it in a conversation, of staff; of everybody while somebody shows it as their picture. */
export async function getMedia(ctx: Context<UserActor>, id: string): Promise<MediaRow> {
  const { userId } = ctx.actor
  const mayRead = isStaff(ctx.actor)
    ? sql`true`
    : sql`(m.user_id = ${userId} or exists (select from messages msg join conversation_participants p
            on p.conversation_id = msg.conversation_id and p.user_id = ${userId} and p.removed_at is null
           where msg.media_id = m.id)
        or exists (select from user_profiles p where p.avatar_media_id = m.id)
        or exists (select from company_profiles c where c.logo_media_id = m.id and c.status = 'active'))`
  return one(await ctx.db.read(mediaView(sql`m.id = ${id} and ${mayRead}`)))
}

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
