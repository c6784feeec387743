import { z } from '@hono/zod-openapi'
import { type Actor, userIdOf } from '../../../core/context.ts'
import { allowedActions } from '../../../core/machine.ts'
import { valueTexts } from '../../../core/value-texts.ts'
import { memberRoles, payoutParties } from '../../../db/schema/people/companies.ts'
import { changedQuery } from '../../../http/list-query.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { AllowedActions, Id, Timestamp, Version } from '../../../http/schemas.ts'
import { companyMemberMachine } from './machine.ts'
import type { CompanyMemberRow } from './members.ts'

const Role = z.enum(memberRoles).openapi('CompanyMemberRole', {
  example: 'dispatcher',
  description:
    'Role in the company. `owner`: everything. `manager`: members, work and the profile of the company. `dispatcher`: sees work and assigns it. `accountant`: sees work and money. `tasker`: does the work.',
})
const PayoutTo = z.enum(payoutParties).openapi('CompanyPayoutTo', {
  example: 'company',
  description:
    'Earner of the bookings that the member does for the company. A booking keeps the earner with whom it was made.',
})
const Status = z.enum(companyMemberMachine.states).openapi('CompanyMemberStatus', {
  example: 'active',
  description: 'State of the membership. An invitation whose time is over is `expired`.',
})

export const CompanyMember = z
  .object({
    id: Id,
    companyId: Id.openapi({ description: 'Company: the account of its profile.' }),
    companyName: z.string().openapi({ example: 'Nile Fittings', description: 'Name of the company.' }),
    userId: Id.nullable().openapi({
      description:
        'Account of the member. Null for an invitation by e-mail or phone: the company learns the account when they join.',
    }),
    userName: z
      .string()
      .nullable()
      .openapi({ example: 'Omar Fathy', description: 'Full name of the member, where `userId` is shown.' }),
    contact: z.string().nullable().openapi({
      example: null,
      description:
        'E-mail address or phone number that was invited; forgotten when the invitation ends. Not shown to the member.',
    }),
    role: Role,
    status: Status,
    payoutTo: PayoutTo,
    payoutProposed: PayoutTo.nullable().openapi({
      example: null,
      description: 'Change of `payoutTo` that waits for the answer of the member.',
    }),
    expiresAt: Timestamp.nullable().openapi({
      description: 'End of the invitation; null once it was answered.',
    }),
    joinedAt: Timestamp.nullable().openapi({
      example: '2026-11-21T08:35:00.000Z',
      description: 'Beginning of the membership.',
    }),
    endedAt: Timestamp.nullable().openapi({ description: 'End of the membership, or of the invitation.' }),
    allowedActions: AllowedActions,
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('CompanyMember', { description: 'Membership of a person in a company, or the invitation to it.' })
export const CompanyMemberPage = pageOf(CompanyMember, 'CompanyMemberPage')
export const MemberFiltersQuery = z.object({
  ...pageQuery,
  ...changedQuery,
  status: Status.optional().openapi({ description: 'Only memberships in this state.' }),
})

const Phone = z
  .string()
  .regex(/^\+[1-9][0-9]{6,14}$/, valueTexts.e164)
  .openapi({ example: '+201001234567', description: 'Phone number (E.164) of the person.' })

export const InviteMember = z
  .strictObject({
    userId: Id.openapi({ description: 'Account of the person.' }).optional(),
    email: z
      .email()
      .max(254)
      .toLowerCase()
      .openapi({ example: 'omar@nile.example', description: 'E-mail address of the person.' })
      .optional(),
    phone: Phone.optional(),
    role: Role,
    payoutTo: PayoutTo.default('member'),
  })
  .refine(
    ({ userId, email, phone }) => [userId, email, phone].filter((way) => way !== undefined).length === 1,
    {
      path: ['userId'],
      error: valueTexts.oneWayToInvite,
    },
  )
  .openapi('InviteMember', {
    description:
      'Exactly one of `userId`, `email` and `phone`, with the role and the earner that you propose.',
    example: { email: 'omar@nile.example', role: 'tasker', payoutTo: 'company' },
  })

export const UpdateMember = z
  .strictObject({ role: Role, payoutTo: PayoutTo })
  .partial()
  .openapi('UpdateCompanyMember', { example: { role: 'dispatcher' } })

export const AnswerInvitation = z
  .strictObject({
    token: z
      .string()
      .min(1)
      .max(200)
      .openapi({
        example: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40.8SxqTR8kQn0sVvDZ0Y4z3mVZ0pYk4xX2bq7bq2m1abc',
        description: 'Token of an invitation by e-mail or phone.',
      })
      .optional(),
  })
  .openapi('AnswerCompanyInvitation', {
    description: 'Answer to an invitation: the token, where it was sent by e-mail or phone.',
    example: {},
  })

export const AnswerPayout = z
  .strictObject({
    isAccepted: z.boolean().openapi({ example: true, description: 'Whether you agree to the proposal.' }),
  })
  .openapi('AnswerCompanyPayout', {
    description: 'Answer to the proposal of the company.',
    example: { isAccepted: true },
  })

const isOver = ({ status, expiresAt }: CompanyMemberRow, now: Date): boolean =>
  status === 'invited' && expiresAt !== null && Date.parse(expiresAt) <= now.getTime()

export function toCompanyMember(
  row: CompanyMemberRow,
  actor: Actor,
  now: Date,
): z.infer<typeof CompanyMember> {
  const isOwn = row.userId !== null && row.userId === userIdOf(actor)
  const party = isOwn ? 'member' : row.mayManage ? 'manager' : null
  const isKnown = isOwn || !row.isByContact || ['active', 'left', 'removed'].includes(row.status)
  return {
    id: row.id,
    companyId: row.companyId,
    companyName: row.companyName,
    userId: isKnown ? row.userId : null,
    userName: isKnown ? row.userName : null,
    contact: isOwn ? null : row.contact,
    role: row.role,
    status: isOver(row, now) ? 'expired' : row.status,
    payoutTo: row.payoutTo,
    payoutProposed: row.payoutProposed,
    expiresAt: row.status === 'invited' ? row.expiresAt : null,
    joinedAt: row.joinedAt,
    endedAt: row.endedAt,
    allowedActions: allowedActions(companyMemberMachine, row.status, party),
    version: row.version,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  }
}
