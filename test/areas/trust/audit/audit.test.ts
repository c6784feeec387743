import { describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { api } from '../../../support/api.ts'
import { aBooking, aClient, anAdmin, anOps, aTasker, ok } from '../../../support/story.ts'
import { aClerk } from '../../people/access/support.ts'

const list = async (query: string, as = anAdmin()) =>
  (await ok(api(`/v1/audit-log?${query}`, { as: await as }))).body

describe('the audit log', () => {
  it('is for admins and holders of `audit.read`', async () => {
    for (const as of [await aClient(), await aTasker()]) {
      expect(await api('/v1/audit-log', { as })).toMatchObject({ status: 403, body: { code: 'forbidden' } })
    }
    for (const as of [await anOps(), await aClerk(['audit.verify'])]) {
      const refused = { status: 403, body: { code: 'permission_missing' } }
      expect(await api('/v1/audit-log', { as })).toMatchObject(refused)
    }
    const auditor = await aClerk(['audit.read', 'audit.verify', 'audit.export'])
    const today = new Date().toISOString().slice(0, 10)
    for (const path of [
      '?limit=1',
      '/export?format=csv&maxRows=1',
      `/verification?from=${today}&to=${today}`,
    ])
      expect([path, (await api(`/v1/audit-log${path}`, { as: auditor })).status]).toEqual([path, 200])
    expect((await api('/v1/audit-log')).status).toBe(401)
    expect((await api('/v1/audit-log?limit=1', { as: await anAdmin() })).status).toBe(200)
  })

  it('shows actor, old and new values, and the request', async () => {
    const story = await aBooking()
    const requestId = `test-${newId()}`
    await ok(
      api(`/v1/bookings/${story.bookingId}/confirm`, {
        as: story.client,
        method: 'POST',
        headers: { 'x-request-id': requestId, 'user-agent': 'Khidma/3.2', 'cf-connecting-ip': '203.0.113.9' },
      }),
    )
    const { data } = await list(`targetType=bookings&targetId=${story.bookingId}`)
    expect(data).toHaveLength(2)
    expect(data[0]).toMatchObject({
      action: 'bookings.update',
      targetType: 'bookings',
      targetId: story.bookingId,
      actorUserId: story.client.userId,
      actorRole: 'client',
      actorType: 'user',
      actorId: story.client.userId,
      sourceId: story.client.sessionId,
      subjectUserId: story.client.userId,
      module: 'bookings',
      status: 'succeeded',
      correlationId: requestId,
      redactedAt: null,
      changes: { status: ['accepted', 'confirmed'] },
      requestId,
      ipAddress: '203.0.113.9',
      userAgent: 'Khidma/3.2',
    })
    expect(data[1]).toMatchObject({ action: 'bookings.insert', actorUserId: story.tasker.userId })
    expect(data[1].changes.status).toEqual([null, 'accepted'])
  })

  it('is filtered by actor, by kind of target and by time', async () => {
    const story = await aBooking({ state: 'settled' })
    const tasker = story.tasker.userId
    const all = await list(`actorUserId=${tasker}&limit=100`)
    expect(all.data.length).toBeGreaterThan(5)
    for (const entry of all.data) expect(entry.actorUserId).toBe(tasker)
    const payouts = await list(`actorUserId=${tasker}&targetType=payouts`)
    expect(payouts.data).toMatchObject([{ action: 'payouts.insert', changes: { amount: [null, 20_000] } }])

    const times = all.data.map(({ createdAt }: { createdAt: string }) => createdAt)
    const middle = times[Math.floor(times.length / 2)]
    const later = await list(`actorUserId=${tasker}&limit=100&createdSince=${middle}`)
    const earlier = await list(`actorUserId=${tasker}&limit=100&createdUntil=${middle}`)
    expect(later.data.length).toBeGreaterThan(0)
    expect(later.data.length + earlier.data.length).toBe(all.data.length)
    expect([...later.data, ...earlier.data]).toEqual(all.data)
    expect((await api('/v1/audit-log?createdSince=yesterday', { as: await anAdmin() })).status).toBe(400)
  })

  it('pages to its end without gaps or repeats', async () => {
    const { tasker } = await aBooking({ state: 'completed' })
    const admin = anAdmin()
    const all = await list(`actorUserId=${tasker.userId}&limit=100`, admin)
    const paged = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page = await list(
        `actorUserId=${tasker.userId}&limit=3${cursor ? `&cursor=${cursor}` : ''}`,
        admin,
      )
      paged.push(...page.data)
      cursor = page.nextCursor
    }
    expect(paged).toEqual(all.data)
  })
})
