import type pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { decideUserRole, grantRole, requestRole } from '../../src/areas/access/user-roles.ts'
import { suspendUser } from '../../src/areas/access/users.ts'
import { newId } from '../../src/core/ids.ts'
import { connect, openWorld, type Person } from '../support/integrity-world.ts'
import { type NodeContexts, openContexts } from '../support/node-context.ts'
import { describeReal } from '../support/real-postgres.ts'

const width = 12

const outcomeOf = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => 'ok',
    (error: { code?: string }) => error.code ?? String(error),
  )

describeReal('roles, granted and given back from many connections at once', () => {
  let world: Awaited<ReturnType<typeof openWorld>>
  let contexts: NodeContexts

  beforeAll(async () => {
    world = await openWorld()
    contexts = await openContexts(world.ownerUrl, width)
  })
  afterAll(async () => {
    await contexts.close()
    await world.close()
  })

  const query = async <Row extends pg.QueryResultRow>(text: string, params: unknown[] = []): Promise<Row[]> =>
    (await world.connection.query<Row>(text, params)).rows

  async function aPerson(role: 'client' | 'ops' | 'admin'): Promise<Person & { id: string }> {
    const id = newId()
    const phone = `+20155${String(Math.random()).slice(2, 9)}`
    await query('insert into users (id, phone, role) values ($1, $2, $3)', [id, phone, role])
    return { id, role }
  }

  const roleIdOf = async (name: string) =>
    (await query<{ id: string }>('select id from roles where name = $1', [name]))[0]?.id ?? ''
  const adminGrants = () =>
    query<{ id: string; user_id: string }>(
      `select g.id, g.user_id from user_roles g join roles r on r.id = g.role_id
        where r.name = 'admin' and g.status = 'approved' order by g.id`,
    )

  it('of all admins who leave, are thrown out or suspended at once, one stays', async () => {
    for (let round = 0; round < 5; round += 1) {
      const missing = 6 - (await adminGrants()).length
      for (let n = 0; n < missing; n += 1) await aPerson('admin')
      const grants = await adminGrants()
      const outcomes = await Promise.all(
        grants.map(({ id, user_id }, index) => {
          const next = grants[(index + 1) % grants.length]?.user_id ?? ''
          const byNeighbour = contexts.contextOf({ id: next, role: 'admin' })
          if (index % 3 === 2) return outcomeOf(suspendUser(byNeighbour, user_id, 'A race'))
          const leaver = index % 3 === 0 ? contexts.contextOf({ id: user_id, role: 'admin' }) : byNeighbour
          return outcomeOf(decideUserRole(leaver, id, { status: 'revoked', reason: 'A race' }))
        }),
      )
      const [{ standing } = { standing: 0 }] = await query<{ standing: number }>(
        `select count(*)::int as standing from user_roles g join roles r on r.id = g.role_id join users u on u.id = g.user_id
          where r.name = 'admin' and g.status = 'approved' and g.expires_at is null and u.status = 'active'`,
      )
      expect(standing, outcomes.join(', ')).toBeGreaterThanOrEqual(1)
      expect(outcomes.filter((outcome) => outcome === 'ok').length).toBeLessThan(grants.length)
      for (const outcome of outcomes) {
        expect(['ok', 'last_admin', 'forbidden', 'not_held', 'temporarily_unavailable']).toContain(outcome)
      }
      await query(`update users set status = 'active' where status = 'suspended'`)
    }
  })

  it('a role granted by everybody at once is granted once', async () => {
    const [user, roleId] = [await aPerson('client'), await roleIdOf('support')]
    const admins = await Promise.all(Array.from({ length: width }, () => aPerson('admin')))
    const outcomes = await Promise.all(
      admins.map((admin) => outcomeOf(grantRole(contexts.contextOf(admin), { userId: user.id, roleId }))),
    )
    expect(outcomes.toSorted()).toEqual([...Array(width - 1).fill('already_exists'), 'ok'])
  })

  it('a request approved and rejected at once is decided once', async () => {
    const user = await aPerson('client')
    const admins = await Promise.all(Array.from({ length: width }, () => aPerson('admin')))
    const { id } = await requestRole(contexts.contextOf(user), { role: 'support', reason: 'A race' })
    const outcomes = await Promise.all(
      admins.map((admin, index) => {
        const status = index % 2 === 0 ? 'approved' : 'rejected'
        return outcomeOf(decideUserRole(contexts.contextOf(admin), id, { status, reason: 'A race' }))
      }),
    )
    expect(outcomes.toSorted()).toEqual([...Array(width - 1).fill('not_pending'), 'ok'].toSorted())
  })

  it('managers never go in a circle, whoever is put under whom at once', async () => {
    const people = await Promise.all(Array.from({ length: 6 }, () => aPerson('ops')))
    const ids = people.map(() => newId())
    for (const [index, { id }] of people.entries()) {
      await query('insert into employees (id, user_id, employee_code) values ($1, $2, $3)', [
        ids[index],
        id,
        `E-${ids[index]}`,
      ])
    }
    const outcomes = await Promise.all(
      ids.map(async (id, index) => {
        const connection = await connect(world.ownerUrl)
        const above = ids[(index + 1) % ids.length]
        const update = connection.query('update employees set manager_employee_id = $2 where id = $1', [
          id,
          above,
        ])
        return outcomeOf(update).finally(() => connection.end())
      }),
    )
    expect(outcomes.filter((outcome) => outcome !== 'ok')).toHaveLength(1)
  })
})
