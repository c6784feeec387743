import { z } from '@hono/zod-openapi'
import type { Secrets } from '../../../core/context.ts'
import { said } from '../../../core/said.ts'
import { Id, queryInteger, Timestamp } from '../../../http/schemas.ts'
import { type MediaKind, type MediaRow, mediaKinds, unknownType } from './media.ts'
import { isSealed } from './ownership.ts'
import { grantSeconds, signedUrl } from './signed-urls.ts'

const kinds = Object.keys(mediaKinds) as [MediaKind, ...MediaKind[]]

const MimeType = z.string().max(60).openapi({ example: 'image/jpeg', description: 'Media type of the file.' })
const FileSize = z.int().min(1).max(25_000_000).openapi({ example: 182_044, description: 'Size in bytes.' })

const textsOf = ({ types, limitBytes }: (typeof mediaKinds)[MediaKind]) => ({
  types: said({
    en: `must be one of ${types.join(', ')}`,
    ar: `يجب أن يكون إحدى القيم: ${types.join(', ')}`,
  }),
  size: said({
    en: `must be at most ${limitBytes} bytes`,
    ar: `يجب ألا يتجاوز ${limitBytes} بايت`,
  }),
})

const kindTexts = Object.fromEntries(kinds.map((kind) => [kind, textsOf(mediaKinds[kind])])) as Record<
  MediaKind,
  ReturnType<typeof textsOf>
>

export const CreateMedia = z
  .strictObject({
    kind: z.enum(kinds).openapi({ example: 'image', description: 'Kind of file.' }),
    mimeType: MimeType,
    fileSize: FileSize,
  })
  .superRefine(({ kind, mimeType, fileSize }, context) => {
    const { types, limitBytes } = mediaKinds[kind]
    const refuse = (field: string, message: string) =>
      context.addIssue({ code: 'custom', path: [field], message })
    if (!(types as readonly string[]).includes(mimeType)) refuse('mimeType', kindTexts[kind].types)
    if (fileSize > limitBytes) refuse('fileSize', kindTexts[kind].size)
  })
  .openapi('CreateMedia', { example: { kind: 'image', mimeType: 'image/jpeg', fileSize: 182_044 } })

const SignedUrl = z.string().nullable().openapi({ example: null })

export const Media = z
  .object({
    id: Id,
    kind: z.string().openapi({ example: 'image', description: 'Kind of file.' }),
    mimeType: MimeType.nullable(),
    fileSize: FileSize.nullable(),
    contentHash: z.string().nullable().openapi({
      example: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
      description: 'SHA-256 of the content, in hexadecimal.',
    }),
    uploadUrl: SignedUrl.openapi({
      description: 'PUT the content here within 15 minutes. Null once uploaded, and a day after creation.',
    }),
    downloadUrl: SignedUrl.openapi({
      example:
        'https://api.khidma.example/v1/media/019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40/file?key=media%2F…&expires=1795250700&signature=fJr…',
      description:
        'GET the content here within 15 minutes. Null before the upload, and of a file that was submitted for verification: it is sealed.',
    }),
    uploadedAt: Timestamp.nullable().openapi({
      example: '2026-11-21T08:45:00.000Z',
      description: 'Time of the upload; null before it.',
    }),
    expiresAt: Timestamp.nullable().openapi({
      example: null,
      description: 'Time at which an unused file is deleted: a week after its upload or its last use.',
    }),
    createdAt: Timestamp,
  })
  .openapi('Media')

const uploadForMs = 86_400_000

/** The query of a signed address. */
export const GrantQuery = z.object({
  key: z.string().min(1).max(200).openapi({ example: 'media/…', description: 'Part of the signed URL.' }),
  type: MimeType.openapi({ description: 'Part of the signed URL: media type of the file.' }),
  size: queryInteger(1, 25_000_000).openapi({
    example: 182_044,
    description: 'Part of the signed URL: size in bytes.',
  }),
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

/** The addresses are signed for the moment of the answer: whoever asks again gets fresh ones. */
export function toMedia(row: MediaRow, secrets: Secrets, now: Date): z.infer<typeof Media> {
  const { id, kind, mimeType, fileSize, contentHash, uploadedAt, expiresAt, createdAt, storageKey } = row
  const grant = {
    mediaId: id,
    storageKey,
    mimeType: mimeType ?? unknownType,
    fileSize: fileSize ?? 0,
    expires: Math.floor(now.getTime() / 1_000) + grantSeconds,
  }
  // A file that was never uploaded is deleted after a week: no upload may be under way then.
  const isOver = now.getTime() > Date.parse(createdAt) + uploadForMs
  return {
    id,
    kind,
    mimeType,
    fileSize,
    contentHash,
    uploadUrl: uploadedAt || isOver ? null : signedUrl(secrets, { ...grant, use: 'upload' }),
    downloadUrl:
      uploadedAt && !isSealed(storageKey) ? signedUrl(secrets, { ...grant, use: 'download' }) : null,
    uploadedAt,
    expiresAt,
    createdAt,
  }
}
