/** How long after its creation an offer can be accepted at most, however late the device acknowledged it: × the wave. */
export const hardDeadlineFactor = 4 / 3
