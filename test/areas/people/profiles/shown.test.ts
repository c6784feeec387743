import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { api, type Caller, database, env, send, signedIn } from '../../../support/api.ts'
import { aFile } from '../../../support/profiles.ts'
import { aBooking, anAdmin, aTasker, ok } from '../../../support/story.ts'
import { codeOf } from '../../../support/work.ts'

const patch = (as: Caller, path: string, body: object) => ok(api(path, { as, method: 'PATCH', body }))
const put = (as: Caller, path: string, body: object) => ok(api(path, { as, method: 'PUT', body }))
const asOps = () => database({ kind: 'system', job: 'test' })

const verifiedUntil = (user: Caller, ends: ReturnType<typeof sql>) =>
  asOps().write([
    sql`delete from user_verifications where user_id = ${user.userId}`,
    sql`insert into user_verifications (user_id, verification_status, expires_at, verified_at)
        values (${user.userId}, 'verified', ${ends}, now())`,
  ])

describe('the badge of a tasker', () => {
  it.each([
    ['verified', 'papers that do not expire', sql`null::timestamptz`],
    ['verified', 'papers of thirty days more', sql`now() + interval '30 days 1 hour'`],
    ['expiring', 'papers of less than thirty days', sql`now() + interval '29 days 23 hours'`],
    ['expiring', 'papers in their last hour', sql`now() + interval '1 hour'`],
    ['lapsed', 'papers that have ended', sql`now()`],
  ])('is %s for %s', async (badge, _papers, ends) => {
    const tasker = await aTasker()
    await verifiedUntil(tasker, ends)
    expect((await ok(api(`/v1/taskers/${tasker.userId}`))).body.badge).toBe(badge)
  })

  it('is none without checked papers', async () => {
    const tasker = await aTasker()
    expect((await ok(api(`/v1/taskers/${tasker.userId}`))).body.badge).toBe('none')
  })
})

describe('a profile picture', () => {
  it('is public while an active account shows it', async () => {
    const tasker = await aTasker()
    const id = await aFile(tasker)
    const key = `media/${tasker.userId}/${id}`
    await asOps().write([sql`update media_files set mime_type = 'image/png' where id = ${id}`])
    await (env as unknown as { MEDIA: R2Bucket }).MEDIA.put(key, 'picture')
    expect((await send(`/v1/avatars/${id}`)).status).toBe(404)
    await patch(tasker, '/v1/me/profile', { avatarMediaId: id })
    const { avatarUrl } = (await ok(api(`/v1/taskers/${tasker.userId}`))).body
    expect(avatarUrl).toBe(`/v1/avatars/${id}`)
    const shown = await send(avatarUrl)
    expect([shown.status, shown.headers.get('content-type'), await shown.text()]).toEqual([
      200,
      'image/png',
      'picture',
    ])
    await patch(tasker, '/v1/me/profile', { avatarMediaId: null })
    expect((await send(avatarUrl)).status).toBe(404)
  })
})

describe('a candidate', () => {
  const see = async (of: Caller, as?: Caller) => (await api(`/v1/candidates/${of.userId}`, { as })).status

  async function aCompany({ isApproved }: { isApproved: boolean }): Promise<Caller> {
    const as = await signedIn()
    await patch(as, '/v1/me', { accountType: 'company' })
    await put(as, '/v1/me/company-profile', { companyName: 'Nile Fittings' })
    const path = `/v1/company-profiles/${as.userId}/approve`
    if (isApproved) await ok(api(path, { as: await anAdmin(), method: 'POST', headers: { 'if-match': '*' } }))
    return as
  }

  it.each([
    ['active', 'private', [200, 200, 404, 404, 404, 404]],
    ['active', 'companies', [200, 200, 200, 404, 404, 404]],
    ['active', 'public', [200, 200, 200, 200, 200, 200]],
    ['hidden', 'public', [200, 200, 404, 404, 404, 404]],
    ['draft', 'public', [200, 200, 404, 404, 404, 404]],
  ])('%s and %s is shown to whom the profile admits', async (status, visibility, expected) => {
    const candidate = await signedIn()
    await put(candidate, '/v1/me/candidate-profile', { skills: ['surveying'], status, visibility })
    const callers = [
      candidate,
      await anAdmin(),
      await aCompany({ isApproved: true }),
      await aCompany({ isApproved: false }),
      await signedIn(),
      undefined,
    ]
    expect(await Promise.all(callers.map((as) => see(candidate, as)))).toEqual(expected)
  })
})

describe('the usual payment method', () => {
  const pay = (as: Caller, bookingId: string, body: object) =>
    api(`/v1/bookings/${bookingId}/payment`, { as, body, headers: { 'idempotency-key': newId() } })

  it('is chosen where the client names none', async () => {
    const { bookingId, client } = await aBooking({ state: 'confirmed' })
    expect(await codeOf(pay(client, bookingId, {}))).toBe('422 payment_method_required')
    await patch(client, '/v1/me/client-profile', { preferredPaymentMethod: 'card' })
    expect(await codeOf(pay(client, bookingId, {}))).toBe('422 payment_method_required')
    await patch(client, '/v1/me/client-profile', { preferredPaymentMethod: 'wallet' })
    expect(await codeOf(pay(client, bookingId, {}))).toBe('409 insufficient_balance')
    await patch(client, '/v1/me/client-profile', { preferredPaymentMethod: 'cash' })
    expect((await ok(pay(client, bookingId, {}))).body.method).toBe('cash')
  })

  it('is no way for the tasker to learn of it', async () => {
    const { bookingId, tasker } = await aBooking({ state: 'confirmed' })
    expect((await pay(tasker, bookingId, {})).status).toBe(403)
  })
})
