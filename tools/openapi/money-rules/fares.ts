import { amountOf, differ, exceeds, isObject, type JsonObject, partOf, type Rules } from './parts.ts'

/** Deadlines that are open in each state; in others there are none. */
const deadlinesOf: Record<string, string[]> = {
  accepted: ['confirmation'],
  confirmed: ['visit', 'start'],
  in_progress: ['completion'],
  completed: ['acceptance', 'payment'],
}
const isBooking = (object: JsonObject): boolean => 'agreedRateAmount' in object && 'fare' in object
const isFare = (object: JsonObject): boolean => 'rateAmountMinor' in object && 'commission' in object
const isDone = (status: unknown): boolean => ['completed', 'disputed'].includes(String(status))

/** The price of an hour for some minutes. */
const priceOf = (rate: number, minutes: number): number => Math.round((rate * minutes) / 60)

/** Bookings with their fares and fees. */
export const fareRules: Rules = {
  'the rate of the fare is not the agreed one': (booking) =>
    isBooking(booking) &&
    isObject(booking.fare) &&
    (booking.fare.rateAmountMinor !== booking.agreedRateAmount ||
      booking.fare.minimumMinutes !== booking.agreedMinimumMinutes),
  'has a final fare before the work is completed, or an estimate after': (booking) =>
    isBooking(booking) &&
    isObject(booking.fare) &&
    ((booking.fare.final !== null) !== isDone(booking.status) ||
      (booking.fare.estimate === null) !== isDone(booking.status)),
  'has a fare though it is canceled': ({ fare, status, ...booking }) =>
    'agreedRateAmount' in booking && (status === 'canceled') !== (fare === null),
  'has deadlines of another state': ({ status, deadlines, ...booking }) =>
    'agreedRateAmount' in booking &&
    Array.isArray(deadlines) &&
    !deadlines.every(
      (deadline) => isObject(deadline) && deadlinesOf[String(status)]?.includes(String(deadline.kind)),
    ),
  'has no deadline, though its state has one': ({ status, deadlines, ...booking }) =>
    'agreedRateAmount' in booking &&
    Array.isArray(deadlines) &&
    deadlines.length === 0 &&
    String(status) in deadlinesOf,
  'the estimate is not the rate for its minutes': (fare) => {
    if (!isFare(fare) || fare.pricingModel !== 'hourly' || !isObject(fare.estimate)) return false
    const [rate, addons] = [Number(fare.rateAmountMinor), Number(fare.addonsAmountMinor)]
    const { leastAmountMinor, expectedAmountMinor, mostAmountMinor } = fare.estimate
    return (
      leastAmountMinor !== priceOf(rate, Number(fare.minimumMinutes)) + addons ||
      expectedAmountMinor !==
        priceOf(rate, Number(fare.agreedMinutes) - Number(fare.addonsMinutes)) + addons ||
      differ(mostAmountMinor as number, Number(fare.maximumAmountMinor) + addons) ||
      exceeds(expectedAmountMinor as number, mostAmountMinor as number)
    )
  },
  'the fare is not the rate for what was worked, with add-ons': (fare) => {
    if (!isFare(fare) || !isObject(fare.final)) return false
    const { billedMinutes, baseAmountMinor, amountMinor, rule } = fare.final
    return (
      amountMinor !== Number(baseAmountMinor) + Number(fare.addonsAmountMinor) ||
      (rule === 'time' && baseAmountMinor !== priceOf(Number(fare.rateAmountMinor), Number(billedMinutes)))
    )
  },
  'the commission is not its part of the fare': (fare) => {
    if (!isFare(fare) || !isObject(fare.commission)) return false
    const { amountMinor, basisPoints } = fare.commission
    return isObject(fare.final)
      ? amountMinor !== partOf(Number(fare.final.amountMinor), Number(basisPoints))
      : amountMinor !== null
  },
  'the fee is not its part of the expected fare': ({ feeAmountMinor, expectedFareMinor, basisPoints }) =>
    typeof feeAmountMinor === 'number' &&
    feeAmountMinor > 0 &&
    feeAmountMinor !== partOf(Number(expectedFareMinor), Number(basisPoints)),
  'a fee is due by nobody, or by somebody without a fee': ({ feeAmountMinor, payer }) =>
    typeof feeAmountMinor === 'number' && feeAmountMinor > 0 !== (payer !== null),
  'a price of a period keeps more than its fares': (period) =>
    exceeds(amountOf(period, 'commission'), amountOf(period, 'fare')),
}
