import { type SQL, sql } from 'drizzle-orm'
import { type Actor, type Context, isStaff, type UserActor, userIdOf } from '../../../core/context.ts'
import { isoTime, rowColumns } from '../../../db/json.ts'
import { assignments } from '../../../db/patch.ts'
import { bool, columnsOf, nullable, pick, type RowOf, rowsOf, time, uuid } from '../../../db/rows.ts'
import {
  candidateProfiles,
  companyProfiles,
  type Education,
  type WorkExperience,
} from '../../../db/schema/people/profiles.ts'
import { textArray } from '../../../db/sql.ts'
import { one, type Statement } from '../../../db/unit.ts'
import { rolesThatMay } from '../companies/abilities.ts'
import { actFor, actsFor } from '../companies/members.ts'
import { mediaStand, writeOwn } from './own-rows.ts'
import { personColumns, shownPerson } from './shown.ts'

/** Profiles of a user on the labour market: a company that hires, a candidate, or neither. */

export const companyRow = columnsOf(companyProfiles)
export type CompanyRow = RowOf<typeof companyRow>
const candidateRow = columnsOf(candidateProfiles)
export type CandidateRow = RowOf<typeof candidateRow>

export interface CompanyFields {
  companyName: string
  businessType: string | null
  industry: string | null
  registrationNumber: string | null
  contactPersonName: string | null
  contactPersonTitle: string | null
  email: string | null
  phone: string | null
  city: string | null
  country: string | null
  bio: string | null
  websiteUrl: string | null
  logoMediaId: string | null
  status: 'active' | 'hidden'
}

export interface CandidateFields {
  displayName: string | null
  bio: string | null
  city: string | null
  experienceYears: number | null
  preferredRoles: string[]
  skills: string[]
  experience: WorkExperience[]
  education: Education[]
  expectedSalary: { amount: number; currency: string } | null
  resumeMediaId: string | null
  status: 'draft' | 'active' | 'hidden'
  visibility: 'private' | 'companies' | 'public'
  lookingForWork: boolean
  contact: { email: string | null; phone: string | null } | null
}

const companyOf = (userId: string): Statement<CompanyRow> =>
  rowsOf(companyRow)`
      select ${rowColumns(companyProfiles, 'c')} from company_profiles c where c.user_id = ${userId}`

const candidateOf = (userId: string): Statement<CandidateRow> =>
  rowsOf(candidateRow)`
      select ${rowColumns(candidateProfiles, 'c')} from candidate_profiles c where c.user_id = ${userId}`

export async function getCompanyProfile(ctx: Context<UserActor>): Promise<CompanyRow> {
  return one(await ctx.db.read(companyOf(ctx.actor.userId)))
}

export async function putCompanyProfile(
  ctx: Context<UserActor>,
  fields: CompanyFields,
  expectedVersion: number | null,
): Promise<CompanyRow> {
  const { userId } = ctx.actor
  const effects = [
    ...mediaStand(userId, [fields.logoMediaId], ['image']),
    ...writeOwn(companyProfiles, userId, fields, expectedVersion),
  ]
  return one(await ctx.db.write(effects, companyOf(userId)))
}

/** The whole profile, for the people of the company who may change it. */
export const getOwnCompany = async (ctx: Context<UserActor>, companyId: string): Promise<CompanyRow> =>
  one(
    await ctx.db.read(rowsOf(companyRow)`
      select ${rowColumns(companyProfiles, 'c')} from ${actsFor(ctx, companyId, 'editCompany')} own join company_profiles c on c.user_id = own.company_id`),
  )

/** Fields that the people of a company may change in its profile; its logo is a file of the account. */
export type CompanyPatch = {
  [K in Exclude<keyof CompanyFields, 'logoMediaId'>]?: CompanyFields[K] | undefined
}

export async function updateCompany(
  ctx: Context<UserActor>,
  companyId: string,
  patch: CompanyPatch,
  expectedVersion: number | null,
): Promise<CompanyRow> {
  const changes = assignments(companyProfiles, patch)
  const effects = [
    ...actFor(ctx, companyId, 'editCompany'),
    sql`select khidma.assert_version(c.version, ${expectedVersion}) from company_profiles c where c.user_id = ${companyId} for update`,
    ...(changes ? [sql`update company_profiles set ${changes} where user_id = ${companyId}`] : []),
  ]
  return one(await ctx.db.write(effects, companyOf(companyId)))
}

/** Company as everybody may see it. */
const publicCompanyRow = {
  ...pick(
    companyRow,
    'companyName',
    'businessType',
    'industry',
    'city',
    'country',
    'bio',
    'websiteUrl',
    'logoMediaId',
  ),
  id: uuid,
  isVerified: bool,
  memberSince: time,
}
export type PublicCompanyRow = RowOf<typeof publicCompanyRow>

export async function getCompany(ctx: Context, companyId: string): Promise<PublicCompanyRow> {
  const statement = rowsOf(publicCompanyRow)`
    select c.user_id as id, c.company_name as "companyName", c.business_type as "businessType", c.industry, c.city,
           c.country, c.bio, c.website_url as "websiteUrl", c.logo_media_id as "logoMediaId",
           coalesce(v.verification_status = 'verified' and (v.expires_at is null or v.expires_at > now()), false) as "isVerified",
           ${isoTime(sql`c.created_at`)} as "memberSince"
      from company_profiles c join users u on u.id = c.user_id
      left join user_verifications v on v.user_id = c.user_id
     where c.user_id = ${companyId} and c.status = 'active' and c.approval_status = 'approved'
       and u.status = 'active' and u.account_type = 'company'`
  return one(await ctx.db.read(statement))
}

const shownCandidateRow = {
  ...pick(
    candidateRow,
    'displayName',
    'city',
    'experienceYears',
    'preferredRoles',
    'skills',
    'experience',
    'education',
  ),
  ...shownPerson,
  id: uuid,
  /** For themselves and the companies that they have applied to, or that have viewed them. */
  resumeMediaId: nullable(uuid),
}
export type ShownCandidateRow = RowOf<typeof shownCandidateRow>

/** Whether the caller hires for a company that staff have approved: its account, an owner or a manager. */
const isApprovedCompany = (actor: Actor): SQL => sql`exists (
  select from company_members m join company_profiles k on k.user_id = m.company_id and k.status = 'active'
   where m.user_id = ${userIdOf(actor)}::uuid and m.status = 'active' and m.role = any (${textArray(rolesThatMay('hire'))})
     and khidma.is_company_open(m.company_id))`

/**
 * Readers are whom the candidate admits, companies that they have applied to or that have viewed them, the candidate, and staff. To others
 * there is no such profile.
 */
export async function getCandidate(ctx: Context, candidateId: string): Promise<ShownCandidateRow> {
  const { actor } = ctx
  const me = sql`${userIdOf(actor)}::uuid`
  const readsResume = sql`coalesce(c.user_id = ${me} or khidma.reads_applicant(${me}, c.user_id), false)`
  const isInside = isStaff(actor) ? sql`true` : readsResume
  const statement = rowsOf(shownCandidateRow)`
    select c.user_id as id, c.display_name as "displayName", c.bio, c.city,
           c.experience_years as "experienceYears", c.preferred_roles as "preferredRoles", c.skills, c.experience, c.education,
           case when ${readsResume} then c.resume_media_id end as "resumeMediaId", s."avatarUrl", s.languages, s.badge
      from candidate_profiles c join users u on u.id = c.user_id
     cross join lateral ${personColumns(sql`c.user_id`, 's')}
     where c.user_id = ${candidateId} and (${isInside} or c.status = 'active' and u.status = 'active'
       and (c.visibility = 'public' or c.visibility = 'companies' and ${isApprovedCompany(actor)}))`
  return one(await ctx.db.read(statement))
}

export async function getCandidateProfile(ctx: Context<UserActor>): Promise<CandidateRow> {
  return one(await ctx.db.read(candidateOf(ctx.actor.userId)))
}

export async function putCandidateProfile(
  ctx: Context<UserActor>,
  { expectedSalary, preferredRoles, skills, experience, education, contact, ...rest }: CandidateFields,
  expectedVersion: number | null,
): Promise<CandidateRow> {
  const { userId } = ctx.actor
  const row = {
    ...rest,
    preferredRoles: textArray(preferredRoles),
    skills: textArray(skills),
    experience: jsonb(experience),
    education: jsonb(education),
    expectedSalaryAmount: expectedSalary?.amount ?? null,
    expectedSalaryCurrency: expectedSalary?.currency ?? null,
    contactEmail: contact?.email ?? null,
    contactPhone: contact?.phone ?? null,
  }
  const effects = [
    ...mediaStand(userId, [rest.resumeMediaId], ['document']),
    ...writeOwn(candidateProfiles, userId, row, expectedVersion),
  ]
  return one(await ctx.db.write(effects, candidateOf(userId)))
}

const jsonb = (value: unknown): SQL => sql`${JSON.stringify(value)}::jsonb`
