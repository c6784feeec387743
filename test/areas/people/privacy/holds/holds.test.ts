import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { newId } from '../../../../../src/core/ids.ts'
import { api, type Caller, database, signedIn } from '../../../../support/api.ts'
import { anAdmin, anOps, ok, withKey } from '../../../../support/story.ts'

const reason = 'Police file 4711/2026.'
const place = (as: Caller, userId: string, headers = {}) =>
  api('/v1/legal-holds', { as, body: { userId, reason }, headers })
const release = (as: Caller, id: string, headers = {}) =>
  api(`/v1/legal-holds/${id}/release`, { as, body: { reason: 'Closed.' }, headers })
const list = async (as: Caller, query = '') => (await ok(api(`/v1/legal-holds${query}`, { as }))).body.data

async function isHeld({ userId }: Pick<Caller, 'userId'>): Promise<boolean | undefined> {
  const [row] = await database().read<{ held: boolean }>(
    sql`select legal_hold as held from users where id = ${userId}`,
  )
  return row?.held
}

describe('a legal hold', () => {
  it('is active until it is released, and shows who placed and released it and why', async () => {
    const [admin, other, person] = [await anAdmin(), await anAdmin(), await signedIn()]
    const placed = await place(admin, person.userId)
    const hold = {
      id: expect.any(String),
      userId: person.userId,
      reason,
      placedBy: admin.userId,
      placedAt: expect.any(String),
      releasedBy: null,
      releasedAt: null,
      releaseReason: null,
      version: 1,
      allowedActions: [{ action: 'release', allowed: true }],
    }
    expect([placed.status, placed.body]).toEqual([201, hold])
    expect(await isHeld(person)).toBe(true)
    const ops = await anOps()
    const seen = await ok(api(`/v1/legal-holds/${placed.body.id}`, { as: ops }))
    const readOnly = [{ action: 'release', allowed: false, reason: 'wrong_party' }]
    expect([seen.body, seen.headers.get('etag')]).toEqual([
      { ...placed.body, allowedActions: readOnly },
      placed.headers.get('etag'),
    ])
    const released = await ok(release(other, placed.body.id))
    expect(released.body).toEqual({
      ...placed.body,
      releasedBy: other.userId,
      releasedAt: expect.any(String),
      releaseReason: 'Closed.',
      version: 2,
      allowedActions: [{ action: 'release', allowed: false, reason: 'wrong_state' }],
    })
    expect(await isHeld(person)).toBe(false)
    expect((await release(admin, placed.body.id)).body.code).toBe('hold_released')
  })

  it('protects the person while any of several holds is active', async () => {
    const [admin, person] = [await anAdmin(), await signedIn()]
    const [first, second] = [await ok(place(admin, person.userId)), await ok(place(admin, person.userId))]
    await ok(release(admin, first.body.id))
    expect(await isHeld(person)).toBe(true)
    const query = `?userId=${person.userId}`
    expect(await list(admin, query)).toMatchObject([{ id: second.body.id }, { id: first.body.id }])
    expect(await list(admin, `${query}&active=true`)).toMatchObject([{ id: second.body.id }])
    expect(await list(admin, `${query}&active=false`)).toMatchObject([{ id: first.body.id }])
    await ok(release(admin, second.body.id))
    expect(await isHeld(person)).toBe(false)
  })

  it('is placed and released once, however often the call is repeated', async () => {
    const [admin, person, keys] = [await anAdmin(), await signedIn(), [withKey(), withKey()]]
    const first = await ok(place(admin, person.userId, keys[0]))
    expect((await place(admin, person.userId, keys[0])).body).toEqual(first.body)
    expect(await list(admin, `?userId=${person.userId}`)).toHaveLength(1)
    const released = await ok(release(admin, first.body.id, keys[1]))
    expect((await release(admin, first.body.id, keys[1])).body).toEqual(released.body)
  })

  it('is managed with `privacy.manage` and a fresh second factor; ops can read it', async () => {
    const [ops, person] = [await anOps(), await signedIn()]
    const { id } = (await ok(place(await anAdmin(), person.userId))).body
    expect((await place(ops, person.userId)).body.code).toBe('permission_missing')
    expect((await release(ops, id)).body.code).toBe('permission_missing')
    expect((await api('/v1/legal-holds', { as: person })).body.code).toBe('forbidden')
  })

  it('is refused for unknown and erased users and for oneself', async () => {
    const [admin, erased] = [await anAdmin(), await signedIn()]
    expect((await place(admin, newId())).body.code).toBe('not_found')
    await database().write([
      sql`update users set erased_at = now(), status = 'closed' where id = ${erased.userId}`,
    ])
    expect((await place(admin, erased.userId)).body.code).toBe('already_erased')
    expect((await place(admin, admin.userId)).body.code).toBe('own_hold')
    expect(await isHeld(admin)).toBe(false)
  })

  it('is not revealed to its user by any response or event', async () => {
    const person = await signedIn()
    const look = async () => {
      const { headers, body } = await ok(api('/v1/me', { as: person }))
      return [body, headers.get('etag')]
    }
    const before = await look()
    const { id } = (await ok(place(await anAdmin(), person.userId))).body
    expect(await look()).toEqual(before)
    await ok(release(await anAdmin(), id))
    expect(await look()).toEqual(before)
    const events = await database().read(sql`
      select o.type from outbox o left join outbox_recipients r on r.event_id = o.id
       where o.object_id in (${id}, ${person.userId}) or r.user_id = ${person.userId} or o.data::text like ${`%${id}%`}`)
    expect(events).toEqual([])
  })

  it('is neither visible to nor releasable by staff whom it concerns', async () => {
    const [admin, held] = [await anAdmin(), await anAdmin()]
    const { id } = (await ok(place(admin, held.userId))).body
    expect(await list(held, `?userId=${held.userId}`)).toEqual([])
    expect((await api(`/v1/legal-holds/${id}`, { as: held })).status).toBe(404)
    expect((await release(held, id)).status).toBe(404)
    expect(await isHeld(held)).toBe(true)
  })

  it('is recorded in the audit log', async () => {
    const [admin, person] = [await anAdmin(), await signedIn()]
    const { id } = (await ok(place(admin, person.userId))).body
    await ok(release(admin, id))
    const rows = await database().read(sql`
      select action, actor_user_id as actor, subject_user_id as subject from audit_log where target_id = ${id} order by id`)
    const by = { actor: admin.userId, subject: person.userId }
    expect(rows).toEqual([
      { action: 'legal_holds.insert', ...by },
      { action: 'legal_holds.update', ...by },
    ])
  })
})
