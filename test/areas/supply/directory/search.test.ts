import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { api, database } from '../../../support/api.ts'
import { aListedProfile, approveVersion, pathOf, photographerFields } from '../../../support/role-profiles.ts'
import { anOps, aTasker, ok } from '../../../support/story.ts'
import { codeOf } from '../../../support/work.ts'

const found = async (query: Record<string, string>): Promise<string[]> => {
  const { body } = await ok(api(`/v1/directory/profiles?${new URLSearchParams({ limit: '100', ...query })}`))
  return body.data.map(({ id }: { id: string }) => id)
}

/** A word that only one test's profiles have. */
const aWord = () => `z${crypto.randomUUID().replaceAll('-', '').replace(/\d/g, 'q')}`

const attributes = (specialty: string, amount = 250_000) => ({
  profession: 'photographer',
  specialties: [specialty],
  studioAvailable: true,
  startingPrice: { amount, currency: 'EGP' },
})

describe('the directory', () => {
  it('finds listed profiles by profession, attributes, words, language, price and place', async () => {
    const word = aWord()
    const areas = [
      { lat: -45.03, lng: 168.66, radiusKm: 5 },
      { city: 'Queenstown', district: word },
    ]
    const { id } = await aListedProfile({ attributes: attributes(word), areas, languages: ['hi'] })
    const photographer = { profession: 'photographer' }
    const near = { lat: '-45.03', lng: '168.67' }
    for (const query of [
      { q: word },
      { ...photographer, attributes: `specialties:${word.toUpperCase()},studioAvailable:true` },
      { q: word, language: 'hi' },
      { q: word, currency: 'EGP', minPriceAmount: '250000', maxPriceAmount: '250000' },
      { city: 'queenstown', district: word.toUpperCase() },
      { ...near },
      { ...near, ...photographer, sort: 'rating' },
      { ...near, currency: 'EGP', sort: 'price' },
      { q: word, minExperienceYears: '12' },
    ])
      expect(await found(query), JSON.stringify(query)).toContain(id)
    for (const query of [
      { q: word, language: 'ky' },
      { q: word, profession: 'tutor' },
      { q: word, currency: 'EGP', maxPriceAmount: '249999' },
      { lat: '-45.03', lng: '168.80' },
      { ...photographer, attributes: `specialties:${word},outdoorShoots:true` },
      { q: word, minExperienceYears: '13' },
    ])
      expect(await found(query), JSON.stringify(query)).not.toContain(id)
  })

  it('refuses attributes without their profession, and half a place', async () => {
    for (const query of [
      'attributes=specialties:x',
      'profession=tutor&attributes=specialties:x',
      'lat=30',
      'sort=price',
    ])
      expect(await codeOf(api(`/v1/directory/profiles?${query}`))).toBe('400 invalid_request')
  })

  it('shows each of many on one page, in every order', async () => {
    const word = aWord()
    const ids: string[] = []
    for (const amount of [300, 100, 200])
      ids.push((await aListedProfile({ attributes: attributes(word, amount) })).id)
    for (const sort of ['rating', 'price']) {
      const seen: string[] = []
      let cursor = ''
      do {
        const query = new URLSearchParams({
          q: word,
          sort,
          currency: 'EGP',
          limit: '2',
          ...(cursor && { cursor }),
        })
        const { body } = await ok(api(`/v1/directory/profiles?${query}`))
        seen.push(...body.data.map((one: { id: string }) => one.id))
        cursor = body.nextCursor ?? ''
      } while (cursor)
      if (sort === 'price') expect(seen).toEqual([ids[1], ids[2], ids[0]])
      else expect([...seen].sort()).toEqual([...ids].sort())
    }
  })

  it('finds and counts near a place what matches, however many nearer ones do not', async () => {
    const { userId } = await aTasker()
    const id = newId()
    await database().write([
      sql`insert into directory_entries (id, tasker_id, categories, tags, attributes, languages, districts, rating_avg, rating_count, search_vector)
          select case when n = 2001 then ${id}::uuid else gen_random_uuid() end, ${userId}, array['crowd'], '{}', '{}',
                 case when n = 2001 then array['ky'] else array['en'] end, '{}', 0, 0, '' from generate_series(1, 2001) n`,
      sql`insert into directory_places (entry_id, place, profession, center, radius_m, rating_avg)
          select e.id, 0, '', st_setsrid(st_makepoint(-140.5 + case when e.id = ${id} then 0.01 else 0 end, -48.9), 4326)::geography, 5000, e.rating_avg
            from directory_entries e where e.tasker_id = ${userId} and e.categories = array['crowd']`,
    ])
    expect(await found({ lat: '-48.9', lng: '-140.5', language: 'ky' })).toEqual([id])
    const counts = async (query: string) =>
      (await ok(api(`/v1/directory/facets?lat=-48.9&lng=-140.5&${query}`))).body
    expect(await counts('language=ky')).toMatchObject({ total: 1, isComplete: true })
    expect(await counts('')).toMatchObject({
      total: 500,
      isComplete: false,
      languages: [{ value: 'en', count: 500 }],
    })
    await database().write([sql`delete from directory_entries where tasker_id = ${userId}`])
  })

  it('shows who works in several circles once, by the nearest that holds the place, in pages where many are equally far', async () => {
    const { userId } = await aTasker()
    // The nearest circle of the second does not hold the place.
    const circles = [
      [0, 5],
      [0, 1],
      [12, 50],
      [12, 50],
      [12, 50],
    ].flatMap(([km = 0, radius = 0], n) => [
      { n, place: 0, km: km + 2, radius },
      { n, place: 1, km: km + 4, radius: 50 },
    ])
    await database().write([
      sql`insert into directory_entries (id, tasker_id, categories, tags, attributes, languages, districts, rating_avg, rating_count, search_vector)
          select gen_random_uuid(), ${userId}, array['circle-' || n], '{}', '{}', '{}', '{}', 0, 0, '' from generate_series(0, 4) n`,
      sql`insert into directory_places (entry_id, place, profession, center, radius_m, rating_avg)
          select e.id, c.place, '', st_setsrid(st_makepoint(-150.5, -48.9 + c.km / 111.2), 4326)::geography, c.radius * 1000, e.rating_avg
            from jsonb_to_recordset(${JSON.stringify(circles)}::jsonb) c (n int, place int, km double precision, radius double precision)
            join directory_entries e on e.tasker_id = ${userId} and e.categories = array['circle-' || c.n]`,
    ])
    const pages: string[][] = []
    let cursor = ''
    do {
      const query = new URLSearchParams({
        lat: '-48.9',
        lng: '-150.5',
        radiusKm: '30',
        limit: '2',
        ...(cursor && { cursor }),
      })
      const { body } = await ok(api(`/v1/directory/profiles?${query}`))
      pages.push(
        body.data.map(
          (one: { categories: string[]; distanceKm: number }) =>
            `${one.categories[0]} ${Math.round(one.distanceKm)}`,
        ),
      )
      cursor = body.nextCursor ?? ''
    } while (cursor)
    expect(pages.map((page) => page.length)).toEqual([2, 2, 1])
    expect(pages.flat().slice(0, 2)).toEqual(['circle-0 2', 'circle-1 4'])
    expect(pages.flat().slice(2).sort()).toEqual(['circle-2 14', 'circle-3 14', 'circle-4 14'])
    await database().write([sql`delete from directory_entries where tasker_id = ${userId}`])
  })

  it('counts matches by value', async () => {
    const word = aWord()
    await aListedProfile({ attributes: attributes(word), languages: ['ar'] })
    await aListedProfile({ attributes: attributes(word, 900), languages: ['ar', 'en'] })
    const { body } = await ok(api(`/v1/directory/facets?q=${word}&currency=EGP`))
    expect(body).toMatchObject({
      total: 2,
      isComplete: true,
      professions: [{ value: 'photographer', count: 2 }],
      languages: [
        { value: 'ar', count: 2 },
        { value: 'en', count: 1 },
      ],
      priceAmounts: { min: 900, max: 250_000 },
    })
    expect(body.attributes).toContainEqual({ value: `specialties:${word}`, count: 2 })
  })

  it('shows the approved version only, with coarse areas', async () => {
    const word = aWord()
    const areas = [{ lat: 30.04449, lng: 31.23571, radiusKm: 5 }]
    const [{ id, tasker }, ops] = [await aListedProfile({ areas }), await anOps()]
    const edited = await ok(api(pathOf(id), { as: tasker, method: 'PATCH', body: { bio: `About ${word}` } }))
    const shown = async () => (await ok(api(`/v1/directory/profiles/${id}`))).body
    expect(await shown()).toMatchObject({ bio: photographerFields.bio, areas: [{ lat: 30.04, lng: 31.24 }] })
    expect(await found({ q: word })).toEqual([])
    await ok(approveVersion(ops, id, edited.body.latestVersion.id))
    expect((await shown()).bio).toBe(`About ${word}`)
    expect(await found({ q: word })).toEqual([id])
  })

  it('lists whoever can be booked, and nobody else', async () => {
    const word = aWord()
    const { id, tasker } = await aListedProfile({ attributes: attributes(word) })
    const ops = await anOps()
    const isListed = async () => (await found({ q: word })).includes(id)
    const steps: [string, () => Promise<unknown>, boolean][] = [
      ['hidden', () => patch({ isPublic: false }), false],
      ['public again', () => patch({ isPublic: true }), true],
      ['suspended tasker', () => move('suspend', { reason: 'x' }), false],
      ['activated tasker', () => move('activate'), true],
      ['flagged tasker', () => move('flag', { reason: 'x' }), true],
    ]
    const patch = (body: object) => ok(api(pathOf(id), { as: tasker, method: 'PATCH', body }))
    const move = (action: string, body?: object) =>
      ok(api(`/v1/taskers/${tasker.userId}/${action}`, { as: ops, method: 'POST', body }))
    expect(await isListed()).toBe(true)
    for (const [name, step, listed] of steps) {
      await step()
      expect(await isListed(), name).toBe(listed)
    }
  })

  it('lists a tasker without profiles by their name, and once only', async () => {
    const tasker = await aTasker()
    const word = aWord()
    await database().write([sql`update users set full_name = ${word} where id = ${tasker.userId}`])
    expect(await found({ q: word })).toEqual([tasker.userId])
  })

  it('filters by a free hour within a week, as slots are listed', async () => {
    const word = aWord()
    const { id, tasker } = await aListedProfile({ attributes: attributes(word) })
    const { rows } = await freeSlots(tasker.userId)
    expect((await found({ q: word, freeNextWeek: 'true' })).includes(id)).toBe(rows > 0)
  })

  it('keeps what was searched for without whoever searched, and no contacts', async () => {
    const word = aWord()
    await found({ q: word, lat: '30', lng: '31' })
    await found({ q: `${word} 01012345678` })
    const rows = await database().read(
      sql`select term, filters, results from directory_searches where term like ${`%${word}%`}`,
    )
    expect(rows).toEqual([
      { term: word, filters: { sort: 'nearest', freeNextWeek: false, near: true }, results: 0 },
    ])
  })
})

async function freeSlots(taskerId: string): Promise<{ rows: number }> {
  const [row] = await database().read<{ rows: number }>(
    sql`select count(*)::int as rows from khidma.list_slots(array[${taskerId}::uuid], tstzrange(now(), now() + interval '7 days'), interval '1 hour', null, false)`,
  )
  return row ?? { rows: 0 }
}
