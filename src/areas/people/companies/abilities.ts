import type { MemberRole } from '../../../db/schema/people/companies.ts'

/** Abilities of the people of a company, by their role: the one table that every operation of a company asks. */
const abilities = {
  seeMembers: ['owner', 'manager', 'dispatcher', 'accountant'],
  manageMembers: ['owner', 'manager'],
  seeWork: ['owner', 'manager', 'dispatcher', 'accountant'],
  assignWork: ['owner', 'manager', 'dispatcher'],
  editCompany: ['owner', 'manager'],
  hire: ['owner', 'manager'],
  /** Quotes, orders, their payments and entitlements: `khidma.buys_for` has the same roles. */
  buy: ['owner', 'manager', 'accountant'],
  seeMoney: ['owner', 'accountant'],
  /** Nobody but the account itself: the subscription of a company. */
  subscribe: [],
} as const satisfies Record<string, readonly MemberRole[]>
export type Ability = keyof typeof abilities

export const rolesThatMay = (ability: Ability): readonly MemberRole[] => abilities[ability]
