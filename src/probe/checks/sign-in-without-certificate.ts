import type { Check } from '../check.ts'

export const signInWithoutCertificate: Check = {
  id: 'sign-in-without-certificate',
  title: 'Strangers are shown a page to sign in',
  severity: 'note',
  cwe: 287,
  explanation: `Without a good certificate every path leads to a page to sign in with something else. The content is refused,
so the certificate is enforced for it; but there is a second way in, and it is as strong as that page.

**Fix.** If only clients with a certificate may come in, refuse everybody else before the app is reached.`,
  readAccess({ cells }) {
    const shown = cells.find((cell) => cell.isSignIn)
    if (!shown) return []
    return [
      {
        message: `${shown.arm.title}: ${shown.why}`,
        fix: 'refuse who has no certificate before the app is reached, or know that this page is a second way in',
        evidence: [`GET ${shown.route}: ${shown.why}`],
        identity: 'sign-in',
        ...(shown.exchange ? { request: shown.exchange.request, way: shown.exchange.way } : {}),
      },
    ]
  },
}
