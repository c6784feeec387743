import { defineMachine } from '../../../core/machine.ts'

/** A role profile is prepared as a draft, and is public at most while it is active. */
export const roleProfileMachine = defineMachine({
  name: 'role_profile',
  table: 'role_profiles',
  column: 'status',
  states: ['draft', 'active', 'suspended'],
  people: { owner: { column: 'user_id', eventKey: 'userId' } },
  eventData: { roleProfileId: 'new.id', profession: 'new.profession' },
  transitions: [
    { name: 'created', from: [null], to: 'draft', by: ['owner'], event: 'role_profile.created' },
    { name: 'submit', from: ['draft'], to: 'active', by: ['owner'], event: 'role_profile.submitted' },
    { name: 'suspend', from: ['active'], to: 'suspended', by: ['ops'], event: 'role_profile.suspended' },
    { name: 'reinstate', from: ['suspended'], to: 'active', by: ['ops'], event: 'role_profile.reinstated' },
  ],
})

/**
 * A version is written once; only its approval moves. At most one version of a profile is open (draft or pending): an edit
 * supersedes it. The public version stays approved until a newer one takes its place.
 */
export const roleProfileVersionMachine = defineMachine({
  name: 'role_profile_version',
  table: 'role_profile_versions',
  column: 'approval_status',
  states: ['draft', 'pending', 'approved', 'rejected', 'superseded'],
  people: { owner: { column: 'user_id', eventKey: 'userId' } },
  eventData: { roleProfileId: 'new.profile_id', roleProfileVersionId: 'new.id' },
  consequences: {
    after_role_profile_version_pending: 'The profile waits for a decision about it.',
    after_role_profile_version_approved: 'It becomes the public version of the profile.',
    after_role_profile_version_rejected: 'The profile has no pending version; its public one stays.',
  },
  transitions: [
    { name: 'created', from: [null], to: 'draft', by: ['owner'], event: 'role_profile.version_drafted' },
    // An edit of a profile that was submitted waits at once.
    { name: 'edited', from: [null], to: 'pending', by: ['owner'], event: 'role_profile.version_pending' },
    {
      name: 'wait',
      from: ['draft'],
      to: 'pending',
      by: ['owner'],
      event: 'role_profile.version_pending',
      consequences: ['after_role_profile_version_pending'],
      derived: true,
    },
    {
      name: 'approve',
      from: ['pending'],
      to: 'approved',
      by: ['ops', 'system'],
      event: 'role_profile.approved',
      consequences: ['after_role_profile_version_approved'],
    },
    {
      name: 'reject',
      from: ['pending'],
      to: 'rejected',
      by: ['ops'],
      event: 'role_profile.rejected',
      consequences: ['after_role_profile_version_rejected'],
    },
    {
      name: 'supersede',
      from: ['draft', 'pending'],
      to: 'superseded',
      by: ['owner'],
      event: 'role_profile.version_superseded',
      derived: true,
    },
  ],
})

export type RoleProfileStatus = (typeof roleProfileMachine)['states'][number]
export type VersionStatus = (typeof roleProfileVersionMachine)['states'][number]
