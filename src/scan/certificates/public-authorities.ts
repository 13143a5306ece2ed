import type { Certificate } from '../../identity/certificate.ts'

/**
 * Organizations that issue certificates to the public for the web: whoever controls any domain name gets one. By the
 * names in the roots that browsers trust (CCADB, 2026), and those that were trusted before.
 */
const organizations =
  /(?:internet security research group|isrg root|let'?s encrypt|digicert|globalsign|sectigo|comodo|usertrust|the usertrust network|godaddy|go daddy|starfield technologies|amazon root|amazon trust|google trust services|entrust|baltimore cybertrust|identrust|dst root ca|certum|unizeto|asseco data|swisssign|buypass|actalis|quovadis|t-systems|telesec|harica|hellenic academic|ssl\.com|ssl corporation|verisign|thawte|geotrust|rapidssl|symantec corporation|network solutions|trustwave|securetrust|certigna|dhimyotis|izenpe|microsec|netlock|disig|e-tugra|camerfirma|firmaprofesional|d-trust|trustcor|wisekey|oiste|zerossl|microsoft rsa root|microsoft ecc root|apple root|cloudflare, inc)/i

/** Whether it is an authority of the public web, root or intermediate. */
export function isPublicAuthority({ subjectText, basicConstraints }: Certificate): boolean {
  return basicConstraints?.isCa === true && organizations.test(subjectText)
}

/** Where systems and libraries keep the public roots. */
export function isPublicBundle(path: string): boolean {
  return (
    /(?:^|\/)(?:ca-certificates\.crt|ca-bundle\.(?:crt|trust\.crt)|tls-ca-bundle\.pem|cacert\.pem|certifi)$/.test(
      path,
    ) ||
    /^(?:\/etc\/ssl\/certs\/?|\/etc\/pki\/tls\/certs\/?|\/etc\/ssl\/cert\.pem|@system-ca|\/usr\/share\/ca-certificates\/?)$/.test(
      path,
    )
  )
}
