import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { int, rowsOf, uuid } from '../../../../src/db/rows.ts'
import { api, type Caller, database, signedIn } from '../../../support/api.ts'
import { ok } from '../../../support/story.ts'

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString()

async function grant(owner: Caller, quantity: number, until: string | null = null, document = newId()) {
  const granted = sql`select khidma.grant_entitlement(${owner.userId}::uuid, 'job_posting', ${quantity}::int, 'order', ${document}::uuid, ${until}::timestamptz)`
  await database().write([granted])
}
async function use(owner: Caller, document = newId()): Promise<string> {
  const used = rowsOf({ id: uuid })`
    select khidma.use_entitlement(${owner.userId}::uuid, 'job_posting', ${document}::uuid) as id`
  return (await database().write([], used))[0]?.id ?? ''
}
const list = async (as: Caller, query = '') =>
  (await ok(api(`/v1/me/entitlements${query}`, { as }))).body.data

describe('an entitlement', () => {
  it('is used where it ends first, then the next, and then nothing is left', async () => {
    const owner = await signedIn('client')
    await grant(owner, 1)
    await grant(owner, 1, inDays(9))
    await grant(owner, 1, inDays(5))
    const used = [await use(owner), await use(owner), await use(owner)]
    const rows: { id: string; validUntil: string | null; left: number }[] = await list(owner)
    const [forGood, nine, five] = rows.reverse()
    expect(used).toEqual([five?.id, nine?.id, forGood?.id])
    expect(rows.map(({ left }) => left)).toEqual([0, 0, 0])
    await expect(use(owner)).rejects.toMatchObject({ code: 'entitlement_used_up' })
    expect(await list(owner, '?usable=true')).toEqual([])
  })

  it('is one for a document, and usable again once that gives it back', async () => {
    const owner = await signedIn('client')
    const document = newId()
    await grant(owner, 2)
    expect(await use(owner, document)).toBe(await use(owner, document))
    expect(await list(owner)).toMatchObject([{ quantity: 2, left: 1 }])
    await database().write([sql`select khidma.return_entitlement('job_posting', ${document}::uuid)`])
    expect(await list(owner, '?kind=job_posting')).toMatchObject([{ left: 2 }])
    expect(await list(owner, '?kind=contact_view')).toEqual([])
  })

  it('is granted once for a document', async () => {
    const [owner, document] = [await signedIn('client'), newId()]
    await grant(owner, 2, null, document)
    await grant(owner, 2, null, document)
    expect(await list(owner)).toMatchObject([{ left: 2, documentType: 'order', documentId: document }])
  })

  it('of which the rest is taken back keeps what was used', async () => {
    const [owner, document] = [await signedIn('client'), newId()]
    await grant(owner, 3, null, document)
    await use(owner)
    const revoked = rowsOf({
      n: int,
    })`select khidma.take_back_entitlements('order', ${document}::uuid, 1, 1, 1, true) as n`
    expect(await database().write([], revoked)).toEqual([{ n: 2 }])
    expect(await list(owner)).toMatchObject([{ left: 0, revokedAt: expect.any(String) }])
    await expect(use(owner)).rejects.toMatchObject({ code: 'entitlement_used_up' })
  })
})

it("shows nobody another's entitlements", async () => {
  await grant(await signedIn('client'), 1)
  expect(await list(await signedIn('client'))).toEqual([])
})
