import { sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { constantTimeEqual, hmac, hmacHex, toBase64Url } from '../../../core/crypto.ts'
import { newId } from '../../../core/ids.ts'
import { Problem } from '../../../core/problems.ts'
import { isoTime, rowColumns } from '../../../db/json.ts'
import { columnsOf, type RowOf, rowsOf, text, time, uuid } from '../../../db/rows.ts'
import { documentLinks } from '../../../db/schema/supply/verification.ts'
import { one } from '../../../db/unit.ts'

/** The signature follows from the id of its link, so that a repeated request gets the same one and none is kept. */
const signatureOf = (ctx: Context, linkId: string): string =>
  toBase64Url(hmac(ctx.secrets.pepper, 'document-link', linkId))

export const linkUrl = (ctx: Context, linkId: string): string =>
  `${ctx.secrets.apiOrigin}/v1/document-links/${linkId}?signature=${signatureOf(ctx, linkId)}`

const linkRow = columnsOf(documentLinks)
export type LinkRow = RowOf<typeof linkRow>

/** Makes a link to a document for the reviewer whose case it is. */
export async function linkDocument(
  ctx: Context<UserActor>,
  requestId: string,
  documentId: string,
): Promise<LinkRow> {
  const id = newId(ctx.now.getTime())
  const link = sql`select khidma.link_document(${id}, ${requestId}, ${documentId}, ${ctx.actor.sessionId})`
  const view = rowsOf(
    linkRow,
  )`select ${rowColumns(documentLinks, 'l')} from document_links l where l.id = ${id}`
  return one(await ctx.db.write([link], view))
}

const openedRow = {
  mediaId: uuid,
  storageKey: text,
  dataKey: text,
  mimeType: text,
  reviewer: text,
  openedAt: time,
}
export type OpenedRow = RowOf<typeof openedRow> & { openingId: string }

/** Uses a link, once. The opening is noted before its bytes are read: no byte goes out without a row. */
export async function useLink(ctx: Context, linkId: string, signature: string): Promise<OpenedRow> {
  if (!constantTimeEqual(signature, signatureOf(ctx, linkId))) throw new Problem('not_found')
  const openingId = newId(ctx.now.getTime())
  const { ipAddress, secrets } = ctx
  const addressHash = ipAddress === null ? null : hmacHex(secrets.pepper, 'document-opening', ipAddress)
  const view = rowsOf(openedRow)`
    select t.media_id as "mediaId", t.storage_key as "storageKey", t.data_key as "dataKey", t.mime_type as "mimeType",
           t.reviewer, ${isoTime(sql`t.opened_at`)} as "openedAt"
      from khidma.use_document_link(${linkId}, ${openingId}, ${addressHash}) t`
  return { ...one(await ctx.db.write([], view)), openingId }
}
