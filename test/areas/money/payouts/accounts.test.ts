import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { lastFourOf, matchNames } from '../../../../src/areas/money/payouts/destinations.ts'
import { reencryptValues } from '../../../../src/areas/people/privacy/retention/reencryption.ts'
import { hasCardNumber } from '../../../../src/core/card-numbers.ts'
import { systemContext } from '../../../../src/system-context.ts'
import { api, type Caller, database, env } from '../../../support/api.ts'
import { addAccount, aScheduledPayout, bankAccount } from '../../../support/payout-stories.ts'
import { aClient, anAdmin, aTasker, ok, withKey } from '../../../support/story.ts'

const path = '/v1/me/payout-accounts'
const add = (as: Caller, body: object) => api(path, { as, body, headers: withKey() })
const listOf = async (as: Caller) => (await ok(api(path, { as }))).body.data

describe('payout accounts', () => {
  it('are kept sealed, and shown by their last four characters alone', async () => {
    const tasker = await aTasker()
    const { status, body, headers } = await add(tasker, { currency: 'EGP', destination: bankAccount() })
    expect(status).toBe(201)
    expect(body).toMatchObject({
      kind: 'bank',
      country: 'EG',
      currency: 'EGP',
      lastFour: '0002',
      holderName: 'Amina Hassan',
      nameMatch: null,
      isDefault: true,
      refusedAt: null,
    })
    expect(headers.get('location')).toContain(`${path}/${body.id}`)
    expect(JSON.stringify([body, await listOf(tasker)])).not.toMatch(/263180|NBEG/)
    const stored = await database().read<{ text: string }>(sql`
      select to_jsonb(a)::text as text from payout_accounts a where a.id = ${body.id}
      union all select l.meta::text from audit_log l where l.target_id = ${body.id}
      union all select o.data::text from outbox o where o.object_id = ${body.id}::uuid`)
    expect(stored.length).toBeGreaterThanOrEqual(3)
    for (const { text } of stored) expect(text).not.toMatch(/263180|NBEG/)
    const log = stored.filter(({ text }) => text.includes('changes'))
    for (const { text } of log) expect(text).not.toContain('Amina')
  })

  it('belong to their owner: another finds, changes and removes none', async () => {
    const account = await addAccount(await aTasker())
    const stranger = await aTasker()
    expect(await listOf(stranger)).toEqual([])
    expect((await api(`${path}/${account.id}`, { as: stranger })).status).toBe(404)
    expect((await api(`${path}/${account.id}/set-default`, { as: stranger, method: 'POST' })).status).toBe(
      404,
    )
    expect((await api(`${path}/${account.id}`, { as: stranger, method: 'DELETE' })).status).toBe(404)
    expect((await add(await anAdmin(), { currency: 'EGP', destination: bankAccount() })).status).toBe(403)
  })

  it('have one default a currency: the first, or the one that is chosen', async () => {
    const tasker = await aTasker()
    const [first, second, naira] = [
      await addAccount(tasker),
      await addAccount(tasker),
      await addAccount(tasker, 'NGN', { ...bankAccount('0123456789'), country: 'NG' }),
    ]
    const defaults = async () =>
      (await listOf(tasker)).flatMap((one: { id: string; isDefault: boolean }) =>
        one.isDefault ? [one.id] : [],
      )
    expect(await defaults()).toEqual([naira.id, first.id])
    await ok(api(`${path}/${second.id}/set-default`, { as: tasker, method: 'POST' }))
    expect(await defaults()).toEqual([naira.id, second.id])
    const third = (await add(tasker, { currency: 'EGP', destination: bankAccount(), isDefault: true })).body
    expect(await defaults()).toEqual([third.id, naira.id])
  })

  it('lose their details with their removal, which waits for a payout under way', async () => {
    const tasker = await aTasker()
    const { id } = await addAccount(tasker)
    expect((await api(`${path}/${id}`, { as: tasker, method: 'DELETE' })).status).toBe(204)
    expect((await api(`${path}/${id}`, { as: tasker })).status).toBe(404)
    const [row] = await database().read<{ details: string | null; status: string }>(
      sql`select details, status from payout_accounts where id = ${id}`,
    )
    expect(row).toMatchObject({ details: null, status: 'removed' })
    await aScheduledPayout(tasker)
    const [used] = await listOf(tasker)
    expect(await api(`${path}/${used.id}`, { as: tasker, method: 'DELETE' })).toMatchObject({
      status: 409,
      body: { code: 'payout_account_in_use' },
    })
  })

  it('are at most ten', async () => {
    const tasker = await aTasker()
    for (let each = 0; each < 10; each++) await addAccount(tasker)
    const answer = await add(tasker, { currency: 'EGP', destination: bankAccount() })
    expect(answer).toMatchObject({ status: 409, body: { code: 'limit_reached' } })
  })

  it.each([
    ['mobile_wallet', { country: 'EG', network: 'vodafone', phone: '+201001234567' }, '4567', 'EGP'],
    ['upi', { vpa: 'amina@okbank' }, 'na', 'INR'],
    ['paypal', { email: 'amina.hassan@example.com' }, 'ssan', 'EGP'],
  ])('can be a %s', async (kind, fields, lastFour, currency) => {
    const account = await addAccount(await aClient(), currency, { kind, holderName: 'Amina', ...fields })
    expect(account).toMatchObject({ kind, country: currency === 'INR' ? 'IN' : 'EG' })
    expect(account.lastFour).toBe(lastFour)
  })

  it.each([
    ['a card as an account number', { accountNumber: '4242 4242 4242 4242' }],
    ['a card as a holder', { holderName: 'Amina 5555-5555-5555-4444' }],
    ['a country without a code', { country: 'XX' }],
    ['an empty number', { accountNumber: '' }],
    ['a field that there is none of', { cvc: '123' }],
  ])('refuse %s', async (_name, fields) => {
    const destination = { ...bankAccount(), ...fields }
    const { status, body } = await add(await aTasker(), { currency: 'EGP', destination })
    expect(status).toBe(400)
    expect(JSON.stringify(body)).not.toContain('4242')
  })

  it('follow a rotation of the keys', async () => {
    const tasker = await aTasker()
    const { id } = await addAccount(tasker)
    const before = await detailsOf(id)
    const ctx = systemContext(env, 'test')
    const keys = JSON.parse(ctx.secrets.encryptionKeys)
    const newest = {
      id: `new${Date.now()}`,
      key: btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32)))),
    }
    const rotated = { ...ctx.secrets, encryptionKeys: JSON.stringify([newest, ...keys]) }
    await reencryptValues({ ...ctx, secrets: rotated }, 1_000)
    const after = await detailsOf(id)
    expect(before.split('.')[0]).toBe(keys[0].id)
    expect(after.split('.')[0]).toBe(newest.id)
    // Other tests know the old keys only.
    await database().write([sql`update payout_accounts set details = ${before} where id = ${id}`])
    await reencryptValues(
      { ...ctx, secrets: { ...rotated, encryptionKeys: JSON.stringify([...keys, newest]) } },
      1_000,
    )
  })
})

const detailsOf = async (id: string) =>
  (await database().read<{ details: string }>(sql`select details from payout_accounts where id = ${id}`))[0]
    ?.details ?? ''

describe('the number of a card', () => {
  it.each([
    '4242424242424242',
    '5555 5555 5555 4444',
    '3782-822463-10005',
    'pay to 6011111111111117 please',
    'my card: 4242 4242 4242 4242 12/29 123',
    '٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢',
  ])('is found in %s', (text) => expect(hasCardNumber(text)).toBe(true))

  it.each([
    '4242424242424241',
    'EG380019000500000000263180002',
    'EG38 0019 0005 0000 0000 2631 8000 2',
    '1090820316870139',
    '0123456789',
    '+2348031234567',
    '01890f4e7c1b7d3a9f003b5c8e2d1a40',
    'https://example.com/42424242-4242-4242-8242-424242424242',
  ])('is not seen in %s', (text) => expect(hasCardNumber(text)).toBe(false))
})

it.each([
  ['Amina Hassan', 'AMINA HASSAN', 'exact'],
  ['Amina Hassan', 'Hassan, Amina', 'exact'],
  ['Amina Hassan', 'AMINA MOHAMED HASSAN', 'close'],
  ['José Núñez', 'JOSE NUNEZ', 'exact'],
  ['Amina', 'Amina Hassan', 'different'],
  ['Amina Hassan', 'Omar Farouk', 'different'],
])('the name %s compares with %s as %s', (given, resolved, match) => {
  expect(matchNames(given, resolved)).toBe(match)
})

it('shows never more than half of a short identifier', () => {
  expect(lastFourOf({ kind: 'paypal', email: 'bo@example.com', holderName: 'Bo' })).toBe('o')
  expect(lastFourOf({ kind: 'paypal', email: 'b@example.com', holderName: 'Bo' })).toBe('')
})
