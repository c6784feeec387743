import { type Attributes, priceOf, tagsOf, textsOf } from './kinds/index.ts'

export interface Area {
  lat: number | null
  lng: number | null
  radiusKm: number | null
  city: string | null
  district: string | null
}

/** Fields that a version holds: what everybody reads of a person before they book. */
export interface VersionFields {
  displayName: string
  bio: string | null
  location: string | null
  avatarMediaId: string | null
  businessName: string | null
  experienceYears: number | null
  attributes: Attributes
}

/** Fields that apply at once. */
export interface FreeFields {
  isPublic: boolean
  phone: string | null
  email: string | null
  languages: string[]
  travelRadiusKm: number | null
  areas: AreaInput[]
}

export type AreaInput = { lat: number; lng: number; radiusKm: number } | { city: string; district: string }

type Patch<T> = { [K in keyof T]?: T[K] | undefined }

export type RoleProfileFields = Patch<VersionFields> & Patch<FreeFields>

/**
 * Policy of each field: a change with `approval` makes a version that waits for a decision, while the approved one stays public. `free`
 * says where and how somebody works, and is true from the moment on which they say it.
 */
export const fieldPolicy = {
  displayName: 'approval',
  bio: 'approval',
  location: 'approval',
  avatarMediaId: 'approval',
  businessName: 'approval',
  experienceYears: 'approval',
  attributes: 'approval',
  isPublic: 'free',
  phone: 'free',
  email: 'free',
  languages: 'free',
  travelRadiusKm: 'free',
  areas: 'free',
} as const satisfies Record<keyof VersionFields, 'approval'> & Record<keyof FreeFields, 'free'>

const columns: Record<keyof VersionFields, string> = {
  displayName: 'display_name',
  bio: 'bio',
  location: 'location',
  avatarMediaId: 'avatar_media_id',
  businessName: 'business_name',
  experienceYears: 'experience_years',
  attributes: 'attributes',
}

/** The changes of a patch that need a version, by the names of columns; null where it has none. */
export function versionChanges(fields: RoleProfileFields): Record<string, unknown> | null {
  const names = Object.keys(columns) as (keyof VersionFields)[]
  const given = names.filter((name) => fieldPolicy[name] === 'approval' && fields[name] !== undefined)
  if (given.length === 0) return null
  const changes = Object.fromEntries(given.map((name) => [columns[name], fields[name]]))
  if (!fields.attributes) return changes
  const price = priceOf(fields.attributes)
  return {
    ...changes,
    tags: tagsOf(fields.attributes),
    price_amount: price?.amount ?? null,
    price_currency: price?.currency ?? null,
  }
}

/** Texts of a patch that others will read, by field. */
export const textsOfFields = (fields: RoleProfileFields): [string, string][] => [
  ...(['displayName', 'bio', 'location', 'businessName'] as const).flatMap((name): [string, string][] => {
    const text = fields[name]
    return typeof text === 'string' ? [[name, text]] : []
  }),
  ...(fields.attributes
    ? textsOf(fields.attributes).map(([, text]): [string, string] => ['attributes', text])
    : []),
]
