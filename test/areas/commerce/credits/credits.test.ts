import { type SQL, sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { expireCredits } from '../../../../src/areas/commerce/credits/jobs.ts'
import { newId } from '../../../../src/core/ids.ts'
import { int, rowsOf } from '../../../../src/db/rows.ts'
import { systemContext } from '../../../../src/system-context.ts'
import { api, type Caller, database, env, signedIn } from '../../../support/api.ts'
import { ok, withKey } from '../../../support/story.ts'

const run = (...effects: SQL[]) => database().write(effects)
const creditsOf = async (as: Caller) => (await ok(api('/v1/me/credits', { as }))).body
const entriesOf = async (as: Caller) => (await ok(api('/v1/me/credits/entries', { as }))).body.data

const grant = (
  user: Caller,
  amount: number,
  { kind = 'bonus', document = newId(), until = null as SQL | null, purpose = null as string | null } = {},
) =>
  run(
    sql`select khidma.grant_credits(${user.userId}, ${amount}, ${kind}, 'order', ${document}, ${until}, null, ${purpose})`,
  )
const hold = (user: Caller, amount: number, document = newId(), purpose = 'leads') =>
  run(
    sql`select khidma.hold_credits(${user.userId}, ${amount}, ${purpose}, 'lead_request', ${document}, null)`,
  )
const end = (verb: 'capture' | 'release' | 'return', document: string) =>
  run(sql`select ${sql.raw(`khidma.${verb}_credits`)}('lead_request', ${document})`)
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const expireAll = () => expireCredits(systemContext(env, 'test'), 1_000)
const differences = async () =>
  (
    await database().read(rowsOf({ n: int })`
    select count(*)::int as n from khidma.document_differences()
     where document_type in ('credit_grant', 'lead_request')`)
  )[0]?.n

describe('credits', () => {
  it('are given by staff, with a reason, and the user is notified', async () => {
    const [user, ops] = [await signedIn('tasker'), await signedIn('ops')]
    const body = { amount: 20, purpose: 'leads', reason: 'For a lead that went wrong.' }
    const path = `/v1/users/${user.userId}/credit-grants`
    const given = await ok(api(path, { as: ops, body, headers: withKey() }))
    expect(given.body).toMatchObject({ kind: 'bonus', amount: 20, remaining: 20, grantedBy: ops.userId })
    expect(await creditsOf(user)).toMatchObject({
      balance: 20,
      held: 0,
      available: 20,
      parts: [{ purpose: 'leads', available: 20, nextExpiryAt: null, nextExpiryAmount: 0 }],
    })
    expect(await entriesOf(user)).toMatchObject([
      { amount: 20, balanceAfter: 20, kind: 'credits_granted', note: body.reason },
    ])
    expect((await ok(api(path, { as: ops }))).body.data).toMatchObject([{ id: given.body.id }])
    expect((await ok(api(`/v1/users/${user.userId}/credits`, { as: ops }))).body).toMatchObject({
      balance: 20,
    })
    const past = { ...body, expiresAt: '2020-01-01T00:00:00.000Z' }
    expect(await api(path, { as: ops, body: past, headers: withKey() })).toMatchObject({
      status: 422,
      body: { code: 'credits_expiry_past' },
    })
    const nobody = `/v1/users/${newId()}/credit-grants`
    expect((await api(nobody, { as: ops, body, headers: withKey() })).status).toBe(404)
  })

  it('are granted once for a document', async () => {
    const [user, document] = [await signedIn('tasker'), newId()]
    await grant(user, 10, { kind: 'paid', document })
    await grant(user, 10, { kind: 'paid', document })
    await grant(user, 1, { kind: 'bonus', document })
    expect(await creditsOf(user)).toMatchObject({ balance: 11 })
  })

  it('are held, then spent or given back, and cannot be held beyond what there is', async () => {
    const [user, first, second] = [await signedIn('tasker'), newId(), newId()]
    await grant(user, 10)
    await hold(user, 6, first)
    await hold(user, 6, first)
    expect(await creditsOf(user)).toMatchObject({ balance: 10, held: 6, available: 4 })
    await expect(hold(user, 5, second)).rejects.toMatchObject({
      code: 'insufficient_credits',
      values: { needed: 5, available: 4 },
    })
    await hold(user, 4, second)
    await end('capture', first)
    await expect(end('capture', first)).rejects.toMatchObject({ code: 'credits_not_held' })
    await end('release', second)
    await end('release', second)
    expect(await creditsOf(user)).toMatchObject({ balance: 4, held: 0, available: 4 })
    expect(await entriesOf(user)).toMatchObject([
      { amount: -6, balanceAfter: 4, kind: 'credits_spent', documentType: 'lead_request', documentId: first },
      { amount: 10, balanceAfter: 10 },
    ])
  })

  it('are taken by priority, then what expires soonest, then what was paid for last', async () => {
    const user = await signedIn('tasker')
    const later = (days: number) => sql.raw(`now() + interval '${days} days'`)
    await grant(user, 1, { kind: 'paid', until: later(1) })
    await grant(user, 2, { kind: 'bonus', until: later(9) })
    await grant(user, 4, { kind: 'bonus', until: later(5) })
    await grant(user, 8, { kind: 'plan' })
    await grant(user, 16, { kind: 'bonus', purpose: 'job_postings', until: later(1) })
    const left = async () => {
      const { data } = (
        await ok(api(`/v1/users/${user.userId}/credit-grants`, { as: await signedIn('ops') }))
      ).body
      return data.map(({ remaining }: { remaining: number }) => remaining).reverse()
    }
    await hold(user, 9)
    expect(await left()).toEqual([1, 2, 3, 0, 16])
    await hold(user, 4)
    expect(await left()).toEqual([1, 1, 0, 0, 16])
    await expect(hold(user, 3)).rejects.toMatchObject({
      code: 'insufficient_credits',
      values: { available: 2 },
    })
    await hold(user, 16, newId(), 'job_postings')
    expect(await left()).toEqual([1, 1, 0, 0, 0])
  })

  it('expire, but for what is held: that comes back for the time that was left', async () => {
    const [user, spent, back] = [await signedIn('tasker'), newId(), newId()]
    await grant(user, 10, { until: sql`now() + interval '800 milliseconds'` })
    await hold(user, 3, spent)
    await hold(user, 2, back)
    await wait(850)
    expect(await creditsOf(user)).toMatchObject({ balance: 5, held: 5, available: 0 })
    await expireAll()
    await expireAll()
    expect(await entriesOf(user)).toMatchObject([
      { kind: 'credits_expired', amount: -5, balanceAfter: 5 },
      {},
    ])
    await end('capture', spent)
    await end('release', back)
    const { balance, parts } = await creditsOf(user)
    expect(balance).toBe(2)
    const left = Date.parse(parts[0].nextExpiryAt) - Date.now()
    expect(left > 0 && left < 800).toBe(true)
    expect(await differences()).toBe(0)
  })

  it('are revoked with the document that granted them, held ones at their release', async () => {
    const [user, order, first, second] = [await signedIn('tasker'), newId(), newId(), newId()]
    await grant(user, 10, { kind: 'paid', document: order })
    await hold(user, 3, first)
    await hold(user, 4, second)
    const revoke = sql`select khidma.revoke_credits('order', ${order})`
    await run(revoke)
    await run(revoke)
    expect(await creditsOf(user)).toMatchObject({ balance: 7, held: 7, available: 0 })
    await end('capture', first)
    await end('release', second)
    expect(await creditsOf(user)).toMatchObject({ balance: 0, held: 0, available: 0 })
    await end('return', first)
    expect(await creditsOf(user)).toMatchObject({ balance: 0 })
    expect(await differences()).toBe(0)
  })

  it('come back after they were spent, once', async () => {
    const [user, document] = [await signedIn('tasker'), newId()]
    await grant(user, 5, { until: sql`now() + interval '1 day'` })
    await hold(user, 5, document)
    await end('capture', document)
    await end('return', document)
    await end('return', document)
    const { balance, parts } = await creditsOf(user)
    expect(balance).toBe(5)
    expect(parts[0].nextExpiryAt).not.toBeNull()
    expect(await differences()).toBe(0)
  })

  it('are released by the job where their hold has a time', async () => {
    const user = await signedIn('tasker')
    await grant(user, 5)
    const until = sql`now() - interval '1 second'`
    await run(
      sql`select khidma.hold_credits(${user.userId}, 5, 'leads', 'lead_request', ${newId()}, ${until})`,
    )
    await expireAll()
    expect(await creditsOf(user)).toMatchObject({ held: 0, available: 5 })
  })

  it('of an erased account are nobody’s', async () => {
    const user = await signedIn('tasker')
    await grant(user, 5)
    await run(sql`select khidma.forfeit_credits(${user.userId})`)
    expect(await creditsOf(user)).toMatchObject({ balance: 0, available: 0 })
  })
})
