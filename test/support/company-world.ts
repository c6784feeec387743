import { beforeAll } from 'vitest'
import { newId } from '../../src/core/ids.ts'
import type { Person } from './integrity-world.ts'
import { aPhone } from './numbers.ts'
import { raceWorld } from './race-world.ts'

export type User = Person & { id: string; role: 'client' | 'ops' }

/** The content of a job, as a company fills it in. */
export const posting = {
  title: 'Plumber',
  description: 'Work in Cairo.',
  employmentType: 'full_time',
  workMode: 'onsite',
  location: { place: null, city: 'Cairo', country: 'EG', lat: null, lng: null },
  salary: null,
  questions: [],
} as const

/** People and companies on a database of their own, with many connections. Called where tests are described: it opens and closes itself. */
export function companyWorld() {
  const { as, query } = raceWorld(12)
  beforeAll(() => query(`select set_config('khidma.role', 'system', false)`))

  async function aUser({ accountType = 'individual', role = 'client' as User['role'] } = {}): Promise<User> {
    const id = newId()
    await query(`insert into users (id, phone, role, account_type) values ($1, $2, $3, $4)`, [
      id,
      aPhone(),
      role,
      accountType,
    ])
    return { id, role }
  }

  /** An approved one, whose owner is the company itself. */
  async function aCompany(): Promise<User> {
    const company = await aUser({ accountType: 'company' })
    await query(
      `insert into company_profiles (user_id, company_name, approval_status) values ($1, 'Nile Fittings', 'approved')`,
      [company.id],
    )
    return company
  }

  /** Uses of a package that a company has bought. */
  async function entitle(company: User, kind: 'job_posting' | 'contact_view', uses: number): Promise<void> {
    await query(`select khidma.grant_entitlement($1, $2, $3, 'order', $4)`, [company.id, kind, uses, newId()])
  }

  return { as, query, aUser, aCompany, entitle }
}
