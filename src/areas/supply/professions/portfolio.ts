import { type SQL, sql } from 'drizzle-orm'
import { type Context, isStaff, type UserActor, userIdOf } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { rowColumns } from '../../../db/json.ts'
import { assignments, insertion } from '../../../db/patch.ts'
import { columnsOf, list, type RowOf, rowsOf, text, uuid } from '../../../db/rows.ts'
import { portfolioItems } from '../../../db/schema/supply/professions.ts'
import { textArray } from '../../../db/sql.ts'
import { one, type Statement } from '../../../db/unit.ts'
import { lockAccount, mediaStand } from '../../people/profiles/own-rows.ts'
import { refuseLinks } from './moderated.ts'
import { lockOwnRoleProfile } from './role-profiles.ts'

const itemRow = { ...columnsOf(portfolioItems), images: list({ id: uuid, mediaId: uuid }) }
export type PortfolioItemRow = RowOf<typeof itemRow>

export interface PortfolioFields {
  title?: string | undefined
  description?: string | null | undefined
  tags?: string[] | undefined
  /** The images in order: all of them. */
  imageMediaIds?: string[] | undefined
}

/** The columns of item `i`. */
export const itemColumns = sql`${rowColumns(portfolioItems, 'i')},
  coalesce((select json_agg(json_build_object('id', f.id, 'mediaId', f.media_id) order by f.display_order)
     from portfolio_images f where f.item_id = i.id), '[]') as images`

const itemView = (where: SQL): Statement<PortfolioItemRow> =>
  rowsOf(itemRow)`select ${itemColumns} from portfolio_items i where ${where}`

const mostItems = 100

/** The owner and staff see them always, others those of a listed profile. In order, without pages: there are few. */
export async function listPortfolio(ctx: Context, profileId: string): Promise<PortfolioItemRow[]> {
  const isOwn = isStaff(ctx.actor)
    ? sql`true`
    : sql`p.user_id is not distinct from ${userIdOf(ctx.actor)}::uuid`
  const rows = await ctx.db.read(rowsOf({ items: list(itemRow) })`
    select coalesce((select json_agg(x) from (
             select ${itemColumns} from portfolio_items i where i.profile_id = p.id order by i.display_order, i.id) x), '[]') as items
      from role_profiles p where p.id = ${profileId} and p.deleted_at is null and (${isOwn} or khidma.is_role_profile_listed(p))`)
  return one(rows).items
}

/** Images that stay keep their ids, and so their public addresses. */
const replaceImages = (itemId: string, mediaIds: string[], nowMs: number): SQL[] => [
  sql`delete from portfolio_images where item_id = ${itemId} and media_id <> all (${sql.param(mediaIds)}::uuid[])`,
  sql`insert into portfolio_images (id, item_id, media_id, display_order)
      select n.id, ${itemId}, m.id, m.place
        from unnest(${sql.param(mediaIds)}::uuid[], ${sql.param(mediaIds.map(() => newId(nowMs)))}::uuid[]) with ordinality n (media, id, place)
        join unnest(${sql.param(mediaIds)}::uuid[]) with ordinality m (id, place) on m.place = n.place
      on conflict (item_id, media_id) do update set display_order = excluded.display_order`,
]

const textsOf = ({ title, description, tags = [] }: PortfolioFields) => [
  ['title', title] as const,
  ['description', description] as const,
  ...tags.map((tag) => ['tags', tag] as const),
]

export async function addPortfolioItem(
  ctx: Context<UserActor>,
  profileId: string,
  { imageMediaIds = [], tags = [], ...fields }: PortfolioFields & { title: string },
): Promise<PortfolioItemRow> {
  refuseLinks(textsOf({ ...fields, tags }))
  const nowMs = ctx.now.getTime()
  const id = newId(nowMs)
  const { userId } = ctx.actor
  const displayOrder = sql`(select coalesce(max(i.display_order), 0) + 1 from portfolio_items i where i.profile_id = ${profileId})`
  const row = { id, profileId, ...fields, tags: textArray(tags), displayOrder }
  const effects = [
    ...lockOwnRoleProfile(userId, profileId),
    sql`select khidma.refuse(409, 'limit_reached', jsonb_build_object('limit', ${mostItems}::int))
         where (select count(*) from portfolio_items i where i.profile_id = ${profileId}) >= ${mostItems}`,
    ...mediaStand(userId, imageMediaIds, ['image']),
    sql`insert into portfolio_items ${insertion(portfolioItems, row)}`,
    ...replaceImages(id, imageMediaIds, nowMs),
  ]
  return one(await ctx.db.write(effects, itemView(sql`i.id = ${id}`)))
}

const lockOwnItem = (userId: string, id: string, expectedVersion: number | null): SQL[] => [
  ...lockAccount(userId),
  sql`select from role_profiles p where p.id = (select i.profile_id from portfolio_items i where i.id = ${id}) for update`,
  sql`select khidma.refuse(404, 'not_found') where not exists (
        select from portfolio_items i join role_profiles p on p.id = i.profile_id
         where i.id = ${id} and p.deleted_at is null and p.user_id = ${userId})`,
  sql`select khidma.assert_version(i.version, ${expectedVersion}) from portfolio_items i where i.id = ${id} for update`,
]

export async function updatePortfolioItem(
  ctx: Context<UserActor>,
  id: string,
  { imageMediaIds, tags, ...fields }: PortfolioFields,
  expectedVersion: number | null,
): Promise<PortfolioItemRow> {
  refuseLinks(textsOf({ ...fields, tags }))
  const { userId } = ctx.actor
  const effects = lockOwnItem(userId, id, expectedVersion)
  if (imageMediaIds) effects.push(...mediaStand(userId, imageMediaIds, ['image']))
  const changes =
    assignments(portfolioItems, { ...fields, tags: tags && textArray(tags) }) ??
    (imageMediaIds ? sql`title = title` : null)
  if (changes) effects.push(sql`update portfolio_items set ${changes} where id = ${id}`)
  if (imageMediaIds) effects.push(...replaceImages(id, imageMediaIds, ctx.now.getTime()))
  return one(await ctx.db.write(effects, itemView(sql`i.id = ${id}`)))
}

export async function removePortfolioItem(
  ctx: Context<UserActor>,
  id: string,
  expectedVersion: number | null,
): Promise<void> {
  await ctx.db.write([
    ...lockOwnItem(ctx.actor.userId, id, expectedVersion),
    sql`delete from portfolio_items where id = ${id}`,
  ])
}

/** All items of the profile, each once. */
export async function orderPortfolio(
  ctx: Context<UserActor>,
  profileId: string,
  itemIds: string[],
): Promise<PortfolioItemRow[]> {
  const ids = sql`${sql.param(itemIds)}::uuid[]`
  const effects = [
    ...lockOwnRoleProfile(ctx.actor.userId, profileId),
    sql`select khidma.refuse(422, 'portfolio_incomplete')
         where (select coalesce(array_agg(i.id order by i.id), '{}') from portfolio_items i where i.profile_id = ${profileId})
               <> (select coalesce(array_agg(x order by x), '{}') from unnest(${ids}) x)`,
    sql`update portfolio_items i set display_order = x.place from unnest(${ids}) with ordinality x (id, place)
         where i.id = x.id and i.profile_id = ${profileId} and i.display_order <> x.place`,
  ]
  return ctx.db.write(
    effects,
    rowsOf(
      itemRow,
    )`select ${itemColumns} from portfolio_items i where i.profile_id = ${profileId} order by i.display_order, i.id`,
  )
}

const fileRow = { storageKey: text, mimeType: text }
export type FileRow = RowOf<typeof fileRow>

/** A picture is public for as long as the profile that shows it is listed. */
export const getPortfolioImage = async (ctx: Context, imageId: string): Promise<FileRow> =>
  one(
    await ctx.db.read(rowsOf(fileRow)`
      select m.storage_key as "storageKey", m.mime_type as "mimeType"
        from portfolio_images f join portfolio_items i on i.id = f.item_id join role_profiles p on p.id = i.profile_id
        join media_files m on m.id = f.media_id
       where f.id = ${imageId} and m.uploaded_at is not null and m.mime_type is not null and khidma.is_role_profile_listed(p)`),
  )

/** The picture of the public version, by the id of the profile. */
export const getAvatar = async (ctx: Context, profileId: string): Promise<FileRow> =>
  one(
    await ctx.db.read(rowsOf(fileRow)`
      select m.storage_key as "storageKey", m.mime_type as "mimeType"
        from role_profiles p join role_profile_versions v on v.id = p.public_version_id
        join media_files m on m.id = v.avatar_media_id
       where p.id = ${profileId} and m.uploaded_at is not null and m.mime_type is not null and khidma.is_role_profile_listed(p)`),
  )
