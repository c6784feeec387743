import { sql } from 'drizzle-orm'
import { randomDigits } from '../../../src/core/crypto.ts'
import { newId } from '../../../src/core/ids.ts'
import { api, type Caller, database, signedIn } from '../api.ts'
import { aFile, submitted } from '../profiles.ts'
import { aDraftProfile, aListedProfile, approveVersion, aSubmittedProfile, pathOf } from '../role-profiles.ts'
import * as scenes from '../scenes.ts'
import { act, actorOf, anAdmin, anOps, aTasker, ok, theAdmin, theOps, waived } from '../story.ts'
import { anApplicant, aTrade } from '../work.ts'
import type { World, WorldObject } from './object.ts'
import { uploadedMedia } from './platform.ts'

/** The catalog and taskers. */
export const supply: World = {
  categoryId: async () => {
    const admin = await anAdmin()
    const body = { slug: `world-${newId()}`, names: { en: 'World', ar: 'عالم' } }
    const { id } = await scenes.createCategory(act, admin, body)
    return { params: { categoryId: id }, parties: [admin] }
  },
  addonId: async () => {
    const [admin, { id: categoryId }] = [await anAdmin(), await aTrade()]
    const names = { en: 'World', ar: 'عالم' }
    const body = { categoryId, names, priceMinor: 5_000, currency: 'EGP' }
    const { id } = (await ok(api('/v1/addons', { as: admin, body }))).body
    return { params: { addonId: id }, parties: [] }
  },
  iconId: async () => {
    const admin = await anAdmin()
    const { id } = await uploadedMedia(admin)
    const names = { en: 'World', ar: 'عالم' }
    await scenes.createCategory(act, admin, { slug: `world-${newId()}`, names, iconMediaId: id })
    return { params: { iconId: id }, parties: [] }
  },
  avatarId: async () => {
    const user = await signedIn('client')
    const { id } = await uploadedMedia(user)
    await ok(api('/v1/me/profile', { as: user, method: 'PATCH', body: { avatarMediaId: id } }))
    return { params: { avatarId: id }, parties: [] }
  },
  languageCode: async () => {
    const languageCode = aLanguageCode()
    const body = { code: languageCode, name: 'World', nativeName: 'عالم', sortOrder: 900 }
    await ok(api('/v1/languages', { as: await theAdmin(), body }))
    return { params: { languageCode }, parties: [] }
  },
  taskerId: async () => {
    const tasker = await aTasker()
    return { params: { taskerId: tasker.userId }, parties: [tasker] }
  },
  'taskers.verify': async () => taskerIn('applied'),
  'taskers.activate': async () => taskerIn('verified'),
  'taskers.clear': async () => taskerIn('at_risk'),
  blockId: async () => {
    const tasker = await aTasker()
    const startsAt = new Date(Date.now() + 48 * 3_600_000).toISOString()
    const endsAt = new Date(Date.now() + 50 * 3_600_000).toISOString()
    const body = { kind: 'unavailable', startsAt, endsAt }
    const { id } = (await ok(api('/v1/me/availability', { as: tasker, body }))).body
    return { params: { blockId: id }, parties: [tasker] }
  },
  roleProfileId: async () => {
    const { id, tasker } = await aListedProfile()
    return { params: { roleProfileId: id }, parties: [tasker] }
  },
  'roleProfiles.submit': async () => {
    const tasker = await aTasker()
    return { params: { roleProfileId: await aDraftProfile(tasker) }, parties: [tasker] }
  },
  'roleProfiles.approve': async () => aPendingProfile({}),
  'roleProfiles.reject': async () => aPendingProfile({ reason: 'Please write more.' }),
  'roleProfiles.reinstate': async () => {
    const { id, tasker } = await aListedProfile()
    const body = { reason: 'The certificates are not genuine.' }
    await ok(api(pathOf(id, 'suspend'), { as: await theOps(), body }))
    return { params: { roleProfileId: id }, parties: [tasker] }
  },
  'roleProfiles.getAvatar': async () => {
    const [tasker, ops] = [await aTasker(), await anOps()]
    const avatarMediaId = (await uploadedMedia(tasker)).id
    const { id, versionId } = await aSubmittedProfile(tasker, { avatarMediaId })
    await ok(approveVersion(ops, id, versionId))
    return { params: { roleProfileId: id }, parties: [] }
  },
  'services.create': async () => {
    const { id, tasker } = await aListedProfile()
    return { params: { roleProfileId: id }, body: await serviceFields(), parties: [tasker] }
  },
  'services.book': async () => {
    const { id, tasker } = await aListedProfile()
    const fields = { ...(await serviceFields()), durationMinutes: 60 }
    const { body } = await ok(api(pathOf(id, 'services'), { as: tasker, body: fields }))
    const place = { address: '12 Talaat Harb St', city: 'Cairo', lat: 30.0444, lng: 31.2357 }
    let hours = 48
    // A slot is taken once: each caller has one of their own.
    const order = async () => {
      hours += 3
      return {
        ...place,
        startsAt: new Date(Math.ceil(Date.now() / 3_600_000 + hours) * 3_600_000).toISOString(),
      }
    }
    return { params: { serviceId: body.id }, parties: [], body: order }
  },
  serviceId: async () => {
    const { id, tasker } = await aListedProfile()
    const { body } = await ok(api(pathOf(id, 'services'), { as: tasker, body: await serviceFields() }))
    return { params: { serviceId: body.id }, parties: [tasker] }
  },
  portfolioItemId: async () => {
    const { item, tasker } = await aPortfolioItem()
    return { params: { portfolioItemId: item.id }, parties: [tasker] }
  },
  'portfolioItems.reorder': async () => {
    const { id, item, tasker } = await aPortfolioItem()
    return { params: { roleProfileId: id }, body: { itemIds: [item.id] }, parties: [tasker] }
  },
  portfolioImageId: async () => {
    const { item } = await aPortfolioItem()
    return { params: { portfolioImageId: item.images[0]?.id ?? '' }, parties: [] }
  },
  verificationId: async () => ({ params: { verificationId: (await submitted()).id }, parties: [] }),
  'verifications.revoke': async () => {
    const { id } = await submitted()
    await ok(
      api(`/v1/verifications/${id}/approve`, { as: await theOps(), body: {}, headers: { 'if-match': '*' } }),
    )
    return { params: { verificationId: id }, parties: [] }
  },
  documentId: async () => {
    const { id, documentId } = await submitted()
    return { params: { verificationId: id, documentId }, parties: [] }
  },
  'verifications.openDocument': async () => {
    const { id, documentId, caseId, ops } = await aTakenRequest()
    // Whoever opens it takes the case: others are refused for what they are.
    const body = async (as: Caller) => {
      await api(`/v1/cases/${caseId}/release`, { as: ops, method: 'POST' })
      await api(`/v1/cases/${caseId}/take`, { as, method: 'POST' })
      return {}
    }
    return { params: { verificationId: id, documentId }, body, parties: [] }
  },
  documentLinkId: async () => {
    const { id, documentId, ops } = await aTakenRequest()
    const path = `/v1/verifications/${id}/documents/${documentId}/openings`
    const { body } = await ok(api(path, { as: ops, method: 'POST' }))
    return {
      params: { documentLinkId: body.id },
      query: new URL(body.url).search.slice(1),
      parties: [],
    }
  },
  verificationRequestId: async () => {
    const { id, user } = await submitted()
    return { params: { verificationRequestId: id }, parties: [user] }
  },
  'me.resubmitVerification': async () => {
    const { id, user } = await submitted()
    const body = { remarks: 'The back, please.' }
    await ok(
      api(`/v1/verifications/${id}/request-document`, {
        as: await theOps(),
        body,
        headers: { 'if-match': '*' },
      }),
    )
    const mediaId = await aFile(user)
    return {
      params: { verificationRequestId: id },
      parties: [user],
      body: { documents: [{ type: 'back', mediaId }] },
    }
  },
  requirementId: async () => ({ params: { requirementId: await aRequirement('document') }, parties: [] }),
  'me.attestRequirement': async () => ({
    params: { requirementId: await aRequirement('terms') },
    parties: [],
  }),
  waiverId: async () => {
    const [tasker, requirementId] = [await aTasker(), await aRequirement('document')]
    const body = {
      requirementId,
      subjectKind: 'tasker',
      subjectId: tasker.userId,
      reason: 'The office is closed.',
    }
    const { id } = (await ok(api('/v1/requirement-waivers', { as: await theOps(), body }))).body
    return { params: { waiverId: id }, parties: [] }
  },
}

async function aPendingProfile(fields: object): Promise<WorldObject> {
  const tasker = await aTasker()
  const { id, versionId } = await aSubmittedProfile(tasker)
  return { params: { roleProfileId: id }, body: { versionId, ...fields }, parties: [tasker] }
}

const serviceFields = async () => ({
  name: 'Wedding day',
  category: (await aTrade()).slug,
  priceType: 'fixed',
  priceAmount: 800_000,
  currency: 'EGP',
  durationMinutes: 480,
})

async function aPortfolioItem() {
  const { id, tasker } = await aListedProfile()
  const body = { title: 'A wedding by the Nile', imageMediaIds: [(await uploadedMedia(tasker)).id] }
  const item: { id: string; images: { id: string }[] } = (
    await ok(api(pathOf(id, 'portfolio'), { as: tasker, body }))
  ).body
  return { id, item, tasker }
}

async function aTakenRequest() {
  const [{ id, documentId }, ops] = [await submitted(), await anOps()]
  const { data } = (await ok(api(`/v1/cases?subjectId=${id}`, { as: ops }))).body
  const caseId = data[0].id
  await ok(api(`/v1/cases/${caseId}/take`, { as: ops, method: 'POST' }))
  return { id, documentId, caseId, ops }
}

async function taskerIn(status: 'applied' | 'verified' | 'at_risk'): Promise<WorldObject> {
  const tasker = status === 'at_risk' ? await aTasker() : await anApplicant(await aTrade())
  const { userId } = tasker
  if (status !== 'applied') {
    const byOps = database(actorOf(await theOps()))
    await byOps.write([
      ...waived(userId),
      sql`update tasker_profiles set status = ${status}::tasker_status where user_id = ${userId}`,
    ])
  }
  return { params: { taskerId: userId }, parties: [tasker] }
}

/** A private one, with a script and a place that nobody else in this run has. */
export function aLanguageCode(): string {
  const letters = [...randomDigits(4)].map((digit) => String.fromCharCode(97 + Number(digit))).join('')
  return `qaa-${letters.charAt(0).toUpperCase()}${letters.slice(1)}-${randomDigits(3)}`
}

/** Recommended, and from tomorrow on, so that nobody is kept from anything by it. */
async function aRequirement(kind: 'terms' | 'document'): Promise<string> {
  const names = { en: 'World', ar: 'عالم' }
  const effectiveFrom = new Date(Date.now() + 86_400_000).toISOString()
  const body = { kind, subjectKind: 'tasker', isRequired: false, effectiveFrom, names }
  const papers = kind === 'document' ? { documentType: 'diploma' } : {}
  return (await ok(api('/v1/requirements', { as: await theAdmin(), body: { ...body, ...papers } }))).body.id
}
