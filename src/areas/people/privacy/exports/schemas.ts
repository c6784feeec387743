import { z } from '@hono/zod-openapi'
import type { Secrets } from '../../../../core/context.ts'
import { pageOf, pageQuery } from '../../../../http/pages.ts'
import { Id, queryInteger, Timestamp } from '../../../../http/schemas.ts'
import { exportMachine } from '../machine.ts'
import { type ExportRow, exportUrl, linkSeconds } from './exports.ts'
import { exportFormat } from './rows.ts'

const Status = z.enum(exportMachine.states).openapi('ExportStatus', {
  example: 'ready',
  description: '`expired`: the file was deleted, a week after it was created.',
})

const fields = {
  id: Id,
  status: Status,
  fileSize: z.int().nullable().openapi({ example: 48_211, description: 'Size in bytes.' }),
  rowCount: z.int().nullable().openapi({ example: 312, description: 'Number of records in the file.' }),
  createdAt: Timestamp,
  completedAt: Timestamp.nullable().openapi({
    example: '2026-11-21T08:45:00.000Z',
    description: 'Time at which the export succeeded or failed.',
  }),
  expiresAt: Timestamp.nullable().openapi({
    example: '2026-11-28T08:45:00.000Z',
    description: 'Time at which the file is deleted.',
  }),
}

export const Export = z.object(fields).openapi('Export', { description: 'An export of personal data.' })
export const ExportPage = pageOf(Export, 'ExportPage')

export const ExportWithLink = z
  .object({
    ...fields,
    downloadUrl: z.string().nullable().openapi({
      example:
        'https://api.khidma.example/v1/exports/019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40/file?expires=1795250700&signature=fJr',
      description: 'GET the file here within 15 minutes, without a token. Null unless `ready`.',
    }),
  })
  .openapi('ExportWithLink')

export const ExportFilters = z.object({ ...pageQuery })

/** Its lists, a table each, follow from the personal data inventory: the spec names them all. */
export const ExportFile = z
  .looseObject({
    format: z.literal(exportFormat).openapi({ description: 'Format of the file.' }),
    exportId: Id,
    userId: Id.openapi({ description: 'User whose data this is.' }),
    createdAt: Timestamp.openapi({ description: 'Time at which the export was started.' }),
  })
  .openapi('ExportFile', {
    description:
      'All data stored about a user: one list per kind of record, which may be empty. Times and names are as everywhere in this ' +
      'API; `auditLog` names columns as the log does. For secrets (passwords, codes, keys), only their existence, creation and ' +
      'use are included, neither the secret nor its hash.',
    example: {
      format: exportFormat,
      exportId: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40',
      userId: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a41',
      createdAt: '2026-11-21T08:44:58.120Z',
    },
  })

/** The query of a signed address. */
export const ExportGrantQuery = z.object({
  expires: queryInteger(0, 4_102_444_800).openapi({
    example: 1_795_250_700,
    description: 'Part of the signed URL: its expiry, in seconds since 1970.',
  }),
  signature: z
    .string()
    .min(1)
    .max(100)
    .openapi({ example: 'fJr…', description: 'Part of the signed URL: the signature over the rest of it.' }),
})

export function toExport(row: ExportRow, now: Date): z.infer<typeof Export> {
  const { id, status, fileSize, rowCount, createdAt, completedAt, expiresAt } = row
  // The file is over at its hour, whenever cron comes by to delete it.
  const isOver = status === 'ready' && expiresAt !== null && Date.parse(expiresAt) <= now.getTime()
  return {
    id,
    status: isOver ? 'expired' : status,
    fileSize,
    rowCount,
    createdAt,
    completedAt,
    expiresAt,
  }
}

/** The link is signed for the moment of the answer: whoever asks again gets a fresh one. */
export function toExportWithLink(
  row: ExportRow,
  secrets: Secrets,
  now: Date,
): z.infer<typeof ExportWithLink> {
  const shown = toExport(row, now)
  const expires = Math.floor(now.getTime() / 1_000) + linkSeconds
  return {
    ...shown,
    downloadUrl: shown.status === 'ready' ? exportUrl(secrets, { exportId: shown.id, expires }) : null,
  }
}
