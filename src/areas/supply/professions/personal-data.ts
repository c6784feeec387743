import { sql } from 'drizzle-orm'
import {
  exported,
  hidden,
  ownedBy,
  type PersonalTable,
  personalTable,
  type Rows,
} from '../../../core/personal-data.ts'
import {
  portfolioImages,
  portfolioItems,
  roleProfileAreas,
  roleProfiles,
  roleProfileVersions,
  serviceExtras,
  services,
} from '../../../db/schema/supply/professions.ts'

/** Rows that hang on a profile of the person. */
const ofProfile: Rows = ({ user }) =>
  sql`t.profile_id in (select p.id from role_profiles p where p.user_id = ${user})`

export const personalData: PersonalTable[] = [
  personalTable(roleProfileAreas, {
    of: ofProfile,
    erasure: 'delete',
    columns: { city: exported, district: exported },
  }),
  personalTable(serviceExtras, {
    of: ({ user }) => sql`t.service_id in (
      select s.id from services s join role_profiles p on p.id = s.profile_id where p.user_id = ${user})`,
    erasure: 'delete',
    columns: { name: exported },
  }),
  personalTable(services, {
    of: ofProfile,
    erasure: 'delete',
    columns: {
      name: exported,
      description: exported,
      category: exported,
      currency: exported,
      unitName: exported,
    },
  }),
  personalTable(portfolioImages, {
    of: ({ user }) => sql`t.item_id in (
      select i.id from portfolio_items i join role_profiles p on p.id = i.profile_id where p.user_id = ${user})`,
    erasure: 'delete',
  }),
  personalTable(portfolioItems, {
    of: ofProfile,
    erasure: 'delete',
    columns: { title: exported, description: exported, tags: exported },
  }),
  personalTable(roleProfileVersions, {
    of: ownedBy(roleProfileVersions.userId),
    erasure: 'delete',
    columns: {
      displayName: exported,
      bio: exported,
      location: exported,
      businessName: exported,
      attributes: exported,
      tags: exported,
      priceCurrency: exported,
      rejectionReason: exported,
      reviewedBy: hidden,
    },
  }),
  personalTable(roleProfiles, {
    of: ownedBy(roleProfiles.userId),
    erasure: 'delete',
    columns: {
      profession: exported,
      rejectionReason: exported,
      phone: exported,
      email: exported,
      languages: exported,
    },
  }),
]
