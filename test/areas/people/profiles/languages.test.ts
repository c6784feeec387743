import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { api, type Caller, database, signedIn } from '../../../support/api.ts'
import { ok } from '../../../support/story.ts'
import { codeOf, readAll } from '../../../support/work.ts'
import { aLanguageCode } from '../../../support/world/supply.ts'

let admin: Caller
beforeAll(async () => {
  admin = await signedIn('admin')
})

const create = (code: string, fields: object = {}, as = admin) =>
  api('/v1/languages', { as, body: { code, name: 'Test', nativeName: 'تجربة', sortOrder: 900, ...fields } })
const patch = (code: string, body: object, tag = '*') =>
  api(`/v1/languages/${code}`, { as: admin, method: 'PATCH', body, headers: { 'if-match': tag } })
const get = async (code: string) => (await ok(api(`/v1/languages/${code}`))).body
const codesOf = async (query = ''): Promise<string[]> =>
  (await readAll(`/v1/languages?limit=100${query}`)).map(({ code }) => code)
const defaults = async (): Promise<string[]> =>
  (await database().read<{ code: string }>(sql`select code from languages where is_default`)).map(
    ({ code }) => code,
  )

describe('a language', () => {
  it('is added once, and can be spoken as long as it is active', async () => {
    const code = aLanguageCode()
    expect((await ok(create(code))).body).toMatchObject({
      code,
      isActive: true,
      isDefault: false,
      version: 1,
    })
    expect(await codeOf(create(code))).toBe('409 already_exists')
    const user = await signedIn('client')
    const speak = () =>
      api('/v1/me/languages', {
        as: user,
        method: 'PUT',
        body: { languages: [{ code, proficiency: 'basic' }] },
      })
    await ok(speak())
    const { body: off } = await ok(patch(code, { isActive: false, name: 'Off' }, '"v1.en"'))
    expect(off).toMatchObject({ name: 'Off', nativeName: 'تجربة', isActive: false, version: 2 })
    expect(await codeOf(speak())).toBe('422 unknown_language')
    expect((await api('/v1/me/languages', { as: user })).body.data).toMatchObject([{ code }])
    expect([(await codesOf()).includes(code), (await codesOf('&active=false')).includes(code)]).toEqual([
      false,
      true,
    ])
    expect((await patch(code, { isActive: true }, '"v1.en"')).status).toBe(412)
  })

  it('becomes the default in place of the one that was, and is active then', async () => {
    const [before] = await defaults()
    const code = aLanguageCode()
    try {
      expect(await codeOf(create(code, { isDefault: true, isActive: false }))).toBe(
        '409 language_default_inactive',
      )
      await ok(create(code, { isDefault: true }))
      expect(await defaults()).toEqual([code])
      expect(await codeOf(patch(code, { isActive: false }))).toBe('409 language_default_inactive')
      expect(await codeOf(patch(code, { isDefault: false }))).toBe('400 invalid_request')
      expect((await patch(aLanguageCode(), { isDefault: true })).status).toBe(404)
      expect(await defaults()).toEqual([code])
    } finally {
      await ok(patch(before ?? '', { isDefault: true }))
    }
    expect([await defaults(), (await get(code)).isDefault]).toEqual([[before], false])
  })

  it('is written with `catalog.manage`, and each change is recorded', async () => {
    const code = aLanguageCode()
    expect(await codeOf(create(code, {}, await signedIn('ops')))).toBe('403 permission_missing')
    await ok(create(code))
    const rows = await database().read<{ code: string }>(
      sql`select meta -> 'changes' -> 'code' ->> 1 as code from audit_log
           where action = 'languages.insert' and actor_user_id = ${admin.userId}`,
    )
    expect(rows.map((row) => row.code)).toContain(code)
  })
})

it('the list of languages has those of the platform first, and one default', async () => {
  const { data } = (await ok(api('/v1/languages?limit=100'))).body
  const codes = data.slice(0, 5).map(({ code }: { code: string }) => code)
  expect(codes).toEqual(['ar', 'en', 'ru', 'ky', 'hi'])
  expect(data[0]).toMatchObject({ code: 'ar', name: 'Arabic', nativeName: 'العربية', isActive: true })
  expect(await defaults()).toHaveLength(1)
})

it('the list of languages is cacheable, and is not sent again until it has changed', async () => {
  const read = (tag?: string) =>
    api('/v1/languages?limit=100', { headers: tag ? { 'if-none-match': tag } : {} })
  const { headers } = await read()
  expect(headers.get('cache-control')).toBe('public, max-age=300')
  expect(headers.get('vary')).toContain('Accept-Language')
  expect((await read(headers.get('etag') ?? '')).status).toBe(304)
  await ok(create(aLanguageCode(), { sortOrder: 6 }))
  expect((await read(headers.get('etag') ?? '')).status).toBe(200)
})
