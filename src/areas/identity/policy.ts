const minute = 60
const hour = 60 * minute
const day = 24 * hour

export interface SendLimit {
  count: number
  perSeconds: number
}

/** Every number of signing in. A window slides: it ends now. */
export const otpPolicy = {
  digits: 6,
  codeSeconds: 5 * minute,
  /** In all, right ones included. The column has the same bound. */
  maxChecks: 5,
  /** After the first code of a run, the second, every further one; a run ends after a quiet while. */
  resendAfterSeconds: [30, 60, 120],
  resendRunSeconds: 10 * minute,
  limits: {
    phone: [
      { count: 5, perSeconds: hour },
      { count: 10, perSeconds: day },
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
