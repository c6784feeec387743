import { defineArea } from '../../../core/area.ts'

export const gateways = defineArea({
  name: 'gateways',
  tags: {
    Gateways: 'Payment gateways: their configurations, and what they tell us.',
  },
  routes: () => import('./routes.ts'),
  personalData: () => import('./personal-data.ts'),
  jobs: () => import('./jobs.ts'),
  scopes: {},
  permissions: {
    'gateways.read': {
      description: 'View payment gateways',
      heldBy: ['ops', 'finance'],
    },
    'gateways.manage': {
      description: 'Configure payment gateways',
      heldBy: ['finance'],
    },
  },
  problems: {
    gateway_unavailable: {
      status: 503,
      title: {
        en: 'The payment gateway does not answer',
        ar: 'بوابة الدفع لا تستجيب',
      },
      detail: {
        en: 'Your payment may have begun. Ask again in a moment: you will not pay twice.',
        ar: 'ربما بدأت عملية الدفع. أعد المحاولة بعد قليل: لن تدفع مرتين.',
      },
      cause:
        'The gateway did not answer in time, or not in words that are understood. What it did is asked for later.',
      remedy: 'Repeat the request with the same `Idempotency-Key`: the same attempt goes on.',
    },
    gateway_signature_invalid: {
      status: 401,
      title: {
        en: 'The signature is not the gateway’s',
        ar: 'التوقيع ليس توقيع البوابة',
      },
      detail: {
        en: 'No active configuration of this gateway signs like that.',
        ar: 'لا يوجد إعداد نشط لهذه البوابة يوقّع بهذا التوقيع.',
      },
      cause:
        'The body was changed on the way, the secret is another one, or the time of the signature is too old.',
      remedy:
        'Send the raw body with the signature that the gateway made of it; check the webhook secret of the configuration.',
    },
    gateway_cannot_serve: {
      status: 422,
      fields: ['currencies', 'methods'],
      title: {
        en: 'The gateway cannot serve that',
        ar: 'لا تستطيع بوابة الدفع تقديم ذلك',
      },
      detail: {
        en: 'It does not take {method} in {currency}.',
        ar: 'لا تقبل {method} بعملة {currency}.',
      },
      cause:
        'A configuration takes each of its methods in each of its currencies, and this gateway does not offer one of them.',
      remedy:
        'Leave it out, or make a configuration for each group of currencies that have the same methods.',
    },
    gateway_untested: {
      status: 409,
      title: {
        en: 'The gateway has not proved itself',
        ar: 'لم تُختبر البوابة',
      },
      detail: {
        en: 'Test the configuration within the hour before it is activated.',
        ar: 'اختبر الإعداد خلال الساعة التي تسبق تفعيله.',
      },
      cause: 'The last live call with these secrets failed, is older than an hour, or was never made.',
      remedy: 'Call `gatewayConfigs.test`, then activate.',
    },
  },
})
