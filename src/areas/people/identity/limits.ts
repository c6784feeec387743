const minute = 60
const hour = 60 * minute
const day = 24 * hour

export interface SendLimit {
  count: number
  perSeconds: number
}

export const otpChannels = ['sms', 'whatsapp', 'voice'] as const
export type OtpChannel = (typeof otpChannels)[number]

/** Every number of signing in. A window slides: it ends now. */
export const otpPolicy = {
  digits: 6,
  codeSeconds: 5 * minute,
  /** In all, right ones included. The column has the same bound. */
  maxChecks: 5,
  /** After the first code of a run, the second, every further one; a run ends after a quiet while. */
  resendAfterSeconds: [30, 60, 120],
  resendRunSeconds: 10 * minute,
  /**
   * A prefix whose codes are sent and not typed in is being pumped for the operator's share: its channel rests, and for
   * twice as long when it goes on. Real people type in more than half.
   */
  breaker: { windowSeconds: hour, pauseSeconds: 15 * minute, maxPauseSeconds: 4 * hour },
  pumped: {
    country: { minSent: 1_000, minVerifiedPercent: 10 },
    range: { minSent: 60, minVerifiedPercent: 10 },
  },
  /** While its prefix rests, a known device is still sent so many codes a day: fewer than pumping is worth. */
  pastBreaker: 3,
  /** How long after its last use a session shows that its device is known. */
  knownSeconds: 90 * day,
  /**
   * Wrong guesses, at whatever codes: those of one requester, and of everybody at one number. Each hits with a chance of one
   * in a million.
   */
  guesses: {
    requester: [{ count: 10, perSeconds: day }],
    phone: [{ count: 20, perSeconds: day }],
  },
  limits: {
    /** Fewer than the number's, so that nobody uses them up alone. */
    requester: [
      { count: 4, perSeconds: hour },
      { count: 6, perSeconds: day },
    ],
    phone: [
      { count: 8, perSeconds: hour },
      { count: 12, perSeconds: day },
    ],
    /** 10,000 neighbouring numbers. Who pumps premium SMS walks through a block; its people sign in once a month. */
    block: [
      { count: 60, perSeconds: hour },
      { count: 200, perSeconds: day },
    ],
    /** One IPv4 address or IPv6 /64. Mobile carriers put thousands of phones behind one address. */
    network: [
      { count: 100, perSeconds: hour },
      { count: 500, perSeconds: day },
    ],
    /** The most a bad hour can cost. */
    everyone: [
      { count: 300, perSeconds: minute },
      { count: 5_000, perSeconds: hour },
    ],
  },
} as const satisfies { limits: Record<string, readonly SendLimit[]>; [rule: string]: unknown }

export const sessionPolicy = {
  /** From the last refresh: who opens the app once a month stays signed in. */
  refreshTokenSeconds: 30 * day,
  devicesAUser: 20,
} as const

/**
 * Cost of a wrong guess. `free` failures in a run cost nothing; the next one blocks, and every further one blocks for twice
 * as long.
 */
export interface FailureRule {
  free: number
  /** A run of failures ends after so much quiet. */
  windowSeconds: number
  blockSeconds: number
  maxBlockSeconds: number
}

export const passwordPolicy = {
  minLength: 8,
  maxLength: 128,
  /** A name from a network: five guesses, then longer and longer waits, for that network alone. */
  pair: { free: 5, windowSeconds: hour, blockSeconds: 30, maxBlockSeconds: 15 * minute },
  /** A name from everywhere: short, as it stops a stranger's network and the owner's new one alike. */
  name: { free: 20, windowSeconds: hour, blockSeconds: minute, maxBlockSeconds: 5 * minute },
  /** A network over all names: stuffing. Carriers put thousands of people behind one address. */
  network: { free: 300, windowSeconds: hour, blockSeconds: minute, maxBlockSeconds: 15 * minute },
  /** Where somebody has signed in so recently, the failures of others do not stop them. */
  knownSeconds: 30 * day,
  /** How fresh a sign-in (of who has no password to show) must be for a change of names or password. */
  recentSeconds: 30 * minute,
  /** Between the code of a reset and the new password. */
  resetSeconds: 15 * minute,
} as const satisfies { name: FailureRule; pair: FailureRule; network: FailureRule; [rule: string]: unknown }

export const emailCodePolicy = {
  digits: 8,
  codeSeconds: 30 * minute,
  resendAfterSeconds: [30, 60, 120],
  resendRunSeconds: 10 * minute,
  limits: {
    requester: [
      { count: 4, perSeconds: hour },
      { count: 6, perSeconds: day },
    ],
    address: [
      { count: 8, perSeconds: hour },
      { count: 12, perSeconds: day },
    ],
    network: [
      { count: 60, perSeconds: hour },
      { count: 300, perSeconds: day },
    ],
    everyone: [{ count: 600, perSeconds: minute }],
  },
} as const satisfies { limits: Record<string, readonly SendLimit[]>; [rule: string]: unknown }

export const mfaPolicy = {
  challengeSeconds: 5 * minute,
  enrolmentSeconds: 15 * minute,
  /** Steps of 30 s before and after ours: clocks differ. */
  window: 1,
  factorsAUser: 5,
  backupCodes: 10,
  failures: { free: 5, windowSeconds: day, blockSeconds: minute, maxBlockSeconds: hour },
} as const satisfies { failures: FailureRule; [rule: string]: unknown }
