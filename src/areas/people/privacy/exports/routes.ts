import { enqueuePrivacy } from '../../../../core/enqueue.ts'
import { Problem } from '../../../../core/problems.ts'
import { ctxOf, userCtxOf } from '../../../../http/context.ts'
import { newRoutes } from '../../../../http/mount.ts'
import { defineOperation } from '../../../../http/operation.ts'
import { readPage, toPage } from '../../../../http/pages.ts'
import { anyUser } from '../../../../http/policy.ts'
import { idParams } from '../../../../http/schemas.ts'
import { assertExportGranted, getExport, listExports, locateExport, requestExport } from './exports.ts'
import {
  Export,
  ExportFile,
  ExportFilters,
  ExportGrantQuery,
  ExportPage,
  ExportWithLink,
  toExport,
  toExportWithLink,
} from './schemas.ts'

const tag = 'Privacy'
const own = { roles: anyUser } as const
const params = idParams('exportId')

export const exportRoutes = newRoutes()

const request = defineOperation({
  operationId: 'me.requestExport',
  method: 'post',
  path: '/v1/me/exports',
  tag,
  summary: 'Request an export of your data',
  description:
    'Collects the data stored about you in one JSON file (`ExportFile`), without secrets and without data about others. You are notified when it is ready (`export.ready`). One export at a time, at most five per day.',
  policy: { ...own, stepUp: true },
  responses: { 202: { description: 'The request. Poll it, or wait for `export.ready`.', schema: Export } },
  problems: ['export_pending', 'export_limit'],
})

exportRoutes.openapi(request, async (c) => {
  const ctx = userCtxOf(c)
  const row = await requestExport(ctx)
  c.executionCtx.waitUntil(enqueuePrivacy(c.env, [{ kind: 'export', exportId: row.id }]))
  return c.json(toExport(row, ctx.now), 202)
})

const list = defineOperation({
  operationId: 'me.listExports',
  method: 'get',
  path: '/v1/me/exports',
  tag,
  summary: 'List your exports',
  description: 'Newest first. Files are kept for a week.',
  policy: own,
  query: ExportFilters,
  responses: { 200: { description: 'A page of exports.', schema: ExportPage } },
})

exportRoutes.openapi(list, async (c) => {
  const [ctx, page] = [userCtxOf(c), readPage(c)]
  return c.json(
    toPage(c, page, await listExports(ctx, page), (row) => toExport(row, ctx.now)),
    200,
  )
})

const get = defineOperation({
  operationId: 'me.getExport',
  method: 'get',
  path: '/v1/me/exports/{exportId}',
  tag,
  summary: 'Get an export',
  description: 'Returns the status and, once ready, a fresh download URL, valid for 15 minutes.',
  // Whoever holds the address holds everything.
  policy: { ...own, relation: { who: ['owner'] }, stepUp: true },
  params,
  responses: { 200: { description: 'The export.', schema: ExportWithLink } },
})

exportRoutes.openapi(get, async (c) => {
  const ctx = userCtxOf(c)
  c.header('Cache-Control', 'no-store')
  return c.json(
    toExportWithLink(await getExport(ctx, c.req.valid('param').exportId), ctx.secrets, ctx.now),
    200,
  )
})

const download = defineOperation({
  operationId: 'exports.download',
  method: 'get',
  path: '/v1/exports/{exportId}/file',
  tag,
  summary: 'Download an export',
  description: 'From the URL in `downloadUrl`, within 15 minutes.',
  policy: 'public',
  params,
  query: ExportGrantQuery,
  responses: { 200: { description: 'The file.', schema: ExportFile, file: true } },
  problems: ['link_expired'],
})

exportRoutes.openapi(download, async (c) => {
  const { exportId } = c.req.valid('param')
  const { expires, signature } = c.req.valid('query')
  const ctx = ctxOf(c)
  assertExportGranted(ctx.secrets, { exportId, expires }, signature, ctx.now)
  const { storageKey, createdAt } = await locateExport(ctx, exportId)
  const object = await c.env.MEDIA.get(storageKey)
  if (!object) throw new Problem('not_found')
  return c.body(object.body, 200, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': String(object.size),
    'Content-Disposition': `attachment; filename="khidma-${createdAt.slice(0, 10)}.json"`,
    'Cache-Control': 'no-store',
  })
})
