import { idOf } from '../../example-ids.ts'
import type { Json } from '../../json.ts'
import type { JsonObject } from '../parts.ts'
import { lastTime, thenTime } from '../times.ts'
import { decided, ended, type Patch } from './common.ts'

const restorableUntil = '2026-12-21T08:45:00.000Z'
const ends = { status: 'closed', deletedAt: thenTime, restorableUntil }

/** Patches of answers about people, what they offer, and the platform. */
export const peoplePatches: Record<string, Patch> = {
  // People
  'users.close': ends,
  'users.restore': { status: 'active', restoredAt: thenTime },
  'users.restrict': ({ reason, until }, { restrictions }) => ({
    restrictions: (restrictions as JsonObject[]).map((one) => ({
      ...one,
      reason,
      until,
      since: thenTime,
    })) as Json,
  }),
  'users.liftRestrictions': { restrictions: [] },
  'me.close': ends,
  'me.cancelErasure': { status: 'canceled' },
  'me.giveBackRole': { status: 'revoked', endedAt: thenTime, endReason: 'Given back by its owner.' },
  'me.grantConsent': ({ documentVersion }) => marketing(documentVersion as string),
  'me.withdrawConsent': {
    ...marketing('2026-11'),
    isInForce: false,
    withdrawnAt: thenTime,
  },
  'me.setLanguages': ({ languages }, { data }) => ({
    data: (languages as JsonObject[]).map((one, index) => ({
      ...(data as JsonObject[])[0],
      ...(index > 0 && { name: 'English', nativeName: 'English' }),
      ...one,
    })),
  }),
  'auth.refresh': { refreshToken: `${idOf('refreshToken')}.Zt4Bq9wPoOiVaAgHeUfCzLs1RbXd7T5k2Yn8Jv3mWp0` },
  'userRoles.approve': {
    status: 'approved',
    assignedAt: thenTime,
    assignedBy: idOf('decidedBy'),
    ...decided(),
  },
  'userRoles.reject': { status: 'rejected', ...decided() },
  'userRoles.revoke': ({ reason }) => ({
    status: 'revoked',
    assignedAt: thenTime,
    assignedBy: idOf('decidedBy'),
    ...decided(),
    decisionReason: 'As agreed with the department',
    endedAt: thenTime,
    endedBy: idOf('endedBy'),
    endReason: reason as Json,
  }),
  'userRoles.grant': ({ reason }) => ({
    status: 'approved',
    assignedAt: thenTime,
    assignedBy: idOf('decidedBy'),
    ...decided(),
    decisionReason: reason as Json,
  }),
  'legalHolds.release': { releasedAt: thenTime, releasedBy: idOf('releasedBy') },
  'companyMembers.accept': { joinedAt: thenTime },
  'companyMembers.invite': { joinedAt: null, expiresAt: '2026-12-05T08:30:00.000Z' },
  'companyMembers.decline': { joinedAt: null, ...ended() },
  'companyMembers.revoke': { joinedAt: null, ...ended() },
  'companyMembers.leave': ended(),
  'companyMembers.remove': ended(),
  'companyProfiles.approve': reviewed(),
  'companyProfiles.reject': reviewed(),
  'otpBreakers.reset': { active: false, pausedUntil: thenTime, resetAt: thenTime },
  'apiKeys.create': { expiresAt: '2027-02-19T08:30:00.000Z' },
  'apiKeys.rotate': { expiresAt: '2027-02-19T08:45:00.000Z', previousKeyUntil: '2026-11-22T08:45:00.000Z' },
  // Supply
  'roleProfiles.create': { ...unlisted('draft'), approvalStatus: 'pending' },
  'roleProfiles.setVerification': { verifiedAt: thenTime },
  'roleProfiles.submit': { ...unlisted('pending'), approvalStatus: 'pending' },
  'roleProfiles.approve': {
    approvedAt: thenTime,
    publicVersion: { reviewedAt: thenTime, reviewedBy: idOf('reviewedBy') },
    latestVersion: { reviewedAt: thenTime, reviewedBy: idOf('reviewedBy') },
  },
  'roleProfiles.reject': ({ reason }) => {
    const { latestVersion, ...profile } = unlisted('rejected')
    return {
      ...profile,
      approvalStatus: 'rejected',
      rejectionReason: reason as Json,
      latestVersion: {
        ...(latestVersion as JsonObject),
        rejectionReason: reason as Json,
        reviewedAt: thenTime,
        reviewedBy: idOf('reviewedBy'),
      },
    }
  },
  'roleProfiles.suspend': { isListed: false },
  'verifications.approve': reviewed(),
  'verifications.reject': ({ reason }) => ({ remarks: reason as Json, ...reviewed() }),
  'verifications.revoke': ({ reason }) => ({ remarks: reason as Json, ...reviewed() }),
  'verifications.decideDocument': ({ status, remarks }, { documents }) => ({
    documents: (documents as JsonObject[]).map((one) => ({
      ...one,
      status,
      remarks,
      reviewedAt: thenTime,
    })) as Json,
  }),
  'me.resubmitVerification': (_request, { documents }) => ({
    documents: (documents as JsonObject[]).map((one) => ({ ...one, documentType: 'back' })),
  }),
  'me.attestRequirement': (_request, { items }) => ({
    items: (items as JsonObject[]).map((item) => ({
      ...item,
      kind: 'terms',
      name: 'Terms for taskers',
      status: 'complete',
    })),
  }),
  'requirementWaivers.end': { endedAt: thenTime, endedBy: idOf('endedBy') },
  'languages.update': { code: 'wo', name: 'Wolof' },
  'addons.restore': { restoredAt: thenTime },
  'categories.restore': { restoredAt: thenTime },
  // Platform
  'configEntries.revert': { state: 'ended', validUntil: thenTime },
  'me.requestExport': {
    status: 'pending',
    fileSize: null,
    rowCount: null,
    completedAt: null,
    expiresAt: null,
  },
  'notifications.markRead': { readAt: thenTime },
  'media.create': {
    uploadedAt: null,
    downloadUrl: null,
    uploadUrl: 'https://uploads.khidma.example/put?signature=fJr…',
    expiresAt: lastTime,
  },
  'webhooks.rotateSecret': { previousSecretUntil: '2026-11-22T08:45:00.000Z' },
  'deadLetters.retry': { resolvedAt: thenTime },
}

/** A consent that may be withdrawn. */
function marketing(version: string): JsonObject {
  return { url: `https://khidma.example/marketing/${version}`, isRequired: false }
}

function reviewed(): JsonObject {
  return { reviewedAt: thenTime, reviewedBy: idOf('reviewedBy') }
}

/** A profile of which nothing is public yet. */
function unlisted(approvalStatus: string): JsonObject {
  return {
    isListed: false,
    approvedAt: null,
    verificationStatus: 'pending',
    verifiedAt: null,
    publicVersion: null,
    latestVersion: { number: 1, approvalStatus },
  }
}
