import { type SQL, sql } from 'drizzle-orm'
import { type Actor, type Context, type UserActor, userIdOf } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { Problem } from '../../../core/problems.ts'
import { idSignedIn, signedId } from '../../../core/signed-tokens.ts'
import { rowColumns } from '../../../db/json.ts'
import type { PageRequest } from '../../../db/keyset.ts'
import { listing } from '../../../db/listing.ts'
import { insertion } from '../../../db/patch.ts'
import { bool, columnsOf, list, nullable, type RowOf, type RowSpec, rowsOf, text } from '../../../db/rows.ts'
import { companyMembers, type MemberRole, type PayoutParty } from '../../../db/schema/people/companies.ts'
import { textArray } from '../../../db/sql.ts'
import { one, type Statement } from '../../../db/unit.ts'
import { lockAccount } from '../profiles/own-rows.ts'
import { type Ability, rolesThatMay } from './abilities.ts'
import type { CompanyMemberStatus } from './machine.ts'

const memberRow = {
  ...columnsOf(companyMembers),
  companyName: text,
  userName: nullable(text),
  mayManage: bool,
}
export type CompanyMemberRow = RowOf<typeof memberRow>

/** The caller's own membership in the company, as a table; strangers are refused (404), and other roles (403). */
export const actsFor = (ctx: Context<UserActor>, companyId: SQL | string, ability: Ability): SQL =>
  sql`khidma.act_for_company(${companyId}, ${ctx.actor.userId}, ${textArray(rolesThatMay(ability))})`

/** Condition on one row that may be a company's: its people whose role does not let them see it are refused (403), others do not find it. */
export const isAdmitted = (actor: Actor, companyId: SQL, ability: Ability): SQL =>
  sql`khidma.is_admitted(${companyId}, ${userIdOf(actor)}::uuid, ${textArray(rolesThatMay(ability))})`

/** The first effects of whoever changes something of a company: its lock, then the check under it. */
export const actFor = (ctx: Context<UserActor>, companyId: SQL | string, ability: Ability): SQL[] => [
  sql`select khidma.lock_company(${companyId})`,
  sql`select ${actsFor(ctx, companyId, ability)}`,
]

/** Rows of a company, for those of its people who may see them. */
export async function listForCompany<const D extends RowSpec>(
  ctx: Context<UserActor>,
  { companyId, ability }: { companyId: string; ability: Ability },
  row: D,
  rows: Statement<RowOf<D>>,
): Promise<RowOf<D>[]> {
  const listed = await ctx.db.read(rowsOf({ rows: list(row) })`
    select coalesce((select json_agg(x) from (${rows}) x), '[]') as rows from ${actsFor(ctx, companyId, ability)} own`)
  return one(listed).rows as RowOf<D>[]
}

const memberSelect = (me: string | null, where: SQL, orderAndLimit: SQL = sql``): SQL => sql`
  select ${rowColumns(companyMembers, 'm')}, c.company_name as "companyName",
         case when not m.is_by_contact or m.status in ('active', 'left', 'removed') or m.user_id = ${me}::uuid then u.full_name end as "userName",
         exists (select from company_members o where o.company_id = m.company_id and o.user_id = ${me}::uuid and o.status = 'active'
                    and (o.role = 'owner' or o.role = any (${textArray(rolesThatMay('manageMembers'))}) and m.role <> 'owner')) as "mayManage"
    from company_members m join company_profiles c on c.user_id = m.company_id left join users u on u.id = m.user_id
   where ${where} ${orderAndLimit}`

const memberView = (me: string | null, where: SQL): Statement<CompanyMemberRow> =>
  rowsOf(memberRow)`${memberSelect(me, where)}`

const companyOf = (memberId: string): SQL =>
  sql`(select m.company_id from company_members m where m.id = ${memberId})`

export interface MemberFilters {
  status?: CompanyMemberStatus | undefined
}

/** Past its deadline an invitation has expired, before the sweep writes it down. */
const withStatus = (status: CompanyMemberStatus | undefined): SQL =>
  status === undefined
    ? sql`true`
    : sql`case when m.status = 'invited' and m.expires_at <= now() then 'expired' else m.status::text end = ${status}`

export async function listMembers(
  ctx: Context<UserActor>,
  companyId: string,
  { status }: MemberFilters,
  page: PageRequest,
): Promise<CompanyMemberRow[]> {
  const { within, orderAndLimit } = listing(page, 'm')
  const where = sql`m.company_id = ${companyId} and ${withStatus(status)} and ${within}`
  const rows = await ctx.db.read(rowsOf({ members: list(memberRow) })`
    select coalesce((select json_agg(x) from (${memberSelect(userIdOf(ctx.actor), where, orderAndLimit)}) x), '[]') as members
      from ${actsFor(ctx, companyId, 'seeMembers')} own`)
  return one(rows).members
}

export const listOwnMemberships = (
  ctx: Context<UserActor>,
  { status }: MemberFilters,
  page: PageRequest,
): Promise<CompanyMemberRow[]> => {
  const me = ctx.actor.userId
  const { within, orderAndLimit } = listing(page, 'm')
  return ctx.db.read(
    rowsOf(
      memberRow,
    )`${memberSelect(me, sql`m.user_id = ${me} and ${withStatus(status)} and ${within}`, orderAndLimit)}`,
  )
}

/** The member, and the people of the company whose role lets them see who belongs to it. */
export async function getMember(ctx: Context<UserActor>, memberId: string): Promise<CompanyMemberRow> {
  const me = ctx.actor.userId
  const isSeen = sql`m.user_id = ${me} or (${actsFor(ctx, sql`m.company_id`, 'seeMembers')}).id is not null`
  return one(await ctx.db.read(memberView(me, sql`m.id = ${memberId} and (${isSeen})`)))
}

export interface Invitation {
  userId?: string | undefined
  email?: string | undefined
  phone?: string | undefined
  role: MemberRole
  payoutTo: PayoutParty
}

const tokenPurpose = 'company-invitation'

/** Token by which somebody who was invited by e-mail or phone joins. It is made from the id alone, and stored nowhere. */
export const invitationToken = (ctx: Context, { id }: { id: string }): string =>
  signedId(ctx, tokenPurpose, id)

export async function inviteMember(
  ctx: Context<UserActor>,
  companyId: string,
  { userId, email, phone, role, payoutTo }: Invitation,
): Promise<CompanyMemberRow> {
  const me = ctx.actor.userId
  const id = newId(ctx.now.getTime())
  const contact = email ?? phone ?? null
  const row = {
    id,
    companyId,
    userId: userId ?? sql`khidma.user_by_contact(${contact})`,
    contact,
    isByContact: contact !== null,
    role,
    payoutTo,
    invitedBy: me,
    expiresAt: sql`now() + make_interval(days => khidma.config_value('companies.invitation_days', null, null, null)::int)`,
  }
  const effects = [
    ...lockAccount(me),
    ...actFor(ctx, companyId, 'manageMembers'),
    sql`select khidma.refuse(409, 'company_not_open') where not khidma.is_company_open(${companyId})`,
    sql`select khidma.refuse(422, 'unknown_reference', '{"field": "userId"}'::jsonb)
         where ${userId ?? null}::uuid is not null and not exists (select from users u where u.id = ${userId ?? null}::uuid and u.status <> 'closed')`,
    // Past its time an invitation is nobody's: another takes its place before the sweep comes.
    sql`update company_members set status = 'revoked'
         where company_id = ${companyId} and status = 'invited' and expires_at <= now()`,
    sql`select khidma.refuse(409, 'already_member') from company_members m
         where m.company_id = ${companyId} and m.status = 'active' and m.user_id = ${row.userId}`,
    sql`select khidma.claim('companies.invitations_a_day', ${companyId}::uuid, ${id}::uuid,
          khidma.config_value('companies.invitations_a_day', null, null, null)::int, now() + interval '1 day')`,
    sql`insert into company_members ${insertion(companyMembers, row)}`,
  ]
  return one(await ctx.db.write(effects, memberView(me, sql`m.id = ${id}`)))
}

/** First effects of what a member does: the account, the company, then the membership; to others there is none. */
const lockOwnMembership = (me: string, memberId: string): SQL[] => [
  ...lockAccount(me),
  sql`select khidma.lock_company(${companyOf(memberId)})`,
]

const changed = async (
  ctx: Context<UserActor>,
  memberId: string,
  effects: SQL[],
): Promise<CompanyMemberRow> =>
  one(await ctx.db.write(effects, memberView(ctx.actor.userId, sql`m.id = ${memberId}`)))

/** Whoever has the token of an invitation is the one who was invited by it. */
export const answerInvitation = (
  ctx: Context<UserActor>,
  memberId: string,
  status: 'active' | 'declined',
  token: string | undefined,
): Promise<CompanyMemberRow> => {
  const me = ctx.actor.userId
  if (token !== undefined && idSignedIn(ctx, tokenPurpose, token) !== memberId) throw new Problem('not_found')
  // The holder of the token becomes the one who was invited; without it, whoever was.
  const claim = token === undefined ? sql`m.user_id` : sql`coalesce(m.user_id, ${me}::uuid)`
  return changed(ctx, memberId, [
    ...lockOwnMembership(me, memberId),
    mineOrRefused(me, memberId, claim),
    sql`update company_members m set status = ${status}, user_id = ${claim} where m.id = ${memberId}`,
  ])
}

export const leaveCompany = (ctx: Context<UserActor>, memberId: string): Promise<CompanyMemberRow> =>
  changed(ctx, memberId, [
    ...lockOwnMembership(ctx.actor.userId, memberId),
    mineOrRefused(ctx.actor.userId, memberId),
    sql`update company_members set status = 'left' where id = ${memberId}`,
  ])

/** People of the company who may see a membership are refused as the wrong party (403), others as strangers (404). */
const mineOrRefused = (me: string, memberId: string, whose = sql`m.user_id`): SQL => sql`
  select khidma.refuse(case when s.is_inside then 403 else 404 end, case when s.is_inside then 'forbidden' else 'not_found' end)
    from (select) one left join company_members m on m.id = ${memberId}
   cross join lateral (select exists (select from company_members o
                          where o.company_id = m.company_id and o.user_id = ${me} and o.status = 'active') as is_inside) s
   where ${whose} is distinct from ${me}::uuid or m.id is null`

export const endMembership = (
  ctx: Context<UserActor>,
  memberId: string,
  status: 'revoked' | 'removed',
): Promise<CompanyMemberRow> =>
  changed(ctx, memberId, [
    sql`select khidma.refuse(403, 'forbidden') from company_members m where m.id = ${memberId} and m.user_id = ${ctx.actor.userId}`,
    ...actFor(ctx, companyOf(memberId), 'manageMembers'),
    sql`update company_members set status = ${status} where id = ${memberId}`,
  ])

export interface MemberPatch {
  role?: MemberRole | undefined
  payoutTo?: PayoutParty | undefined
}

/** A role applies at once; who earns the work is proposed, and waits for the member's answer. */
export const updateMember = (
  ctx: Context<UserActor>,
  memberId: string,
  { role, payoutTo }: MemberPatch,
  expectedVersion: number | null,
): Promise<CompanyMemberRow> =>
  changed(ctx, memberId, [
    ...actFor(ctx, companyOf(memberId), 'manageMembers'),
    sql`select khidma.assert_version(m.version, ${expectedVersion}) from company_members m where m.id = ${memberId} for update`,
    sql`select khidma.refuse(409, 'membership_ended') from company_members m where m.id = ${memberId} and m.status <> 'active'`,
    ...(role === undefined
      ? []
      : [sql`update company_members set role = ${role} where id = ${memberId} and role <> ${role}`]),
    ...(payoutTo === undefined
      ? []
      : [
          sql`update company_members set payout_proposed = nullif(${payoutTo}, payout_to)
               where id = ${memberId} and payout_proposed is distinct from nullif(${payoutTo}, payout_to)`,
        ]),
  ])

export const answerPayout = (
  ctx: Context<UserActor>,
  memberId: string,
  isAccepted: boolean,
): Promise<CompanyMemberRow> =>
  changed(ctx, memberId, [
    ...lockOwnMembership(ctx.actor.userId, memberId),
    mineOrRefused(ctx.actor.userId, memberId),
    sql`select khidma.refuse(409, 'no_proposal') from company_members m where m.id = ${memberId} and m.payout_proposed is null`,
    sql`update company_members
           set payout_to = case when ${isAccepted}::boolean then payout_proposed else payout_to end, payout_proposed = null
         where id = ${memberId}`,
  ])
