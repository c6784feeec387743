import { type SQL, sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { insertion } from '../../../db/patch.ts'
import { taskPhotos } from '../../../db/schema/work/tasks.ts'
import { one } from '../../../db/unit.ts'
import { bookingOfTask } from '../bookings/bookings.ts'
import { refuseOthers } from './drafts.ts'
import { type TaskRow, theTask } from './tasks.ts'

/** Photos of a task change until its work begins. Each verb returns the task with all of them, in order. */

/** The lock puts those who change photos of one task in a line: counting, and one primary photo, are safe. */
const lockTask = (ctx: Context, taskId: string): SQL => sql`
  select ${refuseOthers(ctx)},
         case when t.deleted_at is not null then khidma.refuse(409, 'task_deleted')
              when t.state not in ('draft', 'posted', 'matching', 'accepted', 'confirmed') then khidma.refuse(409, 'not_editable') end
    from tasks t left join lateral ${bookingOfTask} b on true where t.id = ${taskId} for update of t`

const lives = (taskId: string): SQL => sql`p.task_id = ${taskId} and p.deleted_at is null`

const refuseUnknownPhoto = (taskId: string, photoId: string): SQL => sql`
  select khidma.refuse(404, 'not_found') where not exists (select from task_photos p where p.id = ${photoId} and ${lives(taskId)})`

/** Without one among them, the first is the primary photo. */
const keepPrimary = (taskId: string): SQL => sql`
  update task_photos set is_primary = true
   where id = (select p.id from task_photos p where ${lives(taskId)} order by p.sort_order, p.id limit 1)
     and not exists (select from task_photos p where ${lives(taskId)} and p.is_primary)`

const makeRoomForPrimary = (taskId: string, photoId: string): SQL => sql`
  update task_photos p set is_primary = false where ${lives(taskId)} and p.is_primary and p.id <> ${photoId}`

interface PhotoFields {
  caption?: string | null | undefined
  isPrimary?: true | undefined
}

export async function addPhoto(
  ctx: Context,
  taskId: string,
  { mediaId, caption = null, isPrimary }: PhotoFields & { mediaId: string },
): Promise<TaskRow> {
  const id = newId(ctx.now.getTime())
  const sortOrder = sql`(select coalesce(max(p.sort_order), 0) + 1 from task_photos p where ${lives(taskId)})`
  const row = { id, taskId, mediaId, caption, sortOrder, isPrimary: isPrimary ?? false }
  const effects = [
    lockTask(ctx, taskId),
    sql`select khidma.refuse(422, 'media_refused', '{"field": "mediaId"}') from tasks t where t.id = ${taskId} and not exists (
          select from media_files m where m.id = ${mediaId} and m.user_id = t.client_id and m.kind = 'image' and m.uploaded_at is not null)`,
    sql`select khidma.refuse(409, 'limit_reached', jsonb_build_object('limit', most.n))
          from (select khidma.config_of_task('tasks.photos', ${taskId})::int as n) most
         where (select count(*) from task_photos p where ${lives(taskId)}) >= most.n and exists (select from tasks where id = ${taskId})`,
    ...(isPrimary ? [makeRoomForPrimary(taskId, id)] : []),
    sql`insert into task_photos ${insertion(taskPhotos, row, sql`tasks t where t.id = ${taskId}`)}`,
    keepPrimary(taskId),
  ]
  return one(await ctx.db.write(effects, theTask(ctx, taskId)))
}

export async function updatePhoto(
  ctx: Context,
  taskId: string,
  photoId: string,
  { caption, isPrimary }: PhotoFields,
): Promise<TaskRow> {
  const effects = [lockTask(ctx, taskId), refuseUnknownPhoto(taskId, photoId)]
  if (isPrimary) effects.push(makeRoomForPrimary(taskId, photoId))
  if (caption !== undefined || isPrimary)
    effects.push(sql`update task_photos p set is_primary = p.is_primary or ${isPrimary ?? false},
                            caption = ${caption === undefined ? sql`p.caption` : caption} where p.id = ${photoId} and ${lives(taskId)}`)
  return one(await ctx.db.write(effects, theTask(ctx, taskId)))
}

/** All photos of the task, each once. */
export async function orderPhotos(ctx: Context, taskId: string, photoIds: string[]): Promise<TaskRow> {
  const ids = sql`${sql.param(photoIds)}::uuid[]`
  const effects = [
    lockTask(ctx, taskId),
    sql`select khidma.refuse(422, 'photos_incomplete') from tasks t where t.id = ${taskId}
           and (select coalesce(array_agg(p.id order by p.id), '{}') from task_photos p where ${lives(taskId)})
               <> (select coalesce(array_agg(i order by i), '{}') from unnest(${ids}) i)`,
    sql`update task_photos p set sort_order = i.place from unnest(${ids}) with ordinality i (id, place)
         where p.id = i.id and ${lives(taskId)} and p.sort_order <> i.place`,
  ]
  return one(await ctx.db.write(effects, theTask(ctx, taskId)))
}

/** Its file expires unless something else shows it. */
export async function removePhoto(ctx: Context, taskId: string, photoId: string): Promise<TaskRow> {
  const effects = [
    lockTask(ctx, taskId),
    refuseUnknownPhoto(taskId, photoId),
    sql`delete from task_photos p where p.id = ${photoId} and ${lives(taskId)}`,
    keepPrimary(taskId),
  ]
  return one(await ctx.db.write(effects, theTask(ctx, taskId)))
}
