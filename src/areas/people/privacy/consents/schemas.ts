import { z } from '@hono/zod-openapi'
import { valueTexts } from '../../../../core/value-texts.ts'
import { consentKinds } from '../../../../db/schema/people/privacy.ts'
import { pageOf, pageQuery } from '../../../../http/pages.ts'
import { Id, Timestamp } from '../../../../http/schemas.ts'
import type { ConsentDocumentRow } from './consents.ts'

const Kind = z.enum(consentKinds).openapi('ConsentKind', {
  description: 'Kind of consent.',
  example: 'terms',
})

const DocumentVersion = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/, valueTexts.documentVersion)
  .openapi({ example: '2026-11', description: 'Version of the document.' })

const Url = z
  .url({ protocol: /^https$/, hostname: z.regexes.domain, error: valueTexts.httpsUrl })
  .max(500)
  .openapi({
    example: 'https://khidma.example/terms/2026-11',
    description: 'Address of the document text.',
  })

const isRequired = z
  .boolean()
  .openapi({ example: true, description: 'A required consent can only be withdrawn by erasing the account.' })

export const ConsentDocument = z
  .object({
    id: Id,
    kind: Kind,
    documentVersion: DocumentVersion,
    url: Url,
    isRequired,
    publishedAt: Timestamp,
  })
  .openapi('ConsentDocument', { description: 'A published version of a consent document.' })

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
    isInForce: z
      .boolean()
      .openapi({ example: true, description: 'Whether this version is the current one.' }),
    grantedAt: Timestamp,
    withdrawnAt: Timestamp.nullable().openapi({
      example: null,
      description: 'Time of the withdrawal; null while the consent is valid.',
    }),
  })
  .openapi('Consent', { description: 'A consent given by the user.' })

export const OwnConsents = pageOf(Consent, 'ConsentPage')
  .extend({
    missing: z.array(ConsentDocument).openapi({
      description: 'Required documents whose current version has not been accepted: show them and ask.',
    }),
  })
  .openapi('OwnConsents')

export const GrantConsent = z
  .strictObject({ documentVersion: DocumentVersion })
  .openapi('GrantConsent', { example: { documentVersion: '2026-11' } })

export const kindParams = z.object({
  kind: z.enum(consentKinds).openapi({ example: 'marketing', description: 'Kind of consent.' }),
})

export const toConsentDocument = (row: ConsentDocumentRow): z.infer<typeof ConsentDocument> => row
