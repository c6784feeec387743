import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { api, type Caller, database, signedIn } from '../../../support/api.ts'
import { tahrir } from '../../../support/places.ts'
import { aClient, anAdmin, anOps, ok, waived } from '../../../support/story.ts'
import { anApplicant, aReadyTasker, aTrade, codeOf, readAll, type Trade } from '../../../support/work.ts'

const profilePath = '/v1/me/tasker-profile'
let trade: Trade
let other: Trade

beforeAll(async () => {
  trade = await aTrade()
  other = await aTrade()
})

const application = (fields: object = {}) => ({
  bio: 'Plumber since 2008.',
  categories: [trade.slug],
  skills: ['pipe fitting', 'leak detection'],
  serviceArea: { ...tahrir, radiusKm: 10 },
  hourlyRate: { amount: 25_000, currency: 'EGP' },
  ...fields,
})

describe('an applicant', () => {
  it('gets a profile and the role, and keeps a valid token', async () => {
    const user = await aClient()
    const { status, body, headers } = await api(profilePath, { as: user, body: application() })
    expect(status).toBe(201)
    expect(body).toMatchObject({
      id: user.userId,
      status: 'applied',
      bio: 'Plumber since 2008.',
      categories: [trade.slug],
      skills: ['leak detection', 'pipe fitting'],
      serviceArea: { ...tahrir, radiusKm: 10 },
      hourlyRate: { amount: 25_000, currency: 'EGP' },
      ratingAvg: null,
      ratingCount: 0,
      version: 1,
    })
    expect(body.allowedActions).toContainEqual({ action: 'offboard', allowed: true })
    expect(body.allowedActions).toContainEqual({ action: 'verify', allowed: false, reason: 'wrong_party' })
    expect(headers.get('etag')).toBe('"v1.en"')
    expect((await ok(api(profilePath, { as: user }))).body).toEqual(body)
    const [{ role } = { role: null }] = await database().read<{ role: string | null }>(
      sql`select role from users where id = ${user.userId}`,
    )
    expect(role).toBe('tasker')
  })

  it('applies once, and a refused application leaves nothing behind', async () => {
    const user = await aClient()
    const refused = [
      [{ categories: [`none-${newId()}`] }, '422 unknown_category'],
      [{ categories: [] }, '400 invalid_request'],
      [{ categories: [trade.slug, trade.slug] }, '400 invalid_request'],
      [{ serviceArea: { lat: 91, lng: 0, radiusKm: 5 } }, '400 invalid_request'],
      [{ serviceArea: { ...tahrir, radiusKm: 201 } }, '400 invalid_request'],
      [{ hourlyRate: { amount: 1.5, currency: 'EGP' } }, '400 invalid_request'],
      [{ hourlyRate: { amount: 100 } }, '400 invalid_request'],
      [{ status: 'active' }, '400 invalid_request'],
    ] as const
    for (const [fields, code] of refused) {
      expect(await codeOf(api(profilePath, { as: user, body: application(fields) }))).toBe(code)
    }
    expect(await codeOf(api(profilePath, { as: user }))).toBe('403 not_a_tasker')
    await ok(api(profilePath, { as: user, body: application() }))
    expect(await codeOf(api(profilePath, { as: user, body: application() }))).toBe('409 already_exists')
  })

  it('cannot be a member of staff', async () => {
    const answer = api(profilePath, { as: await anAdmin(), body: application() })
    expect(await codeOf(answer)).toBe('403 forbidden')
  })

  it('cannot choose an inactive category', async () => {
    const hidden = await aTrade()
    await ok(
      api(`/v1/categories/${hidden.id}`, {
        as: await anAdmin(),
        method: 'PATCH',
        body: { active: false },
        headers: { 'if-match': '*' },
      }),
    )
    const answer = api(profilePath, { as: await aClient(), body: application({ categories: [hidden.slug] }) })
    expect(await codeOf(answer)).toBe('422 unknown_category')
  })
})

describe('a profile', () => {
  const patch = (as: Caller, body: object, headers = {}) =>
    api(profilePath, { as, method: 'PATCH', body, headers })

  it('changes the fields that are sent, and no others', async () => {
    const user = await aClient()
    let { body: before } = await api(profilePath, { as: user, body: application() })
    const changes = [
      { bio: 'New.' },
      { bio: null },
      { categories: [trade.slug, other.slug].sort() },
      { skills: [] },
      { skills: ['mixer taps'] },
      { serviceArea: { lat: 29.9, lng: 31.3, radiusKm: 4 } },
      { hourlyRate: null },
      { hourlyRate: { amount: 10_000, currency: 'USD' } },
    ]
    for (const change of changes) {
      const { body: after } = await ok(patch(user, change))
      expect(after).toEqual({
        ...before,
        ...change,
        version: before.version + 1,
        updatedAt: after.updatedAt,
      })
      expect((await ok(api(profilePath, { as: user }))).body).toEqual(after)
      before = after
    }
    expect((await ok(patch(user, {}))).body).toEqual(before)
  })

  it('is changed under its current version only', async () => {
    const user = await anApplicant(trade)
    const { headers } = await api(profilePath, { as: user })
    const ifMatch = { 'if-match': headers.get('etag') as string }
    await ok(patch(user, { skills: ['first'] }, ifMatch))
    expect(await codeOf(patch(user, { skills: ['second'] }, ifMatch))).toBe('412 precondition_failed')
    expect((await api(profilePath, { as: user })).body.skills).toEqual(['first'])
  })

  it('requires a tasker in the database, whatever the token claims', async () => {
    for (const user of [await aClient(), await signedIn('tasker')]) {
      expect(await codeOf(api(profilePath, { as: user }))).toBe('403 not_a_tasker')
      expect(await codeOf(patch(user, { bio: 'Hm.' }))).toBe('403 not_a_tasker')
    }
  })
})

describe('ops', () => {
  const move = async (taskerId: string, step: string, as?: Caller, body?: object) =>
    api(`/v1/taskers/${taskerId}/${step}`, {
      as: as ?? (await anOps()),
      method: 'POST',
      ...(body && { body }),
    })
  const reason = 'Two no-shows.'

  it('moves a tasker through the states, with reasons in the audit log', async () => {
    const { userId } = await anApplicant(trade)
    expect(await codeOf(move(userId, 'activate'))).toBe('409 invalid_transition')
    await database().write(waived(userId))
    const path = ['verify', 'activate', 'flag', 'clear', 'flag', 'suspend', 'activate', 'offboard']
    const statuses = []
    for (const step of path) {
      const needsReason = ['flag', 'suspend', 'offboard'].includes(step)
      statuses.push(
        (await ok(move(userId, step, undefined, needsReason ? { reason: `${reason} ${step}` } : undefined)))
          .body.status,
      )
    }
    expect(statuses).toEqual([
      'verified',
      'active',
      'at_risk',
      'active',
      'at_risk',
      'suspended',
      'active',
      'offboarded',
    ])
    expect(await codeOf(move(userId, 'verify'))).toBe('409 invalid_transition')
    const rows = await database().read<{ reason: string }>(
      sql`select meta ->> 'reason' as reason from audit_log where target_id = ${userId} and meta ? 'reason' order by id`,
    )
    expect(rows.map((row) => row.reason)).toEqual(
      ['flag', 'flag', 'suspend', 'offboard'].map((step) => `${reason} ${step}`),
    )
  })

  it('does not clear a flag by activating, nor lift a suspension by clearing', async () => {
    const { userId } = await aReadyTasker(trade)
    await ok(move(userId, 'flag', undefined, { reason }))
    expect(await codeOf(move(userId, 'activate'))).toBe('409 invalid_transition')
    await ok(move(userId, 'suspend', undefined, { reason }))
    expect(await codeOf(move(userId, 'clear'))).toBe('409 invalid_transition')
  })

  it('must give a reason to flag, suspend and offboard', async () => {
    const { userId } = await aReadyTasker(trade)
    for (const step of ['flag', 'suspend', 'offboard']) {
      expect(await codeOf(move(userId, step, undefined, {}))).toBe('400 invalid_request')
      expect(await codeOf(move(userId, step, undefined, { reason: '  ' }))).toBe('400 invalid_request')
    }
  })

  it('is required for all of this; a tasker can only leave', async () => {
    const tasker = await aReadyTasker(trade)
    expect(await codeOf(move(tasker.userId, 'suspend', tasker, { reason }))).toBe('403 forbidden')
    expect(await codeOf(move(tasker.userId, 'offboard', await aClient(), { reason }))).toBe('404 not_found')
    expect(await codeOf(move(newId(), 'verify'))).toBe('404 not_found')
    expect((await ok(move(tasker.userId, 'offboard', tasker, { reason }))).body.status).toBe('offboarded')
  })

  it('lists applicants, page by page', async () => {
    const applicants = []
    for (let n = 0; n < 3; n += 1) applicants.push((await anApplicant(trade)).userId)
    const found = await readAll('/v1/tasker-profiles?status=applied&limit=2', await anOps())
    expect(found.every(({ status }) => status === 'applied')).toBe(true)
    const ids = found.map(({ id }) => id)
    expect(ids).toEqual(expect.arrayContaining(applicants))
    expect(new Set(ids).size).toBe(ids.length)
    expect(await codeOf(api('/v1/tasker-profiles', { as: await aClient() }))).toBe('403 forbidden')
  })
})
