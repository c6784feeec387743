import { sql } from 'drizzle-orm'
import {
  cleared,
  exported,
  hidden,
  kept,
  keptHidden,
  ownedBy,
  type PersonalTable,
  personalTable,
} from '../../../core/personal-data.ts'
import {
  emailCodes,
  mfaBackupCodes,
  mfaChallenges,
  mfaFactors,
  otpBreakers,
  otpPrefixCounts,
  securityNotifications,
  signInAttempts,
  userCredentials,
} from '../../../db/schema/people/credentials.ts'
import {
  otpRequests,
  otpSends,
  refreshTokens,
  sessions,
  unusedAccountProgress,
  userDevices,
  users,
} from '../../../db/schema/people/identity.ts'

export const personalData: PersonalTable[] = [
  personalTable(userDevices, {
    of: ownedBy(userDevices.userId),
    erasure: 'delete',
    columns: {
      deviceId: exported,
      platform: exported,
      pushToken: hidden,
    },
  }),
  personalTable(refreshTokens, {
    of: ({ user }) => sql`t.session_id in (select s.id from sessions s where s.user_id = ${user})`,
    erasure: 'delete',
    columns: {
      tokenHash: hidden,
    },
  }),
  personalTable(mfaChallenges, {
    of: ownedBy(mfaChallenges.userId),
    erasure: 'delete',
    columns: {
      firstFactor: exported,
      device: exported,
    },
  }),
  personalTable(mfaFactors, {
    of: ownedBy(mfaFactors.userId),
    erasure: 'delete',
    columns: {
      kind: exported,
      label: exported,
      secret: hidden,
      lastCounter: hidden,
    },
  }),
  personalTable(mfaBackupCodes, {
    of: ownedBy(mfaBackupCodes.userId),
    erasure: 'delete',
    columns: {
      codeHash: hidden,
    },
  }),
  personalTable(userCredentials, {
    of: ownedBy(userCredentials.userId),
    erasure: 'delete',
    columns: {
      passwordAlgorithm: hidden,
      passwordSalt: hidden,
      passwordHash: hidden,
    },
  }),
  personalTable(sessions, {
    of: ownedBy(sessions.userId),
    erasure: 'delete',
    columns: {
      deviceId: exported,
      ipAddress: exported,
      userAgent: exported,
      country: exported,
      city: exported,
      lastIpAddress: exported,
      lastCountry: exported,
      lastCity: exported,
      revokedReason: exported,
      firstFactor: exported,
    },
  }),
  personalTable(otpRequests, {
    of: ({ user, phone }) => sql`(t.phone = ${phone} or t.user_id = ${user})`,
    erasure: 'delete',
    columns: {
      phone: exported,
      otpHash: hidden,
      numberBlock: exported,
      ipAddress: exported,
      userAgent: exported,
      channel: exported,
      sentBy: exported,
      prefixes: hidden,
      requester: hidden,
      guesses: hidden,
      purpose: exported,
    },
  }),
  personalTable(emailCodes, {
    of: ({ user, email }) => sql`(t.user_id = ${user} or t.email = ${email})`,
    erasure: 'delete',
    columns: {
      purpose: exported,
      email: exported,
      codeHash: hidden,
      fields: hidden,
      ipAddress: exported,
    },
  }),
  personalTable(unusedAccountProgress, { erasure: 'keep', why: 'ours' }),
  personalTable(securityNotifications, {
    of: ownedBy(securityNotifications.userId),
    erasure: 'delete',
    columns: {
      channel: exported,
      recipient: hidden,
      changedTo: hidden,
    },
  }),
  personalTable(otpSends, {
    erasure: 'keep',
    why: 'keyed hashes, gone within a day',
    columns: {
      key: kept,
    },
  }),
  personalTable(signInAttempts, {
    erasure: 'keep',
    why: 'keyed hashes, gone within a month',
    columns: {
      key: kept,
    },
  }),
  personalTable(otpPrefixCounts, {
    erasure: 'keep',
    why: 'counts of prefixes',
    columns: {
      prefix: kept,
      channel: kept,
    },
  }),
  personalTable(otpBreakers, {
    erasure: 'keep',
    why: 'counts of prefixes',
    columns: {
      prefix: kept,
      channel: kept,
    },
  }),
  personalTable(users, {
    of: ownedBy(users.id),
    erasure: 'keep',
    why: 'the id is the pseudonym that all the rest goes by',
    columns: {
      phone: cleared,
      email: cleared,
      emailVerifiedAt: cleared,
      username: cleared,
      fullName: cleared,
      locale: kept,
      timezone: kept,
      currency: kept,
      country: kept,
      legalHold: keptHidden,
      suspendedBy: keptHidden,
      suspensionReason: { erased: 'null', exported: false },
      restrictions: { erased: "'{}'::jsonb" },
    },
  }),
]
