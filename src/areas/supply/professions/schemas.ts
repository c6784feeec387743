import { z } from '@hono/zod-openapi'
import type { Actor } from '../../../core/context.ts'
import { allowedActions } from '../../../core/machine.ts'
import { said } from '../../../core/said.ts'
import { nameIn, type TextLocales } from '../../../core/translations.ts'
import { valueTexts } from '../../../core/value-texts.ts'
import { profileApprovals, profileVerifications } from '../../../db/schema/supply/professions.ts'
import { changedQuery, relatedId } from '../../../http/list-query.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { AllowedActions, Id, Latitude, Longitude, Reason, Timestamp, Version } from '../../../http/schemas.ts'
import { fieldPolicy } from './fields.ts'
import { type Attributes, ProfessionAttributes, ProfessionKey } from './kinds/index.ts'
import { roleProfileMachine, roleProfileVersionMachine } from './machine.ts'
import { type Profession as ProfessionData, priceUnits } from './profession.ts'
import type { RoleProfileRow, VersionRow } from './role-profiles.ts'

const Label = z.string().openapi({
  example: 'Starting price',
  description: 'Label in the language of the answer (`Accept-Language`: ar, en, ru, ky or hi).',
})

const AttributeInfo = z
  .object({
    name: z.string().openapi({ example: 'startingPrice', description: 'Name in `attributes`.' }),
    label: Label,
    kind: z.enum(['words', 'flag', 'choice', 'number', 'text', 'price']).openapi({
      example: 'price',
      description: 'Kind of value: a list of texts, yes or no, one of `values`, a number, a text or a price.',
    }),
    filter: z.enum(['any_of', 'yes_no', 'range', 'none']).openapi({
      example: 'range',
      description: 'How the directory filters by it.',
    }),
    unit: z.string().nullable().openapi({ example: null, description: 'Unit of a number.' }),
    values: z
      .array(
        z
          .object({
            value: z.string().openapi({ example: 'freelance', description: 'Value to send.' }),
            label: Label,
          })
          .openapi('ProfessionValue', { description: 'A value that an attribute can have, with its label.' }),
      )
      .nullable()
      .openapi({ example: null, description: 'Values of a choice.' }),
  })
  .openapi('ProfessionAttribute', { description: 'An attribute of a profession.' })

export const Profession = z
  .object({
    key: ProfessionKey,
    label: Label.openapi({ example: 'Photographer' }),
    attributes: z.array(AttributeInfo).openapi({ description: 'Its attributes, in the order of a form.' }),
    priceAttribute: z.string().openapi({
      example: 'startingPrice',
      description: 'Attribute by which the directory filters and sorts prices.',
    }),
    priceUnit: z.enum(priceUnits).openapi({ example: 'job', description: 'What that price is for.' }),
  })
  .openapi('Profession', {
    description: 'A profession: labels, attributes and filters for forms and searches.',
  })

export const ProfessionList = z
  .object({
    data: z.array(Profession).openapi({ description: 'All professions.' }),
    fieldsWithApproval: z.array(z.string()).openapi({
      example: ['displayName', 'bio'],
      description: 'Fields of a role profile whose change waits for approval. All others apply at once.',
    }),
  })
  .openapi('ProfessionList')

const DisplayName = z
  .string()
  .trim()
  .min(1)
  .max(120)
  .openapi({ example: 'Mona Adel Photography', description: 'Name that clients see.' })
const Bio = z.string().trim().min(1).max(4_000).openapi({
  example: 'Weddings and portraits since 2014.',
  description: 'Introduction, without links and contacts.',
})
const Location = z
  .string()
  .trim()
  .min(1)
  .max(120)
  .openapi({ example: 'Cairo, Zamalek', description: 'Where they are based, as a text.' })
const BusinessName = z
  .string()
  .trim()
  .min(1)
  .max(120)
  .openapi({ example: 'Adel Studio', description: 'Name of the business.' })
const ExperienceYears = z.int().min(0).max(80).openapi({ example: 12, description: 'Years of experience.' })
const AvatarMediaId = Id.openapi({ description: 'Picture: an uploaded image of your own.' })

export const LanguageCodes = z
  .array(z.string().max(35).openapi({ example: 'ar', description: 'Language tag (BCP 47).' }))
  .max(20)
  .refine((codes) => new Set(codes).size === codes.length, valueTexts.eachOnce)
  .openapi({ example: ['ar', 'en'], description: 'Languages in which they work.' })

const TravelRadius = z
  .int()
  .min(0)
  .max(1_000)
  .openapi({ example: 25, description: 'How far they travel, in kilometres.' })

const circleOrDistrict = said({
  en: 'either lat, lng and radiusKm or city and district are required',
  ar: 'يجب إرسال lat وlng وradiusKm معًا أو city وdistrict معًا',
})

const areaFields = {
  lat: Latitude.optional(),
  lng: Longitude.optional(),
  radiusKm: z.number().min(0.5).max(200).optional().openapi({
    example: 10,
    description: 'Radius of a circle in kilometres.',
  }),
  city: z
    .string()
    .trim()
    .min(1)
    .max(80)
    .optional()
    .openapi({ example: 'Cairo', description: 'City of a district.' }),
  district: z
    .string()
    .trim()
    .min(1)
    .max(80)
    .optional()
    .openapi({ example: 'Maadi', description: 'A district by name.' }),
}

const AreaBody = z
  .strictObject(areaFields)
  .refine(({ lat, lng, radiusKm, city, district }) => {
    const [circle, named] = [
      [lat, lng, radiusKm].filter((value) => value !== undefined).length,
      [city, district].filter((value) => value !== undefined).length,
    ]
    return (circle === 3 && named === 0) || (circle === 0 && named === 2)
  }, circleOrDistrict)
  .openapi('RoleProfileAreaBody', {
    example: { lat: 30.0444, lng: 31.2357, radiusKm: 10 },
    description: 'A service area: a circle, or a district by name.',
  })

const Areas = z.array(AreaBody).max(20).openapi({
  description: 'Service areas. Without any, the service area of the tasker profile applies.',
})

export const Area = z
  .object({
    lat: Latitude.nullable(),
    lng: Longitude.nullable(),
    radiusKm: z
      .number()
      .nullable()
      .openapi({ example: 10, description: 'Radius of a circle in kilometres.' }),
    city: z.string().nullable().openapi({ example: null, description: 'City of a district.' }),
    district: z.string().nullable().openapi({ example: null, description: 'A district by name.' }),
  })
  .openapi('RoleProfileArea', { description: 'A service area: a circle, or a district by name.' })

const IsPublic = z.boolean().openapi({
  example: true,
  description: 'Whether the profile may be public. It is, once it is approved and its tasker is active.',
})
const Phone = z
  .string()
  .max(20)
  .regex(/^\+[1-9][0-9]{6,14}$/, valueTexts.phoneNumber)
  .openapi({ example: '+201001234567', description: 'Business phone number, for staff only.' })
const Email = z.email().max(254).openapi({
  example: 'studio@khidma.example',
  description: 'Business e-mail address, for staff only.',
})

export const CreateRoleProfile = z
  .strictObject({
    displayName: DisplayName,
    bio: Bio.nullable().optional(),
    location: Location.nullable().optional(),
    avatarMediaId: AvatarMediaId.nullable().optional(),
    businessName: BusinessName.nullable().optional(),
    experienceYears: ExperienceYears.nullable().optional(),
    attributes: ProfessionAttributes,
    isPublic: IsPublic.optional(),
    phone: Phone.nullable().optional(),
    email: Email.nullable().optional(),
    languages: LanguageCodes.optional(),
    travelRadiusKm: TravelRadius.nullable().optional(),
    areas: Areas.optional(),
  })
  .openapi('CreateRoleProfile', {
    example: {
      displayName: 'Mona Adel Photography',
      bio: 'Weddings and portraits since 2014.',
      experienceYears: 12,
      attributes: {
        profession: 'photographer',
        specialties: ['weddings', 'portraits'],
        studioAvailable: true,
        startingPrice: { amount: 250_000, currency: 'EGP' },
      },
      isPublic: true,
      languages: ['ar', 'en'],
      areas: [{ lat: 30.0444, lng: 31.2357, radiusKm: 10 }],
    },
  })

export const UpdateRoleProfile = CreateRoleProfile.partial()
  .strict()
  .openapi('UpdateRoleProfile', { example: { languages: ['ar'], travelRadiusKm: 40 } })

const VersionStatus = z.enum(roleProfileVersionMachine.states).openapi('RoleProfileVersionStatus', {
  example: 'approved',
  description: 'Approval of one version.',
})

/** The fields that everybody reads of an approved version. */
export const versionContent = {
  displayName: DisplayName,
  bio: Bio.nullable(),
  location: Location.nullable(),
  businessName: BusinessName.nullable(),
  experienceYears: ExperienceYears.nullable(),
  attributes: ProfessionAttributes,
}

export const RoleProfileVersion = z
  .object({
    id: Id.openapi({ description: 'Id of the version.' }),
    number: z.int().openapi({ example: 2, description: 'Counts the versions of the profile from 1.' }),
    ...versionContent,
    avatarMediaId: AvatarMediaId.nullable(),
    approvalStatus: VersionStatus,
    rejectionReason: z.string().nullable().openapi({ example: null, description: 'Why it was rejected.' }),
    reviewedAt: Timestamp.nullable().openapi({ description: 'Time of the decision.' }),
    reviewedBy: Id.nullable().openapi({
      example: null,
      description: 'Member of staff who decided; for staff only.',
    }),
    createdAt: Timestamp,
  })
  .openapi('RoleProfileVersion', { description: 'What a profile says, as it was written at one time.' })

export const RoleProfileVersionPage = pageOf(RoleProfileVersion, 'RoleProfileVersionPage')

const Status = z.enum(roleProfileMachine.states).openapi('RoleProfileStatus', {
  example: 'active',
  description: 'Status of a role profile.',
})
const Approval = z.enum(profileApprovals).openapi('RoleProfileApproval', {
  example: 'approved',
  description:
    'Approval of the latest version. The public version stays as it is until a newer one is approved.',
})
const Verification = z.enum(profileVerifications).openapi('RoleProfileVerification', {
  example: 'verified',
  description: 'Whether staff have verified the person in this profession.',
})

export const RoleProfile = z
  .object({
    id: Id,
    userId: Id.openapi({ description: 'The person: the id of their tasker profile as well.' }),
    profession: ProfessionKey,
    status: Status,
    verificationStatus: Verification,
    verifiedAt: Timestamp.nullable().openapi({ description: 'Time of the verification.' }),
    approvalStatus: Approval,
    rejectionReason: z.string().nullable().openapi({
      example: null,
      description: 'Why the latest version was rejected.',
    }),
    approvedAt: Timestamp.nullable().openapi({ description: 'Time of the last approval.' }),
    isPublic: IsPublic,
    isListed: z.boolean().openapi({
      example: true,
      description: 'Whether everybody can find and book the profile now.',
    }),
    phone: Phone.nullable(),
    email: Email.nullable(),
    languages: LanguageCodes,
    travelRadiusKm: TravelRadius.nullable(),
    areas: z.array(Area).openapi({ description: 'Service areas, in order.' }),
    publicVersion: z
      .union([RoleProfileVersion, z.null()])
      .openapi({ description: 'The version that everybody sees.' }),
    latestVersion: z
      .union([RoleProfileVersion, z.null()])
      .openapi({ description: 'The newest version, whatever became of it.' }),
    allowedActions: AllowedActions,
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('RoleProfile', {
    description: 'What a person offers in one profession, for themselves and staff.',
  })

export const RoleProfilePage = pageOf(RoleProfile, 'RoleProfilePage')

export const RoleProfileFilters = z.object({
  ...pageQuery,
  ...changedQuery,
  profession: ProfessionKey.optional().openapi({ description: 'Only profiles of this profession.' }),
  status: Status.optional().openapi({ description: 'Only profiles with this status.' }),
  approvalStatus: Approval.optional().openapi({ description: 'Only profiles whose latest version is so.' }),
  verificationStatus: Verification.optional().openapi({
    description: 'Only profiles with this verification.',
  }),
  userId: relatedId('Only profiles of this user.'),
})

export const OwnRoleProfileFilters = z.object({ ...pageQuery })
export const VersionFilters = z.object({ ...pageQuery })

const VersionId = Id.openapi({ description: 'The version that you have read: `latestVersion.id`.' })

export const ApproveRoleProfile = z
  .strictObject({ versionId: VersionId })
  .openapi('ApproveRoleProfile', { example: { versionId: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40' } })

export const RejectRoleProfile = z
  .strictObject({
    versionId: VersionId,
    reason: Reason.openapi({ description: 'Free text, which the owner reads.' }),
  })
  .openapi('RejectRoleProfile', {
    example: {
      versionId: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40',
      reason: 'Please write in full sentences what you offer.',
    },
  })

export const SuspendRoleProfile = z
  .strictObject({ reason: Reason.openapi({ description: 'Free text, recorded with the change.' }) })
  .openapi('SuspendRoleProfile', { example: { reason: 'The certificates are not genuine.' } })

export const SetRoleProfileVerification = z
  .strictObject({ verificationStatus: Verification })
  .openapi('SetRoleProfileVerification', { example: { verificationStatus: 'verified' } })

const partyOf = (actor: Actor, ownerId: string): 'owner' | 'ops' | null => {
  if (actor.kind !== 'user') return null
  if (actor.userId === ownerId) return 'owner'
  return actor.role === 'ops' || actor.role === 'admin' ? 'ops' : null
}

export function toVersion(row: VersionRow, actor: Actor): z.infer<typeof RoleProfileVersion> {
  const isOwn = partyOf(actor, row.userId) === 'owner'
  return {
    id: row.id,
    number: row.number,
    displayName: row.displayName,
    bio: row.bio,
    location: row.location,
    businessName: row.businessName,
    experienceYears: row.experienceYears,
    attributes: row.attributes as Attributes,
    avatarMediaId: row.avatarMediaId,
    approvalStatus: row.approvalStatus,
    rejectionReason: row.rejectionReason,
    reviewedAt: row.reviewedAt,
    reviewedBy: isOwn ? null : row.reviewedBy,
    createdAt: row.createdAt,
  }
}

export function toRoleProfile(row: RoleProfileRow, actor: Actor): z.infer<typeof RoleProfile> {
  const party = partyOf(actor, row.userId)
  const latest = row.latestVersion
  return {
    id: row.id,
    userId: row.userId,
    profession: row.profession,
    status: row.status,
    verificationStatus: row.verificationStatus,
    verifiedAt: row.verifiedAt,
    approvalStatus: row.approvalStatus,
    rejectionReason: row.rejectionReason,
    approvedAt: row.approvedAt,
    isPublic: row.isPublic,
    isListed: row.isListed,
    phone: row.phone,
    email: row.email,
    languages: row.languages,
    travelRadiusKm: row.travelRadiusKm,
    areas: row.areas,
    publicVersion: row.publicVersion && toVersion(row.publicVersion, actor),
    latestVersion: latest && toVersion(latest, actor),
    allowedActions: [
      ...allowedActions(roleProfileMachine, row.status, party),
      ...(latest ? allowedActions(roleProfileVersionMachine, latest.approvalStatus, party) : []),
    ],
    version: row.version,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  }
}

export const toProfession = (
  { key, labels, attributes, price }: ProfessionData,
  locales: TextLocales,
): z.infer<typeof Profession> => ({
  key,
  label: nameIn(locales, labels),
  attributes: Object.entries(attributes).map(([name, { kind, filter, unit, values, ...its }]) => ({
    name,
    label: nameIn(locales, its.labels),
    kind,
    filter,
    unit: unit ?? null,
    values: values
      ? Object.entries(values).map(([value, texts]) => ({ value, label: nameIn(locales, texts) }))
      : null,
  })),
  priceAttribute: price.attribute,
  priceUnit: price.unit,
})

export const fieldsWithApproval = Object.entries(fieldPolicy)
  .filter(([, policy]) => policy === 'approval')
  .map(([field]) => field)
