import { describe, expect, it } from 'vitest'
import {
  fromMajorText,
  fromWireInteger,
  toMajorText,
  toWireInteger,
} from '../../../src/providers/payments/amounts.ts'
import { gatewayNames } from '../../../src/providers/payments/gateway.ts'

/** Decimals as a bank's printed list has them, and not as the tables under test do. */
const decimals = {
  EGP: 2,
  NGN: 2,
  KGS: 2,
  INR: 2,
  GHS: 2,
  USD: 2,
  JPY: 0,
  KRW: 0,
  UGX: 0,
  XOF: 0,
  ISK: 0,
  KWD: 3,
  TND: 3,
}

describe('an amount', () => {
  it.each([
    ['stripe', 'EGP', 25_000, 25_000],
    ['stripe', 'JPY', 500, 500],
    ['stripe', 'XOF', 500, 500],
    // Five shillings are 500, and five króna too: what they were before they lost their decimals.
    ['stripe', 'UGX', 5, 500],
    ['stripe', 'ISK', 5, 500],
    ['stripe', 'MGA', 500, 5],
    ['stripe', 'KWD', 5_120, 5_120],
    ['paystack', 'GHS', 25_000, 25_000],
    ['paystack', 'XOF', 500, 50_000],
    ['razorpay', 'INR', 50_000, 50_000],
  ] as const)('of %s in %s goes out and comes back', (gateway, currency, minor, wire) => {
    expect(toWireInteger(gateway, minor, currency)).toBe(wire)
    expect(fromWireInteger(gateway, wire, currency)).toBe(minor)
    expect(fromWireInteger(gateway, String(wire), currency.toLowerCase())).toBe(minor)
  })

  it.each([
    ['paypal', 'USD', 2_500, '25.00'],
    ['paypal', 'USD', 5, '0.05'],
    ['paypal', 'JPY', 500, '500'],
    ['paypal', 'HUF', 50_000, '500'],
    ['flutterwave', 'NGN', 550_000, '5500.00'],
    ['flutterwave', 'UGX', 5_500, '5500'],
    ['flutterwave', 'KWD', 5_125, '5.125'],
  ] as const)('of %s in %s is %i minor units or %s', (gateway, currency, minor, text) => {
    expect(toMajorText(gateway, minor, currency)).toBe(text)
    expect(fromMajorText(gateway, text, currency)).toBe(minor)
  })

  it.each([
    ['stripe', 'KWD', 5_124],
    ['stripe', 'MGA', 501],
  ] as const)('that %s has not in %s is refused, and never rounded', (gateway, currency, minor) => {
    expect(() => toWireInteger(gateway, minor, currency)).toThrow(
      expect.objectContaining({ outcome: 'refused', providerCode: 'amount_not_representable' }),
    )
  })

  it('with decimals that PayPal has not is refused', () => {
    expect(() => toMajorText('paypal', 500_50, 'HUF')).toThrow(
      expect.objectContaining({ outcome: 'refused' }),
    )
  })

  it('that is not understood leaves the outcome unknown', () => {
    const unknown = expect.objectContaining({ outcome: 'unknown' })
    for (const text of ['', '1e3', '1,00', ' 1', '0x1', 'NaN', '1.']) {
      expect(() => fromMajorText('paypal', text, 'USD')).toThrow(unknown)
      expect(() => fromWireInteger('stripe', text, 'USD')).toThrow(unknown)
    }
    expect(() => fromMajorText('paypal', '1.001', 'USD')).toThrow(unknown)
    expect(() => fromWireInteger('stripe', 501, 'UGX')).toThrow(unknown)
    expect(() => fromWireInteger('stripe', '1.5', 'USD')).toThrow(unknown)
  })

  it('of a fee is rounded half away from zero', () => {
    expect(fromMajorText('flutterwave', '26.875', 'NGN', 'nearest')).toBe(2_688)
    expect(fromMajorText('flutterwave', '26.874', 'NGN', 'nearest')).toBe(2_687)
    expect(fromMajorText('flutterwave', 26.875, 'NGN', 'nearest')).toBe(2_688)
    expect(fromMajorText('paypal', '-1.175', 'USD', 'nearest')).toBe(-118)
    expect(fromMajorText('paypal', '1.5', 'JPY', 'nearest')).toBe(2)
    expect(fromWireInteger('stripe', 14_530, 'UGX', 'nearest')).toBe(145)
    expect(fromWireInteger('stripe', 14_550, 'UGX', 'nearest')).toBe(146)
  })

  it('survives every gateway and every number of decimals, also where a double would not', () => {
    let seed = 20261128
    const next = () => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
      return seed
    }
    for (const gateway of gatewayNames) {
      for (const [currency, places] of Object.entries(decimals)) {
        for (let round = 0; round < 50; round++) {
          // Whole tens, which each of these has in every currency.
          const minor = ((next() * 2 ** 20 + next()) % 900_000_000_000_000) * 10
          const major = BigInt(minor)
          expect(fromWireInteger(gateway, toWireInteger(gateway, minor % 10 ** 12, currency), currency)).toBe(
            minor % 10 ** 12,
          )
          if (gateway !== 'paypal' && gateway !== 'flutterwave') continue
          const text = toMajorText(gateway, minor, currency)
          expect(fromMajorText(gateway, text, currency)).toBe(minor)
          const [whole, fraction = ''] = text.split('.')
          expect(BigInt(`${whole}${fraction.padEnd(places, '0')}`)).toBe(major)
        }
      }
    }
  })
})
