import type pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { expireGrants } from '../../src/areas/people/access/jobs.ts'
import { deleteRole, updateRole } from '../../src/areas/people/access/roles.ts'
import { decideUserRole, grantRole, requestRole } from '../../src/areas/people/access/user-roles.ts'
import { reinstateUser, suspendUser } from '../../src/areas/people/identity/accounts/users.ts'
import { employeeRecords } from '../../src/areas/people/organisation/records.ts'
import { newId } from '../../src/core/ids.ts'
import { actAs, connect, openWorld, type Person, transaction } from '../support/integrity-world.ts'
import { type NodeContexts, openContexts } from '../support/node-context.ts'
import { aPhone } from '../support/numbers.ts'
import { outcomeOf, somebodyWaits } from '../support/races.ts'
import { describeReal } from '../support/real-postgres.ts'

const width = 12

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

  const reinstateEverybody = () =>
    transaction(world.connection, world.system, () =>
      query(`update users set status = 'active' where status = 'suspended'`),
    )

  async function aPerson(role: 'client' | 'ops' | 'admin'): Promise<Person & { id: string }> {
    const id = newId()
    await query('insert into users (id, phone, role) values ($1, $2, $3)', [id, aPhone(), role])
    return { id, role }
  }

  const roleIdOf = async (name: string) =>
    (await query<{ id: string }>('select id from roles where name = $1', [name]))[0]?.id ?? ''
  const adminGrants = () =>
    query<{ id: string; user_id: string }>(
      `select g.id, g.user_id from user_roles g join roles r on r.id = g.role_id
        where r.name = 'admin' and g.status = 'approved' order by g.id`,
    )

  async function aRole(permissions: string[], isActive = true): Promise<string> {
    const id = newId()
    await query(
      `insert into roles (id, name, display_name, is_active) values ($1::uuid, 'r_' || translate(($1::uuid)::text, '0123456789-', 'ghijklmnop'), 'A role', $2)`,
      [id, isActive],
    )
    await query(
      'insert into role_permissions (role_id, permission_id) select $1, p.id from permissions p where p.name = any ($2)',
      [id, permissions],
    )
    return id
  }

  /** Lists those whose account says something else than their grants do. */
  const drifted = (people: { id: string }[]) =>
    query<{ role: string; held: string[] }>(
      `select * from (
         select u.role, coalesce(array_agg(r.name) filter (where r.is_active and r.audience = 'internal'), '{}') as held
           from users u left join user_roles g on g.user_id = u.id and g.status = 'approved'
             and (g.expires_at is null or g.expires_at > now()) left join roles r on r.id = g.role_id
          where u.id = any ($1) group by u.id, u.role) a
        where a.role::text <> case when 'admin' = any (a.held) then 'admin' when cardinality(a.held) > 0 then 'ops' else 'client' end`,
      [people.map(({ id }) => id)],
    )

  const reason = 'A race'
  const noBody = { status: 'revoked', reason } as const

  it('an account has the role implied by its grants after concurrent grants and revocations', async () => {
    const boss = await aPerson('admin')
    const roles = [
      ...(await Promise.all(['admin', 'ops', 'support'].map(roleIdOf))),
      ...(await Promise.all(Array.from({ length: 5 }, () => aRole(['tasks.read'])))),
    ]
    for (let round = 0; round < 6; round += 1) {
      const people = await Promise.all(Array.from({ length: 3 }, () => aPerson('client')))
      const half = roles.slice(0, roles.length / 2)
      const grants = await Promise.all(
        people.flatMap(({ id: userId }) =>
          half.map((roleId) => grantRole(contexts.contextOf(boss), { userId, roleId })),
        ),
      )
      expect(await drifted(people)).toEqual([])
      // In the last rounds nothing is granted: whoever is left as staff has been forgotten.
      const more = round < 3 ? roles.slice(roles.length / 2) : []
      const outcomes = await Promise.all([
        ...grants.map(({ id }) => outcomeOf(decideUserRole(contexts.contextOf(boss), id, noBody))),
        ...people.flatMap(({ id: userId }) =>
          more.map((roleId) => outcomeOf(grantRole(contexts.contextOf(boss), { userId, roleId }))),
        ),
      ])
      expect(new Set(outcomes)).toEqual(new Set(['ok']))
      expect(await drifted(people)).toEqual([])
    }
  })

  it('a role toggled while it is granted, revoked and expires leaves no account with a wrong role', async () => {
    const boss = await aPerson('admin')
    for (let round = 0; round < 4; round += 1) {
      const [one, two] = [await aRole(['tasks.read']), await aRole(['tasks.read'])]
      const people = await Promise.all(Array.from({ length: 8 }, () => aPerson('client')))
      const held = await Promise.all(
        people
          .slice(0, 4)
          .map(({ id: userId }) => grantRole(contexts.contextOf(boss), { userId, roleId: one })),
      )
      await query(
        `insert into user_roles (id, user_id, role_id, status, expires_at)
         select khidma.uuid_v7(), p, $2, 'approved', now() - interval '1 second' from unnest($1::uuid[]) p`,
        [people.map(({ id }) => id).reverse(), two],
      )
      const change = (roleId: string, isActive: boolean) =>
        outcomeOf(updateRole(contexts.contextOf(boss), roleId, { isActive }, null))
      const outcomes = await Promise.all([
        change(one, false),
        ...people
          .slice(4)
          .map(({ id: userId }) => outcomeOf(grantRole(contexts.contextOf(boss), { userId, roleId: one }))),
        change(two, false),
        outcomeOf(expireGrants(contexts.systemContext('race'), 5)),
        outcomeOf(expireGrants(contexts.systemContext('race'), 5)),
        ...held.slice(2).map(({ id }) => outcomeOf(decideUserRole(contexts.contextOf(boss), id, noBody))),
        ...(round % 2 === 0 ? [change(one, true)] : []),
      ])
      // A role that is off when it is granted is not there.
      for (const outcome of outcomes) expect(['ok', 'not_found']).toContain(outcome)
      expect(await drifted(people), outcomes.join(', ')).toEqual([])
    }
  })

  it('activating a role includes permissions added concurrently', async () => {
    const [boss, user] = [await aPerson('admin'), await aPerson('client')]
    await grantRole(contexts.contextOf(boss), {
      userId: user.id,
      roleId: await aRole(['roles.manage', 'tasks.read']),
    })
    const off = await aRole(['tasks.read'], false)
    const putting = await connect(world.ownerUrl)
    await putting.query('begin')
    await actAs(putting, boss)
    await putting.query(
      `insert into role_permissions (role_id, permission_id) select $1, p.id from permissions p where p.name = 'ledger.read'`,
      [off],
    )
    const shaper = contexts.contextOf({ id: user.id, role: 'ops' })
    const switching = outcomeOf(updateRole(shaper, off, { isActive: true }, null))
    await somebodyWaits(world.connection)
    await putting.query('commit')
    await putting.end()
    expect(await switching).toBe('not_held')
  })

  it('a role is deleted or granted, never both', async () => {
    const boss = await aPerson('admin')
    const seen = new Set<string>()
    for (let round = 0; round < 12; round += 1) {
      const roleId = await aRole(['tasks.read'])
      const user = await aPerson('client')
      const granting = () => outcomeOf(grantRole(contexts.contextOf(boss), { userId: user.id, roleId }))
      const deleting = () => outcomeOf(deleteRole(contexts.contextOf(boss), roleId, null))
      const outcomes = await Promise.all(
        round % 2 === 0 ? [granting(), deleting()] : [deleting(), granting()],
      )
      seen.add(outcomes.toSorted().join(' '))
      expect(await drifted([user])).toEqual([])
    }
    expect([...seen].filter((pair) => !['not_found ok', 'ok role_in_use'].includes(pair))).toEqual([])
  })

  it('two admins who suspend each other cannot reinstate themselves', async () => {
    const people = await Promise.all([aPerson('admin'), aPerson('admin')])
    const [one, two] = people as [Person & { id: string }, Person & { id: string }]
    await aPerson('admin')
    const outcomes = await Promise.all([
      outcomeOf(suspendUser(contexts.contextOf(one), two.id, reason)),
      outcomeOf(suspendUser(contexts.contextOf(two), one.id, reason)),
    ])
    expect(outcomes).toContain('ok')
    for (const [index, by] of [two, one].entries()) {
      if (outcomes[index] !== 'ok') continue
      expect(
        await outcomeOf(reinstateUser(contexts.contextOf(by), people[index]?.id ?? '', reason)),
      ).not.toBe('ok')
      expect(await outcomeOf(reinstateUser(contexts.contextOf(by), by.id, reason))).not.toBe('ok')
    }
    await reinstateEverybody()
  })

  it('a customer role with many holders cannot become internal; a staff role takes effect soon', async () => {
    const boss = await aPerson('admin')
    const roleId = await aRole(['tasks.read'])
    await query(`update roles set audience = 'external' where id = $1`, [roleId])
    const add = (count: number) =>
      query(
        `with people as (insert into users (id, phone, role)
            select khidma.uuid_v7(), '+20159' || lpad((floor(random() * 1e8)::int)::text, 8, '0'), 'client' from generate_series(1, $2::int)
            on conflict do nothing returning id)
         insert into user_roles (id, user_id, role_id, status) select khidma.uuid_v7(), id, $1, 'approved' from people`,
        [roleId, count],
      )
    await add(1_990)
    const change = (audience: 'internal' | 'external') =>
      outcomeOf(updateRole(contexts.contextOf(boss), roleId, { audience }, null))
    const startedAt = performance.now()
    expect(await change('internal')).toBe('ok')
    expect(performance.now() - startedAt).toBeLessThan(120_000)
    expect(await change('external')).toBe('ok')
    await add(30)
    expect(await change('internal')).toBe('limit_reached')
    const staff = await query(
      `select from users u join user_roles g on g.user_id = u.id where g.role_id = $1 and u.role <> 'client'`,
      [roleId],
    )
    expect(staff).toEqual([])
  }, 240_000)

  it('one admin remains when all leave, are revoked or suspended at once', async () => {
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
      const [{ admins } = { admins: 0 }] = await query<{ admins: number }>(
        `select count(*)::int as admins from user_roles g join roles r on r.id = g.role_id join users u on u.id = g.user_id
          where r.name = 'admin' and g.status = 'approved' and g.expires_at is null and u.status = 'active'`,
      )
      expect(admins, outcomes.join(', ')).toBeGreaterThanOrEqual(1)
      expect(outcomes.filter((outcome) => outcome === 'ok').length).toBeLessThan(grants.length)
      for (const outcome of outcomes) {
        expect(['ok', 'last_admin', 'forbidden', 'not_held']).toContain(outcome)
      }
      await reinstateEverybody()
    }
  })

  it('a role granted concurrently is granted once', async () => {
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

  it('an employee whose employment ends is not staff, despite concurrent grants', async () => {
    const boss = await aPerson('admin')
    const seen = new Set<string>()
    for (let round = 0; round < 8; round += 1) {
      const [user, id, roles] = [
        await aPerson('client'),
        newId(),
        await Promise.all(Array.from({ length: 6 }, () => aRole(['tasks.read']))),
      ]
      await query('insert into employees (id, user_id, employee_code) values ($1, $2, $3)', [
        id,
        user.id,
        `R-${id}`,
      ])
      const give = (roleId: string | undefined) =>
        grantRole(contexts.contextOf(boss), { userId: user.id, roleId: roleId ?? '' })
      await Promise.all(roles.slice(0, 2).map(give))
      const end = () =>
        employeeRecords.update(contexts.contextOf(boss), id, { employmentStatus: 'terminated' }, null)
      const work = [...roles.slice(2).map((roleId) => () => give(roleId)), end].map((run, n) => ({ run, n }))
      const order = round % 2 === 0 ? work : work.toReversed()
      const outcomes = await Promise.all(order.map(({ run }) => outcomeOf(run())))
      for (const outcome of outcomes) seen.add(outcome)
      const admins = await query(`select from user_roles where user_id = $1 and status = 'approved'`, [
        user.id,
      ])
      expect(admins, outcomes.join(', ')).toEqual([])
      expect(await drifted([user])).toEqual([])
    }
    expect([...seen].filter((outcome) => !['ok', 'employment_ended'].includes(outcome))).toEqual([])
  })

  it('an employee does not move into a department that is being closed to transfers', async () => {
    const [boss, user, id, department] = [await aPerson('admin'), await aPerson('client'), newId(), newId()]
    await query('insert into departments (id, name, code) values ($1, $2, $2)', [
      department,
      `T-${department}`,
    ])
    await query('insert into employees (id, user_id, employee_code) values ($1, $2, $3)', [
      ...[id, user.id, `T-${id}`],
    ])
    const closing = await connect(world.ownerUrl)
    await closing.query('begin')
    await closing.query('update departments set transfers_enabled = false where id = $1', [department])
    const moving = outcomeOf(
      employeeRecords.update(contexts.contextOf(boss), id, { departmentId: department }, null),
    )
    await somebodyWaits(world.connection)
    await closing.query('commit')
    await closing.end()
    expect(await moving).toBe('transfers_disabled')
  })

  it('concurrent changes of managers never form a circle', async () => {
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
