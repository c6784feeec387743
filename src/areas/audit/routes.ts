import { newArea } from '../../http/area.ts'
import { ctxOf } from '../../http/context.ts'
import { defineOperation } from '../../http/operation.ts'
import { readPage, toPage } from '../../http/pages.ts'
import { listAuditLog } from './audit-log.ts'
import { AuditEntryPage, AuditFilters, toAuditEntry } from './schemas.ts'

export const auditRoutes = newArea()

const list = defineOperation({
  operationId: 'audit.list',
  method: 'get',
  path: '/v1/audit-log',
  tag: 'Audit',
  summary: 'List the audit log',
  description:
    'Who changed what from what to what, newest first. Written by the database, whoever makes the change.',
  policy: { roles: ['admin'] },
  query: AuditFilters,
  responses: { 200: { description: 'A page of changes.', schema: AuditEntryPage } },
})

auditRoutes.openapi(list, async (c) => {
  const page = readPage(c)
  return c.json(toPage(c, page, await listAuditLog(ctxOf(c), c.req.valid('query'), page), toAuditEntry), 200)
})
