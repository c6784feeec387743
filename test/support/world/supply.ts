import { sql } from 'drizzle-orm'
import { randomDigits } from '../../../src/core/crypto.ts'
import { newId } from '../../../src/core/ids.ts'
import { api, database } from '../api.ts'
import { aSubmitter } from '../profiles.ts'
import * as scenes from '../scenes.ts'
import { act, actorOf, anAdmin, anOps, aTasker, ok } from '../story.ts'
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
  languageCode: async () => {
    const languageCode = aLanguageCode()
    const body = { code: languageCode, name: 'World', nativeName: 'عالم', sortOrder: 900 }
    await ok(api('/v1/languages', { as: await anAdmin(), body }))
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
  verificationId: async () => {
    const user = await aSubmitter()
    return { params: { verificationId: user.userId }, parties: [] }
  },
}

async function taskerIn(status: 'applied' | 'verified' | 'at_risk'): Promise<WorldObject> {
  const tasker = status === 'at_risk' ? await aTasker() : await anApplicant(await aTrade())
  const { userId } = tasker
  if (status !== 'applied') {
    const byOps = database(actorOf(await anOps()))
    await byOps.write([
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
