import type { Context } from '../../../core/context.ts'
import { type RowOf, rowsOf, text } from '../../../db/rows.ts'
import { one } from '../../../db/unit.ts'

const iconRow = { storageKey: text, mimeType: text }
export type IconRow = RowOf<typeof iconRow>

/** A file is public for as long as a category shows it. */
export const getIcon = async (ctx: Context, mediaId: string): Promise<IconRow> =>
  one(
    await ctx.db.read(rowsOf(iconRow)`
      select m.storage_key as "storageKey", m.mime_type as "mimeType" from media_files m
       where m.id = ${mediaId} and m.uploaded_at is not null and m.mime_type is not null
         and exists (select from task_categories c where c.icon_media_id = m.id)`),
  )
