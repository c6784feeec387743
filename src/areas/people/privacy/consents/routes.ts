import { ctxOf, userCtxOf } from '../../../../http/context.ts'
import { newRoutes } from '../../../../http/mount.ts'
import { defineOperation } from '../../../../http/operation.ts'
import { readPage, toPage } from '../../../../http/pages.ts'
import { anyUser, staff } from '../../../../http/policy.ts'
import {
  grantConsent,
  listConsentDocuments,
  listOwnConsents,
  publishConsentDocument,
  withdrawConsent,
} from './consents.ts'
import {
  Consent,
  ConsentDocument,
  ConsentDocumentPage,
  GrantConsent,
  kindParams,
  OwnConsents,
  PageOnly,
  PublishConsentDocument,
  toConsentDocument,
} from './schemas.ts'

const tag = 'Privacy'
const own = { roles: anyUser } as const

export const consentRoutes = newRoutes()

const documents = defineOperation({
  operationId: 'consentDocuments.list',
  method: 'get',
  path: '/v1/consent-documents',
  tag,
  summary: 'List consent documents',
  description: 'The current version of each kind, to be shown at sign-up.',
  policy: 'public',
  query: PageOnly,
  responses: { 200: { description: 'A page of documents.', schema: ConsentDocumentPage } },
})

consentRoutes.openapi(documents, async (c) => {
  const page = readPage(c)
  return c.json(toPage(c, page, await listConsentDocuments(ctxOf(c), page), toConsentDocument), 200)
})

const publish = defineOperation({
  operationId: 'consentDocuments.publish',
  method: 'post',
  path: '/v1/consent-documents',
  tag,
  summary: 'Publish a consent document',
  description:
    'Takes effect at once and cannot be changed; a new text is a new version. Users who accepted an earlier version are asked again if the consent is required (all kinds but marketing).',
  policy: { roles: staff, permission: 'privacy.manage', stepUp: true },
  body: PublishConsentDocument,
  responses: { 201: { description: 'The document.', schema: ConsentDocument } },
  problems: ['already_exists'],
})

consentRoutes.openapi(publish, async (c) =>
  c.json(toConsentDocument(await publishConsentDocument(ctxOf(c), c.req.valid('json'))), 201),
)

const list = defineOperation({
  operationId: 'me.listConsents',
  method: 'get',
  path: '/v1/me/consents',
  tag,
  summary: 'List your consents',
  description:
    'Valid and withdrawn consents, newest first, and in `missing` the required documents that you have not accepted.',
  policy: own,
  query: PageOnly,
  responses: { 200: { description: 'A page of consents and the missing ones.', schema: OwnConsents } },
})

consentRoutes.openapi(list, async (c) => {
  const page = readPage(c)
  const { rows, missing } = await listOwnConsents(userCtxOf(c), page)
  return c.json({ ...toPage(c, page, rows, (row) => row), missing: missing.map(toConsentDocument) }, 200)
})

const grant = defineOperation({
  operationId: 'me.grantConsent',
  method: 'put',
  path: '/v1/me/consents/{kind}',
  tag,
  summary: 'Give consent',
  description:
    'To the version that was shown, which must be the current one. Giving consent again has no effect.',
  policy: own,
  params: kindParams,
  body: GrantConsent,
  responses: { 200: { description: 'The consent.', schema: Consent } },
  problems: ['consent_outdated', 'account_suspended', 'account_closed'],
})

consentRoutes.openapi(grant, async (c) => {
  const { documentVersion } = c.req.valid('json')
  return c.json(await grantConsent(userCtxOf(c), c.req.valid('param').kind, documentVersion), 200)
})

const withdraw = defineOperation({
  operationId: 'me.withdrawConsent',
  method: 'delete',
  path: '/v1/me/consents/{kind}',
  tag,
  summary: 'Withdraw consent',
  description:
    'Applies to all versions. The record of the consent is kept. A required consent can only be withdrawn by erasing the account. The platform sends no marketing today, and never without this consent.',
  policy: { ...own, relation: { who: ['owner'] } },
  params: kindParams,
  responses: { 200: { description: 'The withdrawn consent.', schema: Consent } },
  problems: ['consent_required'],
})

consentRoutes.openapi(withdraw, async (c) =>
  c.json(await withdrawConsent(userCtxOf(c), c.req.valid('param').kind), 200),
)
