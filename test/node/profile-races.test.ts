import { beforeAll, expect, it } from 'vitest'
import { createAddress, setDefaultAddress } from '../../src/areas/people/profiles/addresses.ts'
import { addFavourite } from '../../src/areas/people/profiles/favourites.ts'
import { updateSettings } from '../../src/areas/people/profiles/personal-profiles.ts'
import { approveVerification } from '../../src/areas/supply/verification/reviews.ts'
import { type Paper, submitRequest } from '../../src/areas/supply/verification/verifications.ts'
import { newId } from '../../src/core/ids.ts'
import { rowsOf, text } from '../../src/db/rows.ts'
import { actAs, asOwner, connect, type Person } from '../support/integrity-world.ts'
import { aPhone } from '../support/numbers.ts'
import { raceWorld } from '../support/race-world.ts'
import { count, messageOf, outcomeOf, times, waitsOrEnds } from '../support/races.ts'
import { describeReal } from '../support/real-postgres.ts'

const width = 20
const sleep = rowsOf({ slept: text })`select pg_sleep(0.2)::text as slept`
describeReal('profiles, written from many connections at once', () => {
  const { world, as, query } = raceWorld(width)
  // Connections that open one after another would come one after another, too.
  beforeAll(() => times(width, () => as(world.client).db.read(sleep)))

  async function aPerson(
    role: 'client' | 'tasker' | 'ops' | 'admin' = 'client',
  ): Promise<Person & { id: string }> {
    const id = newId()
    await query('insert into users (id, phone, role) values ($1, $2, $3)', [id, aPhone(), role])
    return { id, role }
  }

  const home = { label: 'Home', address: '14 Hassan Sabry St', city: 'Cairo' }

  it('an account has one default address under concurrent changes', async () => {
    for (let round = 0; round < 3; round += 1) {
      const person = await aPerson()
      const made = await times(width, (n) =>
        n < 10 ? createAddress(as(person), { ...home, isDefault: n % 2 === 0 }) : Promise.resolve(null),
      )
      const ids = made.flatMap((row) => (row ? [row.id] : []))
      const outcomes = await times(width, (n) =>
        outcomeOf(setDefaultAddress(as(person), ids[n % ids.length] ?? '')),
      )
      expect(count(outcomes)).toEqual({ ok: width })
      const defaults = await query('select id from addresses where user_id = $1 and is_default', [person.id])
      expect(defaults).toHaveLength(1)
    }
  })

  it('an account has twenty addresses at most, and the first is its default', async () => {
    const person = await aPerson()
    const outcomes = await times(30, () => outcomeOf(createAddress(as(person), home)))
    expect(count(outcomes)).toEqual({ ok: 20, limit_reached: 10 })
    const [row] = await query<{ defaults: number }>(
      'select (count(*) filter (where is_default))::int as defaults from addresses where user_id = $1',
      [person.id],
    )
    expect(row?.defaults).toBe(1)
  })

  it('the database refuses a second default even without locks', async () => {
    const person = await aPerson()
    const insert = `insert into addresses (id, user_id, label, address, city, country, is_default) values ($1, $2, 'Home', 'x', 'y', 'EG', true)`
    await query(insert, [newId(), person.id])
    await expect(query(insert, [newId(), person.id])).rejects.toMatchObject({
      constraint: 'addresses_one_default',
    })
  })

  it('one of 20 accounts with one document number is verified under concurrent approval', async () => {
    const number = '29004230104567'
    const people: (Person & { id: string })[] = []
    const requests: string[] = []
    for (let n = 0; n < width; n += 1) {
      const person = await aPerson('tasker')
      people.push(person)
      const media = newId()
      await query(
        `insert into media_files (id, user_id, kind, storage_key, storage_url, uploaded_at)
         values ($1::uuid, $2, 'image', $1::text, 'r2://x', now())`,
        [media, person.id],
      )
      const papers = {
        type: 'identity',
        documentType: 'national_id',
        country: 'EG',
        number,
        documents: [{ type: 'front', mediaId: media }] as Paper[],
      } as const
      const sealed = { mediaId: media, plainKey: media, key: `sealed/${media}`, dataKey: 'k1.iv.bytes' }
      requests.push((await submitRequest(as(person), papers, [sealed])).id)
    }
    const ops = await aPerson('ops')
    const outcomes = await times(width, (n) =>
      outcomeOf(approveVerification(as(ops), requests[n] ?? '', undefined, null)),
    )
    expect(count(outcomes)).toEqual({ ok: 1, document_in_use: width - 1 })
    const [row] = await query<{ verified: number; pending: number }>(
      `select (count(*) filter (where verification_status = 'verified'))::int as verified,
              (count(*) filter (where verification_status = 'pending'))::int as pending
         from user_verifications where user_id = any ($1)`,
      [people.map(({ id }) => id)],
    )
    expect(row).toEqual({ verified: 1, pending: width - 1 })
  })

  it('a verification is decided once under concurrent decisions', async () => {
    const [person, ops] = [await aPerson(), await aPerson('ops')]
    const id = newId()
    await asOwner(world.connection, () =>
      query(
        `insert into verification_requests (id, user_id, subject_id, verification_type, document_type)
         values ($1, $2, $2, 'document', 'diploma')`,
        [id, person.id],
      ),
    )
    const outcomes = await times(width, () => outcomeOf(approveVerification(as(ops), id, undefined, 1)))
    expect(count(outcomes)).toEqual({ ok: 1, precondition_failed: width - 1 })
  })

  it('one of many concurrent first changes is applied', async () => {
    const person = await aPerson()
    const outcomes = await times(width, () => outcomeOf(updateSettings(as(person), { theme: 'dark' }, 0)))
    expect(count(outcomes)).toEqual({ ok: 1, precondition_failed: width - 1 })
  })

  it('a tasker is added to favourites once', async () => {
    const person = await aPerson()
    const outcomes = await times(width, () => outcomeOf(addFavourite(as(person), world.tasker.id ?? '')))
    expect(count(outcomes)).toEqual({ ok: width })
    expect(await query('select id from favourite_taskers where client_id = $1', [person.id])).toHaveLength(1)
  })

  it('a suspension leaves no session of a concurrent sign-in', async () => {
    const admin = await aPerson('admin')
    const [signingIn, suspending] = await Promise.all([connect(world.ownerUrl), connect(world.ownerUrl)])
    try {
      for (const order of ['sign-in first', 'suspension first']) {
        const person = await aPerson()
        const signIn = () =>
          signingIn.query('insert into sessions (id, user_id) values ($1, $2)', [newId(), person.id])
        const suspend = () =>
          suspending.query(`update users set status = 'suspended' where id = $1`, [person.id])
        await signingIn.query('begin')
        await suspending.query('begin')
        await actAs(suspending, admin)
        const [first, second] = order === 'sign-in first' ? [signIn, suspend] : [suspend, signIn]
        await first()
        const waiting = messageOf(second())
        await waitsOrEnds(world.connection, waiting)
        await (first === signIn ? signingIn : suspending).query('commit')
        expect(await waiting).toBe(first === signIn ? 'ok' : 'account_suspended')
        await (first === signIn ? suspending : signingIn).query('commit')
        const live = await query('select id from sessions where user_id = $1 and revoked_at is null', [
          person.id,
        ])
        expect([order, live.length]).toEqual([order, 0])
      }
    } finally {
      await Promise.all([signingIn.end(), suspending.end()])
    }
  })
})
