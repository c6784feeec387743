import type { Locale } from '../../../core/context.ts'

export const standingRules = ['rating', 'acceptance', 'cancellation', 'no_shows', 'upheld_reports'] as const
export type StandingRule = (typeof standingRules)[number]

/** Advice for a tasker on each rule. */
export const adviceOn: Record<StandingRule, Record<Locale, string>> = {
  rating: {
    en: 'Good reviews of your next bookings raise it. Answer reviews, and read which criteria were scored low.',
    ar: 'ترفعه التقييمات الجيدة لحجوزاتك القادمة. رُدّ على التقييمات، واطّلع على المعايير ذات الدرجات المنخفضة.',
  },
  acceptance: {
    en: 'Accept offers that fit. Narrow your area, categories or hours where offers do not fit you.',
    ar: 'اقبل العروض المناسبة لك. ضيّق منطقتك أو فئاتك أو ساعاتك إذا كانت العروض لا تناسبك.',
  },
  cancellation: {
    en: 'Keep the bookings that you have agreed to. Propose another time instead of canceling.',
    ar: 'التزم بالحجوزات التي وافقت عليها، واقترح موعدًا آخر بدل الإلغاء.',
  },
  no_shows: {
    en: 'Be there at the agreed time, and tell the client if you are late. It counts no more after the days of the window.',
    ar: 'احضر في الموعد المتفق عليه، وأبلغ العميل إن تأخرت. لا يُحسب بعد انقضاء أيام المدة.',
  },
  upheld_reports: {
    en: 'Read our rules of conduct. A report counts no more after the days of the window.',
    ar: 'اقرأ قواعد السلوك. لا يُحسب البلاغ بعد انقضاء أيام المدة.',
  },
}
