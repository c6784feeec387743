import { escapeHtml } from '../../src/core/html.ts'
import { htmlPage } from '../../src/http/page.ts'

const texts = {
  en: 'You can close this page and go back to the app. It shows whether your payment has arrived.',
  ar: 'يمكنك إغلاق هذه الصفحة والعودة إلى التطبيق. سيظهر فيه ما إذا كانت دفعتك قد وصلت.',
  ru: 'Эту страницу можно закрыть и вернуться в приложение. В нём видно, дошёл ли платёж.',
  ky: 'Бул баракты жаап, колдонмого кайтсаңыз болот. Төлөмүңүз келгени ошол жерде көрүнөт.',
  hi: 'आप यह पृष्ठ बंद करके ऐप पर वापस जा सकते हैं। ऐप में दिखेगा कि आपका भुगतान पहुँचा है या नहीं।',
}

/** Where a gateway sends payers whose app named no page of its own. It proves nothing, so it says nothing about the payment. */
export const returnPage = htmlPage(
  'Payment',
  Object.entries(texts)
    .map(([locale, text]) => `<p lang="${locale}" dir="auto">${escapeHtml(text)}</p>`)
    .join('\n'),
)
