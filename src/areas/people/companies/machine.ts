import { defineMachine } from '../../../core/machine.ts'

/**
 * A person's membership in a company, from the invitation on. `c_owner` keeps a company from being without an owner; a company whose
 * account is closed ends all of them.
 */
export const companyMemberMachine = defineMachine({
  name: 'company_member',
  table: 'company_members',
  column: 'status',
  states: ['invited', 'active', 'declined', 'revoked', 'expired', 'left', 'removed'],
  people: {
    member: { column: 'user_id', eventKey: 'userId' },
    manager: {
      column: 'user_id',
      in: {
        table: 'company_members',
        key: 'company_id',
        equals: 'company_id',
        where: "status = 'active' and o.role in ('owner', 'manager')",
      },
      eventKey: null,
    },
    company: { column: 'company_id' },
  },
  eventData: { companyMemberId: 'new.id', role: 'new.role' },
  transitions: [
    {
      name: 'invited',
      from: [null],
      to: 'invited',
      by: ['manager'],
      event: 'company_member.invited',
    },
    // The account of a company is its first owner.
    { name: 'founded', from: [null], to: 'active', by: ['system'], event: 'company_member.active' },
    { name: 'accept', from: ['invited'], to: 'active', by: ['member'], event: 'company_member.active' },
    { name: 'decline', from: ['invited'], to: 'declined', by: ['member'], event: 'company_member.declined' },
    { name: 'revoke', from: ['invited'], to: 'revoked', by: ['manager'], event: 'company_member.revoked' },
    {
      name: 'revoke',
      from: ['invited'],
      to: 'revoked',
      by: ['system'],
      event: 'company_member.revoked',
      cause: ['khidma.end_company_of'],
    },
    {
      name: 'expire',
      from: ['invited'],
      to: 'expired',
      by: ['system'],
      event: 'company_member.expired',
      at: 'expires_at',
    },
    { name: 'leave', from: ['active'], to: 'left', by: ['member'], event: 'company_member.left' },
    {
      name: 'leave',
      from: ['active'],
      to: 'left',
      by: ['system'],
      event: 'company_member.left',
      cause: ['khidma.end_company_of'],
    },
    { name: 'remove', from: ['active'], to: 'removed', by: ['manager'], event: 'company_member.removed' },
    {
      name: 'remove',
      from: ['active'],
      to: 'removed',
      by: ['system'],
      event: 'company_member.removed',
      cause: ['khidma.end_company_of'],
    },
  ],
})

export type CompanyMemberStatus = (typeof companyMemberMachine)['states'][number]
