import { z } from '@hono/zod-openapi'
import { valueTexts } from '../../../../core/value-texts.ts'
import { consentKinds } from '../../../../db/schema/people/privacy.ts'
import { pageOf, pageQuery } from '../../../../http/pages.ts'
import { Id, Timestamp } from '../../../../http/schemas.ts'
import type { ConsentDocumentRow } from './consents.ts'

const Kind = z.enum(consentKinds).openapi('ConsentKind', { example: 'terms' })

const DocumentVersion = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/, valueTexts.documentVersion)
  .openapi({ example: '2026-11' })

const Url = z
  .url({ protocol: /^https$/, hostname: z.regexes.domain, error: valueTexts.httpsUrl })
  .max(500)
  .openapi({
    example: 'https://khidma.example/terms/2026-11',
    description: 'The text, in the language of its reader.',
  })

const isRequired = z
  .boolean()
  .openapi({ example: true, description: 'The service cannot be used without it: it ends with the account.' })

export const ConsentDocument = z
  .object({
    id: Id,
    kind: Kind,
    documentVersion: DocumentVersion,
    url: Url,
    isRequired,
    publishedAt: Timestamp,
  })
  .openapi('ConsentDocument')

export const ConsentDocumentPage = pageOf(ConsentDocument, 'ConsentDocumentPage')
export const PageOnly = z.object({ ...pageQuery })

export const PublishConsentDocument = z
  .strictObject({ kind: Kind, documentVersion: DocumentVersion, url: Url })
  .openapi('PublishConsentDocument', {
    example: { kind: 'terms', documentVersion: '2027-01', url: 'https://khidma.example/terms/2027-01' },
  })

export const Consent = z
  .object({
    id: Id,
    kind: Kind,
    documentVersion: DocumentVersion,
    url: Url,
    isRequired,
    isInForce: z.boolean().openapi({ example: true, description: 'Whether that version is the last one.' }),
    grantedAt: Timestamp,
    withdrawnAt: Timestamp.nullable().openapi({ example: null, description: 'Null while it stands.' }),
  })
  .openapi('Consent')

export const OwnConsents = pageOf(Consent, 'ConsentPage')
  .extend({
    missing: z.array(ConsentDocument).openapi({
      description:
        'Documents that are required and were not agreed to as they now stand: show them, and ask.',
    }),
  })
  .openapi('OwnConsents')

export const GrantConsent = z
  .strictObject({ documentVersion: DocumentVersion })
  .openapi('GrantConsent', { example: { documentVersion: '2026-11' } })

export const kindParams = z.object({
  kind: z
    .enum(consentKinds)
    .openapi({ example: 'marketing', description: 'The kind of document that is agreed to.' }),
})

export const toConsentDocument = (row: ConsentDocumentRow): z.infer<typeof ConsentDocument> => row
