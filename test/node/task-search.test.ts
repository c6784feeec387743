import { afterAll, beforeAll, expect, it } from 'vitest'
import { newId } from '../../src/core/ids.ts'
import { asOwner, openWorld } from '../support/integrity-world.ts'
import { describeReal } from '../support/real-postgres.ts'

const dayMs = 86_400_000

interface Written {
  id: string
  words: string[]
  city: string
  state: string
  isDeleted: boolean
}

describeReal('the newest matches of a search', () => {
  let world: Awaited<ReturnType<typeof openWorld>>
  let written: Written[]

  beforeAll(async () => {
    world = await openWorld()
    // Common words at every age, rare ones among the newest and the oldest, and one that nobody writes now.
    written = Array.from({ length: 3_000 }, (_, n) => {
      const age = n < 1_000 ? n * 3_600_000 : (n - 1_000) * dayMs * 0.8
      const words = ['everywhere']
      if (n % 7 === 0) words.push('frequent')
      if (n % 601 === 3) words.push('rare')
      if (n > 2_900) words.push('ancient')
      if (n < 2) words.push('recent')
      return {
        id: newId(Date.now() - age),
        words,
        city: n % 3 === 0 ? 'Lagos' : 'Cairo',
        state: n % 2 === 0 ? 'draft' : 'expired',
        isDeleted: n % 11 === 0,
      }
    })
    await asOwner(world.connection, () =>
      world.connection.query(
        `insert into tasks (id, client_id, category, description, address, city, lat, lng, starts_at, state, deleted_at, search_vector)
         select w.id, $2, case w.city when 'Lagos' then 'painting' else 'plumbing' end, 'Bench', 'Tahrir 1', w.city, 30, 31, now(),
                w.state::task_state, case when w."isDeleted" then now() end, khidma.text_vector(array_to_string(w.words, ' '), 'B')
           from jsonb_to_recordset($1) w (id uuid, words text[], city text, state text, "isDeleted" boolean)`,
        [JSON.stringify(written), world.client.id],
      ),
    )
    await world.connection.query('analyze tasks')
  })
  afterAll(() => world.close())

  const found = async (q: string, limit: number, state?: string, category?: string, city?: string) => {
    const { rows } = await world.connection.query(
      'select id, rank from khidma.newest_matches($1, $2, $3, $4, $5)',
      [q, limit, state, category, city],
    )
    for (const { rank } of rows) expect(rank).toBeGreaterThan(0)
    return rows.map(({ id }) => id).sort()
  }
  const expected = (word: string, limit: number, holds: (task: Written) => boolean = () => true) =>
    written
      .filter((task) => task.words.includes(word) && !task.isDeleted && holds(task))
      .map(({ id }) => id)
      .sort()
      .reverse()
      .slice(0, limit)
      .sort()

  it.each(['everywhere', 'frequent', 'rare', 'ancient', 'recent', 'nowhere'])(
    'are exactly those of the newest tasks with the word "%s", however old they are',
    async (word) => {
      for (const limit of [1, 20, 100, 500, 5_000])
        expect([limit, await found(word, limit)]).toEqual([limit, expected(word, limit)])
    },
  )

  it('are those that the filters let through', async () => {
    for (const limit of [10, 500]) {
      expect(await found('frequent', limit, 'draft')).toEqual(
        expected('frequent', limit, ({ state }) => state === 'draft'),
      )
      expect(await found('frequent', limit, undefined, 'painting', 'lagos')).toEqual(
        expected('frequent', limit, ({ city }) => city === 'Lagos'),
      )
    }
  })

  it('are none of a search without words', async () => {
    expect(await found('"" -', 500)).toEqual([])
  })
})
