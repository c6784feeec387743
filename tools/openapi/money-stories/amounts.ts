/** Amounts that examples share, so that what is paid, earned and invoiced is of one piece. */

/** 110 minutes at 200.00 an hour, as the schema of a fare has it. */
export const fare = 36_667
/** The most that the same work may cost: what is authorized for it. */
export const mostFare = 60_000
/** Two packages of 2500.00, less 500.00, with 14 %. */
export const orderTotal = 513_000
/** A part of a contract of 2000.00. */
export const firstMilestone = 50_000
export const secondMilestone = 150_000
export const commissionBasisPoints = 1_500
