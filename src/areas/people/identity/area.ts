import { defineArea } from '../../../core/area.ts'
import { identityEvents } from './events.ts'
import { userMachine } from './machine.ts'
import { identityProblems } from './problems.ts'
import { identityRetention } from './retention-policies.ts'

export const identity = defineArea({
  name: 'identity',
  tags: {
    Authentication:
      'Sign-in with a code or a password and a second factor, token refresh, registration by e-mail and password reset.',
    Me: 'The caller: account, credentials, sessions and devices, profiles, settings, addresses, languages, verification, favourites, availability, earnings, and the user channel for live updates.',
  },
  routes: () => import('./routes.ts'),
  personalData: () => import('./personal-data.ts'),
  config: () => import('./config.ts'),
  jobs: () => import('./jobs.ts'),
  retention: identityRetention,
  machines: [userMachine],
  permissions: {
    'users.manage': {
      description: 'Suspend, reinstate, close and restore accounts',
    },
    'users.restrict': {
      description: 'Restrict single abilities of users, and lift restrictions',
      heldBy: ['ops', 'support'],
    },
    'users.read': {
      description: 'View accounts',
      heldBy: ['ops', 'support'],
    },
    'users.reset_mfa': {
      description: 'Reset the second factors of an account whose owner has lost them',
    },
    'otp_breakers.read': {
      description: 'View pauses of sign-in codes',
      heldBy: ['ops', 'support'],
    },
    'otp_breakers.reset': {
      description: 'End pauses of sign-in codes early',
      heldBy: ['ops'],
    },
  },
  problems: identityProblems,
  constraints: {
    users_email_key: ['already_exists', 'email'],
    users_username_key: 'username_taken',
    users_reachable: 'contact_required',
    mfa_factors_pkey: 'already_exists',
    users_timezone: 'unknown_timezone',
  },
  events: identityEvents,
})
