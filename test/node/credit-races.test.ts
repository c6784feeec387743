import type pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { newId } from '../../src/core/ids.ts'
import { connect } from '../support/integrity-world.ts'
import { aPhone } from '../support/numbers.ts'
import { count, messageOf, times } from '../support/races.ts'
import { describeReal, freshDatabase } from '../support/real-postgres.ts'

const width = 10

describeReal('credits, from many connections', () => {
  let connections: pg.Client[]
  let one: pg.Client

  beforeAll(async () => {
    const { ownerUrl } = await freshDatabase()
    connections = await times(width, () => connect(ownerUrl))
    one = connections[0] as pg.Client
  })
  afterAll(() => Promise.all(connections.map((connection) => connection.end())))

  async function aUser(credits: number, kind = 'bonus', order = newId()): Promise<string> {
    const id = newId()
    await one.query("insert into users (id, phone, role) values ($1, $2, 'tasker')", [id, aPhone()])
    if (credits > 0)
      await one.query("select khidma.grant_credits($1, $2, $3, 'order', $4)", [id, credits, kind, order])
    return id
  }
  const hold = (index: number, user: string, amount: number, document = newId()) =>
    messageOf(
      (connections[index] as pg.Client).query(
        "select khidma.hold_credits($1, $2, 'leads', 'lead_request', $3, null)",
        [user, amount, document],
      ),
    )
  const state = async (user: string) => {
    const { rows } = await one.query<{ balance: number; held: number; left: number }>(
      `select b.balance::int, b.held::int, (select coalesce(sum(g.amount - g.taken), 0)::int from credit_grants g where g.user_id = $1) as left
         from ledger_accounts a join ledger_balances b on b.account_id = a.id where a.owner_user_id = $1`,
      [user],
    )
    return rows[0]
  }

  it('the last credit is held by one', async () => {
    const user = await aUser(1)
    const outcomes = await times(width, (index) => hold(index, user, 1))
    expect(count(outcomes)).toEqual({ ok: 1, insufficient_credits: width - 1 })
    expect(await state(user)).toEqual({ balance: 1, held: 1, left: 0 })
  })

  it('several grants are never taken twice', async () => {
    const user = await aUser(3)
    await one.query("select khidma.grant_credits($1, 4, 'paid', 'order', $2)", [user, newId()])
    const outcomes = await times(width, (index) => hold(index, user, 2))
    expect(count(outcomes)).toEqual({ ok: 3, insufficient_credits: width - 3 })
    expect(await state(user)).toEqual({ balance: 7, held: 6, left: 1 })
  })

  it('a hold of one document is placed once, and ends once', async () => {
    const [user, document] = [await aUser(5), newId()]
    expect(count(await times(width, (index) => hold(index, user, 2, document)))).toEqual({ ok: width })
    const verbs = ['capture', 'release']
    await times(width, (index) =>
      messageOf(
        (connections[index] as pg.Client).query(
          `select khidma.${verbs[index % 2]}_credits('lead_request', $1)`,
          [document],
        ),
      ),
    )
    const after = await state(user)
    expect(after).toMatchObject({ held: 0 })
    expect(after?.left).toBe(after?.balance)
    expect([3, 5]).toContain(after?.balance)
  })

  it('a document grants once', async () => {
    const [user, order] = [await aUser(0), newId()]
    await times(width, (index) =>
      (connections[index] as pg.Client).query("select khidma.grant_credits($1, 5, 'paid', 'order', $2)", [
        user,
        order,
      ]),
    )
    expect(await state(user)).toEqual({ balance: 5, held: 0, left: 5 })
  })

  it('what is revoked is not held as well', async () => {
    const order = newId()
    const user = await aUser(6, 'paid', order)
    await times(width, (index) =>
      index === 5
        ? messageOf(
            (connections[index] as pg.Client).query("select khidma.revoke_credits('order', $1)", [order]),
          )
        : hold(index, user, 1),
    )
    const after = await state(user)
    expect(after).toMatchObject({ left: 0 })
    expect(after?.held).toBe(after?.balance)
  })

  it('refuses to spend more than a grant has, whatever code tries', async () => {
    const user = await aUser(2)
    const { rows } = await one.query<{ id: string }>('select id from credit_grants where user_id = $1', [
      user,
    ])
    const take = `insert into credit_grant_spends (id, grant_id, amount, status, ended_at) values ($1, $2, 3, 'expired', now())`
    expect(await messageOf(one.query(take, [newId(), rows[0]?.id]))).toMatch('credit_grants_guard')
    expect(
      await messageOf(one.query('update credit_grants set taken = 1 where user_id = $1', [user])),
    ).toMatch('does not change')
    expect(
      await messageOf(one.query('update credit_grants set amount = 9 where user_id = $1', [user])),
    ).toMatch('does not change')
    const line = `select khidma.post_entry($1::uuid, 'adjustment', null, $1::uuid::text, 'XKC', $2)`
    const lines = [
      { account: 'credit_wallet', owner: user, amount: -3 },
      { account: 'credits_bonus', owner: null, amount: 3 },
    ]
    expect(await messageOf(one.query(line, [newId(), JSON.stringify(lines)]))).toMatch(
      'ledger_balances_guard',
    )
  })
})
