import type { AuditEntryBody } from './schemas.ts'

export const exportFormats = {
  csv: { mediaType: 'text/csv; charset=utf-8', extension: 'csv' },
  ndjson: { mediaType: 'application/x-ndjson', extension: 'ndjson' },
} as const

/** Less their parameters. */
export const exportTypes = Object.values(exportFormats).map(({ mediaType }) => mediaType.replace(/;.*/, ''))

export type ExportFormat = keyof typeof exportFormats

const columns = [
  'id',
  'createdAt',
  'status',
  'actorType',
  'actorId',
  'actorUserId',
  'actorRole',
  'module',
  'action',
  'targetType',
  'targetId',
  'subjectUserId',
  'requestId',
  'correlationId',
  'sourceId',
  'ipAddress',
  'userAgent',
  'reason',
  'changes',
  'details',
  'redactedAt',
  'day',
  'chainPosition',
  'hash',
] as const satisfies readonly (keyof AuditEntryBody)[]

const rowsPerChunk = 500

/** The file, made while it is sent: never the whole text at once. */
export function exportStream(format: ExportFormat, entries: AuditEntryBody[]): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let next = 0
  return new ReadableStream({
    start(controller) {
      if (format === 'csv') controller.enqueue(encoder.encode(`${columns.join(',')}\r\n`))
    },
    pull(controller) {
      const chunk = entries.slice(next, next + rowsPerChunk)
      next += chunk.length
      if (chunk.length > 0) controller.enqueue(encoder.encode(chunk.map(lineOf(format)).join('')))
      if (next >= entries.length) controller.close()
    },
  })
}

const lineOf =
  (format: ExportFormat) =>
  (entry: AuditEntryBody): string =>
    format === 'csv'
      ? `${columns.map((column) => cellOf(entry[column])).join(',')}\r\n`
      : `${JSON.stringify(entry)}\n`

/** RFC 4180. A user agent is anybody's text: what a spreadsheet would run as a formula is made plain. */
function cellOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}
