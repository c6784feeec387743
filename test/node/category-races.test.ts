import type pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  createCategory,
  deleteCategory,
  restoreCategory,
  updateCategory,
} from '../../src/areas/supply/catalog/categories.ts'
import { newId } from '../../src/core/ids.ts'
import { connect } from '../support/integrity-world.ts'
import { type NodeContexts, openContexts } from '../support/node-context.ts'
import { aPhone } from '../support/numbers.ts'
import { count, inTurn, messageOf, outcomeOf, times } from '../support/races.ts'
import { describeReal, freshDatabase } from '../support/real-postgres.ts'

describeReal('the tree of categories, from many connections at once', () => {
  let contexts: NodeContexts
  let one: pg.Client
  let other: pg.Client
  let watcher: pg.Client
  const admin = { id: newId(), role: 'admin' }
  const asAdmin = () => contexts.contextOf(admin)
  const names = { en: 'Race', ar: 'سباق' }

  beforeAll(async () => {
    const { ownerUrl } = await freshDatabase()
    contexts = await openContexts(ownerUrl, 8)
    ;[one, other, watcher] = [await connect(ownerUrl), await connect(ownerUrl), await connect(ownerUrl)]
    await one.query('insert into users (id, phone, role) values ($1, $2, $3)', [admin.id, aPhone(), 'admin'])
  })
  afterAll(async () => {
    await Promise.all([one.end(), other.end(), watcher.end()])
    await contexts.close()
  })

  const aCategory = async (parentId: string | null = null): Promise<string> =>
    (await createCategory(asAdmin(), { slug: `race-${newId()}`, names, parentId })).id
  const parentOf = async (id: string): Promise<string | null> =>
    (await one.query('select parent_id as parent from task_categories where id = $1', [id])).rows[0].parent
  const put = (id: string, parentId: string) => updateCategory(asAdmin(), id, { parentId }, null)

  it('two that are put below each other at once: one is refused', async () => {
    for (let round = 0; round < 10; round += 1) {
      const [first, second] = [await aCategory(), await aCategory()]
      const outcomes = await Promise.all([outcomeOf(put(first, second)), outcomeOf(put(second, first))])
      expect(count(outcomes)).toEqual({ ok: 1, category_cycle: 1 })
      expect(
        [await parentOf(first), await parentOf(second)].filter((parent) => parent !== null),
      ).toHaveLength(1)
    }
  })

  it('a ring of six leaves no ring', async () => {
    const ring = await times(6, () => aCategory())
    const outcomes = await times(6, (n) => outcomeOf(put(ring[n] as string, ring[(n + 1) % 6] as string)))
    expect(count(outcomes)).toEqual({ ok: 5, category_cycle: 1 })
  })

  it('the table itself refuses it, where two transactions set parents by hand', async () => {
    const [first, second] = [await aCategory(), await aCategory()]
    const text = 'update task_categories set parent_id = $2 where id = $1'
    const refused = await inTurn(one, watcher, {
      first: () => one.query(text, [first, second]),
      second: () => messageOf(other.query(text, [second, first])),
    })
    expect(refused).toMatch(/category_cycle/)
    expect([await parentOf(first), await parentOf(second)]).toEqual([second, null])
  })

  it('nothing is put below a category that is deleted meanwhile', async () => {
    for (let round = 0; round < 8; round += 1) {
      const [parent, child] = [await aCategory(), await aCategory()]
      const ways = [
        () => outcomeOf(deleteCategory(asAdmin(), parent, null)),
        () => outcomeOf(put(child, parent)),
        () => outcomeOf(createCategory(asAdmin(), { slug: `race-${newId()}`, names, parentId: parent })),
      ]
      const turned = [...ways.slice(round % 3), ...ways.slice(0, round % 3)]
      for (const outcome of await Promise.all(turned.map((way) => way())))
        expect(['ok', 'unknown_category', 'not_found']).toContain(outcome)
      const { rows } = await one.query(
        'select count(*)::int as n from task_categories where parent_id = $1 and deleted_at is null',
        [parent],
      )
      expect(rows).toEqual([{ n: 0 }])
    }
  })

  it('a branch that is restored beside the deletion of its parent is below no deleted one', async () => {
    for (let round = 0; round < 8; round += 1) {
      const parent = await aCategory()
      const child = await aCategory(parent)
      await deleteCategory(asAdmin(), child, null)
      const ways = [
        () => outcomeOf(deleteCategory(asAdmin(), parent, null)),
        () => outcomeOf(restoreCategory(asAdmin(), child)),
      ]
      await Promise.all((round % 2 === 0 ? ways : ways.toReversed()).map((way) => way()))
      const { rows } = await one.query(
        'select count(*)::int as n from task_categories where id = $1 and deleted_at is null',
        [child],
      )
      expect(rows).toEqual([{ n: 0 }])
    }
  })
})
