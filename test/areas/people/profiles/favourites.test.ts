import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { api, type Caller, database, signedIn } from '../../../support/api.ts'
import { aTasker, ok } from '../../../support/story.ts'
import { codeOf } from '../../../support/work.ts'

const list = '/v1/me/favourites'
const add = (as: Caller, { userId }: Pick<Caller, 'userId'>) =>
  api(`${list}/${userId}`, { as, method: 'PUT' })
const remove = (as: Caller, { userId }: Caller) => api(`${list}/${userId}`, { as, method: 'DELETE' })
const idsOf = async (as: Caller): Promise<string[]> =>
  (await ok(api(list, { as }))).body.data.map(({ taskerId }: { taskerId: string }) => taskerId)

describe('favourites', () => {
  it('are added and removed, listed newest first, each once', async () => {
    const [as, first, second] = [await signedIn(), await aTasker(), await aTasker()]
    const { body } = await ok(add(as, first))
    expect(body).toEqual({
      id: expect.any(String),
      taskerId: first.userId,
      name: 'Test tasker',
      categories: ['plumbing'],
      ratingAvg: null,
      ratingCount: 0,
      bookable: true,
      createdAt: expect.any(String),
    })
    await ok(add(as, second))
    expect((await ok(add(as, first))).body).toEqual(body)
    expect(await idsOf(as)).toEqual([second.userId, first.userId])
    await ok(remove(as, second))
    expect(await codeOf(remove(as, second))).toBe('404 not_found')
    expect(await idsOf(as)).toEqual([first.userId])
    expect(await idsOf(await signedIn())).toEqual([])
  })

  it('must be bookable when added, and stay afterwards', async () => {
    const [as, tasker, other] = [await signedIn(), await aTasker(), await signedIn()]
    expect(await codeOf(add(as, other))).toBe('404 not_found')
    expect(await codeOf(add(as, { userId: newId() }))).toBe('404 not_found')
    expect(await codeOf(add(tasker, tasker))).toBe('403 forbidden')
    await ok(add(as, tasker))
    await database().write([sql`update users set status = 'suspended' where id = ${tasker.userId}`])
    expect((await ok(add(as, tasker))).body.bookable).toBe(false)
    expect(await codeOf(add(other, tasker))).toBe('404 not_found')
  })
})
