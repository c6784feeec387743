import { beforeAll, describe, expect, it } from 'vitest'
import { api, type Caller } from '../../../support/api.ts'
import { aClient, anAdmin, ok } from '../../../support/story.ts'
import { aTrade, codeOf, draftOf, type Trade } from '../../../support/work.ts'

let admin: Caller
let client: Caller

beforeAll(async () => {
  admin = await anAdmin()
  client = await aClient()
})

const labels = (en: string) => ({ en, ar: en })
const questions = [
  {
    id: 'floor',
    type: 'number',
    labels: { ...labels('Floor?'), ru: 'Этаж?' },
    required: true,
    min: 0,
    max: 60,
  },
  { id: 'note', type: 'text', labels: labels('Note?'), required: false, min: 3, max: 10 },
  { id: 'hasLift', type: 'boolean', labels: labels('Lift?'), required: true },
  {
    id: 'heating',
    type: 'choice',
    labels: labels('Heating?'),
    required: false,
    options: [
      { id: 'gas', labels: labels('Gas') },
      { id: 'electric', labels: labels('Electricity') },
    ],
  },
  {
    id: 'rooms',
    type: 'choices',
    labels: labels('Rooms?'),
    required: false,
    min: 1,
    max: 2,
    options: ['bath', 'kitchen', 'hall'].map((id) => ({ id, labels: labels(id) })),
  },
]

const pathOf = ({ id }: Trade) => `/v1/categories/${id}/inputs`
const put = (trade: Trade, list: object[], as = admin, headers = {}) =>
  api(pathOf(trade), { as, method: 'PUT', body: { questions: list }, headers })
const get = (trade: Trade, headers = {}) => api(pathOf(trade), { headers })
const create = (trade: Trade, fields: object) =>
  api('/v1/tasks', { as: client, body: draftOf(trade, fields) })

describe('the questions of a category', () => {
  it('are shown to everyone in their language, with a tag that names the version', async () => {
    const trade = await aTrade()
    expect((await ok(get(trade))).body).toEqual({ categoryId: trade.id, version: 0, questions: [] })
    const published = (await ok(put(trade, questions))).body
    expect(published.version).toBeGreaterThan(0)
    const { body, headers } = await ok(get(trade, { 'accept-language': 'ru' }))
    expect(body.questions[0]).toMatchObject({ label: 'Этаж?', hint: null, required: true, max: 60 })
    expect(body.questions[3].options[0]).toMatchObject({ id: 'gas', label: 'Gas' })
    const tag = headers.get('etag') ?? ''
    expect(tag).toContain(`v${published.version}.ru`)
    expect((await get(trade, { 'accept-language': 'ru', 'if-none-match': tag })).status).toBe(304)
    const next = (
      await ok(put(trade, questions.slice(0, 1), admin, { 'if-match': `"v${published.version}.en"` }))
    ).body
    expect(next.version).toBeGreaterThan(published.version)
    expect(await codeOf(put(trade, [], admin, { 'if-match': `"v${published.version}.en"` }))).toBe(
      '412 precondition_failed',
    )
    expect((await get(trade, { 'accept-language': 'ru', 'if-none-match': tag })).status).toBe(200)
  })

  it('are inherited until the category has a list of its own', async () => {
    const parent = await aTrade()
    const child = await aTrade({ parentId: parent.id })
    await ok(put(parent, questions))
    expect((await ok(get(child))).body).toMatchObject({ categoryId: parent.id, questions: { length: 5 } })
    await ok(put(child, []))
    expect((await ok(get(child))).body).toMatchObject({ categoryId: child.id, questions: [] })
    // Nothing is asked, and nothing taken.
    const fields = { subcategory: child.slug, structuredInputs: { floor: 1 } }
    expect(await codeOf(create(parent, fields))).toBe('422 inputs_refused')
  })

  it('are published by staff with the permission, in a form that can be answered', async () => {
    const trade = await aTrade()
    expect(await codeOf(put(trade, questions, client))).toBe('403 forbidden')
    const floor = questions[0] as object
    const refused = [
      [floor, floor],
      [{ ...floor, min: 61 }],
      [{ ...floor, options: [{ id: 'a', labels: labels('A') }] }],
      [{ ...floor, type: 'choice', min: undefined, max: undefined }],
      [{ ...floor, type: 'boolean' }],
      [{ ...floor, id: 'No spaces' }],
      [{ ...floor, labels: { en: 'Only English' } }],
    ]
    for (const list of refused) expect(await codeOf(put(trade, list))).toBe('400 invalid_request')
  })
})

describe('the answers of a task', () => {
  it('are held against them, with a pointer to each that does not fit', async () => {
    const trade = await aTrade()
    await ok(put(trade, questions))
    const wrong = {
      floor: 61,
      note: 'ab',
      hasLift: 'yes',
      heating: 'coal',
      rooms: ['bath', 'kitchen', 'hall'],
      colour: 'red',
    }
    const { status, body } = await create(trade, { structuredInputs: wrong })
    expect([status, body.code]).toEqual([422, 'inputs_refused'])
    const found = Object.fromEntries(
      body.errors.map(({ pointer, code, message }: Record<string, string>) => [pointer, [code, message]]),
    )
    expect(found).toEqual({
      '/structuredInputs/floor': ['too_large', 'must be at most 60'],
      '/structuredInputs/note': ['too_short', 'must be at least 3'],
      '/structuredInputs/hasLift': ['wrong_type', 'must be true or false'],
      '/structuredInputs/heating': ['unknown_value', 'must be one of gas, electric'],
      '/structuredInputs/rooms': ['too_long', 'must be at most 2'],
      '/structuredInputs/colour': ['unknown_field', 'is not asked for'],
    })
  })

  it('may lack required ones in a draft, and must have them to be posted', async () => {
    const trade = await aTrade()
    await ok(put(trade, questions))
    const { id } = (await ok(create(trade, { structuredInputs: { floor: 0 } }))).body
    const post = () => api(`/v1/tasks/${id}/post`, { as: client, method: 'POST' })
    const refused = await post()
    expect(refused.body).toMatchObject({
      code: 'inputs_refused',
      errors: [{ pointer: '/structuredInputs/hasLift', code: 'required' }],
    })
    const inputs = { floor: 0, hasLift: false, heating: 'gas', rooms: ['bath'] }
    await ok(api(`/v1/tasks/${id}`, { as: client, method: 'PATCH', body: { structuredInputs: inputs } }))
    // A stranger learns nothing of it.
    expect(await codeOf(api(`/v1/tasks/${id}/post`, { as: await aClient(), method: 'POST' }))).toBe(
      '404 not_found',
    )
    await ok(post())
  })

  it('are held against those of another category when the task moves there', async () => {
    const [from, to] = [await aTrade(), await aTrade()]
    await ok(put(to, questions))
    const { id } = (await ok(create(from, { structuredInputs: { anything: 'goes' } }))).body
    const move = (body: object) => codeOf(api(`/v1/tasks/${id}`, { as: client, method: 'PATCH', body }))
    expect(await move({ category: to.slug })).toBe('422 inputs_refused')
    expect(await move({ category: to.slug, structuredInputs: { floor: 2 } })).toBe('200')
  })
})
