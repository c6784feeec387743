import type pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createEntry, type NewEntry, revertEntry } from '../../src/areas/platform/configuration/entries.ts'
import { newId } from '../../src/core/ids.ts'
import { connect } from '../support/integrity-world.ts'
import { type NodeContexts, openContexts } from '../support/node-context.ts'
import { aPhone } from '../support/numbers.ts'
import { count, outcomeOf, times } from '../support/races.ts'
import { describeReal, freshDatabase } from '../support/real-postgres.ts'

describeReal('configuration, from many connections at once', () => {
  let contexts: NodeContexts
  let one: pg.Client
  const admin = { id: newId(), role: 'admin' }
  const asAdmin = () => contexts.contextOf(admin)

  beforeAll(async () => {
    const { ownerUrl } = await freshDatabase()
    contexts = await openContexts(ownerUrl, 16)
    one = await connect(ownerUrl)
    await one.query('insert into users (id, phone, role) values ($1, $2, $3)', [admin.id, aPhone(), 'admin'])
  })
  afterAll(async () => {
    await one.end()
    await contexts.close()
  })

  const entryOf = (city: string, fields: Partial<NewEntry> = {}): NewEntry => ({
    key: 'matching.waves',
    scope: { country: null, city, category: null },
    value: 2,
    validFrom: null,
    validUntil: null,
    ...fields,
  })
  const activeOf = async (city: string): Promise<number> => {
    const text = 'select count(*)::int as n from config_entries where city = $1 and valid_during @> now()'
    return (await one.query(text, [city])).rows[0].n
  }

  it('leaves one active entry of ten for a scope, in a chain without gaps', async () => {
    const city = newId()
    await times(10, (n) => createEntry(asAdmin(), entryOf(city, { value: n + 1 }), 'Race'))
    expect(await activeOf(city)).toBe(1)
    const { rows } = await one.query(
      `select count(*)::int as n from config_entries e join config_entries p on p.id = e.replaces
        where e.city = $1 and upper(p.valid_during) = lower(e.valid_during)`,
      [city],
    )
    expect(rows[0].n).toBe(9)
  })

  it('schedules one of ten entries for the same time', async () => {
    const [city, validFrom] = [newId(), new Date(Date.now() + 3_600_000).toISOString()]
    const outcomes = await times(10, () =>
      outcomeOf(createEntry(asAdmin(), entryOf(city, { validFrom }), 'Race')),
    )
    expect(count(outcomes)).toEqual({ ok: 1, config_entry_overlaps: 9 })
  })

  it('reverts an entry once', async () => {
    const city = newId()
    await createEntry(asAdmin(), entryOf(city, { value: 4 }), 'Race')
    const { id } = await createEntry(asAdmin(), entryOf(city), 'Race')
    const outcomes = await times(10, () => outcomeOf(revertEntry(asAdmin(), id, 'Race', null)))
    expect(count(outcomes)).toEqual({ ok: 1, config_entry_ended: 9 })
    expect(await activeOf(city)).toBe(1)
  })

  it.each([
    ['value', `update config_entries set value = '9' where city = $1`],
    [
      'beginning',
      `update config_entries set valid_during = tstzrange(now() - interval '1 day', null) where city = $1`,
    ],
    ['row', 'delete from config_entries where city = $1'],
  ])('refuses, in Postgres, to rewrite the %s of an entry that has begun', async (_what, text) => {
    const city = newId()
    await createEntry(asAdmin(), entryOf(city), 'Race')
    await expect(one.query(text, [city])).rejects.toMatchObject({ code: '23001' })
  })

  it('refuses, in Postgres, to give an entry that has ended another end', async () => {
    const city = newId()
    await createEntry(asAdmin(), entryOf(city), 'Race')
    const end = (at: string) =>
      one.query(
        `update config_entries set valid_during = tstzrange(lower(valid_during), ${at}) where city = $1`,
        [city],
      )
    await end('now()')
    await expect(end("now() + interval '1 hour'")).rejects.toMatchObject({ code: '23001' })
    await expect(end('null')).rejects.toMatchObject({ code: '23001' })
  })
})
