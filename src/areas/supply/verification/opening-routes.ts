import { z } from '@hono/zod-openapi'
import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { staff } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { linkDocument, linkUrl, useLink } from './openings.ts'
import { DocumentLink } from './schemas.ts'
import { readSealed } from './sealing.ts'
import { shownDocument, viewerTypes } from './viewer.ts'

const tag = 'Trust' as const

export const openingRoutes = newRoutes()

const link = defineOperation({
  operationId: 'verifications.openDocument',
  method: 'post',
  path: '/v1/verifications/{verificationId}/documents/{documentId}/openings',
  tag,
  summary: 'Open a document',
  description:
    "Returns a link that shows the document once, for about a minute, to the reviewer who has taken its case: in no other session, and no more once the case is another one's. Each opening is noted, and told to the owner of the papers in their export.",
  policy: { roles: staff, permission: 'verifications.review', stepUp: true },
  params: idParams('verificationId', 'documentId'),
  responses: { 201: { description: 'The link.', schema: DocumentLink } },
  problems: ['not_your_case', 'document_gone'],
})

openingRoutes.openapi(link, async (c) => {
  const ctx = userCtxOf(c)
  const { verificationId, documentId } = c.req.valid('param')
  const { id, expiresAt } = await linkDocument(ctx, verificationId, documentId)
  return c.json({ id, documentId, url: linkUrl(ctx, id), expiresAt }, 201)
})

const show = defineOperation({
  operationId: 'verifications.showDocument',
  method: 'get',
  path: '/v1/document-links/{documentLinkId}',
  tag,
  summary: 'Show a document that was opened',
  description:
    'From the address in `url`, once. A picture comes as a page that bears the name of the reviewer and the time; a PDF as a download that bears them across each page, or behind its end where it cannot be read, asks for a password or is no scan of papers by its size.',
  policy: 'public',
  params: idParams('documentLinkId'),
  query: z.object({
    signature: z.string().min(1).max(100).openapi({ example: 'fJr…', description: 'Part of the link.' }),
  }),
  responses: { 200: { description: 'The document.', fileTypes: viewerTypes } },
  problems: ['not_found', 'document_link_over', 'not_your_case', 'document_gone', 'document_damaged'],
})

openingRoutes.openapi(show, async (c) => {
  const ctx = ctxOf(c)
  const opened = await useLink(ctx, c.req.valid('param').documentLinkId, c.req.valid('query').signature)
  const { body, headers } = await shownDocument(opened, await readSealed(ctx, c.env.MEDIA, opened))
  return c.body(body, 200, headers)
})
