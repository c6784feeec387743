import { newArea } from '../../../../http/area.ts'
import { ctxOf, userCtxOf } from '../../../../http/context.ts'
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

export const consentRoutes = newArea()

const documents = defineOperation({
  operationId: 'consentDocuments.list',
  method: 'get',
  path: '/v1/consent-documents',
  tag,
  summary: 'List what people are asked to agree to',
  description: 'The version in force of each kind. Whoever signs up is shown these.',
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
  summary: 'Publish a new version of a document',
  description:
    'It is in force at once, and is never changed: the next text is another version. Who has agreed to an earlier one is ' +
    'asked again where it is required (all but marketing).',
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
  summary: 'List what you have agreed to',
  description:
    'What stands and what was withdrawn, the newest first, and what is `missing`: required documents to be agreed to.',
  policy: own,
  query: PageOnly,
  responses: { 200: { description: 'A page of consents, and what is missing.', schema: OwnConsents } },
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
  summary: 'Agree to a document',
  description:
    'To the version that was shown, which must be the one in force. Agreed to already, nothing changes.',
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
  summary: 'Withdraw a consent',
  description:
    'Of every version. That it was given, and until when, stays known. What is required ends with the account only. ' +
    'Nothing that the platform sends today is marketing: without this consent nothing of the kind may ever be sent.',
  policy: { ...own, relation: 'who has given it' },
  params: kindParams,
  responses: { 200: { description: 'The last consent, withdrawn.', schema: Consent } },
  problems: ['consent_required'],
})

consentRoutes.openapi(withdraw, async (c) =>
  c.json(await withdrawConsent(userCtxOf(c), c.req.valid('param').kind), 200),
)
