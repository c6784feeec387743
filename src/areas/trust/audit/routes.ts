import { Problem } from '../../../core/problems.ts'
import { said } from '../../../core/said.ts'
import { ctxOf } from '../../../http/context.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { staff } from '../../../http/policy.ts'
import { readHeads } from './anchors.ts'
import { exportAuditLog, listAuditLog } from './audit-log.ts'
import { verifyAuditLog } from './chain.ts'
import { exportFormats, exportStream, exportTypes } from './export-formats.ts'
import {
  AuditEntryPage,
  AuditFilters,
  AuditVerification,
  ExportQuery,
  exportRowsMax,
  toAuditEntry,
  toVerification,
  VerificationQuery,
  verificationRowsDefault,
} from './schemas.ts'

const tag = 'Audit' as const

export const routes = newRoutes()

const list = defineOperation({
  operationId: 'audit.list',
  method: 'get',
  path: '/v1/audit-log',
  tag,
  summary: 'List audit log entries',
  description:
    'Who changed what, with old and new values, newest first. Recorded by the database, whatever makes the change. Includes attempts at sensitive operations that were refused or failed.',
  policy: { roles: staff, permission: 'audit.read', scope: 'audit:read' },
  query: AuditFilters,
  responses: { 200: { description: 'A page of entries.', schema: AuditEntryPage } },
})

routes.openapi(list, async (c) => {
  const page = readPage(c)
  return c.json(toPage(c, page, await listAuditLog(ctxOf(c), c.req.valid('query'), page), toAuditEntry), 200)
})

const download = defineOperation({
  operationId: 'audit.export',
  method: 'get',
  path: '/v1/audit-log/export',
  tag,
  summary: 'Export the audit log',
  description: `The entries of \`audit.list\` with the same filters as a file, oldest first: CSV, or one JSON object per line. At most ${exportRowsMax} rows per call, fewer if they are long; if there are more, \`Link\` (rel="next") leads to the next part. The export itself is recorded in the log.`,
  policy: { roles: staff, permission: 'audit.export', stepUp: true },
  query: ExportQuery,
  responses: { 200: { description: 'The file.', fileTypes: exportTypes } },
})

routes.openapi(download, async (c) => {
  const { format, after, maxRows = exportRowsMax, ...filters } = c.req.valid('query')
  const { rows, isPart } = await exportAuditLog(ctxOf(c), { filters, format, after, maxRows })
  const { mediaType, extension } = exportFormats[format]
  const next = new URL(`${c.env.API_ORIGIN}${c.req.path}?${new URL(c.req.url).searchParams}`)
  next.searchParams.set('after', rows.at(-1)?.id ?? '')
  return c.body(exportStream(format, rows.map(toAuditEntry)), 200, {
    'Content-Type': mediaType,
    'Content-Disposition': `attachment; filename="audit-log.${extension}"`,
    'Cache-Control': 'no-store',
    ...(isPart && { Link: `<${next.href}>; rel="next"` }),
  })
})

const daysMax = 92
const rangeText = said({
  en: `must not be before "from", nor more than ${daysMax} days long with it`,
  ar: `يجب ألا يسبق "from" وألا تتجاوز المدة بينهما ${daysMax} يومًا`,
})
const dayMs = 86_400_000

const verify = defineOperation({
  operationId: 'audit.verify',
  method: 'get',
  path: '/v1/audit-log/verification',
  tag,
  summary: 'Verify the audit log',
  description: `Walks the hash chain of the days from \`from\` to \`to\` (inclusive, at most ${daysMax}) and returns the first row that was changed, is missing, was reordered, or was unsealed for more than five minutes. Rows of the last minute are sealed first. Large ranges are verified in parts: continue with \`continueAfter\`.`,
  policy: { roles: staff, permission: 'audit.verify', scope: 'audit:read' },
  query: VerificationQuery,
  responses: { 200: { description: 'The result.', schema: AuditVerification } },
})

routes.openapi(verify, async (c) => {
  const { from, to, after, maxRows = verificationRowsDefault } = c.req.valid('query')
  const days = (Date.parse(to) - Date.parse(from)) / dayMs + 1
  if (days < 1 || days > daysMax) {
    throw new Problem('invalid_request', { errors: [{ pointer: 'query/to', message: rangeText }] })
  }
  const [day = '', position = ''] = after?.split('.') ?? []
  const place = after === undefined ? undefined : { day, position: Number(position) }
  const verification = await verifyAuditLog(ctxOf(c), { from, to, after: place, maxRows })
  const anchors = await readHeads(c.env.MEDIA, from, to)
  return c.json(toVerification({ from, to }, verification, anchors), 200)
})
