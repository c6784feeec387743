import { newId } from '../../src/core/ids.ts'
import {
  anAddress,
  aPhone,
  fromAddress,
  requestCode,
  signIn,
} from '../../test/areas/people/identity/sign-in.ts'
import { type Answer, api, database } from '../../test/support/api.ts'
import { inHours } from '../../test/support/scenes.ts'
import { aBooking, aClient, anAdmin, anOps, aTasker, waived } from '../../test/support/story.ts'
import { aDraft, anApplicant, aTrade } from '../../test/support/work.ts'
import { world } from '../../test/support/world.ts'
import { readyAccounts } from './ready-accounts.ts'

/** Everything that it needs exists: only the call itself is left. */
export type ReadyCall = () => Promise<Answer<unknown>>

/**
 * Operations that the example of the spec on an object of the contract tests' world cannot bring to success: what they
 * need is the right state, or an id or a code in the body. Loaded only once `cloudflare:workers` has its stand-in.
 */
export const readyCalls: Record<string, () => Promise<ReadyCall>> = {
  ...readyAccounts,
  'auth.requestOtp': async () => () => {
    const headers = fromAddress(anAddress())
    return api('/v1/auth/otp/request', { body: { phone: aPhone() }, headers })
  },
  'auth.verifyOtp': async () => {
    const phone = `+2012${String(Date.now()).slice(-8)}`
    const { code, verificationId } = await requestCode(phone)
    return () => api('/v1/auth/otp/verify', { body: { phone, verificationId, code } })
  },
  'auth.refresh': async () => {
    const { refreshToken } = await signIn()
    return () => api('/v1/auth/refresh', { body: { refreshToken } })
  },
  'categories.create': async () => {
    const [as, body] = [await anAdmin(), { slug: `bench-${newId()}`, names: { en: 'Bench', ar: 'تجربة' } }]
    return () => api('/v1/categories', { as, body })
  },
  'addons.create': async () => {
    const [as, { id: categoryId }] = [await anAdmin(), await aTrade()]
    const names = { en: 'Bench', ar: 'تجربة' }
    return () => api('/v1/addons', { as, body: { categoryId, names, priceMinor: 5_000, currency: 'EGP' } })
  },
  'pricingBands.preview': async () => {
    const [as, { id: categoryId }] = [await anAdmin(), await aTrade()]
    const band = {
      categoryId,
      city: 'Cairo',
      minAmountMinor: 15_000,
      maxAmountMinor: 40_000,
      currency: 'EGP',
    }
    return () => api('/v1/pricing-band-previews', { as, body: { ...band, estMinutes: 90 } })
  },
  'languages.create': async () => {
    const as = await anAdmin()
    turn += 1
    const letter = (of: number) => String.fromCharCode(97 + (of % 26))
    const code = `q${letter(Math.floor(turn / 26))}${letter(turn)}`
    return () => api('/v1/languages', { as, body: { code, name: `Bench ${newId()}`, nativeName: 'Bench' } })
  },
  'pricingBands.create': async () => {
    const [as, { id: categoryId }] = [await anAdmin(), await aTrade()]
    const amounts = { minAmountMinor: 15_000, maxAmountMinor: 40_000, currency: 'EGP' }
    return () => api('/v1/pricing-bands', { as, body: { categoryId, city: 'Cairo', ...amounts } })
  },
  'pricing.estimate': async () => {
    const { id: categoryId } = await aTrade()
    return () => api('/v1/price-estimates', { body: { categoryId, city: 'Cairo', estMinutes: 90 } })
  },
  'tasks.post': async () => {
    const { params, parties } = await of('tasks.update')
    return () => api(`/v1/tasks/${params.taskId}/post`, { as: parties[0], method: 'POST' })
  },
  'reports.create': async () => {
    const { bookingId, client } = await aBooking()
    const body = { bookingId, kind: 'property_damage', description: 'The washbasin was cracked.' }
    return () => api('/v1/reports', { as: client, body })
  },
  'taskers.verify': async () => {
    const { userId } = await anApplicant(await aTrade())
    return step(userId, 'verify')
  },
  'holidays.create': async () => {
    const as = await anOps()
    turn += 1
    const body = {
      country: 'EG',
      names: { en: 'Bench' },
      year: 1900,
      month: 1 + (turn % 12),
      day: 1 + (turn % 28),
    }
    return () => api('/v1/holidays', { as, body })
  },
  'taskTemplates.create': async () => {
    const as = await aClient()
    const { id: taskId } = await aDraft(as, await aTrade())
    return () => api('/v1/task-templates', { as, body: { name: 'Bench', taskId } })
  },
  'slots.hold': async () => {
    const [as, { userId: taskerId }] = [await aClient(), await aTasker()]
    const startsAt = inHours(72)
    return () => api('/v1/slot-holds', { as, body: { taskerId, startsAt, minutes: 60 } })
  },
  'taskers.activate': async () => {
    const { userId } = await anApplicant(await aTrade())
    await database().write(waived(userId))
    await (await step(userId, 'verify'))()
    return step(userId, 'activate')
  },
  'taskers.clear': async () => {
    const { userId } = await aTasker()
    await (await step(userId, 'flag'))()
    return step(userId, 'clear')
  },
  'media.upload': async () => {
    const { params, query } = await of('media.upload')
    const bytes = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
    const headers = { 'content-type': 'image/png' }
    return () => api(`/v1/media/${params.mediaId}/content?${query}`, { method: 'PUT', body: bytes, headers })
  },
  'media.download': async () => {
    const { params, query } = await of('media.download')
    return () => api(`/v1/media/${params.mediaId}/file?${query}`)
  },
}

/** Counts calls: some values can be used once only. */
let turn = 0

async function of(name: string) {
  const make = world[name]
  if (!make) throw new Error(`test/support/world.ts has no ${name}`)
  return make()
}

async function step(taskerId: string, name: string): Promise<ReadyCall> {
  const ops = await anOps()
  const reason = name === 'flag' ? { body: { reason: 'Late three times this week.' } } : {}
  return () => api(`/v1/taskers/${taskerId}/${name}`, { as: ops, method: 'POST', ...reason })
}
