import { type SQL, sql } from 'drizzle-orm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rollUpBalances } from '../../../../src/areas/money/ledger/jobs.ts'
import type { AccountKind } from '../../../../src/core/account-kinds.ts'
import { newId } from '../../../../src/core/ids.ts'
import { Problem } from '../../../../src/core/problems.ts'
import { systemContext } from '../../../../src/system-context.ts'
import { adjust } from '../../../support/adjustments.ts'
import { database, env } from '../../../support/api.ts'
import { aClient } from '../../../support/story.ts'

const guarded = ['client_wallet', 'tasker_payable', 'escrow'] as const
const open = ['client_cash', 'commission_receivable', 'refund_receivable'] as const
const kinds = [...guarded, ...open]
const platform = ['platform_fee', 'platform_clearing'] as const

/** An account of a run: one of its three users, or the platform. */
interface Name {
  kind: AccountKind
  user: number | null
}
type Step = { postings: { name: Name; amount: number }[]; last: Name } | 'roll up' | 'repeat'

const userAccount = fc.record({ kind: fc.constantFrom(...kinds), user: fc.nat({ max: 2 }) })
const platformAccount = fc.record({ kind: fc.constantFrom(...platform), user: fc.constant(null) })
const account: fc.Arbitrary<Name> = fc.oneof({ weight: 4, arbitrary: userAccount }, platformAccount)
const amount = fc.integer({ min: -300, max: 500 }).filter((value) => value !== 0)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      postings: fc.array(fc.record({ name: account, amount }), { minLength: 1, maxLength: 4 }),
      last: account,
    }),
  },
  { weight: 2, arbitrary: fc.constant('roll up' as const) },
  { weight: 1, arbitrary: fc.constant('repeat' as const) },
)

/** The last line is what makes the entry sum to zero. */
function linesOf({ postings, last }: Exclude<Step, string>): { name: Name; amount: number }[] {
  const total = postings.reduce((sum, line) => sum + line.amount, 0)
  return total === 0 ? postings : [...postings, { name: last, amount: -total }]
}

const db = database()
const keyOf = ({ kind, user }: Name) => `${kind} ${user}`
const isGuarded = ({ kind }: Name) => (guarded as readonly string[]).includes(kind)

interface Balance {
  kind: string
  owner: string | null
  viewed: number
  summed: number
  stored: number
}

const readBalances = (owners: string[]) =>
  db.read<Balance>(sql`
    select v.kind, v.owner_user_id as owner, v.balance as viewed, b.balance as stored,
           coalesce((select sum(l.amount) from ledger_lines l where l.account_id = v.id), 0) as summed
      from account_balances v join ledger_balances b on b.account_id = v.id
     where v.owner_user_id is null or v.owner_user_id in (select o::uuid from jsonb_array_elements_text(${JSON.stringify(owners)}::jsonb) o)`)

const postLines = (lines: { name: Name; amount: number }[], owners: string[], reference: string): SQL =>
  adjust(
    lines.map(({ name, amount: value }) => ({
      account: name.kind,
      owner: name.user === null ? null : (owners[name.user] as string),
      amount: value,
    })),
    reference,
  )

describe('postings', () => {
  it('equal a plain sum in any order with roll-ups and repeats, and never overdraw a guarded account', async () => {
    const owners = (await Promise.all([aClient(), aClient(), aClient()])).map(({ userId }) => userId)
    const model = new Map<string, number>()
    let posted = 0
    let refused = 0
    let repeat: (() => Promise<unknown>) | undefined

    /** Line by line, as the database does; the balances after it, or null where a guarded account would owe. */
    const expected = (lines: { name: Name; amount: number }[]) => {
      const after = new Map(model)
      for (const { name, amount: value } of lines) {
        const balance = (after.get(keyOf(name)) ?? 0) + value
        if (balance < 0 && isGuarded(name)) return null
        after.set(keyOf(name), balance)
      }
      return after
    }

    const run = async (next: Step) => {
      if (next === 'roll up') return void (await rollUpBalances(systemContext(env, 'test')))
      if (next === 'repeat') return void (await repeat?.())
      const lines = linesOf(next)
      const after = lines.length > 1 ? expected(lines) : null
      const reference = `test:${newId()}`
      const attempt = () => db.write([postLines(lines, owners, reference)])
      const outcome = await attempt().then(
        () => 'posted',
        (error) => (error instanceof Problem ? error.code : String(error.message)),
      )
      if (after === null) {
        refused += 1
        return expect(outcome).toMatch(/insufficient_balance|does not balance/)
      }
      expect(outcome).toBe('posted')
      posted += 1
      repeat = attempt
      for (const [key, balance] of after) model.set(key, balance)
    }

    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        for (const next of steps) await run(next)
        const balances = await readBalances(owners)
        for (const { kind, owner, viewed, summed, stored } of balances) {
          expect(viewed, `${kind} of ${owner}`).toBe(summed)
          const isOf = (guarded as readonly string[]).includes(kind)
          if (isOf) expect(stored).toBe(summed)
          if (isOf) expect(stored).toBeGreaterThanOrEqual(0)
          if (owner !== null) expect(viewed).toBe(model.get(`${kind} ${owners.indexOf(owner)}`) ?? 0)
        }
        const [total] = await db.read<{ total: number }>(
          sql`select coalesce(sum(balance), 0) as total from account_balances where currency = 'EGP'`,
        )
        expect(total?.total).toBe(0)
      }),
      { numRuns: 30 },
    )
    expect(posted).toBeGreaterThan(20)
    expect(refused).toBeGreaterThan(5)
  })

  it('with several lines on one account store the balance after each line', async () => {
    const { userId } = await aClient()
    const name = { kind: 'client_wallet', user: 0 } as const
    const clearing = { kind: 'platform_clearing', user: null } as const
    const lines = [
      { name: clearing, amount: -60 },
      { name, amount: 10 },
      { name, amount: 20 },
      { name, amount: 30 },
    ]
    const rows = await db.write(
      [postLines(lines, [userId], newId())],
      sql<{ amount: number; after: number }>`
        select l.amount, l.balance_after as after from ledger_lines l join ledger_accounts a on a.id = l.account_id
         where a.owner_user_id = ${userId} order by l.id`,
    )
    expect(rows.map(({ after }) => after).sort((a, b) => a - b)).toEqual([10, 30, 60])
  })
})
